"""How hypotheses are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.diagnosis.differential import Proposed
from bot.domain.diagnosis.estimate import WORDS, Estimate, How
from bot.domain.diagnosis.proposing import Argued, Line, Revised, RuledOut, Stance, read, read_line, written
from bot.domain.errors import NotUnderstood

sayings = [
    "x",
    "loss",
    "is",
    "30%",
    "0.3",
    "p",
    "impact",
    "3",
    "likely",
    "maybe",
    "assumes",
    "dtype",
    ",",
    "A",
    "•",
    "high",
    "7",
    "for:",
    "against",
    "ruled",
    "out",
    "by",
    "T1",
    "~30%",
    "30%?",
    "low",
    "too",
    "-5%",
]
statements = st.lists(st.sampled_from(sayings), min_size=1, max_size=5).map(
    lambda words: " ".join(["it", *words]).rstrip(" ,")
)
estimates = st.builds(Estimate, st.floats(0.001, 0.999)) | st.sampled_from(
    [Estimate(p, How.WORD) for p in WORDS.values()]
)
terms = {
    "estimate": st.none() | estimates,
    "impact": st.none() | st.integers(1, 5),
    "assumption": st.none() | st.sampled_from(["shape", "dtype", "schema", "model-input"]),
}
proposed = st.builds(Proposed, statement=statements, **terms)
revised = st.builds(Revised, letter=st.sampled_from(["A", "B", "I"]), **terms).filter(
    lambda each: each != Revised(letter=each.letter)
)
argued = st.builds(
    Argued,
    letter=st.sampled_from(["A", "B", "I"]),
    stance=st.sampled_from(list(Stance)),
    words=st.lists(st.sampled_from([*sayings, ":", "“x”", ";"]), min_size=1, max_size=5).map(" ".join),
)
ruled_out = st.builds(
    RuledOut, letter=st.sampled_from(["A", "B", "I"]), test=st.none() | st.integers(0, 999_999_999)
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("collator gets string columns", Proposed(statement="collator gets string columns")),
        (
            "collator gets string columns 60% impact 3",
            Proposed(statement="collator gets string columns", estimate=Estimate(0.6), impact=3),
        ),
        ("bad batch, impact 5, 30 %", Proposed(statement="bad batch", estimate=Estimate(0.3), impact=5)),
        ("bad batch 0.3", Proposed(statement="bad batch", estimate=Estimate(0.3))),
        ("bad batch (30%)", Proposed(statement="bad batch", estimate=Estimate(0.3))),
        ("bad batch <1%", Proposed(statement="bad batch", estimate=Estimate(0.003))),
        ("bad batch p=30", Proposed(statement="bad batch", estimate=Estimate(0.3))),
        ("bad batch p 30", Proposed(statement="bad batch", estimate=Estimate(0.3))),
        ("bad batch very likely", Proposed(statement="bad batch", estimate=Estimate(0.95, How.WORD))),
        ("wrong dtype assumes dtype", Proposed(statement="wrong dtype", assumption="dtype")),
        ("lost node 7", Proposed(statement="lost node 7")),
        ("dropout is 0.3", Proposed(statement="dropout is 0.3")),
        ("lr = 0.3", Proposed(statement="lr = 0.3")),
        ("GPU memory too low", Proposed(statement="GPU memory too low")),
        ("GPU memory is low", Proposed(statement="GPU memory is low")),
        ("bad batch ~30%", Proposed(statement="bad batch", estimate=Estimate(0.3))),
        ("bad batch ~ 30%", Proposed(statement="bad batch", estimate=Estimate(0.3))),
        ("bad batch 30%?", Proposed(statement="bad batch", estimate=Estimate(0.3))),
        ("bad batch (30%?)", Proposed(statement="bad batch", estimate=Estimate(0.3))),
        ("dropout is ~ 0.3", Proposed(statement="dropout is ~ 0.3")),
        ("A ~30%", Revised(letter="A", estimate=Estimate(0.3))),
        ("B 30%?", Revised(letter="B", estimate=Estimate(0.3))),
        ("B tree is slow", Proposed(statement="B tree is slow")),
        (
            "B \u0441\u043b\u043e\u043c\u0430\u043d",
            Proposed(statement="B \u0441\u043b\u043e\u043c\u0430\u043d"),
        ),
        ("A loss of 30%", Proposed(statement="A loss of 30%")),
        ("Z", Proposed(statement="Z")),
        ("1. bad batch", Proposed(statement="bad batch")),
        ("DB 70%", Proposed(statement="DB", estimate=Estimate(0.7))),
        ("A 70%", Revised(letter="A", estimate=Estimate(0.7))),
        ("A: 70", Revised(letter="A", estimate=Estimate(0.7))),
        ("B impact 4", Revised(letter="B", impact=4)),
        ("A batch is bad", Proposed(statement="A batch is bad")),
    ],
)
def test_a_hypothesis_is_read_as_it_is_meant(line: str, expected: Line) -> None:
    assert read_line(line, known=("A", "B")) == expected


@pytest.mark.parametrize(
    ("line", "stance", "words"),
    [
        ("A for: KeyError 'text' in row 3", Stance.FOR, "KeyError 'text' in row 3"),
        ("A pro: x", Stance.FOR, "x"),
        ("A supports: x", Stance.FOR, "x"),
        ("A against: loss fell 30%", Stance.AGAINST, "loss fell 30%"),
        ("A con: x", Stance.AGAINST, "x"),
        ("A Contra : x", Stance.AGAINST, "x"),
        ("A contradicts:x", Stance.AGAINST, "x"),
        ("A absent: no OOM in the logs", Stance.ABSENT, "no OOM in the logs"),
        ("A missing: x", Stance.ABSENT, "x"),
        ("- A: expected: x: y", Stance.ABSENT, "x: y"),
    ],
)
def test_what_argues_about_a_hypothesis_is_read_as_it_is_meant(line: str, stance: Stance, words: str) -> None:
    assert read_line(line, known=("A", "B")) == Argued(letter="A", stance=stance, words=words)


@pytest.mark.parametrize(
    ("line", "test"),
    [
        ("B ruled out by T1", 1),
        ("B excluded by T2", 2),
        ("B eliminated by test 12.", 12),
        ("B was excluded by test t2", 2),
        ("B is ruled out", None),
        ("• B: Ruled out", None),
        ("B eliminated", None),
    ],
)
def test_a_hypothesis_is_ruled_out_with_or_without_its_test(line: str, test: int | None) -> None:
    assert read_line(line, known=("A", "B")) == RuledOut(letter="B", test=test)


@pytest.mark.parametrize(
    "line",
    [
        "C for: KeyError in row 3",
        "C ruled out by T1",
        "C ruled out by the logs",
        "A for want of memory",
        "A against the wall",
        "a for: KeyError",
        "B ruled outliers in",
        "the A for: x",
        "A m\u0131ssing: x",
    ],
)
def test_without_a_known_letter_or_a_colon_it_is_a_statement_like_any_other(line: str) -> None:
    assert read_line(line, known=("A", "B")) == Proposed(statement=line)


@pytest.mark.parametrize(
    "line",
    [
        "I think the loader is slow",
        "I ruled out",
        "I ruled out: the loader",
        "I expected: a finite loss",
        "I excluded by T1",
    ],
)
def test_a_sentence_about_its_writer_is_a_statement_even_where_a_hypothesis_is_called_i(line: str) -> None:
    assert read_line(line, known=("H", "I")) == Proposed(statement=line)


def test_with_a_colon_or_a_number_i_is_a_hypothesis() -> None:
    known = ("H", "I")

    assert read_line("I 30%", known) == Revised(letter="I", estimate=Estimate(0.3))
    assert read_line("I: for: row 3 is empty", known) == Argued(
        letter="I", stance=Stance.FOR, words="row 3 is empty"
    )
    assert read_line("I: ruled out by T1", known) == RuledOut(letter="I", test=1)


def test_several_lines_are_several_hypotheses() -> None:
    assert read("a one 60%\n\n- b two\n A 20%", known=("A",)) == [
        Proposed(statement="a one", estimate=Estimate(0.6)),
        Proposed(statement="b two"),
        Revised(letter="A", estimate=Estimate(0.2)),
    ]


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("bad batch maybe", "very likely"),
        ("bad batch, high", "very likely"),
        ("oom high", "very likely"),
        ("GPU memory Medium", "very likely"),
        ("bad batch maybe?", "very likely"),
        ("A low", "very likely"),
        ("A high", "very likely"),
        ("A -5%", "`dx: A ` and then a number"),
        ("A thirty percent", "`dx: A ` and then a number"),
        ("A fifty-fifty", "`dx: A ` and then a number"),
        ("A is 30%", "`dx: A ` and then a number"),
        ("A now 40%", "`dx: A ` and then a number"),
        ("a -5%", "`dx: A ` and then a number"),
        ("a 20%", "`dx: A 40%`"),
        ("Z 40%", "There is no Z.\nTry: one of A"),
        ("z likely", "There is no Z.\nTry: one of A"),
        ("Z: 40", "There is no Z.\nTry: one of A"),
        ("bad batch p=low", "very likely"),
        ("bad batch 130%", "very likely"),
        ("bad batch impact 9", "impact 5"),
        ("", "dx: collator"),
        ("60%", "dx: collator"),
        ("A", "A 40%"),
        ("A for:", "A for: KeyError"),
        ("A ruled out by the logs", "A ruled out by T1"),
        ("A ruled out: the logs are clean", "A against: why"),
    ],
)
def test_what_means_nothing_is_refused_with_what_would_do(line: str, instead: str) -> None:
    with pytest.raises(NotUnderstood, match=instead):
        read(line, known=("A",))


def test_a_letter_where_nothing_has_its_letter_yet_is_refused_with_an_example() -> None:
    with pytest.raises(NotUnderstood, match=r"There is no A\.\nTry: `dx: collator"):
        read("A 40%")


@given(proposed | revised | argued | ruled_out)
def test_what_is_written_is_read_back_the_same(value: Line) -> None:
    assert read_line(written(value, ("A", "B", "I")), ("A", "B", "I")) == value


@given(st.text() | st.lists(st.sampled_from(["A", "a", "Z", "\n", *sayings])).map(" ".join))
def test_whatever_is_read_can_be_written_and_read_again(text: str) -> None:
    try:
        found = read(text, known=("A",))
    except NotUnderstood:
        return

    assert [read_line(written(each, ("A",)), ("A",)) for each in found] == found
