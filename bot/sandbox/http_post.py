"""A small keep-alive HTTP/1.1 client on asyncio streams, because deliveries may not block the loop."""

import asyncio
import time
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

# Shorter than any server's own patience with a quiet connection.
KEPT_SECONDS = 1.0

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True)
class Reply:
    """A response read to its end; header names are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class HttpPoster:
    """POSTs over connections that it keeps for a moment, per host; at most 32 at a time."""

    _idle: dict[tuple[str, int], list[tuple[float, Streams]]] = field(default_factory=dict)
    _gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(32))

    async def post(self, url: str, headers: dict[str, str], body: bytes, seconds: float) -> Reply:
        """One POST; OSError when nobody answers there, TimeoutError when nobody answers in time."""
        target = urlsplit(url)
        async with self._gate, asyncio.timeout(seconds):
            try:
                return await self._exchange(target, _request(target, headers, body))
            except EOFError as closed:
                raise ConnectionResetError("the connection was closed before the answer") from closed

    async def _exchange(self, target: SplitResult, request: bytes) -> Reply:
        key = (target.hostname or "127.0.0.1", target.port or (443 if target.scheme == "https" else 80))
        idle = self._idle.setdefault(key, [])
        streams = _fresh(idle) or await asyncio.open_connection(*key, ssl=target.scheme == "https" or None)
        reader, writer = streams
        done = False
        try:
            writer.write(request)
            reply = await _read(reader)
            done = reply.headers.get("connection", "").lower() != "close"
        finally:
            if done:
                idle.append((time.monotonic(), streams))
            else:
                writer.close()
        return reply

    def close(self) -> None:
        """Closes what is kept."""
        for idle in self._idle.values():
            for _, (_, writer) in idle:
                writer.close()
            idle.clear()


def _fresh(idle: list[tuple[float, Streams]]) -> Streams | None:
    """A kept connection that the other side cannot have closed yet: sending twice would deliver twice."""
    while idle:
        used, (reader, writer) = idle.pop()
        if time.monotonic() - used < KEPT_SECONDS and not reader.at_eof() and not writer.is_closing():
            return reader, writer
        writer.close()
    return None


def _request(target: SplitResult, headers: dict[str, str], body: bytes) -> bytes:
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    lines = [f"POST {path} HTTP/1.1", f"host: {target.netloc}", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _read(reader: asyncio.StreamReader) -> Reply:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(head[0].split(" ")[1])
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in head[1:] if line)
    }
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return Reply(status, headers, await _chunks(reader))
    if "content-length" in headers:
        return Reply(status, headers, await reader.readexactly(int(headers["content-length"])))
    headers["connection"] = "close"
    return Reply(status, headers, await reader.read())


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return body
