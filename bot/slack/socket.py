"""Socket Mode: the same listeners, fed by envelopes instead of requests.

An envelope is acknowledged when its listener has finished, so what is not committed comes again.
"""

import json
import threading
import time
from contextlib import suppress
from typing import Any

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError, SlackClientNotConnectedError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

log = structlog.get_logger()

# As many listeners at a time as HTTP has threads, and as many again that wait for the database.
CONCURRENCY = 32
# The SDK's default of 1 KB recurses once for each KB of an envelope, and gives up at about 1 MB.
RECEIVE_BUFFER = 64 * 1024
LONGEST_WAIT = 10.0
# How often the SDK looks whether it is still connected; after four times as long without a pong it is not.
LOOK_SECONDS = 2.0


class _Line:
    """A TCP connection that says so when the other side has hung up.

    The SDK takes an end of data for a pause: it spins on it for half a minute, and believes to be connected.
    """

    def __init__(self, tcp: Any) -> None:  # noqa: ANN401 - a plain or an encrypted socket.
        self._tcp = tcp

    def recv(self, size: int) -> bytes:
        found: bytes = self._tcp.recv(size)
        if not found:
            raise ConnectionResetError("the other side has hung up")
        return found

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a socket has.
        return getattr(self._tcp, name)


class _Client(SocketModeClient):
    """The SDK's client, which knows how many envelopes it has in hand, from the moment they arrive.

    The SDK passes envelopes through the queue in which a disconnect frame waits until we are connected anew;
    here they go to a listener at once.
    """

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - the SDK's own settings.
        self._in_hand = 0
        self._changed = threading.Condition()
        super().__init__(**settings)

    def connect(self) -> None:
        """Connect, and notice when the line goes dead."""
        super().connect()
        session = self.current_session
        if session is not None and session.sock is not None:
            session.sock = _Line(session.sock)  # type: ignore[assignment]
        if self.closed:
            # Whoever closed us meanwhile has closed the session before, and nobody would listen to this one.
            self.disconnect()

    def disconnect(self) -> None:
        """Disconnect. Where two threads do at the same moment, the SDK's later one finds nothing to close."""
        with suppress(AttributeError):
            super().disconnect()

    def enqueue_message(self, message: str) -> None:
        """Take what has arrived."""
        found = json.loads(message) if message.startswith("{") else {}
        if found.get("type") == "disconnect":
            log.info("socket.told_to_reconnect", reason=found.get("reason"))
            super().enqueue_message(message)
            return
        with self._changed:
            self._in_hand += 1
        self.message_workers.submit(self.run_message_listeners, found, message)

    def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        """Let the listeners have it, and count it as done."""
        try:
            super().run_message_listeners(message, raw_message)
        finally:
            with self._changed:
                self._in_hand -= 1
                self._changed.notify_all()

    def finish(self, patience: float) -> None:
        """Wait until every envelope that has arrived is acknowledged."""
        with self._changed:
            self._changed.wait_for(lambda: self._in_hand == 0, timeout=patience)


class Socket:
    """A connection to Slack that keeps itself alive."""

    def __init__(self, app: App, *, app_token: str, base_url: str) -> None:
        self._app = app
        self._stopping = threading.Event()
        self._client = _Client(
            app_token=app_token,
            web_client=WebClient(base_url=base_url, timeout=10),
            concurrency=CONCURRENCY,
            receive_buffer_size=RECEIVE_BUFFER,
            ping_interval=LOOK_SECONDS,
        )
        self._client.socket_mode_request_listeners.append(self._receive)

    def start(self) -> None:
        """Connect in the background, however long Slack is away."""
        threading.Thread(target=self._connect, name="socket-connect", daemon=True).start()

    def _connect(self) -> None:
        """Connect for the first time; from then on the SDK connects again by itself."""
        wait = 0.5
        while not self._stopping.is_set():
            try:
                # A ticket opens one connection at most, so each try needs a new one.
                self._client.connect_to_new_endpoint(force=True)
            except (SlackClientError, OSError, ValueError) as error:
                log.warning("socket.cannot_connect", error=str(error), again_in=wait)
                self._stopping.wait(wait)
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                log.info("socket.connected")
                return

    def is_alive(self) -> bool:
        """Whether a connection is up."""
        return self._client.is_connected()

    def stop(self, patience: float = 5.0) -> None:
        """Finish what has arrived, acknowledge it, then close."""
        self._stopping.set()
        self._client.finish(patience)
        self._client.close()

    def _receive(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        answer = run_bolt_app(self._app, request)
        try:
            send_response(client, request, answer, time.time())
        except SlackClientNotConnectedError:
            # Slack has no answer, so it brings an event again; what was done is done once all the same.
            log.info("socket.closed_before_answer", kind=request.type)
