"""What people type to set a rotation, or to say who takes single hours, read forgivingly.

Times are by the wall clock of whoever says them, unless a zone is named.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.digest.ordering import read_zone
from bot.domain.doing.when import Due, due_at_the_start, instants, moment_of
from bot.domain.errors import NotUnderstood
from bot.domain.shifts.rotation import DAY, LONGEST, SHORTEST, WEEK
from bot.domain.terms import read_span

ROTATION = (
    "`/incident shift @ana @ben daily at 09:00 Europe/Berlin`, `weekly Mon 09:00` or `every 12h at 08:00`"
)
HOURS = (
    "`/incident shift @ben for @ana tomorrow 09:00-17:00`, `@ben until 18:00` or `@ben from 14:00 to 16:00`"
)
# Where no time of day is said.
MORNING = time(9)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_NAME = (
    r"mon(?:day)?s?|tue(?:s(?:day)?)?s?|wed(?:nesday)?s?|thu(?:r(?:s(?:day)?)?)?s?|fri(?:day)?s?"
    r"|sat(?:urday)?s?|sun(?:day)?s?"
)
_WEEKDAYS = re.compile(
    r"\b(?:on\s+)?(?:week|work(?:ing)?[\s-]*)days?(?:\s+only)?\b"
    r"|\bmon(?:day)?s?\s*(?:-|–|to|through)\s*fri(?:day)?s?\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    rf"\b(?:from|starting|start|beginning|begins?|as of)(?:\s+on)?\s+"
    rf"(?P<day>today|tomorrow|{_DAY_NAME}|20\d\d-\d\d-\d\d)(?![\w-])",
    re.IGNORECASE,
)
_CADENCE = re.compile(
    r"\b(?:(?P<daily>daily|nightly|each\s+day)|(?P<weekly>weekly|each\s+week)|(?P<fortnight>fortnightly|biweekly)"
    r"|every\s+(?:(?P<other>other|second|2nd)\s+)?(?:(?P<weeks>\d+\s*)?(?P<week>w(?:ee)?ks?|w)"
    r"|(?P<span>\d+\s*(?:d(?:ays?)?|h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?)(?:\s*\d+\s*m(?:in(?:ute)?s?)?)?)"
    rf"|(?P<unit>day|night|hour)|(?P<on>{_DAY_NAME})))(?!\w)",
    re.IGNORECASE,
)
_ON = re.compile(rf"\b(?:on\s+)?(?P<on>{_DAY_NAME})(?!\w)", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?:\bat\s+)?(?<![\w:.+\-/])(?:(?P<hour>[01]?\d|2[0-3])(?:[:.h](?P<minute>[0-5]\d))?h?\s*(?P<half>[ap])?(?(half)\.?m\b\.?)"
    r"|(?P<named>noon|midday|midnight))(?![\w:])",
    re.IGNORECASE,
)
_FILLING = re.compile(
    r"(?<![\w/])(?:at|on|in|and|then|shifts?|rotation|rotate|the|with|for)(?![\w/])|[,;&+()]"
)
_MOST = timedelta(days=92)


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationWish:
    """How long each is on duty and when duty changes; *on* is a day of the week, *begins* any day."""

    length: timedelta
    clock: time = MORNING
    on: int | None = None
    begins: Due | None = None
    zone: str | None = None
    weekdays: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursWish:
    """From when until when, as it was said; without a start from now on, without an end a whole day."""

    start: Due | None
    end: Due | None
    zone: str | None = None


def asks_for_rotation(text: str) -> bool:
    """Whether the words order shifts that come again and again."""
    if _CADENCE.search(_WEEKDAYS.sub(" ", text)) or _EVERY_WEEKDAY.search(text):
        return True
    # Weekdays alone come again and again, unless hours are said with them; "Mon to Fri" may be one week.
    return bool(_WORKDAYS.search(text)) and not _RANGE.search(_BEGINS.sub(" ", text))


_WORKDAYS = re.compile(r"\b(?:week|work(?:ing)?[\s-]*)days?\b", re.IGNORECASE)
_RANGE = re.compile(r"\d\s*(?:[ap]\.?m\.?)?\s*(?:–|—|-|to|until|till)\s*\d|\b(?:until|till)\b", re.IGNORECASE)
_EVERY_WEEKDAY = re.compile(r"\b(?:every|each)\s+(?:week|work)day\b", re.IGNORECASE)


def read_rotation(text: str) -> RotationWish:
    """What an order says, once the people are taken out of it.

    Raises:
        NotUnderstood: It says no length that makes shifts, or names a zone that nobody knows.
    """
    left, every_weekday = _EVERY_WEEKDAY.subn(" daily ", text)
    left, weekdays = _WEEKDAYS.subn(" ", left)
    begins, left = _taken(_BEGINS, left)
    if weekdays and not _CADENCE.search(left):
        left = f"daily {left}"
    cadence, left = _taken(_CADENCE, left)
    if cadence is None:
        raise NotUnderstood("How long is a shift?", ROTATION)
    length = _length(cadence)
    on, left = (cadence, left) if cadence["on"] else _taken(_ON, left)
    clock, left = _taken(_CLOCK, left)
    place = " ".join(_FILLING.sub(" ", left).split())
    if re.match(r"\d", place):
        raise NotUnderstood(f"“{place[:40]}” is no time of day.", ROTATION)
    if (weekdays or every_weekday) and length % DAY and DAY % length:
        raise NotUnderstood("On weekdays, shifts last whole days, or go into a day without rest.", ROTATION)
    return RotationWish(
        length=length,
        clock=_clock(clock) if clock else MORNING,
        on=_DAYS.index(on["on"][:3].casefold()) if on else None,
        begins=_day(begins["day"]) if begins else None,
        zone=read_zone(place) if place else None,
        weekdays=bool(weekdays or every_weekday),
    )


def _taken(pattern: re.Pattern[str], text: str) -> tuple[re.Match[str] | None, str]:
    """What a pattern finds, and the text without it."""
    found = pattern.search(text)
    return (found, f"{text[: found.start()]} {text[found.end() :]}") if found else (None, text)


def _length(found: re.Match[str]) -> timedelta:
    if found["daily"] or found["unit"]:
        unit = timedelta(hours=1) if (found["unit"] or "").casefold() == "hour" else DAY
        length = unit * (2 if found["other"] else 1)
    elif found["span"]:
        length = read_span(found["span"]) or timedelta()
    else:
        twice = bool(found["fortnight"] or found["other"])
        length = WEEK * (2 if twice else min(int(found["weeks"] or 1), 99))
    if not SHORTEST <= length <= LONGEST:
        raise NotUnderstood("A shift lasts from an hour to twelve weeks.", ROTATION)
    return length


def _clock(found: re.Match[str]) -> time:
    if found["named"]:
        return time(0 if found["named"].casefold() == "midnight" else 12)
    hour, half = int(found["hour"]), (found["half"] or "").casefold()
    if half and hour <= 12:  # noqa: PLR2004 - a clock has twelve hours.
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(found["minute"] or 0))


def _day(said: str) -> Due:
    found = due_at_the_start(f"on {said[:3] if said[:3].casefold() in _DAYS else said}")
    if not found or found[0]:
        raise NotUnderstood(f"“{said}” is no day.", ROTATION)
    return found[1]


def first_changeover(wish: RotationWish, now: datetime, zone: str) -> datetime:
    """When a rotation begins by the clocks of a *zone*: on the day that was said, else as if it were running.

    So whoever is named first is on duty at once, or at a weekend as soon as anybody is.
    """
    here = ZoneInfo(zone)
    if wish.begins:
        day = moment_of(Due(day=wish.begins.day, clock=time(12)), now, zone).astimezone(here).date()
        ahead = 0 if wish.on is None else (wish.on - day.weekday()) % 7
        return datetime.combine(day + ahead * DAY, wish.clock)
    today = datetime.combine(now.astimezone(here).date(), wish.clock)
    weekly = wish.length % WEEK == timedelta()
    on = (0 if weekly else None) if wish.on is None else wish.on
    first = today if on is None else today - (today.weekday() - on) % 7 * DAY
    step = DAY if on is None else WEEK
    first = first if instants(first, here)[0] <= now else first - step
    over = (
        weekly and wish.weekdays and now.astimezone(here).replace(tzinfo=None) >= first + _worked_week(first)
    )
    return first + wish.length if over else first


def _worked_week(first: datetime) -> timedelta:
    """How long it is from a changeover until the weekend that follows it, at the same time of the day."""
    return (5 - first.weekday()) % 7 * DAY


def read_hours_wish(text: str) -> HoursWish:
    """From when until when somebody is on duty.

    Raises:
        NotUnderstood: It says no time.
    """
    said = " ".join(text.split()).strip(" ,;:.")
    # The dashes of a date are none between two times.
    parts = _TO.split(re.sub(r"(20\d\d)-(\d\d)-(\d\d)", r"\1_\2_\3", said), maxsplit=1)
    first, last = [*(part.replace("_", "-") if "20" in part else part for part in parts), ""][:2]
    first = re.sub(r"^(?:from|on|at|starting)\s+", "", first.strip(), flags=re.IGNORECASE)
    span = re.fullmatch(r"(?:for\s+|the\s+)?(?:next\s+)?(.+)", first, re.IGNORECASE)
    if not last and span and (lasts := read_span(span[1])):
        return HoursWish(start=None, end=Due(span=lasts))
    if len(parts) > 1:
        start = None if first.casefold() in {"", "now"} else _time(first, text)
        end = _time(last.strip(), text)
        return HoursWish(start=start, end=end, zone=end.zone or (start.zone if start else None))
    start = _time(first, text)
    if start.clock:
        raise NotUnderstood(f"Until when? “{said[:60]}” says only when it begins.", HOURS)
    return HoursWish(start=start, end=None, zone=start.zone)


_TO = re.compile(r"\s*(?:–|—|-|\b(?:to|until|till|through)\b)\s*", re.IGNORECASE)


def _time(said: str, whole: str) -> Due:
    said = re.sub(r"(?<!\S)\d{1,2}$", r"\g<0>:00", said.replace(".", ":"))
    found = due_at_the_start(f"at {said}")
    if not said or not found or found[0] or found[1].span:
        raise NotUnderstood(f"“{whole.strip()[:60]}” says no hours.", HOURS)
    return found[1]


def hours_of(wish: HoursWish, now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The moments that are meant by what is said *now* in a *zone*; what is over is left out.

    Raises:
        NotUnderstood: They are over, or too long, or end before they begin.
    """
    zone = wish.zone or zone
    here = ZoneInfo(zone)
    start = _begun(wish.start, now, zone) if wish.start else now
    if wish.end is None:
        day = start.astimezone(here).date()
        ends = instants(datetime.combine(day + DAY, time()), here)[0]
    elif wish.end.day and not wish.end.clock:
        # A day that is named without a time belongs to it as a whole.
        ends = _begun(wish.end, max(start, now), zone)
        ends = instants(datetime.combine(ends.astimezone(here).date() + DAY, time()), here)[0]
    elif wish.end.span or not wish.start or wish.end.day:
        ends = moment_of(wish.end, max(start, now) if wish.end.day else now, zone)
    else:
        ends = _same_day(start, wish.end.clock or MORNING, here)
        if ends <= now and wish.start.day is None:
            start, ends = (
                instants(at.astimezone(here).replace(tzinfo=None) + DAY, here)[0] for at in (start, ends)
            )
    start = max(start, now)
    if ends <= start:
        raise NotUnderstood("Those hours are over.", HOURS)
    if ends - start > _MOST:
        raise NotUnderstood("That is more than three months.", HOURS)
    return start, ends


def _begun(start: Due, now: datetime, zone: str) -> datetime:
    """When it begins; a time of day alone is today's, and a day alone begins at midnight."""
    here = ZoneInfo(zone)
    if start.day is None:
        return instants(datetime.combine(now.astimezone(here).date(), start.clock or time()), here)[0]
    noon = moment_of(Due(day=start.day, clock=start.clock or time(23, 59)), now, zone).astimezone(here)
    return instants(datetime.combine(noon.date(), start.clock or time()), here)[0]


def _same_day(start: datetime, clock: time, here: ZoneInfo) -> datetime:
    """The next time the clocks show *clock*, on the day it begins or in the night after."""
    day = start.astimezone(here).date()
    ends = instants(datetime.combine(day, clock), here)[0]
    return ends if ends > start else instants(datetime.combine(day + DAY, clock), here)[0]
