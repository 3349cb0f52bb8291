"""What came to Slack, read from the sandbox's journal before it forgets: the bot's posts and deletions."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.client import SandboxClient


@dataclass(frozen=True, slots=True)
class Posted:
    """A message of the bot's, by the key of what it delivers; *place* orders all calls."""

    place: int
    at: float
    key: str
    channel: str
    thread_ts: str | None


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message that the bot has taken away."""

    place: int
    channel: str
    ts: str


class Journal:
    """All successful posts and deletions so far."""

    def __init__(self, slack: SandboxClient) -> None:
        self._slack, self._since = slack, 0
        self.posts: list[Posted] = []
        self.deletions: list[Deleted] = []
        self.refused = 0

    def read(self) -> None:
        """Read on from where we were."""
        found = self._slack.calls("chat.postMessage", self._since)
        gone = self._slack.calls("chat.delete", self._since)
        self._since = max([each["seq"] for each in (*found, *gone)], default=self._since)
        self.posts += [_posted(each) for each in found if each["ok"]]
        self.refused += sum(not each["ok"] for each in (*found, *gone))
        self.deletions += [
            Deleted(each["seq"], each["args"]["channel"], each["args"]["ts"]) for each in gone if each["ok"]
        ]


def _posted(call: dict[str, Any]) -> Posted:
    given = call["args"]
    key = (given.get("metadata") or {}).get("event_payload", {}).get("key", "")
    return Posted(call["seq"], call["at"], key, given["channel"], given.get("thread_ts"))
