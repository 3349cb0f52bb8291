"""An action: something that one person has promised to do."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import UserId
from bot.domain.terms import written_moment

PREFIX = "TD"


def action_name(number: int) -> str:
    """What people call the action of that number, for instance "TD1"."""
    return f"{PREFIX}{number}"


def action_number(name: str) -> int:
    """The number of the action that has this name."""
    return int(name.removeprefix(PREFIX))


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What is to be done, by whom and by when. It is done when somebody has said how they know.

    *by* is who wrote it down, and *words* are how one knows. Without *due* nobody can be late.
    """

    number: int
    text: str
    owner: UserId
    by: UserId
    at: datetime
    due: datetime | None = None
    done_at: datetime | None = None
    done_by: UserId | None = None
    words: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return action_name(self.number)

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None

    def late(self, now: datetime) -> bool:
        """Whether it should have been done by now."""
        return self.open and self.due is not None and self.due <= now


def told(before: Action | None, now: Action) -> str:
    """What people have to know of an action that was another *before*; "" where nothing has changed.

    A moment stands in it as `written_moment` writes it, to be shown in the reader's own zone.
    """
    if before == now:
        return ""
    if not now.open:
        return f"{now.name} is done: {now.words}"
    due = f", due {written_moment(now.due)}" if now.due else ", with no time"
    again = " is open again" if before and not before.open else ""
    return f"{now.name}{again} for @{now.owner}{due}: {now.text}"
