"""From steps to the workup: a fold of all that is live.

Nothing of it is stored, so a step that is edited, withdrawn or learnt late changes everything that follows
from it, and every order of arrival gives the same workup.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

from bot.domain.diagnosis.differential import (
    Differential,
    added,
    eliminated,
    moved,
    rated,
    reestimated,
    restored,
    waived,
)
from bot.domain.diagnosis.estimate import LEAST, MOST, Estimate, How
from bot.domain.diagnosis.testing import Result, Test, after, is_discriminating, ruled_out
from bot.domain.doing.keeping import changed, completed, promised
from bot.domain.readiness import judging
from bot.domain.readiness import keeping as contingencies
from bot.domain.signs.measuring import measured
from bot.domain.therapy.intervention import Intervention, bundle_of, companions_of, ended
from bot.domain.therapy.treatment import Outcome, after_outcome
from bot.domain.work.foresight import (
    Foresight,
    actions_given,
    contingencies_given,
    foresee,
    letters_given,
    names_given,
    plans_given,
    tests_given,
)
from bot.domain.work.ordering import in_order, together
from bot.domain.work.steps import (
    ActionChanged,
    Argued,
    Asked,
    Attested,
    Completed,
    ContingencyChanged,
    Ended,
    Expected,
    Found,
    Happened,
    ImpactSaid,
    Measured,
    Named,
    OnsetSaid,
    Planned,
    Pooled,
    Prepared,
    Promised,
    Recorded,
    Reestimated,
    RevertKnown,
    RevertWaived,
    Revoked,
    RuledOut,
    StabilitySaid,
    Started,
    Suspect,
    Waived,
)
from bot.domain.work.workup import Change, Evidence, Workup


def fold(recorded: Iterable[Recorded]) -> Workup:
    """The workup that the steps lead to, in the order of their messages."""
    everything = in_order(recorded)
    live = [each for each in everything if each.live]
    foresight = foresee(live)
    start = Workup(
        letters_given=letters_given(everything),
        tests_given=tests_given(everything),
        plans_given=plans_given(everything),
        names_given=names_given(everything),
        actions_given=actions_given(everything),
        contingencies_given=contingencies_given(everything),
    )
    return reduce(lambda workup, step: _applied(workup, step, foresight), together(live), start)


def _applied(workup: Workup, recorded: Recorded, foresight: Foresight) -> Workup:
    """The workup after one more step; a step about what is gone changes nothing.

    Nor does one that gives a letter, a number or a name once more.
    """
    done = _APPLY[type(recorded.step)](workup, recorded.step, recorded, foresight)
    return judging.outdated(done, recorded)


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


def _with_new(workup: Workup, suspects: Sequence[Suspect], recorded: Recorded) -> Differential:
    """The differential with new hypotheses; a letter that somebody has stays with that hypothesis."""
    new: dict[str, Suspect] = {}
    for each in suspects:
        if not _known(workup, each.letter):
            new.setdefault(each.letter, each)
    proposals = [replace(each.proposed(), estimate=_estimate(each)) for each in new.values()]
    return added(workup.differential, proposals, by=recorded.by, letters=list(new))


def _estimate(said: Suspect | Reestimated) -> Estimate | None:
    return None if said.p is None else _held(said.p, said.how)


def _held(p: float, how: How = How.NUMBER) -> Estimate:
    """An estimate that later evidence can still move, whatever was stored."""
    return Estimate(min(max(p, LEAST), MOST), how)


def _named(workup: Workup, step: Named, recorded: Recorded, _: Foresight) -> Workup:
    now = _with_new(workup, step.hypotheses, recorded)
    letters = ", ".join(suspect.letter for suspect in step.hypotheses)
    return _noted(workup, replace(workup, differential=now), recorded, f"{letters} named")


def _reestimated(workup: Workup, step: Reestimated, recorded: Recorded, _: Foresight) -> Workup:
    if not _known(workup, step.letter):
        return workup
    now, estimate = workup.differential, _estimate(step)
    if estimate is not None:
        now = reestimated(now, {step.letter: estimate})
    if step.impact is not None:
        now = _rated(now, step.letter, step.impact)
    if step.assumption is not None:
        now = _assuming(now, step.letter, step.assumption)
    return _noted(workup, replace(workup, differential=now), recorded, f"{step.letter} changed")


def _rated(before: Differential, letter: str, impact: int) -> Differential:
    """Another impact. What turns out to be a must-not-miss is not ruled out by somebody's word any more."""
    now = rated(before, letter, impact)
    by_hand = (now.named(letter).eliminated_by or "").startswith("@")
    return restored(now, letter) if by_hand and now.named(letter).must_not_miss else now


def _assuming(before: Differential, letter: str, assumption: str) -> Differential:
    changed = replace(before.named(letter), assumption=assumption)
    each = (changed if one.letter == letter else one for one in before.hypotheses)
    return replace(before, hypotheses=tuple(each))


def _argued(workup: Workup, step: Argued, recorded: Recorded, _: Foresight) -> Workup:
    if not _known(workup, step.letter):
        return workup
    said = (*workup.evidence.get(step.letter, ()), Evidence(step.stance, step.words, recorded.by))
    return replace(workup, evidence={**workup.evidence, step.letter: said})


def _ruled_out(workup: Workup, step: RuledOut, recorded: Recorded, foresight: Foresight) -> Workup:
    if not _known(workup, step.letter) or not _has_grounds(workup, step, foresight):
        return workup
    by = f"@{recorded.by}" if step.test is None else f"T{step.test}"
    now = eliminated(workup.differential, step.letter, by=by)
    return _noted(workup, replace(workup, differential=now), recorded, f"{step.letter} ruled out")


def _has_grounds(workup: Workup, step: RuledOut, foresight: Foresight) -> bool:
    """Whether the test that is said to rule a hypothesis out still has a result.

    Without a test somebody's word is enough, but not for a must-not-miss.
    """
    if step.test is None:
        return not workup.differential.named(step.letter).must_not_miss
    return workup.test(step.test) is not None and step.test in foresight.last_verdict


def _waived(workup: Workup, step: Waived, recorded: Recorded, _: Foresight) -> Workup:
    if not _known(workup, step.letter):
        return workup
    return replace(workup, differential=waived(workup.differential, step.letter, by=recorded.by))


def _pooled(workup: Workup, step: Pooled, recorded: Recorded, _: Foresight) -> Workup:
    now = _with_new(workup, step.hypotheses, recorded)
    known = {each.letter for each in now.hypotheses}
    estimates = {letter: _held(p) for letter, p in step.estimates.items() if letter in known}
    now = reestimated(now, estimates) if estimates else now
    return _noted(workup, replace(workup, differential=now), recorded, "second opinion")


def _asked(workup: Workup, step: Asked, _: Recorded, foresight: Foresight) -> Workup:
    if workup.test(step.test):
        return workup
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


def _expected(workup: Workup, _: Expected, __: Recorded, ___: Foresight) -> Workup:
    # It was foreseen when the test was asked.
    return workup


def _found(workup: Workup, step: Found, recorded: Recorded, foresight: Foresight) -> Workup:
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


def _planned(workup: Workup, step: Planned, _: Recorded, __: Foresight) -> Workup:
    others = tuple(plan for plan in workup.plans if plan.plan != step.plan)
    return replace(workup, plans=tuple(sorted((*others, step), key=lambda plan: plan.plan)))


def _started(workup: Workup, step: Started, recorded: Recorded, _: Foresight) -> Workup:
    if workup.intervention(step.name):
        return workup
    # Whatever was thought when it was recorded, two at once are a bundle and one alone is none.
    running = workup.active
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
        bundled_with=running.name if running else None,
    )
    begun = replace(workup, interventions=(*workup.interventions, new))
    return _noted(workup, begun, recorded, f"{step.name} started")


def _ended(workup: Workup, step: Ended, recorded: Recorded, foresight: Foresight) -> Workup:
    found = workup.intervention(step.name)
    if found is None:
        return workup
    done = ended(found, step.outcome, step.words, recorded.at)
    over = _with(workup, done)
    for each in bundle_of(workup.interventions, found):
        # What changes nothing of the first changes nothing of what was done with it.
        if done != found and each.name not in foresight.last_outcome:
            over = _with(over, ended(each, step.outcome, "", recorded.at))
    if foresight.last_outcome.get(step.name) == recorded.seq:
        over = replace(over, differential=_weighed(over, done))
    # The second time unclear means failed.
    known = done.outcome if done.outcome and step.outcome is not Outcome.REVERTED else step.outcome
    return _noted(workup, over, recorded, f"{step.name} {known.value}")


def _weighed(workup: Workup, done: Intervention) -> Differential:
    """The differential with an outcome as evidence, where the intervention was for a hypothesis."""
    if done.target is None or done.outcome is None:
        return workup.differential
    others = [each.target or "" for each in companions_of(workup.interventions, done)]
    return after_outcome(workup.differential, done.target, done.outcome, bundle=others)


def _with(workup: Workup, changed: Intervention) -> Workup:
    each = (changed if one.name == changed.name else one for one in workup.interventions)
    return replace(workup, interventions=tuple(each))


def _revert_known(workup: Workup, step: RevertKnown, _: Recorded, __: Foresight) -> Workup:
    found = workup.intervention(step.name)
    return _with(workup, replace(found, revert=step.revert)) if found else workup


def _revert_waived(workup: Workup, step: RevertWaived, recorded: Recorded, _: Foresight) -> Workup:
    found = workup.intervention(step.name)
    if found is None:
        return workup
    for each in (found, *bundle_of(workup.interventions, found)):
        answered = replace(each, revert_waived_by=recorded.by, revert_waived_why=step.reason)
        workup = _with(workup, answered)
    return workup


# Each step has its own function; only this table knows which, so its values are as unlike as the steps are.
_APPLY: Mapping[type[Any], Callable[[Workup, Any, Recorded, Foresight], Workup]] = {
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
    Measured: measured,
    Promised: promised,
    ActionChanged: changed,
    Completed: completed,
    Prepared: contingencies.prepared,
    ContingencyChanged: contingencies.changed,
    Happened: contingencies.happened,
    Revoked: contingencies.revoked,
    ImpactSaid: judging.impact_said,
    OnsetSaid: judging.onset_said,
    StabilitySaid: judging.stability_said,
    Attested: judging.attested,
}
