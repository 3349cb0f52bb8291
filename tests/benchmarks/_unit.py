"""One "log an entry" unit of work against the statements it is made of, sent through the raw driver.

The statements are recorded once and replayed with other values: what is left of the difference is the price
of typing and reading them in Python. On SQLite ours share a commit where several wait, and the raw driver
commits each unit alone, so there the figure holds that gain as well.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, event

from bot.domain.heard import Reply
from bot.domain.ids import ChannelId, MessageTs, TeamId, UserId
from bot.store.session import Database
from bot.usecases.log_reply import log_reply
from tests.benchmarks._figures import Figure, interleaved, middle, ratio
from tests.benchmarks._load import CHANNEL, TEAM
from tests.benchmarks._stored import fill, root
from tests.databases import PostgresTemplate, SqliteTemplate

AIMS = {"SQLite": 0.4, "PostgreSQL": 0.5}
WORKERS = 16
# Far from every other number, so that it can be found among the recorded values.
MARK = 700_000_000
Template = SqliteTemplate | PostgresTemplate
Parameters = Sequence[Any] | Mapping[str, Any]
Worker = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as it went to the driver."""

    sql: str
    parameters: Parameters

    def with_values(self, worker: int, number: int, seq: int) -> Parameters:
        """Its parameters for another message, in another thread."""
        changed: Parameters = _changed(self.parameters, worker, number, seq)
        return changed


def _changed(value: Any, worker: int, number: int, seq: int) -> Any:
    match value:
        case dict():
            return {name: _changed(part, worker, number, seq) for name, part in value.items()}
        case tuple() | list():
            return tuple(_changed(part, worker, number, seq) for part in value)
        case str():
            return value.replace(_ts(0), _ts(number)).replace(root(1), root(worker))
        case int() if value == MARK + 1:
            return seq
        case 1 if value is not True:
            return worker
        case _:
            return value


def _ts(number: int) -> str:
    return f"1700000000.{number:09d}"


def unit(name: str, template: Template, folder: Path, *, quick: bool) -> Iterator[Figure]:
    """The figures of one database."""
    folder.mkdir()
    rounds, each = (2, 10) if quick else (5, 30)
    with template.copy(folder) as url:
        fill(url, incidents=WORKERS, entries=0)
        with closing(Database(url)) as database:
            statements = _recorded(database)
            numbers = count(1, WORKERS * each)
            with _raw(url, statements) as raw:
                found = interleaved(
                    {
                        "ours": lambda: _rate(_ours(database), next(numbers), each),
                        "raw": lambda: _rate(raw, next(numbers), each),
                    },
                    rounds,
                )
    yield Figure(
        name=f"{name}: log an entry, of the raw driver's units/s ({len(statements)} statements)",
        value=ratio(found["ours"], found["raw"], float),
        unit="x",
        aim=AIMS[name],
        better="more",
    )
    yield Figure(name=f"{name}: log an entry", value=middle(found["ours"], float), unit="/s")
    yield Figure(name=f"{name}: the same by the raw driver", value=middle(found["raw"], float), unit="/s")


def _rate(work: Worker, first: int, each: int) -> float:
    """Units per second of sixteen threads, each in a thread of Slack's own."""
    began = time.perf_counter()

    def run(worker: int) -> None:
        for number in range(each):
            work(worker, first + (worker - 1) * each + number)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(run, range(1, WORKERS + 1)))
    return WORKERS * each / (time.perf_counter() - began)


def _reply(worker: int, number: int) -> Reply:
    ts = MessageTs(_ts(number))
    return Reply(
        team=TeamId(TEAM),
        channel=ChannelId(CHANNEL),
        thread_ts=MessageTs(root(worker)),
        ts=ts,
        version=ts,
        author=UserId("U0P00001"),
        text="result: fails on row 3 with KeyError",
    )


def _ours(database: Database) -> Worker:
    def work(worker: int, number: int) -> None:
        with database.writing() as session:
            log_reply(session, _reply(worker, number), datetime.now(UTC))

    return work


def _recorded(database: Database) -> list[Statement]:
    """The statements that log one entry, without those that begin and end the transaction."""
    with database.quietly() as session:
        session.exec_driver_sql(f"UPDATE incidents SET last_entry = {MARK}")
    found: list[Statement] = []

    def record(_c: Connection, _cursor: object, sql: str, parameters: Any, *_: object) -> None:
        if not sql.startswith("BEGIN"):
            found.append(Statement(sql, parameters))

    event.listen(database.engine, "before_cursor_execute", record)
    _ours(database)(1, 0)
    event.remove(database.engine, "before_cursor_execute", record)
    return found


@contextmanager
def _raw(url: str, statements: list[Statement]) -> Iterator[Worker]:
    """The same work through the driver: one connection with a lock on SQLite, one a thread on PostgreSQL."""
    with _sqlite(url, statements) if url.startswith("sqlite") else _postgres(url, statements) as worker:
        yield worker


@contextmanager
def _sqlite(url: str, statements: list[Statement]) -> Iterator[Worker]:
    file = url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=1000"):
            connection.execute(f"PRAGMA {pragma}")
        lock = threading.Lock()

        def work(worker: int, number: int) -> None:
            with lock:
                connection.execute("BEGIN IMMEDIATE")
                _send(connection, statements, worker, number)
                connection.execute("COMMIT")

        yield work


@contextmanager
def _postgres(url: str, statements: list[Statement]) -> Iterator[Worker]:
    own = [psycopg.connect(url, options="-c synchronous_commit=on") for _ in range(WORKERS)]

    def work(worker: int, number: int) -> None:
        _send(own[worker - 1], statements, worker, number)
        own[worker - 1].commit()

    yield work
    for connection in own:
        connection.close()


def _send(connection: Any, statements: list[Statement], worker: int, number: int) -> None:
    seq = MARK + 1
    for statement in statements:
        cursor = connection.execute(statement.sql, statement.with_values(worker, number, seq))
        rows = cursor.fetchall() if cursor.description else []
        if statement.sql.startswith("UPDATE incidents"):
            seq = rows[0][0]
