"""Probabilities as people say them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.diagnosis.estimate import (
    LEAST,
    MOST,
    STEPS,
    WORDS,
    Estimate,
    How,
    by_rank,
    menu,
    nearest_step,
    nearest_word,
    percent,
    read,
    written,
)
from bot.domain.errors import NotUnderstood

numbers = st.floats(LEAST, MOST)
estimates = st.one_of(
    st.builds(Estimate, numbers, st.sampled_from([How.NUMBER, How.RANKING])),
    st.sampled_from([Estimate(p, How.WORD) for p in WORDS.values()]),
)


@pytest.mark.parametrize(
    ("text", "p"),
    [
        ("0.3", 0.3),
        (".3", 0.3),
        ("0,3", 0.3),
        ("30%", 0.3),
        ("30 %", 0.3),
        ("30％", 0.3),
        ("30", 0.3),
        ("~ 30", 0.3),
        ("30 percent", 0.3),
        ("0.5%", 0.005),
        ("1%", 0.01),
        ("99", 0.99),
        ("100%", MOST),
        ("0", LEAST),
        ("< 1%", 0.003),
        (">99%", 0.997),
        (" Very  Likely ", 0.95),
        ("as likely as not", 0.5),
    ],
)
def test_a_number_or_a_word_of_the_menu_is_read_however_it_is_written(text: str, p: float) -> None:
    assert read(text).p == p


@pytest.mark.parametrize(
    "text",
    [
        "possible",
        "maybe",
        "low",
        "medium",
        "high",
        "probably",
        "",
        "1",
        "101%",
        "-3",
        "3/4",
        "٣٠%",
        "nan",
        "inf",
    ],
)
def test_what_means_nothing_is_refused_with_the_menu(text: str) -> None:
    with pytest.raises(NotUnderstood) as refusal:
        read(text)

    assert menu() in str(refusal.value)


def test_the_words_are_those_of_the_ipcc() -> None:
    assert list(WORDS.values()) == [0.005, 0.05, 0.20, 0.50, 0.80, 0.95, 0.995]


@given(estimates)
def test_what_is_written_is_read_back_to_the_last_bit(estimate: Estimate) -> None:
    assert read(written(estimate)) == estimate


@given(st.text())
def test_no_text_gives_anything_but_a_probability_or_a_refusal(text: str) -> None:
    try:
        p = read(text).p
    except NotUnderstood:
        return

    assert LEAST <= p <= MOST


@given(numbers)
def test_the_menus_hold_something_near_every_number(p: float) -> None:
    assert abs(nearest_step(p).p - p) <= 0.03
    assert nearest_word(p).p in WORDS.values()
    assert nearest_step(p).p in STEPS


@given(st.sampled_from(sorted(WORDS.values())))
def test_a_words_own_number_is_called_by_that_word(p: float) -> None:
    assert nearest_word(p) == Estimate(p, How.WORD)


@given(st.integers(1, 12), st.floats(0.05, 1))
def test_a_ranking_falls_by_the_same_ratio_and_shares_out_everything(count: int, mass: float) -> None:
    shares = by_rank(count, mass)

    assert sum(shares) == pytest.approx(mass)
    assert all(later == pytest.approx(0.6 * earlier) for earlier, later in pairwise(shares))


def test_what_is_shown_is_honest_near_both_ends() -> None:
    assert [percent(p) for p in (0.004, 0.01, 0.31, 0.99, 0.995)] == ["<1%", "1%", "31%", "99%", ">99%"]
