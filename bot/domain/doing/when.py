"""When something is due, as people say it: "by 18:00", "in 2h", "by tomorrow 9:00", "by Mon 9am".

A time of day belongs to a zone: the one that is named with it, or else the author's. Where clocks go forward,
a time that is skipped means the next minute that exists; one that comes twice means the first still to come.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, count
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.terms import read_span, written_span

# What a day without an hour means: most offices are closed by then.
END_OF_DAY = time(18)
EXAMPLES = "`by 18:00`, `in 2h`, `by tomorrow 9:00`, `by Mon 9:00` or `by 2026-11-24 18:00`"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK = timedelta(days=7)
_DAY = (
    r"today|tomorrow|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?|20[0-9]{2}-[0-9]{2}-[0-9]{2}"
)
_CLOCK = (
    r"(?P<hour>[01]?[0-9]|2[0-3])(?:[:h](?P<minute>[0-5][0-9])(?::(?P<second>[0-5][0-9]))?"
    r"(?:\s?(?P<half>am|pm))?|\s?(?P<sharp>am|pm))|(?P<noon>noon)"
)
_AREAS = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc|US"
_ZONE = rf"utc|gmt|z|(?-i:(?:{_AREAS})(?:/[A-Za-z0-9_+\-]+)+)"
_SPAN = r"(?:[0-9]+\s?(?:d(?:ays?)?|h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?![a-z])\s?)+"
_WHEN = (
    rf"(?:in|within)\s+(?P<span>{_SPAN})"
    r"|(?:(?P<by>by|before|until|till|at|on|due(?:\s+(?:by|at|on))?)\s+)?"
    rf"(?:(?P<day>{_DAY})(?:\s*,\s*|\s+|t(?=[0-9])|(?=[,;:]|$))(?:at\s+)?)?"
    rf"(?P<clock>{_CLOCK})?(?:\s?(?P<zone>{_ZONE}))?"
)
# Nothing but letters of our own: a Turkish dotless i would make a word that is none.
_PHRASE = re.compile(_WHEN, re.IGNORECASE | re.ASCII)
_WORD = re.compile(r"(?:^|(?<=[\s,;]))[^\s,;]")
# No time is said in more words than "in 1 d 2 h 3 min 4 s".
MOST_WORDS = 10
_AT_THE_START = re.compile(rf"(?:{_WHEN})(?=$|[\s,;:])", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When something is due, as it was said: after a *span*, or on a *day* at a *clock* time, or one of them.

    A day is "today", "tomorrow", the first letters of a weekday, or a date.
    """

    span: timedelta | None = None
    day: str | date | None = None
    clock: time | None = None
    zone: str | None = None

    @property
    def local(self) -> bool:
        """Whether it can only be read with its author's zone."""
        return self.span is None and self.zone is None


def due_at_the_end(text: str) -> tuple[str, Due] | None:
    """What stands before the time at the end of *text*, and that time."""
    for word in [*_WORD.finditer(text)][-MOST_WORDS:]:
        found = _PHRASE.fullmatch(text, word.start())
        due = _due(found) if found else None
        if due:
            return text[: word.start()], due
    return None


def due_at_the_start(text: str) -> tuple[str, Due] | None:
    """What stands behind the time at the start of *text*, and that time."""
    found = _AT_THE_START.match(text)
    due = _due(found) if found else None
    return (text[found.end() :].lstrip(" :"), due) if found and due else None


def _due(found: re.Match[str]) -> Due | None:
    """The time that was found; None where it is none after all, such as the 31st of February."""
    if found["span"]:
        span = read_span(found["span"])
        return Due(span=span) if span else None
    clock, day = _clock(found) if found["clock"] else None, found["day"]
    # Without a preposition only a day with its hour can be nothing else.
    if not (day and clock) and not (found["by"] and (day or clock)):
        return None
    zone = found["zone"] and ("UTC" if len(found["zone"]) <= len("utc") else found["zone"])
    try:
        known = _day(day) if day else None
    except ValueError:
        return None
    return None if zone and zone_named(zone) is None else Due(day=known, clock=clock, zone=zone)


def _clock(found: re.Match[str]) -> time:
    if found["noon"]:
        return time(12)
    hour, half = int(found["hour"]), (found["half"] or found["sharp"] or "").casefold()
    if half and hour <= 12:  # noqa: PLR2004 - a clock has twelve hours.
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, int(found["minute"] or 0), int(found["second"] or 0))


def _day(said: str) -> str | date:
    """The day that was named.

    Raises:
        ValueError: There is no such date.
    """
    if said[0].isdigit():
        return date.fromisoformat(said)
    name = said.casefold()
    return name if name in {"today", "tomorrow"} else name[:3]


def written_due(due: Due) -> str:
    """The words that are read back as the very same time."""
    if due.span:
        return f"in {written_span(due.span)}"
    day = due.day.isoformat() if isinstance(due.day, date) else due.day
    clock = due.clock and due.clock.strftime("%H:%M:%S" if due.clock.second else "%H:%M")
    return " ".join(["by", *(part for part in (day, clock, due.zone) if part)])


def zone_named(name: str | None) -> ZoneInfo | None:
    """The zone of that IANA name; None where nobody knows it."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def moment_of(due: Due, said_at: datetime, zone: str | None) -> datetime:
    """The moment that is meant by what was said at *said_at* in a *zone*, in UTC where that is unknown.

    A time of day alone, or on a weekday, is always one that is still to come.
    """
    if due.span:
        return (said_at + due.span).replace(microsecond=0)
    here = zone_named(due.zone) or zone_named(zone) or ZoneInfo("UTC")
    clock = due.clock or END_OF_DAY
    first, step = _first_day(due.day, said_at.astimezone(here).date())
    days = (first + place * step for place in count())
    moments = (moment for day in days for moment in instants(datetime.combine(day, clock), here))
    return next(moment for moment in moments if moment > said_at or not step)


def _first_day(day: str | date | None, today: date) -> tuple[date, timedelta]:
    """The first day that can be meant, and how many days later it comes again if it is over then."""
    if isinstance(day, date):
        return day, timedelta()
    if day in WEEKDAYS:
        return today + timedelta(days=(WEEKDAYS.index(day) - today.weekday()) % 7), _WEEK
    if day is None:
        return today, timedelta(days=1)
    return today + timedelta(days=int(day == "tomorrow")), timedelta()


def instants(local: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The moments at which clocks of a zone show that time: one or two; for none, that of the next minute."""
    later = (local.replace(second=0) + timedelta(minutes=minutes) for minutes in count(1))
    return next(found for shown in chain([local], later) if (found := _showing(shown, zone)))


def _showing(local: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    moments = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    real = (each for each in moments if each.astimezone(zone).replace(tzinfo=None) == local)
    return tuple(dict.fromkeys(real))
