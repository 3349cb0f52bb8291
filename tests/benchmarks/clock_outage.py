"""A database that is out of reach for a while, for the bot that works with it."""

import sqlite3

import psycopg
from sqlalchemy import make_url


class DatabaseOutage:
    """Locks everybody out: by SQLite's lock on the file, or by ending PostgreSQL's connections."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._holder: sqlite3.Connection | None = None
        self.on = False

    def begin(self) -> None:
        """From here on nobody can write."""
        self.on = True
        if self._url.get_backend_name() == "sqlite":
            self._holder = sqlite3.connect(self._url.database or "", isolation_level=None)
            self._holder.execute("BEGIN EXCLUSIVE")
            return
        self._let_in(allowed=False)

    def end(self) -> None:
        """From here on everybody can again."""
        if self._holder:
            self._holder.rollback()
            self._holder.close()
        else:
            self._let_in(allowed=True)
        self.on = False

    def _let_in(self, *, allowed: bool) -> None:
        elsewhere = self._url.set(database="postgres").render_as_string(hide_password=False)
        name = self._url.database
        with psycopg.connect(elsewhere, autocommit=True) as admin:
            admin.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS {allowed}'.encode())
            if not allowed:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
                )
