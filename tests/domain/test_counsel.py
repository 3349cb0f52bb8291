"""What the workup counsels: the next test, the order of plans, and whether to treat, test or watch."""

import pytest

from bot.domain.diagnosis.differential import Differential, Proposed, added
from bot.domain.diagnosis.estimate import Estimate
from bot.domain.work.counsel import Counsel, counsel, plans_in_order
from bot.domain.work.steps import Expected
from bot.domain.work.workup import Workup
from tests.domain.table import ANA, Table, table

TWO = "dx: bad batch 31%\nleak 20%"
# Treating in vain costs 20 minutes, and waiting two hours: the limit is 20 / 140.
PLAN = "plan: roll back; for A; costs 20m; saves 2h"


def with_test(*lines: str) -> Table:
    """The lines, and a test of three minutes that tells A from B."""
    found = table(*lines, "test: run it (3m)")
    found.taps(Expected(test=1, likelihoods={"A": 0.95, "B": 0.05}))
    return found


def test_a_plan_is_weighed_against_the_probability_of_its_target() -> None:
    assert counsel(table(TWO, PLAN).workup).treat == ("Plan A: roll back now: p = .31 is above .14",)


def test_below_the_limit_one_watches() -> None:
    (line,) = counsel(table("dx: bad batch 10%\nleak 20%", PLAN).workup).treat

    assert line == "Plan A: watch, or look at another hypothesis: p = .10 is below .14"


def test_between_the_limits_of_the_best_test_one_tests_first() -> None:
    advice = counsel(with_test(TWO, PLAN).workup)

    assert advice.treat == ("Plan A: test before you roll back: p = .31 is below .52",)
    assert advice.advice is not None
    assert advice.advice.best is not None
    assert advice.advice.best.name == "T1"


def test_above_the_upper_limit_one_treats_although_there_is_a_test() -> None:
    (line,) = counsel(with_test("dx: bad batch 94%\nleak 1%", PLAN).workup).treat

    assert line.startswith("Plan A: roll back now: p = .94 is above .")


def test_without_hypotheses_there_is_no_advice() -> None:
    assert counsel(Workup()) == Counsel(None)
    assert counsel(table("test: run it", "plan: pin it; costs 5m; saves 1h").workup) == Counsel(None)
    assert counsel(table("dx: bad batch", "dx: A ruled out", "test: run it").workup) == Counsel(None)


def test_without_tests_there_is_none_to_advise() -> None:
    assert counsel(table(TWO).workup) == Counsel(None)
    assert counsel(with_test(TWO, "dx: A 40%").workup).advice is not None


def test_a_test_that_nobody_spoke_of_is_listed_and_not_ranked() -> None:
    advice = counsel(table(TWO, PLAN, "test: run it").workup)

    assert advice.advice is not None
    assert (advice.advice.best, advice.advice.unranked) == (None, ("T1",))
    assert advice.treat == ("Plan A: roll back now: p = .31 is above .14",)


@pytest.mark.parametrize(
    "plan",
    [
        "plan: wait",
        "plan: wait; costs 5m",
        "plan: wait; saves 1h",
        "plan: wait; saves 1h; costs 5m; for B",
    ],
)
def test_a_plan_is_weighed_only_with_both_its_costs_and_a_target_that_is_live(plan: str) -> None:
    assert counsel(table(TWO, plan, "dx: B ruled out").workup).treat == ()


def test_plans_come_by_probability_per_minute_and_what_is_irreversible_last() -> None:
    found = table(
        TWO,
        "plan: slow; for A; costs 60m; saves 2h",
        "plan: quick; for B; costs 5m; saves 2h",
        "plan: unsaid; for A",
        "plan: drop it; for A; costs 1m; saves 2h; irreversible",
    )

    assert [plan.text for plan in plans_in_order(found.workup)] == ["quick", "slow", "drop it", "unsaid"]
    assert [line.split(":")[0] for line in counsel(found.workup).treat] == [
        "Plan B",
        "Plan A",
        "Plan D (cannot be undone)",
    ]


def test_a_plan_that_was_started_waits_no_more() -> None:
    found = table(TWO, PLAN, "fix: A")

    assert plans_in_order(found.workup) == []
    assert counsel(found.workup).treat == ()


def test_a_test_matters_that_could_take_a_hypothesis_over_the_limit_of_any_of_its_plans() -> None:
    dear = "plan: rewrite it; for A; costs 2h; saves 2h"

    def idle(*plans: str) -> tuple[str, ...]:
        found = table("dx: bad batch 20%\nleak 10%", *plans, "test: run it all (500m)")
        found.taps(Expected(test=1, likelihoods={"A": 0.8, "B": 0.5}))
        advice = counsel(found.workup).advice
        assert advice is not None
        return advice.changes_nothing

    assert idle(dear) == ("T1",)
    assert idle(PLAN) == idle(PLAN, dear) == idle(dear, PLAN) == ()


def test_a_hypothesis_of_a_thousandth_is_weighed_too() -> None:
    differential = added(Differential(), [Proposed(statement="x", estimate=Estimate(0.001))], by=ANA)

    assert counsel(Workup(differential=differential)) == Counsel(None)
