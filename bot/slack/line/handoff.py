"""What people type after ``/incident handoff``, read forgivingly into a request."""

import re
from dataclasses import dataclass

from bot.domain.errors import NotUnderstood
from bot.domain.heard import MENTION, mentioned
from bot.domain.ids import IncidentNumber, UserId
from bot.slack.line.forms import USAGE

_NUMBERS = re.compile(r"(?:inc\s*[-–—_#\s]?\s*|#)?(\d{1,9})(?!\w)", re.IGNORECASE)
_FILLERS = re.compile(r"\b(?:to|all|everything|mine|please|and|incidents?)\b|[,;:&+.]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Hand incidents over to a *receiver*; without *numbers* all that the speaker leads."""

    receiver: UserId
    numbers: tuple[IncidentNumber, ...] = ()


def read_handoff(rest: str) -> HandOver:
    """Who is to take over, and what; name and numbers in any order.

    Raises:
        NotUnderstood: It names nobody or several people, or what it names is no incident.
    """
    people = mentioned(rest)
    if len(people) != 1:
        problem = "A handoff needs to know who takes over." if not people else "A handoff has one receiver."
        raise NotUnderstood(problem, f"{USAGE['handoff']}, picked from the list")
    left = MENTION.sub(" ", rest)
    numbers = tuple(dict.fromkeys(IncidentNumber(int(found)) for found in _NUMBERS.findall(left)))
    rubbish = " ".join(_FILLERS.sub(" ", _NUMBERS.sub(" ", left)).split())
    if rubbish:
        raise NotUnderstood(f"“{rubbish[:40]}” is no incident.", USAGE["handoff"])
    return HandOver(receiver=people[0], numbers=numbers)
