"""How often an incident is looked at: its severity says, bad vital signs shorten it.

It steps down only after two readings in a row that are lower, so signs that alternate do not make it flap.
"""

from datetime import datetime, timedelta
from itertools import pairwise

from bot.domain.cadence import CADENCE
from bot.domain.incident import Severity
from bot.domain.signs.stability import Alarm, alarms_of
from bot.domain.work.workup import Workup

# The early-warning score's own intervals (NEWS2), compressed as the cadence is: at 7 or more, and at 5 or 6
# or with one sign at its worst.
EMERGENCY = timedelta(minutes=5)
REVIEW = timedelta(minutes=15)
# "Down" is what two readings in a row say.
READINGS_DOWN = 2


def interval_of(severity: Severity, workup: Workup, every: timedelta | None) -> timedelta | None:
    """The time from one re-evaluation to the next; None where the daily digest is enough.

    *every* is what people asked for in place of the table; bad signs shorten that, too.
    """
    own = every or CADENCE[severity].reevaluation
    alarms = alarms_of(workup.vitals.scored)[-READINGS_DOWN:]
    found = [own] if own else []
    if any(Alarm.EMERGENCY in each for each in alarms):
        found.append(EMERGENCY)
    if any({Alarm.REVIEW, Alarm.SINGLE} & each for each in alarms):
        found.append(REVIEW)
    return min(found, default=None)


def beats(since: datetime, interval: timedelta, now: datetime) -> list[datetime]:
    """The beat that *now* belongs to, if one has come, and the next; *since* is the last re-evaluation.

    The beats lie at whole intervals from *since*, so that they never drift. Those that passed while nobody
    was there to ask are not made up for: each replaces the one before.
    """
    passed = max((now - since) // interval, 0)
    return [since + place * interval for place in range(max(passed, 1), passed + 2)]


def worse_since(workup: Workup) -> tuple[datetime, frozenset[Alarm]] | None:
    """When the signs got worse last, where they call for a look, and why they do; None where they do not.

    A rise is news each time; what stays as bad as it was, or gets better, is not.
    """
    takings = workup.vitals.scored
    alarms = alarms_of(takings)
    if not alarms or not alarms[-1]:
        return None
    changes = enumerate(pairwise([frozenset(), *alarms]))
    return takings[max(place for place, (was, now) in changes if _is_worse(was, now))].at, alarms[-1]


def _is_worse(was: frozenset[Alarm], now: frozenset[Alarm]) -> bool:
    outdone = {Alarm.REVIEW} if Alarm.EMERGENCY in was else set()
    return Alarm.RISE in now or not now <= was | outdone
