"""Notices owed to people, kept in the transaction that makes them true.

To take a notice is to book its next attempt first: a worker that dies half-way needs no rescue, the notice
simply falls due again. Notices of one lane go out in order, one at a time; lanes do not wait for each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import Insert, insert  # Serves both databases, see incidents.py.

from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, TeamId
from bot.domain.notice import (
    NOTICE,
    DigestCompiled,
    ExportWanted,
    HandoffFiled,
    HandoffTold,
    HintOwed,
    IncidentOpened,
    InsistWanted,
    MembersWanted,
    MessageWanted,
    Notice,
    OpinionAsked,
    OpinionsDue,
    PersonWanted,
    PictureWanted,
    PostChanged,
    PostingBlocked,
    ReceiptChanged,
    StatsWanted,
    TextWanted,
    ThreadWanted,
    TimeUp,
    TrendsWanted,
    WatchOver,
)
from bot.store import paces
from bot.store.session import Session, carry_out, first
from bot.store.tables import incidents, outbox

# What a lane of things that wait for their time has in its name.
TIMER = ":timer:"
# Longer than looking for a post, joining its channel and posting it may take together, so that nobody takes
# what is still being sent. After a crash nobody has to wait for it, see `release`.
LEASE = timedelta(minutes=2)
KEPT = timedelta(days=14)
ROOTS_FIRST, THEN_POSTS, THEN_QUESTIONS, DIGESTS_LAST = 0, 1, 2, 3

# Built once, see incidents.py.
_OWED = select(outbox.c.seq).where(
    outbox.c.team_id == bindparam("of_team"), outbox.c.key == bindparam("of_key")
)


def _place(name: str, team: str, number: str) -> ColumnElement[Any]:
    """Where a notice is counted: in its own place, or in the channel of its incident."""
    of_incident = select(incidents.c.channel).where(
        incidents.c.team_id == bindparam(team, type_=String),
        incidents.c.number == bindparam(number, type_=Integer),
    )
    return func.coalesce(bindparam(name, type_=String), of_incident.scalar_subquery())


_PUT = (
    insert(outbox)
    .values(
        channel=_place("in_place", "of_team", "of_incident"),
        seq=select(func.coalesce(func.max(outbox.c.seq), 0) + 1)
        .where(outbox.c.team_id == bindparam("of_team"), outbox.c.lane == bindparam("of_lane"))
        .scalar_subquery(),
        attempts=0,
        given_up=False,
    )
    .on_conflict_do_nothing()
    .returning(outbox.c.seq)
)
_UNSETTLED = _OWED.where(outbox.c.settled_at.is_(None))
_OF_LANE = outbox.alias("of_lane")
# The first of its lane, in words that no database turns into a comparison of all with all. With "not exists",
# and before its statistics knew of a backlog of 5,000, PostgreSQL needed for one look more than the second
# that a statement may take, so that nothing was delivered; now 25 ms, and 1 ms once they know. Nothing may be
# added to the order: it is that of the index, so that whoever walks along it finds what is due unsorted.
_NEXT = (
    select(outbox)
    .where(
        outbox.c.settled_at.is_(None),
        outbox.c.blocked_at.is_(None),
        outbox.c.due_at <= bindparam("now"),
        paces.open_places(bindparam("now")),
        outbox.c.seq
        == select(func.min(_OF_LANE.c.seq))
        .where(
            _OF_LANE.c.team_id == outbox.c.team_id,
            _OF_LANE.c.lane == outbox.c.lane,
            _OF_LANE.c.settled_at.is_(None),
        )
        .scalar_subquery(),
    )
    .order_by(outbox.c.priority, outbox.c.due_at)
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
_WAITING = (
    select(outbox.c.key)
    .where(
        outbox.c.team_id == bindparam("of_team"),
        outbox.c.lane == bindparam("of_lane"),
        outbox.c.settled_at.is_(None),
        outbox.c.attempts == 0,
    )
    .limit(1)
    .with_for_update(skip_locked=True)
)
_UNDER_WAY = (
    select(outbox.c.key)
    .where(
        outbox.c.team_id == bindparam("of_team"),
        outbox.c.lane == bindparam("of_lane"),
        outbox.c.settled_at.is_(None),
        outbox.c.owed_at > bindparam("since"),
    )
    .limit(1)
)
_SET = update(outbox).where(outbox.c.team_id == bindparam("of_team"), outbox.c.key == bindparam("of_key"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A notice that was taken and must now be delivered.

    *uncertain_since* is when an earlier attempt began whose outcome nobody knows; None if there was none.
    *place* is where Slack counts it, and *due_at* its place among the others that wait.
    """

    team: TeamId
    key: str
    lane: str
    place: str | None
    notice: Notice
    due_at: datetime
    attempts: int
    uncertain_since: datetime | None
    last_error: str | None


def incident_lane(number: IncidentNumber) -> str:
    """The lane of all posts in an incident's thread."""
    return f"incident:{number}"


def digest_lane(channel: ChannelId) -> str:
    """The lane of all digests of a channel."""
    return f"digest:{channel}"


def lane_of(notice: Notice) -> str:  # noqa: C901, PLR0911, PLR0912 - one line a kind of notice.
    """Which notices a notice has to wait for."""
    match notice:
        case ReceiptChanged() | MessageWanted() | InsistWanted() | TextWanted() | ThreadWanted():
            return f"message:{notice.channel}:{notice.ts}"
        case HintOwed():
            return f"hint:{notice.channel}:{notice.user}"
        case MembersWanted():
            return f"members:{notice.channel}"
        case PersonWanted():
            return f"person:{notice.user}"
        case DigestCompiled():
            return digest_lane(notice.channel)
        case TrendsWanted():
            return f"{digest_lane(notice.channel)}:picture"
        case PostingBlocked() | OpinionAsked() | HandoffTold():
            return f"told:{notice.user}"
        case PostChanged():
            return f"{incident_lane(notice.incident)}:post:{notice.key}"
        case StatsWanted():
            return f"stats:{notice.by}"
        case ExportWanted():
            return f"{incident_lane(notice.incident)}:export:{notice.by}"
        case PictureWanted() | HandoffFiled():
            return f"{incident_lane(notice.incident)}:picture"
        # What waits for its time has a lane of its own, or the thread would wait with it.
        case TimeUp():
            return f"{incident_lane(notice.incident)}{TIMER}{notice.what}"
        case WatchOver():
            return f"{incident_lane(notice.incident)}{TIMER}{notice.name}"
        case OpinionsDue():
            return f"{incident_lane(notice.incident)}{TIMER}{notice.name}:{notice.round}"
        case _:
            return incident_lane(notice.incident)


def _priority(notice: Notice) -> int:
    match notice:
        case IncidentOpened() | ReceiptChanged() | HintOwed():
            return ROOTS_FIRST
        case MembersWanted() | PersonWanted() | TextWanted() | ThreadWanted():
            return THEN_QUESTIONS
        case DigestCompiled() | TrendsWanted():
            return DIGESTS_LAST
        case _:
            return THEN_POSTS


def put(
    session: Session, team: TeamId, notice: Notice, *, key: str, now: datetime, due: datetime | None = None
) -> None:
    """Owe a notice, once for each *key*; it is delivered at once, or when it is *due*.

    Where two transactions want the same place in a lane, the later one waits for the other and moves up.
    """
    row = _row(team, notice, key, now) | {"due_at": due or now}
    place, name = {"of_team": team, "of_lane": row["lane"]}, {"of_team": team, "of_key": key}
    while first(session, _PUT, row | place) is None and first(session, _OWED, name) is None:
        # The place was taken, not the key; whoever took it has committed, so there is a next one.
        continue


def begin_lane(session: Session, team: TeamId, notices: Mapping[str, Notice], now: datetime) -> None:
    """Owe the first notices of a lane that nobody else can know of yet, by their keys."""
    values: dict[str, object] = {}
    for seq, (key, notice) in enumerate(notices.items(), start=1):
        row = _row(team, notice, key, now) | {"seq": seq, "attempts": 0, "given_up": False}
        values |= {f"{name}_{seq}": value for name, value in row.items()}
    carry_out(session, _lane_of_so_many(len(notices)), values)


@lru_cache
def _lane_of_so_many(notices: int) -> Insert:
    """All rows in one statement: each costs a tenth of a millisecond on its way to PostgreSQL."""
    return insert(outbox).values([_place_of_lane(seq) for seq in range(1, notices + 1)])


def _place_of_lane(seq: int) -> dict[str, ColumnElement[Any]]:
    given: dict[str, ColumnElement[Any]] = {
        column.name: bindparam(f"{column.name}_{seq}", type_=column.type)
        for column in outbox.columns
        if not column.nullable
    }
    return given | {"channel": _place(f"in_place_{seq}", f"team_id_{seq}", f"of_incident_{seq}")}


def _row(team: TeamId, notice: Notice, key: str, now: datetime) -> dict[str, object]:
    return {
        "team_id": team,
        "key": key,
        "lane": lane_of(notice),
        "priority": _priority(notice),
        "notice": NOTICE.dump_json(notice).decode(),
        "owed_at": now,
        "due_at": now,
        "in_place": paces.place_of(notice),
        "of_incident": paces.incident_of(notice),
    }


def take(session: Session, now: datetime, *, paced: bool = True) -> Owed | None:
    """The next notice that is due, with its next attempt booked; None when nothing is.

    Where it is *paced*, a message has also taken its turn in its channel and in the workspace.
    """
    while row := first(session, _NEXT, {"now": now}):
        team = TeamId(row.team_id)
        try:
            notice = NOTICE.validate_json(row.notice)
        except ValidationError as error:
            # Another version of us wrote it. It is kept, and nothing else may wait for it.
            why = f"cannot be read: {error.errors()[0]['msg']}"
            _set(session, team, row.key, settled_at=now, given_up=True, last_error=why)
            continue
        if paced and paces.is_message(row.channel) and not paces.book(session, team, row.channel, now):
            # Another process has just taken the turn, so the next look does not find this one.
            continue
        booked = {"due_at": now + LEASE, "attempts": row.attempts + 1}
        _set(session, team, row.key, **booked, uncertain_since=row.uncertain_since or now)
        return Owed(
            team=team,
            key=row.key,
            lane=row.lane,
            place=row.channel,
            notice=notice,
            due_at=row.due_at,
            attempts=row.attempts + 1,
            uncertain_since=row.uncertain_since,
            last_error=row.last_error,
        )
    return None


def root_under_way(session: Session, team: TeamId, channel: ChannelId) -> bool:
    """Whether a chart is just being posted in the channel: Slack may show it before we know where."""
    return first(session, _ROOT_UNDER_WAY, {"of_team": team, "of_channel": channel}) is not None


def is_waiting(session: Session, team: TeamId, notice: Notice) -> bool:
    """Whether a notice of the same lane waits whose delivery has not begun, and will not before we end."""
    return first(session, _WAITING, {"of_team": team, "of_lane": lane_of(notice)}) is not None


def is_under_way(session: Session, team: TeamId, notice: Notice, since: datetime) -> bool:
    """Whether a notice of the same lane was owed after *since* and is still not delivered."""
    values = {"of_team": team, "of_lane": lane_of(notice), "since": since}
    return first(session, _UNDER_WAY, values) is not None


def is_owed(session: Session, team: TeamId, key: str) -> bool:
    """Whether a notice was owed under a key and has neither been delivered nor given up."""
    found = first(session, _UNSETTLED, {"of_team": team, "of_key": key})
    return found is not None


@dataclass(frozen=True, slots=True)
class Delivered:
    """A notice that is in Slack, at *ts*."""

    notice: Notice
    ts: MessageTs


def delivered(session: Session, team: TeamId, key: str) -> Delivered | None:
    """What was delivered under a key; None where it was not, or not yet."""
    row = session.execute(
        select(outbox.c.notice, outbox.c.slack_ts).where(outbox.c.team_id == team, outbox.c.key == key)
    ).first()
    if row is None or row.slack_ts is None:
        return None
    return Delivered(NOTICE.validate_json(row.notice), MessageTs(row.slack_ts))


def _set(session: Session, team: TeamId, key: str, **values: object) -> None:
    carry_out(session, _SET, {"of_team": team, "of_key": key} | values)


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
