"""What a handoff tells of diagnosis and treatment: every hypothesis, test and intervention, and its end."""

from bot.domain.diagnosis.differential import OTHER, Hypothesis, place_of
from bot.domain.diagnosis.testing import Result, Test, Verdict
from bot.domain.handoff.document import (
    Argument,
    Direction,
    Planned,
    RevertState,
    Status,
    Suspected,
    Tested,
    Tried,
)
from bot.domain.therapy.intervention import Intervention
from bot.domain.therapy.treatment import Outcome
from bot.domain.work.waiting import label_of
from bot.domain.work.workup import Change, Workup

# What nobody would see of a probability is the computer's own rounding.
DIGITS = 4


def hypotheses_of(workup: Workup) -> tuple[Suspected, ...]:
    """The live hypotheses, likeliest first, then those that were excluded."""
    in_letters = sorted(workup.differential.hypotheses, key=lambda each: place_of(each.letter))
    now = workup.differential.probabilities
    gone = [each for each in in_letters if not each.live]
    live = sorted((each for each in in_letters if each.live), key=lambda each: -now[each.letter])
    return tuple(_suspected(each, workup, now.get(each.letter)) for each in (*live, *gone))


def _suspected(each: Hypothesis, workup: Workup, p: float | None) -> Suspected:
    waived = f"@{each.waived_by}" if each.waived_by else ""
    status = Status.WAIVED if waived else Status.ACTIVE
    said = workup.evidence.get(each.letter, ())
    return Suspected(
        letter=each.letter,
        statement=each.statement,
        p=None if p is None else round(p, DIGITS),
        impact=each.impact,
        status=status if each.live else Status.EXCLUDED,
        by=each.eliminated_by or waived,
        assumption=each.assumption or "",
        evidence=tuple(Argument(stance=one.stance, words=one.words, by=one.by) for one in said),
    )


def tests_of(workup: Workup) -> tuple[Tested, ...]:
    """Every test, in the order of their numbers."""
    results = {each.test: each for each in workup.results}
    places = {change.label: place for place, change in enumerate(workup.history)}
    every = sorted(workup.tests, key=lambda each: each.number)
    return tuple(_tested(each, results.get(each.number), workup, places) for each in every)


def _tested(test: Test, result: Result | None, workup: Workup, places: dict[str, int]) -> Tested:
    place = places.get(label_of(result)) if result else None
    change = None if place is None else workup.history[place]
    before = workup.history[place - 1] if place else None
    return Tested(
        name=test.name,
        question=test.question,
        verdict=result.verdict if result else None,
        words=result.words if result else "",
        direction=_direction(test, result, workup, change, before),
        found_at=change.at if change else None,
        owner=test.owner,
        due=test.due,
    )


def _direction(
    test: Test, result: Result | None, workup: Workup, change: Change | None, before: Change | None
) -> dict[str, Direction]:
    """What a result did to each letter; nothing while it waits for what a hypothesis expects of the test."""
    if result is None or change is None:
        return {}
    conclusive = result.verdict is not Verdict.INCONCLUSIVE
    now = change.probabilities
    if conclusive and any(letter not in test.likelihoods for letter in now if letter != OTHER):
        return {}
    then = before.probabilities if before and conclusive else now
    letters = sorted((each.letter for each in workup.differential.hypotheses), key=place_of)
    return {letter: _moved(then.get(letter), now.get(letter)) for letter in letters}


def _moved(then: float | None, now: float | None) -> Direction:
    if then is None or round(then, DIGITS) == round(now or 0, DIGITS):
        return Direction.NONE
    return Direction.FOR if (now or 0) > then else Direction.AGAINST


def interventions_of(workup: Workup) -> tuple[Tried, ...]:
    """Every intervention, in the order in which they were started."""
    every = sorted(workup.interventions, key=lambda each: (each.started_at, each.name))
    return tuple(_tried(each) for each in every)


def _tried(each: Intervention) -> Tried:
    return Tried(
        name=each.name,
        plan=each.plan,
        text=each.text,
        target=each.target,
        expect=each.expect,
        outcome=each.outcome,
        words=each.words,
        by=each.by,
        started_at=each.started_at,
        until=each.due,
        ended_at=each.ended_at,
        revert=each.revert,
        irreversible=each.irreversible,
        revert_state=_revert_state(each),
        reverted_at=each.reverted_at,
        left_by=each.revert_waived_by,
        left_why=each.revert_waived_why,
        bundled_with=each.bundled_with,
    )


def _revert_state(each: Intervention) -> RevertState:
    if each.reverted_at:
        return RevertState.REVERTED
    if each.owes_revert:
        return RevertState.OWED
    return RevertState.LEFT if each.outcome is Outcome.FAILED else RevertState.IN_PLACE


def plans_of(workup: Workup) -> tuple[Planned, ...]:
    """The plans of which nothing was started yet."""
    started = {each.plan for each in workup.interventions}
    left = sorted((each for each in workup.plans if each.plan not in started), key=lambda each: each.plan)
    return tuple(
        Planned(plan=each.plan, text=each.text, target=each.target, revert=each.revert) for each in left
    )
