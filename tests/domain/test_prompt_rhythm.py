"""How often an incident is looked at: the table, what bad signs make of it, and beats that do not drift."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.incident import Severity
from bot.domain.prompts.rhythm import beats, interval_of, worse_since
from bot.domain.signs.stability import Alarm
from bot.domain.work.fold import fold
from bot.domain.work.steps import Recorded, Started, Step
from bot.domain.work.workup import Workup
from tests.domain.table import ANA, NOON, at
from tests.domain.watch import measured, minutes

MINUTE = timedelta(minutes=1)
SINGLE = "throughput=0.4x drift=0.05 p99=0.5x grad_norm=1x"
FIVE = "throughput=0.6x drift=0.3 p99=0.9x grad_norm=1x"
SIX = "throughput=0.6x drift=0.3 p99=1.5x grad_norm=1x"
SEVEN = "throughput=0.6x drift=0.3 p99=1.5x grad_norm=4x"
WELL = "throughput=1x drift=0.05 p99=0.5x grad_norm=1x"
TWO = "throughput=1x drift=0.05 p99=1.5x grad_norm=1x"
FOUR = "throughput=0.6x drift=0.3 p99=0.5x grad_norm=1x"

signs = st.sampled_from([SINGLE, FIVE, SIX, SEVEN, WELL, TWO, FOUR, "loss=nan", "loss=1", "gpus_idle=3"])


def after(said: Sequence[str | Step], *, apart: timedelta = MINUTE) -> Workup:
    """The workup after these readings, one after the other, and other steps between them."""
    steps = [measured(each) if isinstance(each, str) else each for each in said]
    return fold(
        Recorded(seq=place, step=step, by=ANA, at=NOON + place * apart) for place, step in enumerate(steps)
    )


def interval(severity: int, *said: str | Step, every: timedelta | None = None) -> float | None:
    found = interval_of(Severity(severity), after(said), every)
    return found / MINUTE if found else None


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ([], (15, 30, 60, 120, None)),
        ([WELL], (15, 30, 60, 120, None)),
        ([FOUR], (15, 30, 60, 120, None)),
        ([SINGLE], (15, 15, 15, 15, 15)),
        ([FIVE], (15, 15, 15, 15, 15)),
        ([SIX], (15, 15, 15, 15, 15)),
        ([SEVEN], (5, 5, 5, 5, 5)),
        ([WELL, TWO], (15, 30, 60, 120, None)),
    ],
)
def test_bad_signs_shorten_the_interval_of_the_severity(signs: list[str], expected: object) -> None:
    assert tuple(interval(severity, *signs) for severity in Severity) == expected


def test_a_mitigation_counts_two_points_towards_the_score_that_shortens_it() -> None:
    fix = Started(name="A1", plan="A", text="shed traffic", window=timedelta(hours=1))

    assert interval(3, FIVE) == 15
    assert interval(3, fix, FIVE) == 5


@pytest.mark.parametrize(("said", "expected"), [([], 40), ([SINGLE], 15), ([SEVEN], 5)])
def test_what_people_ask_for_replaces_the_table_and_bad_signs_shorten_that_too(
    said: list[str], expected: float
) -> None:
    every = timedelta(minutes=40)

    assert [interval(severity, *said, every=every) for severity in Severity] == [expected] * 5


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([SEVEN, SIX], 5),
        ([SEVEN, SIX, SIX], 15),
        ([SEVEN, WELL, SIX], 15),
        ([SEVEN, WELL], 5),
        ([SEVEN, WELL, WELL], 60),
        ([SINGLE, WELL], 15),
        ([SINGLE, WELL, WELL], 60),
        ([SEVEN, WELL, SEVEN, WELL], 5),
        ([SEVEN, "gpus_idle=3", "gpus_idle=2"], 5),
        ([SEVEN, WELL, "gpus_idle=2"], 5),
    ],
)
def test_the_interval_steps_down_after_two_lower_readings_in_a_row(said: list[str], expected: float) -> None:
    assert interval(3, *said) == expected


@settings(max_examples=30)
@given(st.lists(st.tuples(signs, signs), max_size=6), signs, signs)
def test_signs_that_alternate_do_not_make_it_flap(
    before: list[tuple[str, str]], one: str, other: str
) -> None:
    past = [each for pair in before for each in pair]
    found = [interval(3, *past, *([one, other] * times)) for times in (2, 3, 4)]

    found += [interval(3, *past, *([one, other] * times), one) for times in (2, 3, 4)]

    assert len(set(found)) == 1


@given(st.lists(signs, max_size=8), signs)
def test_a_reading_shortens_the_interval_at_once_and_lengthens_it_by_no_more_than_the_one_before(
    said: list[str], last: str
) -> None:
    own, now, before = interval(3, last), interval(3, *said, last), interval(3, *said)

    assert now is not None
    assert before is not None
    assert own is None or now <= max(own, before) or now == 60


@pytest.mark.parametrize(("severity", "count"), [(1, 16), (2, 8), (3, 4), (4, 2)])
def test_four_hours_have_their_beats_at_whole_intervals_without_drift(severity: int, count: int) -> None:
    every = interval_of(Severity(severity), Workup(), None)
    assert every

    found = {beat for minute in range(241) for beat in beats(NOON, every, at(minute)) if beat <= at(240)}

    assert sorted(found) == [NOON + place * every for place in range(1, count + 1)]


@given(st.integers(1, 600), st.integers(-600, 100_000), st.integers(0, 59_999_999))
def test_the_beats_are_the_last_that_has_come_and_the_next(every: int, later: int, micros: int) -> None:
    interval = timedelta(minutes=every)
    now = NOON + timedelta(minutes=later, microseconds=micros)

    found = beats(NOON, interval, now)

    assert all((beat - NOON) % interval == timedelta() and beat > NOON for beat in found)
    assert found[-1] > now
    assert all(beat <= now for beat in found[:-1])
    assert all(later - earlier == interval for earlier, later in pairwise(found))
    assert len(found) == (1 if now < NOON + interval else 2)


def told(*said: str) -> tuple[float, frozenset[Alarm]] | None:
    """Since which reading the signs call for a look, the first is 0, and why."""
    found = worse_since(after(said))
    return found and (minutes(found[0]), found[1])


@pytest.mark.parametrize(
    ("said", "since"),
    [
        ([], None),
        ([WELL], None),
        ([FOUR], None),
        ([SINGLE], 0),
        ([FIVE], 0),
        ([SEVEN], 0),
        ([WELL, TWO], 1),
        ([WELL, TWO, TWO], None),
        # What stays as bad as it was is not news, nor is what gets better.
        ([SINGLE, SINGLE, SINGLE], 0),
        ([FIVE, SIX], 0),
        ([SEVEN, SIX, SIX], 0),
        ([SINGLE, WELL], None),
        # What gets worse is news, and stays the same news.
        ([SIX, SEVEN], 1),
        ([SIX, SEVEN, SIX], 1),
        ([WELL, SINGLE], 1),
        ([WELL, SINGLE, SINGLE], 1),
        ([SINGLE, "p99=0.5x", "p99=1.5x"], 2),
        ([SINGLE, "p99=0.5x", "p99=1.5x", "p99=1.5x"], 2),
        ([SINGLE, WELL, SINGLE], 2),
        ([SINGLE, "gpus_idle=3"], 0),
    ],
)
def test_signs_call_for_a_look_when_they_get_worse(said: list[str], since: int | None) -> None:
    found = told(*said)

    assert (found[0] if found else None) == since


@pytest.mark.parametrize(
    ("said", "alarms"),
    [
        ([SINGLE], {Alarm.SINGLE}),
        ([FIVE], {Alarm.REVIEW}),
        ([SIX], {Alarm.REVIEW}),
        ([SEVEN], {Alarm.EMERGENCY}),
        ([WELL, TWO], {Alarm.RISE}),
        ([WELL, SINGLE], {Alarm.SINGLE, Alarm.RISE}),
    ],
)
def test_why_they_call_is_told(said: list[str], alarms: set[Alarm]) -> None:
    found = told(*said)

    assert found
    assert found[1] == alarms


@given(st.lists(signs, min_size=1, max_size=8))
def test_a_reading_that_is_repeated_is_no_news(said: list[str]) -> None:
    once, twice = told(*said), told(*said, said[-1])

    assert twice is None or once is not None
    if once and twice:
        assert twice[0] == once[0]


def test_the_moment_is_that_of_the_reading() -> None:
    found = worse_since(after([WELL, SINGLE], apart=timedelta(minutes=7)))

    assert found
    assert found[0] == NOON + timedelta(minutes=7)
    assert isinstance(found[0], datetime)
