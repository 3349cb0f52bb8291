"""Whether each channel got its digest once on every local date, by a calendar that is worked out here."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.store.session import Session
from bot.store.tables import outbox
from tests.benchmarks.clock_journal import Posted
from tests.benchmarks.clock_referee import TICK, Fault

TOO_LATE = timedelta(hours=3)
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Wish:
    """A digest that a channel has ordered, for a minute of the local day."""

    channel: str
    zone: str
    hour: int
    minute: int

    @property
    def said(self) -> str:
        """The order, as it is typed."""
        return f"digest here at {self.hour:02}:{self.minute:02} {self.zone}"

    def slots(self, begins: datetime, ends: datetime) -> Iterator[tuple[date, datetime]]:
        """Every local date and its moment, by looking at the clock on the wall minute by minute."""
        zone, moment, seen = ZoneInfo(self.zone), begins.replace(second=0, microsecond=0), set[date]()
        while moment <= ends:
            local = moment.astimezone(zone)
            if (local.hour, local.minute) >= (self.hour, self.minute) and local.date() not in seen:
                seen.add(local.date())
                # Where it was ordered after the hour, the first one comes on the next day.
                if moment > begins:
                    yield local.date(), moment
            moment += timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of the digests: how many had to come, and what was wrong."""

    due: int
    skipped: int
    faults: list[Fault]


def judge(
    session: Session, wishes: Sequence[Wish], posts: Sequence[Posted], away: Sequence[Span], span: Span
) -> Sent:
    """Look at every channel and date."""
    times = Counter(post.key for post in posts if post.key.startswith("digest:"))
    found = session.execute(
        select(outbox.c.key, outbox.c.owed_at).where(outbox.c.key.startswith("digest:"))
    ).all()
    owed = {row.key: row.owed_at.astimezone(UTC) for row in found}
    faults, due, skipped, expected = list[Fault](), 0, 0, set[str]()
    for wish in wishes:
        for day, at in wish.slots(*span):
            key = f"digest:{wish.channel}:{day.isoformat()}"
            expected.add(key)
            free = next((ends for begins, ends in away if begins <= at < ends), at)
            if free - at > TOO_LATE:
                skipped += 1
                faults += [Fault("digest too late", at, key)] if times[key] else []
                continue
            due += 1
            if times[key] != 1:
                faults.append(Fault("digest missed" if not times[key] else "digest doubled", at, key))
            elif abs(owed[key] - free) > TICK:
                faults.append(Fault("digest not in time", owed[key], f"{key}, due {at}"))
    extra = [key for key in times if key not in expected and not key.endswith(":picture")]
    faults += [Fault("digest uncalled", span[1], key) for key in extra]
    return Sent(due, skipped, faults)
