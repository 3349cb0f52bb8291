"""What the referee is told of an incident, read from what is stored, with the cadence table written again.

Most questions are worked out here from the facts. Of three kinds, whose triggers belong to the diagnosis
(the signs got worse, "something else" is likely, a time-out), the moment at which they were due is taken from
their rows, and the referee judges when they were asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.domain.ids import IncidentNumber, TeamId
from bot.domain.incident import Incident
from bot.domain.signs.stability import Alarm, alarms_of
from bot.domain.work.workup import Workup
from bot.store import incidents
from bot.store.session import Session
from bot.store.tables import outbox, prompts, quiet_hours, reviews
from bot.usecases.follow_workup import read_workup
from tests.benchmarks.clock_handoffs import Shifts, handing_of
from tests.benchmarks.clock_referee import Ask, Hours, Key, Mark, Open, Rhythm, Scene
from tests.conversation import TEAM

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
# Table B5 of the method, in minutes by severity: who acknowledges by when, and so on.
ACKNOWLEDGE = {1: 5, 2: 10, 3: 60, 4: 120, 5: 240}
LOOK_AGAIN = {1: 15, 2: 30, 3: 60, 4: 120}
DIFFERENTIAL = {1: 15, 2: 30, 3: 60, 4: 120}
REVERT = {1: 5, 2: 5, 3: 15, 4: 60, 5: 720}
FROM_ROWS = frozenset({"worse", "other", "time-out"})
HYPOTHESES = 3


def scene_of(session: Session, number: IncidentNumber, at: datetime, shifts: Mapping[str, Shifts]) -> Scene:
    """How an incident stands now; *shifts* are those of channels."""
    incident = incidents.get(session, TeamId(TEAM), number)
    workup = read_workup(session, TeamId(TEAM), number)
    review = session.execute(select(reviews).where(reviews.c.incident == number)).one()
    rows = session.execute(select(prompts).where(prompts.c.incident == number)).all()
    hours = session.execute(select(quiet_hours)).all()
    every = review.every_minutes and review.every_minutes * MINUTE
    interval = _interval(incident, workup, every)
    is_open = incident.resolved_at is None
    return Scene(
        at=at,
        severity=int(incident.severity),
        lead=incident.lead,
        off=review.off_by is not None,
        resolved=not is_open,
        questions=(
            *_questions(incident, workup, interval, rows),
            *handing_of(session, incident, interval or DAY, shifts, at),
        )
        if is_open
        else (),
        rhythm=_rhythm(incident, workup, interval) if is_open else None,
        marks={(row.kind, row.about): mark for row in rows if (mark := _mark(row)) != Mark()},
        quiet={row.person: Hours(row.starts, row.ends, row.zone) for row in hours},
    )


def _mark(row: Any) -> Mark:
    return Mark(row.snoozed_until, row.declined_at is not None or row.answered_by is not None)


def _interval(incident: Incident, workup: Workup, every: timedelta | None) -> timedelta | None:
    """From one re-evaluation to the next: the table's or people's own, less while the last signs are bad."""
    own = every or LOOK_AGAIN.get(int(incident.severity), 0) * MINUTE
    found = [own] if own else []
    for alarms in alarms_of(workup.vitals.scored)[-2:]:
        found += [5 * MINUTE] if Alarm.EMERGENCY in alarms else []
        found += [15 * MINUTE] if alarms & {Alarm.REVIEW, Alarm.SINGLE} else []
    return min(found, default=None)


def _rhythm(incident: Incident, workup: Workup, interval: timedelta | None) -> Rhythm | None:
    if interval is None:
        return None
    read = [reading.at for reading in workup.vitals.series]
    since = max([incident.opened_at, *read[-1:]])
    return Rhythm(since=since, interval=interval, active_at=incident.active_at)


def _questions(
    incident: Incident, workup: Workup, interval: timedelta | None, rows: Sequence[Any]
) -> Iterator[Open]:
    severity, opened, again = int(incident.severity), incident.opened_at, interval or DAY
    within = ACKNOWLEDGE[severity] * MINUTE
    if incident.lead is None:
        yield Open(kind="lead", due=opened + within / 2, repeat=within)
    if incident.triaged_at is None:
        yield Open(kind="triage", due=opened + 10 * MINUTE, repeat=30 * MINUTE)
    if severity in DIFFERENTIAL and len(workup.differential.hypotheses) < HYPOTHESES:
        due = (incident.triaged_at or opened) + DIFFERENTIAL[severity] * MINUTE
        yield Open(kind="differential", due=due, repeat=again)
    yield from _promised(workup, again, REVERT[severity] * MINUTE)
    yield from _from_rows(workup, interval, rows)
    yield from superseding(rows)


def _promised(workup: Workup, again: timedelta, revert_after: timedelta) -> Iterator[Open]:
    """What was promised for a time: results, outcomes, reverts, actions."""
    found = {result.test for result in workup.results}
    for test in workup.tests:
        if test.number not in found and test.due:
            yield Open(kind="result", about=f"T{test.number}", due=test.due, repeat=again, to=test.owner)
    for each in workup.interventions:
        if each.active:
            about = f"{each.name}+" if each.extended else each.name
            due = each.started_at + each.window * (2 if each.extended else 1)
            yield Open(kind="window", about=about, due=due, repeat=again, to=each.by)
    failed = [each for each in workup.interventions if each.owes_revert and each.ended_at]
    for each in failed[:1]:
        assert each.ended_at
        yield Open(kind="revert", about=each.name, due=each.ended_at + revert_after, repeat=again, to=each.by)
    for action in workup.actions:
        if action.due and action.done_at is None:
            yield Open(kind="action", about=action.name, due=action.due, repeat=again, to=action.owner)


def _from_rows(workup: Workup, interval: timedelta | None, rows: Sequence[Any]) -> Iterator[Open]:
    alarms = alarms_of(workup.vitals.scored)
    emergency = bool(alarms) and Alarm.EMERGENCY in alarms[-1]
    repeats = {"other": interval or DAY, "worse": (30 if emergency else 60) * MINUTE, "time-out": None}
    for row in rows:
        if row.kind in FROM_ROWS and row.answered_at is None and row.declined_at is None:
            apart = interval if row.kind == "time-out" else None
            repeat = repeats[row.kind]
            yield Open(kind=row.kind, about=row.about, due=row.due_at, repeat=repeat, apart=apart)


def superseding(rows: Sequence[Any]) -> Iterator[Open]:
    """The time-out that somebody has answered and that may fall due again, because the interval has grown.

    Nobody asks it any more, but when it falls due it still takes the place of an earlier one. Only what moved
    last counts, and that is the newest of them.
    """
    calls = [row for row in rows if row.kind == "time-out" and row.about.startswith("unchanged ")]
    for row in sorted(calls, key=lambda row: row.about)[-1:]:
        if row.answered_by is not None or row.declined_at is not None:
            yield Open(kind=row.kind, about=row.about, due=row.due_at)


def handing_now(
    session: Session, number: IncidentNumber, at: datetime, shifts: Mapping[str, Shifts]
) -> set[tuple[Key, datetime]]:
    """What is asked about an incident's handoffs, and when."""
    incident = incidents.get(session, TeamId(TEAM), number)
    found = () if incident.resolved_at else handing_of(session, incident, DAY, shifts, at)
    return {(each.key, each.due) for each in found}


def called_now(session: Session, number: IncidentNumber) -> set[Key]:
    """The open questions whose trigger is the diagnosis."""
    found = select(prompts.c.kind, prompts.c.about).where(
        prompts.c.incident == number,
        prompts.c.kind.in_(FROM_ROWS),
        prompts.c.answered_at.is_(None),
        prompts.c.declined_at.is_(None),
    )
    return {(row.kind, row.about) for row in session.execute(found)}


def asked_in(session: Session, number: IncidentNumber) -> dict[Key, datetime | None]:
    """When each question of an incident was asked last; how often says less, for that begins anew."""
    found = select(prompts.c.kind, prompts.c.about, prompts.c.asked_at).where(prompts.c.incident == number)
    return {(row.kind, row.about): row.asked_at for row in session.execute(found)}


def living_of(session: Session, number: IncidentNumber) -> int:
    """The number of the message that asks."""
    found = session.execute(select(reviews.c.living).where(reviews.c.incident == number))
    return int(found.scalar_one())


def delivered_in(session: Session) -> dict[tuple[int, int], datetime]:
    """When each prompt came to Slack, by incident and number."""
    found = session.execute(
        select(outbox.c.key, outbox.c.settled_at).where(
            outbox.c.key.startswith("prompt:"), outbox.c.slack_ts.is_not(None)
        )
    )
    return {_numbers(row.key): row.settled_at for row in found}


def _numbers(key: str) -> tuple[int, int]:
    _, incident, living = key.split(":")
    return int(incident), int(living)


def with_delivery(asks: list[Ask], number: int, delivered: dict[tuple[int, int], datetime]) -> list[Ask]:
    """The same prompts, with what became of their messages."""
    return [Ask(each.at, each.living, each.keys, delivered.get((number, each.living))) for each in asks]
