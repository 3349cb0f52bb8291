"""The figures of what is found again: `python -m tests.benchmarks.library [--json] [--incidents 100000]`.

How long a search takes, and to say what a new incident reminds of, where a workspace has had
that many incidents. Nothing here is asserted, so that a busy machine never fails a build.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from bot.domain.heard import Who
from bot.domain.ids import ChannelId, IncidentNumber, TeamId, UserId
from bot.domain.search.document import Said, document_of
from bot.slack.render.home import home_view
from bot.store import incidents, search, similar
from bot.store.search import Stale
from bot.store.session import Database
from bot.usecases.find_similar import find_similar
from bot.usecases.index_incidents import index_incident
from bot.usecases.read_home import read_home
from bot.usecases.search_incidents import Asked, search_incidents
from tests.benchmarks._figures import Figure, as_json, line, table
from tests.benchmarks._library import CHANNEL, TEAM, open_ones, opened_at, stock
from tests.databases import PostgresTemplate, SqliteTemplate

ROUNDS = 60
WHO = Who(team=TeamId(TEAM), user=UserId("U0P00001"), channel=ChannelId(CHANNEL))
# What people look for, from what nearly every chart says to what only one does or none.
ASKED = {
    "a common word": Asked(words="loss"),
    "two common words": Asked(words="loss spikes"),
    "three words": Asked(words="training loss nan"),
    "a rare name": Asked(words="Module123Error"),
    "a phrase": Asked(words='"loss is nan"'),
    "a beginning": Asked(words="module12*"),
    "a word that is nowhere": Asked(words="zebra"),
    "words that are nowhere together": Asked(words="module17 module18 module19 zebra"),
    "common words, open": Asked(words="loss nan", resolved=False),
    "common words, since 30 days": Asked(words="loss nan", since=timedelta(days=30)),
}


def figures(folder: Path, count: int) -> Iterator[Figure]:
    """Every figure, as it is measured."""
    both: dict[str, SqliteTemplate | PostgresTemplate] = {
        "SQLite": SqliteTemplate(folder),
        "PostgreSQL": PostgresTemplate(folder, durable=True),
    }
    for name, template in both.items():
        place = folder / name
        place.mkdir()
        with template.copy(place) as url, closing(Database(url)) as database:
            started = perf_counter()
            stock(database, count)
            print(f"{name}: stocked in {perf_counter() - started:.0f} s", file=sys.stderr)
            yield from _searches(name, database, opened_at(count))
            yield from _similar(name, database, count)
            yield from _indexing(name, database, count)
            yield from _home(name, database, opened_at(count))


def _searches(name: str, database: Database, now: datetime) -> Iterator[Figure]:
    for what, asked in ASKED.items():

        def look(_: int, asked: Asked = asked) -> None:
            with database.reading() as session:
                search_incidents(session, WHO, asked, now)

        yield from _told(f"{name}: search for {what}", _measured(look, ROUNDS), aim=100)


def _similar(name: str, database: Database, count: int) -> Iterator[Figure]:
    """For a new incident, as its first card does, and for every card after that."""
    found = open_ones(count)

    def new(place: int) -> None:
        with database.reading() as session:
            incident = incidents.get(session, TeamId(TEAM), found[place % len(found)])
            find_similar(session, incident, document_of(Said(incident=incident)).compared.split())

    def shown(place: int) -> None:
        with database.reading() as session:
            similar.kept(session, incidents.get(session, TeamId(TEAM), found[place % len(found)]))

    yield from _told(f"{name}: what a new incident reminds of", _measured(new, 2 * ROUNDS), aim=20)
    yield from _told(f"{name}: the same, for a card", _measured(shown, 2 * ROUNDS), aim=5)


def _indexing(name: str, database: Database, count: int) -> Iterator[Figure]:
    found = open_ones(count)

    def one(place: int) -> None:
        number = found[place % len(found)]
        index_incident(database, Stale(TeamId(TEAM), IncidentNumber(number), place + 2))

    yield from _told(f"{name}: indexing an incident", _measured(one, 2 * ROUNDS), aim=50)
    looked = _measured(lambda _: _nothing_stale(database), ROUNDS)
    yield from _told(f"{name}: looking for what has to be indexed", looked, aim=5)


def _home(name: str, database: Database, now: datetime) -> Iterator[Figure]:
    """What we need until somebody's App Home can be drawn."""

    def opens(_: int) -> None:
        with database.reading() as session:
            home_view(read_home(session, WHO.team, WHO.user, now), "https://example.slack.com/")

    yield from _told(f"{name}: an App Home", _measured(opens, ROUNDS), aim=200)


def _nothing_stale(database: Database) -> None:
    with database.reading() as session:
        search.stale(session, 100)


def _measured(act: Callable[[int], None], rounds: int) -> list[float]:
    """How long each took, in milliseconds; the first few are not counted."""
    found = []
    for place in range(rounds + 3):
        started = perf_counter()
        act(place)
        found.append(1000 * (perf_counter() - started))
    return found[3:]


def _told(what: str, times: Sequence[float], *, aim: float) -> Iterator[Figure]:
    cuts = quantiles(times, n=100)
    yield Figure(name=f"{what}, p50", value=cuts[49], unit="ms")
    yield Figure(name=f"{what}, p99", value=cuts[98], unit="ms", aim=aim)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.library")
    parser.add_argument("--json", action="store_true", help="print for a program")
    parser.add_argument("--incidents", type=int, default=100_000, help="how many there have been")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rounds-library-") as folder:
        found = []
        for figure in figures(Path(folder), asked.incidents):
            print(line(figure), file=sys.stderr, flush=True)
            found.append(figure)
    print(as_json(found) if asked.json else table(found))


if __name__ == "__main__":
    main()
