"""What tests and interventions do to the numbers, and what is left when they are withdrawn or corrected."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.domain.chart import Kind
from bot.domain.diagnosis.arguing import Stance
from bot.domain.diagnosis.testing import Verdict
from bot.domain.therapy.treatment import Outcome
from bot.domain.work.fold import fold
from bot.domain.work.steps import (
    Ended,
    Expected,
    Named,
    RevertWaived,
    RuledOut,
    Started,
    Step,
    Suspect,
)
from tests.domain.table import ANA, NOON, Table, said, table, taps

WINDOW = timedelta(minutes=10)
started = partial(Started, text="rolled back", window=WINDOW)
TWO = ("dx: bad batch 60%\nstring columns 20%",)
EXPECTED = Expected(test=1, likelihoods={"A": 0.95, "B": 0.05, "C": 0.5})


def told(*lines: str) -> Table:
    found = table(*lines)
    found.taps(EXPECTED)
    return found


def test_a_result_counts_as_soon_as_its_test_is_understood() -> None:
    found = table(*TWO, "test: run it on 8 rows", "result: T1 positive")
    assert found.workup.differential.p("A") == pytest.approx(0.6)
    found.taps(EXPECTED)

    assert found.workup.differential.p("A") == pytest.approx(0.6 * 0.95 / (0.6 * 0.95 + 0.2 * 0.05 + 0.1))
    assert found.workup.discriminating == 1


def test_likelihoods_of_letters_and_tests_that_nobody_knows_change_nothing() -> None:
    found = table(*TWO, "test: run it", "result: T1 positive")
    found.taps(Expected(test=1, likelihoods={"A": 0.9, "Q": 0.1}))
    found.taps(Expected(test=7, likelihoods={"A": 0.9}))

    assert found.workup.differential == table(*TWO).workup.differential


def test_a_result_that_is_corrected_replaces_the_evidence() -> None:
    wrong, right = (table(*TWO, "test: run it") for _ in range(2))
    for each in (wrong, right):
        each.taps(EXPECTED)
    wrong.says("result: T1 positive")
    for each in (wrong, right):
        each.says("result: T1 negative")

    assert wrong.workup.differential == right.workup.differential
    assert [each.verdict for each in wrong.workup.results] == [Verdict.NEGATIVE]


def test_an_inconclusive_result_is_kept_and_moves_nothing() -> None:
    found = told(*TWO, "test: run it", "result: T1 inconclusive")

    assert found.workup.differential == table(*TWO).workup.differential
    assert [each.verdict for each in found.workup.results] == [Verdict.INCONCLUSIVE]
    assert (found.workup.open_tests, found.workup.discriminating) == ((), 0)


def test_a_result_that_takes_a_hypothesis_below_one_per_cent_rules_it_out() -> None:
    found = table("dx: bad batch 90%\nstring columns 5%", "test: run it")
    found.taps(Expected(test=1, likelihoods={"A": 0.95, "B": 0.05}))
    found.says("result: T1 positive")

    assert [each.eliminated_by for each in found.workup.differential.hypotheses] == [None, "T1"]
    assert found.workup.history[-1].moved == "A 90% → 95%, B ruled out"


def test_what_a_test_ruled_out_comes_back_when_its_result_is_withdrawn() -> None:
    found = table("dx: bad batch 60%\nleak 20% impact 5", "test: run it", "result: T1 positive")
    found.says("dx: B ruled out by T1")
    assert [each.eliminated_by for each in found.workup.differential.hypotheses] == [None, "T1"]
    found.deletes(3)

    assert [each.eliminated_by for each in found.workup.differential.hypotheses] == [None, None]


def test_what_a_test_ruled_out_comes_back_when_the_test_is_withdrawn() -> None:
    found = table(*TWO, "test: run it", "result: T1 positive", "dx: B ruled out by T1")
    found.deletes(2)

    assert [each.letter for each in found.workup.differential.live] == ["A", "B"]


def test_what_was_ruled_out_by_hand_comes_back_when_it_must_not_be_missed() -> None:
    found = table(*TWO, "dx: B ruled out")
    assert found.workup.differential.hypotheses[1].eliminated_by == "@U0ANA"
    found.says("dx: B impact 3")
    assert not found.workup.differential.hypotheses[1].live
    found.says("dx: B impact 4")

    assert found.workup.differential.hypotheses[1].live


def test_nobodys_word_rules_out_a_must_not_miss_whatever_was_recorded() -> None:
    named = Named(hypotheses=(Suspect(letter="A", statement="leak", p=0.2, impact=5),))

    assert fold(taps(named, RuledOut(letter="A"))).differential.live


def test_a_changed_estimate_considers_again_what_was_ruled_out() -> None:
    found = table(*TWO, "dx: B ruled out", "dx: B 30%")

    assert found.workup.differential.p("B") == pytest.approx(0.3)
    assert "B 30% (again)" in found.workup.history[-1].moved


def test_an_assumption_that_is_said_later_is_kept() -> None:
    found = table(*TWO, "dx: A assumes dtype")

    assert found.workup.differential.hypotheses[0].assumption == "dtype"
    assert found.workup.history[-1].moved == ""


def test_evidence_is_kept_with_its_author() -> None:
    found = table(*TWO, "dx: A for: row 3 is empty", "dx: A against: row 4 is not")

    evidence = found.workup.evidence["A"]
    assert [(each.stance, each.words, each.by) for each in evidence] == [
        (Stance.FOR, "row 3 is empty", ANA),
        (Stance.AGAINST, "row 4 is not", ANA),
    ]


def test_an_outcome_is_evidence_on_its_target() -> None:
    found = table(*TWO, "fix: rolled back", "outcome: A1 failed")

    assert found.workup.differential.p("A") == pytest.approx(0.6 * 0.2 / (0.6 * 0.2 + 0.4 * 0.8))


def test_a_corrected_outcome_replaces_the_evidence() -> None:
    found = table(*TWO, "fix: rolled back", "outcome: A1 failed", "outcome: A1 worked")
    plain = table(*TWO, "fix: rolled back", "outcome: A1 worked")

    assert found.workup.differential == plain.workup.differential
    assert found.workup.owing_revert is None


def test_an_outcome_that_is_called_unclear_afterwards_is_no_evidence_and_starts_nothing_anew() -> None:
    found = table(*TWO, "fix: rolled back", "outcome: A1 failed", "outcome: A1 reverted", "fix: pinned it")
    found.says("outcome: A1 unclear")

    assert found.workup.differential == table(*TWO).workup.differential
    assert found.workup.interventions[0].outcome is Outcome.UNCLEAR
    assert found.workup.active == found.workup.interventions[1]


def test_unclear_for_the_second_time_is_evidence_of_a_failure() -> None:
    found = table(*TWO, "fix: rolled back; within 2m", "outcome: unclear")
    assert (found.workup.active, found.workup.differential) == (
        found.workup.interventions[0],
        table(*TWO).workup.differential,
    )
    found.says("outcome: unclear")

    assert found.workup.interventions[0].outcome is Outcome.FAILED
    assert found.workup.differential.p("A") < 0.6
    assert found.workup.history[-1].label == "A1 failed"


def test_unclear_said_twice_in_the_window_leaves_a_bundle_running_as_one() -> None:
    found = table(*TWO, "fix: rolled back")
    found.hears(replace(said("restarted it; within 1m", Kind.INTERVENTION, minute=3), done=True))
    found.says("outcome: A1 unclear")
    once = found.workup.interventions
    found.says("outcome: A1 unclear")

    assert found.workup.interventions == once
    assert [(each.extended, each.outcome) for each in once] == [(True, None), (True, None)]


def test_what_is_taken_back_before_any_outcome_says_nothing() -> None:
    found = table(*TWO, "fix: rolled back", "outcome: A1 reverted")

    assert (found.workup.active, found.workup.owing_revert) == (None, None)
    assert found.workup.interventions[0].outcome is Outcome.UNCLEAR
    assert found.workup.differential == table(*TWO).workup.differential


def bundle(first: str = "A", second: str | None = "B") -> list[Step]:
    suspects = (
        Suspect(letter="A", statement="bad batch", p=0.6),
        Suspect(letter="B", statement="disk", p=0.2),
    )
    return [
        Named(hypotheses=suspects),
        started(name="A1", plan="A", target=first),
        started(name="A2", plan="A", target=second, bundled_with="A1"),
    ]


@pytest.mark.parametrize("name", ["A1", "A2"])
@pytest.mark.parametrize("second", ["B", None])
def test_an_outcome_in_a_bundle_is_no_evidence_on_any_of_its_targets(name: str, second: str | None) -> None:
    made = bundle(second=second)

    before, after = fold(taps(*made)), fold(taps(*made, Ended(name=name, outcome=Outcome.FAILED)))
    assert after.differential == before.differential


def test_a_bundle_for_one_hypothesis_is_evidence_on_it() -> None:
    workup = fold(taps(*bundle(second="A"), Ended(name="A1", outcome=Outcome.WORKED)))

    assert workup.differential.p("A") > 0.6


def test_a_bundle_shares_its_outcome_its_revert_and_who_answers_for_it() -> None:
    failed = Ended(name="A1", outcome=Outcome.FAILED)
    owing = fold(taps(*bundle(), failed))
    back = fold(taps(*bundle(), failed, Ended(name="A1", outcome=Outcome.REVERTED)))
    waived = fold(taps(*bundle(), failed, RevertWaived(name="A1", reason="harmless")))

    assert [each.owes_revert for each in owing.interventions] == [True, True]
    assert [each.reverted_at for each in back.interventions] == [NOON, NOON]
    assert (back.owing_revert, waived.owing_revert) == (None, None)
    assert [each.revert_waived_why for each in waived.interventions] == ["harmless", "harmless"]


def test_what_was_said_of_one_in_a_bundle_stays_said() -> None:
    own = Ended(name="A2", outcome=Outcome.WORKED, words="the loader is quick again")
    workup = fold(taps(*bundle(), own, Ended(name="A1", outcome=Outcome.FAILED)))

    assert [each.outcome for each in workup.interventions] == [Outcome.FAILED, Outcome.WORKED]


def test_what_was_bundled_stands_alone_when_the_first_is_withdrawn() -> None:
    found = table(*TWO, "fix: rolled back")
    found.hears(replace(said("restarted", Kind.INTERVENTION, minute=5), done=True))
    assert [each.bundled_with for each in found.workup.interventions] == [None, "A1"]
    found.deletes(2)

    active = found.workup.active
    assert active is not None
    assert (active.name, active.bundled_with) == ("A2", None)


def test_two_that_ran_at_once_are_a_bundle_even_if_nobody_thought_so() -> None:
    workup = fold(taps(started(name="A1", plan="A"), started(name="B1", plan="B")))

    assert [(each.active, each.bundled_with) for each in workup.interventions] == [
        (True, None),
        (False, "A1"),
    ]


def test_the_history_says_what_each_step_moved() -> None:
    found = told(*TWO, "test: run it", "result: T1 positive", "fix: rolled back", "dx: disk is full")

    assert [(change.label, change.moved) for change in found.workup.history] == [
        ("A, B named", "A 60% (new), B 20% (new)"),
        ("T1 positive", "A 60% → 84%, B 20% → 1%, something else 20% → 15%"),
        ("A1 started", ""),
        ("C named", "A 84% → 78%, C 16% (new), something else 15% → 5%"),
    ]
