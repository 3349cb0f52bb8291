"""Plays a case against a running sandbox, as its people would: typing, reacting, correcting, clicking.

It speaks only the control API, so it cannot tell our bot from another and sees what a person sees.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.sandbox.cases.reading import Json, incident_of, line, marks, newest_action
from bot.sandbox.cases.script import (
    INCIDENT,
    Case,
    Click,
    Command,
    Delete,
    Edit,
    File,
    Narrate,
    React,
    Reply,
    Step,
    Talk,
)
from bot.sandbox.client import SandboxClient

RECEIPT = "memo"
REFUSAL = "grey_question"

T = TypeVar("T")
Say = Callable[[str], None]


class CaseError(Exception):
    """The case cannot go on, and why, in words for whoever watches."""


@dataclass(frozen=True)
class Summary:
    """How a case went: messages typed, and what the bot made of those meant for the chart."""

    incident: str
    played: int
    logged: int
    refused: int
    unanswered: int
    seconds: float

    def __str__(self) -> str:
        """All of it in one line."""
        return (
            f"{self.incident}: {self.played} messages, {self.logged} logged, {self.refused} refused, "
            f"{self.unanswered} without an answer, {self.seconds:.1f} s"
        )


@dataclass(frozen=True)
class Posted:
    """A message of the case, where it stands and whether the bot owes it a receipt."""

    actor: str
    ts: str
    for_chart: bool


@dataclass
class Stage:
    """What the player knows so far of the incident it is playing."""

    channel: str
    people: dict[str, str]
    bot: str
    thread: str = ""
    incident: str = ""
    posted: dict[str, Posted] = field(default_factory=dict)


def play(
    client: SandboxClient,
    case: Case,
    *,
    fast: bool = False,
    say: Say = print,
    patience: float = 15.0,
) -> Summary:
    """Play every step, wait for the bot's last receipts, and say how it went."""
    return Player(client, case, say, 0.0 if fast else 1.0, patience).play()


class Player:
    """One performance of one case."""

    def __init__(self, client: SandboxClient, case: Case, say: Say, speed: float, patience: float) -> None:
        """Look up in the sandbox who and where the case's people and channel are."""
        self._client = client
        self._case = case
        self._say = say
        self._speed = speed
        self._patience = patience
        self._stage = self._set_up()

    def play(self) -> Summary:
        """Play every step and wait for what the bot still owes."""
        started = time.monotonic()
        self._say(f"{self._case.title} (#{self._case.channel})")
        for number, step in enumerate(self._case.steps):
            time.sleep(step.pause * self._speed)
            self._take(number, step)
        return self._summary(started)

    def _set_up(self) -> Stage:
        world = self._client.world()
        people = {user["name"]: user["id"] for user in world["users"]}
        channels = {channel["name"]: channel["id"] for channel in world["channels"] if channel.get("name")}
        absent = [name for name in self._case.cast if name not in people]
        if absent or self._case.channel not in channels:
            raise CaseError(f"The sandbox has no {', '.join(absent) or '#' + self._case.channel}.")
        return Stage(channels[self._case.channel], people, world["app"]["bot_user_id"])

    def _take(self, number: int, step: Step) -> None:
        self._say(line(step, self._stage.incident))
        match step.action:
            case Command():
                self._command(step.actor, step.action.text)
            case Reply() | Talk() | File():
                self._post(number, step.actor, step.action)
            case React():
                self._react(step.actor, step.action)
            case Edit():
                self._edit(step.action)
            case Delete():
                self._delete(step.action)
            case Click():
                self._click(step.actor, step.action)
            case Narrate():
                pass

    def _command(self, actor: str, text: str) -> None:
        seen = {root["ts"] for root in self._roots()}
        answer = self._client.command(
            user=self._stage.people[actor],
            channel=self._stage.channel,
            command="/incident",
            text=text.replace(INCIDENT, self._stage.incident),
        )
        if answer["status"] != "ok":
            raise CaseError(f"The bot did not take the command: {answer['status']}.")
        if heard := (answer.get("response") or {}).get("text"):
            self._say(f"  rounds: {heard.splitlines()[0]}")
        if not self._stage.thread:
            self._find_thread(seen)

    def _find_thread(self, seen: set[str]) -> None:
        root = self._until(lambda: next((one for one in self._roots() if one["ts"] not in seen), None))
        if root is None:
            raise CaseError(f"No incident appeared in #{self._case.channel} in {self._patience:.0f} s.")
        self._stage.thread = root["ts"]
        self._stage.incident = incident_of(root) or ""
        self._say(f"  {self._stage.incident} is open")

    def _roots(self) -> list[Json]:
        """The charts in the channel, newest first: posts of the bot that name an incident."""
        found = self._client.messages(channel=self._stage.channel)
        ours = [one for one in found if one.get("user") == self._stage.bot and incident_of(one)]
        return sorted(ours, key=lambda one: one["ts"], reverse=True)

    def _post(self, number: int, actor: str, said: Reply | Talk | File) -> None:
        files = [{"name": said.filename, "content": said.content}] if isinstance(said, File) else []
        ts = self._client.message(
            user=self._stage.people[actor],
            channel=self._stage.channel,
            text=said.text.replace(INCIDENT, self._stage.incident),
            thread_ts=self._stage.thread,
            files=files,
        )
        name = said.name or f"step {number}"
        self._stage.posted[name] = Posted(actor, ts, not isinstance(said, Talk))

    def _react(self, actor: str, action: React) -> None:
        target = self._stage.posted[action.to]
        self._client.react(
            user=self._stage.people[actor], channel=self._stage.channel, ts=target.ts, name=action.emoji
        )
        self._stage.posted[action.to] = Posted(target.actor, target.ts, for_chart=True)

    def _edit(self, action: Edit) -> None:
        target = self._stage.posted[action.of]
        self._client.edit(
            user=self._stage.people[target.actor],
            channel=self._stage.channel,
            ts=target.ts,
            text=action.text.replace(INCIDENT, self._stage.incident),
        )

    def _delete(self, action: Delete) -> None:
        target = self._stage.posted[action.of]
        self._client.delete(user=self._stage.people[target.actor], channel=self._stage.channel, ts=target.ts)
        self._stage.posted[action.of] = Posted(target.actor, target.ts, for_chart=False)

    def _click(self, actor: str, action: Click) -> None:
        found = self._until(lambda: newest_action(self._thread(), self._stage.bot, action.action_id))
        if found is None:
            raise CaseError(f"The bot offers no {action.action_id} in the thread.")
        ts, action_id = found
        self._client.click(
            user=self._stage.people[actor],
            channel=self._stage.channel,
            ts=ts,
            action_id=action_id,
            value=action.value,
        )

    def _thread(self) -> list[Json]:
        return self._client.messages(channel=self._stage.channel, thread_ts=self._stage.thread)

    def _summary(self, started: float) -> Summary:
        owed = {one.ts for one in self._stage.posted.values() if one.for_chart}
        self._until(lambda: owed <= self._marked(RECEIPT) | self._marked(REFUSAL) or None)
        logged, refused = self._marked(RECEIPT), self._marked(REFUSAL)
        return Summary(
            incident=self._stage.incident,
            played=len(self._stage.posted),
            logged=len(logged),
            refused=len(refused),
            unanswered=len(owed - logged - refused),
            seconds=time.monotonic() - started,
        )

    def _marked(self, emoji: str) -> set[str]:
        return marks(self._thread(), self._stage.bot, emoji)

    def _until(self, look: Callable[[], T | None]) -> T | None:
        """Look again until there is something to see, or patience ends."""
        deadline = time.monotonic() + self._patience
        found = look()
        while found is None and time.monotonic() < deadline:
            time.sleep(0.05)
            found = look()
        return found
