"""A digest comes once on each local date, whatever the clocks of its zone do."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.digest.schedule import (
    Punctuality,
    Schedule,
    Slot,
    last_slot,
    next_slot,
    punctuality,
    start_of,
)

A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
# Zones whose clocks do something unusual: half hours, quarters, midnight, two hours, a date that never was.
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Nuuk",
    "America/Havana",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Pyongyang",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "Antarctica/Troll",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
)
schedules = st.builds(
    Schedule, minute=st.integers(0, 24 * 60 - 1), zone=st.sampled_from(ZONES), weekdays=st.booleans()
)
moments = st.datetimes(datetime(2005, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants them so.
MADRID = Schedule(minute=150, zone="Europe/Madrid")


def after(schedule: Schedule, now: datetime, count: int) -> list[Slot]:
    """The next digests, as whoever sends one after the other meets them."""
    found = [next_slot(schedule, now)]
    while len(found) < count:
        found.append(next_slot(schedule, found[-1].at))
    return found


def dates(schedule: Schedule, first: date, last: date) -> list[date]:
    """The dates of a zone from one to another on which there is to be a digest."""
    zone = ZoneInfo(schedule.zone)
    days = (first + place * A_DAY for place in range((last - first).days + 1))
    real = (day for day in days if start_of(day, zone).astimezone(zone).date() == day)
    return [day for day in real if not schedule.weekdays or day.weekday() < 5]


@given(schedule=schedules, now=moments)
@example(schedule=Schedule(minute=540, zone="Pacific/Apia"), now=datetime(2011, 12, 28, tzinfo=UTC))
@example(schedule=Schedule(minute=1410, zone="America/Nuuk"), now=datetime(2024, 3, 28, tzinfo=UTC))
@example(schedule=Schedule(minute=0, zone="America/Sao_Paulo"), now=datetime(2018, 11, 1, tzinfo=UTC))
def test_every_date_has_one_digest_and_each_is_later_than_the_one_before(
    schedule: Schedule, now: datetime
) -> None:
    slots = after(schedule, now, 12)

    assert [slot.date for slot in slots] == dates(schedule, slots[0].date, slots[-1].date)
    assert all(before.at < later.at for before, later in pairwise(slots))
    assert slots[0].at > now


@given(schedule=schedules, now=moments)
def test_clocks_show_the_minute_that_was_ordered_unless_they_skip_it(
    schedule: Schedule, now: datetime
) -> None:
    zone = ZoneInfo(schedule.zone)
    slot = next_slot(schedule, now)
    local = slot.at.astimezone(zone)
    shown = local.hour * 60 + local.minute

    if (local.date(), shown) == (slot.date, schedule.minute):
        # Of two such minutes it is the first.
        assert local.fold == 0
    else:
        # Clocks have just jumped over it: a minute ago they showed something earlier.
        wall = datetime(slot.date.year, slot.date.month, slot.date.day, tzinfo=UTC).replace(tzinfo=None)
        wanted = wall + schedule.minute * A_MINUTE
        before = (slot.at - A_MINUTE).astimezone(zone).replace(tzinfo=None)
        assert before < wanted < local.replace(tzinfo=None)


@given(schedule=schedules, now=moments)
def test_the_last_digest_is_the_one_before_the_next(schedule: Schedule, now: datetime) -> None:
    last = last_slot(schedule, now)

    assert last.at <= now
    assert next_slot(schedule, last.at) == next_slot(schedule, now)
    assert last_slot(schedule, last.at) == last


def test_a_minute_that_is_skipped_becomes_the_next_one_there_is() -> None:
    slot = next_slot(MADRID, datetime(2027, 3, 27, 12, tzinfo=UTC))

    assert slot == Slot(date(2027, 3, 28), datetime(2027, 3, 28, 1, 0, tzinfo=UTC))
    assert f"{slot.at.astimezone(ZoneInfo('Europe/Madrid')):%H:%M}" == "03:00"


def test_of_a_minute_that_comes_twice_the_first_counts() -> None:
    slot = next_slot(MADRID, datetime(2027, 10, 30, 12, tzinfo=UTC))

    assert slot == Slot(date(2027, 10, 31), datetime(2027, 10, 31, 0, 30, tzinfo=UTC))
    assert next_slot(MADRID, slot.at).date == date(2027, 11, 1)


def test_a_date_that_a_zone_has_left_out_has_no_digest() -> None:
    slots = after(Schedule(minute=540, zone="Pacific/Apia"), datetime(2011, 12, 29, tzinfo=UTC), 3)

    assert [slot.date.day for slot in slots] == [29, 31, 1]


def test_on_weekdays_friday_is_followed_by_monday() -> None:
    slots = after(Schedule(minute=540, zone="UTC", weekdays=True), datetime(2026, 11, 27, tzinfo=UTC), 2)

    assert [slot.date for slot in slots] == [date(2026, 11, 27), date(2026, 11, 30)]


@pytest.mark.parametrize(
    ("late", "found"),
    [
        (timedelta(0), Punctuality.IN_TIME),
        (timedelta(minutes=5), Punctuality.IN_TIME),
        (timedelta(minutes=5, seconds=1), Punctuality.LATE),
        (timedelta(hours=3), Punctuality.LATE),
        (timedelta(hours=3, seconds=1), Punctuality.TOO_LATE),
    ],
)
def test_a_few_minutes_are_in_time_and_more_than_three_hours_too_late(
    late: timedelta, found: Punctuality
) -> None:
    due = datetime(2026, 11, 23, 9, tzinfo=UTC)

    assert punctuality(due, due + late) is found
