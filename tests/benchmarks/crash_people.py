"""The people of the crash benchmark: they open, reply, edit, delete and hand over, and know what they did."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.domain.chart import Kind
from bot.sandbox.client import SandboxClient

CHANNEL = "C0INCIDENTS"
NAMES = ("ana", "ben", "cho", "dev")
# Interventions are left out: while one is running, a second is refused, and then nothing is to be found.
# Hypotheses and tests are rarer than the rest: no team names hundreds of them in one thread.
KINDS = (Kind.HYPOTHESIS, Kind.TEST, *(Kind.RESULT, Kind.ACTION, Kind.NOTE) * 4)
# An open incident is talked about by a few people at a time; the newest ones are.
TALKED_ABOUT = 6
# How a command is answered that was carried out.
DONE = ("is open", "Done", "Sent to", "is not sent yet")


@dataclass
class Written:
    """A message as its author last left it."""

    root: str
    lines: list[tuple[str, str]]
    deleted: bool = False


@dataclass
class Ledger:
    """What was done, as the people remember it. Each person writes only into an own one."""

    messages: dict[str, Written] = field(default_factory=dict)
    # By their words: whether the command was answered.
    opened: dict[str, bool] = field(default_factory=dict)
    graded: dict[str, bool] = field(default_factory=dict)
    # Of each incident and receiver: whether the commands were answered.
    given: dict[tuple[int, str], list[bool]] = field(default_factory=dict)
    acknowledged: int = 0


class Person:
    """Does one thing after another, chosen by a seed, until the day is over."""

    def __init__(
        self, name: str, seed: int, slack: SandboxClient, roots: Callable[[], dict[str, int]]
    ) -> None:
        self._user = f"U0{name.upper()}"
        self._name = name
        self._random = random.Random(f"{name}:{seed}")  # noqa: S311 - a repeatable run is the point.
        self._slack = slack
        self._roots = roots
        self._count = 0
        self.ledger = Ledger()

    def live(self, over: threading.Event) -> None:
        """Act until it is over."""
        while not over.is_set():
            self.act()

    def act(self) -> None:
        """Do one thing."""
        roots = list(self._roots())[-TALKED_ABOUT:]
        if not roots:
            self._open("")
            return
        acts = (self._reply, self._edit, self._delete, self._talk, self._grade, self._hand_over)
        [act] = self._random.choices((*acts, self._open), weights=(42, 26, 12, 6, 6, 4, 4))
        act(self._random.choice(roots))

    def _words(self) -> str:
        self._count += 1
        return f"{self._name} {self._count}"

    def _lines(self) -> list[tuple[str, str]]:
        kinds = self._random.choices(KINDS, k=self._random.choice((1, 1, 2)))
        return [(kind.value, self._words()) for kind in kinds]

    def _open(self, _root: str) -> None:
        words = self._words()
        self.ledger.opened[words] = self._commands(f"open sev3 {words}")

    def _grade(self, root: str) -> None:
        words = self._words()
        self.ledger.graded[words] = self._commands(f"sev INC-{self._roots()[root]} sev2 {words}")

    def _hand_over(self, root: str) -> None:
        number, receiver = self._roots()[root], self._random.choice(NAMES)
        answered = self._commands(f"handoff @{receiver} INC-{number}")
        self.ledger.given.setdefault((number, f"U0{receiver.upper()}"), []).append(answered)

    def _commands(self, text: str) -> bool:
        answer = self._slack.command(self._user, CHANNEL, "/incident", text)
        said = str((answer["response"] or {}).get("text", ""))
        done = answer["status"] == "ok" and any(words in said for words in DONE)
        self.ledger.acknowledged += done
        return done

    def _reply(self, root: str) -> None:
        written = Written(root, self._lines())
        ts = self._slack.message(self._user, CHANNEL, _typed(written.lines), thread_ts=root)
        self.ledger.messages[ts] = written

    def _talk(self, root: str) -> None:
        ts = self._slack.message(self._user, CHANNEL, f"just talking, {self._words()}", thread_ts=root)
        self.ledger.messages[ts] = Written(root, [])

    def _standing(self) -> str | None:
        """One of the newest messages that this person can still change."""
        found = [ts for ts, written in self.ledger.messages.items() if not written.deleted]
        return self._random.choice(found[-8:]) if found else None

    def _edit(self, _root: str) -> None:
        ts = self._standing()
        if ts is not None:
            lines = self._lines()
            self._slack.edit(self._user, CHANNEL, ts, _typed(lines))
            self.ledger.messages[ts].lines = lines

    def _delete(self, _root: str) -> None:
        ts = self._standing()
        if ts is not None:
            self._slack.delete(self._user, CHANNEL, ts)
            self.ledger.messages[ts].deleted = True


def _typed(lines: list[tuple[str, str]]) -> str:
    return "\n".join(f"{word}: {text}" for word, text in lines)
