"""What is worth a line in the thread."""

from dataclasses import replace

import pytest

from bot.domain.chart import Kind
from bot.domain.therapy.treatment import Outcome
from bot.domain.work.news import News, news
from bot.domain.work.steps import Ended, Expected, Step
from tests.domain.table import Table, said, table

TWO = "dx: bad batch 60%\nleak 20%"
EXPECTED = Expected(test=1, likelihoods={"A": 0.95, "B": 0.05})


def told(found: Table, *done: str | Step) -> list[News]:
    """What is told when these lines and taps have come."""
    before = found.workup
    for each in done:
        if isinstance(each, str):
            found.says(each)
        else:
            found.taps(each)
    return news(before, found.workup)


def test_a_result_says_what_it_moved() -> None:
    found = table(TWO, "test: run it")
    found.taps(EXPECTED)

    assert told(found, "result: T1 positive") == [
        News("T1 positive: A 60% → 84%, B 20% → 1%, something else 20% → 15%.")
    ]


def test_a_result_that_rules_out_says_so_once() -> None:
    found = table("dx: bad batch 90%\nleak 5%", "test: run it")
    found.taps(EXPECTED)

    assert told(found, "result: T1 positive") == [News("T1 positive: A 90% → 95%, B ruled out.")]


def test_a_result_of_a_test_that_nobody_spoke_of_asks_for_it() -> None:
    (line,) = told(table(TWO, "test: run it"), "result: T1 positive")

    assert line.line == "T1 positive. It moves nothing until somebody says what A, B would expect of it."
    assert [offer.does for offer in line.offers] == ["expects:T1"]


def test_a_result_that_waited_is_told_when_the_last_expectation_comes() -> None:
    found = table(TWO, "test: run it", "result: T1 positive")

    assert told(found, Expected(test=1, likelihoods={"A": 0.95})) == []
    (line,) = told(found, Expected(test=1, likelihoods={"B": 0.05}))
    assert line.line.startswith("T1 positive: A 60% → 84%")
    assert told(found, Expected(test=1, likelihoods={"B": 0.1})) == []


def test_an_inconclusive_result_moves_no_number_and_asks_nothing() -> None:
    assert told(table(TWO, "test: run it"), "result: T1 unclear") == [
        News("T1 inconclusive: no number moves.")
    ]


def test_a_corrected_result_is_told_again_and_the_same_one_is_not() -> None:
    found = table(TWO, "test: run it", "result: T1 positive")
    found.taps(EXPECTED)

    assert told(found, "result: T1 positive, twice") == []
    (line,) = told(found, "result: T1 negative")
    assert line.line.startswith("T1 negative (was positive): A 60% → ")


def test_a_result_that_an_edit_makes_wait_says_so_once_and_asks_for_what_is_missing() -> None:
    found = table(TWO, "test: run it", "result: T1 negative")
    found.taps(EXPECTED)
    before = found.workup
    found.edits(1, "bad batch 60%\nleak 20%\ndisk 10%")

    (line,) = news(before, found.workup)
    assert line.line == "T1 negative moves nothing any more until somebody says what C would expect of it."
    assert [offer.does for offer in line.offers] == ["expects:T1"]
    assert told(found, "dx: A 50%") == []


def test_a_hypothesis_that_is_named_after_a_result_takes_nothing_from_it() -> None:
    found = table(TWO, "test: run it", "result: T1 negative")
    found.taps(EXPECTED)

    assert told(found, "dx: disk 10%") == []


def test_what_failed_and_cannot_be_undone_offers_no_revert() -> None:
    found = Table()
    found.hears(replace(said("drop the table; irreversible", Kind.INTERVENTION, minute=1), sure=True))

    (line,) = told(found, "outcome: failed")
    assert line.line == ("A1 failed: no number moves. It cannot be undone, so somebody has to answer for it.")
    assert [offer.does for offer in line.offers] == ["leave:A1"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("outcome: worked", "A1 worked: A 60% → 86%, B 20% → 7%, something else 20% → 7%."),
        (
            "outcome: failed",
            "A1 failed: A 60% → 27%, B 20% → 36%, something else 20% → 36%. Next is to take it back.",
        ),
        ("outcome: reverted", "A1 is reverted."),
        ("outcome: unclear", "A1 is unclear: its window goes on once, and then counts as failed."),
    ],
)
def test_an_outcome_says_what_it_moved_and_what_is_next(line: str, expected: str) -> None:
    assert [each.line for each in told(table(TWO, "fix: rolled back"), line)] == [expected]


def test_what_failed_offers_its_revert() -> None:
    (line,) = told(table("fix: rolled back; revert: redeploy 9c1d"), "outcome: failed")

    assert line.line == "A1 failed: no number moves. Next is to take it back: redeploy 9c1d."
    assert [(offer.label, offer.does) for offer in line.offers] == [
        ("A1 is reverted", "ended:A1:reverted"),
        ("Leave A1 in place…", "leave:A1"),
    ]


def test_unclear_for_the_second_time_is_told_as_a_failure_with_what_it_moved() -> None:
    (line,) = told(table(TWO, "fix: rolled back; within 2m", "outcome: unclear"), "outcome: unclear")

    assert line.line.startswith("A1 failed: A 60% → 27%")


def test_unclear_said_again_in_the_same_window_is_no_news() -> None:
    assert told(table(TWO, "fix: rolled back", "outcome: unclear"), "outcome: unclear") == []


def test_a_corrected_outcome_is_told_again_and_the_same_one_is_not() -> None:
    found = table(TWO, "fix: rolled back", "outcome: failed")

    assert told(found, "outcome: A1 failed, really") == []
    assert told(found, "outcome: A1 worked")[0].line.startswith("A1 worked: A 60% → 86%")


def test_a_bundle_is_told_as_one() -> None:
    found = table(TWO, "fix: rolled back")
    found.hears(replace(said("restarted; for B", Kind.INTERVENTION, minute=3), done=True))

    (failed,) = told(found, "outcome: A1 failed")
    assert failed.line == "A1 failed: no number moves. Next is to take A1 and A2 back."
    assert failed.offers[0].label == "A1 and A2 are reverted"
    assert [each.line for each in told(found, "outcome: reverted")] == ["A1 and A2 are reverted."]


def test_one_of_a_bundle_may_be_taken_back_alone() -> None:
    found = table(TWO, "fix: rolled back")
    found.hears(replace(said("restarted", Kind.INTERVENTION, minute=3), done=True))

    assert told(found, Ended(name="A2", outcome=Outcome.REVERTED)) == [News("A2 is reverted.")]
    assert found.workup.active is not None


@pytest.mark.parametrize(
    "line", ["dx: disk 10%", "test: look", "plan: pin it", "fix: rolled back", "dx: A 20%"]
)
def test_what_everybody_has_just_read_is_no_news(line: str) -> None:
    assert told(table(TWO), line) == []


def test_a_withdrawn_result_is_no_news() -> None:
    found = table(TWO, "test: run it", "result: T1 positive")
    before = found.workup
    found.deletes(3)

    assert news(before, found.workup) == []
