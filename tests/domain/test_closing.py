"""The gate before closing: each lack, its buttons, and the line that closes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chart import Kind
from bot.domain.errors import NotUnderstood
from bot.domain.offer import Offer
from bot.domain.work.closing import (
    SYMPTOM,
    Closing,
    Lack,
    diagnosis_of,
    lacking,
    read_closing,
    written_closing,
)
from bot.domain.work.steps import Expected, RevertWaived, Waived
from bot.domain.work.workup import Workup
from tests.domain.table import said, table

GONE = "loss is finite for an hour"
pieces = ["gone", "anyway", ";", ":", "=", "; gone:", "; Anyway =", "\\", "it works", " ", "\n", "\\; gone:"]
words = (st.lists(st.sampled_from(pieces), max_size=6).map("".join) | st.text()).map(str.strip)
closings = st.builds(Closing, cause=words, gone=words, anyway=words)


def lacks(*lines: str, gone: str = GONE) -> list[str]:
    return [each.text for each in lacking(table(*lines).workup, gone=gone)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("string columns", Closing(cause="string columns")),
        ("unknown; gone: loss finite", Closing(cause="unknown", gone="loss finite")),
        (
            "A; Gone = loss finite; an hour; anyway: no way to test C",
            Closing(cause="A", gone="loss finite; an hour", anyway="no way to test C"),
        ),
        ("A; anyway: late; gone: yes", Closing(cause="A", gone="yes", anyway="late")),
        ("the leak; gone now", Closing(cause="the leak; gone now")),
        ("A; gone: yes; gone: I looked", Closing(cause="A", gone="yes; I looked")),
        ("; gone: yes", Closing(cause="", gone="yes")),
        ("", Closing(cause="")),
    ],
)
def test_a_closing_line_is_read_as_it_is_meant(line: str, expected: Closing) -> None:
    assert read_closing(line) == expected


@given(closings)
def test_a_closing_line_that_is_written_is_read_back_the_same(closing: Closing) -> None:
    assert read_closing(written_closing(closing)) == closing


@given(words)
def test_whatever_is_read_can_be_written_and_read_again(line: str) -> None:
    found = read_closing(line)

    assert read_closing(written_closing(found)) == found


@pytest.mark.parametrize(
    ("cause", "diagnosis"),
    [("B", "leak"), ("b.", "leak"), ("C3", "C3"), ("unknown", "unknown"), ("a cable", "a cable"), ("", "")],
)
def test_the_diagnosis_is_a_hypothesis_a_new_one_or_unknown(cause: str, diagnosis: str) -> None:
    workup = table("dx: bad batch 60%\nleak 20%", "dx: B ruled out").workup

    assert diagnosis_of(Closing(cause=cause), workup) == diagnosis


def test_a_letter_that_no_hypothesis_has_is_no_cause() -> None:
    with pytest.raises(NotUnderstood, match=r"There is no hypothesis C\.\nTry: A, B"):
        diagnosis_of(Closing(cause="c"), table("dx: bad batch 60%\nleak 20%").workup)

    assert diagnosis_of(Closing(cause="c"), table().workup) == "c"


def test_nothing_is_asked_where_nobody_has_named_tested_or_tried_anything() -> None:
    assert lacking(Workup(), gone="") == []


@pytest.mark.parametrize("line", ["dx: bad batch", "test: run it"])
@pytest.mark.parametrize("gone", ["", "  "])
def test_somebody_has_to_say_how_they_know(line: str, gone: str) -> None:
    assert lacking(table(line).workup, gone=gone) == [
        Lack(
            SYMPTOM,
            (Offer(label="Say how you know…", does="resolve"), Offer(label="Watch first", does="watch")),
        )
    ]
    assert lacks(line) == []


def test_a_must_not_miss_blocks_until_it_is_excluded() -> None:
    found = table("dx: bad batch 60%\nleak 20% impact 4", "test: run it")
    (lack,) = lacking(found.workup, gone=GONE)
    found.taps(Expected(test=1, likelihoods={"A": 0.95, "B": 0.001}))
    found.says("result: T1 positive")

    assert lack.text == "B must not be missed (impact 4) and still has 20%: leak"
    assert [offer.does for offer in lack.offers] == ["hypothesis:B", "waive:B"]
    assert lacking(found.workup, gone=GONE) == []


def test_a_must_not_miss_blocks_until_somebody_answers_for_it() -> None:
    found = table("dx: bad batch 60%\nleak 20% impact 5")
    found.taps(Waived(letter="B", reason="memory is flat"))

    assert lacking(found.workup, gone=GONE) == []


def test_a_must_not_miss_that_was_the_cause_was_not_missed() -> None:
    workup = table("dx: bad batch 60%\nleak 20% impact 5").workup

    assert lacking(workup, gone=GONE, cause="B.") == []
    assert len(lacking(workup, gone=GONE, cause="A")) == 1


def test_what_somebody_ruled_out_blocks_once_it_must_not_be_missed() -> None:
    lines = ("dx: bad batch 60%\nleak 20%", "dx: B ruled out")

    assert lacks(*lines) == []
    assert lacks(*lines, "dx: B impact 5") == ["B must not be missed (impact 5) and still has 20%: leak"]


def test_an_intervention_needs_its_outcome() -> None:
    (lack,) = lacking(table("fix: rolled back").workup, gone=GONE)

    assert lack.text == "A1 has no outcome yet: rolled back"
    assert [offer.does for offer in lack.offers] == ["ended:A1:worked", "ended:A1:failed"]
    assert lacks("fix: rolled back", "outcome: worked") == []


def test_what_failed_has_to_be_taken_back_or_answered_for() -> None:
    found = table("fix: rolled back", "outcome: failed")
    (lack,) = lacking(found.workup, gone=GONE)
    found.taps(RevertWaived(name="A1", reason="harmless"))

    assert lack.text == "A1 failed and was not taken back: rolled back"
    assert [offer.does for offer in lack.offers] == ["ended:A1:reverted", "leave:A1"]
    assert lacking(found.workup, gone=GONE) == []
    assert lacks("fix: rolled back", "outcome: failed", "outcome: reverted") == []


def test_what_failed_and_cannot_be_undone_can_only_be_answered_for() -> None:
    found = table()
    found.hears(replace(said("drop the table; irreversible", Kind.INTERVENTION, minute=1), sure=True))
    found.says("outcome: failed")

    (lack,) = lacking(found.workup, gone=GONE)

    assert lack.text == "A1 failed and cannot be undone, so somebody has to answer for it: drop the table"
    assert [offer.does for offer in lack.offers] == ["leave:A1"]


def test_a_bundle_is_taken_back_as_one() -> None:
    found = table("fix: rolled back")
    found.hears(replace(said("restarted", Kind.INTERVENTION, minute=2), done=True))
    found.says("outcome: failed")

    (lack,) = lacking(found.workup, gone=GONE)
    assert lack.text == "A1 and A2 failed and were not taken back: rolled back"
    assert [offer.label for offer in lack.offers] == ["A1 and A2 are reverted", "Leave A1 and A2 in place…"]


def test_all_that_is_missing_is_said_at_once() -> None:
    found = table("dx: bad batch 60%\nleak 20% impact 4", "fix: rolled back", "outcome: failed")
    found.hears(replace(said("restarted", Kind.INTERVENTION, minute=5), done=True))

    assert [each.text.split()[0] for each in lacking(found.workup, gone="")] == ["B", "B1", "A1", "Is"]
    assert all(each.offers for each in lacking(found.workup, gone=""))
