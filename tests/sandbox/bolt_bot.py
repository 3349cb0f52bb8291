"""A real Bolt app that writes down what reaches it, over Socket Mode or signed HTTP."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from slack_bolt import App, BoltResponse
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.server import Sandbox, SandboxConfig

Json = dict[str, Any]
Answer = Callable[[Json], BoltResponse | None]


@dataclass
class BoltBot:
    """What came, and what to answer: a function of the payload per kind of request."""

    app: App
    request_url: str | None
    came: list[Json] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)

    def events(self, kind: str | None = None) -> list[Json]:
        """The events that came, of one type if it is named."""
        found = [body["event"] for body in self.came if "event" in body]
        return [event for event in found if kind in (None, event["type"])]

    def payloads(self, kind: str) -> list[Json]:
        """The interactive payloads of one type that came."""
        return [body for body in self.came if body.get("type") == kind]

    def commands(self) -> list[Json]:
        """The slash commands that came."""
        return [body for body in self.came if "command" in body]

    def forget(self) -> None:
        """Starts a new test."""
        self.came.clear()
        self.headers.clear()
        self.answers.clear()


def says(body: Json | str | None = None, status: int = 200) -> Answer:
    """An answer that is always the same."""
    return lambda _payload: BoltResponse(status=status, body=body or "")


def _build(sandbox: Sandbox, request_url: str | None) -> BoltBot:
    web = WebClient(base_url=sandbox.api_url, token=SandboxConfig.bot_token)
    app = App(
        client=web,
        signing_secret=SandboxConfig.signing_secret,
        process_before_response=True,
        ignoring_self_events_enabled=False,
    )
    bot = BoltBot(app, request_url)

    @app.middleware
    def answer(req: Any, next: Callable[[], BoltResponse]) -> BoltResponse | None:  # noqa: A002 - Bolt finds its arguments by these names.
        bot.came.append(req.body)
        bot.headers.append({name: values[0] for name, values in req.headers.items()})
        kind = "event" if "event" in req.body else "command" if "command" in req.body else req.body["type"]
        chosen = bot.answers.get(kind)
        given = chosen(req.body) if chosen else None
        return given or next()

    for listen in (app.event, app.command, app.action, app.shortcut, app.view, app.view_closed):
        listen(re.compile(".*"))(lambda ack: ack())
    return bot


@contextmanager
def socket_mode_bot(sandbox: Sandbox) -> Iterator[BoltBot]:
    """The app on a web socket."""
    bot = _build(sandbox, None)
    handler = SocketModeHandler(bot.app, SandboxConfig.app_token, trace_enabled=False, ping_interval=1)
    handler.client.web_client.base_url = sandbox.api_url
    handler.connect()  # type: ignore[no-untyped-call]
    yield bot
    handler.close()  # type: ignore[no-untyped-call]


@contextmanager
def http_bot(sandbox: Sandbox) -> Iterator[BoltBot]:
    """The app behind an HTTP server."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    bot = _build(sandbox, f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events")
    handler = SlackRequestHandler(bot.app)

    async def endpoint(request: Request) -> Response:
        return await handler.handle(request)

    app = Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield bot
    server.should_exit = True
    thread.join()
    listening.close()
