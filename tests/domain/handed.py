"""An incident of which everything is known, and its handoff: all 85 points, from which a test takes away."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from bot.domain.chart import Entry
from bot.domain.handoff.case import Case
from bot.domain.handoff.compiling import compile_handoff
from bot.domain.handoff.document import Handoff
from bot.domain.handoff.read_back import Picked, ReadBack
from bot.domain.ids import IncidentNumber, UserId
from bot.domain.incident import Severity
from bot.domain.work.steps import Expected
from tests.domain.table import ANA, BEN, Table, at, table
from tests.domain.watch import incident

NOW = at(30)
SHIFT_END = at(600)
LINES = (
    "onset: 40m ago",
    "impact: eval of three teams is blocked",
    "dx: string columns reach the collator 50% impact 3",
    "dx: bad shard 20% impact 5",
    "dx: driver update 15% impact 2",
    "dx: stale cache 10% impact 2",
    "dx: D ruled out",
    "test: run the collator on 8 rows (20m)",
    "test: read the shard (20m)",
)
AFTER = (
    "result: T1 positive KeyError in row 3",
    "fix: A cast to int; expect loss finite within 10m; revert: redeploy 9c1d",
    "outcome: A1 worked: loss is finite again",
    "fix: B skip the shard; expect loss below 4 within 60m; revert: restore the list",
    "todo: @U0BEN rerun the eval in 2h",
    "todo: @U0ANA write to the vendor in 3h",
    "todo: @U0BEN close the ticket in 1h",
    "done: TD3 it is closed",
    'if: "loss > 4" then "roll back to step 2900" @U0BEN for A',
    'if: "the shard fails again" then "skip it" @U0ANA for B',
    "vital: throughput=0.6x loss=1.8",
    "vital: throughput=0.4x",
)


def whole() -> Table:
    """All that was said of it."""
    known = _whole()
    return Table(recorded=[*known.recorded], entries={**known.entries}, given=known.given)


@cache
def _whole() -> Table:
    found = table(*LINES)
    found.taps(Expected(test=1, likelihoods={"A": 0.9, "B": 0.3, "C": 0.2}))
    for line in AFTER:
        found.says(line)
    return found


def entries_of(found: Table) -> list[Entry]:
    """The timeline of what was said."""
    return [
        Entry(
            incident=IncidentNumber(1),
            seq=number,
            kind=saying.kind,
            text=saying.text,
            author=saying.by,
            at=saying.at,
            logged_by=saying.by,
        )
        for number, saying in found.entries.items()
    ]


def case(found: Table | None = None, *, severity: int = 2, **changes: Any) -> Case:
    """What a handoff of it is compiled from."""
    known = found or whole()
    of = Case(
        incident=incident(severity, lead=ANA),
        first_severity=Severity.SEV3,
        workup=known.workup,
        entries=entries_of(known),
        names={ANA: "Ana", BEN: "Ben"},
    )
    return replace(of, **changes)


def handed(
    of: Case | None = None, *, now: datetime = NOW, to: UserId = BEN, until: datetime | None = SHIFT_END
) -> Handoff:
    """The document."""
    return compile_handoff(of or case(), ANA, to, now, until)


def table_of(lines: Sequence[str]) -> Table:
    """What is on the table after these lines alone."""
    return table(*lines)


def with_part(handoff: Handoff, part: str, **changes: Any) -> Handoff:
    """The document with something else in one of its parts."""
    return handoff.model_copy(update={part: getattr(handoff, part).model_copy(update=changes)})


def read_back(**changes: Any) -> ReadBack:
    """A receiver who has understood everything, at once."""
    values = {
        "by": BEN,
        "words": "collator gets strings; watch the shard",
        "picked": Picked(),
        "f1": 1.0,
        "sent_at": NOW,
        "accepted_at": NOW + timedelta(minutes=5),
    }
    return ReadBack.model_validate(values | changes)
