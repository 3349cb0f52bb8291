"""What happens when somebody clicks a button or uses a shortcut: the table of all buttons."""

from collections.abc import Sequence
from typing import Any

from bot.domain.heard import Reply, Who
from bot.domain.ids import IncidentNumber, MessageTs, is_direct
from bot.domain.incident import Incident
from bot.slack import requests
from bot.slack.commands.search import show_more
from bot.slack.desk import Desk
from bot.slack.gateway import CannotRead
from bot.slack.guidance import tick_boxes, turn_page
from bot.slack.handoff_forms import OPENINGS as HANDOFFS
from bot.slack.handoff_forms import open_handoff
from bot.slack.openings import BLIND, CHARTED, open_charted, refresh
from bot.slack.render import modals
from bot.slack.taps import TAPS_BY_NAME, open_one_more, tap
from bot.store import incidents, people
from bot.store.session import Session
from bot.usecases.follow_channel import know_channel
from bot.usecases.read_chart import list_fitting

Body = dict[str, Any]
# Whatever else people can use in a message or a modal says nothing until they submit it.
BUTTONS = frozenset({"open_another", *BLIND, *TAPS_BY_NAME, *CHARTED, *HANDOFFS})
# What carries in its id all that it is about.
WITHOUT_INCIDENT = {"guide": turn_page, "checks": tick_boxes, "found_more": show_more}
KEPT_TEXT = 1500
KEPT_FILES = 3


def click(desk: Desk, body: Body) -> None:
    """Do what the button says: its id is a word and, after colons, the details of what it is about."""
    action = body["actions"][0]
    name, *details = action["action_id"].split(":")
    if name in WITHOUT_INCIDENT:
        WITHOUT_INCIDENT[name](desk, body, details)
    if name not in BUTTONS:
        return
    number = IncidentNumber(int(action["value"]))
    if name == "open_another":
        open_one_more(desk, body, number)
    elif name in BLIND:
        here = requests.actor(desk.identity().team, body).channel
        view = BLIND[name](number, here, details)
        desk.gateway.open_view(body["trigger_id"], view, on_top=requests.on_modal(body))
    elif name in TAPS_BY_NAME and (name != "expects" or len(details) > 1):
        tap(desk, body, name, number, details)
        refresh(desk, body)
    elif name in CHARTED:
        open_charted(desk, body, name, number, details)
    elif name in HANDOFFS:
        open_handoff(desk, body, name, number)


def use_shortcut(desk: Desk, body: Body) -> None:
    """Open the modal that the shortcut stands for."""
    if body["callback_id"] == "open_incident":
        desk.gateway.open_view(body["trigger_id"], modals.open_view(None))
    elif body["callback_id"] == "log_to_incident":
        _log_message(desk, body)


def _log_message(desk: Desk, body: Body) -> None:
    """Ask which incident a message belongs to. The trigger is used before anything is read."""
    view_id = desk.gateway.open_view(body["trigger_id"], modals.loading_view())
    who, message = requests.actor(desk.identity().team, body), body["message"]
    reply = requests.any_message(who.team, body["channel"]["id"], message)
    _learn_whether_private(desk, who)
    with desk.database.reading() as session:
        offered = list_fitting(session, who)
        chosen = _meant(session, reply, offered)
        closed = people.is_closed(session, who.team, reply.channel)
    view = modals.log_message_view(chosen, offered, reply.text, _kept(reply), closed=closed)
    desk.gateway.update_view(view_id, view)


def _learn_whether_private(desk: Desk, who: Who) -> None:
    """Ask Slack of the conversation somebody stands in, unless we know; without an answer it is private."""
    if who.channel is None or is_direct(who.channel):
        return
    with desk.database.reading() as session:
        known = people.is_private(session, who.team, who.channel)
    if known is not None:
        return
    try:
        members = desk.gateway.conversation(who.channel, hurried=True).members
    except CannotRead:
        return
    with desk.database.writing() as session:
        know_channel(session, who.team, who.channel, members)


def _meant(session: Session, reply: Reply, offered: Sequence[Incident]) -> IncidentNumber | None:
    """The incident that a message is most likely about: that of its thread, or the only one of its channel.

    Nothing else is guessed: a guess that nobody looks at takes words where they do not belong.
    """
    of_thread = incidents.in_thread(session, reply.team, reply.channel, MessageTs(reply.thread_ts))
    here = [incident.number for incident in offered if incident.channel == reply.channel]
    return of_thread or (here[0] if len(here) == 1 else None)


def _kept(reply: Reply) -> dict[str, Any]:
    """What the modal remembers of a message; it has room for 3,000 characters, not for every text."""
    return {
        "channel": reply.channel,
        "here": reply.channel,
        "ts": reply.ts,
        "thread_ts": reply.thread_ts,
        "version": reply.version,
        "author": reply.author,
        "text": reply.text[:KEPT_TEXT],
        "whole": len(reply.text) <= KEPT_TEXT,
        "files": [[file.name[:80], file.permalink[:200]] for file in reply.files[:KEPT_FILES]],
    }
