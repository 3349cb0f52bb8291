"""Quiet hours: when a person, or a whole workspace, does not want to be asked."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.digest.ordering import read_zone
from bot.domain.doing.when import instants
from bot.domain.errors import NotUnderstood

DAY = 24 * 60
_TIME = r"([01]?[0-9]|2[0-4])(?:[:.h]([0-5][0-9])|h)?"
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
    pairs = ((found[1], found[2]), (found[3], found[4])) if found else ()
    minutes = [int(hour) * 60 + int(minute or 0) for hour, minute in pairs]
    if not found or max(minutes) > DAY:
        raise NotUnderstood(f"“{text.strip()[:40]}” are no hours.", EXAMPLE)
    starts, ends = (each % DAY for each in minutes)
    if starts == ends:
        raise NotUnderstood("Quiet hours end at another time than they begin.", EXAMPLE)
    return Hours(starts=starts, ends=ends, zone=read_zone(found[5]) if found[5] else None)


def heard_from(quiet: QuietHours | None, at: datetime) -> datetime:
    """*at*, or the end of the quiet hours that it falls into."""
    if quiet is None:
        return at
    zone = ZoneInfo(quiet.zone)
    local = at.astimezone(zone)
    now = local.hour * 60 + local.minute
    inside = (now - quiet.starts) % DAY < (quiet.ends - quiet.starts) % DAY
    if not inside:
        return at
    day = local.date() + timedelta(days=1 if quiet.ends <= now else 0)
    # A minute that the clock skips ends the quiet with the next one, and one that comes twice with its first.
    return max(instants(datetime.combine(day, time(quiet.ends // 60, quiet.ends % 60)), zone)[0], at)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
