"""When we last were in a state to hear a workspace."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.ids import TeamId
from bot.store.session import Session
from bot.store.tables import workspaces


def heard_at(session: Session, team: TeamId) -> datetime | None:
    """When Slack could last reach us; None in a workspace that is new."""
    found: datetime | None = session.execute(
        select(workspaces.c.heard_at).where(workspaces.c.team_id == team)
    ).scalar()
    return found


def heard(session: Session, team: TeamId, at: datetime) -> None:
    """Slack can reach us."""
    session.execute(
        insert(workspaces)
        .values(team_id=team, last_incident=0, heard_at=at)
        .on_conflict_do_update(index_elements=["team_id"], set_={"heard_at": at})
    )
