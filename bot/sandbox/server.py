"""Starts and stops the sandbox: in a thread for tests, in the foreground for people."""

import asyncio
import socket
import sys
import threading
from types import TracebackType
from typing import Self

import uvicorn

from bot.sandbox.app import build_app
from bot.sandbox.config import SandboxConfig
from bot.sandbox.connection import CuttableProtocol, CuttableSocketProtocol
from bot.sandbox.hub import Hub

__all__ = ["Sandbox", "SandboxConfig", "serve"]

START_SECONDS = 10.0
BACKLOG = 512


class Sandbox:
    """A small Slack in a daemon thread."""

    def __init__(self, config: SandboxConfig | None = None) -> None:
        self.config = config or SandboxConfig()
        self._ready = threading.Event()
        self._socket: socket.socket | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        if self._socket is None:
            raise RuntimeError("the sandbox is not running")
        return _address(self._socket)

    @property
    def api_url(self) -> str:
        """The base_url for a WebClient."""
        return self.url + "/api/"

    def start(self) -> None:
        """Runs it; returns when it answers."""
        self._socket = _listen(self.config)
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._thread.start()
        if not self._ready.wait(START_SECONDS):
            raise RuntimeError("the sandbox did not start")

    def _run(self) -> None:
        if self._socket is None:
            return
        asyncio.run(self._serve(self._socket))

    async def _serve(self, listening: socket.socket) -> None:
        # The hub holds asyncio objects, so it is born in the loop it lives in.
        hub = Hub(self.config)
        hub.base_url = self.url
        self._server = _server(hub, self._ready)
        await self._server.serve(sockets=[listening])

    def stop(self) -> None:
        """Ends it and waits for the thread."""
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(START_SECONDS)
        if self._socket is not None:
            self._socket.close()
        self._server = self._thread = self._socket = None
        self._ready.clear()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve(config: SandboxConfig) -> None:
    """Runs in the foreground until interrupted, and says where."""
    try:
        listening = _listen(config)
    except OSError as error:
        raise SystemExit(f"Port {config.port} cannot be used ({error.strerror}).") from error
    address = _address(listening)
    sys.stdout.write(f"Open {address} in a browser. Ctrl-C ends it.\n")
    sys.stdout.flush()

    async def run() -> None:
        hub = Hub(config)
        hub.base_url = address
        await _server(hub, threading.Event()).serve(sockets=[listening])

    try:
        asyncio.run(run())
    except KeyboardInterrupt:
        return
    finally:
        listening.close()


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _listen(config: SandboxConfig) -> socket.socket:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    # asyncio switches Nagle's algorithm off only where the protocol is named; else every answer waits 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((config.host, config.port))
    listening.listen(BACKLOG)
    return listening


class _Server(uvicorn.Server):
    """uvicorn's server, which ends the pages' streams before it waits for connections to finish."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hub.feed.close()
        await super().shutdown(sockets)


def _server(hub: Hub, ready: threading.Event) -> uvicorn.Server:
    return _Server(
        uvicorn.Config(
            build_app(hub, ready.set),
            http=CuttableProtocol,
            ws=CuttableSocketProtocol,
            lifespan="on",
            log_level="warning",
            access_log=False,
            ws_max_size=2**24,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=1,
        ),
        hub,
    )
