"""Which charts have changed since they were last sent: one row a card, however many changes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, select, update
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.ids import IncidentNumber, TeamId
from bot.store.outbox import LEASE
from bot.store.session import Session
from bot.store.tables import cards, incidents

# Slack allows about fifty updates a minute in a workspace; people do not read faster than this either.
PAUSE = timedelta(seconds=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A chart that must be sent, and which version of it is wanted."""

    team: TeamId
    incident: IncidentNumber
    wanted: int
    attempts: int


def start(session: Session, team: TeamId, number: IncidentNumber, now: datetime) -> None:
    """Give a new incident its card; posting the root sends its first version."""
    session.execute(
        insert(cards).values(team_id=team, incident=number, wanted=1, sent=1, due_at=now, attempts=0)
    )


def touch(session: Session, team: TeamId, number: IncidentNumber) -> None:
    """The chart has changed."""
    session.execute(
        update(cards)
        .where(cards.c.team_id == team, cards.c.incident == number)
        .values(wanted=cards.c.wanted + 1)
    )


def touch_all(session: Session, team: TeamId) -> None:
    """A name became known: every open chart of the workspace may show it."""
    session.execute(
        update(cards)
        .where(
            cards.c.team_id == team,
            cards.c.incident.in_(
                select(incidents.c.number).where(
                    incidents.c.team_id == team, incidents.c.resolved_at.is_(None)
                )
            ),
        )
        .values(wanted=cards.c.wanted + 1)
    )


def wanted(session: Session, team: TeamId, number: IncidentNumber) -> int:
    """Which version of the card is wanted now."""
    found: int = session.execute(
        select(cards.c.wanted).where(cards.c.team_id == team, cards.c.incident == number)
    ).scalar_one()
    return found


def shown(session: Session, team: TeamId, number: IncidentNumber, version: int) -> None:
    """A new root was posted, and shows this version."""
    _set(session, team, number, sent=version, blocked_at=None)


def take(session: Session, now: datetime) -> Card | None:
    """The next card to send, booked like a notice; None when all show what they should."""
    row = session.execute(
        select(cards)
        .join(
            incidents,
            and_(incidents.c.team_id == cards.c.team_id, incidents.c.number == cards.c.incident),
        )
        .where(
            cards.c.wanted > cards.c.sent,
            cards.c.due_at <= now,
            cards.c.blocked_at.is_(None),
            incidents.c.thread_ts.is_not(None),
        )
        .order_by(cards.c.due_at)
        .limit(1)
        .with_for_update(skip_locked=True, of=cards)
    ).first()
    if row is None:
        return None
    values = {"due_at": now + LEASE, "attempts": row.attempts + 1}
    _set(session, TeamId(row.team_id), IncidentNumber(row.incident), **values)
    return Card(
        team=TeamId(row.team_id),
        incident=IncidentNumber(row.incident),
        wanted=row.wanted,
        attempts=row.attempts + 1,
    )


def sent(session: Session, card: Card, now: datetime) -> None:
    """Slack shows the version that was wanted when the card was taken."""
    _set(
        session,
        card.team,
        card.incident,
        sent=card.wanted,
        due_at=now + PAUSE,
        attempts=0,
        last_error=None,
    )


def again(session: Session, card: Card, *, at: datetime, error: str) -> None:
    """Try again at a later time."""
    _set(session, card.team, card.incident, due_at=at, last_error=error)


def block(session: Session, card: Card, now: datetime, error: str) -> None:
    """Park the card until somebody mends what is in its way."""
    _set(session, card.team, card.incident, blocked_at=now, last_error=error)


def wake(session: Session, team: TeamId, number: IncidentNumber, now: datetime) -> None:
    """Let a parked card go on, with whatever the chart says by then."""
    _set(session, team, number, blocked_at=None, due_at=now, wanted=cards.c.wanted + 1)


def _set(session: Session, team: TeamId, number: IncidentNumber, **values: object) -> None:
    session.execute(update(cards).where(cards.c.team_id == team, cards.c.incident == number).values(values))


def release(session: Session, now: datetime) -> None:
    """Cut the leases of a process that died short, see `outbox.release`."""
    session.execute(
        update(cards).where(cards.c.wanted > cards.c.sent, cards.c.attempts > 0).values(due_at=now)
    )
