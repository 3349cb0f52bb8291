"""What a Web API method is to the sandbox, and the look-ups that most of them begin with."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.config import Json, SlackError
from bot.sandbox.hub import Hub
from bot.sandbox.world import BOT_USER, Channel

Handler = Callable[[Hub, Json], Json]

TEXT, WHOLE, FLAG, LIST = "text", "whole number", "flag", "list"
OBJECT, OBJECTS = "object", "list of objects"
NUMBER, ANYTHING = "number", "value"
TRUE = ("true", "1", "True")
FALSE = ("false", "0", "False", "")


@dataclass(frozen=True)
class Method:
    """`needs` and `takes` map arguments to kinds; any scope of `scopes` is enough, none means none needed."""

    name: str
    handler: Handler
    needs: dict[str, str]
    takes: dict[str, str]
    scopes: tuple[str, ...] = ()


def read_arguments(needs: dict[str, str], takes: dict[str, str], given: Json) -> tuple[Json, list[str]]:
    """The arguments in Python's types, and what was wrong with them."""
    declared = {**needs, **takes}
    problems = [f"[ERROR] unsupported argument: {name}" for name in given if name not in declared]
    values: Json = {}
    for name, kind in declared.items():
        if name not in given:
            continue
        try:
            values[name] = _read(kind, given[name])
        except ValueError:
            problems.append(f"[ERROR] {name} must be a {kind}")
    missing = [name for name in needs if name not in given]
    return values, problems + [f"[ERROR] missing required field: {name}" for name in missing]


def _read(kind: str, value: object) -> object:
    if kind in READERS:
        return READERS[kind](value)
    if kind == LIST:
        return value.split(",") if isinstance(value, str) else _list(value)
    decoded = json.loads(value) if isinstance(value, str) else value
    if kind == OBJECTS:
        return [_checked(one, dict) for one in _list(decoded)]
    return _checked(decoded, dict)


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError  # noqa: TRY004 - every wrong argument is one kind of mistake here.
    return value


def _text(value: object) -> str:
    if isinstance(value, (dict, list)):
        raise ValueError  # noqa: TRY004 - every wrong argument is one kind of mistake here.
    return str(value)


def _flag(value: object) -> bool:
    if value in (True, False):
        return bool(value)
    if str(value) not in TRUE + FALSE:
        raise ValueError
    return str(value) in TRUE


def _checked(value: object, kind: type) -> object:
    if not isinstance(value, kind):
        raise ValueError  # noqa: TRY004 - every wrong argument is one kind of mistake here.
    return value


READERS: dict[str, Callable[[object], object]] = {
    TEXT: _text,
    WHOLE: lambda value: int(str(value)),
    NUMBER: lambda value: float(str(value)),
    FLAG: _flag,
    ANYTHING: lambda value: value,
}


def seen_channel(hub: Hub, channel_id: str) -> Channel:
    """A conversation that the bot can see: public, or one it is in."""
    channel = hub.world.channels.get(channel_id)
    if channel is None or (BOT_USER not in channel.members and (channel.is_private or channel.is_im)):
        raise SlackError("channel_not_found")
    return channel


def own_channel(hub: Hub, channel_id: str) -> Channel:
    """A conversation that the bot is in."""
    channel = seen_channel(hub, channel_id)
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def open_channel(hub: Hub, channel_id: str) -> Channel:
    """A conversation that the bot may write to."""
    channel = own_channel(hub, channel_id)
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.is_im and not hub.app.messages_tab:
        raise SlackError("messages_tab_disabled")
    return channel


def seen_message(channel: Channel, ts: str) -> Json:
    """A message that exists and is no tombstone."""
    message = channel.messages.get(ts)
    if message is None or message.get("subtype") == "tombstone":
        raise SlackError("message_not_found")
    return dict(message)


def need_scope(hub: Hub, method: str, *scopes: str) -> None:
    """Refuses a call that none of these scopes covers; an app without a manifest has them all."""
    granted = hub.app.scopes
    if granted is not None and scopes and not granted.intersection(scopes):
        hub.journal.complain(method, f"missing scope {scopes[0]}")
        raise SlackError("missing_scope", needed=",".join(scopes), provided=",".join(sorted(granted)))


def known_user(hub: Hub, user: str) -> str:
    """An account of the workspace."""
    if user not in hub.world.users:
        raise SlackError("user_not_found")
    return user


def page_of(items: list[Json], args: Json, most: int) -> tuple[list[Json], str]:
    """One page and the cursor of the next; the cursor is the position, base64 like Slack's is opaque."""
    start = int(args["cursor"].removeprefix("next:")) if args.get("cursor", "").startswith("next:") else 0
    limit = min(args.get("limit") or most, most)
    end = start + limit
    return items[start:end], f"next:{end}" if end < len(items) else ""
