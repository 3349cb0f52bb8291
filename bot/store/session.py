"""Connections and transactions, on SQLite and on PostgreSQL.

Every wait is bounded, so that a person always gets an answer within Slack's three seconds: a database that
does not answer in time raises `Unavailable`, and nothing is half-done.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Dialect,
    Engine,
    Select,
    UpdateBase,
    create_engine,
    event,
    exc,
    make_url,
)

from bot.store.turns import Convoy

# What a use case works on: an open connection inside a transaction it does not end itself.
Session = Connection
Errors = tuple[type[Exception], ...]

WAIT_SECONDS = 1.0
READERS = 8
POSTGRES_CONNECTIONS = 24


class Unavailable(Exception):
    """The database did not answer in time, or not at all. Nothing was changed."""


class Database:
    """A database that gives out transactions; *after_commit* is called when something was written."""

    def __init__(self, url: str, after_commit: Callable[[], None] | None = None) -> None:
        try:
            self.url = make_url(url)
        except (exc.ArgumentError, ValueError) as error:
            raise Unavailable(f"ROUNDS_DATABASE_URL is no address of a database: {error}") from error
        self.after_commit = after_commit or _nothing
        if self.is_sqlite:
            self._writer = _sqlite(self.url.render_as_string(hide_password=False), size=1, writes=True)
            self._reader = _sqlite(self.url.render_as_string(hide_password=False), size=READERS, writes=False)
        else:
            self._writer = self._reader = _postgres(self.url.render_as_string(hide_password=False))
        self._convoy = Convoy(self._writer, WAIT_SECONDS)
        # What the driver itself raises for the same reasons, see `carry_out`.
        driver: Any = self._writer.dialect.loaded_dbapi
        self._out_of_reach: Errors = (driver.OperationalError, driver.InterfaceError)

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
        transaction = self._convoy.writing() if self.is_sqlite else self._writer.begin()
        with translated(*self._out_of_reach), transaction as session:
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
        return _read(self._reader, self._out_of_reach)

    def close(self) -> None:
        """Give all connections back."""
        self._writer.dispose()
        self._reader.dispose()

    @property
    def engine(self) -> Engine:
        """The engine that writes, for migrations."""
        return self._writer


_OUT_OF_REACH: Errors = (exc.OperationalError, exc.InterfaceError, exc.TimeoutError)


def _nothing() -> None:
    """Nobody waits for commits."""


@contextmanager
def _read(engine: Engine, out_of_reach: Errors) -> Iterator[Session]:
    with translated(*out_of_reach), engine.connect() as session:
        yield session


@contextmanager
def translated(*also: type[Exception]) -> Iterator[None]:
    """Say `Unavailable` for all that means the database is out of reach or too slow."""
    try:
        yield
    except (*_OUT_OF_REACH, *also) as error:
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
        # What a savepoint would take back is kept in memory, and costs no file.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        _driver(connection).execute("BEGIN IMMEDIATE" if writes else "BEGIN")

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


Statement = Select[Any] | CompoundSelect[Any] | UpdateBase
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement as the driver takes it, and what has to be converted on the way in and out."""

    sql: str
    fixed: dict[str, object]
    places: tuple[str, ...] | None
    into: tuple[tuple[str, Convert], ...]
    out: tuple[tuple[int, Convert], ...]
    row: Any

    def parameters(self, values: Mapping[str, object]) -> Any:  # noqa: ANN401 - each driver has its own form.
        given = self.fixed | dict(values)
        for name, convert in self.into:
            given[name] = convert(given[name])
        return given if self.places is None else [given[name] for name in self.places]

    def read(self, found: Sequence[object]) -> Any:  # noqa: ANN401 - as SQLAlchemy's own rows.
        row = list(found)
        for place, convert in self.out:
            row[place] = convert(row[place])
        return self.row._make(row)


@dataclass(frozen=True, slots=True)
class _Tongue:
    """All that a statement's text depends on: every engine has its own dialect, though they speak alike."""

    name: str
    version: tuple[Any, ...] | None
    dialect: Dialect = field(compare=False)


@lru_cache(maxsize=512)
def _prepared(statement: Statement, tongue: _Tongue, names: tuple[str, ...]) -> _Prepared:
    dialect = tongue.dialect
    compiled: Any = statement.compile(dialect=dialect, column_keys=names)
    binds = {name: bind.type.dialect_impl(dialect) for name, bind in compiled.binds.items()}
    into = {name: kind.bind_processor(dialect) for name, kind in binds.items()}
    columns = list(statement.exported_columns)
    out = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    return _Prepared(
        sql=str(compiled),
        fixed={name: bind.value for name, bind in compiled.binds.items() if name not in names},
        places=tuple(compiled.positiontup) if compiled.positional else None,
        into=tuple((name, convert) for name, convert in into.items() if convert),
        out=tuple((place, convert) for place, convert in enumerate(out) if convert),
        row=namedtuple("Row", [str(column.key) for column in columns], rename=True),  # noqa: PYI024 - not known before.
    )


def carry_out(session: Session, statement: Statement, values: Mapping[str, object]) -> None:
    """Carry out a statement of the daily work that was built at import, past most of SQLAlchemy.

    SQLAlchemy takes 50 us to hand over a statement and as much again to read a wide row, a driver 5: with
    nine of them that was a third of what an acknowledgement cost.
    """
    _sent(session, statement, values)


def rows(session: Session, statement: Statement, values: Mapping[str, object]) -> list[Any]:
    """The same for a statement that finds something."""
    prepared, cursor = _sent(session, statement, values)
    return [prepared.read(found) for found in cursor.fetchall()]


def first(session: Session, statement: Statement, values: Mapping[str, object]) -> Any | None:  # noqa: ANN401 - as above.
    """The first row that a statement finds."""
    return next(iter(rows(session, statement, values)), None)


def _sent(session: Session, statement: Statement, values: Mapping[str, object]) -> tuple[_Prepared, Any]:
    dialect = session.dialect
    tongue = _Tongue(dialect.name, dialect.server_version_info, dialect)
    prepared = _prepared(statement, tongue, tuple(values))
    parameters = prepared.parameters(values)
    # Whoever listens to what SQLAlchemy sends hears this, too.
    for listener in session.dispatch.before_cursor_execute:
        listener(*(session, None, prepared.sql, parameters, None, False))
    return prepared, _driver(session).execute(prepared.sql, parameters)


def _driver(session: Session) -> Any:  # noqa: ANN401 - a DB-API connection has no type.
    return session.connection.driver_connection


def at_once(session: Session) -> AbstractContextManager[object]:
    """What is carried out in the block is sent without waiting for each answer; only its end waits, for all.

    An answer of PostgreSQL's takes 0.1 ms to wait for, even on the same machine.
    """
    return _driver(session).pipeline() if session.dialect.name == "postgresql" else nullcontext()
