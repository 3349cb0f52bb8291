"""Which questions are open.

It is a pure function of where an incident stands, so an answer cancels its question however it was given.
Each kind's moment comes from the cadence table, or from what was promised: a test's due time, the end of an
intervention's window.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.cadence import CADENCE, Cadence
from bot.domain.diagnosis.differential import FEWEST, MUCH_OTHER, OTHER, SURE, WEAK_LEADER, Trigger, triggers
from bot.domain.handoff.transfer import Handing
from bot.domain.incident import Incident
from bot.domain.prompts.handing import handoff_questions
from bot.domain.prompts.question import URGENCY, Prompt, PromptKind, Question, minute
from bot.domain.prompts.rhythm import beats, interval_of, worse_since
from bot.domain.signs.stability import Alarm
from bot.domain.therapy.treatment import Outcome
from bot.domain.work.workup import Change, Workup

# Emergency departments want triage within ten to fifteen minutes of arrival (Canadian Triage and Acuity
# Scale); its questions stand in the thread from the first minute.
TRIAGE_WITHIN, TRIAGE_AGAIN = timedelta(minutes=10), timedelta(minutes=30)
# Where the severity names no re-evaluation, once a day is enough.
DAILY = timedelta(days=1)
# A review is due within half an hour at a score of 7 or more, within an hour at 5 or 6 (NEWS2).
EMERGENCY_REVIEW, REVIEW = timedelta(minutes=30), timedelta(minutes=60)
# Nobody can take a failed intervention back faster than this, nor is a thread asked more often.
REVERT_AT_LEAST = timedelta(minutes=5)
# A time-out is called when nothing has moved for as long as so many re-evaluations take, made or not.
UNCHANGED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Where an incident stands: all that decides what is asked.

    *graded_at* is when its severity was last said, *every* what people want in place of the table's interval.
    """

    incident: Incident
    workup: Workup
    graded_at: datetime | None = None
    handing: Handing = field(default_factory=Handing)
    every: timedelta | None = None

    @property
    def cadence(self) -> Cadence:
        """The row of the table for its severity."""
        return CADENCE[self.incident.severity]

    @property
    def interval(self) -> timedelta | None:
        """From one re-evaluation to the next."""
        return interval_of(self.incident.severity, self.workup, self.every)

    @property
    def again(self) -> timedelta:
        """How long to wait before a question that was not answered is asked once more."""
        return self.interval or DAILY


def questions(situation: Situation, now: datetime) -> tuple[Question, ...]:
    """Every question that is open, due or not yet, the most urgent kind first; none once it is resolved."""
    if situation.incident.resolved_at is not None:
        return ()
    asked = (question for ask in _ASKS for question in ask(situation, now))
    handing = handoff_questions(situation.incident, situation.handing, situation.again)
    return tuple(sorted((*asked, *handing), key=lambda question: URGENCY[question.kind]))


def first_prompts(incident: Incident) -> list[Prompt]:
    """What a new incident will ask by its cadence, if nothing happens until then."""
    asked = questions(Situation(incident=incident, workup=Workup()), incident.opened_at)
    return [Prompt(kind=each.kind, about=each.about, due_at=each.due_at) for each in asked]


def _lead(situation: Situation, _: datetime) -> Iterator[Question]:
    """Asked half-way to the moment at which somebody has to be told."""
    incident, within = situation.incident, situation.cadence.owner_ack
    if incident.lead is None:
        opened = incident.opened_at
        yield Question(
            kind=PromptKind.LEAD, due_at=opened + within / 2, repeat=within, escalate_at=opened + within
        )


def _triage(situation: Situation, _: datetime) -> Iterator[Question]:
    if situation.incident.triaged_at is None:
        due = situation.incident.opened_at + TRIAGE_WITHIN
        yield Question(kind=PromptKind.TRIAGE, due_at=due, repeat=TRIAGE_AGAIN)


def _differential(situation: Situation, _: datetime) -> Iterator[Question]:
    due = _differential_due(situation)
    if due is not None and len(situation.workup.differential.hypotheses) < FEWEST:
        yield Question(kind=PromptKind.DIFFERENTIAL, due_at=due, repeat=situation.again, patient=True)


def _differential_due(situation: Situation) -> datetime | None:
    within = situation.cadence.first_differential
    return (situation.incident.triaged_at or situation.incident.opened_at) + within if within else None


def _results(situation: Situation, _: datetime) -> Iterator[Question]:
    for test in situation.workup.open_tests:
        if test.due:
            yield Question(
                kind=PromptKind.RESULT,
                about=test.name,
                due_at=test.due,
                repeat=situation.again,
                to=test.owner,
            )


def _window(situation: Situation, _: datetime) -> Iterator[Question]:
    active = situation.workup.active
    if active:
        about = f"{active.name}+" if active.extended else active.name
        yield Question(
            kind=PromptKind.WINDOW, about=about, due_at=active.due, repeat=situation.again, to=active.by
        )


def _revert(situation: Situation, _: datetime) -> Iterator[Question]:
    owing = situation.workup.owing_revert
    if owing and owing.ended_at:
        due = owing.ended_at + max(situation.cadence.poll, REVERT_AT_LEAST)
        yield Question(
            kind=PromptKind.REVERT, about=owing.name, due_at=due, repeat=situation.again, to=owing.by
        )


def _worse(situation: Situation, _: datetime) -> Iterator[Question]:
    """The signs call for a look now; a new severity, or somebody's word that it stays, is an answer."""
    found = worse_since(situation.workup)
    if found is None:
        return
    since, alarms = found
    if situation.graded_at is not None and situation.graded_at > since:
        return
    emergency = Alarm.EMERGENCY in alarms
    yield Question(
        kind=PromptKind.WORSE,
        about=minute(since),
        due_at=since,
        repeat=EMERGENCY_REVIEW if emergency else REVIEW,
        escalate_at=since if emergency else None,
    )


def _reevaluation(situation: Situation, now: datetime) -> Iterator[Question]:
    if situation.interval is None:
        return
    incident, vitals = situation.incident, situation.workup.vitals
    since = max(incident.opened_at, vitals.series[-1].at) if vitals.series else incident.opened_at
    for beat in beats(since, situation.interval, now):
        yield Question(
            kind=PromptKind.REEVALUATION,
            about=minute(beat),
            due_at=beat,
            escalate_at=beat,
            interval=situation.interval,
            patient=True,
        )


def _other(situation: Situation, _: datetime) -> Iterator[Question]:
    """Something else is likely, or nothing is: new hypotheses come before new tests."""
    workup = situation.workup
    asked_for = triggers(workup.differential, discriminating=workup.discriminating)
    if not workup.differential.live or Trigger.NEW_HYPOTHESES not in asked_for:
        return
    began = _began(workup.history, _nothing_likely)
    due = _differential_due(situation)
    if began and len(workup.differential.hypotheses) < FEWEST and due:
        began = max(began, due)
    if began:
        yield Question(kind=PromptKind.OTHER, due_at=began, repeat=situation.again, patient=True)


def _nothing_likely(change: Change) -> bool:
    named = [p for letter, p in change.probabilities.items() if letter != OTHER]
    return change.probabilities.get(OTHER, 0.0) >= MUCH_OTHER or max(named, default=0.0) < WEAK_LEADER


def _nearly_sure(change: Change) -> bool:
    return any(p >= SURE for letter, p in change.probabilities.items() if letter != OTHER)


def _began(history: Sequence[Change], holds: Callable[[Change], bool]) -> datetime | None:
    """When what holds at the end of the history began to; None where it does not hold."""
    began = None
    for change in reversed(history):
        if not holds(change):
            break
        began = change.at
    return began


def _time_out(situation: Situation, now: datetime) -> Iterator[Question]:
    """One time-out at a time: the one that was called for last, and the next that will be."""
    calls = sorted(_calls(situation))
    called, to_come = [each for each in calls if each[0] <= now], [each for each in calls if each[0] > now]
    for at, about in called[-1:] + to_come[:1]:
        yield Question(
            kind=PromptKind.TIME_OUT,
            about=about,
            due_at=at,
            apart=situation.interval,
            # A failure or a new lead is news, which a snooze from before could not mean.
            patient=about.startswith(("sure", "unchanged")),
        )


def _calls(situation: Situation) -> Iterator[tuple[datetime, str]]:
    workup, handed_at = situation.workup, situation.handing.accepted_at
    if not workup.differential.live:
        return
    if handed_at:
        # A handoff carries the framing of whoever gave it along (Croskerry), so the receiver looks anew.
        yield handed_at, f"handed {minute(handed_at)}"
    if Trigger.PREMATURE in triggers(workup.differential, discriminating=workup.discriminating):
        began = _began(workup.history, _nearly_sure)
        if began:
            yield began, f"sure {minute(began)}"
    yield from _failure(workup)
    last = next((change.at for change in reversed(workup.history) if change.moved), None)
    if last and situation.interval:
        yield last + UNCHANGED * situation.interval, f"unchanged {minute(last)}"


def _failure(workup: Workup) -> Iterator[tuple[datetime, str]]:
    """The last intervention has failed, and nobody has thought anew since."""
    last = workup.interventions[-1] if workup.interventions else None
    if last is None or last.outcome is not Outcome.FAILED or last.ended_at is None:
        return
    if not any(change.moved and change.at > last.ended_at for change in workup.history):
        yield last.ended_at, f"failed {last.name}"


def _actions(situation: Situation, _: datetime) -> Iterator[Question]:
    for action in situation.workup.open_actions:
        if action.due:
            yield Question(
                kind=PromptKind.ACTION,
                about=action.name,
                due_at=action.due,
                repeat=situation.again,
                to=action.owner,
            )


_ASKS: tuple[Callable[[Situation, datetime], Iterator[Question]], ...] = (
    _lead,
    _triage,
    _differential,
    _results,
    _window,
    _revert,
    _actions,
    _worse,
    _reevaluation,
    _other,
    _time_out,
)
