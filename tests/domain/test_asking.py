"""How tests and results are typed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.diagnosis.asking import Asked, Found, read_result, read_test, written_result, written_test
from bot.domain.diagnosis.testing import Verdict
from bot.domain.errors import NotUnderstood
from bot.domain.ids import UserId

ANA = UserId("U0ANA")
sayings = [
    "x",
    "(5m)",
    "(?)",
    "@U0BEN",
    "@?",
    "for",
    "A",
    "A,B",
    "?",
    "assumes",
    "dtype",
    "T1",
    "T?",
    "positive",
    "no",
]
texts = st.lists(st.sampled_from(sayings), max_size=5).map(" ".join)
spans = st.integers(1, 999_999).map(lambda seconds: timedelta(seconds=seconds))
asked = st.builds(
    Asked,
    question=texts.map(lambda text: f"run it {text}".strip()),
    takes=st.none() | spans,
    owner=st.none() | st.just(ANA),
    bears_on=st.lists(st.sampled_from(["A", "B", "AA"]), unique=True).map(tuple),
    assumption=st.none() | st.sampled_from(["dtype", "shape"]),
)
found = st.builds(
    Found,
    words=texts,
    test=st.none() | st.integers(1, 999),
    verdict=st.none() | st.sampled_from(list(Verdict)),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("run the collator on 8 rows", Asked(question="run the collator on 8 rows")),
        (
            "run the collator on 8 rows (5m) @U0ANA for A,B",
            Asked(
                question="run the collator on 8 rows",
                takes=timedelta(minutes=5),
                owner=ANA,
                bears_on=("A", "B"),
            ),
        ),
        (
            "look at nvidia-smi @U0ANA, (1h 30m)",
            Asked(question="look at nvidia-smi", takes=timedelta(minutes=90), owner=ANA),
        ),
        (
            "print the dtypes for A and B assumes dtype",
            Asked(question="print the dtypes", bears_on=("A", "B"), assumption="dtype"),
        ),
        ("run it for DB", Asked(question="run it for DB")),
        ("run it on f(x) (twice)", Asked(question="run it on f(x) (twice)")),
    ],
)
def test_a_test_is_read_as_it_is_meant(text: str, expected: Asked) -> None:
    assert read_test(text, known=("A", "B")) == expected


@pytest.mark.parametrize("text", ["  ", "…", "?", "(5m)", "5m", "(99999999m)", "(1h 30m) @U0ANA for A"])
def test_a_test_that_asks_nothing_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood, match="run the collator"):
        read_test(text)


def test_a_term_that_is_none_of_ours_stays_in_the_question() -> None:
    asked_for = read_test("run it for B; due 18:00")

    assert asked_for == Asked(question="run it for B; due 18:00")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "T1 positive KeyError 'text'",
            Found(words="KeyError 'text'", test=1, verdict=Verdict.POSITIVE),
        ),
        ("t12: neg", Found(words="", test=12, verdict=Verdict.NEGATIVE)),
        (
            "T1 inconclusive, ran out of memory",
            Found(words="ran out of memory", test=1, verdict=Verdict.INCONCLUSIVE),
        ),
        ("positive", Found(words="", verdict=Verdict.POSITIVE)),
        ("T1 pos\u0131tive", Found(words="pos\u0131tive", test=1)),
        ("T2 fails on row 3", Found(words="fails on row 3", test=2)),
        ("fails on row 3 with KeyError", Found(words="fails on row 3 with KeyError")),
        ("T1000x is slow", Found(words="T1000x is slow")),
        ("nobody knows", Found(words="nobody knows")),
        ("T1 no", Found(words="", test=1, verdict=Verdict.NEGATIVE)),
        ("T1 No.", Found(words="", test=1, verdict=Verdict.NEGATIVE)),
        ("T1 no, all clean", Found(words="all clean", test=1, verdict=Verdict.NEGATIVE)),
        ("T1 yes - row 3", Found(words="row 3", test=1, verdict=Verdict.POSITIVE)),
        ("yes: row 3", Found(words="row 3", verdict=Verdict.POSITIVE)),
    ],
)
def test_a_result_is_read_as_it_is_meant(text: str, expected: Found) -> None:
    assert read_result(text) == expected


@pytest.mark.parametrize(
    "words",
    [
        "no GPUs free, could not run it",
        "no-op, it changes nothing",
        "yes it did once",
        "pos encodings differ",
        "neg samples only",
    ],
)
def test_a_short_verdict_that_begins_a_sentence_is_left_to_it(words: str) -> None:
    assert read_result(f"T1 {words}") == Found(words=words, test=1)


@given(asked)
def test_a_test_that_is_written_is_read_back_the_same(value: Asked) -> None:
    assert read_test(written_test(value)) == value


@given(found)
def test_a_result_that_is_written_is_read_back_the_same(value: Found) -> None:
    assert read_result(written_result(value)) == value


@given(st.text())
def test_whatever_is_read_can_be_written_and_read_again(text: str) -> None:
    result = read_result(text)

    assert read_result(written_result(result)) == result
    try:
        test = read_test(text)
    except NotUnderstood:
        return

    assert read_test(written_test(test)) == test
