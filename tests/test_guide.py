"""The guide tells the truth: its links lead somewhere, its words can be typed, its cases are the demo's."""

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.domain.chart import KIND_BY_WORD
from bot.domain.checklist import GROUPS
from bot.guide import CHAPTERS, FOLDER, Page, find, pages, slug_of
from bot.sandbox.cases import collator, gru_heads
from bot.sandbox.cases.script import Case, Edit, File, Reply
from bot.slack.line.reading import parse

ROOT = Path(__file__).parents[1]
FILES = sorted(FOLDER.glob("*.md"))
FIVE_PHASES = ["Triage", "Differential", "Testing", "Intervention", "Re-evaluation"]
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
MOST_PICTURE_BYTES = 150_000
# A phone shows about so much without tiring anybody.
MOST_LETTERS = 2200


def anchors(path: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a file."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {"-".join(re.sub(r"[^\w\s-]", "", heading.casefold()).split()) for heading in headings}


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_link_and_picture_is_relative_and_leads_somewhere(path: Path) -> None:
    targets = LINK.findall(path.read_text(encoding="utf-8"))
    local = [target for target in targets if not target.startswith("https://")]

    for target in local:
        file, _, anchor = target.partition("#")
        found = (path.parent / file).resolve()
        assert found.is_relative_to(FOLDER)
        assert found.is_file()
        assert not anchor or anchor in anchors(found)


def test_every_chapter_is_in_the_index_in_its_order_and_the_readme_leads_to_it() -> None:
    index = [target.removesuffix(".md") for target in LINK.findall(text_of("README")) if ".md" in target]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert index == [*CHAPTERS]
    assert {path.stem for path in FILES} == {*CHAPTERS, "README"}
    assert "bot/guide/README.md" in LINK.findall(readme)


def test_every_picture_is_shown_described_and_small() -> None:
    told = " ".join(path.read_text(encoding="utf-8") for path in FILES)
    pictures = sorted((FOLDER / "pictures").iterdir())

    assert pictures
    for picture in pictures:
        assert f"](pictures/{picture.name})" in told
        assert picture.stat().st_size < MOST_PICTURE_BYTES
        assert picture.read_bytes().startswith(b"\x89PNG")
    assert "![](" not in told


def test_every_page_has_a_name_of_its_own_something_to_say_and_fits_on_a_phone() -> None:
    every = pages()

    assert [name for name, times in Counter(page.slug for page in every).items() if times > 1] == []
    assert all(page.body and len(page.body) < MOST_LETTERS for page in every)


def test_the_phases_of_the_workflow_come_in_the_order_of_the_method() -> None:
    titles = [page.title for page in pages() if page.slug in map(slug_of, FIVE_PHASES)]

    assert titles == FIVE_PHASES


@pytest.mark.parametrize(
    ("topic", "title"),
    [
        ("triage", "Triage"),
        ("Re-Evaluation", "Re-evaluation"),
        ("handoff", "Communication and handoff"),
        ("checklist", "A debugging checklist"),
        ("gru-heads", "Case 2: the error went away, and so did the model"),
        ("tokenisation", "Signs and findings"),
        ("intervntion", "Intervention"),
    ],
)
def test_a_topic_finds_its_page(topic: str, title: str) -> None:
    found = find(topic)

    assert found
    assert found.title == title


@pytest.mark.parametrize("topic", ["", "…", "quantum gravity", "x" * 3000])
def test_what_no_page_is_about_finds_none(topic: str) -> None:
    assert find(topic) is None


def typed(page: Page) -> list[str]:
    """What a page shows as code."""
    outside = FENCE.sub("", page.body)
    inside = [line for block in FENCE.findall(page.body) for line in block.splitlines()]
    return [*CODE.findall(outside), *inside]


def test_every_command_and_reply_word_that_the_guide_shows_is_one() -> None:
    shown = [code for page in pages() for code in typed(page)]
    commands = [code.removeprefix("/incident ") for code in shown if code.startswith("/incident ")]
    words = [found[1] for code in shown if (found := re.match(r"([a-z]+):(?!//)", code))]

    for command in commands:
        parse(re.sub(r"@([a-z]+)", lambda found: f"@U0{found[1].upper()}", command))
    assert len(commands) > 10
    assert set(words) <= {*KIND_BY_WORD}
    assert {"dx", "test", "result", "plan", "fix", "outcome", "vital", "todo", "if"} <= set(words)


@pytest.mark.parametrize(
    ("name", "case"), [("collator", collator.CASE), ("gru-heads", gru_heads.CASE)], ids=["collator", "gru"]
)
def test_what_is_typed_in_a_case_study_is_what_the_demo_plays(name: str, case: Case) -> None:
    said = [
        line
        for step in case.steps
        if isinstance(step.action, Reply | Edit | File)
        for line in step.action.text.splitlines()
    ]
    quoted = [line for block in FENCE.findall(text_of(name)) for line in block.splitlines()]

    assert len(quoted) > 7
    assert [line for line in quoted if line not in said] == []


def test_the_page_of_the_checklist_names_every_group_and_item() -> None:
    page = find("checklist")
    assert page
    lines = [line.removeprefix("- ") for line in page.body.splitlines() if line.startswith("- ")]

    told = [f"**{group.title}**: " + ", ".join(item.name for item in group.items) + "." for group in GROUPS]

    assert [line.casefold() for line in lines] == [line.casefold() for line in told]
