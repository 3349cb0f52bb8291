"""Who else works on the database: on a SQLite file nobody may; on PostgreSQL others are seen.

Who is alone when it starts need not wait for what a dead process had in hand.
"""

import fcntl
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from typing import IO

from sqlalchemy import func, select

from bot.store.session import Database, translated

# Any number will do, as long as every version of us takes the same.
_PRESENCE = 0x526F756E6473


class Busy(Exception):
    """Something that only one process can have is taken; the text says what."""


def hold(file: Path | None) -> IO[str] | None:
    """Take the lock of a SQLite file until the result is closed; None for a database that serves many.

    Raises:
        Busy: Another process has it.
    """
    if file is None:
        return None
    file.parent.mkdir(parents=True, exist_ok=True)
    lock = file.with_name(file.name + ".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise Busy(f"Another rounds runs on {file}. SQLite serves one at a time; stop it first.") from None
    return lock


def announce(database: Database, when_alone: Callable[[], None]) -> AbstractContextManager[object]:
    """Be seen by other processes until the result is closed; call *when_alone* first if there is none.

    On PostgreSQL each process shares a lock that ends with its connection, so also with a crash. Whoever gets
    it for itself is alone, and others wait until *when_alone* has returned.

    Raises:
        Unavailable: The database did not answer in time.
    """
    if database.is_sqlite:
        # Whoever got here has the file's lock.
        when_alone()
        return nullcontext()
    with translated(), ExitStack() as unless_done:
        session = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        unless_done.callback(session.close)
        alone = session.execute(select(func.pg_try_advisory_lock(_PRESENCE))).scalar_one()
        if alone:
            when_alone()
        session.execute(select(func.pg_advisory_lock_shared(_PRESENCE)))
        if alone:
            session.execute(select(func.pg_advisory_unlock(_PRESENCE)))
        unless_done.pop_all()
    return session
