"""At each moment at most one person is on duty, by the wall clock, whatever people say of single hours."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ids import UserId
from bot.domain.shifts.roster import Override, Roster, Span, on_duty, shift_ends, spans, without_overlaps
from bot.domain.shifts.rotation import DAY, WEEK, Rotation, turns, worked_days

ANA, BEN, CHO = UserId("U0ANA"), UserId("U0BEN"), UserId("U0CHO")
BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
# A Monday.
FIRST = datetime(2026, 3, 2, 9)  # noqa: DTZ001 - a time by the wall clock.
FEW = settings(max_examples=40, deadline=None)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC", "America/Havana")


def rotation(*people: UserId, length: timedelta = DAY, weekdays: bool = False) -> Rotation:
    return Rotation(
        people=people or (ANA, BEN), length=length, first=FIRST, zone="Europe/Berlin", weekdays=weekdays
    )


def local(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


lengths = st.sampled_from([HOUR, 8 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, WEEK, 2 * WEEK])
moments = st.datetimes(datetime(2026, 2, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
rotations = st.builds(
    Rotation,
    people=st.lists(st.sampled_from([ANA, BEN, CHO]), min_size=1, max_size=4).map(tuple),
    length=lengths,
    first=st.datetimes(datetime(2026, 2, 1), datetime(2026, 4, 1)).map(lambda at: at.replace(second=0)),  # noqa: DTZ001
    zone=st.sampled_from(ZONES),
    weekdays=st.booleans(),
)
overrides = st.builds(
    lambda person, starts, hours, instead: Override(
        person=person, starts_at=starts, ends_at=starts + hours * HOUR, instead_of=instead
    ),
    st.sampled_from([ANA, BEN, CHO]),
    moments,
    st.integers(1, 100),
    st.sampled_from([None, ANA, BEN]),
)
rosters = st.builds(
    Roster, rotation=st.none() | rotations, overrides=st.lists(overrides, max_size=4).map(tuple)
)


def test_duty_goes_round_at_the_same_time_of_the_day() -> None:
    roster = Roster(rotation=rotation(ANA, BEN, CHO))

    duty = on_duty(roster, local(3, 4, 8, 59))

    assert duty
    assert (duty.person, duty.next) == (BEN, CHO)
    assert (duty.starts_at, duty.ends_at, duty.next_starts_at) == (
        local(3, 3, 9),
        local(3, 4, 9),
        local(3, 4, 9),
    )


def test_a_night_in_which_the_clocks_change_is_an_hour_shorter_or_longer() -> None:
    in_spring, in_autumn = (
        next(turns(rotation(), at, at + HOUR)) for at in (local(3, 28, 12), local(10, 24, 12))
    )

    assert in_spring.ends_at - in_spring.starts_at == 23 * HOUR
    assert in_autumn.ends_at - in_autumn.starts_at == 25 * HOUR
    assert {each.ends_at.astimezone(BERLIN).hour for each in (in_spring, in_autumn)} == {9}


def test_a_changeover_that_the_clocks_skip_comes_at_the_next_minute_there_is() -> None:
    early = Rotation(
        people=(ANA, BEN), length=DAY, first=FIRST.replace(hour=2, minute=30), zone="Europe/Berlin"
    )

    ended = shift_ends(Roster(rotation=early), local(3, 28, 12), local(3, 29, 12))

    assert [end.at for end in ended] == [local(3, 29, 3)]


def test_nobody_is_on_duty_at_a_weekend_and_nobody_loses_a_turn_to_it() -> None:
    roster = Roster(rotation=rotation(ANA, BEN, CHO, weekdays=True))
    days = [on_duty(roster, local(3, day, 12)) for day in range(2, 12)]

    assert [each and each.person for each in days] == [ANA, BEN, CHO, ANA, BEN, None, None, CHO, ANA, BEN]
    friday = days[4]
    assert friday
    assert (friday.ends_at, friday.next, friday.next_starts_at) == (local(3, 7, 9), CHO, local(3, 9, 9))


def test_a_week_on_weekdays_is_one_shift() -> None:
    roster = Roster(rotation=rotation(length=WEEK, weekdays=True))

    found = spans(roster, local(3, 2, 12), local(3, 10, 12))

    assert found == [Span(ANA, local(3, 2, 9), local(3, 7, 9)), Span(BEN, local(3, 9, 9), local(3, 14, 9))]


def test_before_it_begins_nobody_is_on_duty() -> None:
    assert on_duty(Roster(rotation=rotation()), local(3, 2, 8, 59)) is None


def test_an_hour_for_somebody_else_cuts_the_shift_and_gives_it_back() -> None:
    hour = Override(person=CHO, starts_at=local(3, 2, 12), ends_at=local(3, 2, 13))
    roster = Roster(rotation=rotation(), overrides=(hour,))

    ended = shift_ends(roster, local(3, 2, 9), local(3, 3, 9))

    assert [(end.giver, end.receiver) for end in ended] == [(ANA, CHO), (CHO, ANA), (ANA, BEN)]


def test_an_hour_for_one_person_leaves_the_others_alone() -> None:
    night = Override(person=CHO, starts_at=local(3, 2, 18), ends_at=local(3, 3, 18), instead_of=ANA)
    roster = Roster(rotation=rotation(), overrides=(night,))

    found = [on_duty(roster, at) for at in (local(3, 3, 8), local(3, 3, 10))]

    assert [each and each.person for each in found] == [CHO, BEN]


def test_who_begins_early_has_one_shift_and_not_two() -> None:
    early = Override(person=BEN, starts_at=local(3, 3, 7), ends_at=local(3, 3, 9))

    duty = on_duty(Roster(rotation=rotation(), overrides=(early,)), local(3, 3, 8))

    assert duty
    assert (duty.starts_at, duty.ends_at) == (local(3, 3, 7), local(3, 4, 9))


def test_of_events_that_overlap_the_later_one_counts() -> None:
    week, hour = Span(ANA, local(3, 2, 0), local(3, 9, 0)), Span(BEN, local(3, 4, 9), local(3, 4, 10))

    found = without_overlaps([hour, week])

    assert found == (
        Span(ANA, local(3, 2, 0), local(3, 4, 9)),
        hour,
        Span(ANA, local(3, 4, 10), local(3, 9, 0)),
    )


def test_days_without_a_whole_number_of_shifts_make_no_rotation_on_weekdays() -> None:
    with pytest.raises(ValueError, match="do not fill"):
        rotation(length=5 * HOUR, weekdays=True)


@FEW
@given(rotations, moments)
def test_shifts_of_a_rotation_follow_each_other_without_gap_or_overlap(each: Rotation, at: datetime) -> None:
    found = list(turns(each, at, at + 8 * DAY))

    assert all(one.starts_at < one.ends_at for one in found)
    for before, after in pairwise(found):
        if each.weekdays:
            assert before.ends_at <= after.starts_at
        else:
            assert before.ends_at == after.starts_at
        assert after.number - before.number in ({0, 1} if each.weekdays else {1, 2})


@FEW
@given(rotations, moments)
def test_where_one_begins_to_look_changes_nothing(each: Rotation, at: datetime) -> None:
    whole = [one for one in turns(each, at - 20 * DAY, at + 2 * DAY) if one.ends_at > at]

    assert whole == list(turns(each, at, at + 2 * DAY))


@FEW
@given(rosters, moments)
def test_at_each_moment_at_most_one_person_is_on_duty(roster: Roster, at: datetime) -> None:
    found = spans(roster, at, at + 5 * DAY)

    assert all(span.starts_at < span.ends_at for span in found)
    assert all(before.ends_at <= after.starts_at for before, after in pairwise(found))


@FEW
@given(rosters, moments)
def test_duty_is_the_span_that_one_stands_in_and_the_next_is_the_next(roster: Roster, at: datetime) -> None:
    duty, found = on_duty(roster, at), spans(roster, at, at + 60 * DAY)
    now = next((span for span in found if span.starts_at <= at), None)

    assert (duty and (duty.person, duty.starts_at, duty.ends_at)) == (
        now and (now.person, now.starts_at, now.ends_at)
    )
    if duty and now and len(found) > 1:
        assert (duty.next, duty.next_starts_at) == (found[1].person, found[1].starts_at)


@FEW
@given(rosters, moments)
def test_every_end_is_told_once_however_often_one_looks(roster: Roster, at: datetime) -> None:
    whole = shift_ends(roster, at, at + 4 * DAY)
    looks = [at + hours * HOUR for hours in range(0, 97, 7)] + [at + 4 * DAY]

    assert [end for before, now in pairwise(looks) for end in shift_ends(roster, before, now)] == whole


@FEW
@given(rosters, overrides)
def test_what_was_said_last_counts(roster: Roster, said: Override) -> None:
    said = Override(person=said.person, starts_at=said.starts_at, ends_at=said.ends_at)
    last = Roster(rotation=roster.rotation, overrides=(*roster.overrides, said))

    for at in (said.starts_at, said.starts_at + HOUR / 2, said.ends_at - timedelta(seconds=1)):
        duty = on_duty(last, at)

        assert duty
        assert duty.person == said.person


@FEW
@given(rosters, st.randoms(use_true_random=False))
def test_of_different_times_the_order_in_which_they_are_said_changes_nothing(
    roster: Roster, chance: Random
) -> None:
    apart: list[Override] = []
    for each in sorted(roster.overrides, key=lambda each: each.starts_at):
        if not apart or apart[-1].ends_at <= each.starts_at:
            apart.append(each)
    other = apart.copy()
    chance.shuffle(other)
    start = min((each.starts_at for each in apart), default=local(3, 2, 0)) - DAY
    end = start + 9 * DAY

    one, two = (Roster(rotation=roster.rotation, overrides=tuple(each)) for each in (apart, other))

    assert spans(one, start, end) == spans(two, start, end)


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 60))
def test_worked_days_are_counted(first: date, days: int) -> None:
    counted = sum((first + place * DAY).weekday() < 5 for place in range(days))

    assert worked_days(first, days) == counted
