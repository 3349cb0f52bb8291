"""Send the digests that are due, each once for its channel and local date, however many of us look.

What is due is first booked for a few minutes later, then compiled in a transaction that only reads, then
stored and owed in a short one. Whoever dies or fails on the way leaves it to be taken again, and keeps no
other from being sent.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.domain.digest.compiling import Occasion
from bot.domain.digest.document import Digest
from bot.domain.digest.schedule import Punctuality, Slot, last_slot, next_slot, punctuality
from bot.domain.ids import TeamId
from bot.domain.notice import DigestCompiled, PostingBlocked, TrendsWanted
from bot.store import digests, outbox
from bot.store.digests import Order
from bot.store.session import Database, Session
from bot.usecases.open_incident import want_people
from bot.usecases.read_digest import read_digest

log = structlog.get_logger()

# Longer than compiling takes, so that nobody takes what is still being compiled.
LEASE = timedelta(minutes=3)
# Slack leads from here to the workspace that a reader is signed in to.
ANYWHERE = "https://slack.com/"


def send_due_digest(database: Database, address: Callable[[], str | None], now: datetime) -> bool:
    """Compile and owe the digest that is due longest; False when none is.

    *address* tells the workspace's, which Slack may have to be asked for; None where Slack cannot say it now,
    for which no digest waits. Whatever is raised has been postponed by a few minutes, so the next call takes
    the next digest.
    """
    with database.quietly() as session:
        order = digests.take(session, now, until=now + LEASE)
    if order is None:
        return False
    slot = last_slot(order.schedule, now)
    log.info("digest.begun", channel=order.channel, date=slot.date.isoformat(), due_at=order.due_at)
    document = _compiled(database, order, slot, address(), now)
    with database.writing() as session:
        _settle(session, order, slot, document, now)
    return True


def _compiled(
    database: Database, order: Order, slot: Slot, address: str | None, now: datetime
) -> Digest | None:
    """What the digest says; None where nobody is to be told any more, or has been told already."""
    late = punctuality(slot.at, now)
    with database.reading() as session:
        sent = digests.has_one(session, order.team, order.channel, slot.date)
        if late is Punctuality.TOO_LATE or sent:
            return None
        occasion = Occasion(
            team=order.team,
            channel=order.channel,
            address=address or digests.last_address(session, order.team) or ANYWHERE,
            zone=order.schedule.zone,
            date=slot.date,
            at=now,
            due_at=slot.at,
            late=late is Punctuality.LATE,
        )
        return read_digest(session, occasion)


def _settle(session: Session, order: Order, slot: Slot, document: Digest | None, now: datetime) -> None:
    """Keep and owe the digest, and let the order wait for the next one."""
    following = next_slot(order.schedule, now)
    if not digests.move_on(session, order, taken_until=now + LEASE, due_at=following.at):
        # Somebody has changed or dropped the order meanwhile, or another process took it after us.
        return
    fresh = digests.add(session, order, slot, document, now)
    if fresh and document is not None:
        notice = DigestCompiled(channel=order.channel, date=slot.date)
        outbox.put(session, order.team, notice, key=digest_key(notice), now=now)
        want_people(session, order.team, {each.lead for each in document.standing if each.lead}, now)
    told = log.info if document is not None else log.warning
    told("digest.settled", channel=order.channel, date=slot.date.isoformat(), sent=document is not None)


def digest_delivered(session: Session, team: TeamId, notice: DigestCompiled, now: datetime) -> None:
    """A digest is in Slack, so there is a thread for its picture, where there is anything to draw."""
    digest = digests.find(session, team, notice.channel, notice.date)
    if digest is None or digest.trends.empty:
        return
    wanted = TrendsWanted(channel=notice.channel, date=notice.date)
    outbox.put(session, team, wanted, key=f"{digest_key(notice)}:picture", now=now)


def digest_blocked(session: Session, team: TeamId, notice: DigestCompiled, error: str, now: datetime) -> None:
    """Slack refuses a digest: tell who ordered it, once for each digest."""
    order = digests.order_of(session, team, notice.channel)
    if order:
        told = PostingBlocked(incident=None, channel=notice.channel, user=order.ordered_by, error=error)
        outbox.put(session, team, told, key=f"blocked:{digest_key(notice)}:{error}", now=now)


def digest_key(notice: DigestCompiled | TrendsWanted) -> str:
    """What the post of a digest is owed under."""
    return f"digest:{notice.channel}:{notice.date.isoformat()}"
