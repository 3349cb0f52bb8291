"""POST /upload/{file_id} takes a file's bytes, GET /files/{file_id}/{name} gives them back."""

from http import HTTPStatus
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.sandbox.config import Json
from bot.sandbox.hub import Hub
from bot.sandbox.webapi.weather import note, weathered

UPLOAD = "upload"
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


async def take_upload(hub: Hub, request: Request) -> Response:
    """The raw bytes; as many as were announced. Its faults and calls go by the name "upload"."""
    file_id = request.path_params["file_id"]
    content = await request.body()
    given: Json = {"file": file_id, "length": len(content)}

    def answer() -> Response:
        text, status = _taken(hub, file_id, content)
        refused = {} if status == HTTPStatus.OK else {"error": text}
        note(hub, UPLOAD, given, {"ok": not refused, **refused}, status)
        return PlainTextResponse(text, status)

    return await weathered(hub, request, UPLOAD, given, answer)


def _taken(hub: Hub, file_id: str, content: bytes) -> tuple[str, int]:
    upload = hub.world.files.get(file_id)
    if upload is None or upload.content is not None:
        return "file not found", 404
    if len(content) != upload.length:
        hub.journal.complain(UPLOAD, f"{len(content)} bytes came, {upload.length} were announced")
        return "wrong length", 400
    upload.content = content
    return f"OK - {len(content)}", 200


async def give_file(hub: Hub, request: Request) -> Response:
    """The file; only a picture is ever shown, everything else could run as a page of this server."""
    upload = hub.world.files.get(request.path_params["file_id"])
    if upload is None or not upload.completed:
        return PlainTextResponse("file not found", 404)
    headers = {"x-content-type-options": "nosniff"}
    if upload.mimetype in PICTURES:
        return Response(upload.content, media_type=upload.mimetype, headers=headers)
    headers["content-disposition"] = f"attachment; filename*=utf-8''{quote(upload.name, safe='')}"
    return Response(upload.content, media_type="application/octet-stream", headers=headers)
