"""Files: uploads of the bot in Slack's three steps, and what people attach to their messages."""

import mimetypes

from bot.sandbox.config import Json
from bot.sandbox.events import emit
from bot.sandbox.hub import Hub
from bot.sandbox.world import TEAM_ID, Channel, Upload


def person_file(hub: Hub, user: str, given: Json) -> Upload:
    """A file that somebody attaches to their message."""
    name = str(given.get("name") or "file.txt")
    content = str(given.get("content", "")).encode()
    upload = new_upload(hub, user, name, len(content))
    finish(upload, content, given.get("mimetype"))
    return upload


def new_upload(hub: Hub, user: str, name: str, length: int) -> Upload:
    """A file that has a name and a size but no content yet."""
    upload = Upload(hub.ids.new("F"), name, length, user, int(hub.world.now()))
    hub.world.files[upload.id] = upload
    return upload


def finish(upload: Upload, content: bytes, mimetype: str | None = None) -> None:
    """The content has arrived and is complete."""
    upload.content = content
    upload.mimetype = mimetype or mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
    upload.completed = True


def share(upload: Upload, channel: Channel, ts: str, thread_ts: str | None = None) -> None:
    """Notes where the file can be seen."""
    kind = "private" if channel.is_private or channel.is_im else "public"
    entry: Json = {"ts": ts, "channel_name": channel.name, "team_id": TEAM_ID, "share_user_id": upload.user}
    where = upload.shares.setdefault(kind, {})
    where.setdefault(channel.id, []).append(entry | ({"thread_ts": thread_ts} if thread_ts else {}))


def announce(hub: Hub, channel: Channel, upload: Upload) -> None:
    """The file_shared event."""
    event: Json = {
        "type": "file_shared",
        "file_id": upload.id,
        "user_id": upload.user,
        "file": {"id": upload.id},
        "channel_id": channel.id,
        "event_ts": hub.world.stamp(),
    }
    emit(hub, event, "file_shared", channel)
