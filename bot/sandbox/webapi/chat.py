"""chat.*: posting, changing and deleting the bot's messages."""

from bot.sandbox.blockkit.check import checked_blocks
from bot.sandbox.config import Json, SlackError
from bot.sandbox.hub import Hub
from bot.sandbox.messages import (
    add_ephemeral,
    add_message,
    bot_message,
    change_message,
    check_thread,
    delete_message,
)
from bot.sandbox.shapes import message_object
from bot.sandbox.webapi.method import (
    FLAG,
    OBJECT,
    OBJECTS,
    TEXT,
    Method,
    known_user,
    open_channel,
    own_channel,
    seen_channel,
    seen_message,
)
from bot.sandbox.world import BOT_ID, TEAM_DOMAIN

LONGEST_TEXT = 40_000
LONGEST_UPDATE = 4_000
MOST_METADATA = 16_000
NO_TEXT = "This content can't be displayed."


def post_message(hub: Hub, args: Json) -> Json:
    """chat.postMessage."""
    channel = open_channel(hub, args["channel"])
    body = _body(hub, args)
    thread_ts = args.get("thread_ts")
    if thread_ts:
        check_thread(channel, thread_ts)
    message = add_message(hub, channel, body, thread_ts, broadcast=args.get("reply_broadcast", False))
    shown = message_object(channel, message["ts"])
    return {"channel": channel.id, "ts": message["ts"], "message": shown}


def _body(hub: Hub, args: Json) -> Json:
    blocks = checked_blocks(hub, args.get("blocks"))
    text = args.get("text", "")
    if not text and not blocks:
        raise SlackError("no_text")
    body = bot_message(hub, text[:LONGEST_TEXT] or NO_TEXT, blocks)
    metadata = args.get("metadata")
    if metadata:
        body["metadata"] = _checked_metadata(metadata)
    return body


def _checked_metadata(metadata: Json) -> Json:
    if set(metadata) != {"event_type", "event_payload"} or not isinstance(metadata["event_payload"], dict):
        raise SlackError("invalid_metadata_format")
    name = metadata["event_type"]
    if not isinstance(name, str) or not name.replace("_", "").replace("-", "").replace(".", "").isalnum():
        raise SlackError("invalid_metadata_format")
    if not all(_is_flat(value) for value in metadata["event_payload"].values()):
        raise SlackError("invalid_metadata_schema")
    if len(str(metadata)) > MOST_METADATA:
        raise SlackError("metadata_too_large")
    return metadata


def _is_flat(value: object) -> bool:
    """Strings, numbers, booleans, and one level of lists or objects of them."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    return all(isinstance(one, (str, int, float)) for one in inner)


def update(hub: Hub, args: Json) -> Json:
    """chat.update."""
    channel = open_channel(hub, args["channel"])
    message = seen_message(channel, args["ts"])
    if message.get("bot_id") != BOT_ID:
        raise SlackError("cant_update_message")
    if len(args.get("text", "")) > LONGEST_UPDATE:
        raise SlackError("msg_too_long")
    kept = {key: value for key, value in message.items() if key not in ("text", "blocks")}
    if args.get("metadata") == {}:
        kept.pop("metadata", None)
    blocks_only = {**args, "text": args.get("text") or (message["text"] if args.get("blocks") else "")}
    body = _body(hub, blocks_only)
    change_message(hub, channel, args["ts"], kept | body)
    shown = message_object(channel, args["ts"])
    return {"channel": channel.id, "ts": args["ts"], "text": body["text"], "message": shown}


def delete(hub: Hub, args: Json) -> Json:
    """chat.delete."""
    channel = own_channel(hub, args["channel"])
    if seen_message(channel, args["ts"]).get("bot_id") != BOT_ID:
        raise SlackError("cant_delete_message")
    delete_message(hub, channel, args["ts"])
    return {"channel": channel.id, "ts": args["ts"]}


def post_ephemeral(hub: Hub, args: Json) -> Json:
    """chat.postEphemeral."""
    channel = open_channel(hub, args["channel"])
    if known_user(hub, args["user"]) not in channel.members:
        raise SlackError("user_not_in_channel")
    thread_ts = args.get("thread_ts")
    if thread_ts:
        check_thread(channel, thread_ts)
    message = add_ephemeral(hub, channel, args["user"], _body(hub, args), thread_ts)
    return {"message_ts": message["ts"]}


def get_permalink(hub: Hub, args: Json) -> Json:
    """chat.getPermalink."""
    channel = seen_channel(hub, args["channel"])
    message = seen_message(channel, args["message_ts"])
    address = f"https://{TEAM_DOMAIN}.slack.com/archives/{channel.id}/p{message['ts'].replace('.', '')}"
    if "thread_ts" in message:
        address += f"?thread_ts={message['thread_ts']}&cid={channel.id}"
    return {"channel": channel.id, "permalink": address}


CONTENT = {"text": TEXT, "blocks": OBJECTS, "metadata": OBJECT, "parse": TEXT, "link_names": FLAG}
POSTED = {**CONTENT, "thread_ts": TEXT, "mrkdwn": FLAG, "unfurl_links": FLAG, "unfurl_media": FLAG}

METHODS = (
    Method(
        "chat.postMessage",
        post_message,
        {"channel": TEXT},
        {**POSTED, "reply_broadcast": FLAG},
        ("chat:write",),
    ),
    Method(
        "chat.update",
        update,
        {"channel": TEXT, "ts": TEXT},
        {**CONTENT, "reply_broadcast": FLAG},
        ("chat:write",),
    ),
    Method("chat.delete", delete, {"channel": TEXT, "ts": TEXT}, {}, ("chat:write",)),
    Method(
        "chat.postEphemeral",
        post_ephemeral,
        {"channel": TEXT, "user": TEXT},
        {"text": TEXT, "blocks": OBJECTS, "thread_ts": TEXT, "parse": TEXT, "link_names": FLAG},
        ("chat:write",),
    ),
    Method("chat.getPermalink", get_permalink, {"channel": TEXT, "message_ts": TEXT}, {}),
)
