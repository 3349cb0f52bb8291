"""Connections and transactions, on SQLite and on PostgreSQL.

Every wait is bounded, so that a person always gets an answer within Slack's three seconds: a database that
does not answer in time raises `Unavailable`, and nothing is half-done.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, make_url

from bot.store.turns import Turns

# What a use case works on: an open connection inside a transaction it does not end itself.
Session = Connection

WAIT_SECONDS = 1.0
READERS = 8
POSTGRES_CONNECTIONS = 24


class Unavailable(Exception):
    """The database did not answer in time, or not at all. Nothing was changed."""


class Database:
    """A database that gives out transactions; *after_commit* is called when something was written."""

    def __init__(self, url: str, after_commit: Callable[[], None] | None = None) -> None:
        self.url = make_url(url)
        self.after_commit = after_commit or _nothing
        self._turns = Turns(WAIT_SECONDS)
        if self.is_sqlite:
            self._writer = _sqlite(self.url.render_as_string(hide_password=False), size=1, writes=True)
            self._reader = _sqlite(self.url.render_as_string(hide_password=False), size=READERS, writes=False)
        else:
            self._writer = self._reader = _postgres(self.url.render_as_string(hide_password=False))

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is one file, which belongs to one process."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that commits at its end and rolls back when anything is raised.

        Raises:
            Unavailable: The database did not answer in time.
        """
        with self.quietly() as session:
            yield session
        self.after_commit()

    @contextmanager
    def quietly(self) -> Iterator[Session]:
        """The same, for what makes nothing owed to anybody.

        Raises:
            Unavailable: The database did not answer in time.
        """
        turn = self._turns.mine() if self.is_sqlite else nullcontext()
        with translated(), turn, self._writer.begin() as session:
            yield session

    @contextmanager
    def unhurried(self) -> Iterator[Session]:
        """The same, for work that nobody waits for: PostgreSQL may take as long as it needs.

        Raises:
            Unavailable: The database is out of reach.
        """
        with self.quietly() as session:
            if not self.is_sqlite:
                session.exec_driver_sql("SET LOCAL statement_timeout = 0")
            yield session

    def reading(self) -> AbstractContextManager[Session]:
        """A transaction that only looks.

        Raises:
            Unavailable: The database did not answer in time.
        """
        return _read(self._reader)

    def close(self) -> None:
        """Give all connections back."""
        self._writer.dispose()
        self._reader.dispose()

    @property
    def engine(self) -> Engine:
        """The engine that writes, for migrations."""
        return self._writer


def _nothing() -> None:
    """Nobody waits for commits."""


@contextmanager
def _read(engine: Engine) -> Iterator[Session]:
    with translated(), engine.connect() as session:
        yield session


@contextmanager
def translated() -> Iterator[None]:
    """Say `Unavailable` for all that means the database is out of reach or too slow."""
    try:
        yield
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError) as error:
        raise Unavailable(str(error)) from error
    except exc.DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable(str(error)) from error
        raise


def _sqlite(url: str, *, size: int, writes: bool) -> Engine:
    """Make an engine on one file. A single writing connection queues faster than SQLite's own lock does."""
    engine = create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        connect_args={"check_same_thread": False, "timeout": WAIT_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:  # noqa: ANN401 - a DB-API connection has no type.
        # The driver would otherwise begin transactions by itself, too late and as readers.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres(url: str) -> Engine:
    wait = int(WAIT_SECONDS * 1000)
    options = (
        f"-c lock_timeout={wait} -c statement_timeout={wait} -c synchronous_commit=on "
        "-c idle_in_transaction_session_timeout=10000 -c timezone=utc"
    )
    return create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=POSTGRES_CONNECTIONS,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        pool_use_lifo=True,
        connect_args={"options": options, "connect_timeout": 2},
    )
