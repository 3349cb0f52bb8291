"""How incidents went over a period, for the eyes of one person, and a picture of it that is owed to them."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain.heard import Who
from bot.domain.incident import Incident
from bot.domain.notice import StatsWanted
from bot.domain.stats import Case, Stats, stats
from bot.domain.work.fold import fold
from bot.store import outbox, steps
from bot.store import stats as store
from bot.store.session import Session

# People wait for the answer, so no more than this is looked at.
MOST, MOST_STEPS = 500, 12_000
_AT_ONCE = 50


def read_stats(session: Session, who: Who, since: datetime, now: datetime) -> Stats:
    """The figures since then of what somebody may see, of the newest where there is too much."""
    found = store.touched(session, who, since, MOST + 1)
    attempts = store.attempts(session, who, since, MOST + 1)
    cases = [*_cases(session, found[:MOST])]
    cut = len(cases) < len(found) or len(attempts) > MOST
    return stats(cases, attempts[:MOST], since=since, until=now, cut=cut)


def _cases(session: Session, found: Sequence[Incident]) -> Iterator[Case]:
    """The incidents with their workups, until they come to too many steps."""
    read = 0
    for start in range(0, len(found), _AT_ONCE):
        some = found[start : start + _AT_ONCE]
        recorded = steps.of_several(session, some[0].team, [each.number for each in some])
        for each in some:
            if read >= MOST_STEPS:
                return
            read += len(recorded[each.number])
            yield Case(each, fold(recorded[each.number]))


def want_picture(session: Session, who: Who, since: datetime, *, key: str, now: datetime) -> None:
    """Owe somebody the picture."""
    wanted = StatsWanted(by=who.user, since=since, channel=who.channel)
    outbox.put(session, who.team, wanted, key=f"stats:{key}", now=now)
