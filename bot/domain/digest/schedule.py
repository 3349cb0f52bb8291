"""When a channel's digest comes: once on each local date, at a minute of the local day.

A minute that the clocks skip becomes the next one there is; of a minute that comes twice the first counts. A
date that a zone leaves out altogether has no digest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from itertools import count
from zoneinfo import ZoneInfo

MINUTES_A_DAY = 24 * 60
# Later than this is worth a word, and much later nobody is helped by this morning's news.
LATE_AFTER, TOO_LATE_AFTER = timedelta(minutes=5), timedelta(hours=3)
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A *minute* of the local day in an IANA *zone*, on *weekdays* only or every day."""

    minute: int
    zone: str
    weekdays: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """One digest: the local date it belongs to, and the moment at which it comes."""

    date: date
    at: datetime


class Punctuality(Enum):
    """What is still to be done about a digest that comes later than it should."""

    IN_TIME = auto()
    LATE = auto()
    TOO_LATE = auto()


def punctuality(due: datetime, now: datetime) -> Punctuality:
    """How late it is *now* for what was *due*."""
    if now - due > TOO_LATE_AFTER:
        return Punctuality.TOO_LATE
    return Punctuality.LATE if now - due > LATE_AFTER else Punctuality.IN_TIME


def next_slot(schedule: Schedule, now: datetime) -> Slot:
    """The first digest after *now*."""
    # A minute that is skipped at the end of a day comes on the next date, so we begin a day earlier.
    start = now.astimezone(ZoneInfo(schedule.zone)).date() - _DAY
    return next(slot for slot in _slots(schedule, start, _DAY) if slot.at > now)


def last_slot(schedule: Schedule, now: datetime) -> Slot:
    """The newest digest that was due by *now*."""
    start = now.astimezone(ZoneInfo(schedule.zone)).date() + _DAY
    return next(slot for slot in _slots(schedule, start, -_DAY) if slot.at <= now)


def _slots(schedule: Schedule, start: date, step: timedelta) -> Iterator[Slot]:
    """The digests from a date on, one way or the other."""
    zone = ZoneInfo(schedule.zone)
    for place in count():
        day = start + place * step
        if schedule.weekdays and day.weekday() >= _SATURDAY:
            continue
        if start_of(day, zone).astimezone(zone).date() == day:
            yield Slot(day, _first_from(datetime.combine(day, time()) + schedule.minute * _MINUTE, zone))


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local date; that of the next date where a zone leaves this one out."""
    return _first_from(datetime.combine(day, time()), zone)


def _first_from(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which clocks show *wall*, or the next minute that they show at all."""
    minutes = (wall + place * _MINUTE for place in range(2 * MINUTES_A_DAY))
    found = ((minute, minute.replace(tzinfo=zone).astimezone(UTC)) for minute in minutes)
    return next(at for minute, at in found if at.astimezone(zone).replace(tzinfo=None) == minute)
