"""POST /upload/{file_id} takes a file's bytes, GET /files/{file_id}/{name} gives them back."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.sandbox.hub import Hub

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


async def take_upload(hub: Hub, request: Request) -> Response:
    """The raw bytes; as many as were announced."""
    upload = hub.world.files.get(request.path_params["file_id"])
    if upload is None or upload.content is not None:
        return PlainTextResponse("file not found", 404)
    content = await request.body()
    if len(content) != upload.length:
        hub.journal.complain("upload", f"{len(content)} bytes came, {upload.length} were announced")
        return PlainTextResponse("wrong length", 400)
    upload.content = content
    return PlainTextResponse(f"OK - {len(content)}")


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
