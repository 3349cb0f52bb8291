"""Quiet hours, of people and of whole workspaces."""

from collections.abc import Collection

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.ids import TeamId, UserId
from bot.domain.prompts.quiet import QuietHours
from bot.store.session import Session, rows
from bot.store.tables import quiet_hours

# How the whole workspace is called where a person's id stands.
EVERYBODY = ""
_OF = select(quiet_hours).where(quiet_hours.c.team_id == bindparam("team"))


def of(session: Session, team: TeamId, people: Collection[UserId]) -> dict[UserId | None, QuietHours]:
    """The quiet hours of some people, and under None those of the workspace."""
    wanted = {EVERYBODY, *people}
    return {
        row.person or None: QuietHours(starts=row.starts, ends=row.ends, zone=row.zone)
        for row in rows(session, _OF, {"team": team})
        if row.person in wanted
    }


def keep(session: Session, team: TeamId, person: UserId | None, hours: QuietHours) -> None:
    """Let a person, or the workspace, be quiet at these hours."""
    values = {"starts": hours.starts, "ends": hours.ends, "zone": hours.zone}
    session.execute(
        insert(quiet_hours)
        .values(team_id=team, person=person or EVERYBODY, **values)
        .on_conflict_do_update(index_elements=["team_id", "person"], set_=values)
    )


def forget(session: Session, team: TeamId, person: UserId | None) -> None:
    """No quiet hours any more."""
    session.execute(
        delete(quiet_hours).where(
            quiet_hours.c.team_id == team, quiet_hours.c.person == (person or EVERYBODY)
        )
    )
