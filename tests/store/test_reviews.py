"""What is due is taken once, whoever looks, and is found by an index however much is not due."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Dialect, insert
from sqlalchemy.dialects import postgresql

from bot.domain.ids import ChannelId, IncidentNumber, TeamId, UserId
from bot.store import reviews
from bot.store.session import Database, Session
from bot.store.tables import incidents
from bot.store.tables import reviews as table

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEAM = TeamId("T0ONE")
ANA = UserId("U0ANA")
MANY = 20_000
MINUTE = timedelta(minutes=1)


def fill(session: Session, count: int, *, due: int) -> None:
    """Open incidents, *due* of them due a minute ago and less, the others in an hour and later."""
    plain = {"team_id": TEAM, "title": "loss is NaN", "seen": "loss is NaN", "severity": 3, "private": False}
    place = {
        "channel": ChannelId("C0"),
        "opened_by": ANA,
        "opened_at": NOON,
        "active_at": NOON,
        "last_entry": 0,
    }
    late = [NOON - MINUTE + number * timedelta(milliseconds=1) for number in range(due)]
    early = [NOON + timedelta(hours=1, seconds=number) for number in range(count - due)]
    session.execute(insert(incidents), [{**plain, **place, "number": n} for n in range(1, count + 1)])
    session.execute(
        insert(table),
        [
            {"team_id": TEAM, "incident": number, "due_at": at, "living": 0, "attempts": 0}
            for number, at in enumerate([*late, *early], start=1)
        ],
    )


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with closing(Database(database_url)) as found:
        yield found


def taken(database: Database, now: datetime = NOON) -> int | None:
    """Take what is due and put it off for a day, as a look does."""
    with database.quietly() as session:
        found = reviews.take(session, now)
        if found is None:
            return None
        review = reviews.get(session, *found)
        reviews.failed(session, *found, at=now + timedelta(days=1), attempts=review.attempts + 1, error="")
        return found[1]


def test_what_is_due_is_taken_in_the_order_of_its_time_and_nothing_else(database: Database) -> None:
    with database.quietly() as session:
        fill(session, 5, due=3)

    assert [taken(database) for _ in range(4)] == [1, 2, 3, None]
    assert taken(database, NOON + timedelta(hours=1)) == 4


def test_what_is_never_due_is_not_taken(database: Database) -> None:
    with database.quietly() as session:
        fill(session, 2, due=2)
        reviews.done(session, TEAM, IncidentNumber(1), reviews.Review(due_at=None))

    assert [taken(database), taken(database, NOON + timedelta(days=400))] == [2, 2]


def test_several_who_look_at_once_take_each_incident_once(database: Database) -> None:
    with database.quietly() as session:
        fill(session, 200, due=150)

    def work(_: int) -> list[int]:
        return [*iter(lambda: taken(database), None)]

    with ThreadPoolExecutor(6) as pool:
        found = [number for numbers in pool.map(work, range(6)) for number in numbers]

    assert sorted(found) == [*range(1, 151)]


def test_who_looks_passes_by_what_somebody_else_is_looking_at(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("A file has one writer at a time.")
    with database.quietly() as session:
        fill(session, 3, due=3)

    with ExitStack() as stack:
        found = [reviews.take(stack.enter_context(database.quietly()), NOON) for _ in range(4)]

    assert [each and each[1] for each in found] == [1, 2, 3, None]


def test_a_change_makes_it_due_now_and_never_later(database: Database) -> None:
    one, two, three = (IncidentNumber(number) for number in (1, 2, 3))
    with database.quietly() as session:
        fill(session, 3, due=1)
        reviews.done(session, TEAM, three, reviews.Review(due_at=None))
        before = reviews.get(session, TEAM, one).due_at
        for number in (one, two, three):
            reviews.wanted(session, TEAM, number, NOON)

        found = [reviews.get(session, TEAM, number).due_at for number in (one, two, three)]

    assert found == [before, NOON, NOON]


def test_what_went_wrong_is_kept_until_a_look_succeeds(database: Database) -> None:
    one = IncidentNumber(1)
    with database.quietly() as session:
        fill(session, 1, due=1)
        reviews.failed(session, TEAM, one, at=NOON, attempts=3, error="boom")
        wrong = reviews.late(session, NOON)
        reviews.done(session, TEAM, one, reviews.Review(due_at=NOON, living=2, posted_at=NOON))
        found = reviews.get(session, TEAM, one)

        right = reviews.late(session, NOON)

    assert (wrong.due, wrong.oldest, wrong.failed) == (1, NOON, 1)
    assert (found.attempts, found.living, found.posted_at) == (0, 2, NOON)
    assert (right.due, right.failed) == (1, 0)


def test_people_say_how_often_and_whether_at_all(database: Database) -> None:
    one = IncidentNumber(1)
    with database.quietly() as session:
        fill(session, 1, due=1)
        reviews.ask_every(session, TEAM, one, 20 * MINUTE)
        often = reviews.get(session, TEAM, one)
        reviews.switch_off(session, TEAM, one, ANA)
        off = reviews.get(session, TEAM, one)
        reviews.ask_every(session, TEAM, one, None)

        again = reviews.get(session, TEAM, one)

    assert (often.every, often.off_by) == (20 * MINUTE, None)
    assert (off.every, off.off_by) == (20 * MINUTE, ANA)
    assert (again.every, again.off_by) == (None, None)


def explained(session: Session, dialect: Dialect) -> str:
    """How the database finds what is due, in its own words."""
    statement = reviews._NEXT.compile(dialect=dialect)  # noqa: SLF001 - its plan is what is tested.
    if isinstance(dialect, postgresql.dialect):
        found = session.exec_driver_sql(f"EXPLAIN {statement}", statement.params | {"now": NOON})
        return "\n".join(row[0] for row in found)
    bound = statement.params | {"now": "2026-11-23 12:00:00"}
    values = tuple(bound[name] for name in statement.positiontup or ())
    found = session.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    return "\n".join(row[-1] for row in found)


@pytest.mark.parametrize("due", [0, 50, MANY])
def test_what_is_due_is_found_by_the_index_however_much_is_open(database: Database, due: int) -> None:
    with database.unhurried() as session:
        fill(session, MANY, due=due)
        session.exec_driver_sql("ANALYZE")
        plan = explained(session, database.engine.dialect)

    assert "ix_reviews_due" in plan
    assert "SCAN reviews" not in plan.replace("SCAN reviews USING INDEX ix_reviews_due", "")
    assert "Seq Scan" not in plan
