"""What people type becomes what Slack stores."""

import pytest

from bot.sandbox.manifest import DEFAULT_PROFILE
from bot.sandbox.seed import fresh_world
from bot.sandbox.text import typed_command, typed_message

WORLD = fresh_world(DEFAULT_PROFILE)

TYPED = {
    "plain words": "plain words",
    "a < b && c > d": "a &lt; b &amp;&amp; c &gt; d",
    "@ben, look": "<@U0BEN>, look",
    "ask @nobody": "ask @nobody",
    "mail ben@acme.ml": "mail ben@acme.ml",
    "@here and @channel": "<!here> and <!channel>",
    "@ml-oncall.": "<!subteam^S0ONCALL|@ml-oncall>.",
    "#training-runs!": "<#C0TRAINING|training-runs>!",
    "#board is private": "<#C0BOARD|> is private",
    "see https://x.y/z?a=1&b=2.": "see <https://x.y/z?a=1&amp;b=2>.",
    "`@ben` stays": "`@ben` stays",
    "```\n@ben < x\n```": "```\n@ben &lt; x\n```",
    "*bold* _it_ ~no~ :tada:": "*bold* _it_ ~no~ :tada:",
    "<!channel> typed by hand": "&lt;!channel&gt; typed by hand",
}


@pytest.mark.parametrize(("typed", "stored"), TYPED.items())
def test_typed_text_is_escaped_and_linked(typed: str, stored: str) -> None:
    assert typed_message(WORLD, typed)[0] == stored


def test_the_block_beside_the_text_says_the_same() -> None:
    (block,) = typed_message(WORLD, "hi @ben *now* https://x.y\n```\nx < y\n```")[1]

    section, code = block["elements"]
    assert [element["type"] for element in section["elements"]] == [
        "text",
        "user",
        "text",
        "text",
        "text",
        "link",
        "text",
    ]
    assert section["elements"][3] == {"type": "text", "text": "now", "style": {"bold": True}}
    assert code["elements"] == [{"type": "text", "text": "x < y"}]


def test_a_command_names_people_and_channels_if_the_app_wants_it() -> None:
    typed = "handoff @ben <now> #training-runs"

    escaped = typed_command(WORLD, typed, should_escape=True)
    raw = typed_command(WORLD, typed, should_escape=False)

    assert escaped == "handoff <@U0BEN|ben> &lt;now&gt; <#C0TRAINING|training-runs>"
    assert raw == "handoff @ben &lt;now&gt; #training-runs"
