"""Notices owed to people, kept in the transaction that makes them true.

To take a notice is to book its next attempt first: a worker that dies half-way needs no rescue, the notice
simply falls due again. Notices of one lane go out in order, one at a time; lanes do not wait for each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.ids import IncidentNumber, MessageTs, TeamId
from bot.domain.notice import (
    NOTICE,
    HintOwed,
    IncidentOpened,
    MembersWanted,
    MessageWanted,
    Notice,
    PersonWanted,
    PostingBlocked,
    ReceiptChanged,
    TextWanted,
)
from bot.store.session import Session
from bot.store.tables import outbox

# Longer than any call to Slack may take, so that nobody takes what is still being sent.
LEASE = timedelta(seconds=30)
KEPT = timedelta(days=14)
ROOTS_FIRST, THEN_POSTS, THEN_QUESTIONS = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A notice that was taken and must now be delivered."""

    team: TeamId
    key: str
    lane: str
    notice: Notice
    attempts: int
    uncertain_since: datetime | None
    owed_at: datetime


def incident_lane(number: IncidentNumber) -> str:
    """The lane of all posts in an incident's thread."""
    return f"incident:{number}"


def lane_of(notice: Notice) -> str:
    """Which notices a notice has to wait for."""
    match notice:
        case ReceiptChanged() | MessageWanted() | TextWanted():
            return f"message:{notice.channel}:{notice.ts}"
        case HintOwed():
            return f"hint:{notice.channel}:{notice.user}"
        case MembersWanted():
            return f"members:{notice.channel}"
        case PersonWanted():
            return f"person:{notice.user}"
        case PostingBlocked():
            return f"told:{notice.user}"
        case _:
            return incident_lane(notice.incident)


def _priority(notice: Notice) -> int:
    match notice:
        case IncidentOpened() | ReceiptChanged() | HintOwed():
            return ROOTS_FIRST
        case MembersWanted() | PersonWanted() | TextWanted():
            return THEN_QUESTIONS
        case _:
            return THEN_POSTS


def put(session: Session, team: TeamId, notice: Notice, *, key: str, now: datetime) -> None:
    """Owe a notice, once for each *key*; call it with the row locked that the lane belongs to."""
    lane = lane_of(notice)
    place = (
        select(func.coalesce(func.max(outbox.c.seq), 0) + 1)
        .where(outbox.c.team_id == team, outbox.c.lane == lane)
        .scalar_subquery()
    )
    session.execute(
        insert(outbox)
        .values(
            team_id=team,
            key=key,
            lane=lane,
            seq=place,
            priority=_priority(notice),
            notice=NOTICE.dump_json(notice).decode(),
            owed_at=now,
            due_at=now,
            attempts=0,
            given_up=False,
        )
        .on_conflict_do_nothing(index_elements=["team_id", "key"])
    )


def take(session: Session, now: datetime) -> Owed | None:
    """The next notice that is due, with its next attempt booked; None when nothing is."""
    ahead = outbox.alias("ahead")
    waits = (
        select(ahead.c.seq)
        .where(
            ahead.c.team_id == outbox.c.team_id,
            ahead.c.lane == outbox.c.lane,
            ahead.c.settled_at.is_(None),
            ahead.c.seq < outbox.c.seq,
        )
        .exists()
    )
    row = session.execute(
        select(outbox)
        .where(
            outbox.c.settled_at.is_(None),
            outbox.c.blocked_at.is_(None),
            outbox.c.due_at <= now,
            ~waits,
        )
        .order_by(outbox.c.priority, outbox.c.due_at, outbox.c.seq)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return None
    session.execute(
        update(outbox)
        .where(outbox.c.team_id == row.team_id, outbox.c.key == row.key)
        .values(
            due_at=now + LEASE,
            attempts=row.attempts + 1,
            uncertain_since=func.coalesce(outbox.c.uncertain_since, now),
        )
    )
    return _owed(row)


def _owed(row: Row[tuple[object, ...]]) -> Owed:
    return Owed(
        team=TeamId(row.team_id),
        key=row.key,
        lane=row.lane,
        notice=NOTICE.validate_json(row.notice),
        attempts=row.attempts + 1,
        uncertain_since=row.uncertain_since,
        owed_at=row.owed_at,
    )


def _set(session: Session, owed: Owed, **values: object) -> None:
    session.execute(
        update(outbox).where(outbox.c.team_id == owed.team, outbox.c.key == owed.key).values(values)
    )


def settle(session: Session, owed: Owed, now: datetime, slack_ts: MessageTs | None = None) -> None:
    """It was delivered."""
    _set(session, owed, settled_at=now, slack_ts=slack_ts, uncertain_since=None, last_error=None)


def give_up(session: Session, owed: Owed, now: datetime, error: str) -> None:
    """It never can be delivered: keep it with its error, and let the lane go on."""
    _set(session, owed, settled_at=now, given_up=True, last_error=error)


def again(session: Session, owed: Owed, *, at: datetime, error: str, since: datetime | None) -> None:
    """Try again at a later time. *since* is when an attempt began whose outcome nobody knows."""
    _set(session, owed, due_at=at, last_error=error, uncertain_since=since)


def block(session: Session, owed: Owed, now: datetime, error: str) -> None:
    """Park the lane at this notice until somebody mends what is in its way."""
    _set(session, owed, blocked_at=now, last_error=error, uncertain_since=None)


def wake(session: Session, team: TeamId, lanes: Sequence[str], now: datetime) -> int:
    """Let parked lanes go on; the number of notices that did."""
    found = session.execute(
        update(outbox)
        .where(outbox.c.team_id == team, outbox.c.lane.in_(lanes), outbox.c.blocked_at.is_not(None))
        .values(blocked_at=None, due_at=now)
    )
    return found.rowcount


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
    session.execute(
        update(outbox)
        .where(outbox.c.settled_at.is_(None), outbox.c.uncertain_since.is_not(None))
        .values(due_at=now)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How much is owed: waiting, parked and given up, and since when the oldest waits."""

    waiting: int
    blocked: int
    given_up: int
    oldest: datetime | None


def backlog(session: Session) -> Backlog:
    """What the outbox still owes."""
    unsettled = outbox.c.settled_at.is_(None)
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
            notice=NOTICE.validate_json(row.notice).name,
            owed_at=row.owed_at,
            attempts=row.attempts,
            given_up=row.given_up,
            error=row.last_error or "",
        )
        for row in found
    ]


def next_due(session: Session) -> datetime | None:
    """When the next notice that nothing blocks falls due."""
    found: datetime | None = session.execute(
        select(func.min(outbox.c.due_at)).where(outbox.c.settled_at.is_(None), outbox.c.blocked_at.is_(None))
    ).scalar()
    return found


def forget_old(session: Session, now: datetime) -> None:
    """Drop what was delivered long ago; what was given up stays until somebody has looked at it."""
    session.execute(delete(outbox).where(outbox.c.settled_at < now - KEPT, outbox.c.given_up.is_(False)))
