"""What the outbox still owes: how much, what is in its way, and how it goes on."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, cast, delete, exists, func, or_, select, update

from bot.domain.ids import ChannelId, TeamId
from bot.store.outbox import KEPT, TIMER
from bot.store.session import Session
from bot.store.tables import incidents, outbox


def wake(session: Session, team: TeamId, channel: ChannelId, now: datetime) -> None:
    """Let the lanes go on that were parked because of a channel."""
    own = "incident:" + cast(incidents.c.number, String)
    of_incident = exists().where(
        incidents.c.team_id == team,
        incidents.c.channel == channel,
        or_(outbox.c.lane == own, outbox.c.lane.like(own + ":%")),
    )
    concerned = or_(
        of_incident,
        outbox.c.lane.startswith(f"message:{channel}:", autoescape=True),
        outbox.c.lane == f"members:{channel}",
    )
    session.execute(
        update(outbox)
        .where(outbox.c.team_id == team, outbox.c.blocked_at.is_not(None), concerned)
        .values(blocked_at=None, due_at=now)
    )


def wake_all(session: Session, now: datetime) -> None:
    """Try once more what is parked, whatever was in its way."""
    parked = outbox.c.settled_at.is_(None) & outbox.c.blocked_at.is_not(None)
    session.execute(update(outbox).where(parked).values(blocked_at=None, due_at=now))


def _troubled() -> ColumnElement[bool]:
    return or_(outbox.c.given_up, and_(outbox.c.settled_at.is_(None), outbox.c.blocked_at.is_not(None)))


def revive(session: Session, key: str | None, now: datetime) -> int:
    """Owe again what was given up or parked: one notice, or all of them; the number of notices revived."""
    which = _troubled() if key is None else and_(_troubled(), outbox.c.key == key)
    found = session.execute(
        update(outbox)
        .where(which)
        .values(settled_at=None, given_up=False, blocked_at=None, due_at=now, attempts=0)
    )
    return found.rowcount


def release(session: Session, now: datetime) -> None:
    """Cut the leases of a process that died short. Only where no other process can be sending."""
    cut = outbox.c.settled_at.is_(None) & outbox.c.uncertain_since.is_not(None)
    session.execute(update(outbox).where(cut).values(due_at=now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How much is owed: waiting, parked and given up, and since when the oldest waits."""

    waiting: int
    blocked: int
    given_up: int
    oldest: datetime | None


def measured(session: Session) -> Backlog:
    """What the outbox still owes; what only waits for its time is no debt yet."""
    unsettled = and_(outbox.c.settled_at.is_(None), outbox.c.lane.not_like(f"%{TIMER}%"))
    row = session.execute(
        select(
            func.count().filter(unsettled, outbox.c.blocked_at.is_(None)),
            func.count().filter(unsettled, outbox.c.blocked_at.is_not(None)),
            func.count().filter(outbox.c.given_up),
            func.min(outbox.c.owed_at).filter(unsettled),
        )
    ).one()
    return Backlog(waiting=row[0], blocked=row[1], given_up=row[2], oldest=row[3])


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A notice that was given up or is parked."""

    team: TeamId
    key: str
    notice: str
    owed_at: datetime
    attempts: int
    given_up: bool
    error: str


def troubles(session: Session) -> list[Trouble]:
    """All that was given up or is parked, the oldest first."""
    found = session.execute(select(outbox).where(_troubled()).order_by(outbox.c.owed_at))
    return [
        Trouble(
            team=TeamId(row.team_id),
            key=row.key,
            notice=str(json.loads(row.notice).get("name")),
            owed_at=row.owed_at,
            attempts=row.attempts,
            given_up=row.given_up,
            error=row.last_error or "",
        )
        for row in found
    ]


def forget_old(session: Session, now: datetime) -> None:
    """Drop what was delivered long ago; what was given up stays until somebody has looked at it."""
    session.execute(delete(outbox).where(outbox.c.settled_at < now - KEPT, outbox.c.given_up.is_(False)))
