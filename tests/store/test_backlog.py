"""After an hour without Slack thousands of notices wait, and the next one is found among them in time."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

from bot.domain.ids import IncidentNumber, TeamId
from bot.domain.notice import IncidentOpened, Notice, ThreadStarted
from bot.store import outbox
from bot.store.outbox import Owed
from bot.store.session import Database

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEAM = TeamId("T0ONE")
LANES = 2500


def owe(database: Database, lanes: int) -> None:
    """Two notices a lane, a moment after each other; the highest number has waited longest."""
    with database.quietly() as session:
        for number in range(lanes, 0, -1):
            incident = IncidentNumber(number)
            notices: dict[str, Notice] = {
                f"opened:{number}": IncidentOpened(incident=incident),
                f"started:{number}": ThreadStarted(incident=incident),
            }
            outbox.begin_lane(session, TEAM, notices, NOON - timedelta(seconds=number))


def taken(database: Database) -> Owed | None:
    with database.quietly() as session:
        return outbox.take(session, NOON)


def test_the_next_of_thousands_is_found_within_the_time_a_statement_may_take(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        owe(database, LANES)

        first, second = taken(database), taken(database)

        assert first
        assert second
        assert (first.key, second.key) == (f"opened:{LANES}", f"opened:{LANES - 1}")


def test_a_lane_waits_for_its_first_notice_and_no_other_lane_does(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        owe(database, 2)

        first, second, third = (taken(database) for _ in range(3))
        assert first
        assert second
        with database.quietly() as session:
            outbox.settle(session, second, NOON)
        fourth = taken(database)

        assert (first.key, second.key, third) == ("opened:2", "opened:1", None)
        assert fourth
        assert fourth.key == "started:1"
