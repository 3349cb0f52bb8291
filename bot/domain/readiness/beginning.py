"""When it began, as people say it: "02:40", "40m ago", "yesterday 23:10", "2026-11-23 02:40".

A time of day is the author's, and the last one that clocks showed; it is never one that is still to come.
"""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.doing.when import WEEKDAYS, Due, due_at_the_start, instants, zone_named
from bot.domain.errors import NotUnderstood
from bot.domain.terms import read_span

EXAMPLE = "`onset: 02:40`, `onset: 40m ago`, `onset: yesterday 23:10` or `onset: 2026-11-23 02:40`"
YESTERDAY = "yesterday"
# A time of day that comes within the hour is rather a slip, or another clock, than nearly a day ago.
SOON = timedelta(hours=1)
# Longer ago than this is a slip of the finger.
LONGEST = timedelta(days=3653)
_DAY = timedelta(days=1)
_WORDS = re.compile(
    r"(?:(?:since|from|at|on|around|about|approx\.?|ca\.?|~)\s*)+(?=[\s0-9a-z])", re.IGNORECASE | re.ASCII
)
_HALF = re.compile(r"(?:half\s+an|half\s+of\s+an)\s+hour\b", re.IGNORECASE)
_ONE = re.compile(r"\ban?\s+(?=hour|minute|day)", re.IGNORECASE)
_AGO = re.compile(r"(?P<span>[0-9][0-9a-z\s]*?)\s+(?:ago|before)\b", re.IGNORECASE | re.ASCII)
_YESTERDAY = re.compile(r"yesterday(?:\s+at)?[\s,]+", re.IGNORECASE)
_DAY_LAST = re.compile(r"[\s,]*(yesterday|today)\b", re.IGNORECASE)
_NOW = re.compile(r"(?:just\s+)?now\b", re.IGNORECASE)


def read_beginning(text: str) -> Due:
    """When something began: a *span* ago, or on a *day*, which may be "yesterday", at a *clock* time.

    Words behind it are left alone.

    Raises:
        NotUnderstood: It names no time.
    """
    line = " ".join(text.split())
    line = _ONE.sub("1 ", _HALF.sub("30 min", _WORDS.sub("", line, count=1) if _WORDS.match(line) else line))
    found = _ago(line) or _at_a_time(line)
    if found is None:
        raise NotUnderstood("That does not say when it began.", EXAMPLE)
    return found


def _ago(line: str) -> Due | None:
    if _NOW.match(line):
        return Due(span=timedelta())
    found = _AGO.match(line)
    span = read_span(found["span"]) if found else None
    return Due(span=span) if span and span <= LONGEST else None


def _at_a_time(line: str) -> Due | None:
    before = _YESTERDAY.match(line)
    said = line[before.end() :] if before else line
    timed = due_at_the_start(said) or due_at_the_start(f"at {said}")
    if timed is None or timed[1].clock is None:
        return None
    rest, due = timed
    if before:
        return replace(due, day=YESTERDAY) if due.day is None else None
    behind = _DAY_LAST.match(rest)
    return replace(due, day=behind[1].casefold()) if behind and due.day is None else due


def moment_since(began: Due, said_at: datetime, zone: str | None) -> datetime | None:
    """The moment that is meant by what was said at *said_at* in a *zone*, in UTC where that is unknown.

    None where it is still to come, or so soon that yesterday is not likely to be meant.
    """
    if began.span is not None:
        return _whole(said_at - began.span)
    if began.clock is None:
        return None
    here = zone_named(began.zone) or zone_named(zone) or ZoneInfo("UTC")
    today = said_at.astimezone(here).date()
    first, step = _last_day(began.day, today)
    days = [first] if not step else [first - place * step for place in (0, 1)]
    moments = [each for day in days for each in instants(datetime.combine(day, began.clock), here)]
    if began.day is None and any(said_at < each <= said_at + SOON for each in moments):
        return None
    return max((each for each in moments if each <= said_at), default=None)


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _last_day(day: str | date | None, today: date) -> tuple[date, timedelta]:
    """The last day that can be meant, and how many days before it is the next if it was not yet."""
    if isinstance(day, date):
        return day, timedelta()
    if day in WEEKDAYS:
        return today - timedelta(days=(today.weekday() - WEEKDAYS.index(day)) % 7), 7 * _DAY
    if day is None:
        return today, _DAY
    return today + _DAY * {"tomorrow": 1, YESTERDAY: -1}.get(day, 0), timedelta()
