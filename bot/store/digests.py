"""Digests: which channels have ordered one, which falls due next, and what was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.digest.document import DIGEST, Digest
from bot.domain.digest.schedule import Schedule, Slot
from bot.domain.ids import ChannelId, TeamId, UserId
from bot.store.session import Session, first
from bot.store.tables import channels, digest_orders, digests, members

# Built once, see incidents.py: it is asked every second.
_NEXT = (
    select(digest_orders)
    .where(digest_orders.c.due_at <= bindparam("now"))
    .order_by(digest_orders.c.due_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A channel's wish for a digest every day; *due_at* is when it is looked at next."""

    team: TeamId
    channel: ChannelId
    schedule: Schedule
    ordered_by: UserId
    ordered_at: datetime
    due_at: datetime


def _value(row: Any) -> Order:  # noqa: ANN401 - a row of SQLAlchemy's.
    return Order(
        team=TeamId(row.team_id),
        channel=ChannelId(row.channel),
        schedule=Schedule(minute=row.minute, zone=row.zone, weekdays=row.weekdays),
        ordered_by=UserId(row.ordered_by),
        ordered_at=row.ordered_at,
        due_at=row.due_at,
    )


def put_order(session: Session, order: Order) -> None:
    """Keep an order in place of the one that the channel may have."""
    values = {
        "minute": order.schedule.minute,
        "zone": order.schedule.zone,
        "weekdays": order.schedule.weekdays,
        "ordered_by": order.ordered_by,
        "ordered_at": order.ordered_at,
        "due_at": order.due_at,
    }
    session.execute(
        insert(digest_orders)
        .values(team_id=order.team, channel=order.channel, **values)
        .on_conflict_do_update(index_elements=["team_id", "channel"], set_=values)
    )


def cancel(session: Session, team: TeamId, channel: ChannelId) -> bool:
    """Drop a channel's order; whether there was one."""
    found = session.execute(
        delete(digest_orders)
        .where(digest_orders.c.team_id == team, digest_orders.c.channel == channel)
        .returning(digest_orders.c.channel)
    )
    return found.first() is not None


def move_channel(session: Session, team: TeamId, before: ChannelId, after: ChannelId) -> None:
    """Follow a channel whose id changed, so that it gets its digests, and none of them again."""
    for table in (digest_orders, digests):
        session.execute(
            update(table).where(table.c.team_id == team, table.c.channel == before).values(channel=after)
        )


def order_of(session: Session, team: TeamId, channel: ChannelId) -> Order | None:
    """The order of one channel."""
    found = session.execute(
        select(digest_orders).where(digest_orders.c.team_id == team, digest_orders.c.channel == channel)
    ).first()
    return _value(found) if found else None


def orders(session: Session, team: TeamId, *, viewer: UserId, here: ChannelId | None) -> Sequence[Order]:
    """The orders of a workspace, as far as *viewer*, who asks *here*, may know of their channels."""
    channel = digest_orders.c.channel
    public = exists().where(
        channels.c.team_id == team, channels.c.channel == channel, channels.c.private.is_(False)
    )
    member = exists().where(
        members.c.team_id == team, members.c.channel == channel, members.c.person == viewer
    )
    found = session.execute(
        select(digest_orders)
        .where(digest_orders.c.team_id == team, or_(public, member, channel == here))
        .order_by(channel)
    )
    return [_value(row) for row in found]


def take(session: Session, now: datetime, *, until: datetime) -> Order | None:
    """The order that is due longest, looked at again at *until* if nothing comes of it; None if none is due.

    So whoever dies over a digest, or fails at it, keeps neither it nor any other from being sent.
    """
    found = first(session, _NEXT, {"now": now})
    if found is None:
        return None
    order = _value(found)
    _set_due(session, order, until)
    return order


def move_on(session: Session, order: Order, *, taken_until: datetime, due_at: datetime) -> bool:
    """Let a taken order wait for its next digest; False where it was changed or dropped meanwhile."""
    found = session.execute(
        update(digest_orders)
        .where(
            digest_orders.c.team_id == order.team,
            digest_orders.c.channel == order.channel,
            digest_orders.c.due_at == taken_until,
            digest_orders.c.ordered_at == order.ordered_at,
        )
        .values(due_at=due_at)
        .returning(digest_orders.c.channel)
    )
    return found.first() is not None


def _set_due(session: Session, order: Order, at: datetime) -> None:
    session.execute(
        update(digest_orders)
        .where(digest_orders.c.team_id == order.team, digest_orders.c.channel == order.channel)
        .values(due_at=at)
    )


def add(session: Session, order: Order, slot: Slot, document: Digest | None, now: datetime) -> bool:
    """Keep a compiled digest, None for one that comes too late; False where that date has one already."""
    values = {
        "due_at": slot.at,
        "compiled_at": now,
        "document": None if document is None else document.model_dump_json(),
    }
    found = session.execute(
        insert(digests)
        .values(team_id=order.team, channel=order.channel, date=slot.date, **values)
        .on_conflict_do_nothing()
        .returning(digests.c.channel)
    )
    return found.first() is not None


def has_one(session: Session, team: TeamId, channel: ChannelId, day: date) -> bool:
    """Whether a channel's date has its digest, or has missed it."""
    return session.execute(_one(team, channel, day)).first() is not None


def last_address(session: Session, team: TeamId) -> str | None:
    """The workspace's address, as its last digest knew it; None where none was compiled."""
    of = digests.c
    last = select(of.document).where(of.team_id == team, of.document.is_not(None))
    stored = session.execute(last.order_by(of.compiled_at.desc()).limit(1)).scalar()
    return None if stored is None else DIGEST.validate_json(stored).address


def find(session: Session, team: TeamId, channel: ChannelId, day: date) -> Digest | None:
    """The digest of a channel and local date; None where none was compiled."""
    stored = session.execute(_one(team, channel, day)).scalar()
    return None if stored is None else DIGEST.validate_json(stored)


def _one(team: TeamId, channel: ChannelId, day: date) -> Any:  # noqa: ANN401 - a statement of SQLAlchemy's.
    return select(digests.c.document).where(
        digests.c.team_id == team, digests.c.channel == channel, digests.c.date == day
    )
