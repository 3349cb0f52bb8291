"""The sandbox as one ASGI application: Slack's own routes, the control API and the page."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from bot.sandbox.control.route import Background, answer_order, answer_reading
from bot.sandbox.file_routes import give_file, take_upload
from bot.sandbox.hub import Hub
from bot.sandbox.responses import answer_response
from bot.sandbox.stream import stream
from bot.sandbox.webapi.route import answer_call

PAGE = Path(__file__).parent / "page"
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})


def build_app(hub: Hub, ready: Callable[[], None]) -> ASGIApp:
    """The application; `ready` is called once its loop runs."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        retries = asyncio.get_running_loop().create_task(hub.delivery.keep_retrying())
        ready()
        yield
        hub.poster.close()
        retries.cancel()
        with suppress(asyncio.CancelledError):
            await retries

    return local_only(Starlette(routes=_routes(hub), lifespan=lifespan))


def _routes(hub: Hub) -> list[Route | WebSocketRoute]:
    background: Background = set()
    return [
        Route("/api/{method}", partial(answer_call, hub), methods=["GET", "POST"]),
        WebSocketRoute("/link", partial(_link, hub)),
        Route("/response/{token}", partial(answer_response, hub), methods=["POST"]),
        Route("/upload/{file_id}", partial(take_upload, hub), methods=["POST"]),
        Route("/files/{file_id}/{name:path}", partial(give_file, hub)),
        Route("/sandbox/stream", partial(_listen, hub)),
        Route("/sandbox/faults", partial(_forget_faults, hub), methods=["DELETE"]),
        Route("/sandbox/{path:path}", partial(answer_reading, hub), methods=["GET"]),
        Route("/sandbox/{path:path}", partial(answer_order, hub, background), methods=["POST"]),
        Route("/", _index),
        Route("/page/{file:path}", _page_file),
    ]


async def _listen(hub: Hub, request: Request) -> Response:
    return stream(hub, int(request.query_params.get("since") or hub.feed.seq))


async def _forget_faults(hub: Hub, _request: Request) -> Response:
    hub.faults.rules.clear()
    return JSONResponse({"ok": True})


async def _link(hub: Hub, socket: WebSocket) -> None:
    if not hub.sockets.take_ticket(socket.query_params.get("ticket", "")):
        await socket.close(1008)
        return
    await hub.sockets.serve(socket, lambda: hub.feed.publish("transport", transport=hub.transport()))


async def _index(_request: Request) -> Response:
    return _static("index.html")


async def _page_file(request: Request) -> Response:
    return _static(request.path_params["file"])


def _static(name: str) -> Response:
    path = (PAGE / name).resolve()
    if not path.is_relative_to(PAGE) or not path.is_file():
        return PlainTextResponse("There is nothing here.", 404)
    return FileResponse(path, headers={"cache-control": "no-cache"})


def local_only(app: ASGIApp) -> ASGIApp:
    """Refuses requests that name another host: a page elsewhere may have pointed its name at this machine."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and not _is_local(scope):
            await PlainTextResponse("The sandbox answers to this machine only.", 403)(scope, receive, send)
        else:
            await app(scope, receive, send)

    return guarded


def _is_local(scope: Scope) -> bool:
    headers = dict(scope["headers"])
    host = headers.get(b"host", b"").decode("latin-1")
    # A browser names the page that sends: another site's page may not act here either.
    origin = headers.get(b"origin", b"").decode("latin-1")
    return _names_this_machine(host) and (not origin or _names_this_machine(origin.partition("://")[2]))


def _names_this_machine(host: str) -> bool:
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return name.lower() in LOCAL_NAMES
