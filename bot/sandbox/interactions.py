"""Slash commands, clicks, shortcuts and submissions: sent to the bot, and what its answer means."""

import json
from dataclasses import dataclass

from bot.sandbox.blockkit.check import checked_blocks
from bot.sandbox.config import Json, SlackError
from bot.sandbox.delivery import Answer
from bot.sandbox.elements import action_of, all_state, find, state_of, states_of
from bot.sandbox.files import with_files
from bot.sandbox.hub import Hub
from bot.sandbox.messages import add_ephemeral, add_message, bot_message
from bot.sandbox.shapes import message_object
from bot.sandbox.text import typed_command
from bot.sandbox.views import view_object
from bot.sandbox.world import APP_ID, TEAM_DOMAIN, TEAM_ID, Channel, View

STATUSES = {"ok": "ok", "timeout": "operation_timeout"}


def status_of(answer: Answer) -> str:
    """What the person sees of the bot's answer, or of its silence."""
    return STATUSES.get(answer.outcome, "dispatch_failed")


def body_of(answer: Answer) -> Json | None:
    """The body of an acknowledgement: an object, or text, or nothing."""
    if not answer.body.strip():
        return None
    try:
        decoded = json.loads(answer.body)
    except ValueError:
        decoded = answer.body
    return decoded if isinstance(decoded, dict) else {"text": str(decoded)}


async def deliver(hub: Hub, kind: str, name: str, payload: Json) -> tuple[str, Json | None]:
    """Hands the payload over; the person is told when that failed."""
    job = hub.delivery.submit(kind, name, payload.get("trigger_id") or hub.ids.new(""), payload)
    answer = await job.first
    status = status_of(answer)
    if status != "ok":
        user = payload["user_id"] if kind == "command" else payload["user"]["id"]
        hub.feed.publish("notice", user=user, text=f"{name} failed with the error “{status}”")
        return status, None
    return status, body_of(answer)


def channel_name(channel: Channel) -> str:
    """The name in payloads, which tell the names of private channels and of two people's talk to nobody."""
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.kind == "group" else channel.name


async def run_command(
    hub: Hub, user: str, channel: Channel, command: str, typed: str
) -> tuple[str, Json | None]:
    """A slash command from the message field to the answer in the channel."""
    registered = next((one for one in hub.app.commands if one.command == command), None)
    if registered is None:
        hub.feed.publish("notice", user=user, text=f"{command} is not a valid command.")
        return "no_such_command", None
    payload: Json = {
        "token": "sandbox-verification-token",
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user,
        "user_name": hub.world.users[user].name,
        "command": command,
        "text": typed_command(hub.world, typed.strip(), should_escape=registered.should_escape),
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": hub.response_url(channel.id, user),
        "trigger_id": hub.trigger(user),
    }
    status, response = await deliver(hub, "command", command, payload)
    if response:
        _show_acknowledgement(hub, channel, user, response)
    return status, response


def _show_acknowledgement(hub: Hub, channel: Channel, user: str, response: Json) -> None:
    try:
        blocks = checked_blocks(hub, response.get("blocks"))
    except SlackError as refusal:
        hub.journal.complain("acknowledgement", f"{refusal.code} {refusal.extra}")
        hub.feed.publish("notice", user=user, text=f"The app's answer could not be shown: {refusal.code}")
        return
    if blocks or response.get("text"):
        show_response(hub, channel, user, {**response, "blocks": blocks})


def show_response(
    hub: Hub, channel: Channel, user: str, response: Json, thread_ts: str | None = None
) -> Json:
    """Puts an answer into the conversation: to everybody if it says in_channel, else to that person."""
    body = bot_message(hub, response.get("text", ""), response.get("blocks"))
    if response.get("response_type") == "in_channel":
        return add_message(hub, channel, body, thread_ts)
    return add_ephemeral(hub, channel, user, body, thread_ts)


def _payload(hub: Hub, kind: str, user: str, view_id: str | None = None) -> Json:
    name = hub.world.users[user].name
    return {
        "type": kind,
        "user": {"id": user, "username": name, "name": name, "team_id": TEAM_ID},
        "api_app_id": APP_ID,
        "token": "sandbox-verification-token",
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": hub.trigger(user, view_id),
    }


@dataclass(frozen=True)
class Click:
    """The element used and the value it got; `values` is what stands in the other elements by then."""

    action_id: str
    block_id: str | None
    value: object
    values: dict[str, dict[str, object]]


async def click_message(
    hub: Hub, user: str, channel: Channel, message: Json, click: Click
) -> tuple[str, Json | None]:
    """Somebody uses an element of a message."""
    blocks = message.get("blocks", [])
    entry, held = _used(hub, blocks, click)
    ephemeral = message.get("is_ephemeral", False)
    container: Json = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    if "thread_ts" in message:
        container["thread_ts"] = message["thread_ts"]
    payload = _payload(hub, "block_actions", user) | {
        "container": container,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": all_state(blocks, held)},
        "response_url": hub.response_url(channel.id, user, message["ts"]),
        "actions": [entry],
    }
    if not ephemeral:
        payload["message"] = message_object(channel, message["ts"])
    return await deliver(hub, "interactive", "block_actions", payload)


def _used(hub: Hub, blocks: list[Json], click: Click) -> tuple[Json, dict[str, dict[str, Json]]]:
    """The entry in `actions`, and the states of everything filled in so far."""
    block, element = find(blocks, click.action_id, click.block_id)
    held = states_of(blocks, click.values)
    if element["type"] not in ("button", "overflow", "workflow_button"):
        held.setdefault(block["block_id"], {})[element["action_id"]] = state_of(element, click.value)
    return action_of(block, element, click.value, hub.world.stamp()), held


async def click_view(hub: Hub, user: str, view: View, click: Click) -> tuple[str, Json | None]:
    """Somebody uses an element of a modal or of their Home."""
    entry, held = _used(hub, view.body["blocks"], click)
    for block_id, states in with_files(hub, user, held).items():
        view.values.setdefault(block_id, {}).update(states)
    payload = _payload(hub, "block_actions", user, view.body["id"]) | {
        "container": {"type": "view", "view_id": view.body["id"]},
        "view": view_object(view),
        "actions": [entry],
    }
    return await deliver(hub, "interactive", "block_actions", payload)


async def message_shortcut(hub: Hub, user: str, callback_id: str, channel: Channel, ts: str) -> str:
    """A shortcut from a message's menu."""
    payload = _payload(hub, "message_action", user)
    # A message shortcut names neither the app nor the account name, unlike every other interaction.
    del payload["api_app_id"]
    del payload["user"]["username"]
    payload |= {
        "callback_id": callback_id,
        "action_ts": hub.world.stamp(),
        "message_ts": ts,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": message_object(channel, ts),
        "response_url": hub.response_url(channel.id, user, ts),
    }
    return (await deliver(hub, "interactive", "message_action", payload))[0]


async def global_shortcut(hub: Hub, user: str, callback_id: str) -> str:
    """A shortcut from the search field or the plus menu."""
    payload = _payload(hub, "shortcut", user) | {"callback_id": callback_id, "action_ts": hub.world.stamp()}
    return (await deliver(hub, "interactive", "shortcut", payload))[0]


def view_payload(hub: Hub, kind: str, view: View) -> Json:
    """view_submission or view_closed for that view."""
    payload = _payload(hub, kind, view.user, view.body["id"]) | {"view": view_object(view)}
    if kind == "view_closed":
        del payload["trigger_id"]
        return payload | {"is_cleared": False}
    return payload | {"response_urls": []}
