"""pins.* and bookmarks.*."""

from bot.sandbox.config import Json, SlackError
from bot.sandbox.hub import Hub
from bot.sandbox.webapi.method import TEXT, Method, open_channel, own_channel, seen_message
from bot.sandbox.world import APP_ID, BOT_USER, TEAM_ID

MOST_BOOKMARKS = 100


def add_pin(hub: Hub, args: Json) -> Json:
    """pins.add."""
    channel = open_channel(hub, args["channel"])
    seen_message(channel, args["timestamp"])
    if args["timestamp"] in channel.pins:
        raise SlackError("already_pinned")
    channel.pins.append(args["timestamp"])
    return {}


def remove_pin(hub: Hub, args: Json) -> Json:
    """pins.remove."""
    channel = open_channel(hub, args["channel"])
    if args["timestamp"] not in channel.pins:
        raise SlackError("no_pin")
    channel.pins.remove(args["timestamp"])
    return {}


def add_bookmark(hub: Hub, args: Json) -> Json:
    """bookmarks.add."""
    channel = open_channel(hub, args["channel_id"])
    if args["type"] != "link" or not args.get("link", "").startswith(("http://", "https://")):
        raise SlackError("invalid_link")
    if len(channel.bookmarks) >= MOST_BOOKMARKS:
        raise SlackError("too_many_bookmarks")
    now = int(hub.world.now())
    bookmark: Json = {
        "id": hub.ids.new("Bk"),
        "channel_id": channel.id,
        "title": args["title"],
        "link": args["link"],
        "emoji": args.get("emoji", ""),
        "icon_url": "",
        "type": "link",
        "date_created": now,
        "date_updated": 0,
        "rank": "i",
        "last_updated_by_user_id": BOT_USER,
        "last_updated_by_team_id": TEAM_ID,
        "app_id": APP_ID,
    }
    channel.bookmarks.append(bookmark)
    return {"bookmark": bookmark}


def list_bookmarks(hub: Hub, args: Json) -> Json:
    """bookmarks.list."""
    return {"bookmarks": own_channel(hub, args["channel_id"]).bookmarks}


PIN = {"channel": TEXT, "timestamp": TEXT}
BOOKMARK = {"link": TEXT, "emoji": TEXT, "entity_id": TEXT, "parent_id": TEXT}

METHODS = (
    Method("pins.add", add_pin, PIN, {}, ("pins:write",)),
    Method("pins.remove", remove_pin, PIN, {}, ("pins:write",)),
    Method(
        "bookmarks.add",
        add_bookmark,
        {"channel_id": TEXT, "title": TEXT, "type": TEXT},
        BOOKMARK,
        ("bookmarks:write",),
    ),
    Method("bookmarks.list", list_bookmarks, {"channel_id": TEXT}, {}, ("bookmarks:read",)),
)
