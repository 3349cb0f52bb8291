"""files.*: the bot's uploads in Slack's three steps; sharing happens after the answer, as on Slack."""

import asyncio

from bot.sandbox.blockkit.check import checked_blocks
from bot.sandbox.config import Json, SlackError
from bot.sandbox.files import announce, finish, new_upload, share
from bot.sandbox.hub import Hub
from bot.sandbox.messages import add_message, bot_message, check_thread
from bot.sandbox.shapes import file_object
from bot.sandbox.webapi.method import LIST, OBJECTS, TEXT, WHOLE, Method, open_channel
from bot.sandbox.world import BOT_USER, Channel, Upload

LONGEST_ALT = 1000


def get_upload_url(hub: Hub, args: Json) -> Json:
    """files.getUploadURLExternal."""
    if args["length"] < 1 or len(args.get("alt_txt", "")) > LONGEST_ALT:
        raise SlackError("invalid_arguments")
    upload = new_upload(hub, BOT_USER, args["filename"], args["length"])
    upload.alt_text = args.get("alt_txt", "")
    return {"upload_url": f"{hub.base_url}/upload/{upload.id}", "file_id": upload.id}


def complete_upload(hub: Hub, args: Json) -> Json:
    """files.completeUploadExternal."""
    uploads = [_uploaded(hub, one) for one in args["files"]]
    channel_ids = [args["channel_id"]] if "channel_id" in args else args.get("channels", [])
    channels = [open_channel(hub, one) for one in channel_ids]
    thread_ts = args.get("thread_ts")
    if thread_ts:
        for channel in channels:
            check_thread(channel, thread_ts)
    text = args.get("initial_comment", "")
    body = bot_message(hub, text, None if text else checked_blocks(hub, args.get("blocks")))
    asyncio.get_running_loop().call_soon(_share_all, hub, uploads, channels, (body, thread_ts))
    return {"files": [{"id": upload.id, "title": upload.title or upload.name} for upload in uploads]}


def _uploaded(hub: Hub, given: Json) -> Upload:
    upload = hub.world.files.get(given.get("id", ""))
    if upload is None or upload.content is None or upload.completed:
        raise SlackError("file_not_found")
    upload.title = given.get("title") or upload.name
    return upload


def _share_all(
    hub: Hub, uploads: list[Upload], channels: list[Channel], post: tuple[Json, str | None]
) -> None:
    body, thread_ts = post
    for upload in uploads:
        finish(upload, upload.content or b"")
    for channel in channels:
        shown = [file_object(upload, hub.base_url) for upload in uploads]
        whole = body | {"subtype": "file_share", "files": shown, "upload": True, "display_as_bot": False}
        message = add_message(hub, channel, whole, thread_ts)
        for upload in uploads:
            share(upload, channel, message["ts"], thread_ts)
            announce(hub, channel, upload)


def info(hub: Hub, args: Json) -> Json:
    """files.info."""
    upload = hub.world.files.get(args["file"])
    if upload is None:
        raise SlackError("file_not_found")
    shares = upload.shares
    shape = file_object(upload, hub.base_url) | {
        "shares": shares,
        "channels": list(shares.get("public", {})),
        "groups": [one for one in shares.get("private", {}) if not one.startswith("D")],
        "ims": [one for one in shares.get("private", {}) if one.startswith("D")],
        "comments_count": 0,
    }
    return {"file": shape, "comments": [], "response_metadata": {"next_cursor": ""}}


COMPLETED = {
    "channel_id": TEXT,
    "channels": LIST,
    "initial_comment": TEXT,
    "blocks": OBJECTS,
    "thread_ts": TEXT,
}
PAGED = {"count": WHOLE, "page": WHOLE, "limit": WHOLE, "cursor": TEXT}

METHODS = (
    Method(
        "files.getUploadURLExternal",
        get_upload_url,
        {"filename": TEXT, "length": WHOLE},
        {"alt_txt": TEXT, "snippet_type": TEXT},
        ("files:write",),
    ),
    Method("files.completeUploadExternal", complete_upload, {"files": OBJECTS}, COMPLETED, ("files:write",)),
    Method("files.info", info, {"file": TEXT}, PAGED, ("files:read",)),
)
