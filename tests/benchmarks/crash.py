"""Kills the bot again and again while people work with it, and looks whether anything was lost or doubled.

`python -m tests.benchmarks.crash [--json] [--kills 200] [--database sqlite|postgresql] [--seed 1]`: a real
`rounds run` against a sandbox, killed with SIGKILL at random moments under a stream of opens, replies, edits,
deletes and commands. Slack's retries are made to come by moving the sandbox's clock after each restart. The
exit code is 1 if anything was lost, doubled or out of order.
"""

import argparse
import json
import random
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.manifests import manifest_data
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox, SandboxConfig
from tests.benchmarks.crash_people import CHANNEL, NAMES, Person
from tests.benchmarks.crash_verdict import Verdict, judge, owed
from tests.benchmarks.real_bot import RealBot, environment, free_port, until
from tests.databases import PostgresTemplate, migrated

# The longest pause between two of Slack's attempts, and a little more.
RETRIES_DUE = 301.0
_NUMBER = re.compile(r"INC-(\d+)")
LONGEST_LIFE = 0.6
STILLBORN = 0.15
STARTING = 0.8
# After so many seconds in which nothing was delivered, nothing will be.
STUCK = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of it."""

    database: str
    kills: int
    acknowledged: int
    undelivered: int
    lost: int
    doubled: int
    out_of_order: int
    incidents: int
    messages: int
    restart_ms_median: int
    seconds: int

    @property
    def sound(self) -> bool:
        """Whether nothing was lost, doubled or out of order, and everything was judged."""
        return not (self.lost or self.doubled or self.out_of_order or self.undelivered)


class Crash:
    """One run: a sandbox, a database, people, and a bot that keeps being killed."""

    def __init__(self, sandbox: Sandbox, slack: SandboxClient, database_url: str, seed: int) -> None:
        self._sandbox, self._slack, self._database_url = sandbox, slack, database_url
        self._random = random.Random(seed)  # noqa: S311 - a repeatable run is the point.
        self._port = free_port()
        self._bot: RealBot | None = None
        self._said = Path(tempfile.mkdtemp()) / "rounds.log"
        self._roots: dict[str, int] = {}
        self._restarts: list[float] = []
        self._attempts: dict[str, bool] = {}
        self._journal = 0
        self.people = [Person(name, seed, slack, lambda: self._roots) for name in NAMES]
        slack.transport(f"http://127.0.0.1:{self._port}/slack/events")

    def kill(self, times: int) -> None:
        """Let people work while the bot is killed so many times."""
        self._begin()
        for _ in range(times):
            bot = self._started()
            if self._random.random() < STILLBORN:
                time.sleep(self._random.uniform(0, STARTING))
                bot.kill()
                bot = self._started()
            self._revived(bot)
            with self._working():
                time.sleep(self._random.uniform(0, LONGEST_LIFE))
                bot.kill()

    def _begin(self) -> None:
        """Have something to talk about from the first moment on."""
        bot = self._started()
        bot.ready()
        for person in self.people:
            person.act()
        until("there are threads", lambda: len(self._look_around()) == len(self.people))
        bot.kill()

    def end(self) -> None:
        """Let a last bot deliver all that is owed, and end in peace."""
        bot = self._started()
        self._revived(bot)
        # Slack's last attempts, for what met a dying bot even now.
        self._revived(bot)
        while left := owed(self._database_url):
            self._goes_on(left)
        bot.ask_to_end()
        assert bot.ended() == 0, bot.says()

    def _goes_on(self, left: list[str]) -> None:
        """However much is owed at the end, it becomes less."""
        try:
            until("more is delivered", lambda: owed(self._database_url) != left, STUCK)
        except AssertionError as error:
            raise AssertionError("\n".join([str(error), *left])) from error

    def _started(self) -> RealBot:
        variables = environment(self._sandbox, self._database_url, port=self._port)
        self._bot = RealBot(variables, self._said)
        return self._bot

    def close(self) -> None:
        """Leave no process behind, however it went."""
        if self._bot:
            self._bot.kill()

    def _revived(self, bot: RealBot) -> None:
        """The bot is ready, Slack's retries have reached it, and people see the new threads."""
        began = time.monotonic()
        bot.ready()
        self._restarts.append(time.monotonic() - began)
        self._slack.clock(advance=RETRIES_DUE)
        assert self._slack.settle(30)
        self._read_journal()
        self._look_around()

    def _look_around(self) -> dict[str, int]:
        """Let people see which threads there are."""
        found = [message for message in self._slack.messages(CHANNEL) if message.get("bot_id")]
        self._roots = {message["ts"]: int(_NUMBER.findall(message["text"])[0]) for message in found}
        return self._roots

    def _read_journal(self) -> None:
        """Note which events were acknowledged at least once; the journal forgets, so it is read often."""
        for delivery in self._slack.deliveries(since=self._journal):
            self._journal = delivery["seq"]
            if delivery["kind"] == "event":
                taken = delivery["outcome"] == "ok"
                self._attempts[delivery["id"]] = self._attempts.get(delivery["id"], False) or taken

    @contextmanager
    def _working(self) -> Iterator[None]:
        over = threading.Event()
        threads = [threading.Thread(target=person.live, args=(over,)) for person in self.people]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()

    def report(self, database: str, kills: int, seconds: float) -> tuple[Report, Verdict]:
        """Judge, and count."""
        self._read_journal()
        ledgers = [person.ledger for person in self.people]
        verdict = judge(self._database_url, self._slack, ledgers)
        taken = sum(self._attempts.values())
        return Report(
            database=database,
            kills=kills,
            acknowledged=taken + sum(ledger.acknowledged for ledger in ledgers),
            undelivered=len(self._attempts) - taken,
            lost=len(verdict.lost),
            doubled=len(verdict.doubled),
            out_of_order=len(verdict.out_of_order),
            incidents=sum(len(ledger.opened) for ledger in ledgers),
            messages=sum(len(ledger.messages) for ledger in ledgers),
            restart_ms_median=int(sorted(self._restarts)[len(self._restarts) // 2] * 1000),
            seconds=int(seconds),
        ), verdict


@contextmanager
def fresh_database(kind: str) -> Iterator[str]:
    """A migrated, empty database."""
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            url = f"sqlite:///{folder}/rounds.db"
            migrated(url)
            yield url
            return
        template = PostgresTemplate(Path(folder), durable=True)
        with template.copy(Path(folder)) as url:
            yield url
        template.drop()


def run(database: str, database_url: str, *, kills: int, seed: int) -> tuple[Report, Verdict]:
    """One whole run."""
    began = time.monotonic()
    with (
        Sandbox(SandboxConfig(manifest=manifest_data("http"))) as sandbox,
        SandboxClient(sandbox.url) as slack,
    ):
        crash = Crash(sandbox, slack, database_url, seed)
        try:
            crash.kill(kills)
            crash.end()
            return crash.report(database, kills, time.monotonic() - began)
        finally:
            crash.close()


def main() -> int:
    """Run it as the command line says."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--json", action="store_true", help="print the report as JSON")
    asked.add_argument("--kills", type=int, default=200)
    asked.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    with fresh_database(given.database) as url:
        report, verdict = run(given.database, url, kills=given.kills, seed=given.seed)
    for finding in (*verdict.lost, *verdict.doubled, *verdict.out_of_order):
        print(finding, file=sys.stderr)
    if given.json:
        print(json.dumps(asdict(report)))
    else:
        for name, figure in asdict(report).items():
            print(f"{name.replace('_', ' '):20} {figure}")
    return 0 if report.sound else 1


if __name__ == "__main__":
    sys.exit(main())
