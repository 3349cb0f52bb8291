"""What people type after ``/incident stats``, read forgivingly into a request."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from bot.domain.errors import NotUnderstood
from bot.domain.terms import read_span
from bot.slack.line.forms import USAGE

USUAL = timedelta(days=30)
# Older than this is nothing that anybody compares with.
LONGEST = timedelta(days=3660)
_DATE = re.compile(r"(20\d{2})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_LONG = re.compile(
    r"(\d{1,4})?\s*(d|w|m|q|y|days?|weeks?|months?|quarters?|years?)?", re.IGNORECASE | re.ASCII
)
_DAYS: Mapping[str, int] = MappingProxyType({"d": 1, "w": 7, "m": 30, "q": 91, "y": 365})
# What people say between the words that count.
_FILLING = frozenset({"since", "for", "of", "in", "over", "from", "the", "a", "last", "past", "this", "me"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowStats:
    """Show how incidents went: over that long, or *since* a date."""

    span: timedelta = USUAL
    since: date | None = None


def read_stats(rest: str) -> ShowStats:
    """What period the words ask for; without any it is 30 days, and a bare number is days.

    Raises:
        NotUnderstood: They name no period, or one that is longer than anybody remembers.
    """
    words = [word for word in rest.casefold().replace(",", " ").split() if word not in _FILLING]
    text = " ".join(words).strip(" .;:")
    if not text:
        return ShowStats()
    found = _DATE.fullmatch(text)
    if found:
        return ShowStats(since=_date(found))
    span = _span(text)
    if not span:
        raise NotUnderstood(f"“{rest.strip()[:40]}” is no period that I know.", _example())
    if span > LONGEST:
        raise NotUnderstood("That is longer ago than ten years.", _example())
    return ShowStats(span=span)


def _date(found: re.Match[str]) -> date:
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError as error:
        raise NotUnderstood(f"There is no {found[0]} in the calendar.", _example()) from error


def _span(text: str) -> timedelta | None:
    """A length of time, in days, weeks, months, quarters or years, or else as it is said everywhere."""
    found = _LONG.fullmatch(text)
    if not found:
        return read_span(text)
    return timedelta(days=int(found[1] or 1) * _DAYS[(found[2] or "d")[0]])


def _example() -> str:
    return f"{USAGE['stats']}, for instance `stats 2w`"
