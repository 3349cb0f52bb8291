"""The differential: sums, order, what moves what, and what its shape asks for."""

from collections.abc import Sequence
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.diagnosis.differential import (
    LEAST_OTHER,
    OTHER,
    Differential,
    Proposed,
    Trigger,
    added,
    by_harm,
    by_likelihood,
    eliminated,
    letter_of,
    moved,
    rated,
    reestimated,
    restored,
    triggers,
    unsettled,
    updated,
    waived,
)
from bot.domain.diagnosis.estimate import Estimate, How
from bot.domain.errors import NotUnderstood
from bot.domain.ids import UserId

ANA = UserId("U0ANA")
probabilities = st.floats(0.001, 0.999)
proposals = st.builds(
    Proposed,
    statement=st.just("x"),
    estimate=st.none() | st.builds(Estimate, probabilities),
    impact=st.none() | st.integers(1, 5),
)
batches = st.lists(st.lists(proposals, min_size=1, max_size=4), min_size=1, max_size=4)


def of(*numbers: float, impacts: Sequence[int | None] = ()) -> Differential:
    """A differential of these probabilities, in one message."""
    rated_as = [*impacts, *[None] * (len(numbers) - len(impacts))]
    lines = [
        Proposed(statement=f"h{place}", estimate=Estimate(p), impact=impact)
        for place, (p, impact) in enumerate(zip(numbers, rated_as, strict=True))
    ]
    return added(Differential(), lines, by=ANA)


def grown(messages: list[list[Proposed]]) -> Differential:
    found = Differential()
    for message in messages:
        found = added(found, message, by=ANA)
    return found


def likelihoods(differential: Differential, draw: st.DataObject) -> dict[str, float]:
    letters = [*(each.letter for each in differential.hypotheses), OTHER]
    return {letter: draw.draw(st.floats(0.01, 0.99)) for letter in letters}


def holds_together(differential: Differential) -> None:
    shown = differential.probabilities
    assert sum(shown.values()) == pytest.approx(1, abs=1e-9)
    assert all(p > 0 for p in shown.values())
    assert shown[OTHER] >= LEAST_OTHER - 1e-12


@given(batches, st.data())
def test_probabilities_sum_to_one_whatever_is_done(
    messages: list[list[Proposed]], data: st.DataObject
) -> None:
    differential = grown(messages)
    holds_together(differential)
    letter = data.draw(st.sampled_from([each.letter for each in differential.hypotheses]))
    holds_together(updated(differential, likelihoods(differential, data)))
    holds_together(reestimated(differential, {letter: Estimate(data.draw(probabilities))}))
    gone = eliminated(differential, letter, by="T1")
    holds_together(gone)
    holds_together(reestimated(gone, {letter: Estimate(data.draw(probabilities))}))
    holds_together(added(gone, [Proposed(statement="late")], by=ANA))


@given(batches, st.data())
def test_the_order_of_independent_results_does_not_matter(
    messages: list[list[Proposed]], data: st.DataObject
) -> None:
    differential = grown(messages)
    results = [likelihoods(differential, data) for _ in range(data.draw(st.integers(2, 6)))]
    orders = [results, data.draw(st.permutations(results))]
    ends = []
    for order in orders:
        now = differential
        for result in order:
            now = updated(now, result)
        ends.append(now.probabilities)

    assert ends[0] == pytest.approx(ends[1], abs=1e-9)


@pytest.mark.parametrize(("ratio", "expected"), [(10, 0.811), (1, 0.3), (5, 0.682), (2, 0.462), (0.1, 0.041)])
def test_a_likelihood_ratio_moves_the_odds_by_itself(ratio: float, expected: float) -> None:
    low = 0.09 if ratio >= 1 else 0.9
    differential = updated(of(0.3), {"A": ratio * low, OTHER: low})

    assert differential.p("A") == pytest.approx(expected, abs=0.001)


def off(p: float, ratio: float, points: float) -> float:
    """How far McGee's rule of thumb, so many points up or down, is from the exact probability."""
    after = updated(of(p), {"A": 0.09 * ratio, OTHER: 0.09})
    exact = after.weights[0] / (after.weights[0] + after.other)
    return abs(min(max(p + points, 0.0), 1.0) - exact)


MCGEE = ((2, 0.15), (5, 0.30), (10, 0.45), (0.5, -0.15), (0.2, -0.30), (0.1, -0.45))


def test_the_rule_of_thumb_is_within_ten_points_between_a_tenth_and_nine_tenths_and_wrong_outside() -> None:
    errors = [off(place / 100, *rule) for place in range(10, 91) for rule in MCGEE]

    assert max(errors) < 0.105
    assert sum(errors) / len(errors) < 0.045
    assert off(0.02, 10, 0.45) > 0.25


@pytest.mark.parametrize(
    ("sensitivity", "specificity", "positive", "negative", "bits"),
    [
        (0.9, 0.9, 0.794, 0.045, 0.456),
        (0.7, 0.7, 0.5, 0.155, 0.1),
        (0.5, 0.99, 0.955, 0.178, 0.271),
        (0.99, 0.5, 0.459, 0.008, 0.212),
    ],
)
def test_good_and_weak_tests_are_worth_what_the_textbook_says(
    sensitivity: float, specificity: float, positive: float, negative: float, bits: float
) -> None:
    def exact(differential: Differential) -> float:
        return differential.weights[0] / (differential.weights[0] + differential.other)

    def entropy(p: float) -> float:
        return -p * log2(p) - (1 - p) * log2(1 - p)

    yes = exact(updated(of(0.3), {"A": sensitivity, OTHER: 1 - specificity}))
    no = exact(updated(of(0.3), {"A": 1 - sensitivity, OTHER: specificity}))
    share = 0.3 * sensitivity + 0.7 * (1 - specificity)

    assert [yes, no] == pytest.approx([positive, negative], abs=6e-4)
    gained = entropy(0.3) - share * entropy(yes) - (1 - share) * entropy(no)
    assert gained == pytest.approx(bits, abs=6e-4)


def test_a_new_hypothesis_is_carved_out_of_something_else_and_leaves_the_others_alone() -> None:
    one = of(0.6)
    two = added(one, [Proposed(statement="b", estimate=Estimate(0.3))], by=ANA)

    assert one.probabilities == pytest.approx({"A": 0.6, OTHER: 0.4})
    assert two.probabilities == pytest.approx({"A": 0.6, "B": 0.3, OTHER: 0.1})


def test_what_something_else_cannot_give_comes_from_the_others_in_proportion() -> None:
    three = added(of(0.6, 0.3), [Proposed(statement="c", estimate=Estimate(0.3))], by=ANA)

    assert three.probabilities == pytest.approx({"A": 13 / 30, "B": 6.5 / 30, "C": 0.3, OTHER: 0.05})


def test_hypotheses_typed_together_keep_the_numbers_they_were_given() -> None:
    assert of(0.5, 0.3, 0.1).probabilities == pytest.approx({"A": 0.5, "B": 0.3, "C": 0.1, OTHER: 0.1})


def test_hypotheses_without_numbers_are_a_ranking_and_are_marked_as_one() -> None:
    found = added(Differential(), [Proposed(statement="a"), Proposed(statement="b")], by=ANA)

    assert found.probabilities == pytest.approx({"A": 1 / 1.96, "B": 0.6 / 1.96, OTHER: 0.36 / 1.96})
    assert [each.how for each in found.hypotheses] == [How.RANKING, How.RANKING]


def test_a_changed_estimate_moves_all_others_in_proportion() -> None:
    changed = reestimated(of(0.5, 0.2, 0.1), {"A": Estimate(0.75)})

    assert changed.probabilities == pytest.approx({"A": 0.75, "B": 0.1, "C": 0.05, OTHER: 0.1})


def test_near_certainty_leaves_something_for_the_rest() -> None:
    sure = reestimated(of(0.5, 0.4), {"A": Estimate(0.999)})

    assert sure.probabilities == pytest.approx({"A": 0.94, "B": 0.01, OTHER: 0.05})


@given(batches, st.data())
def test_taking_back_an_elimination_changes_nothing(
    messages: list[list[Proposed]], data: st.DataObject
) -> None:
    differential = grown(messages)
    letter = data.draw(st.sampled_from([each.letter for each in differential.hypotheses]))
    gone = eliminated(differential, letter, by="T1")

    assert gone.p(letter) == 0
    assert restored(gone, letter) == differential


def test_letters_stay_for_life() -> None:
    later = added(eliminated(of(0.5, 0.2), "A", by="T1"), [Proposed(statement="c")], by=ANA)

    assert [(each.letter, each.eliminated_by) for each in later.hypotheses] == [
        ("A", "T1"),
        ("B", None),
        ("C", None),
    ]


def test_a_letter_whose_hypothesis_was_withdrawn_is_nobodys_again() -> None:
    line = [Proposed(statement="x", estimate=Estimate(0.2))]
    gap = added(of(0.5), line, by=ANA, letters=["C"])

    assert gap.probabilities == pytest.approx({"A": 0.5, "C": 0.2, OTHER: 0.3})
    assert [each.letter for each in added(gap, line * 2, by=ANA).hypotheses] == ["A", "C", "D", "E"]
    assert (
        moved(gap, updated(gap, {"A": 0.1, "C": 0.9})) == "A 50% → 13%, C 20% → 47%, something else 30% → 39%"
    )


def test_the_order_of_letters_holds_in_whatever_order_they_come() -> None:
    lines = [Proposed(statement=name, estimate=Estimate(p)) for name, p in (("b", 0.1), ("aa", 0.2))]
    found = added(added(Differential(), lines, by=ANA, letters=["B", "AA"]), lines[:1], by=ANA, letters=["A"])

    assert [each.letter for each in found.hypotheses] == ["A", "B", "AA"]
    assert found.probabilities == pytest.approx({"A": 0.1, "B": 0.1, "AA": 0.2, OTHER: 0.6})
    assert [each.letter for each in by_likelihood(found)] == ["AA", "A", "B"]
    assert [each.letter for each in by_harm(found)] == ["AA", "A", "B"]


def test_every_hypothesis_has_a_letter_of_its_own() -> None:
    with pytest.raises(ValueError, match="zip"):
        added(Differential(), [Proposed(statement="x")], by=ANA, letters=["A", "B"])


def test_letters_go_on_after_z() -> None:
    assert [letter_of(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


def test_a_letter_that_is_nobodys_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotUnderstood, match="A, B"):
        reestimated(of(0.5, 0.2), {"C": Estimate(0.3)})


def test_both_orders_are_stable_where_hypotheses_are_equal() -> None:
    found = of(0.2, 0.2, 0.3, 0.2, impacts=[5, 5, 1, None])

    assert [each.letter for each in by_likelihood(found)] == ["C", "A", "B", "D"]
    assert [each.letter for each in by_harm(found)] == ["A", "B", "D", "C"]


def test_a_must_not_miss_is_settled_only_when_excluded_or_waived() -> None:
    found = of(0.6, 0.1, 0.1, impacts=[3, 4, 5])
    excluded = updated(found, {"A": 0.9, "B": 0.001, "C": 0.9})

    assert [each.letter for each in unsettled(found)] == ["B", "C"]
    assert [each.letter for each in unsettled(excluded)] == ["C"]
    assert unsettled(waived(excluded, "C", by=ANA)) == []
    assert [each.letter for each in unsettled(rated(excluded, "A", 4))] == ["A", "C"]
    assert [each.letter for each in unsettled(eliminated(excluded, "C", by="T1"))] == []


@pytest.mark.parametrize(
    ("numbers", "discriminating", "expected"),
    [
        ((), 0, {Trigger.NEW_HYPOTHESES, Trigger.TOO_FEW}),
        ((0.3, 0.25, 0.2), 0, set()),
        ((0.3, 0.2, 0.15), 0, {Trigger.NEW_HYPOTHESES}),
        ((0.19, 0.19, 0.19, 0.19, 0.19), 0, {Trigger.NEW_HYPOTHESES}),
        ((0.2, 0.19, 0.19, 0.19, 0.18), 0, set()),
        ((0.81, 0.05, 0.05), 1, {Trigger.PREMATURE}),
        ((0.81, 0.05, 0.05), 2, set()),
        ((0.79, 0.05, 0.05), 1, set()),
        ((0.5, 0.3), 0, {Trigger.TOO_FEW}),
        ((0.3, 0.2, 0.1, 0.1, 0.1, 0.1), 0, {Trigger.TOO_MANY}),
    ],
)
def test_the_shape_of_a_differential_asks_for_what_it_lacks(
    numbers: tuple[float, ...], discriminating: int, expected: set[Trigger]
) -> None:
    assert set(triggers(of(*numbers), discriminating=discriminating)) == expected


def test_what_changed_is_said_in_one_line() -> None:
    before = of(0.31, 0.42, 0.2)
    after = updated(before, {"A": 0.95, "B": 0.08, "C": 0.1, OTHER: 0.5})

    assert moved(before, after).startswith("A 31% → ")
    assert moved(before, before) == ""


def test_what_is_new_gone_or_considered_again_is_said_in_words() -> None:
    two = of(0.6, 0.2)
    three = added(two, [Proposed(statement="c", estimate=Estimate(0.15))], by=ANA)
    gone = eliminated(two, "B", by="T1")

    assert moved(Differential(), two) == "A 60% (new), B 20% (new)"
    assert moved(two, three) == "C 15% (new), something else 20% → 5%"
    assert moved(two, gone) == "A 60% → 75%, B ruled out, something else 20% → 25%"
    assert moved(gone, reestimated(gone, {"B": Estimate(0.2)})).startswith("A 75% → 60%, B 20% (again)")
    assert moved(gone, rated(gone, "A", 5)) == ""


def test_what_is_named_can_be_revived_however_little_is_left_of_it() -> None:
    faint = of(0.003)
    for _ in range(99):
        faint = updated(faint, {"A": 0.001, OTHER: 0.999})

    holds_together(faint)
    holds_together(added(faint, [Proposed(statement="late")], by=ANA))
    late = added(faint, [Proposed(statement="late", estimate=Estimate(0.5))], by=ANA)
    holds_together(reestimated(late, {"B": Estimate(0.001)}))
    assert reestimated(faint, {"A": Estimate(0.5)}).p("A") == pytest.approx(0.5)
