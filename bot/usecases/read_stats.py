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

# Slack waits three seconds for the answer, so no more than this is looked at: 8,000 steps take about one.
MOST, MOST_STEPS = 500, 8_000
_AT_ONCE = 50


def read_stats(session: Session, who: Who, since: datetime, now: datetime) -> Stats:
    """The figures since then of what somebody may see; of the newest, where there is too much."""
    found = store.touched(session, who, since, MOST + 1)
    attempts = store.attempts(session, who, since, MOST + 1)
    cases = [*_cases(session, found[:MOST])]
    cut = len(cases) < len(found) or len(attempts) > MOST
    return stats(cases, attempts[:MOST], since=since, until=now, cut=cut)


def _cases(session: Session, found: Sequence[Incident]) -> Iterator[Case]:
    """The incidents with their workups, but for those that would make it too many steps."""
    fit = _fitting(session, found)
    for start in range(0, len(fit), _AT_ONCE):
        some = fit[start : start + _AT_ONCE]
        recorded = steps.of_several(session, some[0].team, [each.number for each in some])
        yield from (Case(each, fold(recorded[each.number])) for each in some)


def _fitting(session: Session, found: Sequence[Incident]) -> list[Incident]:
    if not found:
        return []
    counts = steps.counted(session, found[0].team, [each.number for each in found])
    fit, total = list[Incident](), 0
    for each in found:
        more = counts.get(each.number, 0)
        if total + more <= MOST_STEPS:
            fit.append(each)
            total += more
    return fit


def want_picture(session: Session, who: Who, since: datetime, *, key: str, now: datetime) -> None:
    """Owe somebody the picture."""
    wanted = StatsWanted(by=who.user, since=since, channel=who.channel)
    outbox.put(session, who.team, wanted, key=f"stats:{key}", now=now)
