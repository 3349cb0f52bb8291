"""Lets a request handler close the TCP connection without an answer, as a dying load balancer does."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

KEY = "sandbox.connection"


class CuttableProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol, which also hands its transport to the application."""

    def on_message_begin(self) -> None:
        """Adds the transport to the request's scope."""
        super().on_message_begin()
        self.scope["extensions"] = {KEY: {"transport": self.transport}}


class NoResponse(Response):
    """A response that is never sent."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - nothing is sent.
        """Waits until the server has noticed that the connection is gone."""
        while (await receive())["type"] != "http.disconnect":
            pass


async def cut(request: Request) -> Response:
    """Closes the connection at once; the response returned sends nothing."""
    transport: asyncio.Transport = request.scope["extensions"][KEY]["transport"]
    transport.abort()
    return NoResponse()
