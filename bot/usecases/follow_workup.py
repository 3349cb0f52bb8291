"""Keep the workup in step with the entries it is made of: understand, store, and tell what moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from bot.domain.chart import Kind, moment
from bot.domain.diagnosis.testing import missing
from bot.domain.errors import NotUnderstood
from bot.domain.heard import Reply
from bot.domain.ids import IncidentNumber, TeamId, UserId
from bot.domain.incident import Incident
from bot.domain.notice import TestAsked, TimeUp, WorkupMoved
from bot.domain.work.fold import fold
from bot.domain.work.meaning import WORKUP_KINDS, meaning
from bot.domain.work.news import News, news
from bot.domain.work.saying import Meaning, Saying
from bot.domain.work.steps import ActionChanged, ContingencyChanged, Prepared, Promised, Recorded, Step
from bot.domain.work.waiting import waiting
from bot.domain.work.workup import Workup
from bot.store import outbox, steps
from bot.store.session import Session
from bot.usecases.know_zone import zone_for
from bot.usecases.show_again import asked_key, show_again

# People who cannot own anything or take over, as far as Slack was asked, and why.
Unfit = Mapping[UserId, NotUnderstood]
NOBODY: Unfit = MappingProxyType({})
_OWNED = (Promised, ActionChanged, Prepared, ContingencyChanged)
# Posts about the newest open tests are kept up to date; nobody works on more at a time.
TESTS_KEPT_UP = 5


def read_workup(session: Session, team: TeamId, number: IncidentNumber) -> Workup:
    """Where diagnosis and treatment stand."""
    return fold(steps.of(session, team, number))


@dataclass(slots=True)
class Sitting:
    """The workup while a message is read: each line is understood in the light of those before it."""

    incident: Incident
    recorded: list[Recorded]
    before: Workup
    now: Workup

    def hear(self, saying: Saying, *, entry: int | None = None, unfit: Unfit = NOBODY) -> Meaning:
        """What is said comes to; *entry* is the one that said something else before.

        *unfit* are people who cannot own anything, and why.

        Raises:
            NotUnderstood: Its words make no step, or one for somebody who is unfit.
            Refused: It asks for a step that may not be made now.
        """
        own = [each for each in self.recorded if each.live and entry is not None and each.entry == entry]
        earlier = tuple(each.step for each in own)
        found = meaning(replace(saying, before=earlier), self.now)
        for step in found.steps:
            if isinstance(step, _OWNED) and step.owner and step.owner in unfit:
                raise unfit[step.owner]
        kept = [replace(each, live=False) if each in own else each for each in self.recorded]
        last = max((each.seq for each in kept), default=0)
        new = [
            Recorded(seq=last + place, step=step, by=saying.by, at=saying.at, entry=entry, message=saying.ts)
            for place, step in enumerate(found.steps, start=1)
        ]
        self.recorded = kept + new
        self.now = fold(self.recorded) if own or new else self.now
        return found


def sit(session: Session, incident: Incident) -> Sitting:
    """Begin to read; call it with the incident's row locked."""
    recorded = steps.of(session, incident.team, incident.number)
    before = fold(recorded)
    return Sitting(incident, recorded, before, before)


def store_steps(  # noqa: PLR0913 - which steps of which entry, by whom and when.
    session: Session,
    incident: Incident,
    made: Sequence[Step],
    *,
    entry: int | None,
    by: UserId,
    at: datetime,
    now: datetime,
) -> None:
    """Let an entry stand for these steps, and no longer for those it stood for before."""
    if entry is not None:
        steps.withdraw(session, incident.team, incident.number, entry, now)
    steps.add(session, incident.team, incident.number, made, entry=entry, by=by, at=at, now=now)


def settle(
    session: Session, incident: Incident, now: datetime, *, before: Workup | None = None, cause: str = ""
) -> list[News]:
    """Bring everything in line with the steps as they are now; what of the change is worth a line.

    *before* is the workup as people know it, and *cause* tells this change from others; without them nothing
    is announced.
    """
    team, number = incident.team, incident.number
    after = read_workup(session, team, number)
    steps.keep_interventions(session, team, number, after.interventions)
    if before is None:
        return []
    _ask(session, incident, before, after, cause=cause, now=now)
    _set_timers(session, incident, before, after, now)
    return news(before, after)


def _ask(
    session: Session, incident: Incident, before: Workup, after: Workup, *, cause: str, now: datetime
) -> None:
    """Ask what hypotheses expect of tests: of new ones, and anew where the hypotheses have changed."""
    team, number = incident.team, incident.number
    regrouped = before.differential.live != after.differential.live
    for test in after.open_tests[-TESTS_KEPT_UP:]:
        fresh, key = before.test(test.number) is None, asked_key(number, test.number)
        if (fresh or regrouped) and missing(test, after.differential):
            outbox.put(session, team, TestAsked(incident=number, test=test.number), key=key, now=now)
        if regrouped and not fresh:
            show_again(session, team, number, key, cause=cause, now=now)
    was, now_waiting = waiting(before), waiting(after)
    for result in after.results:
        silent = was.get(result.test) != now_waiting.get(result.test)
        if silent or before.result(result.test) != result:
            show_again(session, team, number, asked_key(number, result.test), cause=cause, now=now)


def _set_timers(session: Session, incident: Incident, before: Workup, after: Workup, now: datetime) -> None:
    """Have the chart looked at again when a new test, a new window or an action is due."""
    tests = [test for test in after.open_tests if before.test(test.number) is None]
    due = {test.name: test.due for test in tests if test.due}
    due |= {each.name: each.due for each in after.open_actions if each.due and each not in before.actions}
    if after.active and after.active != before.active:
        due[after.active.name] = after.active.due
    for name, at in due.items():
        timer = TimeUp(incident=incident.number, what=name)
        key = f"due:{incident.number}:{name}:{at.timestamp():.0f}"
        outbox.put(session, incident.team, timer, key=key, now=now, due=at)


def tell(session: Session, incident: Incident, found: Sequence[News], *, cause: str, now: datetime) -> None:
    """Owe the thread one post with all that is worth a line."""
    if not found:
        return
    moved = WorkupMoved(
        incident=incident.number,
        lines=tuple(each.line for each in found),
        offers=tuple({offer.does: offer for each in found for offer in each.offers}.values()),
    )
    outbox.put(session, incident.team, moved, key=f"moved:{incident.number}:{cause}", now=now)


def take_in(  # noqa: PLR0913 - which message became which entry of what kind, by whom, why and when.
    session: Session,
    incident: Incident,
    kind: Kind,
    message: Reply,
    *,
    entry: int,
    by: UserId,
    cause: str,
    now: datetime,
) -> None:
    """Take a message that somebody marked into the workup; what it says was not written for us."""
    if kind not in WORKUP_KINDS:
        return
    sitting = sit(session, incident)
    saying = Saying(
        kind=kind,
        text=message.text,
        by=message.author,
        at=moment(message.ts),
        severity=incident.severity,
        typed=False,
        zone=zone_for(session, incident.team, message.author, kind, now),
    )
    found = sitting.hear(saying, entry=entry)
    store_steps(session, incident, found.steps, entry=entry, by=by, at=saying.at, now=now)
    moved = settle(session, incident, now, before=sitting.before, cause=cause)
    tell(session, incident, moved, cause=cause, now=now)
