"""Incidents: their numbers, their threads and their severities.

Statements of the daily work are built once, at import: to build one takes SQLAlchemy longer than it takes a
database to carry it out. The others stand where they are used.
"""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select, update

# SQLite speaks this dialect's ON CONFLICT and RETURNING too, so one form serves both databases.
from sqlalchemy.dialects.postgresql import insert

from bot.domain.errors import NoSuchIncident
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, TeamId, UserId
from bot.domain.incident import Incident, Severity
from bot.store.session import Session, at_once, carry_out, first, rows
from bot.store.tables import channels, incidents, members, severity_changes, threads, workspaces

_MY_TURN = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("team"), 0)))
_NEXT_NUMBER = (
    insert(workspaces)
    .values(last_incident=1)
    .on_conflict_do_update(index_elements=["team_id"], set_={"last_incident": workspaces.c.last_incident + 1})
    .returning(workspaces.c.last_incident)
)
_ADD = insert(incidents).values(last_entry=0)
_ONE = select(incidents).where(
    incidents.c.team_id == bindparam("team"), incidents.c.number == bindparam("incident")
)
_ONE_LOCKED = _ONE.with_for_update()
_SAVE = update(incidents).where(
    incidents.c.team_id == bindparam("team"), incidents.c.number == bindparam("incident")
)
_ADD_THREAD = insert(threads).on_conflict_do_nothing()
_POST_THERE = _SAVE.values(thread_ts=bindparam("root"), channel=bindparam("here"))
_STAYS_ACTIVE = _SAVE.where(incidents.c.active_at < bindparam("at")).values(active_at=bindparam("at"))
_SAME_OPENING = (
    select(incidents)
    .where(
        incidents.c.team_id == bindparam("team"),
        incidents.c.opened_by == bindparam("by"),
        incidents.c.opened_at >= bindparam("since"),
        incidents.c.channel == bindparam("channel"),
        incidents.c.seen == bindparam("seen"),
    )
    .order_by(incidents.c.number.desc())
)
_OF_THREAD_LOCKED = (
    select(incidents)
    .join(
        threads,
        (threads.c.team_id == incidents.c.team_id) & (threads.c.incident == incidents.c.number),
    )
    .where(
        threads.c.team_id == bindparam("team"),
        threads.c.channel == bindparam("channel"),
        threads.c.ts == bindparam("ts"),
    )
    .with_for_update(of=incidents)
)
_ADD_SEVERITY = insert(severity_changes).values(
    seq=select(func.count() + 1)
    .where(
        severity_changes.c.team_id == bindparam("of_team"),
        severity_changes.c.incident == bindparam("of_incident"),
    )
    .scalar_subquery()
)
_SEVERITIES = (
    select(severity_changes.c.severity)
    .where(
        severity_changes.c.team_id == bindparam("team"), severity_changes.c.incident == bindparam("number")
    )
    .order_by(severity_changes.c.seq)
)

_GRADED_AT = (
    select(severity_changes.c.at)
    .where(
        severity_changes.c.team_id == bindparam("team"), severity_changes.c.incident == bindparam("number")
    )
    .order_by(severity_changes.c.seq.desc())
    .limit(1)
)

_PLAIN = tuple(field.name for field in fields(Incident) if field.name not in {"team", "severity"})


def of_row(row: Any) -> Incident:  # noqa: ANN401 - a row of SQLAlchemy's, or of our own.
    """The incident of a row of its table."""
    plain = {name: getattr(row, name) for name in _PLAIN}
    return Incident(team=row.team_id, severity=Severity(row.severity), **plain)


def _columns(incident: Incident) -> dict[str, object]:
    plain = {name: getattr(incident, name) for name in _PLAIN}
    return plain | {"team_id": incident.team, "severity": int(incident.severity)}


def next_number(session: Session, team: TeamId) -> IncidentNumber:
    """Take the next number of the workspace. Its row stays locked: a roll-back leaves no gap."""
    with at_once(session):
        if session.dialect.name == "postgresql":
            # Those who wait for a row are served in no order, some not within a second; here they are.
            carry_out(session, _MY_TURN, {"team": team})
        (row,) = rows(session, _NEXT_NUMBER, {"team_id": team})
    return IncidentNumber(row.last_incident)


def give_number_back(session: Session, team: TeamId) -> None:
    """Undo `next_number` in the same transaction."""
    session.execute(
        update(workspaces)
        .where(workspaces.c.team_id == team)
        .values(last_incident=workspaces.c.last_incident - 1)
    )


def add(session: Session, incident: Incident) -> None:
    """Store a new incident, without entries."""
    carry_out(session, _ADD, _columns(incident))


def save(session: Session, incident: Incident) -> None:
    """Store what may change of an incident: call it with the row locked."""
    values = _columns(incident)
    key = {"team": values.pop("team_id"), "incident": values.pop("number")}
    carry_out(session, _SAVE, key | values)


def same_opening(
    session: Session, *, team: TeamId, channel: ChannelId, by: UserId, seen: str, since: datetime
) -> Incident | None:
    """The open incident that the same person opened here with the same words after *since*."""
    what = {"team": team, "channel": channel, "by": by, "seen": seen, "since": since}
    # Whether it is open is asked here, or SQLite would look through all that is open instead of two minutes.
    found = [of_row(row) for row in rows(session, _SAME_OPENING, what)]
    return next((incident for incident in found if incident.resolved_at is None), None)


def locked(session: Session, team: TeamId, number: IncidentNumber) -> Incident:
    """The incident, with its row locked until the end of the transaction.

    Raises:
        NoSuchIncident: There is none.
    """
    found = first(session, _ONE_LOCKED, {"team": team, "incident": number})
    if found is None:
        raise NoSuchIncident(number)
    return of_row(found)


def get(session: Session, team: TeamId, number: IncidentNumber) -> Incident:
    """The incident, to look at.

    Raises:
        NoSuchIncident: There is none.
    """
    found = first(session, _ONE, {"team": team, "incident": number})
    if found is None:
        raise NoSuchIncident(number)
    return of_row(found)


def thread_locked(session: Session, team: TeamId, channel: ChannelId, ts: MessageTs) -> Incident | None:
    """The incident whose thread has its root at *ts*, with its row locked; None for any other thread."""
    found = first(session, _OF_THREAD_LOCKED, {"team": team, "channel": channel, "ts": ts})
    return of_row(found) if found else None


def visible(viewer: UserId, here: ChannelId | None) -> ColumnElement[bool]:
    """Whoever speaks in a private channel is in it; elsewhere only known members see what is private."""
    member = exists().where(
        members.c.team_id == incidents.c.team_id,
        members.c.channel == incidents.c.channel,
        members.c.person == viewer,
    )
    return or_(incidents.c.private.is_(False), incidents.c.channel == here, member)


def seen_by(
    session: Session, team: TeamId, number: IncidentNumber, *, viewer: UserId, here: ChannelId | None
) -> Incident:
    """The incident, if *viewer*, who asks in the channel *here*, may see it.

    Raises:
        NoSuchIncident: There is none, or it is none of theirs.
    """
    theirs = _ONE.where(visible(viewer, here))
    found = session.execute(theirs, {"team": team, "incident": number}).first()
    if found is None:
        raise NoSuchIncident(number)
    return of_row(found)


def open_ones(
    session: Session,
    team: TeamId,
    *,
    viewer: UserId,
    here: ChannelId | None,
    limit: int,
    here_first: bool = False,
) -> list[Incident]:
    """The open incidents that *viewer* may see, the worst first, then the oldest.

    With *here_first*, all of the channel *here* come before the others.
    """
    order = (incidents.c.severity, incidents.c.number)
    found = session.execute(
        select(incidents)
        .where(incidents.c.team_id == team, incidents.c.resolved_at.is_(None), visible(viewer, here))
        .order_by(*((incidents.c.channel != here, *order) if here_first else order))
        .limit(limit)
    )
    return [of_row(row) for row in found]


def count_open(session: Session, team: TeamId, *, viewer: UserId, here: ChannelId | None) -> int:
    """How many open incidents *viewer* may see."""
    found = select(func.count()).where(
        incidents.c.team_id == team, incidents.c.resolved_at.is_(None), visible(viewer, here)
    )
    return session.execute(found).scalar_one()


def open_in(session: Session, team: TeamId, channel: ChannelId) -> list[IncidentNumber]:
    """The numbers of the open incidents of one channel."""
    found = session.execute(
        select(incidents.c.number).where(
            incidents.c.team_id == team,
            incidents.c.channel == channel,
            incidents.c.resolved_at.is_(None),
        )
    )
    return [IncidentNumber(number) for number in found.scalars()]


def all_open(session: Session, team: TeamId) -> list[IncidentNumber]:
    """The numbers of all open incidents: for us, not for a viewer."""
    found = session.execute(
        select(incidents.c.number)
        .where(incidents.c.team_id == team, incidents.c.resolved_at.is_(None))
        .order_by(incidents.c.number)
    )
    return [IncidentNumber(number) for number in found.scalars()]


def threads_of(session: Session, team: TeamId, number: IncidentNumber) -> list[tuple[ChannelId, MessageTs]]:
    """All threads that lead to the incident."""
    found = session.execute(
        select(threads.c.channel, threads.c.ts)
        .where(threads.c.team_id == team, threads.c.incident == number)
        .order_by(threads.c.ts)
    )
    return [(ChannelId(row.channel), MessageTs(row.ts)) for row in found]


def add_thread(
    session: Session, team: TeamId, number: IncidentNumber, channel: ChannelId, ts: MessageTs
) -> None:
    """Lead the thread at *ts* to the incident, and make it the one new posts go to."""
    here = {"channel": channel, "ts": ts}
    carry_out(session, _ADD_THREAD, {"team_id": team, "incident": number, **here})
    carry_out(session, _POST_THERE, {"team": team, "incident": number, "here": channel, "root": ts})


def in_thread(
    session: Session, team: TeamId, channel: ChannelId, ts: MessageTs | None
) -> IncidentNumber | None:
    """The incident whose thread has its root at *ts*."""
    if ts is None:
        return None
    found = session.execute(
        select(threads.c.incident).where(
            threads.c.team_id == team, threads.c.channel == channel, threads.c.ts == ts
        )
    ).scalar()
    return None if found is None else IncidentNumber(found)


def any_in_channel(session: Session, team: TeamId, channel: ChannelId) -> bool:
    """Whether any incident's thread ever ran in the channel."""
    found = select(threads.c.incident).where(threads.c.team_id == team, threads.c.channel == channel)
    return session.execute(found.limit(1)).first() is not None


def stays_active(session: Session, team: TeamId, number: IncidentNumber, at: datetime) -> None:
    """Remember that somebody said something in the incident's thread."""
    carry_out(session, _STAYS_ACTIVE, {"team": team, "incident": number, "at": at})


def add_severity(
    session: Session, incident: Incident, *, severity: Severity, by: UserId, at: datetime, reason: str
) -> None:
    """Append a severity; call it with the incident's row locked. The first one is never overwritten."""
    place = {"of_team": incident.team, "of_incident": incident.number}
    row = {
        "team_id": incident.team,
        "incident": incident.number,
        "severity": int(severity),
        "by": by,
        "at": at,
        "reason": reason,
    }
    carry_out(session, _ADD_SEVERITY, place | row)


def severities(session: Session, team: TeamId, number: IncidentNumber) -> Sequence[Severity]:
    """Every severity the incident had, the first one first."""
    found = rows(session, _SEVERITIES, {"team": team, "number": number})
    return [Severity(row.severity) for row in found]


def gradings(session: Session, team: TeamId, number: IncidentNumber) -> Sequence[tuple[datetime, Severity]]:
    """Every severity the incident had, with the moment from which it did, the first one first."""
    found = session.execute(
        select(severity_changes.c.at, severity_changes.c.severity)
        .where(severity_changes.c.team_id == team, severity_changes.c.incident == number)
        .order_by(severity_changes.c.seq)
    )
    return [(row.at, Severity(row.severity)) for row in found]


def graded_at(session: Session, team: TeamId, number: IncidentNumber) -> datetime | None:
    """When the incident's severity was last said by somebody."""
    found = first(session, _GRADED_AT, {"team": team, "number": number})
    return found.at if found else None


def move_channel(session: Session, team: TeamId, before: ChannelId, after: ChannelId) -> None:
    """Follow a channel whose id changed."""
    for table in (incidents, threads, members, channels):
        session.execute(
            update(table).where(table.c.team_id == team, table.c.channel == before).values(channel=after)
        )
