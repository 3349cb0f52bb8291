"""How quickly requests are acknowledged over HTTP, against an app that only acknowledges."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import count
from pathlib import Path

from tests.benchmarks._figures import Figure, interleaved, middle, ratio
from tests.benchmarks._load import Job, Result
from tests.benchmarks._processes import Running, load, started
from tests.benchmarks._stored import fill, root
from tests.databases import PostgresTemplate, SqliteTemplate

# Of its requests/s; SQLite writes to the disk once a request, PostgreSQL once for all that wait.
AIMS = {"SQLite": 0.28, "PostgreSQL": 0.33}
THREADS = 16
FEW = (10, 10)
MANY = {False: (100_000, 10_000), True: (10_000, 1_000)}
Template = SqliteTemplate | PostgresTemplate


def _rate(result: Result) -> float:
    return result.rate


class Bench:
    """The bots of one database, each filled in its own way, and the bare app."""

    def __init__(self, stack: ExitStack, template: Template, folder: Path, slack: str) -> None:
        self._stack, self._template, self._folder, self._slack = stack, template, folder, slack
        self._names = count()
        self.bare = stack.enter_context(started("bare", slack))

    def bot(self, kind: str, incidents: int, entries: int) -> Running:
        """A bot with so many incidents, and so many entries in the first thread."""
        folder = self._folder / f"{next(self._names)}"
        folder.mkdir()
        url = self._stack.enter_context(self._template.copy(folder))
        fill(url, incidents=incidents, entries=entries)
        return self._stack.enter_context(started(kind, self._slack, url))


def acknowledged(name: str, template: Template, folder: Path, slack: str, *, quick: bool) -> Iterator[Figure]:
    """All figures of one database."""
    folder.mkdir()
    rounds, requests = (2, 300) if quick else (5, 500)
    with ExitStack() as stack:
        bench = Bench(stack, template, folder, slack)
        # Sixteen threads, so that replies do not wait for each other's chart.
        plain = bench.bot("rounds", THREADS, FEW[1])
        roots = [root(number) for number in range(1, THREADS + 1)]
        yield from _against_bare(name, bench.bare, plain, roots, rounds, requests)
        yield Figure(
            name=f"{name}: resident memory after that, against the bare app's",
            value=plain.megabytes() / bench.bare.megabytes(),
            unit="x",
        )
        yield Figure(name=f"{name}: resident memory after that", value=plain.megabytes(), unit="MB", aim=120)
        yield from _while_delivering(name, bench, rounds, requests // 5)
        yield from _grown(name, bench, rounds, requests, quick=quick)


def _against_bare(
    name: str, bare: Running, bot: Running, roots: list[str], rounds: int, requests: int
) -> Iterator[Figure]:
    for kind in ("open", "reply"):
        job = partial(Job, kind=kind, count=requests, threads=roots)
        found = interleaved({"bare": _sent(bare, job), "bot": _sent(bot, job)}, rounds)
        told = f"{name}: {kind} acknowledged"
        yield Figure(
            name=f"{told}, of the bare app's requests/s",
            value=ratio(found["bot"], found["bare"], _rate),
            unit="x",
            aim=AIMS[name],
            better="more",
        )
        yield from _times(told, found["bot"])
        yield Figure(name=f"{told}, bare app", value=middle(found["bare"], _rate), unit="/s")


def _times(told: str, found: list[Result]) -> Iterator[Figure]:
    yield Figure(name=told, value=middle(found, _rate), unit="/s")
    yield Figure(name=f"{told}, p50", value=middle(found, lambda one: one.p50), unit="ms")
    yield Figure(name=f"{told}, p99", value=middle(found, lambda one: one.p99), unit="ms", aim=100)
    yield Figure(name=f"{told}, refused", value=sum(one.refused for one in found), unit="", aim=0)


def _while_delivering(name: str, bench: Bench, rounds: int, requests: int) -> Iterator[Figure]:
    """The same while the relay posts what the opens owe, which shares the interpreter with them."""
    bot = bench.bot("delivering", *FEW)

    def settled() -> Result:
        result = load(Job(port=bot.port, kind="open", count=requests))
        bot.settles()
        return result

    job = partial(Job, kind="open", count=requests)
    found = interleaved({"bare": _sent(bench.bare, job), "bot": settled}, rounds)
    told = f"{name}: open acknowledged while delivering"
    yield Figure(
        name=f"{told}, of the bare app's requests/s",
        value=ratio(found["bot"], found["bare"], _rate),
        unit="x",
    )
    yield from _times(told, found["bot"])


def _grown(name: str, bench: Bench, rounds: int, requests: int, *, quick: bool) -> Iterator[Figure]:
    incidents, entries = MANY[quick]
    small, large = bench.bot("rounds", *FEW), bench.bot("rounds", incidents, entries)
    told = {"open": f"{FEW[0]} incidents against {incidents}", "reply": f"{FEW[1]} entries against {entries}"}
    for kind, what in told.items():
        job = partial(Job, kind=kind, count=requests // 2, threads=[root(1)])
        found = interleaved({"small": _sent(small, job), "large": _sent(large, job)}, rounds)
        yield Figure(
            name=f"{name}: {kind}, requests/s with {what}",
            value=ratio(found["small"], found["large"], _rate),
            unit="x",
            aim=1.3,
        )


def _sent(bot: Running, job: Callable[..., Job]) -> Callable[[], Result]:
    return lambda: load(job(port=bot.port))
