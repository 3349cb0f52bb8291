"""What happens when somebody types ``/incident digest``."""

from typing import assert_never

from bot.domain.digest.ordering import DigestWish
from bot.domain.heard import Who
from bot.slack.desk import Desk
from bot.slack.gateway import CannotRead, Person
from bot.slack.line.digest import CancelDigest, DigestRequest, ListDigests, OrderDigest, ShowDigest
from bot.slack.render import digest_answers as answers
from bot.slack.render.answers import Answer
from bot.store import people
from bot.usecases.follow_channel import know_person
from bot.usecases.order_digest import (
    cancel_digest,
    known_zone,
    list_orders,
    order_digest,
    show_digest,
    usable,
)


def carry_out(desk: Desk, who: Who, request: DigestRequest, _key: str = "") -> Answer:
    """Do what was asked about digests; the answer is given once it is stored."""
    now = desk.clock()
    match request:
        case ShowDigest():
            with desk.database.reading() as session:
                return answers.shown_now(show_digest(session, who, desk.identity().address, now))
        case ListDigests():
            with desk.database.reading() as session:
                found = list_orders(session, who)
            return answers.orders_listed([(order.channel, order.schedule) for order in found])
        case CancelDigest():
            with desk.database.writing() as session:
                return answers.cancelled(found=cancel_digest(session, who))
        case OrderDigest(wish):
            return _order(desk, who, wish)
        case _:
            assert_never(request)


def _order(desk: Desk, who: Who, wish: DigestWish) -> Answer:
    now, person = desk.clock(), None
    with desk.database.reading() as session:
        zone = known_zone(session, who)
    if wish.zone is None and zone is None:
        person = _asked(desk, who)
        zone = usable(person.zone) if person else None
    with desk.database.writing() as session:
        if person:
            people.unknown(session, who.team, [who.user], now)
            know_person(session, who.team, who.user, name=person.name, zone=person.zone)
        found = order_digest(session, who, wish, zone, now)
    return answers.ordered(found.order.schedule, found.first, guessed=found.guessed)


def _asked(desk: Desk, who: Who) -> Person | None:
    """What Slack says of the person who waits for our answer; None if it does not say it in time."""
    try:
        return desk.gateway.person(who.user, hurried=True)
    except CannotRead:
        return None
