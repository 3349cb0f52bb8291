"""The guide in Slack: Markdown as blocks within the limits, pages that are turned, and boxes to tick."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import guide
from bot.domain.checklist import GROUPS, TOTAL, Tick
from bot.domain.ids import IncidentNumber
from bot.slack.line.forms import FORMS
from bot.slack.render.answers import helped
from bot.slack.render.checklist import post_checklist
from bot.slack.render.guide import contents, offered, page_answer
from bot.slack.render.markdown import as_blocks, mrkdwn
from tests.slack.charts import ANA, BEN, HOSTILE, NOON, all_quiet, incident, judged, nodes, quiet, words_of

MARKS = ["# ", "## ", "- ", "  - ", "1. ", "> ", "|", "|---|", "```", "`", "**", "*", "[", "](", ")", "!["]
pieces = st.sampled_from([*MARKS, "\n", "\n\n", "word", "x" * 3100, "https://a.b", "page.md#part", *HOSTILE])
markdowns = st.lists(st.one_of(pieces, st.text(max_size=30)), max_size=60).map("".join)


@given(markdowns)
def test_no_markdown_breaks_a_message_and_none_pings(markdown: str) -> None:
    built = as_blocks(f"{markdown}\n\nthe end")

    judged(built)
    assert all_quiet(built)


@given(st.lists(st.sampled_from(["one", "two <b>", "a & b", "- item", "", "| a | b |"]), max_size=30))
def test_every_word_of_a_text_is_still_there(lines: list[str]) -> None:
    built = as_blocks("\n".join(lines))

    said = words_of(built)
    for word in ("one", "two &lt;b&gt;", "a &amp; b", "item"):
        plain = word.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        assert (word in said) == any(plain in line for line in lines)


@pytest.mark.parametrize(
    ("markdown", "slack"),
    [
        ("**bold** and *slanted* and `x = **kwargs`", "*bold* and _slanted_ and `x = **kwargs`"),
        ("[SRE](https://sre.google/a?b=1&c=2)", "<https://sre.google/a?b=1&amp;c=2|SRE>"),
        ("see [the page](workflow.md#1-triage)", "see _the page_"),
        ("![Four lines](pictures/x.png)", "_Picture: Four lines_"),
        ("loss > 4 & <!channel>", "loss &gt; 4 &amp; &lt;!channel&gt;"),
        ("2 * 3 * 4", "2 _ 3 _ 4"),
    ],
)
def test_a_line_of_markdown_becomes_a_line_of_slack(markdown: str, slack: str) -> None:
    assert mrkdwn(markdown) == slack


def test_lists_code_and_wrapped_lines_read_as_in_the_file() -> None:
    wide = "dx: collator gets string columns 30% impact 3"
    lists = "One line\nthat goes on:\n\n- first\n  of two\n- second\n\n1. a\n2. b\n\n"
    markdown = lists + f"```\nx | y\n# no heading\n```\n```\n{wide}\n```"

    said = [block["text"]["text"] for block in as_blocks(markdown)]

    assert said == [
        "One line that goes on:",
        "• first of two\n• second",
        "*1.* a\n*2.* b",
        "```\nx | y\n# no heading\n```",
        f"`{wide}`",
    ]


def test_a_table_becomes_a_line_for_each_row_with_the_names_of_its_columns() -> None:
    wide = "| ward | system | type |\n|---|---|---|\n| Fever | Drift | `vital: a|b` |\n| Pulse |  | x |"
    narrow = "| word | meaning |\n|---|---|\n| `dx:` | a cause |"

    said = [block["text"]["text"] for block in [*as_blocks(wide), *as_blocks(narrow)]]

    assert said == [
        "• *Fever*\n    _system:_ Drift\n    _type:_ `vital: a|b`\n\n• *Pulse*\n    _type:_ x",
        "• `dx:`: a cause",
    ]


@pytest.mark.parametrize("page", guide.pages(), ids=lambda page: page.slug)
def test_every_page_fits_a_message_and_leads_to_its_neighbours(page: guide.Page) -> None:
    pages = guide.pages()

    answer = page_answer(pages, page)

    judged(answer["blocks"])
    assert all_quiet(answer["blocks"])
    assert "more than a message" not in words_of(answer["blocks"])
    assert "](" not in words_of(answer["blocks"])
    ids = [node["action_id"] for node in nodes(answer["blocks"]) if "action_id" in node]
    at = pages.index(page)
    near = [pages[place].slug for place in (at - 1, at + 1) if 0 <= place < len(pages)]
    assert ids == [*(f"guide:{slug}" for slug in near), "guide:contents"]


@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=90)))
def test_the_contents_lead_to_every_chapter_and_say_what_was_not_found(topic: str) -> None:
    answer = contents(guide.pages(), unknown=topic)

    judged(answer["blocks"])
    ids = [node["action_id"] for node in nodes(answer["blocks"]) if "action_id" in node]
    assert ids == [f"guide:{name}" for name in guide.CHAPTERS]


def test_the_page_of_the_checklist_offers_to_post_it() -> None:
    page = guide.find("checklist")
    assert page

    answer = offered(page_answer(guide.pages(), page), [IncidentNumber(7), IncidentNumber(12)])

    judged(answer["blocks"])
    assert "Post it in INC-12" in words_of(answer["blocks"])


@given(
    st.sets(st.sampled_from([item.id for group in GROUPS for item in group.items])), st.sampled_from(HOSTILE)
)
def test_the_checklist_shows_what_is_ticked_and_by_whom(done: set[str], name: str) -> None:
    ticks = {item: Tick(on=True, by=BEN, at=NOON, stamp="1700000001.0001") for item in done}
    ticks |= {"shapes": Tick(on=False, by=ANA, at=NOON, stamp="1700000002.0001")}

    post = post_checklist(incident("loss is NaN"), ticks, {BEN: name})

    assert post
    judged(list(post.blocks))
    assert all_quiet(post.blocks)
    assert quiet(post.text)
    boxes = [node for node in nodes(list(post.blocks)) if node.get("type") == "checkboxes"]
    ticked = {option["value"] for box in boxes for option in box.get("initial_options", [])}
    assert ticked == done - {"shapes"}
    assert sum(len(box["options"]) for box in boxes) == TOTAL
    assert f"{len(ticked)} of {TOTAL}" in post.text


def test_the_help_shows_every_form_of_the_command_however_many_there_are() -> None:
    answer = helped([], 0, NOON, "https://x.slack.com/")

    judged(answer["blocks"])
    for form in FORMS:
        assert f"`/incident {form.usage}`  {form.does}" in words_of(answer["blocks"])


def test_no_word_of_the_checklist_is_cut() -> None:
    post = post_checklist(incident("loss is NaN"), {}, {})

    assert post
    assert "…" not in words_of(list(post.blocks))
    assert post_checklist(incident("not posted yet", thread_ts=None), {}, {}) is None
