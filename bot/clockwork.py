"""Does what is due: each tick looks at every incident whose time has come, and sends the digests of the hour.

What is due is a row, taken in a transaction of its own, so any number of processes may tick, and one that was
away misses nothing. What fails is put off with the reason written down, and everything else goes on.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.domain.ids import IncidentNumber, TeamId
from bot.store import reviews
from bot.store.session import Database, Unavailable
from bot.usecases.index_incidents import index_incident, leave_out, stale_ones
from bot.usecases.review_incident import review_incident
from bot.usecases.send_digest import send_due_digest
from bot.usecases.turn_shift import turn_shift

log = structlog.get_logger()
Clock = Callable[[], datetime]

LONGEST_PAUSE = timedelta(minutes=5)
# After an upgrade every incident has to be indexed, and what is due must not wait for all of them.
INDEXED_AT_ONCE = 100


class Clockwork:
    """Looks at incidents and sends digests when they are due; *address* tells the workspace's."""

    def __init__(self, database: Database, clock: Clock, address: Callable[[], str | None]) -> None:
        self._database, self._clock, self._address = database, clock, address
        self._ending = False

    def tick(self) -> int:
        """Do all that is due by the clock; the number of things that were done.

        Raises:
            Unavailable: The database does not answer; the next tick makes up for it.
        """
        done = 0
        for step in (self._turn_shift, self._review, self._send_digest):
            while not self._ending and step():
                done += 1
        return done + self._index()

    def stop(self) -> None:
        """Begin nothing more."""
        self._ending = True

    def _review(self) -> bool:
        """Look at one incident, whatever may go wrong; False when none is due."""
        now, taken = self._clock(), None
        try:
            with self._database.writing() as session:
                taken = reviews.take(session, now)
                if taken is None:
                    return False
                review_incident(session, *taken, now)
        except Unavailable:
            raise
        except Exception as error:
            if taken is None:
                raise
            log.exception("clockwork.review_failed", team=taken[0], incident=taken[1])
            self._write_down(*taken, repr(error))
        return True

    def _index(self) -> int:
        """Let search know some of what was said since it was last told; how many incidents that were."""
        found = stale_ones(self._database, INDEXED_AT_ONCE)
        for one in found:
            if self._ending:
                break
            if not self._carefully("index", partial(index_incident, self._database, one), failed=False):
                leave_out(self._database, one)
        return len(found)

    def _send_digest(self) -> bool:
        """Send one digest; False when none is due. It has booked its next attempt before it can fail."""
        step = partial(send_due_digest, self._database, self._address, self._clock())
        return self._carefully("digest", step, failed=True)

    def _turn_shift(self) -> bool:
        """Look at the incidents of one shift that ends; False when none does."""

        def step() -> bool:
            with self._database.writing() as session:
                return turn_shift(session, self._clock())

        return self._carefully("shift", step, failed=False)

    def _carefully(self, name: str, step: Callable[[], bool], *, failed: bool) -> bool:
        """Take a step; one that breaks is written down, and counts as *failed* says."""
        try:
            return step()
        except Unavailable:
            raise
        except Exception:
            log.exception("clockwork.failed", step=name)
            return failed

    def _write_down(self, team: TeamId, number: IncidentNumber, error: str) -> None:
        now = self._clock()
        with self._database.quietly() as session:
            attempts = reviews.get(session, team, number).attempts + 1
            at = now + min(timedelta(seconds=2 ** min(attempts, 10)), LONGEST_PAUSE)
            reviews.failed(session, team, number, at=at, attempts=attempts, error=error)
