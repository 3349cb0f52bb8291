"""How often an incident is looked at, by severity: one table, and nothing else.

The minutes are a transfer from emergency medicine, to be tuned on how prompts are answered. Owner's
acknowledgement: the Manchester Triage System's longest waits (its 0 became 5). Re-evaluation: SEV n takes
the reassessment interval of level n+1 of the Canadian Triage and Acuity Scale, which names such minutes.
Polls: the ratios of the National Early Warning Score (NEWS2, Royal College of Physicians), compressed.
Status updates: published practice of incident teams. First differential and forced handoff: ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from bot.domain.incident import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """What is due how soon; None is what this severity does without."""

    owner_ack: timedelta
    poll: timedelta
    reevaluation: timedelta | None
    first_differential: timedelta | None
    first_status_update: timedelta | None
    status_update: timedelta | None
    forced_handoff: timedelta | None


CADENCE: Mapping[Severity, Cadence] = MappingProxyType(
    {
        Severity.SEV1: Cadence(
            owner_ack=timedelta(minutes=5),
            poll=timedelta(minutes=1),
            reevaluation=timedelta(minutes=15),
            first_differential=timedelta(minutes=15),
            first_status_update=timedelta(minutes=15),
            status_update=timedelta(minutes=30),
            forced_handoff=timedelta(hours=4),
        ),
        Severity.SEV2: Cadence(
            owner_ack=timedelta(minutes=10),
            poll=timedelta(minutes=5),
            reevaluation=timedelta(minutes=30),
            first_differential=timedelta(minutes=30),
            first_status_update=timedelta(minutes=60),
            status_update=timedelta(minutes=60),
            forced_handoff=timedelta(hours=8),
        ),
        Severity.SEV3: Cadence(
            owner_ack=timedelta(minutes=60),
            poll=timedelta(minutes=15),
            reevaluation=timedelta(minutes=60),
            first_differential=timedelta(minutes=60),
            first_status_update=timedelta(minutes=240),
            status_update=timedelta(minutes=240),
            forced_handoff=timedelta(hours=12),
        ),
        Severity.SEV4: Cadence(
            owner_ack=timedelta(minutes=120),
            poll=timedelta(minutes=60),
            reevaluation=timedelta(minutes=120),
            first_differential=timedelta(minutes=120),
            first_status_update=timedelta(minutes=1440),
            status_update=timedelta(minutes=1440),
            forced_handoff=timedelta(hours=24),
        ),
        # The daily digest looks after these.
        Severity.SEV5: Cadence(
            owner_ack=timedelta(minutes=240),
            poll=timedelta(minutes=720),
            reevaluation=None,
            first_differential=None,
            first_status_update=None,
            status_update=None,
            forced_handoff=None,
        ),
    }
)
