"""A contingency: what is done if something happens, and by whom."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import UserId

PREFIX = "IF"


def contingency_name(number: int) -> str:
    """What people call the contingency of that number, for instance "IF1"."""
    return f"{PREFIX}{number}"


def contingency_number(name: str) -> int:
    """The number of the contingency that has this name."""
    return int(name.removeprefix(PREFIX))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contingency:
    """What to do when something happens: *then* is done by the *owner*.

    *about* holds the letters of the hypotheses it belongs to, and *by* is who wrote it down. Each time it
    happens the last time is kept in *triggered_at*. Once it is revoked it no longer holds.
    """

    number: int
    when: str
    then: str
    owner: UserId | None
    about: tuple[str, ...]
    by: UserId
    at: datetime
    triggered_at: datetime | None = None
    triggered_by: UserId | None = None
    triggered_words: str = ""
    revoked_at: datetime | None = None
    revoked_by: UserId | None = None
    revoked_words: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return contingency_name(self.number)

    @property
    def holds(self) -> bool:
        """Whether one is still to act by it."""
        return self.revoked_at is None

    @property
    def sentence(self) -> str:
        """What is to be done when, in one line."""
        return f"if {self.when}, then {self.then}"


def told(before: Contingency | None, now: Contingency) -> str:
    """What people have to know of a contingency that was another *before*; "" where nothing has changed."""
    if before == now:
        return ""
    if not now.holds and (before is None or before.holds):
        return f"{now.name} no longer holds: {now.revoked_words}"
    if now.triggered_at and (before is None or before.triggered_at != now.triggered_at):
        words = f": {now.triggered_words}" if now.triggered_words else ""
        return f"{now.name} has happened{words}. Now @{now.owner}: {now.then}"
    again = " holds again" if before and not before.holds else ""
    about = f" (for {', '.join(now.about)})" if now.about else ""
    return f"{now.name}{again} for @{now.owner}: {now.sentence}{about}"
