"""Reads again what rosters are made of, when that is due: a thread of its own may wait for a slow server."""

import threading
from collections.abc import Callable
from datetime import datetime

from bot.slack.directory import Directory
from bot.slack.gateway import Gateway
from bot.store.session import Database
from bot.usecases.fetch_calendar import fetch_calendar, file_in
from bot.usecases.refresh_rosters import Readers, refresh_next


def readers(gateway: Gateway) -> Readers:
    """Where calendars and user groups are read."""
    directory = Directory(gateway.relay_client)

    def fetch(address: str) -> bytes:
        file_id = file_in(address)
        return directory.file(file_id) if file_id else fetch_calendar(address)

    return Readers(
        fetch=fetch,
        members=directory.members,
        by_email=directory.by_email,
        everybody=directory.everybody,
    )


class Rosters:
    """Reads every source that is due, one after the other, until we are *ending*."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], sources: Readers, ending: threading.Event
    ) -> None:
        self._database, self._clock, self._sources, self._ending = database, clock, sources, ending

    def tick(self) -> None:
        """Read what is due.

        Raises:
            Unavailable: The database does not answer; the next tick makes up for it.
        """
        while not self._ending.is_set() and refresh_next(self._database, self._sources, self._clock()):
            continue
