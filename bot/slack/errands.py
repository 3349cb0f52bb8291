"""What has to be asked of Slack: makes the request, and hands the answer to the use case that wants it."""

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from bot.domain.notice import MembersWanted, MessageWanted, PersonWanted, TextWanted
from bot.slack import requests
from bot.slack.gateway import Gateway
from bot.store.outbox import Owed
from bot.store.session import Session
from bot.usecases.follow_channel import know_channel, know_person
from bot.usecases.log_entry import complete_text
from bot.usecases.mark_message import cannot_read, fill_entry

Wanted = MessageWanted | TextWanted | MembersWanted | PersonWanted
Use = Callable[[Session], None]


def ask(gateway: Gateway, owed: Owed, wanted: Wanted, now: datetime) -> Use:
    """Ask; what comes back stores the answer.

    Raises:
        CannotRead: Slack gives none.
    """
    team = owed.team
    match wanted:
        case MessageWanted():
            found = gateway.message(wanted.channel, wanted.ts)
            if found is None:
                return do_without(owed, wanted, now)
            reply = requests.any_message(team, wanted.channel, found)
            return lambda session: fill_entry(session, wanted, reply, key=owed.key, now=now)
        case TextWanted():
            found = gateway.message(wanted.channel, wanted.ts)
            if found is None:
                return do_without(owed, wanted, now)
            whole = requests.any_message(team, wanted.channel, found)
            return lambda session: complete_text(session, whole)
        case MembersWanted():
            who = gateway.conversation(wanted.channel).members
            return lambda session: know_channel(session, team, wanted.channel, who)
        case PersonWanted():
            person = gateway.person(wanted.user)
            return lambda session: know_person(session, team, wanted.user, name=person.name, zone=person.zone)
        case _:
            assert_never(wanted)


def do_without(owed: Owed, wanted: Wanted, now: datetime) -> Use:
    """There is no answer: tell the person who waits for it. For the others nobody waits."""
    if not isinstance(wanted, MessageWanted):
        return lambda _session: None
    channel, key = wanted.channel, owed.key
    return lambda session: cannot_read(session, owed.team, wanted, channel=channel, key=key, now=now)
