"""Whoever answers a person goes before whoever delivers: both share one interpreter and one database."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Courtesy:
    """Knows whether anybody is being answered right now."""

    def __init__(self) -> None:
        self._answering = 0
        self._changed = threading.Condition()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Somebody waits for the end of this."""
        with self._changed:
            self._answering += 1
        try:
            yield
        finally:
            with self._changed:
                self._answering -= 1
                if not self._answering:
                    self._changed.notify_all()

    def give_way(self, seconds: float) -> None:
        """Wait until nobody is being answered, but not for ever: under constant load things are delivered, too."""
        with self._changed:
            self._changed.wait_for(lambda: not self._answering, seconds)
