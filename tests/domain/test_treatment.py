"""How interventions are typed, in which order they come, and what their outcomes say."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.diagnosis.differential import OTHER, Differential, Proposed, added
from bot.domain.diagnosis.estimate import Estimate
from bot.domain.errors import NotUnderstood
from bot.domain.ids import UserId
from bot.domain.incident import Severity
from bot.domain.therapy.treatment import (
    Ended,
    Option,
    Outcome,
    Plan,
    after_outcome,
    default_target,
    default_window,
    expected_cost,
    in_order,
    read_fix,
    read_outcome,
    read_plan,
    written_fix,
    written_outcome,
)

sayings = [
    "x",
    "A",
    "I",
    "plan",
    "B:",
    "expect",
    "within",
    "10m",
    "revert:",
    "for",
    "irreversible",
    "?",
    "worked",
    "works",
    "A1",
    "saves",
]
texts = st.lists(st.sampled_from(sayings), max_size=5).map(" ".join)
full = texts.map(lambda text: f"y {text}".strip())
spans = st.integers(1, 999_999).map(lambda seconds: timedelta(seconds=seconds))
plans = st.builds(
    Plan,
    text=full,
    plan=st.none() | st.sampled_from(["A", "B", "I"]),
    target=st.none() | st.sampled_from(["A", "AB"]),
    expect=st.none() | full.map(lambda text: f"{text} z"),
    window=st.none() | spans,
    revert=st.none() | full,
    costs=st.none() | spans,
    saves=st.none() | spans,
    irreversible=st.booleans(),
)
started = st.builds(
    Plan,
    text=st.just(""),
    plan=st.sampled_from(["A", "B", "I"]),
    window=st.none() | spans,
    irreversible=st.booleans(),
)
ended = st.builds(
    Ended,
    words=texts,
    intervention=st.none() | st.just("B12"),
    outcome=st.none() | st.sampled_from(list(Outcome)),
)
options = st.lists(
    st.builds(Option, name=st.sampled_from("abcd"), p=st.floats(0.01, 0.25), minutes=st.floats(1, 60)),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rolled back", Plan(text="rolled back")),
        (
            "A roll back to commit 3f2a; expect loss finite within 10m; revert: redeploy 9c1d",
            Plan(
                text="roll back to commit 3f2a",
                plan="A",
                expect="loss finite",
                window=timedelta(minutes=10),
                revert="redeploy 9c1d",
            ),
        ),
        (
            "plan B: restart; within 5 min; for C; costs 3m; irreversible",
            Plan(
                text="restart",
                plan="B",
                window=timedelta(minutes=5),
                target="C",
                costs=timedelta(minutes=3),
                irreversible=True,
            ),
        ),
        (
            "B pin datasets<3.0; costs 10m; saves 2h; for A",
            Plan(
                text="pin datasets<3.0",
                plan="B",
                costs=timedelta(minutes=10),
                saves=timedelta(hours=2),
                target="A",
            ),
        ),
        ("restart; saving 90 min", Plan(text="restart", saves=timedelta(minutes=90))),
        ("restart; saves memory", Plan(text="restart; saves memory")),
        ("restart; w\u0131thin 5m", Plan(text="restart; w\u0131thin 5m")),
        ("restart; then wait", Plan(text="restart; then wait")),
        ("restart; expect no NaN", Plan(text="restart", expect="no NaN")),
        ("I restarted the loader", Plan(text="I restarted the loader")),
        ("I : restarted it", Plan(text="restarted it", plan="I")),
        ("I: restarted it", Plan(text="restarted it", plan="I")),
        ("plan I restart it", Plan(text="restart it", plan="I")),
        ("I", Plan(text="I")),
        ("I:", Plan(text="", plan="I")),
    ],
)
def test_an_intervention_is_read_as_it_is_meant(text: str, expected: Plan) -> None:
    assert read_fix(text) == expected


@pytest.mark.parametrize("text", ["B", "plan B", " B: ", "plan B ;"])
def test_the_letter_of_a_plan_alone_starts_it(text: str) -> None:
    assert read_fix(text) == Plan(text="", plan="B")


def test_a_plan_may_be_started_with_another_window() -> None:
    assert read_fix("B; within 5m") == Plan(text="", plan="B", window=timedelta(minutes=5))


@pytest.mark.parametrize("text", ["", " ; ", "B", "plan B; costs 10m"])
def test_a_plan_that_does_nothing_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood, match="costs 10m; saves 2h; for A"):
        read_plan(text)


@pytest.mark.parametrize("text", ["", " ; ", ";;"])
def test_an_intervention_that_does_nothing_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood, match="rolled back"):
        read_fix(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "A1 failed loss is still NaN",
            Ended(words="loss is still NaN", intervention="A1", outcome=Outcome.FAILED),
        ),
        ("worked", Ended(words="", outcome=Outcome.WORKED)),
        ("A1: reverted", Ended(words="", intervention="A1", outcome=Outcome.REVERTED)),
        ("unclear, too early", Ended(words="too early", outcome=Outcome.UNCLEAR)),
        ("loss is finite again", Ended(words="loss is finite again")),
        ("A1 loss is finite", Ended(words="loss is finite", intervention="A1")),
        ("works", Ended(words="", outcome=Outcome.WORKED)),
        ("works, loss is finite", Ended(words="loss is finite", outcome=Outcome.WORKED)),
        ("A1 Fails.", Ended(words="", intervention="A1", outcome=Outcome.FAILED)),
        ("unsure - too early", Ended(words="too early", outcome=Outcome.UNCLEAR)),
    ],
)
def test_an_outcome_is_read_as_it_is_meant(text: str, expected: Ended) -> None:
    assert read_outcome(text) == expected


@pytest.mark.parametrize(
    "words",
    ["works on my machine but failed in prod", "fails on row 3", "unsure what it did", "fail-over ran"],
)
def test_a_short_outcome_that_begins_a_sentence_is_left_to_it(words: str) -> None:
    assert read_outcome(f"A1 {words}") == Ended(words=words, intervention="A1")


@given(plans | started)
def test_an_intervention_that_is_written_is_read_back_the_same(plan: Plan) -> None:
    assert read_fix(written_fix(plan)) == plan


@given(plans)
def test_a_plan_that_is_written_is_read_back_the_same(plan: Plan) -> None:
    assert read_plan(written_fix(plan)) == plan


@given(ended)
def test_an_outcome_that_is_written_is_read_back_the_same(value: Ended) -> None:
    assert read_outcome(written_outcome(value)) == value


@given(st.text() | st.lists(st.sampled_from([*sayings, ";", ":", "costs"])).map(" ".join))
def test_whatever_is_read_can_be_written_and_read_again(text: str) -> None:
    outcome = read_outcome(text)
    assert read_outcome(written_outcome(outcome)) == outcome
    try:
        plan = read_fix(text)
    except NotUnderstood:
        return

    assert read_fix(written_fix(plan)) == plan


@given(options)
def test_no_order_is_expected_to_cost_less_than_ours(given_options: list[Option]) -> None:
    best = expected_cost(in_order(given_options))

    assert all(best <= expected_cost(order) + 1e-9 for order in permutations(given_options))


def test_what_is_irreversible_comes_last_however_promising() -> None:
    drop, restart = (
        Option(name="drop", p=0.9, minutes=1, reversible=False),
        Option(name="restart", p=0.1, minutes=9),
    )

    assert in_order([drop, restart]) == [restart, drop]


def differential() -> Differential:
    lines = [Proposed(statement=name, estimate=Estimate(p)) for name, p in (("a", 0.5), ("b", 0.3))]
    return added(Differential(), lines, by=UserId("U0ANA"))


def test_an_outcome_is_evidence_on_its_target() -> None:
    before = differential()

    assert after_outcome(before, "A", Outcome.WORKED).p("A") == pytest.approx(0.8)
    assert after_outcome(before, "A", Outcome.FAILED).p("A") == pytest.approx(0.2)
    assert after_outcome(before, "A", Outcome.FAILED).probabilities[OTHER] > before.probabilities[OTHER]


def test_what_is_unclear_or_confounded_says_nothing() -> None:
    before = differential()

    assert after_outcome(before, "A", Outcome.UNCLEAR) == before
    assert after_outcome(before, "A", Outcome.WORKED, bundle=("B",)) == before
    assert after_outcome(before, "C", Outcome.WORKED) == before


def test_what_nobody_says_has_a_sensible_default() -> None:
    assert default_target(differential()) == "A"
    assert default_target(Differential()) is None
    assert default_window(Severity.SEV1) == timedelta(minutes=15)
    assert default_window(Severity.SEV5) == timedelta(days=1)
