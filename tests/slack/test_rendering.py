"""Whatever people type, Slack can show it: judged by the SDK's own models of blocks."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SdkBlock

from bot.domain.chart import Entry, File, Kind
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, TeamId, UserId
from bot.domain.incident import Incident, Phase, Severity
from bot.domain.notice import EntryLogged, IncidentResolved, LeadChanged, SeverityChanged, ThreadStarted
from bot.domain.ward import SHOWN_KINDS, Chart
from bot.slack.render import blocks, modals
from bot.slack.render.card import card, post_card, update_card
from bot.slack.render.thread import render_in_thread
from bot.slack.text import decoded

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANA, BEN = UserId("U0ANA"), UserId("U0BEN")
HERE, ROOT = ChannelId("C0HERE"), MessageTs("1700000000.000100")
HOSTILE = [
    "<!channel> <!here> <@U0BEN> @here @channel @Everyone",
    "&lt;!channel&gt; &amp;",
    "``` unclosed ` and *bold _and ~strike",
    "x" * 40_000,
    "\u202e txet lortnoc \u2066 \u200b\u200d",
    "\x00\x07\x1b[31m\ud800",
    "   \n\t ",
    "<https://x.y|click> <mailto:a@b>",
    "@U0BEN " * 500,
]
PINGS = re.compile(r"<!|<@|@(here|channel|everyone)\b", re.IGNORECASE)
texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=400))


def incident(text: str, **changes: Any) -> Incident:
    fields: dict[str, Any] = {
        "team": TeamId("T0"),
        "number": IncidentNumber(7),
        "title": text,
        "seen": text + " ",
        "severity": Severity.SEV2,
        "triaged_at": NOON,
        "lead": BEN,
        "private": False,
        "channel": HERE,
        "thread_ts": ROOT,
        "opened_by": ANA,
        "opened_at": NOON,
        "active_at": NOON,
    }
    return Incident(**fields | changes)


def chart(text: str, **changes: Any) -> Chart:
    entries = [
        Entry(
            incident=IncidentNumber(7),
            seq=number,
            kind=kind,
            text=text,
            author=BEN,
            at=NOON,
            logged_by=BEN,
            files=(File(text, "https://files.example.com/1"),),
        )
        for number, kind in enumerate([*SHOWN_KINDS, *SHOWN_KINDS])
    ]
    return Chart(
        incident=incident(text, **changes),
        phase=Phase.TESTING,
        first_severity=Severity.SEV3,
        recent=tuple(entries),
        names={BEN: text},
    )


def judged(built: list[Any]) -> None:
    """Every block is one that the SDK accepts, and nothing typed is parsed as mrkdwn that pings."""
    assert len(built) <= 50
    for block in built:
        parsed = SdkBlock.parse(block)
        assert parsed is not None
        parsed.validate_json()
    ids = [block["block_id"] for block in built if "block_id" in block]
    assert len(ids) == len(set(ids))


def typed_parts(node: Any, found: list[str]) -> list[str]:
    """All texts that Slack would parse."""
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            found.append(node["text"])
        for value in node.values():
            typed_parts(value, found)
    elif isinstance(node, list | tuple):
        for value in node:
            typed_parts(value, found)
    return found


def quiet(text: str) -> bool:
    """Whether a text mentions nobody but the people we mean."""
    return not PINGS.search(re.sub(r"<@U0(ANA|BEN)>|<!date\^[^>]*>", "", text))


@given(texts)
def test_no_text_breaks_the_card_and_none_pings(text: str) -> None:
    shown = chart(text, resolved_at=NOON, resolved_by=BEN, diagnosis=text)
    post = post_card(shown, again=True)

    judged(list(post.blocks))
    assert quiet(post.text)
    assert all(quiet(part) for part in typed_parts(post.blocks, []))
    assert sum(len(part) for part in str(post.blocks)) < 40_000


@given(texts)
def test_no_text_breaks_a_post_in_the_thread_and_none_pings(text: str) -> None:
    seven = IncidentNumber(7)
    for notice in (
        EntryLogged(incident=seven, kind=Kind.NOTE, text=text, by=ANA),
        SeverityChanged(incident=seven, before=Severity.SEV3, after=Severity.SEV1, by=ANA, reason=text),
        LeadChanged(incident=seven, before=ANA, lead=BEN, by=ANA),
        IncidentResolved(incident=seven, by=ANA, cause=text),
        ThreadStarted(incident=seven),
    ):
        post = render_in_thread(notice, HERE, ROOT, {BEN: text})

        judged(list(post.blocks))
        assert quiet(post.text)
        assert all(quiet(part) for part in typed_parts(post.blocks, []))
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
        modals.resolve_view(number, None),
        modals.reopen_view(number, None),
        modals.log_message_view(number, [incident(text or "x")], text, {"text": text[:1500]}),
        modals.loading_view(),
    ):
        judged(view["blocks"])
        assert len(view["title"]["text"]) <= 24
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
