"""Rules of the house that a machine can look after: the README tells the truth, nobody commits by hand."""

import re
from pathlib import Path

import pytest

from bot.config import Settings
from bot.domain.chart import KIND_BY_REACTION, RECEIPT, REFUSAL, REPLY_WORDS
from bot.slack.line.forms import FORMS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SOURCES = sorted((ROOT / "bot").rglob("*.py"))


def rows(first_cell: str) -> list[str]:
    """The rows of the README's tables whose first cell is this code."""
    return [line for line in README.splitlines() if line.startswith(f"| `{first_cell}` |")]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.verb)
def test_the_readme_has_every_form_of_the_command(form: object) -> None:
    usage, does = form.usage, form.does  # type: ignore[attr-defined]

    assert [row for row in rows(f"/incident {usage}") if does in row]


@pytest.mark.parametrize("word", REPLY_WORDS, ids=lambda word: word.kind.value)
def test_the_readme_has_every_reply_word_with_its_synonyms_and_reaction(word: object) -> None:
    [row] = rows(f"{word.kind.value}:")  # type: ignore[attr-defined]

    for synonym in word.synonyms:  # type: ignore[attr-defined]
        assert f"`{synonym}:`" in row
    assert word.reaction is None or f"`:{word.reaction}:`" in row  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_readme_has_every_setting_with_its_meaning(name: str) -> None:
    meaning = Settings.model_fields[name].description

    assert meaning
    assert [row for row in rows(name.upper()) if meaning in row]


def test_the_receipts_mean_no_kind_of_entry() -> None:
    assert not {RECEIPT, REFUSAL} & KIND_BY_REACTION.keys()


def test_only_where_several_share_a_commit_is_it_made_by_hand() -> None:
    assert [path.name for path in SOURCES if ".commit(" in path.read_text(encoding="utf-8")] == ["turns.py"]


def test_everything_is_caught_only_where_the_next_in_line_has_to_go_on_and_there_it_is_written_down() -> None:
    broad = re.compile(r"except (Base)?Exception\b|except:")
    found = {path.name for path in SOURCES if broad.search(path.read_text(encoding="utf-8"))}

    assert found == {"clockwork.py", "relay.py"}


def test_only_the_composition_root_knows_the_time() -> None:
    clock = re.compile(r"datetime\.now\(|utcnow\(|time\.time\(")
    ours = [path for path in SOURCES if "sandbox" not in path.parts]
    found = {path.name for path in ours if clock.search(path.read_text(encoding="utf-8"))}

    assert found <= {"wiring.py", "cli.py", "socket.py"}
