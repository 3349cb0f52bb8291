"""A watched incident: what happens to it, who looks at it when, and what the looks come to."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot.domain.diagnosis.testing import Verdict
from bot.domain.ids import ChannelId, IncidentNumber, TeamId, UserId
from bot.domain.incident import Incident, Severity
from bot.domain.prompts.asking import Situation, questions
from bot.domain.prompts.planning import Thread, asked, matched, plan, standing
from bot.domain.prompts.question import Key, Prompt, PromptKind, Question
from bot.domain.prompts.quiet import QuietHours
from bot.domain.signs.vital_grammar import read
from bot.domain.therapy.treatment import Outcome
from bot.domain.work.fold import fold
from bot.domain.work.steps import (
    Asked,
    Completed,
    Ended,
    Found,
    Measured,
    Named,
    Promised,
    Recorded,
    Reestimated,
    Started,
    Step,
    Suspect,
)
from bot.domain.work.workup import Workup
from tests.domain.table import ANA, BEN, NOON, at

# From this delay on a prompt counts as seen when it was delivered.
SOON = timedelta(seconds=30)
THREE = tuple(Suspect(letter=letter, statement=f"cause {letter}", p=0.3) for letter in "ABC")


def incident(severity: int = 1, *, lead: UserId | None = None, triaged: bool = False) -> Incident:
    return Incident(
        team=TeamId("T0"),
        number=IncidentNumber(1),
        title="loss is NaN",
        seen="loss is NaN",
        severity=Severity(severity),
        triaged_at=NOON if triaged else None,
        lead=lead,
        private=False,
        channel=ChannelId("C0"),
        thread_ts=None,
        opened_by=ANA,
        opened_at=NOON,
        active_at=NOON,
    )


class Seen(NamedTuple):
    """What somebody saw who looked, and what came of it."""

    now: datetime
    questions: tuple[Question, ...]
    prompts: Mapping[Key, Prompt]
    thread: Thread
    ask: tuple[Key, ...]
    escalate: tuple[Key, ...]
    next_at: datetime | None


@dataclass
class Watch:
    """An incident with its prompts; *down* says that nothing can be delivered."""

    incident: Incident
    recorded: list[Recorded] = field(default_factory=list)
    prompts: dict[Key, Prompt] = field(default_factory=dict)
    quiet: Mapping[UserId | None, QuietHours] = field(default_factory=dict)
    graded_at: datetime | None = None
    every: timedelta | None = None
    off: bool = False
    down: bool = False
    waiting: bool = False
    posted_at: datetime | None = None
    next_at: datetime | None = NOON
    looks: list[Seen] = field(default_factory=list)
    workup: Workup = field(default_factory=Workup)

    def does(self, *steps: Step, at: datetime) -> None:
        """People make steps of the work."""
        for step in steps:
            self.recorded.append(Recorded(seq=len(self.recorded) + 1, step=step, by=ANA, at=at))
        self.workup = fold(self.recorded)
        self.acts(at)

    def acts(self, at: datetime, **changes: Any) -> None:
        """Somebody is at work, and something of the incident may change."""
        self.incident = replace(self.incident, active_at=at, **changes)

    def asks(self, now: datetime) -> tuple[Question, ...]:
        situation = Situation(
            incident=self.incident, workup=self.workup, graded_at=self.graded_at, every=self.every
        )
        return questions(situation, now)

    @property
    def thread(self) -> Thread:
        return Thread(
            severity=self.incident.severity,
            active_at=self.incident.active_at,
            lead=self.incident.lead,
            posted_at=self.posted_at,
            waiting=self.waiting,
            off=self.off,
            quiet=self.quiet,
        )

    def look(self, now: datetime) -> Seen:
        """Look as a process does: until there is nothing left to do."""
        every = self.asks(now)
        self.prompts, _ = matched(every, [*self.prompts.values()], now)
        before, thread = dict(self.prompts), self.thread
        ask, escalate = list[Key](), list[Key]()
        while (found := plan(every, self.prompts, self.thread, now)).ask or found.escalate:
            ask, escalate = [*ask, *found.ask], [*escalate, *found.escalate]
            self.prompts = asked(self.prompts, found, now)
            if found.ask and not self.waiting:
                self.posted_at = now
        self.waiting = self.waiting or (self.down and bool(ask))
        self.next_at = found.next_at
        seen = Seen(now, every, before, thread, tuple(ask), tuple(escalate), found.next_at)
        self.looks.append(seen)
        return seen

    def delivers(self, now: datetime) -> None:
        """Slack is back, and people see what waited only now."""
        self.down = False
        if self.waiting and self.posted_at and now >= self.posted_at + SOON:
            for key, each in self.prompts.items():
                if each.stands(now) and each.asked_at and each.asked_at >= self.posted_at:
                    self.prompts[key] = replace(each, asked_at=now)
            self.posted_at = now
        self.waiting = False

    @property
    def standing(self) -> list[Prompt]:
        """What people see that is asked of them."""
        return [] if self.waiting else standing([*self.prompts.values()], self.looks[-1].now)

    def changes(self, prompts: Collection[Prompt], now: datetime, **values: Any) -> None:
        """People do something with prompts."""
        for each in prompts:
            self.prompts[each.key] = replace(each, **values)
        self.acts(now)

    def snoozes(self, now: datetime, until: datetime) -> None:
        for each in self.standing:
            if each.snoozed_until is None:
                self.changes([each], now, snoozed_until=until, asks=min(each.asks, 1))

    def declines(self, now: datetime, *kinds: PromptKind) -> None:
        found = [each for each in self.standing if each.kind in kinds]
        self.changes(found, now, declined_at=now, declined_by=BEN)

    def answers(self, now: datetime, *kinds: PromptKind) -> None:
        """Somebody's word that it is answered."""
        found = [each for each in self.standing if each.kind in kinds]
        self.changes(found, now, answered_at=now, answered_by=BEN)

    def runs(self, until: datetime) -> None:
        """Look whenever the last look said so."""
        while self.next_at and self.next_at <= until:
            self.look(self.next_at)

    def asked(self, *kinds: PromptKind) -> list[float]:
        """The minutes at which questions of these kinds were asked."""
        return [minutes(each.now) for each in self.looks if any(kind in kinds for kind, _ in each.ask)]

    def told(self, *kinds: PromptKind) -> list[float]:
        """The minutes at which somebody was told of them."""
        return [minutes(each.now) for each in self.looks if any(kind in kinds for kind, _ in each.escalate)]

    @property
    def posts(self) -> list[datetime]:
        return [each.now for each in self.looks if each.ask and not each.thread.waiting]


def minutes(moment: datetime) -> float:
    return (moment - NOON) / timedelta(minutes=1)


def named(*suspects: Suspect) -> Named:
    return Named(hypotheses=suspects or THREE)


def measured(text: str) -> Measured:
    return Measured(readings=tuple(read(text)))


def well(severity: int) -> Watch:
    """An incident of which nothing is asked but the next look: it is led, triaged, and has a differential."""
    watch = Watch(incident(severity, lead=ANA, triaged=True))
    watch.does(named(), at=NOON)
    return watch


class Event(NamedTuple):
    """Something that happens, *number* says how much or which."""

    at: float
    what: str
    number: int


def _grade(watch: Watch, number: int, now: datetime) -> None:
    watch.graded_at = now
    watch.acts(now, severity=Severity(number % 5 + 1), triaged_at=watch.incident.triaged_at or now)


def _lead(watch: Watch, number: int, now: datetime) -> None:
    watch.acts(now, lead=(None, ANA, BEN)[number % 3])


def _measure(watch: Watch, number: int, now: datetime) -> None:
    said = ("loss=nan", "loss=1", "throughput=0.6x drift=0.3 p99=1.5x", "throughput=0.4x p99=3x burn=20")
    watch.does(measured(said[number % 4]), at=now)


def _name(watch: Watch, number: int, now: datetime) -> None:
    letter = "ABCD"[number % 4]
    if watch.workup.differential.p(letter):
        watch.does(Reestimated(letter=letter, p=(0.1, 0.4, 0.9)[number % 3]), at=now)
    else:
        p = (0.05, 0.3, 0.85)[number % 3]
        watch.does(named(Suspect(letter=letter, statement=letter, p=p)), at=now)


def _ask(watch: Watch, number: int, now: datetime) -> None:
    due = now + timedelta(minutes=number)
    watch.does(Asked(test=len(watch.recorded) + 1, question="is it up?", due=due, owner=BEN), at=now)


def _find(watch: Watch, number: int, now: datetime) -> None:
    for test in watch.workup.open_tests[: number % 2 + 1]:
        watch.does(Found(test=test.number, verdict=Verdict.NEGATIVE), at=now)


def _start(watch: Watch, number: int, now: datetime) -> None:
    if watch.workup.active is None:
        window = timedelta(minutes=number + 1)
        watch.does(Started(name=f"A{len(watch.recorded)}", plan="A", text="x", window=window), at=now)


def _end(watch: Watch, number: int, now: datetime) -> None:
    if watch.workup.interventions:
        outcome = list(Outcome)[number % 4]
        watch.does(Ended(name=watch.workup.interventions[-1].name, outcome=outcome), at=now)


def _promise(watch: Watch, number: int, now: datetime) -> None:
    due = now + timedelta(minutes=number)
    watch.does(Promised(action=len(watch.recorded) + 1, text="look", owner=BEN, due=due), at=now)


def _complete(watch: Watch, _: int, now: datetime) -> None:
    for action in watch.workup.open_actions:
        watch.does(Completed(action=action.number, words="seen"), at=now)


def _snooze(watch: Watch, number: int, now: datetime) -> None:
    watch.snoozes(now, now + timedelta(minutes=number + 1))


def _decline(watch: Watch, number: int, now: datetime) -> None:
    watch.declines(now, *[each.kind for each in watch.standing[: number % 3]])


def _answer(watch: Watch, _: int, now: datetime) -> None:
    watch.answers(now, PromptKind.REEVALUATION, PromptKind.WORSE, PromptKind.TIME_OUT)


def _switch(watch: Watch, number: int, now: datetime) -> None:
    watch.off = number % 2 == 0
    watch.every = (None, timedelta(minutes=20))[number % 4 // 2]
    watch.acts(now)


def _outage(watch: Watch, number: int, now: datetime) -> None:
    if number % 2:
        watch.down = True
    else:
        watch.delivers(now)


def _close(watch: Watch, number: int, now: datetime) -> None:
    watch.acts(now, resolved_at=None if number % 3 else now)


HAPPENS: Mapping[str, Callable[[Watch, int, datetime], None]] = {
    "a reply": lambda watch, _, now: watch.acts(now),
    "a severity": _grade,
    "a lead": _lead,
    "a reading": _measure,
    "a hypothesis": _name,
    "a test": _ask,
    "a result": _find,
    "a start": _start,
    "an outcome": _end,
    "an action": _promise,
    "a completion": _complete,
    "a snooze": _snooze,
    "a decline": _decline,
    "an answer": _answer,
    "a switch": _switch,
    "an outage": _outage,
    "a close": _close,
}


def lived(
    watch: Watch, events: Sequence[Event], *, until: float, also: Collection[float] = (), awake: bool = True
) -> Watch:
    """The watch after all that happened, looked at when it said so, after each event, and *also* then.

    Where it is not *awake*, nobody looks but *also* then.
    """
    stops = sorted({*also, *(each.at for each in events), until})
    for stop in stops:
        if awake:
            watch.runs(at(stop))
        for each in (one for one in events if one.at == stop):
            if not watch.looks:
                watch.look(NOON)
            HAPPENS[each.what](watch, each.number, at(stop))
        if awake or stop in also:
            watch.look(at(stop))
    return watch
