"""From steps to the workup: order, identity, evidence, and what is gone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chart import Kind
from bot.domain.diagnosis.arguing import Stance
from bot.domain.diagnosis.differential import LEAST_OTHER, OTHER
from bot.domain.ids import MessageTs
from bot.domain.therapy.treatment import Outcome
from bot.domain.work.closing import lacking
from bot.domain.work.counsel import counsel
from bot.domain.work.fold import fold
from bot.domain.work.news import news
from bot.domain.work.steps import (
    Argued,
    Asked,
    Ended,
    Expected,
    Found,
    Named,
    Planned,
    Pooled,
    Recorded,
    Reestimated,
    Started,
    Step,
    Suspect,
    Waived,
)
from bot.domain.work.workup import Workup
from tests.domain.any_step import steps
from tests.domain.table import ANA, Table, at, said, table, taps

WINDOW = timedelta(minutes=10)
started = partial(Started, text="rolled back", window=WINDOW)
TWO = ("dx: bad batch 60%\nstring columns 20%",)
# A story whose every line matters to those after it.
STORY = (
    "dx: bad batch 50%\nstring columns 20%",
    "dx: disk is full 10% impact 4",
    "test: run it on 8 rows",
    "dx: A for: row 3 is empty",
    "result: T1 positive KeyError",
    "plan: B pin it; costs 10m; saves 2h; for B",
    "fix: rolled back; for A",
    "outcome: A1 failed",
    "outcome: A1 reverted",
    "dx: B 70%",
    "fix: B",
    "outcome: B1 worked",
)
EXPECTED = Expected(test=1, likelihoods={"A": 0.95, "B": 0.05, "C": 0.5})


def marks(made: Sequence[Step], live: Sequence[bool], places: Sequence[int]) -> list[Recorded]:
    """Steps as messages and taps: a place is the minute of the message, 0 for a tap."""
    return [
        Recorded(
            seq=seq,
            step=step,
            by=ANA,
            at=at(place),
            live=alive,
            entry=seq if place else None,
            message=MessageTs(f"{place}.000000") if place else None,
        )
        for seq, (step, alive, place) in enumerate(zip(made, live, places, strict=True), 1)
    ]


recordings = st.lists(st.tuples(steps, st.booleans(), st.integers(0, 5)), max_size=25).map(
    lambda rows: marks([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])
)


def holds_together(workup: Workup) -> None:
    """What is true of every workup."""
    shown = workup.differential.probabilities
    assert fsum(shown.values()) == pytest.approx(1, abs=1e-9)
    assert all(0 <= p <= 1 for p in shown.values())
    assert shown[OTHER] >= LEAST_OTHER - 1e-12
    assert len({each.letter for each in workup.differential.hypotheses}) == len(
        workup.differential.hypotheses
    )
    assert sum(each.active for each in workup.interventions) <= 1


@given(recordings)
def test_no_steps_break_the_workup_nor_what_is_said_of_it(recorded: list[Recorded]) -> None:
    workup = fold(recorded)

    holds_together(workup)
    counsel(workup)
    lacking(workup, gone="")
    news(fold(recorded[: len(recorded) // 2]), workup)
    for change in workup.history:
        assert fsum(change.probabilities.values()) == pytest.approx(1, abs=1e-9)


@given(recordings)
def test_the_same_steps_always_give_the_same_workup(recorded: list[Recorded]) -> None:
    assert fold(recorded) == fold(reversed(recorded))


@given(st.permutations(range(1, len(STORY) + 1)))
def test_messages_give_the_same_workup_in_whatever_order_they_arrive(order: list[int]) -> None:
    story = table(*STORY)
    place = {entry: position for position, entry in enumerate(order)}
    late = sorted(story.recorded, key=lambda each: (place[each.entry or 0], each.seq))
    seqs = {entry: number * 10 for number, entry in enumerate(order)}
    entries = {entry: number for number, entry in enumerate(order)}
    arrived = [
        replace(each, seq=seqs[each.entry or 0] + place, entry=entries[each.entry or 0])
        for place, each in enumerate(late)
    ]
    arrived = [replace(each, seq=seq) for seq, each in enumerate(arrived, 1)]

    assert fold(arrived) == story.workup


@given(st.floats(-5000, 5000))
def test_a_tap_keeps_its_place_behind_the_newest_message_whatever_our_clock_says(minutes: float) -> None:
    one, other = table(*STORY[:7]), table(*STORY[:7])
    one.taps(Ended(name="A1", outcome=Outcome.FAILED))
    other.taps(Ended(name="A1", outcome=Outcome.FAILED), minute=minutes)
    for each in (one, other):
        each.says("outcome: A1 reverted")
        each.says("fix: B")

    assert other.workup.differential == one.workup.differential
    assert [each.name for each in other.workup.interventions] == ["A1", "B1"]
    assert other.workup.active == one.workup.active


def test_a_tap_on_what_an_edit_words_anew_still_counts() -> None:
    found = table("dx: bad batch 60%", "fix: rolled bakc")
    found.taps(Ended(name="A1", outcome=Outcome.WORKED))
    found.edits(2, "rolled back")

    assert found.workup.active is None
    assert [(each.text, each.outcome) for each in found.workup.interventions] == [
        ("rolled back", Outcome.WORKED)
    ]


def test_the_lines_of_a_message_keep_their_order_when_one_is_edited() -> None:
    found = Table()
    for line in ("test: run it on 8 rows", "result: T1 positive"):
        word, text = line.split(": ")
        found.hears(said(text, Kind(word), minute=1))
    found.edits(1, "run it on 9 rows")

    assert [each.test for each in found.workup.results] == [1]


def test_a_tap_before_any_message_counts() -> None:
    assert fold(taps(Asked(test=1, question="is it up?"))).open_tests[0].name == "T1"


def test_hypotheses_of_one_message_are_one_list_and_rank_one_another() -> None:
    at_once, apart = Table(), Table()
    for text in ("bad batch", "string columns"):
        at_once.hears(said(text, minute=1))
        apart.says(f"dx: {text}")
    one_entry = table("dx: bad batch\nstring columns")

    assert at_once.workup.differential == one_entry.workup.differential
    assert at_once.workup.history == one_entry.workup.history
    assert apart.workup.differential != one_entry.workup.differential


def test_letters_numbers_and_names_are_never_given_again() -> None:
    found = table(*TWO, "test: run it", "plan: pin it", "fix: rolled back")
    for entry in (1, 2, 3, 4):
        found.deletes(entry)

    workup = found.workup
    assert workup.empty
    assert (workup.letters_given, workup.tests_given) == (2, 1)
    assert (workup.plans_given, workup.names_given) == (frozenset("AB"), frozenset({"B1"}))
    for line in ("dx: disk", "test: look", "plan: wait", "fix: restarted"):
        found.says(line)
    assert found.workup.differential.hypotheses[0].letter == "C"
    assert found.workup.tests[0].name == "T2"
    assert found.workup.plans[0].plan == "C"
    assert found.workup.interventions[0].name == "D1"


def test_a_letter_that_somebody_has_stays_with_that_hypothesis() -> None:
    first = Named(hypotheses=(Suspect(letter="A", statement="bad batch", p=0.5),))
    again = Named(hypotheses=(Suspect(letter="A", statement="other", p=0.2),) * 2)
    workup = fold(taps(first, again, Pooled(hypotheses=again.hypotheses, estimates={"A": 0.4, "Z": 0.2})))

    assert [each.statement for each in workup.differential.hypotheses] == ["bad batch"]
    assert workup.differential.p("A") == pytest.approx(0.4)


def test_a_number_and_a_name_that_were_given_stay_with_what_has_them() -> None:
    made = (
        Asked(test=1, question="is it up?"),
        Asked(test=1, question="is it down?"),
        started(name="A1", plan="A"),
        Started(name="A1", plan="A", text="restarted", window=WINDOW),
    )
    workup = fold(taps(*made))

    assert [test.question for test in workup.tests] == ["is it up?"]
    assert [each.text for each in workup.interventions] == ["rolled back"]


def test_what_is_said_of_a_withdrawn_hypothesis_changes_nothing() -> None:
    found = table(*TWO, "dx: disk is full 10%")
    before = found.workup
    found.says("dx: C for: no space left")
    found.says("dx: C 50%")
    found.says("dx: C ruled out")
    found.deletes(2)
    found.taps(Waived(letter="C", reason="no"))

    workup = found.workup
    assert [each.letter for each in workup.differential.hypotheses] == ["A", "B"]
    assert workup.evidence == {}
    assert workup.differential.p("A") == pytest.approx(before.differential.p("A"))


def test_an_intervention_whose_message_is_deleted_is_gone_with_its_outcome() -> None:
    found = table(*TWO, "fix: rolled back", "outcome: A1 failed")
    found.deletes(2)

    assert found.workup.interventions == ()
    assert found.workup.differential == table(*TWO).workup.differential


@pytest.mark.parametrize("edge", [0.0, 1.0])
def test_certain_likelihoods_leave_room_for_doubt(edge: float) -> None:
    found = table(*TWO, "test: run it", "result: T1 positive")
    found.taps(Expected(test=1, likelihoods={"A": edge, "B": 1 - edge}))

    holds_together(found.workup)
    assert all(p > 0 for p in found.workup.differential.probabilities.values())


def test_a_plan_that_is_written_again_replaces_the_one_of_its_letter() -> None:
    workup = fold(
        taps(
            Planned(plan="B", text="pin it"),
            Planned(plan="A", text="wait"),
            Planned(plan="B", text="unpin it"),
        )
    )

    assert [(plan.plan, plan.text) for plan in workup.plans] == [("A", "wait"), ("B", "unpin it")]


def test_words_without_a_verdict_leave_the_test_open() -> None:
    workup = fold(taps(Asked(test=1, question="is it up?"), Found(test=1, words="hm")))

    assert [test.name for test in workup.open_tests] == ["T1"]


def test_a_numbers_edge_is_an_estimate_that_can_still_move() -> None:
    certain = Named(hypotheses=(Suspect(letter="A", statement="a", p=1.0),))
    never = Reestimated(letter="A", p=0.0)

    holds_together(fold(taps(certain)))
    holds_together(fold(taps(certain, never)))
    holds_together(fold(taps(certain, Pooled(hypotheses=(), estimates={"A": 0.0}))))


def test_argument_about_nobody_is_not_kept() -> None:
    assert fold(taps(Argued(letter="A", stance=Stance.FOR, words="x"))).evidence == {}
