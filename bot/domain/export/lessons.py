"""What people wrote down as a lesson, and what the course of the incident asks them to talk about."""

import re
from collections.abc import Iterator
from datetime import timedelta

from bot.domain.chart import Kind
from bot.domain.diagnosis.differential import unsettled
from bot.domain.export.course import Course, first_named, wrong_turns
from bot.domain.export.wording import lasted, person
from bot.domain.therapy.treatment import Outcome

_LESSON = re.compile(
    r"\s*(?:lessons?(?:\s+learn(?:ed|t))?|learn(?:ed|t)|next time)\b\s*[:,\-–—]?\s*", re.IGNORECASE
)
# The longest wrong turn, if it took this share of all the time, is worth a question.
MUCH = 0.25


def lessons(found: Course) -> list[tuple[str, str]]:
    """The notes that say they are a lesson, and who wrote each."""
    notes = [each for each in found.live if each.kind is Kind.NOTE and _LESSON.match(each.text)]
    return [(_LESSON.sub("", each.text, count=1) or each.text, each.author) for each in notes]


def to_talk_about(found: Course) -> list[str]:
    """Questions for the review, each from a fact of the record. They ask about the work, not about people."""
    if found.record.incident.resolved_at is None:
        return []
    return [*_diagnosis(found), *_treatment(found), *_company(found)]


def _diagnosis(found: Course) -> Iterator[str]:
    if found.first and found.truth and found.truth.letter not in found.first.probabilities:
        came = first_named(found.workup, found.truth.letter)
        late = f" {lasted(came - found.first.at)} after the others" if came else ""
        yield f"The cause ({found.truth.letter}) was named{late}. What would have brought it up sooner?"
    whole = found.until - found.record.incident.opened_at
    for turn in sorted(wrong_turns(found), key=lambda turn: turn.took, reverse=True)[:1]:
        if whole > timedelta() and turn.took / whole >= MUCH:
            share = f"{lasted(turn.took)} of {lasted(whole)}"
            yield f"{turn.hypothesis.letter} took {share}. Which test would have ruled it out earlier?"
    if found.workup.differential.hypotheses and not found.workup.discriminating:
        yield "No result told two hypotheses apart. How was the cause found?"
    yield from _never_excluded(found)


def _never_excluded(found: Course) -> Iterator[str]:
    others = [each for each in found.workup.differential.hypotheses if each != found.truth]
    dangerous = unsettled(found.workup.differential)
    for each in others:
        if each in dangerous:
            yield f"{each.letter} must not be missed and was never excluded. How sure are we now?"
        elif each.waived_by:
            yield f"{each.letter} was waived. Is it still open?"


def _treatment(found: Course) -> Iterator[str]:
    tried = found.workup.interventions
    failed = [each for each in tried if each.outcome is Outcome.FAILED]
    if failed:
        names = ", ".join(each.name for each in failed)
        yield f"{names} did not help. What made {'it' if len(failed) == 1 else 'them'} look right?"
    for each in tried:
        if each.owes_revert:
            yield f"{each.name} failed and is still in place. Who takes it back?"
        if each.bundled_with:
            yield f"{each.name} ran together with {each.bundled_with}. Do we know which of them worked?"
    if found.closing and found.closing.anyway:
        yield "It was closed although something was missing. Has that been done since?"


def _company(found: Course) -> Iterator[str]:
    levels = [change.severity for change in found.record.severity_changes]
    if levels and min(levels) < levels[0]:
        yield f"It began as SEV{levels[0]} and turned out SEV{min(levels)}. What would have told us at once?"
    silent = sum(1 for prompt in found.record.prompts if prompt.escalated_at)
    if silent:
        times = "one question" if silent == 1 else f"{silent} questions"
        yield f"Nobody answered {times} in time. Were there enough hands?"
    for each in found.record.handoffs:
        if each.reason == "without":
            yield f"{person(each.receiver, found.names)} took the lead without a handoff. What got lost?"
    left = [each.name for each in found.workup.open_actions]
    if left:
        yield f"{', '.join(left)} {'is' if len(left) == 1 else 'are'} left open. By when, and who asks?"
