"""What the workup counsels: which test to run next, and for each plan whether to treat, test or watch."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.diagnosis import next_test, thresholds
from bot.domain.diagnosis.differential import Differential
from bot.domain.diagnosis.next_test import Advice
from bot.domain.diagnosis.testing import Test, accuracy
from bot.domain.diagnosis.thresholds import Costs, Trial
from bot.domain.therapy.treatment import Option, in_order
from bot.domain.work.saying import short
from bot.domain.work.steps import Planned
from bot.domain.work.workup import Workup

_MINUTE = timedelta(minutes=1)
_FOR_GOOD = " (cannot be undone)"


@dataclass(frozen=True, slots=True)
class Counsel:
    """The next test, and a line for every plan whose costs are known, the plan to try first at the top."""

    advice: Advice | None
    treat: tuple[str, ...] = ()


def counsel(workup: Workup) -> Counsel:
    """What to do next, as far as the numbers say."""
    differential, tests = workup.differential, workup.open_tests
    if not differential.live:
        return Counsel(None)
    live = {each.letter for each in differential.live}
    weighed = [
        (plan, plan.target, costs)
        for plan in plans_in_order(workup)
        if (costs := _costs(plan)) and plan.target in live
    ]
    limits: dict[str, tuple[float, ...]] = {}
    for _, target, costs in weighed:
        limits[target] = (*limits.get(target, ()), *thresholds.thresholds(costs).limits)
    advice = next_test.advise(differential, tests, limits=limits) if tests else None
    best = next((test for test in tests if advice and advice.best and test.name == advice.best.name), None)
    return Counsel(
        advice,
        tuple(
            f"Plan {plan.plan}{_FOR_GOOD if plan.irreversible else ''}: "
            f"{_line(plan, target, costs, best, differential)}"
            for plan, target, costs in weighed
        ),
    )


def _line(plan: Planned, target: str, costs: Costs, best: Test | None, differential: Differential) -> str:
    """Whether to treat, test or watch, with the best test where there is one."""
    trial = None
    if best:
        sensitivity, specificity = accuracy(best, target, differential)
        trial = Trial(minutes=best.cost, sensitivity=sensitivity, specificity=specificity)
    limit = thresholds.thresholds(costs, trial)
    return thresholds.explain(thresholds.advise(differential.p(target), limit), short(plan.text))


def plans_in_order(workup: Workup) -> list[Planned]:
    """The plans nobody has started, by what they promise a minute, reversible ones first.

    A plan whose costs nobody named stands behind the others, by its letter.
    """
    started = {each.plan for each in workup.interventions}
    waiting = {plan.plan: plan for plan in workup.plans if plan.plan not in started}
    options = [
        Option(
            name=plan.plan,
            p=workup.differential.p(plan.target or ""),
            minutes=plan.costs / _MINUTE,
            reversible=not plan.irreversible,
        )
        for plan in waiting.values()
        if plan.costs
    ]
    ordered = [waiting[option.name] for option in in_order(options)]
    return ordered + [plan for plan in waiting.values() if not plan.costs]


def _costs(plan: Planned) -> Costs | None:
    """What a plan saves if its target is true is lost by waiting; what it costs is lost if it is not.

    Where nobody has said both, nothing is weighed.
    """
    if not plan.saves or not plan.costs:
        return None
    return Costs(delay=plan.saves / _MINUTE, harm=plan.costs / _MINUTE)
