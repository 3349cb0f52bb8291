"""From when on Slack takes the next call in a place, shared by all processes.

A place is a channel, a person's direct messages (by the person's id), a method that has answered 429, or the
whole workspace. Messages are booked before they are sent; what only Slack can know it tells with a 429.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import ColumnElement, String, and_, bindparam, case, delete, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.ids import TeamId
from bot.domain.notice import (
    DigestCompiled,
    ExportWanted,
    HandoffTold,
    HintOwed,
    InsistWanted,
    MembersWanted,
    MessageWanted,
    Notice,
    OpinionAsked,
    OpinionsDue,
    PersonWanted,
    PostChanged,
    PostGone,
    PostingBlocked,
    ReceiptChanged,
    StatsWanted,
    TextWanted,
    ThreadWanted,
    TimeUp,
    TrendsWanted,
)
from bot.domain.pace import CHANNEL, WORKSPACE, takes
from bot.store.session import Session, carry_out, rows
from bot.store.tables import outbox, paces

WHOLE_WORKSPACE = ""
METHOD = "method:"
POSTING = "chat.postMessage"
UPDATING = f"{METHOD}chat.update"
_METHODS: Mapping[type, str] = MappingProxyType(
    {
        PostChanged: "chat.update",
        PostGone: "chat.delete",
        HintOwed: "chat.postEphemeral",
        MessageWanted: "conversations.replies",
        InsistWanted: "conversations.replies",
        TextWanted: "conversations.replies",
        ThreadWanted: "conversations.replies",
        MembersWanted: "conversations.info",
        PersonWanted: "users.info",
    }
)
# A place that has been free for so long is like one that was never used.
KEPT = timedelta(hours=1)

# Built once, see incidents.py. Locked in one order, or two processes could wait for each other.
_BOTH = and_(
    paces.c.team_id == bindparam("of_team"),
    paces.c.place.in_([WHOLE_WORKSPACE, bindparam("of_place", type_=String)]),
)
_LOCKED = select(paces.c.place, paces.c.free_at).where(_BOTH).order_by(paces.c.place).with_for_update()
_CREATED = insert(paces).on_conflict_do_nothing()
_BOOKED = (
    update(paces)
    .where(_BOTH)
    .values(
        free_at=case(
            (paces.c.place == WHOLE_WORKSPACE, bindparam("workspace", type_=paces.c.free_at.type)),
            else_=bindparam("channel", type_=paces.c.free_at.type),
        )
    )
)
_CLOSED = insert(paces)
_CLOSED = _CLOSED.on_conflict_do_update(
    index_elements=[paces.c.team_id, paces.c.place],
    set_={"free_at": _CLOSED.excluded.free_at},
    where=paces.c.free_at < _CLOSED.excluded.free_at,
)


def place_of(notice: Notice) -> str | None:
    """Where Slack counts what delivers a notice; None for an incident's channel, and where nothing is called.

    What is not a message has its method for a place, which is open until it has answered 429.
    """
    match notice:
        case ReceiptChanged():
            return f"{METHOD}reactions.{'add' if notice.present else 'remove'}"
        case PostingBlocked() | OpinionAsked() | HandoffTold():
            return notice.user
        case ExportWanted(here=False) | StatsWanted():
            return notice.by
        case DigestCompiled() | TrendsWanted():
            return notice.channel
        case _:
            method = _METHODS.get(type(notice))
            return method and METHOD + method


def incident_of(notice: Notice) -> int | None:
    """The incident in whose channel a notice becomes a message; None where it becomes none there."""
    if isinstance(notice, TimeUp | OpinionsDue) or place_of(notice):
        return None
    return getattr(notice, "incident", None)


def is_message(place: str | None) -> bool:
    """Whether what goes to a place is a message, and counts in the workspace."""
    return place is not None and not place.startswith(METHOD)


def open_places(now: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a notice's place takes something now.

    In words that make a database list the closed places once, instead of looking for each notice's own.
    """
    closed = select(paces.c.team_id, paces.c.place).where(paces.c.free_at > now)
    exhausted = select(paces.c.team_id).where(paces.c.place == WHOLE_WORKSPACE, paces.c.free_at > now)
    return or_(
        outbox.c.channel.is_(None),
        and_(
            tuple_(outbox.c.team_id, outbox.c.channel).not_in(closed),
            or_(outbox.c.channel.startswith(METHOD), outbox.c.team_id.not_in(exhausted)),
        ),
    )


def open_method(team: ColumnElement[str], place: str, now: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a workspace takes a method's calls now."""
    return team.not_in(select(paces.c.team_id).where(paces.c.place == place, paces.c.free_at > now))


def book(session: Session, team: TeamId, place: str, now: datetime) -> bool:
    """Take a message's turn in its place and in the workspace; False where another process was faster."""
    where = {"of_team": team, "of_place": place}
    found = rows(session, _LOCKED, where)
    if len(found) < 2:  # noqa: PLR2004 - the place and the workspace.
        for name in (WHOLE_WORKSPACE, place):
            # Free for long, but not so long that it is forgotten: the next look finds it and locks it.
            carry_out(session, _CREATED, {"team_id": team, "place": name, "free_at": now - KEPT / 2})
        found = rows(session, _LOCKED, where)
    free = {row.place: row.free_at for row in found}
    if not all(takes(each, now) for each in free.values()):
        return False
    booked = {
        "channel": CHANNEL.after(free[place], now),
        "workspace": WORKSPACE.after(free[WHOLE_WORKSPACE], now),
    }
    carry_out(session, _BOOKED, {**where, **booked})
    return True


def close(session: Session, team: TeamId, place: str, until: datetime) -> None:
    """Slack wants to hear nothing in a place before a moment."""
    carry_out(session, _CLOSED, {"team_id": team, "place": place, "free_at": until})


def forget_old(session: Session, now: datetime) -> None:
    """Drop the places that have been free for long.

    The workspace stays, because whoever books a turn locks it first and must not wait for it here.
    """
    old = and_(paces.c.free_at < now - KEPT, paces.c.place != WHOLE_WORKSPACE)
    session.execute(delete(paces).where(old))
