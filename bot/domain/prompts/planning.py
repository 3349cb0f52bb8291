"""When questions are asked: several that are due become one message, and a thread is not asked too often.

The moment of a prompt is that of the first question that wants to be asked, put off by quiet hours, by
activity where that may put it off, and by what was posted before; whatever wants to be asked by then comes
along. Nothing here knows a clock: a process that was away asks once what is due when it is back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.ids import UserId
from bot.domain.incident import Severity
from bot.domain.prompts.question import PROMISED, Key, Prompt, PromptKind, Question
from bot.domain.prompts.quiet import QuietHours, heard_from

# Alarms that repeat are overridden: acceptance falls by 30 % with each reminder (Ancker 2017), so a thread
# gets one prompt in five minutes at most, and each question comes twice at most.
SPACING = timedelta(minutes=5)
MOST_ASKS = 2
# Quiet hours are for what can wait.
NEVER_QUIET = frozenset({Severity.SEV1, Severity.SEV2})
# Activity puts a re-evaluation off until a third of its interval has been silent, by two thirds at most.
SILENCE, LONGEST = 1 / 3, 2 / 3
# A re-evaluation is told to somebody when so many before it were asked in vain: a person does more than a
# third reminder.
MISSED = 2
# Where a prompt waits to be delivered, it is looked at so often whether it has been.
UNDELIVERED = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What of an incident's thread decides when it may be asked.

    *posted_at* is when the last prompt was posted; *waiting* says that it has not been delivered yet.
    *quiet* holds the quiet hours of people, and under None those of the workspace.
    """

    severity: Severity
    active_at: datetime
    lead: UserId | None = None
    posted_at: datetime | None = None
    waiting: bool = False
    off: bool = False
    quiet: Mapping[UserId | None, QuietHours] = field(default_factory=dict)

    def heard(self, to: UserId | None, at: datetime) -> datetime:
        """When somebody can be asked at the earliest: *to*, or whoever leads."""
        if self.severity in NEVER_QUIET:
            return at
        person = to or self.lead
        return heard_from(self.quiet.get(person, self.quiet.get(None)), at)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked now, whom to tell of what nobody answered, and when to look again."""

    ask: tuple[Key, ...] = ()
    escalate: tuple[Key, ...] = ()
    next_at: datetime | None = None


def matched(
    questions: Sequence[Question], known: Sequence[Prompt], now: datetime
) -> tuple[dict[Key, Prompt], dict[Key, Prompt]]:
    """The prompts in line with the questions: all of them, and those that differ from what was known.

    A question that is gone has been answered by what happened. One that is back is asked from its beginning,
    unless a person has answered it or it is asked only once.
    """
    before = {prompt.key: prompt for prompt in known}
    after = dict(before)
    wanted = {question.key: question for question in questions}
    for key, question in wanted.items():
        prompt = before.get(key)
        if prompt is None or _begins(question, prompt):
            prompt = Prompt(kind=question.kind, about=question.about, due_at=question.due_at)
        elif prompt.answered_by is None:
            prompt = replace(prompt, answered_at=None)
        # What was asked has been waited for since then, however much later it would be due by now.
        due = min(prompt.due_at, question.due_at) if prompt.asks else question.due_at
        after[key] = replace(_resting(question, prompt, known, now), due_at=due)
    for key, prompt in before.items():
        if key not in wanted and prompt.answered_at is None and not _stays(prompt, questions, after, now):
            after[key] = replace(prompt, answered_at=now)
    return after, {key: prompt for key, prompt in after.items() if before.get(key) != prompt}


def _stays(prompt: Prompt, questions: Sequence[Question], after: Mapping[Key, Prompt], now: datetime) -> bool:
    """Whether nobody has answered and the next of its kind is due but not asked yet: until then it stands."""
    if prompt.asks == 0:
        return False
    following = (each for each in questions if each.interval and each.kind is prompt.kind)
    return any(each.due_at <= now and after[each.key].asks == 0 for each in following)


def _begins(question: Question, prompt: Prompt) -> bool:
    """Whether a known question is asked from its beginning: it is back, or was promised for a later time."""
    if prompt.answered_at is not None:
        return prompt.answered_by is None and question.repeat is not None
    later = prompt.asked_at is not None and prompt.asked_at < question.due_at
    return question.kind in PROMISED and prompt.open and later


def _resting(question: Question, prompt: Prompt, known: Sequence[Prompt], now: datetime) -> Prompt:
    """A question that can wait rests while the thread is snoozed, until the time that somebody named."""
    if not question.patient or prompt.asks:
        return prompt
    until = max((each.snoozed_until for each in known if each.snoozed_until), default=now)
    rests = until > max(now, question.due_at, prompt.snoozed_until or now)
    return replace(prompt, snoozed_until=until) if rests else prompt


def wanted_at(question: Question, prompt: Prompt, thread: Thread) -> datetime | None:
    """When a question wants to be asked next; None where it was asked often enough, or not at all."""
    if not prompt.open or prompt.asks >= MOST_ASKS:
        return None
    if prompt.asked_at is None or prompt.asks == 0:
        at = _put_off(question, thread)
        at = max(at, prompt.snoozed_until or at)
    elif prompt.snoozed_until is not None and prompt.asked_at < prompt.snoozed_until:
        at = prompt.snoozed_until
    elif question.repeat is None:
        return None
    else:
        at = max(prompt.asked_at + question.repeat, question.due_at)
    return thread.heard(question.to, at)


def _put_off(question: Question, thread: Thread) -> datetime:
    """The moment at which it is due, later where people are at work and it is one that may wait for them."""
    if question.interval is None:
        return question.due_at
    silent = thread.active_at + question.interval * SILENCE
    return max(question.due_at, min(silent, question.due_at + question.interval * LONGEST))


def escalated_at(question: Question, prompt: Prompt, thread: Thread) -> datetime | None:
    """When a person is told that nobody has answered; None where it is not time to think of that."""
    if not prompt.open or prompt.escalated_at is not None or prompt.asked_at is None:
        return None
    if question.escalate_at is not None:
        # Whoever was asked late has as long as they would have had.
        at = max(question.escalate_at, prompt.asked_at + (question.escalate_at - question.due_at))
    elif question.repeat is not None and prompt.asks >= MOST_ASKS:
        at = prompt.asked_at + question.repeat
    else:
        return None
    return thread.heard(question.to, max(at, prompt.snoozed_until or at))


def plan(questions: Sequence[Question], prompts: Mapping[Key, Prompt], thread: Thread, now: datetime) -> Plan:
    """What to do now and when to look again."""
    if thread.off:
        return Plan()
    wanted = _asks(questions, prompts, thread, now)
    if thread.waiting:
        return _while_waiting(prompts, wanted, now)
    told = _tells(questions, prompts, thread, now)
    later = [at for at in (*wanted.values(), *told.values()) if at > now]
    ask, escalate = (tuple(key for key, at in each.items() if at <= now) for each in (wanted, told))
    return Plan(ask, escalate, min(later, default=None))


def _asks(
    questions: Sequence[Question], prompts: Mapping[Key, Prompt], thread: Thread, now: datetime | None = None
) -> dict[Key, datetime]:
    """When each question can be asked: not too soon after the last prompt, nor while people are quiet."""
    free = thread.posted_at + SPACING if thread.posted_at and not thread.waiting else None
    found = dict[Key, datetime]()
    for question in questions:
        at = wanted_at(question, prompts[question.key], thread)
        if at and not _superseded(question, prompts):
            floors = (each for each in (free, _apart(question, prompts), now) if each)
            found[question.key] = thread.heard(question.to, max([at, *floors]))
    return found


def _superseded(question: Question, prompts: Mapping[Key, Prompt]) -> bool:
    """Whether a later one of its kind, of which there is one at a time, was asked and is not answered yet.

    An interval that has grown can call it again although that one still stands.
    """
    if question.apart is None:
        return False
    standing = (each for each in _others(question, prompts) if each.open and each.asks)
    return any(each.due_at > question.due_at for each in standing)


def _apart(question: Question, prompts: Mapping[Key, Prompt]) -> datetime | None:
    """From when on there is room for a question after others of its kind."""
    if question.apart is None:
        return None
    at = max((each.asked_at for each in _others(question, prompts) if each.asked_at), default=None)
    return at + question.apart if at else None


def _others(question: Question, prompts: Mapping[Key, Prompt]) -> list[Prompt]:
    return [each for key, each in prompts.items() if each.kind is question.kind and key != question.key]


def _tells(
    questions: Sequence[Question], prompts: Mapping[Key, Prompt], thread: Thread, now: datetime
) -> dict[Key, datetime]:
    """When somebody is told of each question that nobody answers."""
    found = dict[Key, datetime]()
    for question in questions:
        at = escalated_at(question, prompts[question.key], thread)
        if at and (question.interval is None or _in_vain(question, prompts, thread)):
            found[question.key] = thread.heard(question.to, max(at, now))
    return found


def _in_vain(question: Question, prompts: Mapping[Key, Prompt], thread: Thread) -> bool:
    """Whether enough questions before it were asked in vain, and nobody was told of them yet."""
    missed = [
        each for each in _others(question, prompts) if each.asked_at and each.asked_at > thread.active_at
    ]
    return len(missed) >= MISSED and not any(each.escalated_at for each in missed)


def _while_waiting(prompts: Mapping[Key, Prompt], wanted: Mapping[Key, datetime], now: datetime) -> Plan:
    """What has not been asked joins the prompt that waits; everything else comes after its delivery."""
    joins = {key: at for key, at in wanted.items() if not prompts[key].asks}
    later = [at for at in joins.values() if at > now]
    return Plan(tuple(key for key, at in joins.items() if at <= now), (), min([now + UNDELIVERED, *later]))


def upcoming(
    questions: Sequence[Question], prompts: Mapping[Key, Prompt], thread: Thread
) -> tuple[datetime, tuple[Prompt, ...]] | None:
    """When the next prompt comes and what it will ask, as things stand; None where none will."""
    wanted = {} if thread.off else _asks(questions, prompts, thread)
    if not wanted:
        return None
    at = min(wanted.values())
    return at, tuple(prompts[key] for key, each in wanted.items() if each <= at)


def asked(prompts: Mapping[Key, Prompt], done: Plan, now: datetime) -> dict[Key, Prompt]:
    """The prompts after what a plan says was done."""
    after = dict(prompts)
    for key in done.ask:
        after[key] = replace(after[key], asks=after[key].asks + 1, asked_at=now)
    for key in done.escalate:
        after[key] = replace(after[key], escalated_at=now)
    return after


def standing(prompts: Sequence[Prompt], at: datetime) -> list[Prompt]:
    """What the living prompt asks: all that was asked and is not answered, the most urgent kind first."""
    order = list(PromptKind)
    found = [prompt for prompt in prompts if prompt.stands(at)]
    return sorted(found, key=lambda prompt: (order.index(prompt.kind), prompt.due_at, prompt.about))
