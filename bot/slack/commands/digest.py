"""What happens when somebody types ``/incident digest``."""

from typing import assert_never

from bot.domain.digest.ordering import DigestWish
from bot.domain.heard import Who
from bot.slack.commands.named import zone_of
from bot.slack.desk import Desk
from bot.slack.line.digest import CancelDigest, DigestRequest, ListDigests, OrderDigest, ShowDigest
from bot.slack.render import digest_answers as answers
from bot.slack.render.answers import Answer
from bot.usecases.order_digest import (
    cancel_digest,
    list_orders,
    order_digest,
    show_digest,
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
    zone = wish.zone or zone_of(desk, who)
    with desk.database.writing() as session:
        found = order_digest(session, who, wish, zone, desk.clock())
    return answers.ordered(found.order.schedule, found.first, guessed=found.guessed)
