"""Several processes on one database: `python -m tests.benchmarks.replicas [--json] [--quick] [--only PART]`.

*kills*: three real `rounds run` on one PostgreSQL and one sandbox, 10,000 incidents whose prompt falls due
within a minute, and one process killed with SIGKILL every few seconds and started anew. *alone*: the same
with one process and no kills. All claims are counted with what they owe, and what comes to Slack in the time
that is left: a real workspace would take half an hour for so many posts, so the pace is switched off. *idle*:
what a tick costs that finds nothing due, in process, at 1,000 and at 100,000 open prompts on both databases.

Bars: none asked twice, none missed, none posted twice; an idle tick costs the same within 1.3x. How fast it
goes depends on the machine, and informs only. The exit code is 1 where a bar is missed.
"""

import argparse
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import quantiles

import structlog
from sqlalchemy import func, select

from bot.clockwork import Clockwork
from bot.manifests import manifest_data
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox, SandboxConfig
from bot.store.session import Database
from bot.store.tables import outbox, prompts
from tests.benchmarks._figures import Figure, as_json, interleaved, line, table
from tests.benchmarks.clock_journal import Journal
from tests.benchmarks.real_bot import RealBot, environment, free_port
from tests.benchmarks.replicas_stored import ASKED, fill
from tests.databases import PostgresTemplate, SqliteTemplate

PARTS = ("kills", "alone", "idle")
CHANNELS = 20
PROMPTS, QUICK = 10_000, 600
STARTING, SPREAD = timedelta(seconds=15), timedelta(seconds=60)
PAUSES = (4.0, 8.0)
# What a killed process had in hand is taken again two minutes later.
LONGEST, LEASE = 900.0, 150.0
FLAT, FEW, TICKS = 1.3, 1000, 400
ADDRESS = "https://nowhere.slack.com/"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one run."""

    late: list[float]
    busiest: float
    asked_twice: int
    missed: int
    posted: int
    posted_twice: int
    kills: int


class Replicas:
    """Some processes, of which one is killed now and then."""

    def __init__(self, variables: dict[str, str], folder: Path, amount: int) -> None:
        self._variables, self._folder = variables, folder
        self.kills = 0
        self._running = [self._started(place) for place in range(amount)]

    def _started(self, place: int) -> RealBot:
        variables = self._variables | {"ROUNDS_PORT": str(free_port())}
        return RealBot(variables, self._folder / f"said-{place}-{self.kills}.log")

    def kill_one(self, draw: random.Random) -> None:
        """Kill any, and start another in its place."""
        place = draw.randrange(len(self._running))
        self._running[place].kill()
        self.kills += 1
        self._running[place] = self._started(place)

    def close(self) -> None:
        """Kill them all."""
        for each in self._running:
            each.kill()


def run(template: PostgresTemplate, folder: Path, *, amount: int, processes: int, kills: bool) -> Outcome:
    """Let so many prompts fall due under so many processes."""
    folder.mkdir()
    with ExitStack() as stack:
        url = stack.enter_context(template.copy(folder))
        sandbox = stack.enter_context(Sandbox(SandboxConfig(manifest=manifest_data("http"))))
        slack = stack.enter_context(SandboxClient(sandbox.url))
        database = stack.enter_context(closing(Database(url)))
        begins = datetime.now(UTC) + STARTING
        fill(database, roots(slack), amount=amount, begins=begins, spread=SPREAD)
        variables = environment(sandbox, url) | {"ROUNDS_PACE": "none"}
        replicas = stack.enter_context(closing(Replicas(variables, folder, processes)))
        journal = Journal(slack)
        _until_done(database, replicas, journal, amount, kills=kills)
        return judged(database, journal, amount, replicas.kills)


def roots(slack: SandboxClient) -> list[tuple[str, str]]:
    """Channels, each with one message that stands for the roots of all its incidents."""
    found = []
    for place in range(CHANNELS):
        channel = slack.channel("U0ANA", f"ward-{place}")["id"]
        slack.invite("U0ANA", channel, "U0ROUNDS")
        found.append((channel, slack.message("U0ANA", channel, "a root")))
    return found


def _until_done(
    database: Database, replicas: Replicas, journal: Journal, amount: int, *, kills: bool
) -> None:
    """Kill until all are claimed, then wait for the posts as long as it is worth it."""
    draw = random.Random(7)  # noqa: S311 - a repeatable run.
    ends, kills_at = time.monotonic() + LONGEST, time.monotonic() + STARTING.total_seconds()
    while (missing := amount - claimed(database)) and time.monotonic() < ends:
        time.sleep(1)
        journal.read()
        if kills and missing and time.monotonic() > kills_at:
            replicas.kill_one(draw)
            kills_at = time.monotonic() + draw.uniform(*PAUSES)
    ends = time.monotonic() + LEASE
    while len(journal.posts) < amount and time.monotonic() < ends:
        time.sleep(1)
        journal.read()


def claimed(database: Database) -> int:
    """How many prompts were asked."""
    with database.reading() as session:
        found = select(func.count()).where(prompts.c.asked_at.is_not(None), prompts.c.kind == ASKED)
        return int(session.execute(found).scalar_one())


def judged(database: Database, journal: Journal, amount: int, kills: int) -> Outcome:
    """Count what was asked, owed and posted for each incident."""
    asked = prompts.c.kind == ASKED
    with database.reading() as session:
        rows = session.execute(select(prompts.c.due_at, prompts.c.asked_at, prompts.c.asks).where(asked))
        found = [row for row in rows if row.asked_at]
        keys = session.execute(select(outbox.c.key).where(outbox.c.key.startswith("prompt:"))).scalars()
        owed = Counter(key.split(":")[1] for key in keys)
    posted = Counter(post.key for post in journal.posts if post.key.startswith("prompt:"))
    times = sorted(row.asked_at.timestamp() for row in found)
    return Outcome(
        late=[(row.asked_at - row.due_at).total_seconds() for row in found],
        busiest=_busiest(times),
        asked_twice=sum(row.asks > 1 for row in found) + sum(n > 1 for n in owed.values()),
        missed=amount - min(len(found), len(owed)),
        posted=len(posted),
        posted_twice=sum(n > 1 for n in posted.values()),
        kills=kills,
    )


def _busiest(times: list[float], window: float = 5.0) -> float:
    """The most claims a second, over a few seconds."""
    best, first = 0, 0
    for place, at in enumerate(times):
        while times[first] < at - window:
            first += 1
        best = max(best, place - first + 1)
    return best / window


def told(name: str, found: Outcome) -> Iterator[Figure]:
    """The figures of one run."""
    cuts = quantiles(found.late, n=100)
    yield Figure(name=f"{name}: killed and started anew", value=found.kills, unit="")
    yield Figure(name=f"{name}: claimed", value=len(found.late), unit="")
    yield Figure(name=f"{name}: asked or owed twice", value=found.asked_twice, unit="", aim=0)
    yield Figure(name=f"{name}: missed", value=found.missed, unit="", aim=0)
    yield Figure(name=f"{name}: posted in time", value=found.posted, unit="")
    yield Figure(name=f"{name}: posted twice", value=found.posted_twice, unit="", aim=0)
    yield Figure(name=f"{name}: claims in the busiest 5 s", value=found.busiest, unit="/s")
    yield Figure(name=f"{name}: lateness p50", value=cuts[49], unit="s")
    yield Figure(name=f"{name}: lateness p99", value=cuts[98], unit="s")


def idle(name: str, template: SqliteTemplate | PostgresTemplate, folder: Path, many: int) -> Iterator[Figure]:
    """What a tick costs that finds nothing due, with few and with many prompts to come, measured in turns."""
    with ExitStack() as stack:
        clockworks = {}
        for amount in (FEW, many):
            place = folder / f"{name}-{amount}"
            place.mkdir()
            database = stack.enter_context(closing(Database(stack.enter_context(template.copy(place)))))
            later = datetime.now(UTC) + timedelta(days=2)
            fill(database, [("C0WARD", "1600000000.000100")], amount=amount, begins=later, spread=SPREAD)
            clockworks[amount] = Clockwork(database, lambda: datetime.now(UTC), lambda: ADDRESS)
        variants = {str(amount): partial(_seconds, each) for amount, each in clockworks.items()}
        times = interleaved(variants, TICKS)
    # What else the machine does only ever adds to a time.
    few, much = (quantiles(times[str(amount)], n=20)[0] for amount in (FEW, many))
    yield Figure(name=f"{name}: idle tick, {FEW} to come", value=few * 1e6, unit="us")
    yield Figure(name=f"{name}: idle tick, {many} to come", value=much * 1e6, unit="us")
    yield Figure(name=f"{name}: idle tick, {many} to {FEW} to come", value=much / few, unit="x", aim=FLAT)


def _seconds(clockwork: Clockwork) -> float:
    began = time.perf_counter()
    assert clockwork.tick() == 0
    return time.perf_counter() - began


def figures(folder: Path, parts: set[str], *, quick: bool) -> Iterator[Figure]:
    """Every figure, as it is measured."""
    postgres, amount = PostgresTemplate(folder), QUICK if quick else PROMPTS
    if "idle" in parts:
        many = 10_000 if quick else 100_000
        yield from idle("SQLite", SqliteTemplate(folder), folder, many)
        yield from idle("PostgreSQL", postgres, folder, many)
    if "kills" in parts:
        found = run(postgres, folder / "kills", amount=amount, processes=3, kills=True)
        yield from told("three processes", found)
    if "alone" in parts:
        found = run(postgres, folder / "alone", amount=amount, processes=1, kills=False)
        yield from told("one process", found)


def main() -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.replicas")
    parser.add_argument("--json", action="store_true", help="print for a program")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} prompts instead of {PROMPTS}")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure one part only")
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory(prefix="rounds-replicas-") as folder:
        found = []
        for figure in figures(Path(folder), set(asked.only or PARTS), quick=asked.quick):
            print(line(figure), file=sys.stderr, flush=True)
            found.append(figure)
    print(as_json(found) if asked.json else table(found))
    return 1 if any(figure.met is False for figure in found) else 0


if __name__ == "__main__":
    sys.exit(main())
