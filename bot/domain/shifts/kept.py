"""A roster as it is kept: where it is read from, who said so, and what is wrong with it."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.ids import ChannelId, TeamId, UserId
from bot.domain.shifts.roster import Roster
from bot.domain.shifts.rotation import Rotation


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where it is read from who is on duty, and who said so.

    A *calendar* is an address, which is a secret: only its *label* is ever shown. A calendar that was a file
    has only the label. *zone* is that of the rotation, or of times in a calendar that name none.
    """

    zone: str
    set_by: UserId
    set_in: ChannelId
    set_at: datetime
    rotation: Rotation | None = None
    group_id: str | None = None
    group_handle: str | None = None
    calendar: str | None = field(default=None, repr=False)
    label: str | None = None

    @property
    def refreshed(self) -> bool:
        """Whether it changes by itself, so that it has to be read again and again."""
        return bool(self.group_id or self.calendar)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A calendar that somebody wants to be followed, and that has not been read yet."""

    address: str = field(repr=False)
    by: UserId
    channel: ChannelId
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A roster as it is stored: *unknown* are names of its calendar that nobody here has."""

    team: TeamId
    place: ChannelId
    source: Source
    roster: Roster
    turn_at: datetime | None
    warned_for: datetime | None
    refresh_at: datetime | None
    refreshed_at: datetime | None
    problem: str | None
    problem_since: datetime | None
    unknown: tuple[str, ...]
    wanted: Wanted | None
