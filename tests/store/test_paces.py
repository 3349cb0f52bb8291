"""Places in Slack, shared by several processes: nobody takes a turn twice, and a full place hides nothing."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.heard import Who
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, TeamId, UserId
from bot.domain.notice import IncidentOpened, ReceiptChanged, ThreadStarted
from bot.store import outbox, paces
from bot.store.outbox import Owed
from bot.store.session import Database
from bot.usecases.open_incident import Opening, open_incident

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEAM, OTHER_TEAM = TeamId("T0ONE"), TeamId("T0TWO")
FLOODED, QUIET = "C0FLOODED", "C0QUIET"
SECOND = timedelta(seconds=1)
FLOOD = 5000
# A statement may take a second; a look into the outbox has to be far from that, also on a busy machine.
QUICK_SECONDS = 0.4


def owe(database: Database, count: int, channel: str = FLOODED, team: TeamId = TEAM) -> None:
    """Roots in lanes of their own, all in one channel, a moment after each other."""
    with database.quietly() as session:
        for number in range(1, count + 1):
            # Nobody waits in the lane of another channel's incident.
            notice = IncidentOpened(incident=IncidentNumber(number + (channel == QUIET) * FLOOD))
            owed_at = NOON - timedelta(hours=1) + timedelta(milliseconds=notice.incident)
            outbox.put(session, team, notice, key=f"{channel}:{number}", now=owed_at)
        session.exec_driver_sql(f"UPDATE outbox SET channel = '{channel}' WHERE channel IS NULL")


def taken(database: Database, now: datetime = NOON, *, paced: bool = True) -> Owed | None:
    with database.quietly() as session:
        return outbox.take(session, now, paced=paced)


def all_taken(database: Database, now: datetime = NOON) -> list[str]:
    found = []
    while owed := taken(database, now):
        found.append(owed.key)
    return found


def test_of_many_at_once_only_as_many_get_a_turn_as_there_are(database_url: str) -> None:
    with closing(Database(database_url)) as database, ThreadPoolExecutor(8) as people:
        owe(database, 40)

        found = list(people.map(lambda _: taken(database), range(40)))

        assert len([owed for owed in found if owed]) == 4
        assert len({owed.key for owed in found if owed}) == 4


def test_two_processes_share_one_turn_in_a_place_that_is_new_to_both(database_url: str) -> None:
    with closing(Database(database_url)) as database, ThreadPoolExecutor(8) as people:

        def booked(place: str) -> bool:
            with database.quietly() as session:
                return paces.book(session, TEAM, place, NOON)

        turns = [place for place in ("C1", "C2", "C3") for _ in range(10)]

        assert sum(people.map(booked, turns)) == 3 * 4


def test_a_closed_place_opens_at_the_moment_that_slack_has_named(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        owe(database, 3)
        with database.quietly() as session:
            paces.close(session, TEAM, FLOODED, NOON + 30 * SECOND)
            paces.close(session, TEAM, FLOODED, NOON + 10 * SECOND)

        assert all_taken(database, NOON + 30 * SECOND - timedelta(microseconds=1)) == []
        assert all_taken(database, NOON + 30 * SECOND) == [f"{FLOODED}:1"]
        assert all_taken(database, NOON + 31 * SECOND) == [f"{FLOODED}:2"]


def test_a_closed_method_keeps_its_calls_waiting_and_no_others(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        owe(database, 1)
        receipt = ReceiptChanged.model_validate(
            {"channel": FLOODED, "ts": "1.0", "emoji": "memo", "present": True}
        )
        with database.quietly() as session:
            for emoji, present in (("memo", True), ("bulb", False)):
                notice = receipt.model_copy(update={"present": present, "ts": MessageTs(emoji)})
                outbox.put(session, TEAM, notice, key=emoji, now=NOON)
            paces.close(session, TEAM, "method:reactions.add", NOON + SECOND)

        assert all_taken(database) == [f"{FLOODED}:1", "bulb"]
        assert all_taken(database, NOON + SECOND) == ["memo"]


def test_a_workspace_out_of_turns_keeps_its_own_messages_waiting_and_nothing_else(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        owe(database, 1)
        owe(database, 1, QUIET, OTHER_TEAM)
        receipt = ReceiptChanged.model_validate(
            {"channel": FLOODED, "ts": "1.0", "emoji": "memo", "present": True}
        )
        with database.quietly() as session:
            outbox.put(session, TEAM, receipt, key="memo", now=NOON)
            paces.close(session, TEAM, paces.WHOLE_WORKSPACE, NOON + SECOND)

        assert all_taken(database) == [f"{QUIET}:1", "memo"]
        assert all_taken(database, NOON + SECOND) == [f"{FLOODED}:1"]


def test_against_a_server_without_limits_nobody_waits_but_where_it_said_so(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        owe(database, 20)

        found = [taken(database, paced=False) for _ in range(10)]
        with database.quietly() as session:
            paces.close(session, TEAM, FLOODED, NOON + SECOND)

        assert all(found)
        assert taken(database, paced=False) is None


def test_places_that_have_long_been_free_are_forgotten(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        with database.quietly() as session:
            paces.close(session, TEAM, FLOODED, NOON)
            paces.close(session, TEAM, QUIET, NOON + 2 * paces.KEPT)
            paces.forget_old(session, NOON + 2 * paces.KEPT)
        with database.reading() as session:
            left = session.exec_driver_sql("SELECT place FROM paces").scalars().all()

        assert left == [QUIET]


def took(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


@pytest.mark.parametrize("one_thread", [True, False], ids=["one_thread", "many_threads"])
def test_behind_thousands_that_wait_for_one_channel_another_channels_message_is_found_quickly(
    database_url: str, *, one_thread: bool
) -> None:
    with closing(Database(database_url)) as database:
        owe(database, FLOOD)
        if one_thread:
            with database.quietly() as session:
                ours = "SET lane = 'incident:1', seq = CAST(substr(key, 11) AS INTEGER)"
                session.exec_driver_sql(f"UPDATE outbox {ours} WHERE channel = '{FLOODED}'")
        owe(database, 1, QUIET)
        with database.quietly() as session:
            paces.close(session, TEAM, FLOODED, NOON + SECOND)

        found = taken(database)
        idle = sorted(took(lambda: taken(database)) for _ in range(15))
        again = sorted(
            took(lambda: taken(database, NOON + 9 * SECOND)) for _ in range(1 if one_thread else 4)
        )

        assert found
        assert found.key == f"{QUIET}:1"
        print(f"idle {idle[7] * 1000:.1f} ms, taking {again[-1] * 1000:.1f} ms")
        assert idle[7] < QUICK_SECONDS
        assert again[-1] < QUICK_SECONDS


def test_a_notice_of_an_incident_is_counted_in_the_incidents_channel(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        who = Who(team=TEAM, user=UserId("U0ANA"), channel=ChannelId(QUIET))
        opening = Opening(who=who, channel=ChannelId(QUIET), seen="loss is NaN")
        with database.quietly() as session:
            number = open_incident(session, opening, key="command:1", now=NOON).incident.number
            started = ThreadStarted(incident=number)
            outbox.put(session, TEAM, started, key="again", now=NOON)
        with database.reading() as session:
            ours = "SELECT channel FROM outbox WHERE lane = 'incident:1'"
            found = session.exec_driver_sql(ours).scalars().all()

        assert found == [QUIET] * 3
