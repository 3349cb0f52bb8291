"""The chooser, against a programme written another way and against what it may never do."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.diagnosis.choosing import (
    MOST_STATES,
    Question,
    bits,
    by_bits_per_cost,
    choose,
    entropy,
    states,
)

WRONG = 240.0
weights = st.floats(0.01, 1)


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[float], list[Question]]:
    """A prior over causes, and questions with two or three answers."""
    causes = draw(st.integers(2, 4))
    raw = draw(st.lists(weights, min_size=causes, max_size=causes))
    questions = []
    for _ in range(draw(st.integers(0, 4))):
        ways = draw(st.integers(2, 3))
        columns = [draw(st.lists(weights, min_size=ways, max_size=ways)) for _ in range(causes)]
        rows = [tuple(column[way] / sum(column) for column in columns) for way in range(ways)]
        questions.append(Question(draw(st.sampled_from([1.0, 2.0, 5.0, 15.0, 30.0])), tuple(rows)))
    return [each / sum(raw) for each in raw], questions


def least_cost(masses: Sequence[float], questions: Sequence[Question]) -> float:
    """The optimum by plain recursion: stop, or ask any question and go on optimally."""
    best = WRONG * (sum(masses) - max(masses))
    for place, question in enumerate(questions):
        rest = [*questions[:place], *questions[place + 1 :]]
        after = ([m * c for m, c in zip(masses, row, strict=True)] for row in question.chances)
        best = min(best, question.cost * sum(masses) + sum(least_cost(each, rest) for each in after))
    return best


@settings(deadline=None)
@given(problems())
def test_no_way_of_asking_is_expected_to_cost_less(problem: tuple[list[float], list[Question]]) -> None:
    prior, questions = problem

    choice = choose(prior, questions, wrong=WRONG)

    assert choice.exact
    assert choice.cost == pytest.approx(least_cost(prior, questions), abs=1e-6)


@settings(deadline=None)
@given(problems())
def test_the_questions_that_the_plan_never_comes_to_can_be_left_out(
    problem: tuple[list[float], list[Question]],
) -> None:
    prior, questions = problem
    choice = choose(prior, questions, wrong=WRONG)
    assert choice.used is not None

    left = choose(prior, [questions[place] for place in sorted(choice.used)], wrong=WRONG)

    assert left.cost == pytest.approx(choice.cost, abs=1e-6)


@given(problems())
def test_an_answer_never_costs_information(problem: tuple[list[float], list[Question]]) -> None:
    prior, questions = problem

    assert all(0 <= bits(prior, question) <= entropy(prior) + 1e-9 for question in questions)


def two_way(cost: float, *positive: float) -> Question:
    return Question(cost, (positive, tuple(1 - p for p in positive)))


def test_of_equal_questions_the_earlier_one_is_asked() -> None:
    question = two_way(2, 0.95, 0.05)

    assert choose([0.5, 0.5], [question, question], wrong=WRONG).best == 0
    assert by_bits_per_cost([0.5, 0.5], [question, question]) == [0, 1]


def test_a_question_that_costs_more_than_it_saves_is_not_asked() -> None:
    assert choose([0.99, 0.01], [two_way(5, 0.95, 0.05)], wrong=WRONG).best is None
    assert choose([0.5, 0.5], [two_way(5, 0.5, 0.5)], wrong=WRONG).best is None
    assert choose([1.0], [], wrong=WRONG).best is None


def test_what_a_cause_makes_impossible_is_no_trouble() -> None:
    choice = choose([0.5, 0.5, 0.0], [two_way(1, 1.0, 0.0, 0.5)], wrong=WRONG)

    assert (choice.best, choice.cost) == (0, 1.0)


def test_beyond_the_limit_it_plans_with_the_questions_that_bring_most_for_their_cost() -> None:
    questions = [two_way(5, 0.9, 0.2) for _ in range(11)] + [two_way(1, 0.9, 0.2), two_way(5, 0.5, 0.5)]
    choice = choose([0.5, 0.5], questions, wrong=3)

    assert states(questions) > MOST_STATES
    assert by_bits_per_cost([0.5, 0.5], questions) == [11, *range(11), 12]
    assert (choice.exact, choice.best, choice.used) == (False, 11, None)


def test_a_question_that_only_pays_together_with_another_is_found() -> None:
    # Neither answer alone overturns the leader, both together do.
    parity = [
        Question(
            1, tuple(tuple(float(way == (cause in group)) for cause in range(4)) for way in (True, False))
        )
        for group in ((0, 1), (0, 2))
    ]
    choice = choose([0.4, 0.2, 0.2, 0.2], parity, wrong=WRONG)

    assert choice.used == frozenset({0, 1})
    assert choice.cost == pytest.approx(2.0)
