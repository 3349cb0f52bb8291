"""How fast messages may follow each other."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pace import CHANNEL, WORKSPACE, Pace, takes

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)

paces = st.builds(
    Pace,
    interval=st.timedeltas(min_value=timedelta(milliseconds=10), max_value=timedelta(minutes=1)),
    burst=st.integers(1, 60),
)
# Moments at which somebody has a message to send, as the time since the one before.
waits = st.lists(st.timedeltas(min_value=timedelta(), max_value=timedelta(minutes=2)), max_size=120)


def sent(pace: Pace, waits: list[timedelta]) -> list[datetime]:
    """When the messages went that the place took at once; nobody tries again with the others."""
    now, free_at, found = NOON, None, []
    for wait in waits:
        now += wait
        if takes(free_at, now):
            free_at = pace.after(free_at, now)
            found.append(now)
    return found


@given(paces, waits, st.integers(1, 5))
def test_no_window_ever_holds_more_than_the_burst_and_one_for_each_interval(
    pace: Pace, waits: list[timedelta], intervals: int
) -> None:
    found = sent(pace, waits)

    for begin in found:
        window = [each for each in found if begin <= each <= begin + intervals * pace.interval]
        assert len(window) <= pace.burst + intervals


@given(paces, waits)
def test_a_place_that_was_quiet_for_long_enough_takes_a_whole_burst_at_once(
    pace: Pace, waits: list[timedelta]
) -> None:
    rested = [*waits, pace.burst * pace.interval, *[timedelta()] * (pace.burst - 1)]

    assert sent(pace, rested)[-pace.burst :] == [NOON + sum(rested, timedelta())] * pace.burst


@given(paces, waits)
def test_nobody_waits_longer_than_one_interval_for_a_place(pace: Pace, waits: list[timedelta]) -> None:
    now, free_at = NOON, None
    for wait in waits:
        now = max(now + wait, free_at or NOON)
        free_at = pace.after(free_at, now)
        assert free_at <= now + pace.interval


@pytest.mark.parametrize(("pace", "interval", "burst"), [(CHANNEL, 1, 4), (WORKSPACE, 0.2, 50)])
def test_a_place_takes_its_burst_and_then_one_an_interval(pace: Pace, interval: float, burst: int) -> None:
    steps = [timedelta(seconds=interval) / 10] * 1000

    found = sent(pace, [timedelta(), *[timedelta()] * burst, *steps])

    assert found[:burst] == [NOON] * burst
    later = [(each - NOON) / timedelta(seconds=interval) for each in found[burst:]]
    assert later == pytest.approx(range(1, len(later) + 1))
    assert len(later) == 100


def test_after_a_block_a_place_begins_with_a_single_message() -> None:
    blocked_until = NOON + 30 * SECOND

    assert not takes(blocked_until, blocked_until - timedelta(microseconds=1))
    assert takes(blocked_until, blocked_until)
    assert CHANNEL.after(blocked_until, blocked_until) == blocked_until + SECOND


def test_a_place_that_has_never_taken_a_message_takes_one() -> None:
    assert takes(None, NOON)
