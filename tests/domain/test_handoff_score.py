"""The score of a handoff: each field has its points, and what is missing is named with what mends it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.handoff.changes import changed
from bot.domain.handoff.document import Handoff, RevertState
from bot.domain.handoff.items import ITEMS
from bot.domain.handoff.scoring import score
from bot.domain.handoff.synthesis import SYNTHESIS
from bot.domain.ids import UserId
from bot.domain.signs.stability import Stability
from tests.domain.any_case import PEOPLE, made
from tests.domain.handed import NOW, SHIFT_END, case, handed, read_back, table_of, whole, with_part
from tests.domain.table import ANA, BEN, at

Change = Callable[[Handoff], Handoff]
seeds = st.integers(0, 5000)


def part(name: str, **changes: Any) -> Change:
    return lambda handoff: with_part(handoff, name, **changes)


def row(of: str, rows: str, place: int, **changes: Any) -> Change:
    """Something else in one row of a list."""

    def change(handoff: Handoff) -> Handoff:
        every = list(getattr(getattr(handoff, of), rows))
        every[place] = every[place].model_copy(update=changes)
        return with_part(handoff, of, **{rows: tuple(every)})

    return change


def no_value(handoff: Handoff) -> Handoff:
    sign = handoff.awareness.abnormal[0]
    silent = tuple(each.model_copy(update={"value": ""}) for each in sign.readings)
    return row("awareness", "abnormal", 0, readings=silent)(handoff)


BLANKED: list[tuple[str, float, str, Change]] = [
    ("I1", 10, "vital", part("illness", stability=Stability.UNKNOWN)),
    ("I2", 5, "stability", part("illness", overridden_by=ANA, reason="")),
    ("I3", 5, "vital", part("illness", read_at=None)),
    ("P1", 3, "log", part("patient", title=" ")),
    ("P2", 4 / 3, "onset", part("patient", onset=None)),
    ("P2", 4 / 3, "onset", part("patient", detected_at=None)),
    ("P2", 4 / 3, "impact", part("patient", impact="")),
    ("P3", 3, "attest:events", part("patient", events=())),
    ("P4", 4 / 3, "hypothesis:B", row("patient", "hypotheses", 1, impact=None)),
    ("P4", 4 / 3, "hypothesis:C", row("patient", "hypotheses", 2, p=None)),
    ("P4", 4 / 3, "hypothesis:C", row("patient", "hypotheses", 2, status=None)),
    ("P5", 5, "expects:T1", row("patient", "tests", 0, direction={})),
    ("P6", 2, "log:outcome", row("patient", "interventions", 0, outcome=None)),
    ("P6", 2, "log:outcome", row("patient", "interventions", 1, revert_state=None)),
    ("A2", 3, "todo:TD1", row("actions", "open", 0, owner=None)),
    ("A3", 3, "todo:TD2", row("actions", "open", 1, due=None)),
    ("A4", 5, "result:T2", row("patient", "tests", 1, due=None)),
    ("S1", 8, "vital", no_value),
    ("S2", 5, "if:A", row("awareness", "contingencies", 0, then="")),
    ("S2", 5, "if:B", row("awareness", "contingencies", 1, owner=None)),
    ("S3", 7, "revert:B1", row("awareness", "mitigations", 0, revert=None)),
    ("S3", 7, "revert:B1", row("awareness", "mitigations", 0, review_at=None)),
]


def test_the_points_of_the_document_sum_to_85_and_with_the_read_back_to_100() -> None:
    assert sum(each.of for each in ITEMS) == 85
    assert sum(each.of for each in (*ITEMS, *SYNTHESIS)) == 100


def test_a_handoff_of_which_everything_is_known_is_complete_once_it_is_read_back() -> None:
    compiled, accepted = score(handed()), score(handed(), read_back())

    assert (compiled.doc, compiled.missing, compiled.faults, compiled.critical) == (85, (), (), ())
    assert not compiled.complete
    assert (accepted.shown, accepted.complete, accepted.five_elements) == (100, True, True)


@pytest.mark.parametrize(
    ("item", "points", "mend", "blank"),
    BLANKED,
    ids=[f"{place}-{each[0]}" for place, each in enumerate(BLANKED)],
)
def test_a_field_that_is_missing_costs_its_points_and_is_named(
    item: str, points: float, mend: str, blank: Change
) -> None:
    found = score(blank(handed()))

    assert found.doc == pytest.approx(85 - points)
    # Without a word for its stability nobody can say where the word came from.
    assert {each.id for each in found.items if not each.full and each.id[0] != "R"} - {"I2"} <= {item}
    assert [each.mend for each in found.missing] == [mend]
    assert all(each.item == item and each.words and each.label for each in found.missing)


# What turns out to be a must-not-miss asks for a contingency that nobody asked for before.
FILLED = [each for each in BLANKED if each[2] != "hypothesis:B"]


@given(st.lists(st.sampled_from(FILLED), max_size=8), st.data())
def test_filling_a_field_never_lowers_the_score(
    blanked: list[tuple[str, float, str, Change]], data: st.DataObject
) -> None:
    left = blanked[: data.draw(st.integers(0, len(blanked)))]
    full = handed()

    def without(changes: list[tuple[str, float, str, Change]]) -> float:
        found = full
        for _, _, _, blank in changes:
            found = blank(found)
        return score(found).doc

    assert without(blanked) <= without(left) + 1e-9


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_what_was_left_out_of_an_incident_is_named_and_nothing_else(seed: int) -> None:
    found = made(seed)

    scored = score(handed(found.case, now=found.now, to=PEOPLE[1], until=None))

    assert {(each.item, each.mend) for each in scored.missing} == found.lacks
    assert scored.faults == ()


@pytest.mark.parametrize(
    ("lines", "critical"),
    [
        ([], ("I1", "A2", "S1")),
        (["vital: loss=1.8 throughput=0.95x"], ("A2",)),
        (["vital: none", "stability: watcher nobody can see it", "todo: none"], ()),
        (["vital: throughput=0.95x", "todo: rerun it"], ()),
        (["vital: none", "todo: none"], ("I1",)),
    ],
)
def test_what_is_critical_blocks_sending_until_it_is_there_or_attested(
    lines: list[str], critical: tuple[str, ...]
) -> None:
    found = table_of(lines)

    assert score(handed(case(found))).critical == critical


def test_an_attested_look_at_the_signs_counts_for_the_watch_it_was_made_in() -> None:
    of = case(table_of(["vital: none", "stability: watcher nobody can see it", "todo: none"]))

    later = score(handed(replace(of, handed_at=at(20))))

    assert later.critical == ("S1",)
    assert ("I3", "vital") in {(each.item, each.mend) for each in later.missing}


def test_an_action_is_due_within_the_next_shift_and_not_in_the_past() -> None:
    def missing(now: int, until: int | None) -> list[str]:
        found = score(handed(now=at(now), until=at(until) if until else None))
        return [each.mend for each in found.missing if each.item == "A3"]

    assert missing(30, 600) == []
    assert missing(30, 150) == ["todo:TD2"]
    assert missing(150, None) == ["todo:TD1"]


def test_somebody_who_declines_to_name_more_hypotheses_has_a_reason() -> None:
    lines = ["dx: string columns 50% impact 3", "vital: loss=1.8"]
    few = score(handed(case(table_of(lines)))).item("P4").points
    of = made(3).case.prompts[1]
    declined = replace(of, declined_at=NOW, declined_by=BEN)
    reasoned = score(handed(case(table_of(lines), prompts=(declined,)))).item("P4").points

    assert few == pytest.approx(4)
    assert reasoned == pytest.approx(6)


@pytest.mark.parametrize("blank", [each[3] for each in BLANKED], ids=range(len(BLANKED)))
def test_no_field_that_counts_can_change_between_two_compilations_unseen(blank: Change) -> None:
    assert changed(handed(), blank(handed()))
    assert changed(blank(handed()), handed())


@pytest.mark.parametrize(
    ("blank", "points"),
    [
        (row("patient", "interventions", 1, revert_state=RevertState.REVERTED), 10),
        (row("patient", "hypotheses", 3, p=0.2), 10),
        (row("patient", "interventions", 0, target="X"), 5),
        (row("awareness", "contingencies", 0, about=("A", "X")), 5),
    ],
    ids=["reverted and running", "excluded and likely", "for an unknown letter", "about an unknown letter"],
)
def test_a_document_that_contradicts_itself_or_names_what_there_is_not_loses_points(
    blank: Change, points: int
) -> None:
    found = score(blank(handed()))

    assert (found.penalty, len(found.faults)) == (points, 1)
    assert found.doc == 85 - points


def test_the_score_never_falls_below_nothing() -> None:
    empty = handed(case(table_of([])))
    wrong = empty
    for letter in "QRSTUVWXYZ":
        wrong = row("patient", "hypotheses", 0, by=letter)(
            with_part(wrong, "patient", hypotheses=(*handed().patient.hypotheses, *wrong.patient.hypotheses))
        )

    assert score(wrong).total >= 0


@pytest.mark.parametrize(
    ("changes", "item", "points"),
    [
        ({"words": " "}, "R2", 0),
        ({"f1": 0.5}, "R3", 3),
        ({"accepted_at": NOW + timedelta(minutes=16)}, "R4", 0),
        ({"accepted_at": None}, "R4", 0),
    ],
)
def test_a_read_back_is_worth_what_it_shows(changes: dict[str, Any], item: str, points: float) -> None:
    assert score(handed(), read_back(**changes)).item(item).points == points


def test_what_is_not_grave_may_be_accepted_within_the_hour() -> None:
    late = read_back(accepted_at=NOW + timedelta(minutes=59))

    assert score(handed(case(severity=3)), late).item("R4").full


def test_what_is_accepted_long_after_it_was_compiled_is_out_of_date() -> None:
    old = read_back(sent_at=NOW + timedelta(minutes=28), accepted_at=NOW + timedelta(minutes=31))

    assert score(handed(), old).penalty == 10


def test_the_receiver_is_somebody_else_and_on_duty() -> None:
    def receiver(to: UserId, roster: set[UserId] | None) -> float:
        return score(handed(case(roster=roster), to=to)).item("R1").points

    assert (receiver(BEN, None), receiver(BEN, {BEN}), receiver(BEN, {ANA}), receiver(ANA, None)) == (
        3,
        3,
        0,
        0,
    )


def test_the_five_elements_are_missing_where_one_of_them_is() -> None:
    no_action = case(
        replace(whole(), recorded=[each for each in whole().recorded if "action" not in str(each.step)])
    )

    assert not score(handed(no_action, until=SHIFT_END), read_back()).five_elements
    assert not score(handed()).five_elements
