"""Order a digest for a channel, call it off, list what is ordered, or look at one now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.digest.compiling import Occasion
from bot.domain.digest.document import Digest
from bot.domain.digest.ordering import DigestWish
from bot.domain.digest.schedule import Schedule, Slot, next_slot
from bot.domain.heard import Who
from bot.domain.ids import ChannelId, is_direct
from bot.domain.notice import MembersWanted
from bot.store import digests, outbox, people
from bot.store.digests import Order
from bot.store.session import Session
from bot.usecases.read_digest import read_digest

# Where nobody knows a better zone.
NOWHERE = "UTC"
# How many work-ups can be read while somebody waits for an answer, who has to have it within three seconds.
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Ordered:
    """The order of a channel, and its first digest; *guessed* says that nobody knows the zone."""

    order: Order
    first: Slot
    guessed: bool


def order_digest(session: Session, who: Who, wish: DigestWish, zone: str | None, now: datetime) -> Ordered:
    """Have a digest sent every day to the channel that somebody asks in; *zone* is theirs, if it is known."""
    channel = _here(who)
    chosen = wish.zone or zone
    schedule = Schedule(minute=wish.minute, zone=chosen or NOWHERE, weekdays=wish.weekdays)
    first = next_slot(schedule, now)
    while digests.has_one(session, who.team, channel, first.date):
        # One a day: the next one is tomorrow's.
        first = next_slot(schedule, first.at)
    order = Order(
        team=who.team,
        channel=channel,
        schedule=schedule,
        ordered_by=who.user,
        ordered_at=now,
        due_at=first.at,
    )
    digests.put_order(session, order)
    if people.is_private(session, who.team, channel) is None and not is_direct(channel):
        # Until we know, nobody outside the channel is told that it has ordered one.
        wanted = MembersWanted(channel=channel)
        outbox.put(session, who.team, wanted, key=f"members:{channel}:digest:{now.timestamp():.0f}", now=now)
    return Ordered(order, first, guessed=chosen is None)


def cancel_digest(session: Session, who: Who) -> bool:
    """Call off the digest of the channel that somebody asks in; whether there was one."""
    return digests.cancel(session, who.team, _here(who))


def list_orders(session: Session, who: Who) -> Sequence[Order]:
    """The digests that are ordered, as far as somebody may know of their channels."""
    return digests.orders(session, who.team, viewer=who.user, here=who.channel)


def show_digest(session: Session, who: Who, address: str, now: datetime) -> Digest:
    """The digest of the channel somebody asks in, as it is now, by the channel's zone or else by theirs."""
    order = digests.order_of(session, who.team, _here(who))
    zone = order.schedule.zone if order else known_zone(session, who) or NOWHERE
    occasion = Occasion(
        team=who.team,
        channel=_here(who),
        address=address,
        zone=zone,
        date=now.astimezone(ZoneInfo(zone)).date(),
        at=now,
        most=AT_ONCE,
    )
    return read_digest(session, occasion)


def known_zone(session: Session, who: Who) -> str | None:
    """The zone that Slack has told us somebody is in, if we know the rules of that zone."""
    return usable(people.zone(session, who.team, who.user))


def usable(zone: str | None) -> str | None:
    """A zone of Slack's, unless it is none that we know."""
    try:
        return zone and ZoneInfo(zone).key
    except (KeyError, ValueError):
        return None


def _here(who: Who) -> ChannelId:
    assert who.channel is not None  # noqa: S101 - a command always comes from a conversation.
    return who.channel
