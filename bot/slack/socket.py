"""Socket Mode: the same listeners, fed by envelopes instead of requests.

An envelope is acknowledged when its listener has finished, so what is not committed comes again.
"""

import threading
import time

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

log = structlog.get_logger()

# As many listeners at a time as HTTP has threads, and as many again that wait for the database.
CONCURRENCY = 32
# The SDK's default of 1 KB recurses once for each KB of an envelope, and gives up at about 1 MB.
RECEIVE_BUFFER = 64 * 1024
LONGEST_WAIT = 30.0


class Socket:
    """A connection to Slack that keeps itself alive."""

    def __init__(self, app: App, *, app_token: str, base_url: str) -> None:
        self._app = app
        self._running = 0
        self._idle = threading.Condition()
        self._stopping = threading.Event()
        self._client = SocketModeClient(
            app_token=app_token,
            web_client=WebClient(base_url=base_url, timeout=10),
            concurrency=CONCURRENCY,
            receive_buffer_size=RECEIVE_BUFFER,
        )
        self._client.socket_mode_request_listeners.append(self._receive)

    def start(self) -> None:
        """Connect in the background, however long Slack is away."""
        threading.Thread(target=self._connect, name="socket-connect", daemon=True).start()

    def _connect(self) -> None:
        wait = 0.5
        while not self._stopping.is_set():
            try:
                self._client.connect()
            except (SlackClientError, OSError, ValueError) as error:
                log.warning("socket.cannot_connect", error=str(error), again_in=wait)
                self._stopping.wait(wait)
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                log.info("socket.connected")
                return

    def is_alive(self) -> bool:
        """Whether a connection is up."""
        return self._client.current_session is not None and self._client.is_connected()

    def stop(self, patience: float = 5.0) -> None:
        """Finish what has arrived, acknowledge it, then close."""
        self._stopping.set()
        self._client.auto_reconnect_enabled = False
        until = time.monotonic() + patience
        with self._idle:
            self._idle.wait_for(self._is_idle, timeout=max(until - time.monotonic(), 0))
        self._client.close()

    def _is_idle(self) -> bool:
        return self._running == 0 and self._client.message_queue.empty()

    def _receive(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        with self._idle:
            self._running += 1
        start = time.time()
        try:
            send_response(client, request, run_bolt_app(self._app, request), start)
        finally:
            with self._idle:
                self._running -= 1
                self._idle.notify_all()
