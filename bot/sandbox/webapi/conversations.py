"""conversations.*: looking around, reading, joining and inviting."""

from decimal import Decimal

from bot.sandbox.config import Json, SlackError
from bot.sandbox.hub import Hub
from bot.sandbox.members import archive, channel_answer, join, leave, open_group, open_im
from bot.sandbox.shapes import channel_object, is_top_level, message_object
from bot.sandbox.webapi.method import (
    FLAG,
    LIST,
    TEXT,
    WHOLE,
    Method,
    known_user,
    need_scope,
    own_channel,
    page_of,
    seen_channel,
)
from bot.sandbox.world import BOT_USER, Channel

PAGE = {"cursor": TEXT, "limit": WHOLE}
WINDOW = {"oldest": TEXT, "latest": TEXT, "inclusive": FLAG, "include_all_metadata": FLAG, **PAGE}
READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
MOST = 999
DEFAULT_PAGE = 100
MOST_PEOPLE = 8


def info(hub: Hub, args: Json) -> Json:
    """conversations.info."""
    channel = seen_channel(hub, args["channel"])
    return {"channel": channel_object(channel, with_count=args.get("include_num_members", False))}


def list_all(hub: Hub, args: Json) -> Json:
    """conversations.list."""
    kinds = args.get("types") or ["public_channel"]
    seen = [chan for chan in hub.world.channels.values() if _listed(chan, kinds)]
    if args.get("exclude_archived"):
        seen = [chan for chan in seen if not chan.is_archived]
    channels = [
        channel_object(chan, with_count=True) if not chan.is_im else channel_object(chan) for chan in seen
    ]
    page, cursor = page_of(channels, {"limit": DEFAULT_PAGE, **args}, MOST)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


def _listed(channel: Channel, kinds: list[str]) -> bool:
    kind = {"group": "private_channel", "channel": "public_channel"}.get(channel.kind, channel.kind)
    return kind in kinds and (kind == "public_channel" or BOT_USER in channel.members)


def members(hub: Hub, args: Json) -> Json:
    """conversations.members."""
    channel = seen_channel(hub, args["channel"])
    page, cursor = page_of([{"id": who} for who in channel.members], {"limit": DEFAULT_PAGE, **args}, MOST)
    return {"members": [one["id"] for one in page], "response_metadata": {"next_cursor": cursor}}


def history(hub: Hub, args: Json) -> Json:
    """conversations.history: the channel's top level, newest first."""
    channel = own_channel(hub, args["channel"])
    shown = [ts for ts, message in channel.messages.items() if is_top_level(message) and _inside(ts, args)]
    return _messages(channel, shown[::-1], args) | {"pin_count": len(channel.pins)}


def replies(hub: Hub, args: Json) -> Json:
    """conversations.replies: a root and its replies, oldest first; a reply's ts gives that reply alone."""
    channel = own_channel(hub, args["channel"])
    root = args["ts"]
    if root not in channel.messages:
        raise SlackError("thread_not_found")
    shown = [root, *(ts for ts in channel.replies.get(root, []) if _inside(ts, args))]
    return _messages(channel, shown, args)


def _inside(ts: str, args: Json) -> bool:
    # A ts has sixteen digits, one more than a float keeps apart.
    at = Decimal(ts)
    oldest, latest = Decimal(args.get("oldest") or 0), Decimal(args.get("latest") or "Infinity")
    return oldest <= at <= latest if args.get("inclusive") else oldest < at < latest


def _messages(channel: Channel, shown: list[str], args: Json) -> Json:
    full = args.get("include_all_metadata", False)
    page, cursor = page_of([{"ts": ts} for ts in shown], {"limit": DEFAULT_PAGE, **args}, MOST)
    answer: Json = {
        "messages": [message_object(channel, one["ts"], full_metadata=full) for one in page],
        "has_more": bool(cursor),
    }
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def join_channel(hub: Hub, args: Json) -> Json:
    """conversations.join."""
    channel = seen_channel(hub, args["channel"])
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if join(hub, channel, BOT_USER):
        return channel_answer(channel)
    return {**channel_answer(channel), "warning": "already_in_channel"} | {
        "response_metadata": {"warnings": ["already_in_channel"]}
    }


def open_conversation(hub: Hub, args: Json) -> Json:
    """conversations.open: the direct message with one person, or with up to eight."""
    if "channel" in args:
        channel, made = own_channel(hub, args["channel"]), False
    else:
        channel, made = _open_with(hub, args.get("users") or [])
    shape: Json = channel_object(channel) if args.get("return_im") else {"id": channel.id}
    return {"channel": shape} | ({} if made else {"no_op": True, "already_open": True})


def _open_with(hub: Hub, users: list[str]) -> tuple[Channel, bool]:
    people = [known_user(hub, one.strip()) for one in dict.fromkeys(users)]
    if not people:
        raise SlackError("users_list_not_supplied")
    if any(hub.world.users[one].deleted for one in people):
        raise SlackError("user_disabled")
    if len(people) == 1:
        return open_im(hub, people[0])
    if len(people) > MOST_PEOPLE:
        raise SlackError("too_many_users")
    need_scope(hub, "conversations.open", "mpim:write")
    return open_group(hub, people)


def invite(hub: Hub, args: Json) -> Json:
    """conversations.invite."""
    channel = own_channel(hub, args["channel"])
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.is_direct:
        raise SlackError("method_not_supported_for_channel_type")
    for person in args["users"]:
        if person == BOT_USER:
            raise SlackError("cant_invite_self")
        if not join(hub, channel, known_user(hub, person), BOT_USER):
            raise SlackError("already_in_channel")
    return channel_answer(channel)


def leave_channel(hub: Hub, args: Json) -> Json:
    """conversations.leave."""
    channel = seen_channel(hub, args["channel"])
    return {} if leave(hub, channel, BOT_USER) else {"not_in_channel": True}


def archive_channel(hub: Hub, args: Json) -> Json:
    """conversations.archive."""
    channel = own_channel(hub, args["channel"])
    if channel.is_archived:
        raise SlackError("already_archived")
    archive(hub, channel, BOT_USER, archived=True)
    return {}


def unarchive_channel(hub: Hub, args: Json) -> Json:
    """conversations.unarchive."""
    channel = own_channel(hub, args["channel"])
    if not channel.is_archived:
        raise SlackError("not_archived")
    archive(hub, channel, BOT_USER, archived=False)
    return {}


ONE = {"channel": TEXT}
MANAGE = ("channels:manage", "groups:write")
INVITE = (*MANAGE, "channels:write.invites", "groups:write.invites")
LISTED = {"types": LIST, "exclude_archived": FLAG, "team_id": TEXT, **PAGE}
OPENED = {"channel": TEXT, "users": LIST, "return_im": FLAG, "prevent_creation": FLAG}

METHODS = (
    Method("conversations.info", info, ONE, {"include_num_members": FLAG, "include_locale": FLAG}, READ),
    Method("conversations.list", list_all, {}, LISTED, READ),
    Method("conversations.members", members, ONE, PAGE, READ),
    Method("conversations.history", history, ONE, WINDOW, HISTORY),
    Method("conversations.replies", replies, {"channel": TEXT, "ts": TEXT}, WINDOW, HISTORY),
    Method("conversations.join", join_channel, ONE, {}, ("channels:join",)),
    Method("conversations.open", open_conversation, {}, OPENED, ("im:write", "mpim:write")),
    Method("conversations.invite", invite, {"channel": TEXT, "users": LIST}, {"force": FLAG}, INVITE),
    Method("conversations.leave", leave_channel, ONE, {}, MANAGE),
    Method("conversations.archive", archive_channel, ONE, {}, MANAGE),
    Method("conversations.unarchive", unarchive_channel, ONE, {}, MANAGE),
)
