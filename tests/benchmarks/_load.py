"""Sends signed requests of Slack's to a bot and times the answers: a job on stdin, a result on stdout.

A process of its own, written on bare sockets, so that what is measured is the bot. All requests are built and
signed before the clock starts, and every one is different: the bot answers repetitions from memory.
"""

import asyncio
import hashlib
import hmac
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from statistics import quantiles
from urllib.parse import urlencode

SECRET = "a-secret-for-benchmarks"
TEAM = "T0BENCH"
CHANNEL = "C0BENCH"
# As many people as a large company's incident channel has, so that nobody opens ten incidents a second.
PEOPLE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to send: *kind* is "open" or "reply", *threads* are the roots that replies go to in turn."""

    port: int
    kind: str
    count: int
    warm: int = 60
    concurrency: int = 16
    threads: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of it; times are in milliseconds."""

    rate: float
    p50: float
    p99: float
    slowest: float
    refused: int


def _person(number: int) -> str:
    return f"U0P{number % PEOPLE:05d}"


def _command(unique: int, number: int) -> tuple[str, str]:
    form = {
        "token": "unused",
        "team_id": TEAM,
        "team_domain": "bench",
        "channel_id": CHANNEL,
        "channel_name": "ml-incidents",
        "user_id": _person(number),
        "user_name": "ana",
        "command": "/incident",
        "text": f"open sev2 loss is NaN since step {unique}",
        "api_app_id": "A0ROUNDS",
        "is_enterprise_install": "false",
        "response_url": "http://127.0.0.1:9/response",
        "trigger_id": f"{unique}.{number}",
    }
    return "application/x-www-form-urlencoded", urlencode(form)


def _reply(unique: int, number: int, thread: str) -> tuple[str, str]:
    ts = f"{unique // 1_000_000}.{unique % 1_000_000:06d}"
    event = {
        "type": "message",
        "channel": CHANNEL,
        "channel_type": "channel",
        "user": _person(number),
        "text": f"result: fails on row {number} with KeyError, the collator gets string columns",
        "ts": ts,
        "event_ts": ts,
        "thread_ts": thread,
        "client_msg_id": f"client-{unique}",
        "team": TEAM,
    }
    body = {
        "token": "unused",
        "team_id": TEAM,
        "api_app_id": "A0ROUNDS",
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{unique}",
        "event_time": unique // 1_000_000,
        "authorizations": [{"team_id": TEAM, "user_id": "U0ROUNDS", "is_bot": True}],
    }
    return "application/json", json.dumps(body)


def _signed(kind: str, body: str) -> bytes:
    now = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), f"v0:{now}:{body}".encode(), hashlib.sha256).hexdigest()
    return (
        "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Slackbot 1.0\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        f"X-Slack-Request-Timestamp: {now}\r\nX-Slack-Signature: v0={signature}\r\n\r\n{body}"
    ).encode()


def requests(job: Job, count: int) -> list[bytes]:
    """Requests that no run has sent before: their numbers are microseconds of the wall clock."""
    first = time.time_ns() // 1000
    if job.kind == "open":
        made = (_command(first + number, number) for number in range(count))
    else:
        threads = job.threads
        made = (_reply(first + number, number, threads[number % len(threads)]) for number in range(count))
    return [_signed(*one) for one in made]


class Client(asyncio.Protocol):
    """One connection that is kept, and sends its next request when the last one is answered."""

    def __init__(self, waiting: Iterator[bytes], done: asyncio.Future[None]) -> None:
        self._waiting = waiting
        self._done = done
        self._answer = b""
        self._sent = 0.0
        self.times: list[float] = []
        self.refused = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def _next(self) -> None:
        request = next(self._waiting, None)
        if request is None:
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, found, body = self._answer.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self.times.append(time.perf_counter() - self._sent)
        self.refused += not head.startswith(b"HTTP/1.1 200") or b"nothing was changed" in body
        self._answer = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's name for it.
        self._done.set_result(None)


def _length(head: bytes) -> int:
    found = head.lower().partition(b"content-length:")[2]
    return int(found.split(b"\r\n", 1)[0] or 0)


async def _send(job: Job, waiting: list[bytes]) -> list[Client]:
    loop, queue = asyncio.get_running_loop(), iter(waiting)
    ends: list[asyncio.Future[None]] = [loop.create_future() for _ in range(job.concurrency)]
    clients = [Client(queue, end) for end in ends]
    for client in clients:
        await loop.create_connection(lambda client=client: client, "127.0.0.1", job.port)  # type: ignore[misc]
    await asyncio.gather(*ends)
    return clients


def run(job: Job) -> Result:
    """Warm the bot up, then send what there is to send."""
    asyncio.run(_send(job, requests(job, job.warm)))
    waiting = requests(job, job.count)
    began = time.perf_counter()
    clients = asyncio.run(_send(job, waiting))
    seconds = time.perf_counter() - began
    times = [1000 * found for client in clients for found in client.times]
    cuts = quantiles(times, n=100, method="inclusive")
    return Result(
        rate=len(times) / seconds,
        p50=cuts[49],
        p99=cuts[98],
        slowest=max(times),
        refused=sum(client.refused for client in clients),
    )


if __name__ == "__main__":
    json.dump(asdict(run(Job(**json.load(sys.stdin)))), sys.stdout)
