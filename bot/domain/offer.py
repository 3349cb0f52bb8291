"""An offer: a button that mends in one tap what was refused or is missing."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict


class Offer(BaseModel):
    """A button: what it says, and what it does as a word and its details, such as "ended:A1:worked"."""

    model_config = ConfigDict(frozen=True)

    label: str
    does: str


def unique(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """Each offer once, in order: a message cannot hold two buttons that do the same."""
    return tuple({offer.does: offer for offer in offers}.values())
