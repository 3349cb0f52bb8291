"""What is taken out of one database goes into another, and comes out of that as the very same text."""

import io
import itertools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.export.checking import faults
from bot.domain.export.lines import from_line, to_line
from bot.domain.export.record import IncidentRecord, json_schema
from bot.domain.ids import IncidentNumber, TeamId
from bot.store import archive, tables
from bot.store.session import Database
from bot.store.tables import incidents, interventions, outbox, reviews, workspaces
from bot.usecases.export_incident import export_record
from bot.usecases.import_incidents import CannotImport, Imported, Wish, bring_in, judge
from tests.databases import PostgresTemplate, SqliteTemplate
from tests.records import records

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ONE = TeamId("T0ONE")
NEXT = itertools.count(100)
# What belongs to an incident and is not in its record, and why.
LEFT_OUT = {
    "interventions": "the fold of the steps",
    "cards": "what Slack shows",
    "outbox": "what is owed to Slack",
    "search_documents": "made anew from the rest",
    "search_terms": "made anew from the rest",
    "search_similar": "made anew from the rest",
    "checklists": "posts in Slack; what was ticked is kept",
}
# Columns of a part that its record has not, and why.
DERIVED = {
    ("steps", "kind"): "stands in the body",
    ("handoffs", "waiting"): "follows from how it ended",
    ("people", "asked_at"): "when Slack was asked",
    **{
        ("reviews", name): "when to look again is settled anew"
        for name in ("due_at", "living", "posted_at", "attempts", "last_error")
    },
}


@pytest.fixture(scope="module")
def both(
    sqlite_template: SqliteTemplate,
    postgres_template: PostgresTemplate,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Database, Database]]:
    """A database of each kind, for all examples."""
    folder: Path = tmp_path_factory.mktemp("both")
    with ExitStack() as open_ones:
        urls = [open_ones.enter_context(one.copy(folder)) for one in (sqlite_template, postgres_template)]
        first, second = (open_ones.enter_context(closing(Database(url))) for url in urls)
        yield first, second


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with closing(Database(database_url)) as found:
        yield found


def brought_in(database: Database, lines: Sequence[str], **wish: object) -> list[Imported]:
    text = "".join(f"{line}\n" for line in lines).encode()
    wanted = Wish(**wish)  # type: ignore[arg-type]
    with database.reading() as session:
        here = archive.teams(session)
    judge(lambda: io.BytesIO(text), wanted, here)
    with database.writing() as session:
        return bring_in(session, lambda: io.BytesIO(text), wanted, now=NOON)


def taken_out(database: Database, number: int, team: TeamId = ONE) -> str:
    with database.reading() as session:
        return to_line(export_record(session, team, IncidentNumber(number)))


def simple(number: int = 1, **more: object) -> IncidentRecord:
    incident = {
        "number": number,
        "title": "loss is NaN",
        "seen": "loss is NaN",
        "severity": 2,
        "private": False,
        "channel": "C0ONE",
        "thread_ts": f"170000000{number}.000001",
        "opened_by": "U0ANA",
        "opened_at": NOON,
        "active_at": NOON,
        "last_entry": 0,
    }
    first = {"seq": 1, "severity": 2, "by": "U0ANA", "at": NOON, "reason": "named at opening"}
    thread = {"channel": "C0ONE", "ts": incident["thread_ts"]}
    base = {"team": ONE, "incident": incident, "severity_changes": [first], "threads": [thread]}
    return IncidentRecord.model_validate(base | more)


@given(record=records(), start=st.sampled_from([0, 1]))
@settings(max_examples=15)
def test_any_incident_goes_from_one_kind_of_database_to_the_other_and_back_with_nothing_lost(
    both: tuple[Database, Database], record: IncidentRecord, start: int
) -> None:
    first, second, number = both[start], both[1 - start], record.incident.number
    # Each example has a workspace of its own, and comes back as another.
    here, back = (TeamId(f"T0{next(NEXT)}") for _ in range(2))
    assert list(faults(record)) == []

    brought_in(first, [to_line(record)], team=here)
    once = taken_out(first, number, here)
    brought_in(second, [once], team=here)
    there = taken_out(second, number, here)
    brought_in(first, [there], team=back)
    again = taken_out(first, number, back)

    assert from_line(once).model_copy(update={"team": record.team}) == record
    assert there == once
    assert again.replace(back, here) == once


def test_every_table_of_an_incident_is_in_the_record_or_left_out_for_a_reason() -> None:
    own = {table.name for table in tables.metadata.sorted_tables if "incident" in table.columns}
    parts = set(archive.PARTS)

    assert own - parts <= LEFT_OUT.keys()
    for name, table in archive.ALL.items():
        columns = {column.name for column in table.columns} - {"team_id", "incident"}
        lacking = columns - set(archive.columns_of(name))
        assert {(name, column) for column in lacking} <= DERIVED.keys()
    assert set(archive.columns_of("incident")) == {column.name for column in incidents.columns} - {"team_id"}


def test_the_schema_says_what_a_record_is() -> None:
    import jsonschema  # noqa: PLC0415 - only here.

    validator = jsonschema.Draft202012Validator(json_schema())

    assert validator.is_valid(simple().model_dump(mode="json"))
    assert not validator.is_valid(simple().model_dump(mode="json") | {"version": 2})


def test_what_is_brought_in_owes_slack_nothing_and_an_open_incident_sleeps(database: Database) -> None:
    brought_in(database, [to_line(simple())])

    with database.reading() as session:
        owed = session.execute(outbox.select()).all()
        [review] = session.execute(reviews.select()).all()
        last = session.execute(workspaces.select()).one().last_incident
    assert owed == []
    assert (review.due_at, review.off_by, last) == (None, "import", 1)


def test_a_number_that_is_taken_is_refused_and_nothing_of_the_file_comes_in(database: Database) -> None:
    brought_in(database, [to_line(simple(2))])
    other = simple(2, threads=[])
    fresh = simple(1, threads=[])

    with pytest.raises(CannotImport, match=r"another INC-2 in T0ONE already\. With --renumber"):
        brought_in(database, [to_line(fresh), to_line(other)])

    with database.reading() as session:
        assert [each.number for each in archive.shelf(session, ONE)] == [2]


def test_new_numbers_go_on_without_a_gap_and_say_what_was_what(database: Database) -> None:
    brought_in(database, [to_line(simple(2))])
    lines = [to_line(simple(number, threads=[])) for number in (2, 9)]

    done = brought_in(database, lines, renumber=True)

    assert [(each.before, each.number) for each in done] == [(2, 3), (9, 4)]
    with database.reading() as session:
        assert [each.number for each in archive.shelf(session, ONE)] == [2, 3, 4]


def test_the_same_incident_is_not_brought_in_twice_under_another_number(database: Database) -> None:
    brought_in(database, [to_line(simple())])

    with pytest.raises(CannotImport, match="INC-1 is here already, as INC-1"):
        brought_in(database, [to_line(simple())], renumber=True)


def test_an_incident_of_another_workspace_has_to_be_sent_somewhere(database: Database) -> None:
    brought_in(database, [to_line(simple())])
    foreign = to_line(simple().model_copy(update={"team": "T0FAR"}))

    with pytest.raises(CannotImport, match="comes from the workspace T0FAR, and this database has T0ONE"):
        brought_in(database, [foreign])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{}", "line 2: it is no record of an incident"),
        ("not json", "line 2: it is no JSON"),
        (to_line(simple()).replace('"version":1', '"version":7', 1), "version 7 .* reads version 1"),
        (to_line(simple()).replace('"severity":2', '"severity":9', 1), "line 2: incident.severity: .*5"),
        (to_line(simple()).replace('"title":"loss', '"title":"\\u0000'), "a NUL is no text"),
        (to_line(simple(3)), "INC-3 stands in line 1 as well"),
    ],
)
def test_a_file_is_judged_whole_before_anything_is_stored(database: Database, line: str, told: str) -> None:
    with pytest.raises(CannotImport, match=f"Nothing was brought in: .*{told}"):
        brought_in(database, [to_line(simple(3)), line])

    with database.reading() as session:
        assert archive.shelf(session, ONE) == []


def test_an_accepted_handoff_that_somebody_changed_is_refused_unless_they_insist(database: Database) -> None:
    handoff = {"number": 1, "bundle": "b", "giver": "U0ANA", "receiver": "U0BEN", "asked_by": "U0ANA"}
    handoff |= {"asked_at": NOON, "reason": "asked", "version": 1, "rounds": 0, "accepted_at": NOON}
    version = {"version": 1, "number": 1, "compiled_at": NOON, "document": "{}", "score": 90}
    version |= {"five_elements": True, "accepted_at": NOON, "hash": "0" * 64}
    changed = to_line(simple(handoffs=[handoff], handoff_versions=[version]))

    with pytest.raises(CannotImport, match=r"hash of handoff version 1 does not fit .* --force"):
        brought_in(database, [changed])
    done = brought_in(database, [changed], force=True)

    assert [each.number for each in done] == [1]
    assert taken_out(database, 1) == changed


def test_interventions_are_made_anew_from_the_steps(database: Database) -> None:
    body = {"step": "started", "name": "A1", "plan": "A", "text": "roll back", "window": "PT10M"}
    step = {"seq": 1, "body": body, "by": "U0ANA", "at": NOON, "recorded_at": NOON}

    brought_in(database, [to_line(simple(steps=[step]))])

    with database.reading() as session:
        [found] = session.execute(interventions.select()).all()
    assert (found.name, found.active) == ("A1", True)
