"""Checklists: how often one was posted, and what is ticked."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.checklist import Tick, Ticks
from bot.domain.ids import IncidentNumber, TeamId, UserId
from bot.store.session import Session
from bot.store.tables import checklist_ticks, checklists

# Built once, see incidents.py.
_TICKS = select(checklist_ticks).where(
    checklist_ticks.c.team_id == bindparam("team"), checklist_ticks.c.incident == bindparam("number")
)


def copy(session: Session, team: TeamId, number: IncidentNumber) -> int:
    """The number of the checklist's newest post; 0 where it was never posted."""
    found = select(checklists.c.copy).where(checklists.c.team_id == team, checklists.c.incident == number)
    return session.execute(found).scalar() or 0


def keep_copy(
    session: Session, team: TeamId, number: IncidentNumber, which: int, *, by: UserId, now: datetime
) -> None:
    """Remember that the checklist was posted anew; call it with the incident's row locked."""
    values = {"copy": which, "asked_by": by, "asked_at": now}
    session.execute(
        insert(checklists)
        .values(team_id=team, incident=number, **values)
        .on_conflict_do_update(index_elements=["team_id", "incident"], set_=values)
    )


def ticks(session: Session, team: TeamId, number: IncidentNumber) -> Ticks:
    """The last word on each item that somebody has touched."""
    found = session.execute(_TICKS, {"team": team, "number": number})
    return {row.item: Tick(on=row.ticked, by=UserId(row.by), at=row.at, stamp=row.stamp) for row in found}


def keep(session: Session, team: TeamId, number: IncidentNumber, said: Mapping[str, Tick]) -> None:
    """Keep the newest word on items."""
    for item, tick in said.items():
        values = {"ticked": tick.on, "by": tick.by, "at": tick.at, "stamp": tick.stamp}
        session.execute(
            insert(checklist_ticks)
            .values(team_id=team, incident=number, item=item, **values)
            .on_conflict_do_update(index_elements=["team_id", "incident", "item"], set_=values)
        )
