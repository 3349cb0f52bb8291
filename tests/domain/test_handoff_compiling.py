"""A handoff is a function of rows: their order, and the clock, change nothing; nothing is lost in silence."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.chart import Entry, Kind
from bot.domain.handoff.awareness import READINGS
from bot.domain.handoff.changes import changed
from bot.domain.handoff.compiling import EVENTS, WORDS, compile_handoff, people_in
from bot.domain.handoff.document import HANDOFF, Direction, Handoff, RevertState, Status
from bot.domain.incident import Severity
from bot.domain.work.fold import fold
from bot.domain.work.steps import Expected, Waived
from tests.domain.any_case import PEOPLE, made
from tests.domain.handed import NOW, case, entries_of, handed, table_of, whole
from tests.domain.table import ANA, BEN, at

seeds = st.integers(0, 5000)


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    found = made(seed)
    draw = random.Random(seed)  # noqa: S311 - any order will do.
    of = found.case

    def anyhow(rows: tuple[Any, ...]) -> Any:
        return tuple(draw.sample(rows, len(rows)))

    names = ("tests", "results", "interventions", "actions", "contingencies", "plans")
    mixed = replace(of.workup, **{name: anyhow(getattr(of.workup, name)) for name in names})
    shuffled = replace(
        of,
        workup=mixed,
        entries=draw.sample([*of.entries], len(of.entries)),
        severities=draw.sample([*of.severities], len(of.severities)),
        prompts=draw.sample([*of.prompts], len(of.prompts)),
    )

    assert handed(shuffled, now=found.now) == handed(of, now=found.now)


def test_the_order_in_which_steps_were_stored_changes_nothing() -> None:
    known = whole()
    mixed = replace(case(known), workup=fold(reversed(known.recorded)))

    assert handed(mixed) == handed(case(known))


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_compiling_again_gives_the_same_and_only_the_clock_is_later(seed: int) -> None:
    found = made(seed)
    first, again = handed(found.case, now=found.now), handed(found.case, now=found.now)
    later = handed(found.case, now=found.now + timedelta(days=2))

    assert first == again
    assert changed(first, later) == ()
    assert first.model_copy(update={"asked": later.asked}) == later


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_a_document_is_the_same_after_it_was_stored(seed: int) -> None:
    found = handed(made(seed).case)

    assert HANDOFF.validate_json(HANDOFF.dump_json(found)) == found


def test_it_says_what_each_result_did_to_each_hypothesis() -> None:
    tests = handed().patient.tests

    assert tests[0].direction == {
        "A": Direction.FOR,
        "B": Direction.AGAINST,
        "C": Direction.AGAINST,
        "D": Direction.NONE,
    }
    assert tests[1].running


def test_a_result_that_waits_for_what_it_means_has_no_direction() -> None:
    found = table_of(["dx: string columns 50%", "test: run it (5m)", "result: T1 positive"])

    assert handed(case(found)).patient.tests[0].direction == {}


def test_what_excluded_a_hypothesis_is_said_whether_a_test_did_or_a_person() -> None:
    found = table_of(["dx: bad batch 60%", "dx: leak 20% impact 5", "dx: driver 10%", "test: run it (5m)"])
    found.taps(Expected(test=1, likelihoods={"A": 0.999, "B": 0.5, "C": 0.5}))
    found.says("result: T1 negative")
    found.says("dx: C ruled out")
    found.taps(Waived(letter="B", reason="no time"))

    known = {each.letter: (each.status, each.by) for each in handed(case(found)).patient.hypotheses}

    assert known == {
        "A": (Status.EXCLUDED, "T1"),
        "B": (Status.WAIVED, f"@{BEN}"),
        "C": (Status.EXCLUDED, f"@{ANA}"),
    }


def test_what_failed_is_told_until_it_is_taken_back() -> None:
    found = table_of(["fix: A cast to int; revert: redeploy", "outcome: A1 failed"])
    owed = handed(case(found))
    found.says("outcome: A1 reverted")
    taken_back = handed(case(found))

    assert owed.patient.interventions[0].revert_state is RevertState.OWED
    assert [each.name for each in owed.awareness.mitigations] == ["A1"]
    assert taken_back.patient.interventions[0].revert_state is RevertState.REVERTED
    assert taken_back.awareness.mitigations == ()


def test_only_the_newest_lines_are_told_and_the_older_ones_are_counted() -> None:
    found = whole()
    notes = [
        Entry(
            incident=case().incident.number,
            seq=100 + number,
            kind=Kind.NOTE,
            text=f"note {number}",
            author=ANA,
            at=at(20 + number / 100),
            logged_by=ANA,
        )
        for number in range(EVENTS)
    ]
    of = case(found, entries=[*entries_of(found), *notes])

    told = handed(of).patient

    assert len(told.events) == EVENTS
    assert sum(told.left_out.values()) == len(entries_of(found))
    assert told.left_out["Intervention"] == 2
    assert [each.name for each in told.interventions] == ["A1", "B1"]


def test_since_the_last_handoff_only_what_is_new_is_told_but_what_stands_is_told_again() -> None:
    later = handed(case(handed_at=at(25)))

    assert later.patient.events == ()
    assert later.actions.done == ()
    assert later.awareness.takings == 0
    assert [each.name for each in later.awareness.abnormal] == ["throughput"]
    assert [each.name for each in later.patient.tests] == ["T1", "T2"]
    assert later.patient.since == at(25)


def test_a_long_text_is_cut_and_says_so() -> None:
    long = replace(entries_of(whole())[0], text="x" * (WORDS + 1234))

    told = handed(case(entries=[long])).patient.events[0].text

    assert told.endswith("… (1,234 more characters)")


def test_a_sign_that_was_bad_again_and_again_is_told_with_its_newest_and_its_worst() -> None:
    worst = ["vital: throughput=0.1x"]
    found = table_of([*worst, *["vital: throughput=0.6x"] * (READINGS + 5)])

    sign = handed(case(found), now=at(60)).awareness.abnormal[0]

    assert (sign.count, len(sign.readings)) == (READINGS + 6, READINGS + 1)
    assert (sign.newest.value, sign.worst.value) == ("0.6", "0.1")


def test_everybody_who_has_a_part_in_it_is_named() -> None:
    found = made(11, holes=0)

    assert people_in(found.case) <= {*PEOPLE}
    assert {entry.author for entry in found.case.entries} <= people_in(found.case)


def changes(*lines: str) -> tuple[str, ...]:
    """What is told of these lines, as they come after everything else."""
    found, before = whole(), handed(case(whole()))
    for line in lines:
        found.says(line)
    return changed(before, handed(case(found), now=at(40)))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("vital: throughput=stalled", "Vital sign"),
        ("dx: C ruled out", "C, status: active → excluded"),
        ("result: T2 inconclusive", "T2, result: nothing → inconclusive"),
        ("outcome: B1 failed", "B1, outcome: running → failed"),
        ("todo: TD1 @U0ANA", "TD1, owner: @U0BEN → @U0ANA"),
        ("todo: look again", "New: TD4 · look again"),
        ("done: TD1 it is fine", "No longer under “To do”: TD1"),
        ("if: IF1 off it is over", "IF1, revoked: nothing → 2026-11-23"),
        ("impact: nobody any more", "impact: eval of three teams is blocked → nobody any more"),
        ("note: vendor has called", "vendor has called"),
    ],
)
def test_whatever_happens_after_compiling_is_told(line: str, told: str) -> None:
    found = changes(line)

    assert any(told in each for each in found), found


def test_a_severity_that_changed_is_told() -> None:
    assert "severity: SEV2 → SEV1" in changed(handed(), handed(case(severity=1)))
    assert changed(handed(), handed(case(first_severity=Severity.SEV3))) == ()


def test_a_withdrawn_line_is_told_and_one_that_was_pushed_out_is_not() -> None:
    every = entries_of(whole())
    taken_back = [replace(every[1], withdrawn_at=NOW), *every[:1], *every[2:]]

    def note(number: int) -> Entry:
        return replace(
            every[-1], seq=500 + number, kind=Kind.NOTE, text=f"n{number}", at=at(21 + number / 100)
        )

    full = [*every, *(note(number) for number in range(EVENTS - len(every)))]
    pushed = changed(handed(case(entries=full)), handed(case(entries=[*full, note(99)])))

    assert any("No longer" in each for each in changed(handed(), handed(case(entries=taken_back))))
    assert len(pushed) == 1
    assert pushed[0].startswith("New:")


def test_who_hands_over_to_whom_and_their_names_are_no_change() -> None:
    other = compile_handoff(case(names={ANA: "Ana Maria"}), BEN, ANA, at(99), None)
    before: Handoff = handed(until=None)

    assert changed(before, other) == ()
