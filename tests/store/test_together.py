"""Several who write at the same time share a commit, and each still has a transaction of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, exc, text

from bot.store.turns import Convoy

TAKE = text("INSERT INTO taken VALUES (:number)")


class BrokenError(Exception):
    """The work of one failed."""


class Store:
    """A file with one table, its convoy, and how often it was committed."""

    def __init__(self, file: Path) -> None:
        self.engine = create_engine(f"sqlite:///{file}", connect_args={"check_same_thread": False})
        self.convoy = Convoy(self.engine, patience=5)
        self.commits = 0

        @event.listens_for(self.engine, "connect")
        def prepare(connection: object, _: object) -> None:
            connection.isolation_level = None  # type: ignore[attr-defined]

        @event.listens_for(self.engine, "begin")
        def begin(connection: object) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # type: ignore[attr-defined]

        with self.engine.begin() as session:
            session.execute(text("CREATE TABLE taken (number INTEGER)"))
        event.listen(self.engine, "commit", self._count)

    def _count(self, _: object) -> None:
        self.commits += 1

    def close(self) -> None:
        self.engine.dispose()

    def numbers(self) -> list[int]:
        with self.engine.connect() as session:
            return list(session.execute(text("SELECT number FROM taken ORDER BY number")).scalars())

    def together(self, *works: Callable[[], None]) -> list[Future[None]]:
        """Let them all arrive while the first one writes."""
        inside, go_on = threading.Event(), threading.Event()

        def first() -> None:
            with self.convoy.writing() as session:
                session.execute(TAKE, {"number": 0})
                inside.set()
                go_on.wait()

        with ThreadPoolExecutor(len(works) + 1) as pool:
            found = [pool.submit(first)]
            inside.wait()
            for number, work in enumerate(works, start=1):
                found.append(pool.submit(work))
                self._until(waiting=number)
            go_on.set()
        return found

    def _until(self, *, waiting: int) -> None:
        pause = threading.Event()
        for _ in range(1000):
            if self.convoy.waiting == waiting:
                return
            pause.wait(0.001)
        raise AssertionError(f"{self.convoy.waiting} wait, not {waiting}")

    def takes(self, number: int) -> Callable[[], None]:
        def work() -> None:
            with self.convoy.writing() as session:
                session.execute(TAKE, {"number": number})

        return work

    def fails_after(self, number: int) -> Callable[[], None]:
        def work() -> None:
            with self.convoy.writing() as session:
                session.execute(TAKE, {"number": number})
                raise BrokenError

        return work

    def loses_everything(self) -> None:
        """What SQLite does by itself when the disk is full."""
        with self.convoy.writing() as session:
            session.exec_driver_sql("ROLLBACK")
            raise BrokenError


def test_those_who_waited_in_a_row_share_one_commit(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "one.db")) as store:
        found = store.together(store.takes(1), store.takes(2), store.takes(3))

        assert [one.exception() for one in found] == [None] * 4
        assert store.numbers() == [0, 1, 2, 3]
        assert store.commits == 1


@pytest.mark.parametrize("place", [1, 2, 3])
def test_what_fails_is_taken_back_alone(tmp_path: Path, place: int) -> None:
    with closing(Store(tmp_path / "one.db")) as store:
        works = [store.fails_after(n) if n == place else store.takes(n) for n in (1, 2, 3)]

        found = store.together(*works)

        failed = [number for number, one in enumerate(found) if isinstance(one.exception(), BrokenError)]
        assert failed == [place]
        assert store.numbers() == sorted({0, 1, 2, 3} - {place})


def test_nobody_is_told_that_it_is_stored_when_the_database_gave_up_the_transaction(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "one.db")) as store:
        found = store.together(store.takes(1), store.loses_everything, store.takes(3))

        assert [type(one.exception()) for one in found[:3]] == [exc.OperationalError] * 3
        assert found[3].exception() is None
        assert store.numbers() == [3]


def test_nobody_returns_before_the_commit(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "one.db")) as store:
        seen: list[int] = []

        def looks() -> None:
            with store.convoy.writing() as session:
                session.execute(TAKE, {"number": 2})
            seen.extend(store.numbers())

        store.together(store.takes(1), looks)

        assert seen == [0, 1, 2]


def test_a_database_that_cannot_be_written_holds_up_nobody(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "one.db")) as store:
        event.listen(store.engine, "begin", _refuse, once=True)
        with suppress(BrokenError):
            store.takes(1)()

        store.takes(2)()

        assert store.numbers() == [2]


def _refuse(_: object) -> None:
    raise BrokenError
