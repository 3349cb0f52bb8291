"""reactions.*: the bot's emoji on messages."""

from bot.sandbox.config import Json, SlackError
from bot.sandbox.emoji import is_emoji
from bot.sandbox.hub import Hub
from bot.sandbox.messages import add_reaction, remove_reaction
from bot.sandbox.shapes import message_object
from bot.sandbox.webapi.method import FLAG, TEXT, Method, open_channel, own_channel, seen_message
from bot.sandbox.world import BOT_USER

TARGET = {"channel": TEXT, "timestamp": TEXT}


def add(hub: Hub, args: Json) -> Json:
    """reactions.add."""
    channel = open_channel(hub, args["channel"])
    seen_message(channel, args["timestamp"])
    add_reaction(hub, channel, args["timestamp"], BOT_USER, _name(args))
    return {}


def remove(hub: Hub, args: Json) -> Json:
    """reactions.remove."""
    channel = open_channel(hub, args["channel"])
    seen_message(channel, args["timestamp"])
    remove_reaction(hub, channel, args["timestamp"], BOT_USER, _name(args))
    return {}


def _name(args: Json) -> str:
    name: str = args["name"].strip(":")
    if not is_emoji(name):
        raise SlackError("invalid_name")
    return name


def get(hub: Hub, args: Json) -> Json:
    """reactions.get."""
    channel = own_channel(hub, args["channel"])
    seen_message(channel, args["timestamp"])
    message = message_object(channel, args["timestamp"], full_metadata=False)
    return {"type": "message", "channel": channel.id, "message": message}


METHODS = (
    Method("reactions.add", add, {**TARGET, "name": TEXT}, {}, ("reactions:write",)),
    Method("reactions.remove", remove, {**TARGET, "name": TEXT}, {}, ("reactions:write",)),
    Method("reactions.get", get, TARGET, {"full": FLAG}, ("reactions:read",)),
)
