"""What people type to order a digest, such as `here at 09:00 Europe/Berlin weekdays`, read forgivingly."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

from bot.domain.errors import NotUnderstood

EXAMPLE = "`/incident digest here at 09:00 Europe/Berlin weekdays`"
_WEEKDAYS = re.compile(
    r"\b(?:(?:on\s+)?(?:week|work(?:ing)?\s*)days?(?:\s+only)?|mon(?:day)?s?\s*(?:-|–|to|through)\s*fri(?:day)?s?)\b",
    re.IGNORECASE,
)
_ONE_DAY = re.compile(
    r"(?<![\w/])(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?|weekends?)(?![\w/])",
    re.IGNORECASE,
)
# Words around the time that change nothing. "in" and "at" may come again before the zone.
_FILLING = re.compile(
    r"(?<![\w/])(?:here|at|every|each|day|days|daily|in|on|o'clock|the|time)(?![\w/])|[@,;()]", re.IGNORECASE
)
_TIME = re.compile(
    r"(?<![\w+:.\-])(?:(?P<named>noon|midday|midnight)|(?P<hour>\d{1,2})(?:\s*[:.h]\s*(?P<minute>\d{2})|(?P<joined>\d{2}))?)"
    r"(?:\s*h)?\s*(?P<half>[ap])?(?(half)\.?m\.?)(?![\w:.])",
    re.IGNORECASE,
)
_NAMED = {"noon": 720, "midday": 720, "midnight": 0}
# What the zone database holds beside places and UTC.
_NO_PLACES = frozenset({"Factory", "localtime"})
_SHOWN = 3
# What people call zones that have no such name: offsets and letters say nothing of summer time, places do.
_CALLED = {
    "pst pdt pt": "America/Los_Angeles",
    "mdt mt": "America/Denver",
    "cdt ct": "America/Chicago",
    "edt et": "America/New_York",
    "bst": "Europe/London",
    "cest mez mesz": "Europe/Berlin",
    "ist": "Asia/Kolkata",
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    "sgt": "Asia/Singapore",
    "aest aedt": "Australia/Sydney",
}
_OFFSET = re.compile(r"[+\-]\d")
_EXAMPLES = ("Europe/Berlin", "America/New_York", "UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestWish:
    """When somebody wants a digest; *zone* is None where they name none."""

    minute: int
    zone: str | None
    weekdays: bool


def read_wish(text: str) -> DigestWish:
    """What an order says.

    Raises:
        NotUnderstood: It names no time of day, or a zone that nobody knows.
    """
    left, weekdays = _WEEKDAYS.subn(" ", text)
    day = _ONE_DAY.search(left)
    if day:
        raise NotUnderstood(
            f"A digest comes every day or on all weekdays, not on “{day[0]}” alone.",
            "`/incident digest here at 09:00 weekdays`",
        )
    found = _TIME.search(left)
    if found is None:
        raise NotUnderstood("A digest needs a time of day.", EXAMPLE)
    minute = _minute(found)
    place = " ".join(_FILLING.sub(" ", left[: found.start()] + " " + left[found.end() :]).split())
    return DigestWish(minute=minute, zone=read_zone(place) if place else None, weekdays=weekdays > 0)


def _minute(found: re.Match[str]) -> int:
    if found["named"]:
        return _NAMED[found["named"].casefold()]
    hour, minute = int(found["hour"]), int(found["minute"] or found["joined"] or 0)
    half = (found["half"] or "").casefold()
    if half and 1 <= hour <= 12:  # noqa: PLR2004 - hours of half a day.
        hour = hour % 12 + (12 if half == "p" else 0)
    elif half:
        hour = 24
    if hour > 23 or minute > 59:  # noqa: PLR2004 - hours of a day, minutes of an hour.
        raise NotUnderstood(f"“{found[0].strip()}” is no time of day.", EXAMPLE)
    return hour * 60 + minute


def read_zone(text: str) -> str:
    """The IANA name of a zone, from the name in any case or from its city alone.

    Raises:
        NotUnderstood: There is none; it names the nearest ones.
    """
    wanted, known = _folded(text), _zones()
    if wanted in known:
        return known[wanted]
    # "GMT+2" alone would find "Etc/GMT+2", which lies the other way from Greenwich than people mean.
    places = {folded: name for folded, name in known.items() if not folded.startswith("etc/")}
    in_city = sorted(name for folded, name in places.items() if folded.rsplit("/", 1)[-1] == wanted)
    if len(in_city) == 1:
        return in_city[0]
    nearest = in_city or _nearest(wanted)
    raise NotUnderstood(
        f"“{text[:60]}” is no time zone I know.", ", ".join(f"`{name}`" for name in nearest[:_SHOWN])
    )


def _folded(text: str) -> str:
    return re.sub(r"[\s_]+", "_", text.strip(" `'\"“”.:")).casefold()


@cache
def _zones() -> dict[str, str]:
    """The names of all zones, by how we compare them. A zone that is removed stays until we start anew."""
    return {_folded(name): name for name in sorted(available_timezones() - _NO_PLACES)}


def _nearest(wanted: str) -> list[str]:
    """The names that may be meant by *wanted*, or look most like it; else some that explain the form."""
    called = next((name for letters, name in _CALLED.items() if wanted in letters.split()), None)
    if called or _OFFSET.search(wanted):
        return [called] if called else [*_EXAMPLES]
    known = _zones()
    cities = {folded.rsplit("/", 1)[-1]: name for folded, name in known.items() if "/" in folded}
    alike = [cities[each] for each in get_close_matches(wanted.rsplit("/", 1)[-1], cities, cutoff=0.7)]
    alike += [known[each] for each in get_close_matches(wanted, known)]
    return list(dict.fromkeys(name for name in alike if not name.startswith("Etc/"))) or [*_EXAMPLES]
