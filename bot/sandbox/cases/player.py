"""Plays a case against a running sandbox, as its people would: typing, reacting, correcting, clicking.

It speaks only the control API, so it cannot tell our bot from another and sees what a person sees.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from bot.sandbox.cases.reading import (
    Json,
    filled,
    first_action,
    holds,
    incident_of,
    line,
    marks,
    newest_action,
)
from bot.sandbox.cases.script import (
    INCIDENT,
    Await,
    Case,
    Click,
    Close,
    Command,
    Delete,
    Edit,
    File,
    Narrate,
    React,
    Reply,
    Step,
    Submit,
    Talk,
)
from bot.sandbox.client import SandboxClient

RECEIPT = "memo"
REFUSAL = "grey_question"

T = TypeVar("T")
Say = Callable[[str], None]
LetPass = Callable[[timedelta], None]


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
    elapsed: timedelta = timedelta()
    posted: dict[str, Posted] = field(default_factory=dict)


@dataclass(frozen=True)
class Telling:
    """How a case is told: to whom, how fast (0 is at once), and how long the bot may take for anything.

    A story takes longer than its telling: *let_pass* moves the clocks by what has passed in it.
    """

    say: Say = print
    speed: float = 1.0
    patience: float = 15.0
    let_pass: LetPass | None = None


def play(client: SandboxClient, case: Case, telling: Telling) -> Summary:
    """Play every step, wait for the bot's last receipts, and say how it went."""
    return Player(client, case, telling).play()


class Player:
    """One performance of one case."""

    def __init__(self, client: SandboxClient, case: Case, telling: Telling) -> None:
        """Look up in the sandbox who and where the case's people and channel are."""
        self._client = client
        self._case = case
        self._telling = telling
        self._say = telling.say
        self._stage = self._set_up()

    def play(self) -> Summary:
        """Play every step and wait for what the bot still owes."""
        started = time.monotonic()
        self._say(f"{self._case.title} (#{self._case.channel})")
        for number, step in enumerate(self._case.steps):
            time.sleep(step.pause * self._telling.speed)
            self._stage.elapsed += step.takes
            if step.moves_on:
                self._catch_up()
            self._take(number, step)
        self._catch_up()
        return self._summary(started)

    def _catch_up(self) -> None:
        """Let as much time pass as the story took since it was last let pass."""
        if self._telling.let_pass:
            self._telling.let_pass(self._stage.elapsed)
        self._stage.elapsed = timedelta()

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
            case React() | Edit() | Delete():
                self._change(step.actor, step.action)
            case Click() | Submit() | Close():
                self._work_with_buttons(step.actor, step.action)
            case Await():
                self._await(step.action.words)
            case Narrate():
                pass

    def _change(self, actor: str, action: React | Edit | Delete) -> None:
        match action:
            case React():
                self._react(actor, action)
            case Edit():
                self._edit(action)
            case Delete():
                self._delete(action)

    def _work_with_buttons(self, actor: str, action: Click | Submit | Close) -> None:
        user = self._stage.people[actor]
        match action:
            case Click():
                self._click(user, action)
            case Submit():
                self._submit(user, action)
            case Close():
                self._client.close_view(user, self._modal(user)["id"])

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
            raise CaseError(
                f"No incident appeared in #{self._case.channel} in {self._telling.patience:.0f} s."
            )
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

    def _click(self, user: str, action: Click) -> None:
        where = self._until(lambda: self._place_of(user, action.action_id))
        if where is None:
            raise CaseError(f"The bot offers no {action.action_id}.")
        self._carried_out(self._client.click(user=user, value=action.value, **where))

    def _place_of(self, user: str, wanted: str) -> dict[str, str] | None:
        """Where somebody finds a button: a modal lies on top of everything else."""
        view = self._open_modal(user)
        if view:
            inside = first_action(view, wanted)
            return {"view_id": view["id"], "action_id": inside} if inside else None
        found = newest_action(self._thread(), self._stage.bot, wanted)
        return {"channel": self._stage.channel, "ts": found[0], "action_id": found[1]} if found else None

    def _submit(self, user: str, action: Submit) -> None:
        def form() -> Json | None:
            view = self._open_modal(user)
            return view if view and view.get("submit") else None

        view = self._until(form)
        if view is None:
            raise CaseError("There is no modal that could be sent.")
        self._carried_out(self._client.submit(user, view["id"], filled(view, action.values)))

    def _modal(self, user: str) -> Json:
        view = self._until(lambda: self._open_modal(user))
        if view is None:
            raise CaseError("There is no modal open.")
        return view

    def _open_modal(self, user: str) -> Json | None:
        """The modal that somebody has before them: the last that was opened."""
        views = [one["view"] for one in self._client.world()["views"] if one["user"] == user]
        return views[-1] if views else None

    @staticmethod
    def _carried_out(answer: Json) -> None:
        if answer["status"] != "ok" or answer.get("errors"):
            raise CaseError(f"The bot did not take it: {answer.get('errors') or answer['status']}.")

    def _await(self, words: str) -> None:
        if not self._until(lambda: holds(self._seen(), self._stage.bot, words) or None):
            raise CaseError(f"The bot did not post “{words}”.")

    def _seen(self) -> list[Json]:
        """What stands in the thread and in the channel around it."""
        return self._thread() + self._client.messages(channel=self._stage.channel)

    def _thread(self) -> list[Json]:
        return self._client.messages(channel=self._stage.channel, thread_ts=self._stage.thread)

    def _summary(self, started: float) -> Summary:
        owed = {one.ts for one in self._stage.posted.values() if one.for_chart}
        # What was refused and then put right loses its mark, perhaps only after a moment.
        self._until(lambda: (owed <= self._marked(RECEIPT) and not self._marked(REFUSAL)) or None)
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
        deadline = time.monotonic() + self._telling.patience
        found = look()
        while found is None and time.monotonic() < deadline:
            time.sleep(0.05)
            found = look()
        return found
