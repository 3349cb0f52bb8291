"""How many write on SQLite's one writing connection: one at a time, and one commit for those in a row.

Python's own locks and SQLAlchemy's pool let newcomers overtake: with sixteen threads some waited for seconds
while others came round again and again. Here whoever leaves hands over to whoever has waited longest.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, exc

# Half of the threads that can want to write, so that the others work while these wait for the disk.
TOGETHER = 8


class Turns:
    """Lets one in at a time; nobody waits longer than *patience*, in seconds."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._waiting)

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Wait for one's turn, and hand over at the end.

        Raises:
            TimeoutError: SQLAlchemy's, as from a pool that has no connection left.
        """
        self.wait()
        try:
            yield
        finally:
            self.hand_over()

    def wait(self) -> None:
        """Wait for one's turn; whoever has it hands over or passes on.

        Raises:
            TimeoutError: SQLAlchemy's, as from a pool that has no connection left.
        """
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            called = threading.Lock()
            called.acquire()
            self._waiting.append(called)
        if called.acquire(timeout=self._patience):
            return
        with self._guard:
            if called not in self._waiting:
                # We were called at the last moment, so the turn is ours after all.
                return
            self._waiting.remove(called)
        raise exc.TimeoutError(f"No turn to write within {self._patience} s")

    def hand_over(self) -> None:
        """Let the next one in, if there is one."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    def pass_on(self) -> bool:
        """Let the next one in; without one the turn stays where it is. Whoever is let in does come."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
                return True
            return False


@dataclass(slots=True)
class _Journey:
    """A transaction of the database's that carries the work of several."""

    session: Connection
    aboard: int = 0
    arrived: bool = False
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def goes_on(self) -> bool:
        """Whether it is still open: SQLite ends it by itself when, for instance, the disk is full."""
        return not self.session.invalidated and _driver(self.session).in_transaction

    def end(self) -> None:
        """Commit, and let everybody know."""
        try:
            with self.session as session:
                if not self.goes_on:
                    # To commit would seem to succeed.
                    raise _lost()
                session.commit()
                self.arrived = True
        finally:
            self.over.set()


def _lost() -> exc.OperationalError:
    return exc.OperationalError("COMMIT", {}, Exception("the database did not keep the transaction"))


class Convoy:
    """Lets one write at a time, and commits once for all who were waiting in a row.

    A commit waits for the disk for longer than the work in it takes, so whoever is done while somebody waits
    leaves the commit to them. Nobody returns before what they wrote is committed, and what fails is taken
    back alone, with a savepoint: to each it is a transaction of their own.
    """

    def __init__(self, engine: Engine, patience: float) -> None:
        self._engine = engine
        self._turns = Turns(patience)
        self._journey: _Journey | None = None

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return self._turns.waiting

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed when the block is left, and leaves nothing when the block fails.

        Raises:
            OperationalError: SQLAlchemy's, when it could not be committed.
        """
        journey = self._board()
        try:
            with _alone(journey.session):
                yield journey.session
        finally:
            self._leave(journey)
        journey.over.wait()
        if not journey.arrived:
            raise _lost()

    def _board(self) -> _Journey:
        """Wait for one's turn, and go on with the transaction of those before, or begin one."""
        with ExitStack() as undo:
            self._turns.wait()
            undo.callback(self._turns.hand_over)
            journey = self._journey = self._journey or _Journey(_begun(self._engine))
            undo.pop_all()
        return journey

    def _leave(self, journey: _Journey) -> None:
        """Pass the transaction on to whoever waits, or end it."""
        journey.aboard += 1
        if journey.aboard < TOGETHER and journey.goes_on and self._turns.pass_on():
            return
        self._journey = None
        try:
            journey.end()
        finally:
            self._turns.hand_over()


def _begun(engine: Engine) -> Connection:
    with ExitStack() as undo:
        session = engine.connect()
        undo.callback(session.close)
        session.begin()
        undo.pop_all()
    return session


@contextmanager
def _alone(session: Connection) -> Iterator[None]:
    """Take back what was done in the block, and nothing else, if it fails."""
    # Straight to the driver: SQLAlchemy's own savepoints take ten times as long.
    connection, kept = _driver(session), False
    connection.execute("SAVEPOINT one")
    try:
        yield
        kept = True
    finally:
        if connection.in_transaction and not kept:
            connection.execute("ROLLBACK TO one")
        if connection.in_transaction:
            connection.execute("RELEASE one")


def _driver(session: Connection) -> Any:  # noqa: ANN401 - a DB-API connection has no type.
    return session.connection.driver_connection
