"""The small terms that end a reply, such as "60% impact 3 assumes dtype", in any order and each at most once.

Reading is from the end, so that a statement may hold anything before them.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from bot.domain.errors import NotUnderstood

# What comes after a word that is an answer by itself ("no", "works: …") and does not begin a sentence.
ALONE = r"(?:\s*(?:[:;,]|[.!\-–—](?=\s|$))\s*|$)"
# What stands between terms; people write commas, semicolons or nothing.
_BETWEEN = " ,;"
_SPAN = re.compile(
    r"(?:(?P<days>[0-9]+)\s*d(?:ays?)?)?\s*(?:(?P<hours>[0-9]+)\s*h(?:ours?|rs?)?)?\s*"
    r"(?:(?P<minutes>[0-9]+)\s*(?:m|min|mins|minutes?))?\s*(?:(?P<seconds>[0-9]+)\s*s(?:ec(?:ond)?s?)?)?",
    re.IGNORECASE,
)
_UNITS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))
_QUOTED = re.compile(r"[\"“](?P<inside>.*)[\"”]")
# More days than this is a slip of the finger, and no date could hold it.
_MOST_DIGITS = 6


def split_terms(text: str, patterns: Mapping[str, re.Pattern[str]]) -> tuple[str, dict[str, str]]:
    """What comes before the terms at the end of *text*, and each term found, by its name.

    A pattern's first group is the term's value, and a term never takes the whole of the text. Commas and
    semicolons at the end belong to nothing.
    """
    rest, found = " ".join(text.split()).rstrip(_BETWEEN), dict[str, str]()
    while True:
        left = {name: pattern for name, pattern in patterns.items() if name not in found}
        hit = next(
            ((name, match) for name, match in _hits(rest, left) if rest[: match.start()].strip()), None
        )
        if hit is None:
            return rest, found
        name, match = hit
        found[name] = match[1].strip()
        rest = rest[: match.start()].rstrip(_BETWEEN)


def _hits(text: str, patterns: Mapping[str, re.Pattern[str]]) -> Iterable[tuple[str, re.Match[str]]]:
    for name, pattern in patterns.items():
        match = pattern.search(text)
        if match:
            yield name, match


def shortest(value: object, forms: Iterable[str], read: Callable[[str], object]) -> str:
    """The first of *forms* that is read back as the very same value; the last one says everything."""
    form = ""
    for form in forms:
        try:
            if read(form) == value:
                return form
        except NotUnderstood:
            continue
    return form


def read_span(text: str) -> timedelta | None:
    """A length of time such as "10m", "1h30m" or "90 s"; None for what is none, or is nothing long."""
    found = _SPAN.fullmatch(text.strip())
    if not found or any(len(digits) > _MOST_DIGITS for digits in found.groupdict("").values()):
        return None
    span = timedelta(**{unit: int(digits) for unit, digits in found.groupdict("0").items()})
    return span or None


def written_span(span: timedelta) -> str:
    """The same, as it is typed: "1h30m"."""
    left = int(span.total_seconds())
    parts = []
    for seconds, unit in _UNITS:
        amount, left = divmod(left, seconds)
        if amount:
            parts.append(f"{amount}{unit}")
    return "".join(parts) or "0m"


def written_moment(at: datetime) -> str:
    """A moment such as "2026-11-24T18:00Z", for words of ours: whoever shows them shows the reader's time."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M}Z"


def unquoted(text: str) -> str:
    """The text without the quotes around all of it."""
    found = _QUOTED.fullmatch(text)
    return found["inside"].strip() if found else text
