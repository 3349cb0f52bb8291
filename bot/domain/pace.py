"""How fast messages may follow each other in a place, so that Slack takes every one of them.

Slack allows about one message a second in a channel, tolerates short bursts, and takes several hundred a
minute in a whole workspace. A place is one moment, from which on it takes the next message: a token bucket
without a count, which several processes can share (the generic cell rate algorithm of ITU-T I.371).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """One message an *interval*, and so many at a *burst* where the place has been quiet."""

    interval: timedelta
    burst: int

    @property
    def _saved_up(self) -> timedelta:
        """How far into the past a quiet place may reach for what it has not used."""
        return self.interval * (self.burst - 1)

    def after(self, free_at: datetime | None, now: datetime) -> datetime:
        """From when on the place takes the next message, if it takes one *now*; None if it never took any."""
        earliest = now - self._saved_up
        return (earliest if free_at is None else max(free_at, earliest)) + self.interval


def takes(free_at: datetime | None, now: datetime) -> bool:
    """Whether a place takes a message now."""
    return free_at is None or free_at <= now


# Opening an incident posts two messages and often a third; nobody should watch them drip.
CHANNEL = Pace(interval=timedelta(seconds=1), burst=4)
# 300 a minute: "several hundred" is all that Slack says.
WORKSPACE = Pace(interval=timedelta(seconds=0.2), burst=50)
