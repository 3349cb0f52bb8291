"""Each end of a shift is found once, however many look, and after an absence only the newest is told."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from bot.domain.heard import Who
from bot.domain.ids import ChannelId, TeamId, UserId
from bot.domain.shifts.roster import Override
from bot.domain.shifts.rotation import DAY, Rotation
from bot.domain.shifts.turning import EVERYWHERE, Turn
from bot.store import shifts
from bot.store.session import Database
from bot.usecases.follow_channel import move_channel
from bot.usecases.read_shift import duty_at, take_turn, take_warning
from bot.usecases.set_shift import forget_shifts, set_rotation, take_hours

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TEAM, HERE, THERE = TeamId("T0"), ChannelId("C0HERE"), ChannelId("C0THERE")
ANA, BEN, CHO = UserId("U0ANA"), UserId("U0BEN"), UserId("U0CHO")
WHO = Who(team=TEAM, user=ANA, channel=HERE)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with closing(Database(database_url)) as found:
        yield found


def rotate(database: Database, place: ChannelId = HERE, *people: UserId) -> None:
    """Let people take turns of a day that begin at nine, the first one today."""
    first = datetime(2026, 11, 23, 9)  # noqa: DTZ001 - a time by the wall clock.
    rotation = Rotation(people=people or (ANA, BEN, CHO), length=DAY, first=first, zone="UTC")
    with database.writing() as session:
        set_rotation(session, WHO, place, rotation, None, NOON)


def turn(database: Database, now: datetime) -> Turn | None:
    with database.writing() as session:
        return take_turn(session, now)


def warning(database: Database, now: datetime) -> Turn | None:
    with database.writing() as session:
        return take_warning(session, now)


def on_duty(database: Database, channel: ChannelId, now: datetime = NOON) -> UserId | None:
    with database.reading() as session:
        duty = duty_at(session, TEAM, channel, now)
    return duty.person if duty else None


def test_a_shift_that_ends_is_found_once_and_the_next_one_at_its_own_time(database: Database) -> None:
    rotate(database)
    nine = NOON - 3 * HOUR + DAY

    found = [turn(database, at) for at in (NOON, nine, nine + HOUR, nine + DAY)]

    assert [each and (each.giver, each.receiver, each.ended_at) for each in found] == [
        None,
        (ANA, BEN, nine),
        None,
        (BEN, CHO, nine + DAY),
    ]


def test_after_an_absence_only_the_newest_end_is_told_with_those_who_were_missed(database: Database) -> None:
    rotate(database)

    found = turn(database, NOON + 3 * DAY)

    assert found
    assert (found.giver, found.receiver, found.missed) == (CHO, ANA, (ANA, BEN))
    assert turn(database, NOON + 3 * DAY) is None


def test_an_end_is_announced_once_an_hour_before(database: Database) -> None:
    rotate(database)
    nine = NOON - 3 * HOUR + DAY

    found = [
        warning(database, at) for at in (nine - 2 * HOUR, nine - HOUR, nine - HOUR / 2, nine + DAY - HOUR)
    ]

    assert [each and (each.giver, each.ended_at) for each in found] == [
        None,
        (ANA, nine),
        None,
        (BEN, nine + DAY),
    ]


def test_after_an_absence_nobody_is_warned_of_an_end_that_is_over_or_far_away(database: Database) -> None:
    rotate(database)
    nine = NOON - 3 * HOUR + DAY

    found = [warning(database, at) for at in (nine + 2 * HOUR, nine + DAY - HOUR)]

    assert [each and each.ended_at for each in found] == [None, nine + DAY]


def test_whoever_takes_over_now_ends_a_shift_now(database: Database) -> None:
    rotate(database)
    hours = Override(person=CHO, starts_at=NOON, ends_at=NOON + HOUR)

    with database.writing() as session:
        take_hours(session, WHO, hours, "UTC", NOON)
    found = [turn(database, at) for at in (NOON, NOON + HOUR)]

    assert [each and (each.giver, each.receiver) for each in found] == [(ANA, CHO), (CHO, ANA)]


def test_two_who_look_at_once_do_not_find_the_same_end(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("a SQLite file is written by one at a time")
    rotate(database, HERE)
    rotate(database, THERE)

    with database.writing() as first, database.engine.begin() as second:
        mine, theirs = (take_turn(session, NOON + DAY) for session in (first, second))
        third = take_turn(second, NOON + DAY)

    assert {each and each.place for each in (mine, theirs)} == {HERE, THERE}
    assert third is None


def test_a_channels_own_shifts_come_before_those_of_the_workspace(database: Database) -> None:
    rotate(database, EVERYWHERE, BEN)
    rotate(database, HERE, ANA)

    before = on_duty(database, HERE), on_duty(database, THERE)
    with database.writing() as session:
        forget_shifts(session, WHO, HERE, NOON)

    assert before == (ANA, BEN)
    assert on_duty(database, HERE) == BEN


def test_a_channel_whose_id_changes_keeps_its_shifts_and_what_was_said_of_single_hours(
    database: Database,
) -> None:
    rotate(database)
    with database.writing() as session:
        hours = Override(person=CHO, starts_at=NOON, ends_at=NOON + HOUR)
        before = take_hours(session, WHO, hours, "UTC", NOON)

    with database.writing() as session:
        move_channel(session, TEAM, HERE, THERE)
        after = shifts.every(session, TEAM)

    assert [(each.place, each.source.set_in, each.roster) for each in after] == [
        (THERE, THERE, before.roster)
    ]
    assert (on_duty(database, THERE), on_duty(database, HERE)) == (CHO, None)


def test_to_ask_who_is_on_duty_takes_three_statements_at_most(database: Database) -> None:
    rotate(database)
    sent: list[str] = []
    with database.reading() as session:
        event.listen(session, "before_cursor_execute", lambda *args: sent.append(args[2]))

        duty_at(session, TEAM, HERE, NOON)

    assert len(sent) <= 3


def test_what_was_said_of_hours_long_over_is_forgotten(database: Database) -> None:
    rotate(database)
    with database.writing() as session:
        for ahead in (HOUR, 40 * DAY):
            hours = Override(person=CHO, starts_at=NOON + ahead, ends_at=NOON + ahead + HOUR)
            take_hours(session, WHO, hours, "UTC", NOON)

        shifts.forget_past(session, NOON + 35 * DAY)
        kept = shifts.at(session, TEAM, HERE)

    assert kept
    assert [each.starts_at for each in kept.roster.overrides] == [NOON + 40 * DAY]
