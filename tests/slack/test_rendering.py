"""Whatever people type, Slack can show it: judged by the SDK's own models and by the sandbox's tables."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chart import Entry, File, Kind
from bot.domain.ids import IncidentNumber
from bot.domain.incident import Phase, Severity
from bot.domain.notice import EntryLogged, IncidentResolved, LeadChanged, SeverityChanged, ThreadStarted
from bot.domain.ward import SHOWN_KINDS, Chart
from bot.slack.render import blocks, modals
from bot.slack.render.card import card, post_card, update_card
from bot.slack.render.thread import render_in_thread
from bot.slack.text import decoded
from tests.slack.charts import (
    ANA,
    BEN,
    HERE,
    HOSTILE,
    NOON,
    SEVEN,
    all_quiet,
    entry,
    incident,
    judged,
    judged_view,
    quiet,
)

texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=400))


def chart(text: str, **changes: object) -> Chart:
    """A chart with entries and without any work."""
    entries: list[Entry] = [
        entry(kind, text, seq=number, files=(File(text, "https://files.example.com/1"),))
        for number, kind in enumerate([*SHOWN_KINDS, *SHOWN_KINDS])
    ]
    return Chart(
        incident=incident(text, **changes),
        phase=Phase.TESTING,
        first_severity=Severity.SEV3,
        recent=tuple(entries),
        names={BEN: text},
        at=NOON,
    )


@given(texts)
def test_no_text_breaks_the_card_and_none_pings(text: str) -> None:
    shown = chart(text, resolved_at=NOON, resolved_by=BEN, diagnosis=text)

    post = post_card(shown, again=True)

    judged(list(post.blocks))
    assert quiet(post.text)
    assert all_quiet(post.blocks)


@given(texts)
def test_no_text_breaks_a_post_in_the_thread_and_none_pings(text: str) -> None:
    for notice in (
        EntryLogged(incident=SEVEN, kind=Kind.NOTE, text=text, by=ANA, moved=text),
        SeverityChanged(incident=SEVEN, before=Severity.SEV3, after=Severity.SEV1, by=ANA, reason=text),
        LeadChanged(incident=SEVEN, before=ANA, lead=BEN, by=ANA),
        IncidentResolved(incident=SEVEN, by=ANA, cause=text),
        ThreadStarted(incident=SEVEN),
    ):
        post = render_in_thread(notice, chart(text))

        judged(list(post.blocks))
        assert quiet(post.text)
        assert all_quiet(post.blocks)
        assert 0 < len(post.text) <= 4000


@given(texts)
def test_no_text_breaks_a_modal(text: str) -> None:
    number = IncidentNumber(7)
    for view in (
        modals.open_view(HERE, text=text),
        modals.open_view(None, severity=Severity.SEV1),
        modals.log_view(number, None, HERE),
        modals.log_view(number, Kind.INTERVENTION, None),
        modals.severity_view(number, None),
        modals.reopen_view(number, None),
        modals.log_message_view(number, [incident(text or "x")], text, {"text": text[:1500]}),
        modals.loading_view(),
    ):
        judged_view(view)
        assert len(view["private_metadata"]) <= 3000


@given(st.text())
def test_what_was_typed_is_what_is_kept(text: str) -> None:
    sent = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    kept = decoded(sent)

    assert "\x00" not in kept
    kept.encode()
    if not re.search("[\x00\xa0\u202f\u2007\ud800-\udfff]", text):
        assert kept == text


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("<@U0BEN> &amp; <@U0BEN|ben>", "@U0BEN & @U0BEN"),
        ("<#C1|general> <#C2>", "#general #C2"),
        ("<!here> <!channel|channel>", "@here @channel"),
        ("<!subteam^S1|@oncall>", "@oncall"),
        (
            "<https://x.y/z|docs> <https://x.y> <https://x.y|x.y>",
            "docs (https://x.y/z) https://x.y https://x.y",
        ),
        ("<mailto:a@b.c|a@b.c>", "a@b.c"),
        ("&lt;@U0BEN&gt;", "<@U0BEN>"),
        ("<!date^1700000000^{date}|14 Nov>", "14 Nov"),
    ],
)
def test_slacks_tokens_become_what_a_person_reads(sent: str, kept: str) -> None:
    assert decoded(sent) == kept


def test_a_card_without_a_root_is_not_updated() -> None:
    assert update_card(chart("x", thread_ts=None)) is None


def test_the_card_shows_the_newest_of_each_kind_within_a_screen() -> None:
    built = card(chart("a short entry"))

    listed = [part for block in built if block["type"] == "rich_text" for part in block["elements"]]
    assert sum(len(part["elements"]) for part in listed if part["type"] == "rich_text_list") <= 24


def test_clipped_text_never_exceeds_its_limit() -> None:
    for text in HOSTILE:
        assert len(blocks.plain(text, {}, 100)) <= 100
