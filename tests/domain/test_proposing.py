"""How hypotheses are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.differential import Proposed
from bot.domain.errors import NotUnderstood
from bot.domain.estimate import WORDS, Estimate, How
from bot.domain.proposing import Revised, read, read_line, written

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
revised = st.builds(Revised, letter=st.sampled_from(["A", "B"]), **terms).filter(
    lambda each: each != Revised(letter=each.letter)
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
        ("1. bad batch", Proposed(statement="bad batch")),
        ("DB 70%", Proposed(statement="DB", estimate=Estimate(0.7))),
        ("A 70%", Revised(letter="A", estimate=Estimate(0.7))),
        ("A: 70", Revised(letter="A", estimate=Estimate(0.7))),
        ("B impact 4", Revised(letter="B", impact=4)),
        ("A batch is bad", Proposed(statement="A batch is bad")),
    ],
)
def test_a_hypothesis_is_read_as_it_is_meant(line: str, expected: Proposed | Revised) -> None:
    assert read_line(line, known=("A", "B")) == expected


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
        ("bad batch p=low", "very likely"),
        ("bad batch 130%", "very likely"),
        ("bad batch impact 9", "impact 5"),
        ("", "dx: collator"),
        ("60%", "dx: collator"),
        ("A", "A 40%"),
    ],
)
def test_what_means_nothing_is_refused_with_what_would_do(line: str, instead: str) -> None:
    with pytest.raises(NotUnderstood, match=instead):
        read(line, known=("A",))


@given(proposed | revised)
def test_what_is_written_is_read_back_the_same(value: Proposed | Revised) -> None:
    assert read_line(written(value, ("A", "B")), ("A", "B")) == value


@given(st.text())
def test_whatever_is_read_can_be_written_and_read_again(text: str) -> None:
    try:
        found = read(text, known=("A",))
    except NotUnderstood:
        return

    assert [read_line(written(each, ("A",)), ("A",)) for each in found] == found
