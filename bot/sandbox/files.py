"""Files: uploads of the bot in Slack's three steps, and what people attach to their messages and modals."""

import mimetypes
from base64 import b64decode
from binascii import Error as NotBase64

from bot.sandbox.config import ControlError, Json
from bot.sandbox.events import emit
from bot.sandbox.hub import Hub
from bot.sandbox.shapes import file_object
from bot.sandbox.world import TEAM_ID, Channel, Upload

FILE_INPUT = "file_input"


def person_file(hub: Hub, user: str, given: Json) -> Upload:
    """A file that somebody attaches to a message or a modal; its content comes as text or as base64."""
    name = str(given.get("name") or "file.txt")
    content = _bytes(str(given["base64"])) if "base64" in given else str(given.get("content", "")).encode()
    upload = new_upload(hub, user, name, len(content))
    finish(upload, content, given.get("mimetype"))
    return upload


def _bytes(encoded: str) -> bytes:
    try:
        return b64decode(encoded, validate=True)
    except NotBase64 as wrong:
        raise ControlError("the file's content is no base64") from wrong


def with_files(hub: Hub, user: str, states: dict[str, dict[str, Json]]) -> dict[str, dict[str, Json]]:
    """The same states, with whole file objects where an input of files names those of that person."""
    return {
        block_id: {
            action_id: _with_files(hub, user, state) if state["type"] == FILE_INPUT else state
            for action_id, state in held.items()
        }
        for block_id, held in states.items()
    }


def _with_files(hub: Hub, user: str, state: Json) -> Json:
    uploads = [_own(hub, user, one) for one in state["files"]]
    return {**state, "files": [file_object(upload, hub.base_url) for upload in uploads]}


def _own(hub: Hub, user: str, given: object) -> Upload:
    file_id = given.get("id") if isinstance(given, dict) else given
    upload = hub.world.files.get(str(file_id))
    if upload is None or upload.user != user:
        raise ControlError(f"{user} has uploaded no file {file_id}")
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
