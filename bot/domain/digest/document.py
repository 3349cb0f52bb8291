"""The compiled digest: what a channel's ward round found, as it is stored and shown.

It is kept as JSON, so a field may be added with a default but never renamed; *version* tells who reads it
later which form it has.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, UserId
from bot.domain.incident import Phase, Severity
from bot.domain.signs.stability import Stability


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Place(_Part):
    """An incident by its number and title, and where its thread is; no *thread_ts* while it has none."""

    number: IncidentNumber
    title: str
    channel: ChannelId
    thread_ts: MessageTs | None


class Trend(StrEnum):
    """Where the early-warning score went."""

    UP = "up"
    SAME = "same"
    DOWN = "down"


class Leading(_Part):
    """The likeliest hypothesis."""

    letter: str
    statement: str
    p: float


class Running(_Part):
    """The intervention whose outcome is waited for, and when its window is over."""

    name: str
    target: str | None
    until: datetime


class Late(_Part):
    """Something that should have happened by *since*; *about* names what it is about, if anything."""

    what: str
    about: str = ""
    since: datetime


class Standing(_Part):
    """One open incident.

    *severity_before* is None unless the severity was changed since the day before; *score* and
    *score_before* are those of the vital signs, where any are known. *prompts* are questions that nobody
    has answered, *late* is everything else that is overdue. *unowned_since* is set where nobody leads, or
    whose lead has been off shift since then.
    """

    place: Place
    severity: Severity
    severity_before: Severity | None
    stability: Stability
    score: int | None
    score_before: int | None
    phase: Phase
    lead: UserId | None
    leading: Leading | None
    must_not_miss: tuple[str, ...]
    running: Running | None
    owes_revert: str | None
    reverted: tuple[str, ...]
    late: tuple[Late, ...]
    prompts: tuple[Late, ...]
    opened_at: datetime
    changed_at: datetime
    unowned_since: datetime | None = None

    @property
    def trend(self) -> Trend | None:
        """Whether the score is higher or lower than it was; None where one of them is not known."""
        if self.score is None or self.score_before is None:
            return None
        if self.score == self.score_before:
            return Trend.SAME
        return Trend.UP if self.score > self.score_before else Trend.DOWN


class Settled(_Part):
    """One incident that was resolved since the day before."""

    place: Place
    cause: str
    opened_at: datetime
    resolved_at: datetime


class HandedOver(_Part):
    """A handoff that nobody has accepted yet."""

    place: Place
    giver: UserId
    receiver: UserId
    since: datetime


class Day(_Part):
    """One local date: how many were open at its end, and how many were opened and resolved on it."""

    date: date
    open: int
    opened: int
    resolved: int


class Trends(_Part):
    """The last two weeks, a *day* each, how long things took in them, and how well was handed over.

    *score* is the median of the *handoffs* that were accepted, of 100.
    """

    days: tuple[Day, ...] = ()
    differential: timedelta | None = None
    differentials: int = 0
    resolution: timedelta | None = None
    resolutions: int = 0
    score: float | None = None
    handoffs: int = 0

    @property
    def empty(self) -> bool:
        """Whether nothing was open in all that time, so that there is nothing to draw."""
        return not any(day.open or day.opened or day.resolved for day in self.days)


class Calibration(_Part):
    """Over so many *closed* incidents: the mean Brier score, and in how many the likeliest was right."""

    closed: int
    brier: float
    first: int


class Digest(_Part):
    """What one channel is told *at* a moment; *due_at* is None where somebody asked for it.

    *late* says that it comes later than it should, and *unread* how many open incidents were only counted,
    because somebody waited for it. *address* is the workspace's, for links, and *names* are
    those of the people in it.
    """

    version: Literal[1] = 1
    channel: ChannelId
    address: str
    zone: str
    date: date
    at: datetime
    since: datetime
    due_at: datetime | None
    late: bool
    standing: tuple[Standing, ...]
    unread: int = 0
    handoffs: tuple[HandedOver, ...] = ()
    resolved: tuple[Settled, ...]
    trends: Trends
    calibration: Calibration | None = None
    names: Mapping[UserId, str]


DIGEST: TypeAdapter[Digest] = TypeAdapter(Digest)
