"""How the report says moments, spans of time and people."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.domain.export.markdown import escaped

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def moment(at: datetime) -> str:
    """A moment to the minute; the report says once that it is in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def lasted(span: timedelta) -> str:
    """A length of time, rounded down to what matters in it."""
    if span < _HOUR:
        return f"{span // _MINUTE} min"
    if span < _DAY:
        return f"{span // _HOUR} h {span % _HOUR // _MINUTE:02} min"
    return f"{span // _DAY} d {span % _DAY // _HOUR} h"


def person(who: str, names: Mapping[str, str]) -> str:
    """Somebody by name."""
    return escaped(names.get(who, who))


def ended_by(by: str, names: Mapping[str, str]) -> str:
    """What ruled a hypothesis out: a test by its name, or somebody's word."""
    return person(by[1:], names) if by.startswith("@") else escaped(by)
