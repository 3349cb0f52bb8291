"""The cadence table."""

import pytest

from bot.domain.cadence import CADENCE
from bot.domain.incident import Severity

MINUTES = {
    "owner_ack": (5, 10, 60, 120, 240),
    "poll": (1, 5, 15, 60, 720),
    "reevaluation": (15, 30, 60, 120, None),
    "first_differential": (15, 30, 60, 120, None),
    "first_status_update": (15, 60, 240, 1440, None),
    "status_update": (30, 60, 240, 1440, None),
    "forced_handoff": (240, 480, 720, 1440, None),
}


@pytest.mark.parametrize("what", MINUTES)
def test_every_severity_has_the_minutes_of_the_table(what: str) -> None:
    spans = [getattr(CADENCE[severity], what) for severity in Severity]

    assert tuple(span and span.total_seconds() / 60 for span in spans) == MINUTES[what]
