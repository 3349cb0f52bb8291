"""The people of a simulated ward: what somebody does about an incident, through Slack's own wire.

They answer some prompts and leave others, talk, order tests and forget their results. What they do next
depends on what stands in the chart, and on a seed.
"""

import json
import random
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from bot.domain.ids import IncidentNumber, TeamId
from bot.domain.incident import Incident
from bot.domain.work.workup import Workup
from bot.sandbox.client import SandboxClient
from bot.store import incidents, tables
from bot.store.session import Database
from bot.store.tables import outbox
from bot.usecases.follow_workup import read_workup
from tests.benchmarks.clock_givers import Givers
from tests.conversation import TEAM, user

NAMES = ("ana", "ben", "cho", "dev")
IDEAS = ("collator", "learning rate", "bad shard", "stale cache", "driver", "quota")
# Buttons that do something at once; those with a dialog are left alone.
AT_ONCE = ("answered:", "snooze:", "lead", "ended:", "found:")
CALM = "vital: loss=1.8 throughput=0.95x"
SIGNS = (*[CALM] * 9, "vital: throughput=0.6x", "vital: loss=nan throughput=0.4x", "vital: p99=900ms slo 1s")


class People:
    """Whoever works in the ward."""

    def __init__(self, slack: SandboxClient, eyes: Database, seed: int) -> None:
        self._slack, self._eyes = slack, eyes
        self.draw = random.Random(seed)  # noqa: S311 - a repeatable ward is the point.
        self._givers = Givers(slack, eyes, self.draw)

    def types(self, who: str, channel: str, text: str) -> None:
        """Type a command."""
        answer = self._slack.command(user(who), channel, "/incident", text)
        assert answer["status"] == "ok", answer

    def opens(self, channel: str, severity: int, *, named: bool) -> IncidentNumber:
        """Open an incident; where its severity is not *named* it has to be triaged."""
        text = f"open {f'sev{severity} ' if named else ''}it is slow, case {self.draw.random():.9f}"
        self.types(self.draw.choice(NAMES), channel, text)
        with self._eyes.reading() as session:
            found = session.execute(select(tables.incidents.c.number))
            return IncidentNumber(max(found.scalars()))

    def resolves(self, number: IncidentNumber) -> None:
        """Close an incident."""
        incident, _ = self._chart(number)
        why = "unknown; gone: it has not come back; anyway: nobody can say more"
        self.types("ana", incident.channel, f"resolve INC-{number} {why}")

    def answers(self, number: IncidentNumber) -> None:
        """React to what the bot has asked: by the buttons below it, or by work."""
        incident, _ = self._chart(number)
        if incident.resolved_at or incident.thread_ts is None:
            return
        if self.draw.random() < 0.5 and self._givers.answer(incident):
            return
        if self.draw.random() < 0.5 and self._taps(incident):
            return
        self.works(number)

    def works(self, number: IncidentNumber) -> None:
        """Do whatever comes next, or something else."""
        incident, workup = self._chart(number)
        if incident.resolved_at or incident.thread_ts is None:
            return
        self.draw.choice(self._doings(incident, workup))()

    def talks(self, number: IncidentNumber) -> None:
        """Say something that means nothing to the bot, but shows that somebody is there."""
        incident, _ = self._chart(number)
        if incident.thread_ts and not incident.resolved_at:
            self._says(incident, "still looking at it")

    def _chart(self, number: IncidentNumber) -> tuple[Incident, Workup]:
        with self._eyes.reading() as session:
            found = incidents.get(session, TeamId(TEAM), number)
            return found, read_workup(session, TeamId(TEAM), number)

    def _says(self, incident: Incident, text: str) -> None:
        who = user(self.draw.choice(NAMES))
        self._slack.message(who, incident.channel, text, thread_ts=incident.thread_ts)

    def _doings(self, incident: Incident, workup: Workup) -> list[Callable[[], None]]:
        """What could be done now, each as likely as the others."""
        lines = [self.draw.choice(SIGNS), "still looking at it"]
        if len(workup.differential.hypotheses) < 3:
            lines.append("\n".join(f"dx: {idea}" for idea in self.draw.sample(IDEAS, 3)))
        lines += [f"result: T{test.number} negative" for test in workup.open_tests[:1]]
        if len(workup.open_tests) < 2:
            lines.append(f"test: look at shard {len(workup.tests)} ({self.draw.randint(5, 90)}m)")
        if len(workup.open_actions) < 2:
            hours = self.draw.randint(1, 9)
            lines.append(f"todo: @{user(self.draw.choice(NAMES))} write to the vendor in {hours}h")
        lines.append(_treatment(workup, self.draw))
        doings = [lambda line=line: self._says(incident, line) for line in lines]
        return [*doings, lambda: self._commands(incident)]

    def _commands(self, incident: Incident) -> None:
        """Say something about the incident itself."""
        name = f"INC-{incident.number}"
        severity = max(1, min(5, int(incident.severity) + self.draw.choice((0, 0, 1, -1))))
        commands = [
            f"lead {name}",
            f"lead {name}",
            f"handoff {name} @{self.draw.choice(NAMES)}",
            f"handoff {name} @{self.draw.choice(NAMES)}",
            f"sev {name} sev{severity} as we see it",
            f"prompts {name} every {self.draw.choice((45, 90, 240))}m",
            f"prompts {name} off",
            f"prompts {name} on",
            f"prompts {name} on",
        ]
        self.types(self.draw.choice(NAMES), incident.channel, self.draw.choice(commands))

    def _taps(self, incident: Incident) -> bool:
        """Press a button of the living prompt; False where there is none to press."""
        with self._eyes.reading() as session:
            found = session.execute(
                select(outbox.c.slack_ts)
                .where(outbox.c.key.startswith(f"prompt:{incident.number}:"), outbox.c.slack_ts.is_not(None))
                .order_by(outbox.c.seq.desc())
                .limit(1)
            ).scalar()
        thread = self._slack.messages(incident.channel, thread_ts=incident.thread_ts)
        post = next((each for each in thread if each["ts"] == found), None)
        buttons = [each for each in _buttons(post) if each.startswith(AT_ONCE)] if post else []
        if not buttons or found is None:
            return False
        who = user(self.draw.choice(NAMES))
        self._slack.click(who, self.draw.choice(buttons), channel=incident.channel, ts=found)
        return True


def _treatment(workup: Workup, draw: random.Random) -> str:
    if workup.owing_revert:
        return f"outcome: {workup.owing_revert.name} reverted"
    if workup.active:
        return f"outcome: {workup.active.name} {draw.choice(('worked', 'failed', 'unclear'))}"
    return f"fix: restarted it; expect calm within {draw.randint(5, 60)}m; revert: stop it"


def _buttons(message: dict[str, Any]) -> list[str]:
    """The ids of all buttons of a message."""
    rows = [block for block in message.get("blocks") or [] if block.get("type") == "actions"]
    return [each["action_id"] for row in json.loads(json.dumps(rows)) for each in row["elements"]]
