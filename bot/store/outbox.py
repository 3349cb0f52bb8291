"""Notices owed to people, kept in the transaction that makes them true.

To take a notice is to book its next attempt first: a worker that dies half-way needs no rescue, the notice
simply falls due again. Notices of one lane go out in order, one at a time; lanes do not wait for each other.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError
from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    bindparam,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, TeamId
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
    ThreadWanted,
)
from bot.store.session import Session
from bot.store.tables import incidents, outbox

# Longer than looking for a post, joining its channel and posting it may take together, so that nobody takes
# what is still being sent. After a crash nobody has to wait for it, see `release`.
LEASE = timedelta(minutes=2)
KEPT = timedelta(days=14)
ROOTS_FIRST, THEN_POSTS, THEN_QUESTIONS = 0, 1, 2

# Built once, see incidents.py.
_OWED = select(outbox.c.seq).where(
    outbox.c.team_id == bindparam("of_team"), outbox.c.key == bindparam("of_key")
)
_PUT = (
    insert(outbox)
    .values(
        seq=select(func.coalesce(func.max(outbox.c.seq), 0) + 1)
        .where(outbox.c.team_id == bindparam("of_team"), outbox.c.lane == bindparam("of_lane"))
        .scalar_subquery(),
        attempts=0,
        given_up=False,
    )
    .on_conflict_do_nothing()
    .returning(outbox.c.seq)
)
_AHEAD = outbox.alias("ahead")
_NEXT = (
    select(outbox)
    .where(
        outbox.c.settled_at.is_(None),
        outbox.c.blocked_at.is_(None),
        outbox.c.due_at <= bindparam("now"),
        ~select(_AHEAD.c.seq)
        .where(
            _AHEAD.c.team_id == outbox.c.team_id,
            _AHEAD.c.lane == outbox.c.lane,
            _AHEAD.c.settled_at.is_(None),
            _AHEAD.c.seq < outbox.c.seq,
        )
        .exists(),
    )
    .order_by(outbox.c.priority, outbox.c.due_at, outbox.c.seq)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_ROOT_UNDER_WAY = (
    select(outbox.c.key)
    .join(
        incidents,
        and_(
            incidents.c.team_id == outbox.c.team_id,
            outbox.c.lane == literal("incident:") + cast(incidents.c.number, String),
        ),
    )
    .where(
        incidents.c.team_id == bindparam("of_team"),
        incidents.c.channel == bindparam("of_channel"),
        outbox.c.settled_at.is_(None),
        outbox.c.blocked_at.is_(None),
        outbox.c.uncertain_since.is_not(None),
        or_(outbox.c.key.startswith("opened:"), outbox.c.key.startswith("again:")),
    )
    .limit(1)
)
_SET = update(outbox).where(outbox.c.team_id == bindparam("of_team"), outbox.c.key == bindparam("of_key"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A notice that was taken and must now be delivered.

    *uncertain_since* is when an earlier attempt began whose outcome nobody knows; None if there was none.
    """

    team: TeamId
    key: str
    lane: str
    notice: Notice
    attempts: int
    uncertain_since: datetime | None
    last_error: str | None


def incident_lane(number: IncidentNumber) -> str:
    """The lane of all posts in an incident's thread."""
    return f"incident:{number}"


def lane_of(notice: Notice) -> str:
    """Which notices a notice has to wait for."""
    match notice:
        case ReceiptChanged() | MessageWanted() | TextWanted() | ThreadWanted():
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
        case MembersWanted() | PersonWanted() | TextWanted() | ThreadWanted():
            return THEN_QUESTIONS
        case _:
            return THEN_POSTS


def put(session: Session, team: TeamId, notice: Notice, *, key: str, now: datetime) -> None:
    """Owe a notice, once for each *key*.

    Where two transactions want the same place in a lane, the later one waits for the other and moves up.
    """
    lane = lane_of(notice)
    row = {
        "team_id": team,
        "key": key,
        "lane": lane,
        "priority": _priority(notice),
        "notice": NOTICE.dump_json(notice).decode(),
        "owed_at": now,
        "due_at": now,
    }
    place, name = {"of_team": team, "of_lane": lane}, {"of_team": team, "of_key": key}
    while session.execute(_PUT, row | place).first() is None and session.execute(_OWED, name).first() is None:
        # The place was taken, not the key; whoever took it has committed, so there is a next one.
        continue


def take(session: Session, now: datetime) -> Owed | None:
    """The next notice that is due, with its next attempt booked; None when nothing is."""
    while row := session.execute(_NEXT, {"now": now}).first():
        team = TeamId(row.team_id)
        try:
            notice = NOTICE.validate_json(row.notice)
        except ValidationError as error:
            # Another version of us wrote it. It is kept, and nothing else may wait for it.
            why = f"cannot be read: {error.errors()[0]['msg']}"
            _set(session, team, row.key, settled_at=now, given_up=True, last_error=why)
            continue
        booked = {"due_at": now + LEASE, "attempts": row.attempts + 1}
        _set(session, team, row.key, **booked, uncertain_since=row.uncertain_since or now)
        return Owed(
            team=team,
            key=row.key,
            lane=row.lane,
            notice=notice,
            attempts=row.attempts + 1,
            uncertain_since=row.uncertain_since,
            last_error=row.last_error,
        )
    return None


def root_under_way(session: Session, team: TeamId, channel: ChannelId) -> bool:
    """Whether a chart is just being posted in the channel: Slack may show it before we know where."""
    row = session.execute(_ROOT_UNDER_WAY, {"of_team": team, "of_channel": channel}).first()
    return row is not None


def _set(session: Session, team: TeamId, key: str, **values: object) -> None:
    session.execute(_SET, {"of_team": team, "of_key": key} | values)


def settle(session: Session, owed: Owed, now: datetime, slack_ts: MessageTs | None = None) -> None:
    """It was delivered."""
    done = {"settled_at": now, "slack_ts": slack_ts}
    _set(session, owed.team, owed.key, **done, uncertain_since=None, last_error=None)


def give_up(session: Session, owed: Owed, now: datetime, error: str) -> None:
    """It never can be delivered: keep it with its error, and let the lane go on."""
    _set(session, owed.team, owed.key, settled_at=now, given_up=True, last_error=error)


def again(session: Session, owed: Owed, *, at: datetime, error: str, certain: bool) -> None:
    """Try again at a later time; *certain* where we know that no attempt so far has got through."""
    known = {"uncertain_since": None} if certain else {}
    _set(session, owed.team, owed.key, due_at=at, last_error=error, **known)


def block(session: Session, owed: Owed, now: datetime, error: str, *, certain: bool) -> None:
    """Park the lane at this notice until somebody mends what is in its way; *certain* as for `again`."""
    known = {"uncertain_since": None} if certain else {}
    _set(session, owed.team, owed.key, blocked_at=now, last_error=error, **known)


def wake(session: Session, team: TeamId, channel: ChannelId, now: datetime) -> None:
    """Let the lanes go on that were parked because of a channel."""
    of_incidents = select(literal("incident:") + cast(incidents.c.number, String)).where(
        incidents.c.team_id == team, incidents.c.channel == channel
    )
    concerned = or_(
        outbox.c.lane.in_(of_incidents),
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
