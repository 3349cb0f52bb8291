"""What the readers of ``/incident`` share: blanks and quotation marks, and which incident is meant."""

import re

from bot.domain.chart import INVISIBLE
from bot.domain.errors import NotUnderstood
from bot.domain.ids import IncidentNumber
from bot.slack.line.forms import USAGE

_NUMBER = re.compile(r"\s*(?:inc\s*[-–—_#\s]?\s*|#)?(\d{1,9})(?!\w)[\s:,]*", re.IGNORECASE)
BLANK = " \t\r\n" + INVISIBLE
QUOTES = "\"'“”‘’«»„‹›"
# Which marks may close what one has opened; phones and languages differ.
_CLOSING = {
    '"': '"',
    "'": "'",
    "“": "”",
    "”": "”",
    "„": "“”",
    "‘": "’",
    "’": "’",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
}


def bare(text: str) -> str:
    """The text without blanks around it and without quotation marks, where one pair encloses all of it.

    A mark that belongs to a part of the text ("x" is null) is what somebody means to say.
    """
    text = text.strip(BLANK)
    closing = _CLOSING.get(text[:1], "")
    inner = text[1:-1]
    enclosed = len(text) > 1 and text[-1] in closing and not any(mark in inner for mark in text[0] + closing)
    return inner.strip(BLANK) if enclosed else text


def names_incident(rest: str) -> bool:
    """Whether an incident is named where most words take one."""
    return _NUMBER.match(rest) is not None


def numbered(rest: str, verb: str) -> tuple[IncidentNumber, str]:
    """Which incident is meant, and what is said of it.

    Raises:
        NotUnderstood: No incident is named; it shows how the *verb* is used.
    """
    found = _NUMBER.match(rest)
    if not found:
        raise NotUnderstood(f"“{verb}” needs to know which incident.", USAGE[verb])
    return IncidentNumber(int(found[1])), bare(rest[found.end() :])
