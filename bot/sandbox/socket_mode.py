"""Socket Mode, the server's side: single-use tickets, ten connections, envelopes and acknowledgements."""

import asyncio
import json
import secrets
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.config import Json
from bot.sandbox.connection import abort
from bot.sandbox.delivery import Answer, Job
from bot.sandbox.world import APP_ID

MOST_CONNECTIONS = 10
TICKET_SECONDS = 30.0
ENVELOPE_TYPES = {"event": "events_api", "command": "slash_commands", "interactive": "interactive"}
REASONS = {"timeout": "timeout", "connection_failed": "connection_failed", "dropped": "timeout"}


@dataclass(eq=False)
class Connection:
    """One open socket and the envelopes it has not acknowledged yet."""

    socket: WebSocket
    pending: dict[str, "asyncio.Future[Answer]"] = field(default_factory=dict)
    closing: bool = False


@dataclass
class Sockets:
    """All connections of the app; each envelope goes to one of them in turn."""

    connections: list[Connection] = field(default_factory=list)
    _tickets: dict[str, float] = field(default_factory=dict)
    opened: int = 0
    _turn: int = 0

    def ticket(self) -> str:
        """A ticket that opens one connection, once, soon."""
        fresh = secrets.token_hex(16)
        self._tickets[fresh] = time.monotonic() + TICKET_SECONDS
        return fresh

    def take_ticket(self, ticket: str) -> bool:
        """Whether the ticket was good; it is not afterwards."""
        return self._tickets.pop(ticket, 0.0) > time.monotonic()

    async def send(self, job: Job, seconds: float) -> Answer:
        """Hands the job to one connection and waits for its acknowledgement."""
        open_ones = [one for one in self.connections if not one.closing]
        if not open_ones:
            return Answer("connection_failed")
        self._turn += 1
        connection = open_ones[self._turn % len(open_ones)]
        envelope = _envelope(job)
        acknowledged: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        connection.pending[envelope["envelope_id"]] = acknowledged
        try:
            async with asyncio.timeout(seconds):
                await connection.socket.send_text(json.dumps(envelope))
                return await acknowledged
        except TimeoutError:
            return Answer("timeout")
        except (WebSocketDisconnect, RuntimeError, OSError):
            # Starlette reports a socket that went away meanwhile in any of these three ways.
            return Answer("connection_failed")
        finally:
            connection.pending.pop(envelope["envelope_id"], None)

    async def serve(self, socket: WebSocket, changed: Callable[[], None]) -> None:
        """Lives as long as the connection; `changed` is told of its begin and end."""
        await socket.accept()
        if len(self.connections) >= MOST_CONNECTIONS:
            await socket.send_text(json.dumps(_disconnect("too_many_websockets")))
            await socket.close()
            return
        connection = Connection(socket)
        self.connections.append(connection)
        self.opened += 1
        try:
            await socket.send_text(json.dumps(_hello(len(self.connections))))
            changed()
            while True:
                _acknowledge(connection, await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            # A close that we started ourselves shows up as a RuntimeError in the reader.
            return
        finally:
            self._forget(connection)
            changed()

    def _forget(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        for waiting in connection.pending.values():
            if not waiting.done():
                waiting.set_result(Answer("connection_failed"))

    async def drop(self, reason: str | None) -> int:
        """Says goodbye on every connection; without a reason the line just goes dead."""
        dropped = list(self.connections)
        for connection in dropped:
            if reason != "warning":
                connection.closing = True
            if reason:
                await connection.socket.send_text(json.dumps(_disconnect(reason)))
        if reason != "warning":
            for connection in dropped:
                await _hang_up(connection.socket, politely=reason is not None)
        return len(dropped)


async def _hang_up(socket: WebSocket, *, politely: bool) -> None:
    if not politely:
        abort(socket)
        return
    # The other side may be faster, and then there is nothing left to close.
    with suppress(RuntimeError):
        await socket.close()


def _envelope(job: Job) -> Json:
    envelope: Json = {
        "envelope_id": str(uuid.uuid4()),
        "type": ENVELOPE_TYPES[job.kind],
        "accepts_response_payload": job.kind != "event",
        "payload": job.payload,
    }
    if job.kind == "event":
        envelope |= {"retry_attempt": job.attempt, "retry_reason": REASONS.get(job.failure, job.failure)}
    return envelope


def _hello(connections: int) -> Json:
    return {
        "type": "hello",
        "num_connections": connections,
        "connection_info": {"app_id": APP_ID},
        "debug_info": {"host": "sandbox", "approximate_connection_time": 3600},
    }


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}


def _acknowledge(connection: Connection, text: str) -> None:
    try:
        frame = json.loads(text)
    except ValueError:
        return
    if not isinstance(frame, dict):
        return
    waiting = connection.pending.pop(str(frame.get("envelope_id")), None)
    if waiting and not waiting.done():
        payload = frame.get("payload")
        waiting.set_result(Answer("ok", 200, json.dumps(payload) if payload else ""))
