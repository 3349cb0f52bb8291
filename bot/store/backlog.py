"""What is still owed and still to be asked: how much, what is in its way, and how it goes on."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, cast, delete, exists, func, literal, or_, select, update

from bot.domain.ids import ChannelId, TeamId
from bot.store import paces
from bot.store.outbox import KEPT, TIMER, digest_lane
from bot.store.session import Session
from bot.store.tables import incidents, outbox, reviews

PROMPTS = "prompts"
# Incidents that somebody should have been asked about, but something goes wrong each time.
_FAILING = and_(reviews.c.due_at.is_not(None), reviews.c.last_error.is_not(None))


def _review_key() -> ColumnElement[str]:
    return literal(f"{PROMPTS}:INC-") + cast(reviews.c.incident, String)


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
        outbox.c.lane.startswith(digest_lane(channel), autoescape=True),
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
    """Try again what was given up, is parked, or fails when it is due: all of it, or what has the *key*.

    The number of those that will be tried again.
    """
    which = _troubled() if key is None else and_(_troubled(), outbox.c.key == key)
    found = session.execute(
        update(outbox)
        .where(which)
        .values(settled_at=None, given_up=False, blocked_at=None, due_at=now, attempts=0)
    )
    due = _FAILING if key is None else and_(_FAILING, _review_key() == key)
    asked = session.execute(update(reviews).where(due).values(due_at=now, attempts=0))
    return found.rowcount + asked.rowcount


def release(session: Session, now: datetime) -> None:
    """Cut the leases of a process that died short. Only where no other process can be sending."""
    cut = outbox.c.settled_at.is_(None) & outbox.c.uncertain_since.is_not(None)
    session.execute(update(outbox).where(cut).values(due_at=now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How much is owed: waiting and parked, and since when the oldest waits."""

    waiting: int
    blocked: int
    oldest: datetime | None


def owed(session: Session) -> Backlog:
    """What the outbox still owes; what only waits for its time is no debt yet.

    Asked in words that lead along the index of what is owed: there may be a hundred times as much that was.
    """
    row = session.execute(
        select(
            func.count().filter(outbox.c.blocked_at.is_(None)),
            func.count().filter(outbox.c.blocked_at.is_not(None)),
            func.min(outbox.c.owed_at),
        ).where(outbox.c.settled_at.is_(None), outbox.c.lane.not_like(f"%{TIMER}%"))
    ).one()
    return Backlog(waiting=row[0], blocked=row[1], oldest=row[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured(Backlog):
    """The same, and how many notices were given up."""

    given_up: int


def measured(session: Session) -> Measured:
    """What the outbox still owes, and what it has given up, for which all of it is looked through."""
    given_up = session.execute(select(func.count()).where(outbox.c.given_up)).scalar_one()
    now = owed(session)
    return Measured(waiting=now.waiting, blocked=now.blocked, oldest=now.oldest, given_up=given_up)


def failing(session: Session) -> int:
    """How many incidents fail when they are asked about, also where the next attempt is not due yet."""
    return session.execute(select(func.count()).where(_FAILING)).scalar_one()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A notice that was given up or is parked, or an incident whose prompts fail."""

    team: TeamId
    key: str
    notice: str
    owed_at: datetime
    attempts: int
    given_up: bool
    error: str


def troubles(session: Session) -> list[Trouble]:
    """All that was given up, is parked or fails, the oldest first."""
    return sorted([*_notices(session), *_prompts(session)], key=lambda trouble: trouble.owed_at)


def _prompts(session: Session) -> list[Trouble]:
    found = session.execute(select(reviews, _review_key().label("key")).where(_FAILING))
    return [
        Trouble(
            team=TeamId(row.team_id),
            key=row.key,
            notice=PROMPTS,
            owed_at=row.due_at,
            attempts=row.attempts,
            given_up=False,
            error=row.last_error,
        )
        for row in found
    ]


def _notices(session: Session) -> list[Trouble]:
    found = session.execute(select(outbox).where(_troubled()))
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
    paces.forget_old(session, now)
