"""Search finds the same on both databases, as charts are now, and nothing that is none of the asker's."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text, update

from bot.domain.heard import Who
from bot.domain.ids import ChannelId, IncidentNumber, TeamId, UserId
from bot.domain.work.steps import STEP, Named, Suspect
from bot.store import incidents as store
from bot.store.session import Database, Session
from bot.store.tables import cards, entries, incidents, members, steps
from bot.usecases.find_similar import similar_to
from bot.usecases.index_incidents import index_incident, stale_ones
from bot.usecases.search_incidents import Asked, Found, search_incidents

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEAM, OTHER_TEAM = TeamId("T0"), TeamId("T1")
HERE, SECRET = ChannelId("C0HERE"), ChannelId("C0SECRET")
ANA, BEN = UserId("U0ANA"), UserId("U0BEN")

# What was seen, what was logged, and the cause of what is resolved.
WARD: tuple[tuple[str, tuple[str, ...], str | None], ...] = (
    (
        "loss is NaN since step 3100",
        ("KeyError: 'labels' in DataCollator", "grad_norm exploded"),
        "dead node",
    ),
    ("Training crashes after resume", ("RuntimeError: CUDA error: out of memory",), "optimizer state lost"),
    (
        "loss.nan after the upgrade to datasets 3.0",
        ("string columns reached the collator",),
        "pin datasets<3.0",
    ),
    ("Evaluation regressed by 4 points", ("the tokenizer's padding side changed",), None),
    ("损失函数发散", ("学习率太大",), "学习率"),
    ("Training is crashing on H100", ('he said "OR NOT NEAR(x)" * AND col:val',), None),
    ("Обучение зависло", ("naïve café ÉCLAIR",), "сеть"),
    ("resume", ("Training resumes, then the loss spikes: 1e-4 is too high for fp16",), "learning rate"),
)


SIGNS = (
    'OR NOT NEAR(x) ¦ " ¦ "" ¦ """ ¦ * ¦ * * ¦ a*b ¦ ** ¦ : ¦ col:val ¦ title:nan ¦ -nan ¦ ^nan ¦ nan AND ¦ '
    "NOT ¦ ( ¦ ) ¦ nan) ¦ ' ¦ '' ¦ \\ ¦ nan\\ ¦ nan & | ! ¦ <-> ¦ nan:* ¦ nan:A ¦ ;-- ¦ {title}: nan ¦ % ¦ "
    "_ ¦ =open ¦ =resolved . ¦ 🤖 ¦ nan + * ( 'x' ) : \" - ^ ¦ NEAR(nan loss, 5) ¦ 'nan' ¦ [nan] ¦ nan,loss"
)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with closing(Database(database_url)) as found:
        yield found


def add(session: Session, number: int, seen: str, said: tuple[str, ...] = (), **changes: Any) -> None:
    """An incident as it would be stored, an hour younger than the one before it."""
    opened = NOON - timedelta(hours=100 - number)
    fields: dict[str, Any] = {
        "team_id": TEAM,
        "number": number,
        "title": seen,
        "seen": seen,
        "severity": 2,
        "private": False,
        "channel": HERE,
        "thread_ts": f"17000000{number:02}.000100",
        "opened_by": ANA,
        "opened_at": opened,
        "active_at": opened,
        "last_entry": len(said),
    }
    fields |= changes
    if fields.get("diagnosis"):
        fields |= {"resolved_at": opened + timedelta(minutes=30), "resolved_by": ANA}
    session.execute(insert(incidents).values(**fields))
    own = {"team_id": fields["team_id"], "incident": number}
    session.execute(insert(cards).values(**own, wanted=1, sent=1, due_at=opened, attempts=0))
    for seq, each in enumerate(said, start=1):
        add_entry(session, own, seq, each)


def add_entry(session: Session, own: dict[str, Any], seq: int, said: str, kind: str = "note") -> None:
    row = {"kind": kind, "text": said, "author": ANA, "logged_by": ANA, "at": NOON, "logged_at": NOON}
    session.execute(insert(entries).values(**own, seq=seq, **row))


def index(database: Database) -> int:
    """Index all that has to be; how many incidents that were."""
    found = stale_ones(database, 1000)
    for each in found:
        index_incident(database, each)
    return len(found)


def change(database: Database, number: int, statement: Any) -> None:
    """Change something of an incident, as everything does that changes it: with its card."""
    with database.quietly() as session:
        session.execute(statement)
        session.execute(update(cards).where(cards.c.incident == number).values(wanted=cards.c.wanted + 1))


def look(database: Database, words: str, *, by: UserId = BEN, here: ChannelId = HERE, **asked: Any) -> Found:
    who = Who(team=TEAM, user=by, channel=here)
    with database.reading() as session:
        return search_incidents(session, who, Asked(words=words, **asked), NOON)


def numbers(found: Found) -> list[int]:
    return [hit.incident.number for hit in found.hits]


@pytest.fixture
def ward(database: Database) -> Database:
    """A ward with a few incidents, all indexed."""
    with database.quietly() as session:
        for number, (seen, said, cause) in enumerate(WARD, start=1):
            add(session, number, seen, said, diagnosis=cause)
    index(database)
    return database


def test_the_same_is_found_in_the_same_order_on_every_database(ward: Database) -> None:
    asked = {
        "nan": [3, 1],
        "LOSS nan": [3, 1],
        "loss": [3, 1, 8],
        "keyerror": [1],
        "KeyError": [1],
        "key_error": [1],
        "error": [2, 1],
        "gradnorm": [1],
        "grad norm": [1],
        "grad-norm": [1],
        "crash": [2, 6],
        "crashed training": [2, 6],
        "resuming": [8, 2],
        '"training is crashing"': [6],
        '"crashing training"': [],
        "“out of memory”": [2],
        "check*": [],
        "token*": [4],
        "regress*": [4],
        "损失": [5],
        "发散": [5],
        "率太": [5],
        "обучение": [7],
        "naive CAFÉ eclair": [7],
        "h100": [6],
        "h 100": [6],
        "3.0": [3],
        "3100": [1],
        "1e-4": [8],
        "datasets<3.0": [3],
        "dead node": [1],
        "the": [3, 4, 8],
    }

    found = {words: numbers(look(ward, words)) for words in asked}

    assert found == asked


def test_no_sign_that_is_typed_means_anything_to_a_database(ward: Database) -> None:
    hostile = [*SIGNS.split(" ¦ "), "", "\u200b", "\u0301", "x" * 5000, '"' + "nan " * 500, "nan\n-"]

    found = {words: look(ward, words) for words in hostile}

    assert numbers(found["-nan"]) == numbers(found["nan)"]) == numbers(found["^nan"]) == [3, 1]
    assert numbers(found["OR NOT NEAR(x)"]) == [6]
    assert numbers(found['"']) == numbers(found["🤖"]) == []


def test_where_nothing_has_all_the_words_what_has_most_is_found_and_that_is_said(
    ward: Database,
) -> None:
    found = look(ward, "loss nan zebra")

    assert numbers(found) == [3, 1]
    assert (found.words, found.asked, found.some_words_missing) == (2, 3, True)
    assert look(ward, "loss nan").some_words_missing is False
    assert look(ward, "zebra") == Found(asked=1)


def test_what_is_open_resolved_or_young_is_told_apart(ward: Database) -> None:
    both = numbers(look(ward, "training"))
    is_open = numbers(look(ward, "training", resolved=False))
    resolved = numbers(look(ward, "training", resolved=True))
    young = numbers(look(ward, "training", since=timedelta(hours=95)))
    nothing = numbers(look(ward, "training", since=timedelta(minutes=1)))

    assert (both, is_open, resolved, young, nothing) == ([2, 6, 8], [6], [2, 8], [6, 8], [])


def test_an_excerpt_shows_the_words_where_they_were_found(ward: Database) -> None:
    [hit] = look(ward, "memory RuntimeError").hits

    assert "".join(piece.text for piece in hit.excerpt) == "RuntimeError: CUDA error: out of memory"
    assert [piece.text for piece in hit.excerpt if piece.hit] == ["RuntimeError", "memory"]


def test_what_was_withdrawn_edited_or_reopened_is_found_no_more(ward: Database) -> None:
    of_first = (entries.c.incident == 1) & (entries.c.seq == 1)
    change(ward, 1, update(entries).where(of_first).values(withdrawn_at=NOON))
    change(ward, 2, update(entries).where(entries.c.incident == 2).values(text="disk full"))
    reopened = {"resolved_at": None, "diagnosis": None, "resolved_by": None}
    change(ward, 3, update(incidents).where(incidents.c.number == 3).values(**reopened))

    before = numbers(look(ward, "keyerror"))
    count = index(ward)

    assert (before, count, index(ward)) == ([1], 3, 0)
    assert numbers(look(ward, "keyerror")) == []
    assert numbers(look(ward, "memory")) == []
    assert numbers(look(ward, "disk")) == [2]
    assert numbers(look(ward, "pin")) == []
    assert numbers(look(ward, "nan", resolved=False)) == [3]


def test_a_private_incident_is_found_by_its_members_and_in_its_own_channel(ward: Database) -> None:
    with ward.quietly() as session:
        add(session, 20, "leaked key", ("zebra",), private=True, channel=SECRET)
        add(session, 21, "leaked zebra", team_id=OTHER_TEAM)
        session.execute(insert(members).values(team_id=TEAM, channel=SECRET, person=ANA))
    index(ward)

    assert numbers(look(ward, "zebra")) == []
    assert numbers(look(ward, "zebra", by=ANA)) == [20]
    assert numbers(look(ward, "zebra", here=SECRET)) == [20]


def similar(database: Database, number: int) -> list[tuple[int, str, str | None]]:
    with database.reading() as session:
        found = similar_to(session, store.get(session, TEAM, IncidentNumber(number)))
    return [(each.number, each.diagnosis, each.worked) for each in found]


def test_a_new_incident_is_like_resolved_ones_at_once_and_when_it_is_indexed(ward: Database) -> None:
    with ward.quietly() as session:
        add(session, 30, "Loss is NaN since step 9000 after the datasets upgrade")
    at_once = similar(ward, 30)
    index(ward)

    assert [number for number, _, _ in at_once] == [1, 3]
    assert similar(ward, 30) == at_once
    assert similar(ward, 4) == similar(ward, 1) == []
    with ward.reading() as session:
        wanted = session.execute(text("SELECT wanted, indexed FROM cards WHERE incident = 30")).one()
    assert tuple(wanted) == (1, 1)


def test_what_becomes_like_another_by_what_is_said_of_it_has_its_card_shown_anew_once(ward: Database) -> None:
    named = Named(hypotheses=(Suspect(letter="A", statement="optimizer state lost after resume"),))
    body = STEP.dump_json(named).decode()
    step = {"kind": "named", "body": body, "by": ANA, "at": NOON, "recorded_at": NOON, "seq": 1}
    with ward.quietly() as session:
        add(session, 31, "throughput halved")
    index(ward)

    change(ward, 31, insert(steps).values(team_id=TEAM, incident=31, **step))

    assert index(ward) == 1
    assert [number for number, _, _ in similar(ward, 31)] == [2]
    with ward.reading() as session:
        wanted = session.execute(text("SELECT wanted, indexed FROM cards WHERE incident = 31")).one()
    assert tuple(wanted) == (3, 3)
    assert index(ward) == 0


def test_nothing_private_is_named_beside_what_is_public(
    ward: Database,
) -> None:
    leak: dict[str, Any] = {"private": True, "diagnosis": "rotated the key", "channel": SECRET}
    with ward.quietly() as session:
        add(session, 40, "api key leaked in the training logs", **leak)
        add(session, 41, "api key leaked in the eval logs", diagnosis="scrubbed logs")
    index(ward)
    with ward.quietly() as session:
        add(session, 50, "api key leaked in logs")
        add(session, 51, "api key leaked in logs", private=True, channel=SECRET)
        add(session, 52, "api key leaked in logs", private=True, channel=ChannelId("C0OTHER"))
    index(ward)
    found = {number: [each for each, _, _ in similar(ward, number)] for number in (50, 51, 52)}
    change(ward, 41, update(incidents).where(incidents.c.number == 41).values(private=True, channel=SECRET))

    assert {number: sorted(each) for number, each in found.items()} == {50: [41], 51: [40, 41], 52: [41]}
    assert similar(ward, 50) == []


def test_two_who_index_at_once_do_not_disturb_each_other(ward: Database) -> None:
    change(ward, 1, update(entries).where(entries.c.incident == 1).values(text="disk full"))
    [one] = stale_ones(ward, 10)

    index_incident(ward, one)
    index_incident(ward, one)

    assert stale_ones(ward, 10) == []
    assert numbers(look(ward, "disk")) == [1]


def test_nothing_is_looked_for_by_looking_at_everything(ward: Database) -> None:
    """What is asked every second and for every card must not read all incidents."""
    engine = ward._reader if ward.is_sqlite else ward.engine  # noqa: SLF001 - whoever reads is asked.
    said: list[tuple[str, Any]] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _u, sql, given, *_: said.append((sql, given)))
    stale_ones(ward, 10)
    similar(ward, 4)
    with ward.reading() as session:
        plans = [line for sql, given in said[:4] for line in plan(session, sql, given)]

    assert [line for line in plans if "Seq Scan" in line or is_scan(line)] == []


def plan(session: Session, sql: str, given: Any) -> list[str]:
    if session.dialect.name == "postgresql":
        session.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return [row[0] for row in session.exec_driver_sql(f"EXPLAIN {sql}", given)]
    return [row[3] for row in session.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", tuple(given))]


def is_scan(line: str) -> bool:
    """Whether all of a table is read; the index of what is stale holds nothing else."""
    return line.startswith("SCAN") and "ix_cards_unindexed" not in line
