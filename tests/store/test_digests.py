"""Orders of digests are claimed once each, and what a digest is made of is found without looking around."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select

from bot.domain.digest.compiling import Occasion, Stay
from bot.domain.digest.document import Digest, Trends
from bot.domain.digest.schedule import Schedule, Slot
from bot.domain.ids import ChannelId, IncidentNumber, TeamId, UserId
from bot.store import digests, rounds
from bot.store.digests import Order
from bot.store.session import Database, Session
from bot.store.tables import incidents, outbox, prompts, reviews, steps
from bot.usecases.follow_channel import move_channel
from bot.usecases.read_digest import read_digest
from bot.usecases.send_digest import send_due_digest

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=3)
A_DAY = timedelta(days=1)
TEAM, OTHER_TEAM = TeamId("T0"), TeamId("T1")
HERE, THERE = ChannelId("C0HERE"), ChannelId("C0THERE")
ANA = UserId("U0ANA")
SLOT = Slot(date(2026, 11, 23), NOON)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with closing(Database(database_url)) as found:
        yield found


def order(channel: ChannelId = HERE, **changes: Any) -> Order:
    fields: dict[str, Any] = {
        "team": TEAM,
        "channel": channel,
        "schedule": Schedule(minute=720, zone="UTC"),
        "ordered_by": ANA,
        "ordered_at": NOON - A_DAY,
        "due_at": NOON,
    }
    return Order(**fields | changes)


def document() -> Digest:
    return Digest(
        channel=HERE,
        address="https://x.slack.com/",
        zone="UTC",
        date=SLOT.date,
        at=NOON,
        since=NOON - A_DAY,
        due_at=NOON,
        late=False,
        standing=(),
        resolved=(),
        trends=Trends(),
        names={},
    )


def put(database: Database, *found: Order) -> None:
    with database.writing() as session:
        for each in found:
            digests.put_order(session, each)


def take(database: Database, now: datetime = NOON) -> Order | None:
    with database.writing() as session:
        return digests.take(session, now, until=now + timedelta(minutes=3))


def add_incident(session: Session, number: int, **changes: Any) -> None:
    fields: dict[str, Any] = {
        "team_id": TEAM,
        "number": number,
        "title": "x",
        "seen": "x",
        "severity": 2,
        "private": False,
        "channel": HERE,
        "opened_by": ANA,
        "opened_at": NOON - timedelta(hours=1),
        "active_at": NOON,
        "last_entry": 0,
    }
    session.execute(insert(incidents).values(**fields | changes))


def test_what_is_due_longest_is_taken_first_and_each_order_once(database: Database) -> None:
    put(database, order(), order(THERE, due_at=NOON - A_DAY), order(ChannelId("C0"), due_at=LATER))

    taken = [take(database) for _ in range(3)]

    assert [each and each.channel for each in taken] == [THERE, HERE, None]


def test_what_was_taken_and_not_sent_falls_due_again(database: Database) -> None:
    put(database, order())
    first = take(database)

    assert first == order()
    assert take(database, NOON + timedelta(minutes=2)) is None
    assert take(database, LATER) == replace(order(), due_at=LATER)


def test_whoever_takes_one_keeps_nobody_from_the_others(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("a SQLite file is written by one at a time")
    put(database, order(), order(THERE, due_at=NOON + timedelta(seconds=1)))

    with database.writing() as first, database.engine.begin() as second:
        mine = digests.take(first, LATER, until=LATER + A_DAY)
        theirs = digests.take(second, LATER, until=LATER + A_DAY)

    assert (mine and mine.channel, theirs and theirs.channel) == (HERE, THERE)


def test_an_order_that_was_changed_since_it_was_taken_stays_as_it_was_changed(database: Database) -> None:
    put(database, order())
    taken = take(database)
    assert taken is not None
    put(database, order(ordered_at=NOON, due_at=NOON + A_DAY))

    with database.writing() as session:
        moved = digests.move_on(session, taken, taken_until=LATER, due_at=NOON + 5 * A_DAY)
        found = digests.order_of(session, TEAM, HERE)

    assert moved is False
    assert found is not None
    assert found.due_at == NOON + A_DAY


def test_a_date_has_one_digest_whoever_compiles_it(database: Database) -> None:
    with database.writing() as session:
        first = digests.add(session, order(), SLOT, document(), NOON)
        second = digests.add(session, order(), SLOT, None, NOON)
        tomorrow = digests.add(session, order(), Slot(SLOT.date + A_DAY, NOON + A_DAY), None, NOON)
        elsewhere = digests.add(session, order(team=OTHER_TEAM), SLOT, None, NOON)

    with database.reading() as session:
        kept = digests.find(session, TEAM, HERE, SLOT.date)
        missed = digests.has_one(session, TEAM, HERE, SLOT.date + A_DAY)
        nothing = digests.find(session, TEAM, HERE, SLOT.date + A_DAY)
    assert (first, second, tomorrow, elsewhere) == (True, False, True, True)
    assert kept == document()
    assert (missed, nothing) == (True, None)


def test_a_channel_whose_id_changes_gets_its_digests_and_none_of_them_again(database: Database) -> None:
    put(database, order())
    with database.writing() as session:
        digests.add(session, order(), SLOT, document(), NOON)

        move_channel(session, TEAM, HERE, THERE)
        again = digests.add(session, order(channel=THERE), SLOT, document(), NOON)

    assert again is False
    taken = take(database)
    assert taken is not None
    assert taken.channel == THERE


def test_a_channel_sees_what_is_public_and_what_is_its_own(database: Database) -> None:
    with database.writing() as session:
        add_incident(session, 1)
        add_incident(session, 2, private=True, channel=THERE)
        add_incident(session, 3, private=True)
        add_incident(session, 4, team_id=OTHER_TEAM)

    with database.reading() as session:
        here, there = (rounds.open_now(session, TEAM, channel) for channel in (HERE, THERE))
    assert {each.number for each in here} == {1, 3}
    assert {each.number for each in there} == {1, 2}


def test_the_two_weeks_hold_what_began_or_ended_in_them(database: Database) -> None:
    long_ago, since = NOON - 50 * A_DAY, NOON - 14 * A_DAY
    with database.writing() as session:
        add_incident(session, 1)
        add_incident(session, 2, opened_at=long_ago, resolved_at=NOON - A_DAY)
        add_incident(session, 3, opened_at=long_ago, resolved_at=NOON - 20 * A_DAY)
        add_incident(session, 4, opened_at=long_ago)

    with database.reading() as session:
        found = rounds.stays(session, TEAM, HERE, since)
        resolved = rounds.resolved_since(session, TEAM, HERE, NOON - 2 * A_DAY)
    assert found == [Stay(NOON - timedelta(hours=1), None), Stay(long_ago, NOON - A_DAY)]
    assert [each.number for each in resolved] == [2]


def test_a_differential_counts_from_its_first_hypothesis_that_still_stands(database: Database) -> None:
    def named(session: Session, number: int, seq: int, minutes: int, **changes: Any) -> None:
        at = NOON - timedelta(hours=1) + timedelta(minutes=minutes)
        fields: dict[str, Any] = {"kind": "named", "body": "{}", "by": ANA, "at": at, "recorded_at": at}
        place = {"team_id": TEAM, "incident": number, "seq": seq}
        session.execute(insert(steps).values(**place | fields | changes))

    with database.writing() as session:
        for number in (1, 2, 3):
            add_incident(session, number)
        named(session, 1, 1, 5, withdrawn_at=NOON)
        named(session, 1, 2, 10)
        named(session, 1, 3, 20)
        named(session, 2, 1, -30)
        named(session, 3, 1, 30, kind="asked")

    with database.reading() as session:
        found = rounds.first_differentials(session, TEAM, HERE, NOON - A_DAY)
    assert sorted(found) == [timedelta(), timedelta(minutes=10)]


def test_a_prompt_that_was_answered_put_off_or_declined_is_not_overdue(database: Database) -> None:
    def asked(session: Session, about: str, **changes: Any) -> None:
        fields: dict[str, Any] = {"kind": "re-evaluation", "due_at": NOON - A_DAY, "asks": 1}
        place = {"team_id": TEAM, "incident": 1, "about": about}
        session.execute(insert(prompts).values(**place | fields | changes))

    with database.writing() as session:
        add_incident(session, 1)
        asked(session, "open")
        asked(session, "answered", answered_at=NOON)
        asked(session, "declined", declined_at=NOON)
        asked(session, "snoozed", snoozed_until=LATER)
        asked(session, "woken", snoozed_until=NOON)
        asked(session, "later", due_at=LATER)

    with database.reading() as session:
        found = rounds.unanswered(session, TEAM, [IncidentNumber(1)], NOON)
    assert [each.about for each in found[IncidentNumber(1)]] == ["open", "woken"]


def test_where_prompts_are_off_nothing_is_overdue_because_nobody_is_asked(database: Database) -> None:
    off = {"off_by": ANA, "living": 1, "attempts": 0}
    with database.writing() as session:
        for number, more in ((1, {}), (2, off)):
            add_incident(session, number)
            place = {"team_id": TEAM, "incident": number}
            values = {"kind": "triage", "about": "", "due_at": NOON - A_DAY, "asks": 2}
            session.execute(insert(prompts).values(**place, **values))
            session.execute(insert(reviews).values(**place, **{"living": 1, "attempts": 0} | more))

    with database.reading() as session:
        found = rounds.unanswered(session, TEAM, [IncidentNumber(1), IncidentNumber(2)], NOON)
    assert [*found] == [1]


def test_while_slack_is_out_a_digest_is_owed_at_its_hour_with_the_address_of_the_last_one(
    database: Database,
) -> None:
    put(database, order())
    with database.writing() as session:
        digests.add(session, order(), Slot(SLOT.date - A_DAY, NOON - A_DAY), document(), NOON - A_DAY)

    assert send_due_digest(database, lambda: None, NOON)

    with database.reading() as session:
        sent = digests.find(session, TEAM, HERE, SLOT.date)
        owed = session.execute(select(outbox.c.owed_at)).scalar()
    assert sent
    assert (sent.address, owed) == ("https://x.slack.com/", NOON)


def test_nothing_is_looked_for_by_looking_at_everything(database: Database) -> None:
    """At 100,000 incidents of which 200 are open, a look at all of them would take longer than a look may."""
    said: list[tuple[str, Any]] = []
    event.listen(
        database.engine if not database.is_sqlite else database._reader,  # noqa: SLF001 - whoever reads is asked.
        "before_cursor_execute",
        lambda _c, _cur, statement, parameters, *_: said.append((statement, parameters)),
    )
    with database.writing() as session:
        add_incident(session, 1)
    with database.reading() as session:
        read_digest(session, occasion())
    asked = [each for each in said if each[0].lstrip().startswith("SELECT")]
    with database.reading() as session:
        plans = [plan for each in asked for plan in plan_of(session, *each)]

    assert len(asked) >= 7
    assert [line for line in plans if is_scan(line)] == []


def occasion() -> Occasion:
    return Occasion(
        team=TEAM, channel=HERE, address="https://x.slack.com/", zone="UTC", date=SLOT.date, at=NOON
    )


def plan_of(session: Session, statement: str, parameters: Any) -> list[str]:
    """How a database would find what a statement asks for, if tables were large."""
    if session.dialect.name == "postgresql":
        session.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return [row[0] for row in session.exec_driver_sql(f"EXPLAIN {statement}", parameters)]
    found = session.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(parameters))
    return [row[3] for row in found]


def is_scan(line: str) -> bool:
    return "Seq Scan" in line or line.startswith("SCAN")
