"""Quiet hours: how they are typed, and when they are over, in every zone and on every day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import NotUnderstood
from bot.domain.prompts.quiet import Hours, QuietHours, heard_from, read_hours

MINUTE = timedelta(minutes=1)
BERLIN, NEW_YORK, LORD_HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"

minutes = st.integers(0, 1439)
zones = st.sampled_from([BERLIN, NEW_YORK, LORD_HOWE, "UTC", "Asia/Kathmandu", "America/Santiago"])
quiet_hours = st.builds(QuietHours, starts=minutes, ends=minutes, zone=zones).filter(
    lambda each: each.starts != each.ends
)
# Days on which the clock is changed somewhere, and some on which it is not.
days = st.sampled_from(["2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01"])
moments = st.builds(
    lambda day, minute: datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(minutes=minute),
    days,
    st.integers(-2000, 2000),
)


def hours(text: str, zone: str = "UTC") -> QuietHours:
    found = read_hours(text)
    return QuietHours(starts=found.starts, ends=found.ends, zone=found.zone or zone)


def on_the_wall(at: datetime, quiet: QuietHours) -> bool:
    """Whether the clock shows a time within the hours."""
    local = at.astimezone(ZoneInfo(quiet.zone))
    minute = local.hour * 60 + local.minute
    if quiet.starts < quiet.ends:
        return quiet.starts <= minute < quiet.ends
    return minute >= quiet.starts or minute < quiet.ends


def heard(text: str, zone: str, at: str) -> str:
    """When somebody is heard, on the wall of their zone, who is asked at that time of the same wall."""
    asked = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return f"{heard_from(hours(text, zone), asked).astimezone(ZoneInfo(zone)):%d %H:%M %Z}"


@pytest.mark.parametrize(
    ("at", "when"),
    [
        ("2026-11-23T21:59", "23 21:59 CET"),
        ("2026-11-23T22:00", "24 07:00 CET"),
        ("2026-11-23T23:59", "24 07:00 CET"),
        ("2026-11-24T00:00", "24 07:00 CET"),
        ("2026-11-24T06:59", "24 07:00 CET"),
        ("2026-11-24T07:00", "24 07:00 CET"),
        ("2026-12-31T23:00", "01 07:00 CET"),
        ("2026-03-28T22:00", "29 07:00 CEST"),
        ("2026-10-24T22:00", "25 07:00 CET"),
    ],
)
def test_hours_past_midnight_end_on_the_next_morning_whatever_the_clock_does(at: str, when: str) -> None:
    assert heard("22-7", BERLIN, at) == when


@pytest.mark.parametrize(
    ("at", "when"),
    [
        ("2026-11-23T11:59", "23 11:59 CET"),
        ("2026-11-23T12:00", "23 13:30 CET"),
        ("2026-11-23T13:29", "23 13:30 CET"),
        ("2026-11-23T13:30", "23 13:30 CET"),
    ],
)
def test_hours_within_a_day_end_on_that_day(at: str, when: str) -> None:
    assert heard("12:00-13:30", BERLIN, at) == when


@pytest.mark.parametrize(
    ("typed", "starts", "ends"),
    [
        ("10pm-7am", 1320, 420),
        ("10:30 PM to 7 a.m.", 1350, 420),
        ("12am-6am", 0, 360),
        ("from 12pm until 1pm", 720, 780),
    ],
)
def test_hours_may_be_those_of_half_a_day(typed: str, starts: int, ends: int) -> None:
    assert read_hours(typed) == Hours(starts=starts, ends=ends)
    assert read_hours(f"{typed} Berlin").zone == BERLIN


@pytest.mark.parametrize("typed", ["13pm-7am", "0am-7am"])
def test_no_half_of_a_day_has_such_an_hour(typed: str) -> None:
    with pytest.raises(NotUnderstood, match="are no hours"):
        read_hours(typed)


@pytest.mark.parametrize(
    ("zone", "at", "when"),
    [
        (BERLIN, "2026-03-28T23:00", "29 03:00 CEST"),
        (NEW_YORK, "2026-03-07T23:00", "08 03:00 EDT"),
        (LORD_HOWE, "2026-10-03T23:00", "04 02:30 +11"),
    ],
)
def test_hours_whose_end_the_clock_skips_are_over_with_the_next_minute_that_exists(
    zone: str, at: str, when: str
) -> None:
    assert heard("22:00-02:15", zone, at) == when


@pytest.mark.parametrize(
    ("text", "zone", "at", "when"),
    [
        ("22:00-02:30", BERLIN, "2026-10-24T23:00", "25 02:30 CEST"),
        ("22:00-01:30", NEW_YORK, "2026-10-31T23:00", "01 01:30 EDT"),
        ("22:00-01:45", LORD_HOWE, "2026-04-04T23:00", "05 01:45 +11"),
    ],
)
def test_hours_whose_end_comes_twice_are_over_at_its_first(text: str, zone: str, at: str, when: str) -> None:
    assert heard(text, zone, at) == when


def test_an_hour_that_comes_again_after_the_end_of_the_quiet_is_not_quiet_again() -> None:
    again = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)

    assert f"{again.astimezone(ZoneInfo(BERLIN)):%H:%M %Z}" == "02:10 CET"
    assert heard_from(hours("22:00-02:30", BERLIN), again) == again


def test_nobody_has_quiet_hours_until_they_say_so() -> None:
    at = datetime(2026, 11, 23, 3, tzinfo=UTC)

    assert heard_from(None, at) == at


@settings(max_examples=60)
@given(quiet_hours, moments)
def test_who_is_asked_in_their_quiet_hours_is_heard_at_the_first_minute_after_them(
    quiet: QuietHours, at: datetime
) -> None:
    found = heard_from(quiet, at)

    between = [at + place * MINUTE for place in range((found - at) // MINUTE)]
    assert found == at or on_the_wall(at, quiet)
    assert all(on_the_wall(each, quiet) for each in between)
    assert found - at <= timedelta(hours=25)


@given(quiet_hours, moments)
def test_what_is_put_off_is_put_off_once(quiet: QuietHours, at: datetime) -> None:
    found = heard_from(quiet, at)

    assert heard_from(quiet, found) == found


@given(quiet_hours, moments)
def test_who_is_asked_later_is_never_heard_earlier(quiet: QuietHours, at: datetime) -> None:
    moments = [heard_from(quiet, at + timedelta(minutes=later)) for later in range(0, 1500, 23)]

    assert moments == sorted(moments)


@pytest.mark.parametrize(
    ("text", "starts", "ends", "zone"),
    [
        ("22:00-07:00", 1320, 420, None),
        ("22-7", 1320, 420, None),
        (" from 22:30 to 7:15 ", 1350, 435, None),
        ("22h - 6h30 Europe/Berlin", 1320, 390, BERLIN),
        ("22.00 – 07.00 in europe/berlin", 1320, 420, BERLIN),
        ("0 until 24", None, None, None),
        ("22-24 new york", 1320, 0, NEW_YORK),
        ("00:00-06:00 UTC", 0, 360, "UTC"),
    ],
)
def test_quiet_hours_are_read_as_people_type_them(
    text: str, starts: int | None, ends: int | None, zone: str | None
) -> None:
    if starts is None or ends is None:
        with pytest.raises(NotUnderstood):
            read_hours(text)
        return

    assert read_hours(text) == Hours(starts=starts, ends=ends, zone=zone)


@pytest.mark.parametrize(
    "text", ["", "22:00", "at night", "22:00-22:00", "25-7", "22:60-7", "24:30-7", "22-7 Nowhere/Land", "-7"]
)
def test_what_are_no_hours_is_refused_with_what_would_be(text: str) -> None:
    with pytest.raises(NotUnderstood):
        read_hours(text)


@given(quiet_hours)
def test_hours_as_they_are_shown_are_read_back(quiet: QuietHours) -> None:
    found = read_hours(str(quiet))

    assert (found.starts, found.ends, found.zone) == (quiet.starts, quiet.ends, quiet.zone)
