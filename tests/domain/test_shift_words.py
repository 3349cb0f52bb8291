"""What people type about shifts is read as they mean it, and what cannot be meant is refused."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import NotUnderstood
from bot.domain.ids import UserId
from bot.domain.shifts.asking import first_changeover, hours_of
from bot.domain.shifts.keeping import with_people
from bot.domain.shifts.roster import Roster, on_duty
from bot.domain.shifts.rotation import DAY, WEEK, Rotation
from bot.slack.line.reading import parse
from bot.slack.line.shift import (
    FollowCalendar,
    ForgetShifts,
    SetRotation,
    ShowShift,
    SwapShifts,
    TakeHours,
    read_shift,
)

ANA, BEN, CHO = UserId("U0ANA"), UserId("U0BEN"), UserId("U0CHO")
BERLIN = ZoneInfo("Europe/Berlin")
# A Wednesday, 13:00 in Berlin.
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def rotation(text: str) -> SetRotation:
    found = read_shift(text)
    assert isinstance(found, SetRotation)
    return found


def hours(text: str) -> tuple[UserId, UserId | None, str, str]:
    found = read_shift(text)
    assert isinstance(found, TakeHours)
    starts, ends = hours_of(found.wish, NOW, "Europe/Berlin")
    form = "%d %H:%M"
    begins, over = (at.astimezone(BERLIN).strftime(form) for at in (starts, ends))
    return found.person, found.instead_of, begins, over


@pytest.mark.parametrize(
    ("text", "length", "clock", "on"),
    [
        ("@U0ANA @U0BEN daily at 09:00", DAY, time(9), None),
        ("@U0ANA, @U0BEN and @U0CHO weekly Mon 9am", WEEK, time(9), 0),
        ("daily 17:30 @U0ANA @U0BEN", DAY, time(17, 30), None),
        ("@U0ANA @U0BEN every 12h at 8", timedelta(hours=12), time(8), None),
        ("@U0ANA @U0BEN every 2 weeks on Friday at 10:00", 2 * WEEK, time(10), 4),
        ("@U0ANA @U0BEN every other week", 2 * WEEK, time(9), None),
        ("@U0ANA @U0BEN every Monday at noon", WEEK, time(12), 0),
        ("@U0ANA @U0BEN every 3 days", 3 * DAY, time(9), None),
        ("@U0ANA @U0BEN nightly at 10pm", DAY, time(22), None),
        ("@U0ANA @U0BEN weekdays at 8 from 2026-12-01", DAY, time(8), None),
    ],
)
def test_a_rotation_says_how_long_and_when(text: str, length: timedelta, clock: time, on: int | None) -> None:
    wish = rotation(text).wish

    assert (wish.length, wish.clock, wish.on) == (length, clock, on)


def test_zone_weekdays_beginning_and_place_may_stand_anywhere() -> None:
    one = rotation("@U0ANA @U0BEN daily at 09:00 Europe/Berlin weekdays from 2026-12-01 everywhere")
    other = rotation("everywhere @U0ANA @U0BEN from 2026-12-01 every weekday berlin 9:00")

    assert one == other
    assert (one.wish.zone, one.wish.weekdays, one.everywhere) == ("Europe/Berlin", True, True)
    assert first_changeover(one.wish, NOW, "Europe/Berlin").date() == date(2026, 12, 1)


def test_a_user_group_stands_in_place_of_people() -> None:
    assert rotation("@ml-oncall weekly").group == "ml-oncall"
    assert rotation("@S0ONCALL weekly").group == "S0ONCALL"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("@U0ANA daily at 09:00", "Wed 25 09:00"),
        ("@U0ANA daily at 15:00", "Tue 24 15:00"),
        ("@U0ANA weekly Mon 09:00", "Mon 23 09:00"),
        ("@U0ANA weekly Thu 09:00", "Thu 19 09:00"),
        ("@U0ANA weekly Fri 09:00 from tomorrow", "Fri 27 09:00"),
        ("@U0ANA every 12h at 08:00", "Wed 25 08:00"),
    ],
)
def test_a_rotation_goes_on_as_if_it_were_running(text: str, first: str) -> None:
    assert f"{first_changeover(rotation(text).wish, NOW, 'Europe/Berlin'):%a %d %H:%M}" == first


def test_a_week_that_is_set_at_a_weekend_begins_with_the_next() -> None:
    saturday = datetime(2026, 11, 28, 12, tzinfo=UTC)

    first = first_changeover(
        rotation("@U0ANA @U0BEN weekly Mon 09:00 weekdays").wish, saturday, "Europe/Berlin"
    )

    assert f"{first:%a %d %H:%M}" == "Mon 30 09:00"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("@U0BEN for @U0ANA tomorrow 09:00-17:00", (BEN, ANA, "26 09:00", "26 17:00")),
        ("for @U0ANA: @U0BEN tomorrow 9-17", (BEN, ANA, "26 09:00", "26 17:00")),
        ("@U0BEN until 18:00", (BEN, None, "25 13:00", "25 18:00")),
        ("@U0BEN takes over until 6pm", (BEN, None, "25 13:00", "25 18:00")),
        ("@U0BEN from 14:00 to 16:00", (BEN, None, "25 14:00", "25 16:00")),
        ("@U0BEN 08:00-10:00", (BEN, None, "26 08:00", "26 10:00")),
        ("@U0BEN 22:00-06:00", (BEN, None, "25 22:00", "26 06:00")),
        ("@U0BEN for 2h", (BEN, None, "25 13:00", "25 15:00")),
        ("@U0BEN tomorrow", (BEN, None, "26 00:00", "27 00:00")),
        ("@U0BEN from Mon 9:00 to Tue 9:00", (BEN, None, "30 09:00", "01 09:00")),
        ("@U0BEN 2026-11-28 09:00 - 2026-11-29 09:00", (BEN, None, "28 09:00", "29 09:00")),
        ("@U0BEN 16:00-18:00 UTC", (BEN, None, "25 17:00", "25 19:00")),
        ("@U0BEN 2026-11-28 to 2026-11-30", (BEN, None, "28 00:00", "01 00:00")),
        ("@U0BEN until Friday", (BEN, None, "25 13:00", "28 00:00")),
        ("@U0BEN takes @U0ANA 14:00-15:00", (BEN, ANA, "25 14:00", "25 15:00")),
    ],
)
def test_hours_are_read_as_they_are_meant(text: str, read: tuple[UserId, UserId | None, str, str]) -> None:
    assert hours(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "@U0ANA",
        "@U0ANA @U0BEN",
        "@U0ANA @U0BEN 12h",
        "@U0ANA @U0BEN weekdays 9-17",
        "@U0ANA @U0BEN @U0CHO tomorrow",
        "daily at 09:00",
        "@U0ANA @ml-oncall daily",
        "@ml-oncall tomorrow",
        "@U0ANA daily at 25:00",
        "@U0ANA daily Berlun",
        "@U0ANA every 5 minutes",
        "@U0ANA every 400 days",
        "@U0ANA every 5h weekdays",
        "@U0ANA from 14:00",
        "@U0ANA whenever",
        "swap @U0ANA",
        "swap @U0ANA @U0BEN at 9:00",
        "calendar ftp:/x",
        "who knows",
    ],
)
def test_what_makes_no_sense_is_refused_with_what_would_have_worked(text: str) -> None:
    with pytest.raises(NotUnderstood, match="Try: "):
        read_shift(text)


@pytest.mark.parametrize(
    "text", ["@U0ANA today 08:00-09:00", "@U0ANA until 2026-01-01 9:00", "@U0ANA for 200d"]
)
def test_hours_that_are_over_or_too_many_are_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        hours(text)


def test_the_other_forms_have_their_synonyms() -> None:
    assert parse("shift") == parse("oncall") == parse("rota show") == ShowShift()
    assert read_shift("off everywhere") == ForgetShifts(everywhere=True)
    assert read_shift("stop") == ForgetShifts(everywhere=False)
    swap = read_shift("swap @U0ANA with @U0BEN on Mon")
    assert isinstance(swap, SwapShifts)
    assert (swap.one, swap.other, swap.day is None) == (ANA, BEN, False)


def test_the_address_of_a_calendar_is_kept_out_of_every_log() -> None:
    found = read_shift("calendar webcal://cal.example/secret.ics everywhere")

    assert isinstance(found, FollowCalendar)
    assert (found.address, found.everywhere) == ("webcal://cal.example/secret.ics", True)
    assert "secret" not in repr(found)


@given(
    st.lists(st.sampled_from([ANA, BEN, CHO]), min_size=1, max_size=3, unique=True),
    st.lists(st.sampled_from([ANA, BEN, CHO]), min_size=1, max_size=3, unique=True),
    st.integers(0, 400),
    st.booleans(),
)
def test_whoever_is_on_duty_and_stays_keeps_the_turn_when_others_come_and_go(
    before: list[UserId],
    after: list[UserId],
    hours: int,
    weekdays: bool,  # noqa: FBT001 - hypothesis fills it in.
) -> None:
    first = datetime(2026, 11, 23, 9)  # noqa: DTZ001 - a time by the wall clock.
    found = Rotation(people=tuple(before), length=DAY, first=first, zone="Europe/Berlin", weekdays=weekdays)
    now = datetime(2026, 11, 23, 8, tzinfo=UTC) + timedelta(hours=hours)

    changed = with_people(found, tuple(after), now)

    was, is_now = (on_duty(Roster(rotation=each), now) for each in (found, changed))
    assert set(changed.people) == set(after)
    assert (was is None) == (is_now is None)
    if was and is_now:
        assert was.ends_at == is_now.ends_at
        assert is_now.person == was.person or was.person not in after
