"""Incidents told as dialogs: people act in the sandbox, the real bot answers over the real wire.

The bot's clock is the real one, moved by `time_passes`; the sandbox's clock is moved with it. What is owed is
delivered by `settles`, not by workers, so that a story never waits for luck.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import SecretStr
from sqlalchemy import bindparam, func, or_, select

from bot.config import Settings
from bot.domain.chart import Entry
from bot.domain.ids import IncidentNumber, TeamId
from bot.domain.incident import Incident
from bot.domain.pace import CHANNEL
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox
from bot.store import entries, incidents
from bot.store.session import Database, rows
from bot.store.tables import outbox, paces
from bot.wiring import Bot, wire

Json = dict[str, Any]
TEAM = TeamId("T0SANDBOX")
HERE = "C0INCIDENTS"
RECEIPT = "memo"
REFUSAL = "grey_question"
# Longer than the pause between two updates of a card.
CARD_PAUSE = timedelta(seconds=4)
# So many messages may wait for each other at one time in a story.
PATIENCE = 400
# Built once and past SQLAlchemy, as the bot's own: it is asked some ten times in each `settles`.
_NEXT_TURN = select(func.min(paces.c.free_at).label("free_at")).where(
    or_(paces.c.place == outbox.c.channel, (paces.c.place == "") & outbox.c.channel.is_not(None)),
    outbox.c.settled_at.is_(None),
    outbox.c.blocked_at.is_(None),
    outbox.c.due_at <= bindparam("before"),
    paces.c.free_at > bindparam("before"),
)


class Clock:
    """The real time, plus whatever a story lets pass."""

    def __init__(self) -> None:
        self.passed = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.passed


def user(name: str) -> str:
    """The id of one of the sandbox's people."""
    return f"U0{name.upper()}"


def settings(sandbox: Sandbox, database_url: str, *, socket_mode: bool = False) -> Settings:
    """Settings for a bot that works with the sandbox."""
    return Settings(
        slack_bot_token=SecretStr(sandbox.config.bot_token),
        slack_app_token=SecretStr(sandbox.config.app_token) if socket_mode else None,
        slack_signing_secret=SecretStr(sandbox.config.signing_secret),
        slack_api_url=sandbox.api_url,
        rounds_database_url=database_url,
        rounds_port=0,
    )


class Talk:
    """One conversation between the sandbox's people and a bot."""

    def __init__(self, slack: SandboxClient, bot: Bot, clock: Clock) -> None:
        self.slack = slack
        self.bot = bot
        self.clock = clock
        self.root = ""
        self.channel = HERE

    # What people do.

    def says(self, who: str, command: str, *, channel: str | None = None) -> str:
        """Type a slash command; what its sender is told."""
        word, _, text = command.partition(" ")
        answer = self.slack.command(user(who), channel or self.channel, word, text)
        assert answer["status"] == "ok", answer
        return words_of(answer["response"] or {})

    def opens(self, who: str, text: str = "sev2 loss is NaN", *, channel: str = HERE) -> str:
        """Open an incident and stand in its thread from here on; the answer."""
        self.channel = channel
        answer = self.says(who, f"/incident open {text}")
        self.settles()
        self.root = self.charts()[-1]["ts"]
        return answer

    def replies(self, who: str, text: str, **more: Any) -> str:
        """Write in the thread; the message's ts."""
        return self.slack.message(user(who), self.channel, text, thread_ts=self.root, **more)

    def logs(self, who: str, text: str) -> str:
        """Write in the thread and let everything settle."""
        ts = self.replies(who, text)
        self.settles()
        return ts

    def edits(self, who: str, ts: str, text: str) -> None:
        self.slack.edit(user(who), self.channel, ts, text)
        self.settles()

    def deletes(self, who: str, ts: str) -> None:
        self.slack.delete(user(who), self.channel, ts)
        self.settles()

    def reacts(self, who: str, ts: str, emoji: str, *, remove: bool = False) -> None:
        self.slack.react(user(who), self.channel, ts, emoji, remove=remove)
        self.settles()

    def clicks(self, who: str, action: str, ts: str | None = None) -> Json:
        """Press a button of the card, or of another message."""
        found = self.slack.click(user(who), action, channel=self.channel, ts=ts or self.root)
        assert found["status"] == "ok", found
        return found

    def taps(self, who: str, action: str) -> None:
        """Press a button of the newest post in the thread that has it, and let everything settle."""
        found = self.slack.messages(self.channel, thread_ts=self.root, viewer=user(who))
        places = [each["ts"] for each in found if f'"{action}"' in json.dumps(each.get("blocks") or [])]
        assert places, f"no post has the button {action}"
        self.clicks(who, action, places[-1])
        self.settles()

    def clicks_in_modal(self, who: str, action: str) -> None:
        """Press a button of the modal that somebody has before them."""
        found = self.slack.click(user(who), action, view_id=self.modal(who)["id"])
        assert found["status"] == "ok", found
        self.settles()

    def modal(self, who: str) -> Json:
        """The modal that somebody has before them."""
        found = [view for view in self.slack.world()["views"] if view["user"] == user(who)]
        assert found, f"{who} has no modal open"
        view: Json = found[-1]["view"]
        return view

    def submits(self, who: str, **values: Any) -> Json:
        """Fill in the modal and send it."""
        filled = {block: {_action(self.modal(who), block): value} for block, value in values.items()}
        found = self.slack.submit(user(who), self.modal(who)["id"], filled)
        self.settles()
        return found

    # What time does.

    def settles(self) -> None:
        """Let everything be delivered that can be, cards included."""
        for _ in range(3):
            assert self.slack.settle()
            self.bot.clockwork.tick()
            self._delivers()
            self.clock.passed += CARD_PAUSE
        assert self.slack.settle()

    def _delivers(self) -> None:
        """Deliver what is due, a message after the other where they wait for their pace."""
        for _ in range(PATIENCE):
            before = self.clock()
            self.bot.relay.drain()
            free_at = self._next_turn(before)
            if free_at is None:
                return
            self.clock.passed += max(free_at - self.clock(), timedelta())

    def _next_turn(self, before: datetime) -> datetime | None:
        """When a message may go that waits for others; where Slack told us to wait, it is left waiting."""
        with self.bot.desk.database.reading() as session:
            [found] = rows(session, _NEXT_TURN, {"before": before})
        free_at: datetime | None = found.free_at
        return free_at if free_at and free_at <= self.clock() + CHANNEL.interval else None

    def time_passes(self, **span: float) -> None:
        """Move both clocks, and let what is due happen."""
        self.clock.passed += timedelta(**span)
        self.slack.clock(advance=timedelta(**span).total_seconds())
        self.settles()

    # What people see.

    def charts(self, channel: str | None = None) -> list[Json]:
        """The bot's roots in a channel."""
        found = self.slack.messages(channel or self.channel)
        return [
            message
            for message in found
            if message.get("bot_id") and message.get("thread_ts") in {None, message["ts"]}
        ]

    def card(self) -> str:
        """Everything the card says, as text."""
        return words_of(self.message(self.root))

    def message(self, ts: str) -> Json:
        """One message of the thread."""
        found = self.slack.messages(self.channel, thread_ts=self.root)
        return next(message for message in found if message["ts"] == ts)

    def thread(self) -> list[str]:
        """What the bot said in the thread, below the card."""
        found = self.slack.messages(self.channel, thread_ts=self.root)
        return [
            words_of(message) for message in found if message.get("bot_id") and message["ts"] != self.root
        ]

    def news(self) -> list[str]:
        """The same without what it asks by itself."""
        return [
            said
            for said in self.thread()
            if "to answer here" not in said
            and not said.startswith(("Situation: ", ":white_check_mark: Answered"))
        ]

    def whispers(self, who: str, channel: str | None = None) -> list[str]:
        """What only *who* can see."""
        at = channel or self.channel
        found = self.slack.messages(at, viewer=user(who))
        if self.root:
            found += self.slack.messages(at, viewer=user(who), thread_ts=self.root)
        return list(dict.fromkeys(words_of(message) for message in found if message.get("is_ephemeral")))

    def told_in_private(self, who: str) -> list[str]:
        """What the bot wrote to somebody in their direct messages."""
        return [
            words_of(message) for message in self.slack.messages(f"D0{who.upper()}") if message.get("bot_id")
        ]

    def reactions(self, ts: str) -> dict[str, int]:
        """The reactions on a message of the thread, and how many people gave each."""
        return {found["name"]: found["count"] for found in self.message(ts).get("reactions", [])}

    def posts(self, method: str = "chat.postMessage") -> list[Json]:
        """The successful calls of a method."""
        return [call for call in self.slack.calls(method) if call["ok"]]

    # What is stored.

    def incident(self, number: int = 1) -> Incident:
        with self.bot.desk.database.reading() as session:
            return incidents.get(session, TEAM, IncidentNumber(number))

    def entries(self, number: int = 1) -> list[Entry]:
        """The live entries of a chart."""
        with self.bot.desk.database.reading() as session:
            return entries.of(session, TEAM, IncidentNumber(number))

    def logged(self, number: int = 1) -> list[tuple[str, str]]:
        """The live entries as kind and text."""
        return [(entry.kind.value, entry.text) for entry in self.entries(number)]

    def history(self, entry: Entry) -> list[str]:
        """What an entry said before."""
        with self.bot.desk.database.reading() as session:
            return entries.revisions(session, TEAM, entry)


def _action(view: Json, block_id: str) -> str:
    block = next(block for block in view["blocks"] if block.get("block_id") == block_id)
    action: str = block["element"]["action_id"]
    return action


def words_of(found: Json) -> str:
    """All the words of a message, an answer or a view, whatever block they stand in."""
    parts = [found.get("text", "")] if isinstance(found.get("text"), str) else []
    for block in found.get("blocks") or []:
        parts.extend(_words(block))
    return "\n".join(part for part in parts if part)


def _words(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") == "user":
            yield f"<@{node['user_id']}>"
        for key, value in node.items():
            if key in {"text", "name"} and isinstance(value, str):
                yield value
            elif key != "style":
                yield from _words(value)
    elif isinstance(node, list):
        for item in node:
            yield from _words(item)


@contextmanager
def conversation(
    sandbox: Sandbox, slack: SandboxClient, database_url: str, *, clock: Clock | None = None
) -> Iterator[Talk]:
    """A bot that hears over signed HTTP and delivers when the story says so."""
    clock = clock or Clock()
    bot = wire(settings(sandbox, database_url), clock)
    bot.serve()
    slack.transport(f"{bot.url}/slack/events")
    try:
        yield Talk(slack, bot, clock)
    finally:
        bot.stop()


def look_into(database_url: str, read: Callable[[Database], Any]) -> Any:
    """Read something from a database whose bot has ended."""
    with closing(Database(database_url)) as database:
        return read(database)
