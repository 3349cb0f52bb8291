"""What figures over a period are made of, as far as somebody may see it: the newest incidents and handoffs.

What was opened is found by `ix_incidents_opened`, what was resolved by `ix_incidents_open`, handoffs by
`ix_handoffs_asked`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from bot.domain.handoff.transfer import Reason
from bot.domain.heard import Who
from bot.domain.incident import Incident
from bot.domain.stats import Attempt
from bot.store.incidents import of_row, visible
from bot.store.session import Session
from bot.store.tables import handoff_versions, handoffs, incidents


def touched(session: Session, who: Who, since: datetime, limit: int) -> list[Incident]:
    """The incidents that were opened or resolved since then, what happened last first."""
    mine = select(incidents).where(incidents.c.team_id == who.team, visible(who.user, who.channel))
    asked = [
        mine.where(moment >= since).order_by(moment.desc(), incidents.c.number.desc()).limit(limit)
        for moment in (incidents.c.opened_at, incidents.c.resolved_at)
    ]
    found = {row.number: of_row(row) for each in asked for row in session.execute(each)}

    def happened(incident: Incident) -> tuple[datetime, int]:
        return incident.resolved_at or incident.opened_at, incident.number

    return sorted(found.values(), key=happened, reverse=True)[:limit]


def attempts(session: Session, who: Who, since: datetime, limit: int) -> list[Attempt]:
    """The handoffs that were begun since then, and the leads taken without one, the newest first."""
    of_version = and_(
        handoff_versions.c.team_id == handoffs.c.team_id,
        handoff_versions.c.incident == handoffs.c.incident,
        handoff_versions.c.version == handoffs.c.version,
    )
    of_incident = and_(incidents.c.team_id == handoffs.c.team_id, incidents.c.number == handoffs.c.incident)
    newest = (
        select(handoffs, handoff_versions.c.score, handoff_versions.c.five_elements)
        .join(incidents, of_incident)
        .outerjoin(handoff_versions, of_version)
        .where(
            handoffs.c.team_id == who.team,
            handoffs.c.asked_at >= since,
            visible(who.user, who.channel),
        )
        .order_by(handoffs.c.asked_at.desc(), handoffs.c.incident, handoffs.c.number)
        .limit(limit)
    )
    return [_attempt(row) for row in session.execute(newest)]


def _attempt(row: Any) -> Attempt:  # noqa: ANN401 - a row of SQLAlchemy's.
    return Attempt(
        at=row.accepted_at or row.asked_at,
        without=row.reason == Reason.WITHOUT,
        sent=row.sent_at is not None,
        waiting=row.waiting,
        accepted=row.accepted_at is not None,
        score=row.score or 0,
        five=bool(row.five_elements),
        overridden=row.overridden_by is not None,
    )
