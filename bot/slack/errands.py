"""What has to be asked of Slack: makes the request, and hands the answer to the use case that wants it."""

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from bot.domain.heard import Reply
from bot.domain.notice import (
    InsistWanted,
    MembersWanted,
    MessageWanted,
    PersonWanted,
    TextWanted,
    ThreadWanted,
)
from bot.slack import requests
from bot.slack.catch_up import read_thread
from bot.slack.gateway import Gateway
from bot.store.outbox import Owed
from bot.store.session import Session
from bot.usecases.follow_channel import know_channel, know_person
from bot.usecases.hand_over import show_offers_to
from bot.usecases.log_entry import complete_text
from bot.usecases.log_reply import log_reply
from bot.usecases.mark_message import cannot_read, fill_entry

Wanted = MessageWanted | InsistWanted | TextWanted | ThreadWanted | MembersWanted | PersonWanted
Use = Callable[[Session], None]


def ask(gateway: Gateway, owed: Owed, wanted: Wanted, now: datetime) -> Use:
    """Ask; what comes back stores the answer.

    Raises:
        CannotRead: Slack gives none.
    """
    team = owed.team
    match wanted:
        case MessageWanted() | InsistWanted() | TextWanted():
            found = gateway.message(wanted.channel, wanted.ts)
            if found is None:
                return do_without(owed, wanted, now)
            return _use_message(owed, wanted, requests.any_message(team, wanted.channel, found), now)
        case ThreadWanted():
            thread = gateway.thread(wanted.channel, wanted.ts)
            return lambda session: read_thread(session, team, wanted.channel, thread, now)
        case MembersWanted():
            who = gateway.conversation(wanted.channel).members
            return lambda session: know_channel(session, team, wanted.channel, who)
        case PersonWanted():
            person = gateway.person(wanted.user)

            def learn(session: Session) -> None:
                know_person(session, team, wanted.user, name=person.name, zone=person.zone)
                show_offers_to(session, team, wanted.user, now)

            return learn
        case _:
            assert_never(wanted)


def _use_message(
    owed: Owed, wanted: MessageWanted | InsistWanted | TextWanted, found: Reply, now: datetime
) -> Use:
    if isinstance(wanted, TextWanted):
        return lambda session: complete_text(session, found)
    if isinstance(wanted, InsistWanted):
        return lambda session: log_reply(session, found, now, insists=True)
    return lambda session: fill_entry(session, wanted, found, key=owed.key, now=now)


def do_without(owed: Owed, wanted: Wanted, now: datetime) -> Use:
    """There is no answer: tell the person who waits for it. For the others nobody waits."""
    if not isinstance(wanted, MessageWanted):
        return lambda _session: None
    channel, key = wanted.channel, owed.key
    return lambda session: cannot_read(session, owed.team, wanted, channel=channel, key=key, now=now)
