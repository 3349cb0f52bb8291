"""A printed handoff says everything, survives whatever people have typed, and its head is short."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.handoff.head import MOST_WORDS, Room, head
from bot.domain.handoff.markdown import facts, markdown, parse_markdown
from tests.domain.any_case import made
from tests.domain.handed import case, handed, table_of, whole, with_part
from tests.domain.table import at

seeds = st.integers(0, 5000)
texts = st.text(min_size=1, max_size=80) | st.sampled_from(
    ["–", " | ", "\\", "\n## I\n", "| --- |", "&#10;", "  "]
)


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_the_facts_come_back_from_print(seed: int) -> None:
    found = made(seed)
    document = handed(found.case, now=found.now)

    read = parse_markdown(markdown(document))

    assert read == facts(document)
    printed = {
        " ".join(value.split()) for rows in read.sections.values() for each in rows for value in each.values()
    }
    everything = "\n".join(printed)
    assert [each for each in found.told if each not in everything] == []


@given(texts, texts, texts)
@example("### Tests\n\n| a |\n| --- |\n| b |", "a\r\nb", "end \\")
def test_no_text_can_pass_for_something_of_ours(first: str, second: str, third: str) -> None:
    document = with_part(handed(), "patient", title=first, impact=second)
    rows = document.patient.tests
    hostile = rows[0].model_copy(update={"question": third, "words": first})
    document = with_part(document, "patient", tests=(hostile, *rows[1:]))

    read = parse_markdown(markdown(document))

    assert read == facts(document)
    assert len(read.rows("Tests")) == 2


def test_the_head_says_first_which_contingency_has_happened() -> None:
    known = whole()
    known.says("if: IF2 happened")

    worry = head(handed(case(known))).part("worry").lines

    plans = [line for line in worry if "loss > 4" in line or "the shard fails again" in line]
    assert plans[0].startswith("the shard fails again has happened (")
    assert plans[1].startswith("if loss > 4, then")


def leaves(value: object) -> Iterator[str]:
    """Every text, number and moment of a dumped document, as it is printed."""
    match value:
        case dict():
            for each in value.values():
                yield from leaves(each)
        case list() | tuple():
            for each in value:
                yield from leaves(each)
        case datetime():
            yield f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
        case bool() | None:
            return
        case int() | float() | str():
            yield str(value)


def test_every_value_of_a_document_is_printed() -> None:
    document = with_part(handed(), "asked", names={})
    values = {value for rows in facts(document).sections.values() for row in rows for value in row.values()}
    everything = "\n".join(values)
    dumped = document.model_dump(
        exclude={"version": True, "asked": {"names"}, "patient": {"events": {"__all__": {"kind"}}}}
    )

    assert [each for each in leaves(dumped) if each not in everything] == []


def test_the_headings_are_those_of_i_pass_in_order() -> None:
    lines = markdown(handed()).splitlines()

    assert [line[3] for line in lines if line.startswith("## ")] == [*"IPASS"]


def test_what_the_facts_say_can_be_asked_for() -> None:
    found = facts(handed())

    assert found.value("How bad it is", "severity") == "SEV2"
    assert found.value("Summary", "onset") == "2026-11-23T11:21:00Z"
    assert found.value("Summary", "nothing of that name") == ""
    assert [row["action"] for row in found.rows("To do")] == ["TD1", "TD2"]
    assert found.rows("No such heading") == ()


def test_the_head_answers_what_a_reader_has_to_know() -> None:
    found = head(handed())

    assert found.title == "SEV2 · watcher, score 5: throughput is 0.4x"
    assert "A 90%: string columns reach the collator" in found.part("probably").lines
    assert found.part("out").lines == ("D stale cache (by @U0ANA)",)
    assert "A1 cast to int: worked" in found.part("tried").lines
    assert found.part("next").lines[0] == "TD1 rerun the eval, due 2026-11-23T14:14Z"
    assert "if loss > 4, then roll back to step 2900 @U0BEN" in found.part("worry").lines
    assert "throughput 0.4x (scores 3, bad in 2 readings)" in found.part("worry").lines


def test_the_head_of_what_nobody_knows_says_so() -> None:
    found = head(handed(case(table_of([]))))

    assert found.title == "SEV2 · stability not known: nothing was read that has a score"
    assert found.part("probably").lines == ("nobody has named a hypothesis",)
    assert found.part("next").lines == ("no action was named",)
    assert "impact not said" in found.part("what").lines[1]


@pytest.mark.parametrize("word", ["word", "日本語日本語日本語", "x" * 300])
def test_the_head_is_short_whatever_the_incident(word: str) -> None:
    many = " ".join([word] * 40)
    lines = [f"impact: {many}"]
    lines += [f"dx: {many} {number} 5% impact 5" for number in range(12)]
    lines += [f"dx: {many} again {number} 2% impact 2" for number in range(4)]
    lines += [f"dx: {letter} ruled out" for letter in "MNOP"]
    lines += [line for n in range(4) for line in (f"fix: did {many} {n}; revert: x", "outcome: worked")]
    lines += [f"test: {many} {number} (5m)" for number in range(9)]
    lines += [f'todo: @U0BEN "{many} {number}" in 2h' for number in range(20)]
    lines += [f'if: "{many} {number}" then "{many}" @U0BEN for A' for number in range(12)]
    lines += ["vital: loss=nan throughput=0.4x p99=3x drift=0.3 schema=mismatch burn=20 grad_norm=inf"]
    found = head(handed(case(table_of(lines)), now=at(200)))

    assert found.words <= MOST_WORDS
    assert len(found.part("out").lines) + found.part("out").folded == 4
    assert len(found.part("tried").lines) + found.part("tried").folded == 4
    assert found.part("next").folded > 10
    assert found.part("next").more == f"and {found.part('next').folded} more"
    assert found.part("worry").folded > 5
    assert max(map(len, found.text.split("\n"))) < 1000


def test_a_text_is_cut_at_a_word() -> None:
    room = Room(rows=3, longer=1)

    assert room.brief("a b c d", 2) == "a b…"
    assert room.brief("a b", 2) == "a b"
    assert room.brief("x" * 300, 2) == "x" * 99 + "…"
