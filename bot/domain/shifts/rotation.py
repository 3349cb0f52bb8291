"""A rotation: people who are on duty one after the other, each for the same length of time by the wall clock.

A changeover is at the same local time all year, so a shift in which the clocks change is an hour longer or
shorter. A changeover that the clocks skip is at the next minute there is; of one that comes twice the first
counts.

A rotation on weekdays leaves Saturdays and Sundays out, as on-call tools do: nobody is on duty, and nobody's
turn is used up. Such a day begins at the changeover: with one at 09:00, Friday's shift lasts until Saturday
09:00, and the next begins on Monday 09:00.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import count
from zoneinfo import ZoneInfo

from bot.domain.doing.when import instants
from bot.domain.ids import UserId

DAY, WEEK = timedelta(days=1), timedelta(days=7)
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=84)
_SATURDAY = 5
_WORKED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """*people* in turn, from the local time *first* in *zone* (an IANA name) on, each for *length*.

    On *weekdays* only, a length is whole days, or goes into a day without rest.
    """

    people: tuple[UserId, ...]
    length: timedelta
    first: datetime
    zone: str
    weekdays: bool = False

    def __post_init__(self) -> None:
        """Refuse what makes no rotation.

        Raises:
            ValueError: There is nobody in it, or its length makes no shifts.
        """
        if not self.people or not SHORTEST <= self.length <= LONGEST or self.first.tzinfo:
            raise ValueError(f"{self} is no rotation")
        if self.weekdays and self.length % DAY and DAY % self.length:
            raise ValueError(f"shifts of {self.length} do not fill days")


@dataclass(frozen=True, slots=True)
class Turn:
    """An uninterrupted part of the turn with that number; it is a shift of its own."""

    number: int
    person: UserId
    starts_at: datetime
    ends_at: datetime


def turns(rotation: Rotation, start: datetime, end: datetime) -> Iterator[Turn]:
    """The turns, whole, that have a part between two moments; in order, none before the rotation began."""
    zone = ZoneInfo(rotation.zone)

    @lru_cache(maxsize=1)
    def moment(local: datetime) -> datetime:
        return instants(local, zone)[0]

    for number, begins, ends in _slots(rotation, start.astimezone(zone).replace(tzinfo=None)):
        starts_at, ends_at = moment(begins), moment(ends)
        if starts_at >= end:
            return
        if ends_at > start and starts_at < ends_at:
            yield Turn(number, rotation.people[number % len(rotation.people)], starts_at, ends_at)


def _slots(rotation: Rotation, near: datetime) -> Iterator[tuple[int, datetime, datetime]]:
    """The turns by the wall clock, from some time before *near* on."""
    first, length = rotation.first, rotation.length
    if rotation.weekdays:
        yield from _on_weekdays(rotation, near)
        return
    for number in count(max((near - first) // length - 1, 0)):
        yield number, first + number * length, first + (number + 1) * length


def _on_weekdays(rotation: Rotation, near: datetime) -> Iterator[tuple[int, datetime, datetime]]:
    first, length = rotation.first, rotation.length
    days = max(length // DAY, 1)
    begun: tuple[int, datetime, datetime] | None = None
    for place in count(max((near - first) // DAY - days - 3, 0)):
        today = first + place * DAY
        for number, begins, ends in _of_day(rotation, place, today):
            if begun and begun[0] == number and begun[2] == begins:
                begun = (number, begun[1], ends)
            else:
                if begun:
                    yield begun
                begun = (number, begins, ends)


def _of_day(rotation: Rotation, place: int, today: datetime) -> Iterator[tuple[int, datetime, datetime]]:
    """What a rotation on weekdays has on the day that begins *today*, its *place*-th."""
    if today.weekday() >= _SATURDAY:
        return
    length, worked = rotation.length, worked_days(rotation.first.date(), place)
    if length < DAY:
        a_day = DAY // length
        for part in range(a_day):
            yield worked * a_day + part, today + part * length, today + (part + 1) * length
    elif length % WEEK:
        yield worked // (length // DAY), today, today + DAY
    else:
        yield place // (length // DAY), today, today + DAY


def worked_days(first: date, days: int) -> int:
    """How many of so many *days*, from the *first* on, are no Saturdays and no Sundays."""
    weeks, rest = divmod(days, 7)
    return weeks * _WORKED + sum((first.weekday() + place) % 7 < _SATURDAY for place in range(rest))
