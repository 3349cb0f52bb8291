"""The steps of workups, and the interventions they come to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Row, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.ids import IncidentNumber, TeamId, UserId
from bot.domain.therapy.intervention import Intervention
from bot.domain.work.steps import STEP, Recorded, Step
from bot.store.session import Session, carry_out, rows
from bot.store.tables import entries, interventions, steps

# Built once, see incidents.py.
_ALL = select(
    steps, entries.c.withdrawn_at.label("entry_withdrawn_at"), entries.c.ts.label("message")
).outerjoin(
    entries,
    (entries.c.team_id == steps.c.team_id)
    & (entries.c.incident == steps.c.incident)
    & (entries.c.seq == steps.c.entry),
)
_OF = _ALL.where(steps.c.team_id == bindparam("team"), steps.c.incident == bindparam("number")).order_by(
    steps.c.seq
)
_LAST = select(func.max(steps.c.seq).label("seq")).where(
    steps.c.team_id == bindparam("team"), steps.c.incident == bindparam("number")
)
_ADD = insert(steps)
_WITHDRAW = (
    steps.update()
    .where(
        steps.c.team_id == bindparam("of_team"),
        steps.c.incident == bindparam("number"),
        steps.c.entry == bindparam("of_entry"),
        steps.c.withdrawn_at.is_(None),
    )
    .values(withdrawn_at=bindparam("now"))
)
_FORGET = delete(interventions).where(
    interventions.c.team_id == bindparam("of_team"), interventions.c.incident == bindparam("number")
)
_KEEP = insert(interventions)


def _value(row: Row[tuple[object, ...]]) -> Recorded:
    return Recorded(
        seq=row.seq,
        step=STEP.validate_json(row.body),
        by=row.by,
        at=row.at,
        live=row.withdrawn_at is None and row.entry_withdrawn_at is None,
        entry=row.entry,
        message=row.message,
    )


def of(session: Session, team: TeamId, number: IncidentNumber) -> list[Recorded]:
    """All steps ever made, those of withdrawn entries too: their letters and numbers stay taken."""
    return [_value(row) for row in rows(session, _OF, {"team": team, "number": number})]


def counted(
    session: Session, team: TeamId, numbers: Collection[IncidentNumber]
) -> Mapping[IncidentNumber, int]:
    """How many steps incidents have; those that have none are left out."""
    asked = (
        select(steps.c.incident, func.count().label("steps"))
        .where(steps.c.team_id == team, steps.c.incident.in_(list(numbers)))
        .group_by(steps.c.incident)
    )
    return {IncidentNumber(row.incident): row.steps for row in session.execute(asked)}


def of_several(
    session: Session, team: TeamId, numbers: Collection[IncidentNumber]
) -> Mapping[IncidentNumber, Sequence[Recorded]]:
    """The same for several incidents, asked for once."""
    asked = _ALL.where(steps.c.team_id == team, steps.c.incident.in_(list(numbers)))
    found: dict[IncidentNumber, list[Recorded]] = {number: [] for number in numbers}
    for row in session.execute(asked.order_by(steps.c.incident, steps.c.seq)):
        found[IncidentNumber(row.incident)].append(_value(row))
    return found


def add(  # noqa: PLR0913 - whose steps, of which entry, by whom and when.
    session: Session,
    team: TeamId,
    number: IncidentNumber,
    made: Sequence[Step],
    *,
    entry: int | None,
    by: UserId,
    at: datetime,
    now: datetime,
) -> None:
    """Append steps; call it with the incident's row locked."""
    if not made:
        return
    (last,) = rows(session, _LAST, {"team": team, "number": number})
    common = {"team_id": team, "incident": number, "entry": entry, "by": by, "at": at, "recorded_at": now}
    for seq, step in enumerate(made, start=(last.seq or 0) + 1):
        body = {"seq": seq, "kind": step.step, "body": STEP.dump_json(step).decode(), "withdrawn_at": None}
        carry_out(session, _ADD, common | body)


def withdraw(session: Session, team: TeamId, number: IncidentNumber, entry: int, now: datetime) -> None:
    """Take the steps of an entry back, because its text says something else now; they stay stored."""
    carry_out(session, _WITHDRAW, {"of_team": team, "number": number, "of_entry": entry, "now": now})


def keep_interventions(
    session: Session, team: TeamId, number: IncidentNumber, found: Iterable[Intervention]
) -> None:
    """Store what the interventions of an incident have come to, in place of what was stored before."""
    of_incident = {"team_id": team, "incident": number}
    carry_out(session, _FORGET, {"of_team": team, "number": number})
    for each in found:
        carry_out(session, _KEEP, of_incident | _columns(each))


def _columns(each: Intervention) -> dict[str, object]:
    plain = ("name", "target", "started_at", "active", "owes_revert", "ended_at", "reverted_at")
    outcome = each.outcome.value if each.outcome else None
    rest = {"due_at": each.due, "outcome": outcome, "bundled_with": each.bundled_with}
    return {name: getattr(each, name) for name in plain} | rest
