"""What can happen to a message, whoever does it: posting, changes, deletion and reactions."""

import uuid

from bot.sandbox.config import Json, SlackError
from bot.sandbox.events import emit, emit_message
from bot.sandbox.hub import Hub
from bot.sandbox.shapes import bot_profile, is_reply, message_object
from bot.sandbox.text import typed_message
from bot.sandbox.world import APP_ID, BOT_ID, BOT_USER, SLACKBOT, TEAM_ID, Channel

# Readers of the channel have these; the message inside an event has not.
HISTORY_ONLY = frozenset({"reactions", "root", "reply_users"})
ROOT_KEYS = frozenset(
    {
        *("type", "subtype", "text", "user", "team", "ts", "thread_ts", "bot_id", "bot_profile", "edited"),
        *("reply_count", "reply_users_count", "latest_reply", "subscribed"),
    }
)


def bot_message(hub: Hub, text: str, blocks: list[Json] | None) -> Json:
    """The body of a post of the bot."""
    body: Json = {
        "type": "message",
        "user": BOT_USER,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "text": text,
        "team": TEAM_ID,
        "bot_profile": bot_profile(hub.app.name),
    }
    return body | ({"blocks": blocks} if blocks else {})


def person_message(hub: Hub, user: str, typed: str) -> Json:
    """The body of what a person typed."""
    text, blocks = typed_message(hub.world, typed)
    body: Json = {
        "type": "message",
        "user": user,
        "client_msg_id": str(uuid.uuid4()),
        "text": text,
        "team": TEAM_ID,
    }
    return body | ({"blocks": blocks} if blocks else {})


def check_thread(channel: Channel, thread_ts: str) -> None:
    """Refuses a thread_ts that is not a message which can have replies."""
    root = channel.messages.get(thread_ts)
    if root is None or is_reply(root):
        raise SlackError("thread_not_found")


def add_message(
    hub: Hub, channel: Channel, body: Json, thread_ts: str | None = None, *, broadcast: bool = False
) -> Json:
    """Stamps and stores the message, and tells the bot and the page."""
    ts = hub.world.stamp()
    message = {**body, "ts": ts}
    if thread_ts:
        check_thread(channel, thread_ts)
        message |= {
            "thread_ts": thread_ts,
            "parent_user_id": channel.messages[thread_ts].get("user", BOT_USER),
        }
        if broadcast:
            message["subtype"] = "thread_broadcast"
            root = message_object(channel, thread_ts)
            message["root"] = {key: value for key, value in root.items() if key in ROOT_KEYS}
        channel.replies.setdefault(thread_ts, []).append(ts)
    channel.messages[ts] = message
    emit_message(hub, channel, message)
    _mention(hub, channel, message)
    hub.feed.publish("message", channel=channel.id, message=message_object(channel, ts))
    if thread_ts:
        _publish_change(hub, channel, thread_ts)
    return message


def _mention(hub: Hub, channel: Channel, message: Json) -> None:
    if f"<@{BOT_USER}>" not in message["text"] or "bot_id" in message or channel.is_im:
        return
    kept = {key: message[key] for key in message if key not in ("root", "subtype", "parent_user_id")}
    event = kept | {"type": "app_mention", "channel": channel.id, "event_ts": message["ts"]}
    emit(hub, event, "app_mention", channel)


def _publish_change(hub: Hub, channel: Channel, ts: str) -> None:
    hub.feed.publish("message_changed", channel=channel.id, message=message_object(channel, ts))


def change_message(hub: Hub, channel: Channel, ts: str, changed: Json) -> None:
    """Puts the new body in place of the old one, whatever the change was."""
    previous = _in_events(message_object(channel, ts))
    channel.messages[ts] = changed
    _emit_changed(hub, channel, _in_events(message_object(channel, ts)), previous)
    _publish_change(hub, channel, ts)


def _emit_changed(hub: Hub, channel: Channel, message: Json, previous: Json) -> None:
    event: Json = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "ts": hub.world.stamp(),
        "message": message,
        "previous_message": previous,
    }
    emit_message(hub, channel, event)


def _in_events(message: Json) -> Json:
    return {key: value for key, value in message.items() if key not in HISTORY_ONLY}


def edit_typed(hub: Hub, channel: Channel, ts: str, user: str, typed: str) -> None:
    """A person's edit of their own message: new text and the mark that it was edited."""
    text, blocks = typed_message(hub.world, typed)
    changed = {key: value for key, value in channel.messages[ts].items() if key != "blocks"}
    seconds = hub.world.stamp().partition(".")[0]
    changed |= {"text": text, "edited": {"user": user, "ts": f"{seconds}.000000"}}
    change_message(hub, channel, ts, changed | ({"blocks": blocks} if blocks else {}))


def delete_message(hub: Hub, channel: Channel, ts: str) -> None:
    """Removes the message; the root of a living thread leaves a tombstone instead."""
    if channel.replies.get(ts):
        change_message(hub, channel, ts, _tombstone(channel.messages[ts]))
        return
    previous = _in_events(message_object(channel, ts))
    message = channel.messages.pop(ts)
    if is_reply(message):
        channel.replies.get(message["thread_ts"], []).remove(ts)
    event: Json = {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "ts": hub.world.stamp(),
        "deleted_ts": ts,
        "previous_message": previous,
    }
    emit_message(hub, channel, event)
    hub.feed.publish("message_deleted", channel=channel.id, ts=ts)
    if is_reply(message):
        _after_reply_went(hub, channel, message["thread_ts"])


def _after_reply_went(hub: Hub, channel: Channel, root: str) -> None:
    """The root counts one reply less; a tombstone without replies goes as well."""
    if channel.messages[root].get("subtype") == "tombstone" and not channel.replies[root]:
        del channel.messages[root]
        hub.feed.publish("message_deleted", channel=channel.id, ts=root)
    else:
        _publish_change(hub, channel, root)


def _tombstone(message: Json) -> Json:
    return {
        "type": "message",
        "subtype": "tombstone",
        "user": SLACKBOT,
        "text": "This message was deleted.",
        "hidden": True,
        "ts": message["ts"],
        "thread_ts": message["ts"],
    }


def add_reaction(hub: Hub, channel: Channel, ts: str, user: str, name: str) -> None:
    """One person's emoji on a message."""
    message = channel.messages[ts]
    reactions: list[Json] = message.setdefault("reactions", [])
    entry = next((one for one in reactions if one["name"] == name), None)
    if entry is None:
        entry = {"name": name, "users": [], "count": 0}
        reactions.append(entry)
    if user in entry["users"]:
        raise SlackError("already_reacted")
    entry["users"] = [*entry["users"], user]
    entry["count"] = len(entry["users"])
    _reacted(hub, channel, message, "reaction_added", (user, name))


def remove_reaction(hub: Hub, channel: Channel, ts: str, user: str, name: str) -> None:
    """Takes one person's emoji back."""
    message = channel.messages[ts]
    reactions: list[Json] = message.get("reactions", [])
    entry = next((one for one in reactions if one["name"] == name and user in one["users"]), None)
    if entry is None:
        raise SlackError("no_reaction")
    entry["users"] = [who for who in entry["users"] if who != user]
    entry["count"] = len(entry["users"])
    left = [one for one in reactions if one["count"]]
    if left:
        message["reactions"] = left
    else:
        del message["reactions"]
    _reacted(hub, channel, message, "reaction_removed", (user, name))


def _reacted(hub: Hub, channel: Channel, message: Json, kind: str, who_what: tuple[str, str]) -> None:
    event: Json = {
        "type": kind,
        "user": who_what[0],
        "reaction": who_what[1],
        "item": {"type": "message", "channel": channel.id, "ts": message["ts"]},
        "event_ts": hub.world.stamp(),
    }
    if "user" in message:
        event["item_user"] = message["user"]
    emit(hub, event, kind, channel)
    hub.feed.publish("reaction", channel=channel.id, ts=message["ts"], reactions=message.get("reactions", []))


def add_ephemeral(hub: Hub, channel: Channel, user: str, body: Json, thread_ts: str | None = None) -> Json:
    """A message that only that person sees."""
    message = {**body, "ts": hub.world.stamp(), "is_ephemeral": True, "user": user}
    if thread_ts:
        message["thread_ts"] = thread_ts
    channel.ephemerals[message["ts"]] = message
    hub.feed.publish("ephemeral", user=user, channel=channel.id, message=message)
    return message
