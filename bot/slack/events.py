"""What happens when people write, edit, delete and react, and when channels and members change."""

from collections.abc import Callable
from typing import Any

from bot.domain.chart import EXAMPLES, Kind
from bot.domain.errors import NotUnderstood
from bot.domain.heard import Reply
from bot.domain.ids import ChannelId, UserId
from bot.slack import requests
from bot.slack.commands.named import person_named
from bot.slack.desk import Desk
from bot.slack.home import open_home
from bot.store.session import Session
from bot.usecases.follow_channel import member_joined, member_left, move_channel, wake_channel
from bot.usecases.follow_workup import Unfit
from bot.usecases.hand_over import EXAMPLE
from bot.usecases.log_reply import log_reply, taking
from bot.usecases.mark_message import mark_message
from bot.usecases.withdraw_message import withdraw_message

Event = dict[str, Any]


def hear_message(desk: Desk, event: Event) -> None:
    """Bring the chart in line with a message that was written, edited or deleted."""
    who = desk.identity()
    deletion = requests.deletion(who.team, event, who.user)
    if deletion:
        with desk.database.writing() as session:
            withdraw_message(session, deletion, desk.clock())
        return
    reply = requests.reply(who.team, event, who.user)
    if reply:
        unfit = _unfit(desk, reply)
        with desk.database.writing() as session:
            log_reply(session, reply, desk.clock(), unfit=unfit)


def _unfit(desk: Desk, reply: Reply) -> Unfit:
    """Who of those to whom it gives something cannot take it: bots, and people who have left."""
    found = dict[UserId, NotUnderstood]()
    for person, kind in taking(reply).items() if reply.to_us else ():
        handed = kind is Kind.HANDOFF
        example = EXAMPLE if handed else f"`{EXAMPLES[kind]}`"
        try:
            # Somebody who was here yesterday may have left, but only what is handed over is worth a question.
            person_named(desk, reply.team, person, example, anew=handed)
        except NotUnderstood as error:
            found[person] = error
    return found


def hear_reaction(desk: Desk, event: Event) -> None:
    """Log a message that somebody marked with a reaction, or no longer."""
    who = desk.identity()
    reaction = requests.reaction(who.team, event, who.user)
    if reaction:
        with desk.database.writing() as session:
            mark_message(session, reaction, desk.clock())


def hear_other(desk: Desk, event: Event) -> None:
    """Follow channels and members; acknowledge everything else, so that Slack does not repeat it."""
    if event.get("type") == "app_home_opened":
        open_home(desk, event)
        return
    follow = _FOLLOWED.get(event.get("type", ""))
    if follow:
        with desk.database.writing() as session:
            follow(desk, session, event)


def _joined(desk: Desk, session: Session, event: Event) -> None:
    who, channel = desk.identity(), ChannelId(event["channel"])
    if event["user"] == who.user:
        wake_channel(session, who.team, channel, desk.clock())
    else:
        member_joined(session, who.team, channel, UserId(event["user"]))


def _left(desk: Desk, session: Session, event: Event) -> None:
    member_left(session, desk.identity().team, ChannelId(event["channel"]), UserId(event["user"]))


def _unarchived(desk: Desk, session: Session, event: Event) -> None:
    wake_channel(session, desk.identity().team, ChannelId(event["channel"]), desk.clock())


def _renumbered(desk: Desk, session: Session, event: Event) -> None:
    before, after = ChannelId(event["old_channel_id"]), ChannelId(event["new_channel_id"])
    move_channel(session, desk.identity().team, before, after)


_FOLLOWED: dict[str, Callable[[Desk, Session, Event], None]] = {
    "member_joined_channel": _joined,
    "member_left_channel": _left,
    "channel_unarchive": _unarchived,
    "group_unarchive": _unarchived,
    "channel_id_changed": _renumbered,
}
