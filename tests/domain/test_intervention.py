"""An intervention: its window, its outcome, its revert."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.therapy.intervention import (
    Intervention,
    bundle_of,
    companions_of,
    ended,
    is_reverted,
    with_bundle,
)
from bot.domain.therapy.treatment import Outcome
from tests.domain.table import ANA, at

RUNNING = Intervention(
    name="A1", plan="A", text="rolled back", by=ANA, started_at=at(0), window=timedelta(minutes=10)
)
outcomes = st.lists(st.sampled_from(list(Outcome)), max_size=6)


def after(*said: Outcome) -> Intervention:
    found = RUNNING
    for minute, outcome in enumerate(said, 1):
        found = ended(found, outcome, f"words {minute}", at(minute))
    return found


def test_it_is_active_until_its_outcome_is_known() -> None:
    assert RUNNING.active
    assert after(Outcome.UNCLEAR).active
    assert not after(Outcome.WORKED).active
    assert not replace(RUNNING, bundled_with="B1").active


@pytest.mark.parametrize("minute", [10, 20])
def test_an_unclear_outcome_extends_the_window_once_and_then_counts_as_failed(minute: int) -> None:
    once = after(Outcome.UNCLEAR)
    twice = ended(once, Outcome.UNCLEAR, "", at(minute))

    assert (RUNNING.due, once.due, once.outcome) == (at(10), at(20), None)
    assert (twice.outcome, twice.ended_at, twice.owes_revert) == (Outcome.FAILED, at(minute), True)


def test_unclear_said_again_before_the_window_would_have_been_over_changes_nothing() -> None:
    assert after(Outcome.UNCLEAR, Outcome.UNCLEAR, Outcome.UNCLEAR) == after(Outcome.UNCLEAR)
    assert ended(after(Outcome.UNCLEAR), Outcome.UNCLEAR, "", at(9.9)) == after(Outcome.UNCLEAR)


@pytest.mark.parametrize("outcome", [Outcome.WORKED, Outcome.FAILED])
@pytest.mark.parametrize("before", [(), (Outcome.UNCLEAR,)])
def test_what_is_called_unclear_afterwards_stays_ended(before: tuple[Outcome, ...], outcome: Outcome) -> None:
    found = after(*before, outcome, Outcome.UNCLEAR)

    assert (found.active, found.outcome, found.owes_revert) == (False, Outcome.UNCLEAR, False)
    assert found.ended_at == at(1 + len(before))


def test_a_failed_one_owes_its_revert_until_it_is_done_or_somebody_answers_for_it() -> None:
    failed = after(Outcome.FAILED)

    assert failed.owes_revert
    assert not after(Outcome.FAILED, Outcome.REVERTED).owes_revert
    assert not replace(failed, revert_waived_by=ANA).owes_revert
    assert not after(Outcome.WORKED).owes_revert


def test_what_is_taken_back_before_any_outcome_stays_unclear() -> None:
    found = after(Outcome.REVERTED)

    assert (found.outcome, found.ended_at, found.reverted_at) == (Outcome.UNCLEAR, at(1), at(1))
    assert found.words == "words 1"
    assert not found.owes_revert


def test_a_revert_leaves_the_outcome_and_its_words() -> None:
    found = after(Outcome.FAILED, Outcome.REVERTED)

    assert (found.outcome, found.words) == (Outcome.FAILED, "words 1")
    assert (found.ended_at, found.reverted_at) == (at(1), at(2))


def test_an_outcome_that_is_said_after_the_revert_is_kept_with_it() -> None:
    found = after(Outcome.REVERTED, Outcome.FAILED)

    assert (found.outcome, found.reverted_at, found.owes_revert) == (Outcome.FAILED, at(1), False)


@given(outcomes)
def test_nothing_that_ended_starts_anew(said: list[Outcome]) -> None:
    states = [after(*said[:number]).active for number in range(len(said) + 1)]

    assert states == sorted(states, reverse=True)


def test_a_bundle_is_what_was_done_while_one_was_running() -> None:
    second, third = (replace(RUNNING, name=name, bundled_with="A1") for name in ("A2", "B1"))
    lone = replace(RUNNING, name="C1")
    everything = (RUNNING, second, third, lone)

    assert bundle_of(everything, RUNNING) == [second, third]
    assert companions_of(everything, second) == [RUNNING, third]
    assert companions_of(everything, lone) == []
    assert with_bundle(everything, RUNNING) == "A1, A2 and B1"
    assert is_reverted(everything, RUNNING) == "A1, A2 and B1 are reverted"
    assert is_reverted(everything, lone) == "C1 is reverted"
