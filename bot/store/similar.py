"""Seen before: resolved incidents that may be compared with one, and which ones were found to be alike."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, delete, insert, or_, select

from bot.domain.ids import ChannelId, IncidentNumber
from bot.domain.incident import Incident
from bot.domain.search.document import RESOLVED
from bot.domain.search.query import Match, Wanted
from bot.domain.similar import SHOWN, Similar
from bot.store.search_index import finding
from bot.store.session import Session, rows
from bot.store.tables import incidents, search_documents, search_similar

# Of those that share enough the newest so many are compared.
COMPARED = 300


def _shareable(beside: BindParameter[Any] | ChannelId) -> ColumnElement[bool]:
    """What may be named in a channel: what is public, and what is its own."""
    return or_(incidents.c.private.is_(False), incidents.c.channel == beside)


_COLUMNS = (
    incidents.c.number,
    incidents.c.title,
    incidents.c.channel,
    incidents.c.thread_ts,
    incidents.c.diagnosis,
)
_DESCRIBED = (
    select(*_COLUMNS, search_documents.c.worked)
    .join(
        search_documents,
        and_(
            search_documents.c.team_id == incidents.c.team_id,
            search_documents.c.incident == incidents.c.number,
        ),
    )
    .where(
        incidents.c.team_id == bindparam("team"),
        incidents.c.resolved_at.is_not(None),
        _shareable(bindparam("channel")),
    )
)
# Built once, see incidents.py: every card asks it.
_KEPT = (
    _DESCRIBED.join(
        search_similar,
        and_(
            search_similar.c.team_id == incidents.c.team_id,
            search_similar.c.other == incidents.c.number,
        ),
    )
    .where(search_similar.c.incident == bindparam("number"))
    .order_by(search_similar.c.place)
    .limit(SHOWN)
)


def kept(session: Session, incident: Incident) -> tuple[Similar, ...]:
    """What was found to be like an incident and may be named where it runs, as it stands now."""
    place = {"team": incident.team, "number": incident.number, "channel": incident.channel}
    return tuple(_value(row) for row in rows(session, _KEPT, place))


def described(session: Session, incident: Incident, found: Sequence[IncidentNumber]) -> tuple[Similar, ...]:
    """The same of incidents that were just found, in their order."""
    place = {"team": incident.team, "channel": incident.channel}
    those = session.execute(_DESCRIBED.where(incidents.c.number.in_(found)), place)
    by_number = {row.number: _value(row) for row in those}
    return tuple(by_number[number] for number in found if number in by_number)[:SHOWN]


def _value(row: Any) -> Similar:  # noqa: ANN401 - a row of SQLAlchemy's, or of our own.
    return Similar(
        number=IncidentNumber(row.number),
        title=row.title,
        channel=row.channel,
        thread_ts=row.thread_ts,
        diagnosis=row.diagnosis or "",
        worked=row.worked,
    )


def candidates(
    session: Session, incident: Incident, groups: Sequence[Sequence[str]]
) -> dict[IncidentNumber, list[str]]:
    """The terms of resolved incidents that have one of the groups and may be named beside this one."""
    match = Match(tuple(tuple(Wanted(parts=(term,)) for term in group) for group in groups), RESOLVED)
    index = finding(session, incident.team, match)
    found = session.execute(
        select(search_documents.c.incident, search_documents.c.compared)
        .select_from(index.source)
        .join(
            search_documents,
            and_(search_documents.c.team_id == incident.team, search_documents.c.incident == index.number),
        )
        .join(incidents, and_(incidents.c.team_id == incident.team, incidents.c.number == index.number))
        .where(
            *index.holds,
            incidents.c.number != incident.number,
            incidents.c.resolved_at.is_not(None),
            _shareable(incident.channel),
        )
        .order_by(index.order.desc())
        .limit(COMPARED)
    )
    return {IncidentNumber(row.incident): row.compared.split() for row in found}


def keep(session: Session, incident: Incident, found: Sequence[IncidentNumber]) -> bool:
    """Remember what an incident is like; whether that is something else than before."""
    of_incident = (search_similar.c.team_id == incident.team, search_similar.c.incident == incident.number)
    before = session.execute(
        select(search_similar.c.other).where(*of_incident).order_by(search_similar.c.place)
    )
    if [*before.scalars()] == [*found]:
        return False
    session.execute(delete(search_similar).where(*of_incident))
    if found:
        session.execute(
            insert(search_similar),
            [
                {"team_id": incident.team, "incident": incident.number, "place": place, "other": other}
                for place, other in enumerate(found)
            ],
        )
    return True
