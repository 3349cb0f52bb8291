"""Severities, titles, triage and phases."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chart import Kind
from bot.domain.errors import NotUnderstood
from bot.domain.incident import (
    TITLE_LIMIT,
    Phase,
    Severity,
    leading_severity,
    phase_of,
    severity_and_reason,
    title_of,
)
from bot.domain.triage import Answers, decide


@pytest.mark.parametrize(
    "form",
    ["sev{}", "SEV{}", "sev-{}", "sev {}", "Severity {}", "sev_{}:", "sev{},", "SEV-0{}", "p{}", "P{}:"],
)
@pytest.mark.parametrize("level", list(Severity))
def test_a_severity_is_read_however_it_is_written(form: str, level: Severity) -> None:
    assert leading_severity(f"{form.format(level.value)} loss is NaN") == (level, "loss is NaN")


@pytest.mark.parametrize(
    "text",
    [
        "2 nodes are down",
        "seven is down",
        "sev25 x",
        "several runs",
        "p99 is high",
        "p2p network is down",
        "p3.2xlarge is gone",
        "p4-nodes are down",
        "p 1 x",
        "p9 x",
    ],
)
def test_words_that_only_look_like_a_severity_belong_to_the_title(text: str) -> None:
    assert leading_severity(text) == (None, text)


@pytest.mark.parametrize("text", ["sev0 x", "sev6 x", "SEV-9: x", "severity 7", "sev00 x", "p0 x"])
def test_a_severity_that_there_is_none_of_is_refused_with_those_that_there_are(text: str) -> None:
    with pytest.raises(NotUnderstood, match=r"from sev1 \(worst\) to sev5"):
        leading_severity(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 why", (2, "why")),
        ("sev1", (1, "")),
        ("SEV-3: x", (3, "x")),
        ("sev-04 x", (4, "x")),
        ("p1", (1, "")),
    ],
)
def test_a_change_of_severity_may_be_just_a_number(text: str, expected: tuple[int, str]) -> None:
    assert severity_and_reason(text) == expected


@pytest.mark.parametrize("text", ["", "banana", "0", "6", "2.5 x", "20 %"])
def test_what_names_no_severity_is_refused_with_what_would_do(text: str) -> None:
    with pytest.raises(NotUnderstood, match="sev: 2 reason"):
        severity_and_reason(text)


@given(st.text())
def test_a_title_is_one_line_of_bounded_length(text: str) -> None:
    title = title_of(text)

    assert len(title) <= TITLE_LIMIT + 1
    assert title.splitlines() in ([], [title])


def test_a_title_is_cut_at_a_word() -> None:
    assert title_of("word " * 100).endswith("word…")


def _by_the_handbook(dying: bool, cannot_wait: bool, resources: int, danger: bool) -> int:  # noqa: FBT001 - a table.
    if dying:
        return 1
    if cannot_wait:
        return 2
    return {0: 5, 1: 4}.get(resources, 2 if danger else 3)


def test_every_path_through_the_four_questions_gives_the_level_of_the_table() -> None:
    for dying, cannot_wait, resources, danger in product(
        [True, False], [True, False], [0, 1, 2], [True, False]
    ):
        answers = Answers(dying=dying, cannot_wait=cannot_wait, resources=resources, danger=danger)

        assert decide(answers) == _by_the_handbook(dying, cannot_wait, resources, danger)


def test_the_questions_may_be_answered_in_any_order_of_impatience() -> None:
    assert decide(Answers()) is None
    assert decide(Answers(dying=False, cannot_wait=False)) is None
    assert decide(Answers(cannot_wait=True)) is Severity.SEV2


@pytest.mark.parametrize(
    ("newest_first", "phase"),
    [
        ([], Phase.TRIAGE),
        ([Kind.NOTE, Kind.VITAL], Phase.TRIAGE),
        ([Kind.HYPOTHESIS], Phase.DIFFERENTIAL),
        ([Kind.NOTE, Kind.TEST, Kind.HYPOTHESIS], Phase.TESTING),
        ([Kind.INTERVENTION, Kind.TEST], Phase.INTERVENTION),
        ([Kind.OUTCOME, Kind.INTERVENTION], Phase.REEVALUATION),
    ],
)
def test_the_phase_follows_from_what_was_logged_last(newest_first: list[Kind], phase: Phase) -> None:
    assert phase_of(newest_first, resolved=False) is phase
    assert phase_of(newest_first, resolved=True) is Phase.RESOLVED
