"""Slack takes about one message a second in a channel: we wait our turn, and nobody waits for another's."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox
from tests.conversation import HERE, RECEIPT, Clock, Talk, conversation, user

THERE = "C0TRAINING"
POST, REACT, UPDATE = "chat.postMessage", "reactions.add", "chat.update"
BURST = 4


class StillClock(Clock):
    """Time that passes only where the story says so."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.begun + self.passed


@pytest.fixture
def still(small_slack: Sandbox, small_world: SandboxClient, database_url: str) -> Iterator[Talk]:
    """A conversation in which no time passes by itself."""
    with conversation(small_slack, small_world, database_url, clock=StillClock()) as talk:
        yield talk
        assert small_world.complaints() == []


def passes(talk: Talk, seconds: float) -> None:
    """Let time pass, and deliver what may be delivered then."""
    talk.clock.passed += timedelta(seconds=seconds)
    talk.bot.relay.drain()


def opens_many(talk: Talk, count: int, channel: str = HERE) -> None:
    """Open incidents, which owe two messages each, without delivering any."""
    for number in range(count):
        talk.says("ana", f"/incident open sev2 shard {number} is bad", channel=channel)
        talk.clock.passed += timedelta(milliseconds=1)
    assert talk.slack.settle()


def sent(talk: Talk, channel: str = HERE, method: str = POST) -> int:
    return sum(call["args"]["channel"] == channel for call in talk.posts(method))


def refused(talk: Talk, method: str) -> int:
    return len([call for call in talk.slack.calls(method) if call["error"] == "ratelimited"])


def test_a_flooded_channel_takes_a_burst_and_then_one_message_a_second_while_others_take_theirs_at_once(
    still: Talk,
) -> None:
    opens_many(still, 15)
    still.bot.relay.drain()
    at_once = sent(still)
    opens_many(still, 1, THERE)
    still.bot.relay.drain()
    elsewhere = sent(still, THERE)
    each_second = []
    for _ in range(28):
        passes(still, 0.998)
        between = sent(still)
        passes(still, 0.002)
        each_second.append((between, sent(still)))

    assert (at_once, elsewhere) == (BURST, 2)
    counts = [min(each, 30) for each in range(BURST, BURST + 29)]
    assert each_second == list(pairwise(counts))
    assert len(still.charts()) == 15


def test_roots_and_receipts_overtake_what_waits(still: Talk) -> None:
    still.opens("ana", "sev2 the first")
    opens_many(still, 6)
    passes(still, 60)
    passes(still, 1)
    passes(still, 1)
    ts = still.replies("ben", "note: rerun in fp32")
    still.says("cho", "/incident open sev1 the last")
    assert still.slack.settle()
    roots = len(still.charts())
    still.bot.relay.drain()
    receipts = still.reactions(ts)
    passes(still, 1)

    assert receipts == {RECEIPT: 1}
    assert (roots, len(still.charts())) == (7, 8)
    assert sent(still) == 2 + 6 + 1


def test_a_channel_that_slack_refuses_waits_as_long_as_it_says_and_no_other_does(still: Talk) -> None:
    still.slack.fault(POST, "rate_limited", times=1, retry_after=30)
    opens_many(still, 3)
    still.bot.relay.drain()
    opens_many(still, 1, THERE)
    still.bot.relay.drain()
    elsewhere = sent(still, THERE)
    passes(still, 29.5)
    too_early = len(still.slack.calls(POST)) - elsewhere
    passes(still, 0.5)
    first = [chart["text"][:5] for chart in still.charts()]
    for _ in range(6):
        passes(still, 1)

    assert (elsewhere, too_early, first) == (2, 1, ["INC-1"])
    assert refused(still, POST) == 1
    assert [chart["text"][:5] for chart in still.charts()] == ["INC-1", "INC-2", "INC-3"]
    assert sent(still) == 6


def test_receipts_that_slack_refuses_wait_together_and_are_given_once(still: Talk) -> None:
    still.opens("ana")
    said = [still.replies("ben", f"note: take {number}") for number in range(5)]
    assert still.slack.settle()
    still.slack.fault(REACT, "rate_limited", times=1, retry_after=45)
    still.bot.relay.drain()
    still.says("ana", "/incident sev INC-1 sev1 worse")
    passes(still, 44)
    before = [still.reactions(ts) for ts in said]
    passes(still, 1)

    assert refused(still, REACT) == 1
    assert before == [{}] * 5
    assert [still.reactions(ts) for ts in said] == [{RECEIPT: 1}] * 5
    assert any("SEV2 → SEV1" in words for words in still.thread())


def test_cards_that_slack_refuses_wait_together_and_show_the_newest(still: Talk) -> None:
    still.opens("ana", "sev2 the first")
    first, still.root = still.root, ""
    still.opens("ana", "sev3 the second")
    still.slack.fault(UPDATE, "rate_limited", times=1, retry_after=60)
    still.replies("ben", "note: the second is worse")
    still.root = first
    still.replies("ben", "note: rerun in fp32")
    assert still.slack.settle()
    calls = len(still.slack.calls(UPDATE))
    still.bot.relay.drain()
    for _ in range(59):
        passes(still, 1)
    tried = len(still.slack.calls(UPDATE)) - calls
    before = still.card()
    passes(still, 1)

    assert tried == 1
    assert "rerun in fp32" not in before
    assert "rerun in fp32" in still.card()
    assert refused(still, UPDATE) == 1


def test_a_whole_workspace_takes_fifty_at_once_and_then_five_a_second(still: Talk) -> None:
    rooms = [still.slack.channel(user("ana"), f"room-{number}")["id"] for number in range(14)]
    for room in rooms:
        still.slack.invite(user("ana"), room, "U0ROUNDS")
        opens_many(still, 2, room)
    still.bot.relay.drain()
    at_once = len(still.posts(POST))
    passes(still, 1)

    assert (at_once, len(still.posts(POST))) == (50, 55)


def test_a_story_with_many_messages_settles(talk: Talk) -> None:
    opens_many(talk, 20)
    talk.settles()

    assert len(talk.charts()) == 20
    assert sent(talk) == 40
