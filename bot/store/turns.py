"""A lock that serves in the order of asking, for SQLite's one writing connection.

Python's own locks and SQLAlchemy's pool let newcomers overtake: with sixteen threads some waited for seconds
while others came round again and again. Here whoever leaves hands over to whoever has waited longest.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc


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
        self._wait()
        try:
            yield
        finally:
            self._hand_over()

    def _wait(self) -> None:
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

    def _hand_over(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
