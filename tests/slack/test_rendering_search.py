"""What a search is asked in words, and how what it finds and what an incident reminds of are shown."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.errors import NotUnderstood
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs
from bot.domain.search.excerpt import excerpt
from bot.domain.search.query import read_query
from bot.domain.similar import Similar
from bot.slack.line.search import Search, read_search, written_search
from bot.slack.render import blocks
from bot.slack.render import search as answers
from bot.slack.render.card import card
from bot.slack.render.search import Page
from tests.slack.charts import after, incident, words_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("loss nan", Search(words="loss nan")),
        ("loss nan open", Search(words="loss nan", resolved=False)),
        ("loss nan Resolved since 30d", Search(words="loss nan", resolved=True, since=timedelta(days=30))),
        ("loss since 2w closed", Search(words="loss", resolved=True, since=timedelta(weeks=2))),
        ("nan since step 3100", Search(words="nan since step 3100")),
        ("cannot open file", Search(words="cannot open file")),
        ('"failed to open"', Search(words='"failed to open"')),
        ("loss since 3 days", Search(words="loss", since=timedelta(days=3))),
        ("loss since 2026-11-01 open", Search(words="loss", resolved=False, day=date(2026, 11, 1))),
        ("loss since 2026-02-30", Search(words="loss since 2026-02-30")),
    ],
)
def test_what_comes_last_may_say_which_incidents_are_meant(typed: str, meant: Search) -> None:
    assert read_search(typed) == meant
    assert read_search(written_search(meant)) == meant


@pytest.mark.parametrize("typed", ["", "open", "since 30d", "resolved since 2d", '"" *', "🤖"])
def test_no_word_to_look_for_is_asked_for(typed: str) -> None:
    with pytest.raises(NotUnderstood, match="What shall I look for"):
        read_search(typed)


@pytest.mark.parametrize("typed", ["INC-12", "inc 12", "#12", "12"])
def test_a_number_that_no_chart_mentions_leads_to_the_chart_that_has_it(typed: str) -> None:
    assert "`/incident show INC-12`" in answers.nothing(Search(words=typed))["text"]
    assert "INC" not in answers.nothing(Search(words=f"step {typed}a"))["text"].replace(typed, "")


def test_results_can_neither_ping_nor_break_out_and_say_how_many_there_are() -> None:
    hostile = incident("<!channel> *x* @here", diagnosis="`<@U0BEN>`", resolved_at=NOON)
    page = Page(
        hits=[(hostile, excerpt(("a <!here> nan & *b*",), read_query("nan")))],
        skip=10,
        total=25,
        some_words_missing=True,
        names={},
    )

    answer = answers.found(Search(words="<!channel> nan"), page, "https://x.slack.com/")

    assert "25 incidents found for “&lt;!channel&gt; nan”, 11 to 11. None has all the words" in answer["text"]
    assert "<!channel>" not in answer["blocks"][0]["text"]["text"]
    assert answer["blocks"][-1]["elements"][0]["action_id"] == "found_more:11"
    assert {each["type"] for each in answer["blocks"][1:-1]} == {"rich_text"}


def test_the_card_of_an_open_incident_says_in_one_line_what_it_reminds_of() -> None:
    like = Similar(
        number=IncidentNumber(4),
        title="x",
        channel=ChannelId("C0"),
        thread_ts=MessageTs("1700000000.000100"),
        diagnosis="string columns reached the collator",
        worked="A1 pin datasets<3.0",
    )
    unknown = replace(like, number=IncidentNumber(2), thread_ts=None, diagnosis="", worked=None)

    built = card(after([], similar=(like, unknown)))

    told = words_of(built)
    assert "string columns reached the collator, fixed by A1 pin datasets<3.0" in told
    assert blocks.permalink("https://slack.com/", like.channel, MessageTs("1700000000.000100")) in str(built)
    assert "Seen before" not in str(card(after([])))
