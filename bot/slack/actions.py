"""What happens when somebody clicks a button or uses a shortcut."""

from collections.abc import Callable
from typing import Any

from bot.domain.chart import Kind
from bot.domain.heard import Reply
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs
from bot.slack import requests
from bot.slack.desk import Desk
from bot.slack.render import answers, modals
from bot.slack.render.calls import View
from bot.store import incidents
from bot.usecases.change_incident import change_lead
from bot.usecases.open_incident import open_another
from bot.usecases.read_chart import list_open

Body = dict[str, Any]
KEPT_TEXT = 1500
KEPT_FILES = 3


def click(desk: Desk, body: Body) -> None:
    """Do what the button says; the part of its id before a colon names it."""
    action = body["actions"][0]
    name, _, detail = action["action_id"].partition(":")
    if name in _VIEWS:
        view = _VIEWS[name](IncidentNumber(int(action["value"])), _here(desk, body))
        desk.gateway.open_view(body["trigger_id"], view)
    elif name in _BUTTONS:
        _BUTTONS[name](desk, body, IncidentNumber(int(action["value"])), detail)


def _log(desk: Desk, body: Body, number: IncidentNumber, detail: str) -> None:
    kind = Kind(detail) if detail else None
    desk.gateway.open_view(body["trigger_id"], modals.log_view(number, kind, _here(desk, body)))


def _here(desk: Desk, body: Body) -> ChannelId | None:
    """Where the click was: whoever clicks in a private conversation is in it."""
    return requests.actor(desk.identity().team, body).channel


def _lead(desk: Desk, body: Body, number: IncidentNumber, _detail: str) -> None:
    who = requests.actor(desk.identity().team, body)
    with desk.database.writing() as session:
        change_lead(session, who, number, who.user, key=requests.action_key(body), now=desk.clock())


def _open_another(desk: Desk, body: Body, number: IncidentNumber, _detail: str) -> None:
    who = requests.actor(desk.identity().team, body)
    with desk.database.writing() as session:
        first = incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
        opened = open_another(session, who, first, key=requests.action_key(body), now=desk.clock())
    answer = answers.opened(opened.incident, repeated=False)
    desk.gateway.whisper_back(body["response_url"], answer["text"])


_BUTTONS: dict[str, Callable[[Desk, Body, IncidentNumber, str], None]] = {
    "log": _log,
    "lead": _lead,
    "open_another": _open_another,
}
# Buttons that only open a modal.
_VIEWS: dict[str, Callable[[IncidentNumber, ChannelId | None], View]] = {
    "severity": modals.severity_view,
    "resolve": modals.resolve_view,
    "reopen": modals.reopen_view,
}


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
    with desk.database.reading() as session:
        offered = list_open(session, who)
        chosen = incidents.in_thread(session, who.team, reply.channel, MessageTs(reply.thread_ts))
    view = modals.log_message_view(chosen, offered, reply.text, _kept(reply))
    desk.gateway.update_view(view_id, view)


def _kept(reply: Reply) -> dict[str, Any]:
    """What the modal remembers of a message; it has room for 3,000 characters, not for every text."""
    return {
        "channel": reply.channel,
        "ts": reply.ts,
        "thread_ts": reply.thread_ts,
        "version": reply.version,
        "author": reply.author,
        "text": reply.text[:KEPT_TEXT],
        "whole": len(reply.text) <= KEPT_TEXT,
        "files": [[file.name[:80], file.permalink[:200]] for file in reply.files[:KEPT_FILES]],
    }
