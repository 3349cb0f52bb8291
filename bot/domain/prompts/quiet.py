"""Quiet hours: when a person, or a whole workspace, does not want to be asked."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.digest.ordering import read_zone
from bot.domain.doing.when import instants
from bot.domain.errors import NotUnderstood

DAY = 24 * 60
_A_DAY = timedelta(days=1)
_TIME = r"([01]?[0-9]|2[0-4])(?:[:.h]([0-5][0-9])|h)?(?:\s*([ap])\.?m\.?)?"
_SPAN = re.compile(
    rf"\s*(?:from\s+)?{_TIME}\s*(?:-|–|—|to|until)\s*{_TIME}(?:\s+(?:in\s+)?(\S.*))?", re.IGNORECASE
)
EXAMPLE = "`22:00-07:00`"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From *starts* to *ends*, in minutes of the local day in *zone* (an IANA name); past midnight too."""

    starts: int
    ends: int
    zone: str

    def __str__(self) -> str:
        """The hours as people write them."""
        return f"{_clock(self.starts)}-{_clock(self.ends)} {self.zone}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Quiet hours as they were typed, in minutes of the day; *zone* is None where none was named."""

    starts: int
    ends: int
    zone: str | None = None


def read_hours(text: str) -> Hours:
    """Quiet hours such as "22:00-07:00" or "22-7 Europe/Berlin".

    Raises:
        NotUnderstood: It is no span of a day, or an empty one, or the zone is none.
    """
    found = _SPAN.fullmatch(text.strip())
    times = (found.group(1, 2, 3), found.group(4, 5, 6)) if found else ()
    minutes = [_minutes(*each) for each in times]
    if not found or max(minutes) > DAY:
        raise NotUnderstood(f"“{text.strip()[:40]}” are no hours.", EXAMPLE)
    starts, ends = (each % DAY for each in minutes)
    if starts == ends:
        raise NotUnderstood("Quiet hours end at another time than they begin.", EXAMPLE)
    return Hours(starts=starts, ends=ends, zone=read_zone(found[7]) if found[7] else None)


def _minutes(hour: str, minute: str | None, half: str | None) -> int:
    """A time of day in minutes; what no clock shows ("13pm") is more than a day has."""
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half in "pP" else 0) if 1 <= hours <= 12 else 2 * DAY  # noqa: PLR2004 - half a day.
    return hours * 60 + int(minute or 0)


def heard_from(quiet: QuietHours | None, at: datetime) -> datetime:
    """*at*, or the end of the quiet hours that it falls into."""
    if quiet is None:
        return at
    zone = ZoneInfo(quiet.zone)
    today = at.astimezone(zone).date()
    for day in (today - _A_DAY, today):
        # A minute that the clock skips counts as the next one, one that comes twice as its first.
        begins, ends = instants(_at(day, quiet.starts), zone)[0], instants(_end(quiet, day), zone)[0]
        if begins <= at < ends:
            return ends
    return at


def _end(quiet: QuietHours, day: date) -> datetime:
    """When the hours that begin on a day end, by its clocks."""
    return _at(day if quiet.starts < quiet.ends else day + _A_DAY, quiet.ends)


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
