"""What a receiver has read back, as it is stored: their own words, what they picked, how well it agreed."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from bot.domain.ids import UserId


class Picked(BaseModel):
    """The ids of the options somebody picked; see `reading_back.Quiz`."""

    model_config = ConfigDict(frozen=True)

    severity: str | None = None
    leading: str | None = None
    actions: frozenset[str] = frozenset()
    contingencies: frozenset[str] = frozenset()


class ReadBack(BaseModel):
    """What *by* has read back in *words*. *f1* says how well what was *picked* agrees with the document.

    *confirmed_by* is the giver, where they confirmed by word of mouth what did not agree.
    """

    model_config = ConfigDict(frozen=True)

    version: Literal[1] = 1
    by: UserId
    words: str
    picked: Picked = Picked()
    f1: float
    sent_at: datetime
    accepted_at: datetime | None = None
    confirmed_by: UserId | None = None


READ_BACK: TypeAdapter[ReadBack] = TypeAdapter(ReadBack)
