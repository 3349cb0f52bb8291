"""`rounds export` and `rounds import`, as a person at a terminal meets them."""

import json
from contextlib import closing
from pathlib import Path

import jsonschema
import pytest

from bot.domain.export.lines import to_line
from bot.domain.ids import TeamId
from bot.store import archive
from bot.store.schema import migrate
from bot.store.session import Database
from bot.store.sole import hold
from tests.store.test_archive import brought_in, simple
from tests.test_commands import rounds


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    """A database with a public incident, a private one, and one of an open thread."""
    url = f"sqlite:///{tmp_path / 'rounds.db'}"
    public, private = simple(1), simple(2)
    hidden = private.incident.model_copy(update={"private": True})
    with closing(Database(url)) as database:
        migrate(database)
        brought_in(database, [to_line(public), to_line(private.model_copy(update={"incident": hidden}))])
    return url


def test_what_is_exported_is_imported_elsewhere_and_exported_again_as_the_same_bytes(
    file_url: str, tmp_path: Path
) -> None:
    there, out, again = (tmp_path / name for name in ("there.db", "out.jsonl", "again.jsonl"))
    other = f"sqlite:///{there}"
    rounds("migrate", ROUNDS_DATABASE_URL=other)

    first = rounds("export", "--all", "--include-private", "--out", str(out), ROUNDS_DATABASE_URL=file_url)
    brought = rounds("import", str(out), ROUNDS_DATABASE_URL=other)
    rounds("export", "--all", "--include-private", "--out", str(again), ROUNDS_DATABASE_URL=other)
    twice = rounds("import", str(out), ROUNDS_DATABASE_URL=other)

    assert (first.returncode, brought.returncode) == (0, 0), brought.stderr
    assert out.read_bytes() == again.read_bytes()
    assert "INC-1\nINC-2\n2 incidents brought in.\nStill open: INC-1, INC-2." in brought.stdout
    assert "/incident prompts INC-1 on" in brought.stdout
    assert twice.returncode == 2
    assert "Nothing was brought in: INC-1 is here already, as INC-1" in twice.stderr


def test_private_incidents_are_counted_and_named_and_left_out_unless_they_are_asked_for(
    file_url: str,
) -> None:
    without = rounds("export", "--all", ROUNDS_DATABASE_URL=file_url)
    one = rounds("export", "inc-2", "--include-private", "--format", "md", ROUNDS_DATABASE_URL=file_url)

    assert [json.loads(line)["incident"]["number"] for line in without.stdout.splitlines()] == [1]
    assert "Left out: 1 private incident (INC-2). --include-private exports them, too." in without.stderr
    assert one.stdout.startswith("# INC-2: loss is NaN")


def test_both_schemas_are_printed_and_fit_what_is_exported(file_url: str) -> None:
    of_incident = json.loads(rounds("export", "--schema").stdout)
    of_handoff = json.loads(rounds("export", "--schema", "handoff").stdout)
    line = rounds("export", "1", ROUNDS_DATABASE_URL=file_url).stdout

    jsonschema.Draft202012Validator(of_incident).validate(json.loads(line))
    assert "properties" in of_handoff


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("export",), "Say which: `rounds export INC-12`, or `rounds export --all`."),
        (("export", "INC-9"), "There is no INC-9 in T0ONE."),
        (("export", "nine"), "“nine” is no incident"),
        (("export", "--all", "--format", "pdf"), "--format is json or md."),
        (
            ("export", "--all", "--team", "T9"),
            "There is no incident of the workspace T9 here; there are those of T0ONE",
        ),
        (("import", "nowhere.jsonl"), "Nothing was brought in: there is no file nowhere.jsonl."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(file_url: str, words: tuple[str, ...], told: str) -> None:
    found = rounds(*words, ROUNDS_DATABASE_URL=file_url)

    assert (found.returncode, told in found.stderr) == (2, True), found.stderr


def test_an_import_does_not_keep_a_running_bot_waiting_on_sqlite(file_url: str, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    lock = hold(tmp_path / "rounds.db")

    exported = rounds("export", "1", "--out", str(out), ROUNDS_DATABASE_URL=file_url)
    imported = rounds("import", str(out), "--renumber", ROUNDS_DATABASE_URL=file_url)

    assert lock
    lock.close()
    assert exported.returncode == 0
    assert (imported.returncode, "Another rounds runs on" in imported.stderr) == (2, True)
    with closing(Database(file_url)) as database, database.reading() as session:
        assert [each.number for each in archive.shelf(session, TeamId("T0ONE"))] == [1, 2]
