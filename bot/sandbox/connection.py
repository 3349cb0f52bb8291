"""Lets handlers close their TCP connection without another word, as a dying load balancer does."""

import asyncio

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

KEY = "sandbox.connection"


class CuttableProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol, which also hands its transport to the application."""

    def on_message_begin(self) -> None:
        """Adds the transport to the request's scope."""
        super().on_message_begin()
        self.scope["extensions"] = {KEY: {"transport": self.transport}}


class CuttableSocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's web socket protocol, with the same addition."""

    async def run_asgi(self) -> None:
        """Adds the transport to the connection's scope."""
        self.scope["extensions"] = {**(self.scope["extensions"] or {}), KEY: {"transport": self.transport}}
        await super().run_asgi()


class NoResponse(Response):
    """A response that is never sent."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - nothing is sent.
        """Waits until the server has noticed that the connection is gone."""
        while (await receive())["type"] != "http.disconnect":
            pass


def abort(connection: HTTPConnection) -> None:
    """Closes the TCP connection at once."""
    transport: asyncio.Transport = connection.scope["extensions"][KEY]["transport"]
    transport.abort()


def cut(request: Request) -> Response:
    """Closes the connection instead of answering; the response returned sends nothing."""
    abort(request)
    return NoResponse()
