"""Tests, results, and what they do to a differential."""

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.diagnosis.differential import OTHER, Differential, Proposed, added, eliminated
from bot.domain.diagnosis.estimate import Estimate
from bot.domain.diagnosis.next_test import advise, details, explain, suggestion
from bot.domain.diagnosis.testing import (
    TAPS,
    Test,
    Verdict,
    accuracy,
    after,
    is_discriminating,
    missing,
    read_likelihood,
    ruled_out,
)
from bot.domain.errors import NotUnderstood
from bot.domain.ids import UserId

ANA = UserId("U0ANA")
POSITIVE, EITHER, NEGATIVE = TAPS.values()
taps = st.sampled_from(sorted(TAPS.values()))


def of(*numbers: float, impacts: tuple[int | None, ...] = ()) -> Differential:
    rated = [*impacts, *[None] * (len(numbers) - len(impacts))]
    lines = [
        Proposed(statement=f"h{place}", estimate=Estimate(p), impact=impact)
        for place, (p, impact) in enumerate(zip(numbers, rated, strict=True))
    ]
    return added(Differential(), lines, by=ANA)


def a_test(number: int, *likelihoods: float, minutes: float | None = 5, **more: object) -> Test:
    letters = dict(zip("ABCDEF", likelihoods, strict=False))
    return Test(number=number, question=f"q{number}", minutes=minutes, **more).expecting(letters)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "p"),
    [
        ("would be positive", 0.95),
        ("Could be either", 0.5),
        ("would be negative", 0.05),
        ("70%", 0.7),
        ("likely", 0.8),
    ],
)
def test_a_likelihood_is_a_tap_or_a_number(text: str, p: float) -> None:
    assert read_likelihood(text) == p


def test_a_likelihood_that_means_nothing_is_refused_with_the_taps() -> None:
    with pytest.raises(NotUnderstood, match="would be positive"):
        read_likelihood("high")


def test_a_likelihood_is_never_quite_nought_or_one() -> None:
    assert a_test(1, 0.0, 1.0).likelihoods == {"A": 0.001, "B": 0.999}


def test_a_result_moves_the_differential_by_bayes() -> None:
    before = of(0.3, 0.4)
    positive = after(before, a_test(1, POSITIVE, NEGATIVE), Verdict.POSITIVE)

    mass = 0.3 * 0.95 + 0.4 * 0.05 + 0.3 * 0.5
    assert positive.probabilities == pytest.approx(
        {"A": 0.3 * 0.95 / mass, "B": 0.4 * 0.05 / mass, OTHER: 0.3 * 0.5 / mass}
    )


def test_an_inconclusive_result_changes_nothing_and_tells_nothing_apart() -> None:
    before, test = of(0.3, 0.4), a_test(1, POSITIVE, NEGATIVE)

    assert after(before, test, Verdict.INCONCLUSIVE) == before
    assert not is_discriminating(test, Verdict.INCONCLUSIVE, before)
    assert is_discriminating(test, Verdict.NEGATIVE, before)
    assert not is_discriminating(a_test(1, EITHER, EITHER), Verdict.POSITIVE, before)


def test_a_likelihood_that_nobody_gave_is_asked_for_and_never_invented() -> None:
    before, test = of(0.3, 0.2, 0.2), a_test(1, POSITIVE, bears_on=("C", "A"))

    assert [each.letter for each in missing(test, before)] == ["C", "B"]
    assert after(before, test, Verdict.POSITIVE) == before
    advice = advise(before, [test])
    assert (advice.best, advice.unranked) == (None, ("T1",))
    assert "T1" in explain(advice)


def test_an_eliminated_hypothesis_is_asked_for_nothing() -> None:
    assert missing(a_test(1, POSITIVE), eliminated(of(0.3, 0.2), "B", by="T1")) == []


def test_what_falls_below_one_per_cent_is_ruled_out() -> None:
    before = of(0.5, 0.02, 0.3)
    now = after(before, a_test(1, POSITIVE, NEGATIVE, POSITIVE), Verdict.POSITIVE)

    assert [each.letter for each in ruled_out(before, now)] == ["B"]


def test_accuracy_is_told_against_the_others_as_they_stand() -> None:
    sensitivity, specificity = accuracy(a_test(1, 0.9, 0.1), "A", of(0.5, 0.3))

    assert sensitivity == 0.9
    assert specificity == pytest.approx(1 - (0.3 * 0.1 + 0.2 * 0.5) / 0.5)


@given(st.lists(st.lists(taps, min_size=3, max_size=3), min_size=1, max_size=4), st.data())
def test_the_order_of_results_does_not_matter(rows: list[list[float]], data: st.DataObject) -> None:
    results = [
        (a_test(number, *row), data.draw(st.sampled_from(list(Verdict))))
        for number, row in enumerate(rows, 1)
    ]
    ends = []
    for order in (results, data.draw(st.permutations(results))):
        now = of(0.4, 0.3, 0.2)
        for test, verdict in order:
            now = after(now, test, verdict)
        ends.append(now.probabilities)

    assert ends[0] == pytest.approx(ends[1], abs=1e-9)


@given(st.lists(st.lists(taps, min_size=3, max_size=3), max_size=5), st.data())
def test_the_advice_is_the_same_however_the_tests_are_listed(
    rows: list[list[float]], data: st.DataObject
) -> None:
    tests = [a_test(number, *row) for number, row in enumerate(rows, 1)]

    one, other = (
        advise(of(0.4, 0.3, 0.2), tests),
        advise(of(0.4, 0.3, 0.2), data.draw(st.permutations(tests))),
    )

    assert one == other
    assert explain(one) == explain(other)
    assert one.best is None or one.best.name not in one.changes_nothing


def test_of_two_tests_that_tell_the_same_apart_the_quicker_one_is_next() -> None:
    slow, quick = a_test(1, POSITIVE, NEGATIVE, minutes=30), a_test(2, POSITIVE, NEGATIVE, minutes=2)
    advice = advise(of(0.5, 0.4), [slow, quick])

    assert advice.best is not None
    assert advice.best.name == "T2"


def test_a_test_that_everything_expects_alike_will_not_change_what_we_do() -> None:
    useless, useful = a_test(1, EITHER, EITHER, minutes=1), a_test(2, POSITIVE, NEGATIVE)

    advice = advise(of(0.5, 0.4), [useless, useful])

    assert advice.changes_nothing == ("T1",)
    assert advice.best is not None
    assert advice.best.name == "T2"


def test_of_tests_that_pay_only_together_none_but_the_spare_one_is_called_useless() -> None:
    # One of them alone overturns nothing, two of them may, and the third would never be reached.
    triplets = [a_test(number, 0.7, 0.4, minutes=5) for number in (1, 2, 3)]
    advice = advise(of(0.65, 0.28), triplets)

    assert advice.best is not None
    assert (advice.best.name, advice.changes_nothing) == ("T1", ("T3",))


def test_a_test_that_takes_a_hypothesis_over_a_limit_is_not_called_useless() -> None:
    before, test = of(0.7, 0.2), a_test(1, 0.8, 0.6, minutes=200)

    assert advise(before, [test]).changes_nothing == ("T1",)
    assert advise(before, [test], limits={"A": (0.72,)}).changes_nothing == ()


def test_a_test_that_may_exclude_a_must_not_miss_is_suggested_though_nothing_else_pays() -> None:
    test = a_test(1, NEGATIVE, POSITIVE, minutes=100)
    before = of(0.9, 0.02, impacts=(2, 5))

    advice = advise(before, [test])

    assert (advice.rules_out, advice.changes_nothing) == (True, ())
    assert "must-not-miss" in explain(advice)
    assert advise(of(0.9, 0.02), [test]).changes_nothing == ("T1",)


def test_a_test_that_says_nothing_of_the_must_not_miss_does_not_pass_for_one_that_rules_it_out() -> None:
    aside = a_test(1, POSITIVE, NEGATIVE, EITHER, minutes=100)

    assert advise(of(0.9, 0.02, 0.011, impacts=(2, 2, 5)), [aside]).best is None


def test_the_explanation_says_what_a_tired_person_needs() -> None:
    before = of(0.42, 0.31, 0.2)
    advice = advise(before, [a_test(1, POSITIVE, NEGATIVE, EITHER, owner=ANA)])

    assert explain(advice) == (
        "Next: T1 q1 (5 min, @U0ANA).\n"
        "It tells A from B.\n"
        "If positive (55%): A 42% → 73%.\n"
        "If negative (45%): A 42% → 5%, B leads with 65%."
    )


def test_what_a_suggestion_promises_is_what_the_result_will_do() -> None:
    before, test = of(0.42, 0.31, 0.2), a_test(1, POSITIVE, NEGATIVE, EITHER, minutes=None)

    shown = suggestion(test, before)

    assert shown.positive == after(before, test, Verdict.POSITIVE).probabilities
    assert shown.negative == after(before, test, Verdict.NEGATIVE).probabilities
    assert shown.assumed_minutes


def test_the_numbers_behind_a_suggestion_are_there_to_be_asked_for() -> None:
    shown = suggestion(a_test(1, 0.9), of(0.3))
    mass = 0.3 * 0.9 + 0.7 * 0.5
    after_yes = 0.27 / mass

    def entropy(p: float) -> float:
        return -p * log2(p) - (1 - p) * log2(1 - p)

    expected = entropy(0.3) - mass * entropy(after_yes) - (1 - mass) * entropy(0.03 / (1 - mass))
    assert shown.bits == pytest.approx(expected)
    assert details(shown).splitlines()[0] == f"T1: {expected:.2f} bit in 5 min"


def test_with_nothing_to_test_it_says_so() -> None:
    assert explain(advise(of(0.5, 0.4), [])) == "No open test is worth its minutes now."
