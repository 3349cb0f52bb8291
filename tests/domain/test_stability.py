"""The early-warning score and the stability word, over every series of readings."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import MessageTs, UserId
from bot.domain.signs.stability import (
    Alarm,
    Condition,
    Stability,
    Taken,
    Taking,
    Vitals,
    condition_of,
    unrest,
    with_taking,
)
from bot.domain.signs.vital_grammar import read
from bot.domain.signs.vitals import Vital

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANA = UserId("U0ANA")
RANKS = list(Stability)

signs = st.sampled_from(
    [
        *("loss=nan", "loss=1.2", "throughput=0.4x", "throughput=0.6x", "throughput=1x", "grad_norm=4x"),
        *("p99=0.5x", "p99=1.5x", "p99=3x", "burn=0.1", "burn=7", "burn=20", "drift=0.3", "schema=ok"),
        *("p99=2s", "gpus_idle=3", "loss_trend=flat", "grad_norm=40x"),
    ]
)
series = st.lists(
    st.tuples(st.lists(signs, min_size=1, max_size=3).map(" ".join), st.sampled_from([None, "A1"])),
    max_size=8,
)


def after(
    said: Sequence[str | tuple[str, str | None]], *, messages: Sequence[str | None] | None = None
) -> Vitals:
    """The vitals after these replies, each of them alone or with the name of the active mitigation."""
    vitals = Vitals()
    for place, each in enumerate(said):
        text, support = each if isinstance(each, tuple) else (each, None)
        message = messages[place] if messages else None
        taking = Taking(
            taken=tuple(Taken(reading=reading) for reading in read(text)),
            at=NOON + timedelta(minutes=place),
            by=ANA,
            message=MessageTs(message) if message else None,
            support=support,
        )
        vitals = with_taking(vitals, taking)
    return vitals


def now(*said: str, support: str | None = None) -> Condition:
    return condition_of(after(said), support)


def words(*said: str) -> list[Stability]:
    """The word after each of the replies."""
    return [now(*said[: place + 1]).word for place in range(len(said))]


@pytest.mark.parametrize(
    ("said", "word", "score", "why"),
    [
        ("loss=1.2", Stability.STABLE, 0, "all known signs are well"),
        ("throughput=0.6x drift=0.3", Stability.STABLE, 4, "no sign is at 3"),
        ("throughput=0.6x drift=0.3 p99=0.9x", Stability.WATCHER, 5, "a score of 5"),
        ("throughput=0.6x drift=0.3 p99=1.5x", Stability.WATCHER, 6, "a score of 6"),
        ("throughput=0.6x drift=0.3 p99=1.5x grad_norm=4x", Stability.UNSTABLE, 7, "a score of 7"),
        ("throughput=0.4x", Stability.WATCHER, 3, "throughput is 0.4x"),
        ("p99=3x", Stability.WATCHER, 3, "p99 is 3x"),
        ("loss=nan", Stability.UNSTABLE, 3, "loss is NaN"),
        ("burn=14.4", Stability.UNSTABLE, 3, "burn rate is 14.4"),
        ("schema=mismatch", Stability.UNSTABLE, 3, "schema does not match"),
        ("gpus_idle=16 p99=2.1s", Stability.UNKNOWN, None, "nothing was read that has a score"),
    ],
)
def test_the_word_and_its_reason_follow_from_the_signs(
    said: str, word: Stability, score: int | None, why: str
) -> None:
    found = now(said)

    assert (found.word, found.score, found.why) == (word, score, why)


def test_nothing_is_known_when_nothing_was_read() -> None:
    assert condition_of(Vitals(), None).word is Stability.UNKNOWN
    assert condition_of(Vitals(), "A1").score is None


def test_a_normal_reading_under_an_active_mitigation_scores_two_and_is_watched() -> None:
    found = now("loss=1.2 throughput=1x", support="A1")

    assert (found.word, found.score, found.why) == (Stability.WATCHER, 2, "A1 is active")


def test_the_points_of_a_mitigation_count_towards_the_seven() -> None:
    five = "throughput=0.6x drift=0.3 p99=0.9x"

    assert now(five, support="A1").word is Stability.UNSTABLE
    assert now(five).word is Stability.WATCHER


def test_a_rise_by_two_between_two_readings_is_watched() -> None:
    found = now("throughput=1x p99=0.5x", "throughput=0.6x p99=0.5x")

    assert (found.word, found.why) == (Stability.WATCHER, "up 2 since the reading before")
    assert found.alarms == {Alarm.RISE}
    assert now("throughput=1x", "throughput=0.8x").word is Stability.STABLE


def test_a_sign_that_was_unknown_did_not_rise() -> None:
    assert now("loss=1.2", "throughput=0.6x").word is Stability.STABLE


@pytest.mark.parametrize(
    ("said", "alarms"),
    [
        ("loss=1.2", set()),
        ("throughput=0.4x", {Alarm.SINGLE}),
        ("throughput=0.6x drift=0.3 p99=0.9x", {Alarm.REVIEW}),
        ("loss=nan throughput=0.4x drift=0.1", {Alarm.SINGLE, Alarm.EMERGENCY}),
    ],
)
def test_what_calls_for_a_look_is_told(said: str, alarms: set[Alarm]) -> None:
    assert now(said).alarms == alarms


def test_the_word_goes_up_at_once_and_down_after_two_lower_readings() -> None:
    found = words("loss=1", "loss=nan", "loss=1", "loss=1")

    assert found == [Stability.STABLE, Stability.UNSTABLE, Stability.UNSTABLE, Stability.STABLE]
    assert now("loss=1", "loss=nan", "loss=1").why == "no two lower readings in a row yet"


def test_it_goes_down_only_as_far_as_both_readings_do() -> None:
    found = words("loss=nan", "loss=1 throughput=0.4x", "throughput=1x", "throughput=1x")

    assert found == [Stability.UNSTABLE, Stability.UNSTABLE, Stability.WATCHER, Stability.STABLE]


def test_an_alternating_series_does_not_flap() -> None:
    found = words(*["loss=nan", "loss=1"] * 6)

    assert set(found) == {Stability.UNSTABLE}


def test_readings_that_tell_nothing_neither_lower_nor_raise_the_word() -> None:
    assert words("loss=nan", "loss=1", "gpus_idle=0", "step=4")[-1] is Stability.UNSTABLE


def test_lines_of_one_message_are_one_reading() -> None:
    apart = after(["loss=nan", "loss=1", "throughput=1x"])
    together = after(["loss=nan", "loss=1", "throughput=1x"], messages=["1", "2", "2"])

    assert condition_of(apart, None).word is Stability.STABLE
    assert condition_of(together, None).word is Stability.UNSTABLE
    assert len(together.series) == 2


def test_what_a_sign_is_compared_with_is_said_once_and_counts_from_then_on() -> None:
    found = after(["p99=2.1s", "p99=900ms slo 1s", "p99=2.1s", "p99=2100"])

    assert [each.scores.get(Vital.LATENCY) for each in found.series] == [None, 1, 3, None]


def test_a_sign_keeps_what_was_last_read_of_it_and_the_worst_of_its_measures_counts() -> None:
    found = now("schema=mismatch drift=0.05", "drift=0.3", "throughput=1x")

    assert (found.score, found.word) == (3, Stability.UNSTABLE)
    assert Vital.INPUT_DATA not in found.unknown
    assert Vital.BURN_RATE in found.unknown


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ([], ""),
        (["gpus_idle=16"], ""),
        (["loss=nan", "throughput=1x", "throughput=1x"], "loss is NaN (3)"),
        (["throughput=0.6x", "throughput=0.8x"], "one more reading is missing"),
        (["throughput=0.8x"], "one more reading is missing"),
        (["loss=1", ("loss=1", "A1")], "A1 was active when they were read"),
        ([("loss=1", "A1"), "loss=1"], "A1 was active when they were read"),
        ([("loss=1", "A1"), "loss=1", "loss=1"], ""),
        (["loss=nan", "loss=1", "loss=1 throughput=0.8x"], ""),
    ],
)
def test_signs_are_calm_after_two_readings_at_0_or_1_without_a_mitigation(
    said: list[str | tuple[str, str | None]], missing: str
) -> None:
    assert unrest(after(said)) == missing


@given(series, st.sampled_from([None, "A1"]))
def test_the_score_is_in_its_range_and_the_unknown_is_never_counted_as_well(
    said: list[tuple[str, str | None]], support: str | None
) -> None:
    found = condition_of(after(said), support)

    known = len(Vital) - len(found.unknown)
    assert (found.score is None) == (known == 0)
    assert found.score is None or 0 <= found.score <= 3 * known + 2 <= 23


@given(series)
def test_the_word_falls_only_where_the_reading_before_was_lower_already(
    said: list[tuple[str, str | None]],
) -> None:
    every = [condition_of(after(said[: place + 1]), None) for place in range(len(said))]

    for before, last in pairwise(every):
        if Stability.UNKNOWN is not last.word and RANKS.index(last.word) < RANKS.index(before.word):
            assert before.why.startswith("no two")


@given(series, signs)
def test_a_reading_that_is_repeated_settles_the_word_by_the_third_time(
    said: list[tuple[str, str | None]], last: str
) -> None:
    vitals = [after([*said, *[(last, None)] * times]) for times in (3, 4)]

    assert condition_of(vitals[0], None) == condition_of(vitals[1], None)


@given(series)
def test_while_a_mitigation_is_active_nothing_is_stable(said: list[tuple[str, str | None]]) -> None:
    assert condition_of(after(said), "A1").word is not Stability.STABLE


@given(series)
def test_a_mitigation_makes_nothing_look_better(said: list[tuple[str, str | None]]) -> None:
    vitals = after(said)

    alone, helped = condition_of(vitals, None), condition_of(vitals, "A1")

    assert RANKS.index(helped.word) >= RANKS.index(alone.word)
    assert (helped.score or 0) - (alone.score or 0) in {0, 2}


@given(series)
def test_calm_signs_need_two_readings_and_no_sign_above_1(said: list[tuple[str, str | None]]) -> None:
    vitals = after(said)

    if vitals.scores and not unrest(vitals):
        assert max(vitals.scores.values()) <= 1
        assert [each.support for each in vitals.scored[-2:]] == [None, None]
