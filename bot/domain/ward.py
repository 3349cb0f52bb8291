"""What an incident's card shows: the incident, and the newest of what was logged."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.chart import Entry, Kind
from bot.domain.ids import UserId
from bot.domain.incident import Incident, Phase, Severity

# Kinds the card lists, in the order in which a doctor would read them.
SHOWN_KINDS = (
    Kind.HYPOTHESIS,
    Kind.TEST,
    Kind.RESULT,
    Kind.INTERVENTION,
    Kind.OUTCOME,
    Kind.VITAL,
    Kind.ACTION,
    Kind.CONTINGENCY,
    Kind.NOTE,
    Kind.HANDOFF,
)
SHOWN_EACH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """An incident as its card shows it; *recent* is the newest first, and *names* are those of people."""

    incident: Incident
    phase: Phase
    first_severity: Severity
    recent: tuple[Entry, ...]
    names: Mapping[UserId, str]
