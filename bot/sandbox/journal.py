"""What the sandbox remembers of its traffic: calls, deliveries, complaints, and the feed of changes."""

import asyncio
import itertools
from collections import deque
from dataclasses import dataclass, field

from bot.sandbox.config import Json

KEPT = 20_000
FEED_KEPT = 1_000


@dataclass
class Journal:
    """Append-only, bounded lists that the control API shows."""

    calls: deque[Json] = field(default_factory=lambda: deque(maxlen=KEPT))
    deliveries: deque[Json] = field(default_factory=lambda: deque(maxlen=KEPT))
    complaints: list[Json] = field(default_factory=list)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def call(self, entry: Json) -> None:
        """Writes down one Web API call."""
        self.calls.append({"seq": next(self.numbers), **entry})

    def delivery(self, entry: Json) -> None:
        """Writes down one attempt to reach the bot."""
        self.deliveries.append({"seq": next(self.numbers), **entry})

    def complain(self, method: str, problem: str) -> None:
        """Writes down something the real Slack would not have liked."""
        self.complaints.append({"method": method, "problem": problem})

    def clear(self) -> None:
        """Forgets everything; sequence numbers go on."""
        self.calls.clear()
        self.deliveries.clear()
        self.complaints.clear()


class Feed:
    """The numbered stream of changes that pages listen to."""

    def __init__(self) -> None:
        self.seq = 0
        self.closed = False
        self._items: deque[Json] = deque(maxlen=FEED_KEPT)
        self._news = asyncio.Event()

    def publish(self, kind: str, **data: object) -> None:
        """Tells every listener that something changed."""
        self.seq += 1
        self._items.append({"seq": self.seq, "kind": kind, **data})
        self._wake()

    def reset(self) -> None:
        """Makes every listener load the world anew."""
        self._items.clear()
        self.publish("reset")

    def close(self) -> None:
        """Ends every listener's stream."""
        self.closed = True
        self._wake()

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    def after(self, seq: int) -> list[Json]:
        """What happened since that number, or the advice to start over when that is not known.

        It is forgotten when too much came since, and was never known when the asker knew another server.
        """
        oldest = self._items[0]["seq"] if self._items else self.seq + 1
        if seq + 1 < oldest or seq > self.seq:
            return [{"seq": self.seq, "kind": "reset"}]
        return [item for item in self._items if item["seq"] > seq]

    async def changed(self, seconds: float) -> bool:
        """Whether something was published before the time ran out."""
        news = self._news
        try:
            async with asyncio.timeout(seconds):
                await news.wait()
        except TimeoutError:
            return False
        return True
