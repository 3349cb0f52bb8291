"""Test, treat or watch, against the table of the literature and against plain regret."""

import random

import pytest

from bot.domain.diagnosis.thresholds import Act, Costs, Trial, advise, explain, thresholds

DRAWS = 10_000


@pytest.mark.parametrize(
    ("costs", "trial", "treat", "lower", "upper"),
    [
        ((60, 10), (15, 0.9, 0.9), 0.143, 0.291, -0.40),
        ((60, 10), (2, 0.9, 0.9), 0.143, 0.055, 0.467),
        ((60, 60), (5, 0.9, 0.9), 0.5, 0.183, 0.817),
        ((60, 240), (5, 0.9, 0.9), 0.8, 0.372, 0.950),
        ((60, 240), (5, 0.7, 0.8), 0.8, 0.589, 0.890),
    ],
)
def test_the_limits_are_those_of_the_table(
    costs: tuple[float, float], trial: tuple[float, float, float], treat: float, lower: float, upper: float
) -> None:
    found = thresholds(Costs(delay=costs[0], harm=costs[1]), _trial(*trial))

    assert found.treat == pytest.approx(treat, abs=5e-4)
    assert found.lower == pytest.approx(lower, abs=5e-4)
    assert found.upper == pytest.approx(upper, abs=5e-4)


def _trial(minutes: float, sensitivity: float, specificity: float) -> Trial:
    return Trial(minutes=minutes, sensitivity=sensitivity, specificity=specificity)


def test_the_advice_is_that_of_the_least_regret_on_ten_thousand_draws() -> None:
    draw = random.Random(0)  # noqa: S311 - draws of a property, not secrets.
    for _ in range(DRAWS):
        p, sensitivity, specificity = (draw.random() for _ in range(3))
        # A test that is right less often than chance is the opposite test, and would be read so.
        if sensitivity + specificity < 1:
            sensitivity, specificity = 1 - sensitivity, 1 - specificity
        delay, harm, minutes = draw.uniform(1, 300), draw.uniform(1, 300), draw.uniform(0.1, 60)
        regret = {
            Act.WATCH: p * delay,
            Act.TREAT: (1 - p) * harm,
            Act.TEST: minutes + p * (1 - sensitivity) * delay + (1 - p) * (1 - specificity) * harm,
        }

        found = advise(
            p, thresholds(Costs(delay=delay, harm=harm), _trial(minutes, sensitivity, specificity))
        )

        assert found.act is min(regret, key=lambda act: regret[act])


def test_a_test_that_is_never_worth_its_minutes_leaves_treat_or_watch() -> None:
    found = thresholds(Costs(delay=60, harm=10), _trial(15, 0.9, 0.9))

    assert not found.tests
    assert [advise(p, found).act for p in (0.14, 0.15)] == [Act.WATCH, Act.TREAT]


def test_without_a_test_the_costs_alone_decide() -> None:
    assert advise(0.31, thresholds(Costs(delay=60, harm=10))).act is Act.TREAT


@pytest.mark.parametrize(
    ("p", "costs", "words"),
    [
        (0.31, (60, 10), "roll back now: p = .31 is above .14"),
        (0.1, (60, 10), "watch, or look at another hypothesis: p = .10 is below .14"),
    ],
)
def test_the_advice_is_one_line(p: float, costs: tuple[float, float], words: str) -> None:
    assert explain(advise(p, thresholds(Costs(delay=costs[0], harm=costs[1]))), "roll back") == words


def test_between_the_limits_it_says_to_test_first() -> None:
    found = advise(0.31, thresholds(Costs(delay=60, harm=60), _trial(5, 0.9, 0.9)))

    assert explain(found, "roll back") == "test before you roll back: p = .31 is below .82"
