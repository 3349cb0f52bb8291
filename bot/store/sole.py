"""SQLite serves one `rounds run` at a time: a lock beside the file keeps every other one off."""

import fcntl
from pathlib import Path
from typing import IO


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
