"""From steps to the workup: a fold of all that is live.

Nothing of it is stored, so a step that is edited, withdrawn or learnt late changes everything that follows
from it, and every order of arrival gives the same workup.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import reduce
from itertools import groupby
from typing import Any

from bot.domain.differential import (
    Differential,
    added,
    eliminated,
    moved,
    rated,
    reestimated,
    waived,
)
from bot.domain.estimate import Estimate
from bot.domain.intervention import Intervention, bundle_of, ended
from bot.domain.steps import (
    Argued,
    Asked,
    Ended,
    Expected,
    Found,
    Named,
    Planned,
    Pooled,
    Recorded,
    Reestimated,
    RevertKnown,
    RevertWaived,
    RuledOut,
    Started,
    Waived,
)
from bot.domain.testing import Result, Test, after, is_discriminating, ruled_out
from bot.domain.treatment import Outcome, after_outcome
from bot.domain.workup import Change, Evidence, Workup


@dataclass(frozen=True, slots=True)
class _Foresight:
    """What is said of a test counts from its beginning, whenever it was said."""

    likelihoods: Mapping[int, Mapping[str, float]]
    last_verdict: Mapping[int, int]
    last_outcome: Mapping[str, int]


def fold(recorded: Iterable[Recorded]) -> Workup:
    """The workup that the steps lead to, in the order of their messages."""
    everything = _in_order(recorded)
    live = [each for each in everything if each.live]
    foresight = _Foresight(_likelihoods(live), _last_verdicts(live), _last_outcomes(live))
    start = Workup(
        letters_given=_letters(everything), tests_given=_tests(everything), names_given=_names(everything)
    )
    return reduce(lambda workup, step: _applied(workup, step, foresight), _together(live), start)


def _in_order(recorded: Iterable[Recorded]) -> list[Recorded]:
    """The steps in the order in which they were meant.

    Messages count by when they were written, whatever order they arrive in. A tap or modal has only our own
    clock, which need not agree with Slack's, so it keeps its place behind the newest message known by then.
    """
    newest = datetime.min.replace(tzinfo=UTC)
    placed: list[tuple[datetime, int, Recorded]] = []
    for each in sorted(recorded, key=lambda each: each.seq):
        newest = max(newest, each.at) if each.message else newest
        placed.append((each.at if each.message else newest, each.seq, each))
    return [each for _, _, each in sorted(placed, key=lambda place: place[:2])]


def _letters(everything: Sequence[Recorded]) -> int:
    """How many letters were ever given, to hypotheses that are gone as well."""
    named = (each.step for each in everything if isinstance(each.step, Named | Pooled))
    return len({suspect.letter for step in named for suspect in step.hypotheses})


def _tests(everything: Sequence[Recorded]) -> int:
    return max((each.step.test for each in everything if isinstance(each.step, Asked)), default=0)


def _names(everything: Sequence[Recorded]) -> frozenset[str]:
    return frozenset(each.step.name for each in everything if isinstance(each.step, Started))


def _likelihoods(live: Sequence[Recorded]) -> dict[int, dict[str, float]]:
    found: dict[int, dict[str, float]] = {}
    for each in live:
        if isinstance(each.step, Expected):
            found.setdefault(each.step.test, {}).update(each.step.likelihoods)
    return found


def _last_verdicts(live: Sequence[Recorded]) -> dict[int, int]:
    """For each test the step that counts: a test that is run again replaces what it showed before."""
    return {each.step.test: each.seq for each in live if isinstance(each.step, Found) and each.step.verdict}


def _last_outcomes(live: Sequence[Recorded]) -> dict[str, int]:
    """For each intervention the step that counts as evidence: a correction replaces what was said before."""
    return {
        each.step.name: each.seq
        for each in live
        if isinstance(each.step, Ended) and each.step.outcome is not Outcome.REVERTED
    }


def _together(live: Sequence[Recorded]) -> Iterable[Recorded]:
    """Hypotheses named in one message are one list, so that those without a number rank one another."""

    def same(each: Recorded) -> tuple[object, ...]:
        one_list = isinstance(each.step, Named) and each.message is not None
        return (each.by, each.message) if one_list else (each.seq,)

    for _, group in groupby(live, same):
        first, *rest = group
        named = [each.step for each in (first, *rest) if isinstance(each.step, Named)]
        if rest:
            together = tuple(suspect for step in named for suspect in step.hypotheses)
            first = replace(first, step=Named(hypotheses=together))
        yield first


def _applied(workup: Workup, recorded: Recorded, foresight: _Foresight) -> Workup:
    """The workup after one more step; a step about what is gone changes nothing."""
    return _APPLY[type(recorded.step)](workup, recorded.step, recorded, foresight)


def _noted(before: Workup, after_it: Workup, recorded: Recorded, label: str) -> Workup:
    """The workup with a line of history."""
    change = Change(
        at=recorded.at,
        by=recorded.by,
        label=label,
        moved=moved(before.differential, after_it.differential),
        probabilities=after_it.differential.probabilities,
    )
    return replace(after_it, history=(*before.history, change))


def _known(workup: Workup, letter: str | None) -> bool:
    return any(each.letter == letter for each in workup.differential.hypotheses)


def _named(workup: Workup, step: Named, recorded: Recorded, _: _Foresight) -> Workup:
    letters = [suspect.letter for suspect in step.hypotheses]
    now = added(
        workup.differential,
        [suspect.proposed() for suspect in step.hypotheses],
        by=recorded.by,
        letters=letters,
    )
    return _noted(workup, replace(workup, differential=now), recorded, f"{', '.join(letters)} named")


def _reestimated(workup: Workup, step: Reestimated, recorded: Recorded, _: _Foresight) -> Workup:
    if not _known(workup, step.letter):
        return workup
    now = workup.differential
    if step.p is not None:
        now = reestimated(now, {step.letter: Estimate(step.p, step.how)})
    if step.impact is not None:
        now = rated(now, step.letter, step.impact)
    if step.assumption is not None:
        now = _assuming(now, step.letter, step.assumption)
    return _noted(workup, replace(workup, differential=now), recorded, f"{step.letter} changed")


def _assuming(before: Differential, letter: str, assumption: str) -> Differential:
    changed = replace(before.named(letter), assumption=assumption)
    each = (changed if one.letter == letter else one for one in before.hypotheses)
    return replace(before, hypotheses=tuple(each))


def _argued(workup: Workup, step: Argued, recorded: Recorded, _: _Foresight) -> Workup:
    said = (*workup.evidence.get(step.letter, ()), Evidence(step.stance, step.words, recorded.by))
    return replace(workup, evidence={**workup.evidence, step.letter: said})


def _ruled_out(workup: Workup, step: RuledOut, recorded: Recorded, _: _Foresight) -> Workup:
    if not _known(workup, step.letter):
        return workup
    by = f"@{recorded.by}" if step.test is None else f"T{step.test}"
    now = eliminated(workup.differential, step.letter, by=by)
    return _noted(workup, replace(workup, differential=now), recorded, f"{step.letter} ruled out")


def _waived(workup: Workup, step: Waived, recorded: Recorded, _: _Foresight) -> Workup:
    if not _known(workup, step.letter):
        return workup
    return replace(workup, differential=waived(workup.differential, step.letter, by=recorded.by))


def _pooled(workup: Workup, step: Pooled, recorded: Recorded, _: _Foresight) -> Workup:
    proposals = [suspect.proposed() for suspect in step.hypotheses]
    letters = [suspect.letter for suspect in step.hypotheses]
    now = added(workup.differential, proposals, by=recorded.by, letters=letters)
    known = {each.letter for each in now.hypotheses}
    estimates = {letter: Estimate(p) for letter, p in step.estimates.items() if letter in known}
    now = reestimated(now, estimates) if estimates else now
    return _noted(workup, replace(workup, differential=now), recorded, "second opinion")


def _asked(workup: Workup, step: Asked, _: Recorded, foresight: _Foresight) -> Workup:
    test = Test(
        number=step.test,
        question=step.question,
        minutes=step.minutes,
        owner=step.owner,
        due=step.due,
        bears_on=step.bears_on,
        assumption=step.assumption,
        script=step.script,
    ).expecting(foresight.likelihoods.get(step.test, {}))
    return replace(workup, tests=(*workup.tests, test))


def _expected(workup: Workup, _: Expected, __: Recorded, ___: _Foresight) -> Workup:
    # It was foreseen when the test was asked.
    return workup


def _found(workup: Workup, step: Found, recorded: Recorded, foresight: _Foresight) -> Workup:
    test = workup.test(step.test)
    if test is None or step.verdict is None or foresight.last_verdict[step.test] != recorded.seq:
        return workup
    before = workup.differential
    now = after(before, test, step.verdict)
    for gone in ruled_out(before, now):
        now = eliminated(now, gone.letter, by=test.name)
    result = Result(test=step.test, verdict=step.verdict, words=step.words, output=step.output)
    done = replace(
        workup,
        differential=now,
        results=(*workup.results, result),
        discriminating=workup.discriminating + is_discriminating(test, step.verdict, before),
    )
    return _noted(workup, done, recorded, f"{test.name} {step.verdict.value}")


def _planned(workup: Workup, step: Planned, _: Recorded, __: _Foresight) -> Workup:
    others = tuple(plan for plan in workup.plans if plan.plan != step.plan)
    return replace(workup, plans=tuple(sorted((*others, step), key=lambda plan: plan.plan)))


def _started(workup: Workup, step: Started, recorded: Recorded, _: _Foresight) -> Workup:
    running = workup.active
    # Whatever the records say, two at once are a bundle: nobody can tell their effects apart.
    bundled_with = step.bundled_with or (running.name if running else None)
    new = Intervention(
        name=step.name,
        plan=step.plan,
        text=step.text,
        by=recorded.by,
        started_at=recorded.at,
        window=step.window,
        target=step.target,
        expect=step.expect,
        revert=step.revert,
        irreversible=step.irreversible,
        bundled_with=bundled_with,
    )
    begun = replace(workup, interventions=(*workup.interventions, new))
    return _noted(workup, begun, recorded, f"{step.name} started")


def _ended(workup: Workup, step: Ended, recorded: Recorded, foresight: _Foresight) -> Workup:
    found = workup.intervention(step.name)
    if found is None:
        return workup
    done = ended(found, step.outcome, step.words, recorded.at)
    now = workup.differential
    if done.target and done.outcome and foresight.last_outcome.get(step.name) == recorded.seq:
        bundle = [each.target or "" for each in bundle_of(workup.interventions, found)]
        now = after_outcome(now, done.target, done.outcome, bundle=bundle)
    over = replace(_with(workup, done), differential=now)
    return _noted(workup, over, recorded, f"{step.name} {step.outcome.value}")


def _with(workup: Workup, changed: Intervention) -> Workup:
    each = (changed if one.name == changed.name else one for one in workup.interventions)
    return replace(workup, interventions=tuple(each))


def _revert_known(workup: Workup, step: RevertKnown, _: Recorded, __: _Foresight) -> Workup:
    found = workup.intervention(step.name)
    return _with(workup, replace(found, revert=step.revert)) if found else workup


def _revert_waived(workup: Workup, step: RevertWaived, recorded: Recorded, _: _Foresight) -> Workup:
    found = workup.intervention(step.name)
    if found is None:
        return workup
    return _with(workup, replace(found, revert_waived_by=recorded.by, revert_waived_why=step.reason))


# Each step has its own function; only this table knows which, so its values are as unlike as the steps are.
_APPLY: Mapping[type[Any], Callable[[Workup, Any, Recorded, _Foresight], Workup]] = {
    Named: _named,
    Reestimated: _reestimated,
    Argued: _argued,
    RuledOut: _ruled_out,
    Waived: _waived,
    Pooled: _pooled,
    Asked: _asked,
    Expected: _expected,
    Found: _found,
    Planned: _planned,
    Started: _started,
    Ended: _ended,
    RevertKnown: _revert_known,
    RevertWaived: _revert_waived,
}
