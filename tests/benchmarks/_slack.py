"""A Slack that answers every call with "ok", as quickly as it is told to, and counts them.

The sandbox checks and remembers everything, which costs more than the bot does; here the bot is measured.
"""

import asyncio
import json
import threading
import time
from collections import Counter
from types import TracebackType
from typing import Self

_ANSWERS: dict[str, dict[str, object]] = {
    "auth.test": {"team_id": "T0BENCH", "team": "Bench", "user_id": "U0ROUNDS", "bot_id": "B0ROUNDS"},
    "conversations.info": {"channel": {"id": "C0BENCH", "is_private": False}},
    # Asked where nobody knows whether a post got through: it never did.
    "conversations.replies": {"messages": []},
    "conversations.history": {"messages": []},
    "users.info": {"user": {"name": "ana", "tz": "Europe/Madrid", "profile": {"display_name": "ana"}}},
}


class SmallSlack:
    """Answers on a port of its own, in a thread of its own; *latency* seconds after each call."""

    def __init__(self) -> None:
        self.latency = 0.0
        self.calls: Counter[str] = Counter()
        self.url = ""
        self._first = self._last = 0.0
        self._loop = asyncio.new_event_loop()
        self._up = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="small-slack", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._up.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def forget(self) -> None:
        """Begin to count anew."""
        self.calls.clear()
        self._first = self._last = 0.0

    @property
    def lasted(self) -> float:
        """The seconds from the first call to the answer of the last one."""
        return self._last - self._first

    def _serve(self) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._answer, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/"
        self._up.set()
        self._loop.run_forever()
        server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            await reader.readexactly(_length(head))
        except asyncio.IncompleteReadError:
            writer.close()
            return
        self._first = self._first or time.perf_counter()
        if self.latency:
            await asyncio.sleep(self.latency)
        self._last = time.perf_counter()
        method = head.split(" ", 2)[1].rsplit("/", 1)[1].partition("?")[0]
        self.calls[method] += 1
        ts = f"1700000000.{self.calls.total():06d}"
        body = json.dumps({"ok": True, "ts": ts} | _ANSWERS.get(method, {})).encode()
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        writer.close()


def _length(head: str) -> int:
    for line in head.split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            return int(value)
    return 0
