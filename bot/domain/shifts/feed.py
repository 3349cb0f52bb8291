"""An iCalendar feed, as on-call tools export it: who is on duty when, by the names that stand in it.

A feed that cannot be read whole is not read at all, so that half of one never takes the place of the last
good one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.domain.doing.when import instants, zone_named

if TYPE_CHECKING:
    from icalendar import Calendar

# So many shifts are none that people work.
MOST = 3000
_EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
_DUTY = re.compile(
    r"\b(?:is\s+)?on[\s\-]?(?:call|duty)\b|\b(?:shift|primary|oncall|rotation|schedule)\b", re.IGNORECASE
)
_NOT_FIRST = re.compile(r"\b(?:secondary|backup|back-up|shadow)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\s[-–—]\s|[:|,;()\[\]/]")
# What the libraries raise for calendars that are none, or that contradict themselves.
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError, ArithmeticError)


class BadFeed(Exception):
    """A calendar that cannot be used; its text says why, in words for whoever set it, without its address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Somebody is on duty: by these addresses, or by one of these names; *label* is how people read it."""

    emails: tuple[str, ...]
    names: tuple[str, ...]
    label: str
    starts_at: datetime
    ends_at: datetime


def read_feed(content: bytes, zone: str, start: datetime, end: datetime) -> list[Event]:
    """The shifts of a calendar between two moments; times without a zone are in its own, or else in *zone*.

    Raises:
        BadFeed: It is no calendar, or a broken one, or has no shifts in that time.
    """
    # Half a second of import, for those who have a calendar.
    import recurring_ical_events  # noqa: PLC0415 - see above.
    from icalendar import Calendar  # noqa: PLC0415 - see above.

    if content.lstrip()[:1] == b"<":
        raise BadFeed("it is a web page, and no calendar")
    try:
        calendar = Calendar.from_ical(content)
        if not any(True for _ in calendar.walk("VEVENT")):
            raise BadFeed("it has no events")
        if any(_too_often(each) for each in calendar.walk("VEVENT")):
            raise BadFeed("it has shifts that come every few minutes")
        here = _own_zone(calendar) or ZoneInfo(zone)
        found = recurring_ical_events.of(calendar).between(start, end)
        events = [event for each in found for event in _event(each, here)]
    except _BROKEN as error:
        raise BadFeed("it cannot be read as a calendar") from error
    if not events:
        raise BadFeed("it has no shifts in the next weeks")
    if len(events) > MOST:
        raise BadFeed(f"it has more than {MOST} shifts")
    return sorted(events, key=lambda each: (each.starts_at, each.label))


def _too_often(event: Any) -> bool:  # noqa: ANN401 - a component of icalendar's.
    """Whether it would make millions of shifts."""
    rules = (rule.get("FREQ") or [] for rule in _listed(event.get("RRULE")))
    return any(str(freq).upper() in {"SECONDLY", "MINUTELY"} for found in rules for freq in _listed(found))


def _own_zone(calendar: "Calendar") -> ZoneInfo | None:
    return zone_named(str(calendar.get("X-WR-TIMEZONE") or "") or None)


def _event(event: Any, here: ZoneInfo) -> Iterator[Event]:  # noqa: ANN401 - as above.
    summary = " ".join(str(event.get("SUMMARY") or "").split())
    if str(event.get("STATUS") or "").upper() == "CANCELLED" or _NOT_FIRST.search(summary):
        return
    starts_at, ends_at = _moment(event.start, here), _moment(event.end, here)
    if starts_at >= ends_at:
        return
    attendees = [*_listed(event.get("ATTENDEE"))]
    organisers = [*_listed(event.get("ORGANIZER"))]
    emails = [*map(_email, attendees), *_EMAIL.findall(summary), *map(_email, organisers)]
    names = [*map(_called, attendees), *_names(summary)]
    label = next((name for name in names if name), summary) or "an event without a title"
    yield Event(
        emails=tuple(dict.fromkeys(email.casefold() for email in emails if email)),
        names=tuple(dict.fromkeys(name for name in names if name)),
        label=label[:60],
        starts_at=starts_at,
        ends_at=ends_at,
    )


def _listed(found: Any) -> Iterable[Any]:  # noqa: ANN401 - as above.
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def _email(address: Any) -> str:  # noqa: ANN401 - as above.
    found = _EMAIL.search(str(address))
    return found[0] if found else ""


def _called(address: Any) -> str:  # noqa: ANN401 - as above.
    name = str(getattr(address, "params", {}).get("CN") or "").strip(" \"'")
    return "" if "@" in name else name


def _names(summary: str) -> list[str]:
    """What may be a name in "On call: Ana Ruiz" or "ana - Primary"."""
    parts = (" ".join(_DUTY.sub(" ", part).split()).lstrip("@") for part in _BETWEEN.split(summary))
    return [part for part in parts if part and not _EMAIL.fullmatch(part)]


def _moment(found: date, here: ZoneInfo) -> datetime:
    """The moment that a calendar means; a whole day begins at midnight."""
    if not isinstance(found, datetime):
        return instants(datetime.combine(found, time()), here)[0]
    return found.astimezone(UTC) if found.tzinfo else instants(found, here)[0]
