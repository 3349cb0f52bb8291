"""Incident numbers: gap-free in each workspace, whoever opens at the same time."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime

from sqlalchemy import select

from bot.domain.heard import Who
from bot.domain.ids import ChannelId, TeamId, UserId
from bot.store.session import Database
from bot.store.tables import incidents
from bot.usecases.open_incident import Opening, open_incident

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class TurnedBackError(Exception):
    """Something went wrong after the number was taken."""


def opening(team: str, words: str) -> Opening:
    who = Who(team=TeamId(team), user=UserId("U0ANA"), channel=ChannelId("C0HERE"))
    return Opening(who=who, channel=ChannelId("C0HERE"), seen=words)


def numbers(database: Database, team: str) -> list[int]:
    with database.reading() as session:
        found = session.execute(select(incidents.c.number).where(incidents.c.team_id == team))
        return sorted(found.scalars())


def test_parallel_openings_get_every_number_once(database_url: str) -> None:
    with closing(Database(database_url)) as database:

        def opened(number: int) -> None:
            with database.writing() as session:
                open_incident(session, opening(f"T{number % 2}", f"{number}"), key=f"k{number}", now=NOON)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(opened, range(40)))

        assert numbers(database, "T0") == list(range(1, 21))
        assert numbers(database, "T1") == list(range(1, 21))


def test_an_opening_that_fails_leaves_no_gap(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        for number in range(6):
            try:
                with database.writing() as session:
                    open_incident(session, opening("T0", f"{number}"), key=f"k{number}", now=NOON)
                    if number % 2:
                        raise TurnedBackError
            except TurnedBackError:
                continue

        assert numbers(database, "T0") == [1, 2, 3]


def test_a_repeated_opening_takes_no_number(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        for number in range(3):
            with database.writing() as session:
                open_incident(session, opening("T0", "the same"), key=f"k{number}", now=NOON)
        with database.writing() as session:
            open_incident(session, opening("T0", "another"), key="k9", now=NOON)

        assert numbers(database, "T0") == [1, 2]
