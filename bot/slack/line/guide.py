"""What people type after ``/incident guide`` and ``/incident checklist``, read into requests."""

from dataclasses import dataclass

from bot.domain.ids import IncidentNumber
from bot.slack.line.words import numbered


@dataclass(frozen=True, slots=True)
class Guide:
    """Show a page of the guide, the one that a *topic* is nearest to; without one the first."""

    topic: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """Post the debugging checklist into an incident's thread."""

    number: IncidentNumber


def read_guide(rest: str) -> Guide:
    """Any words are a topic."""
    return Guide(rest)


def read_checklist(rest: str) -> Checklist:
    """Which incident's.

    Raises:
        NotUnderstood: No incident is named.
    """
    return Checklist(numbered(rest, "checklist")[0])
