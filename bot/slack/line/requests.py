"""What ``/incident`` can be asked to do, apart from what has a file of its own."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.ids import IncidentNumber, UserId
from bot.domain.incident import Severity
from bot.domain.prompts.quiet import Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Open an incident; without words a modal asks for them."""

    severity: Severity | None
    text: str


@dataclass(frozen=True, slots=True)
class List:
    """Show what is open."""


@dataclass(frozen=True, slots=True)
class Help:
    """Show what can be typed."""


@dataclass(frozen=True, slots=True)
class Show:
    """Show one chart."""

    number: IncidentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """Change the severity."""

    number: IncidentNumber
    severity: Severity
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """Name the lead; None is the speaker."""

    number: IncidentNumber
    lead: UserId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """Resolve an incident."""

    number: IncidentNumber
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """Open a resolved incident again."""

    number: IncidentNumber
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondOpinion:
    """Ask people apart from each other what it could be; *takes* is how long they have, if it is said."""

    number: IncidentNumber
    people: tuple[UserId, ...]
    takes: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompts:
    """Show what an incident asks; with *off* ask nothing, with *every* that often, with *on* as usual."""

    number: IncidentNumber
    off: bool = False
    on: bool = False
    every: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Show quiet hours, or set those of the speaker (*own*) or of everybody; *off* takes them away."""

    own: bool = False
    off: bool = False
    hours: Hours | None = None
