"""Slack is away for an hour, or we are: afterwards everything stands where it belongs, in order, and once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox
from bot.slack.catch_up import catch_up_if_away
from bot.store import backlog
from tests.conversation import RECEIPT, Clock, Talk, conversation, user


@pytest.mark.parametrize("fault", ["server_error", "reset_before", "reset_after"])
def test_after_an_hour_without_slack_everything_is_delivered_in_order_and_once(
    talk: Talk, fault: str
) -> None:
    talk.opens("ana", "sev2 before the outage")
    talk.slack.fault("*", fault, times=-1)
    first = talk.replies("ben", "dx: fp16 overflow")
    talk.says("ana", "/incident sev INC-1 sev1 worse")
    talk.says("ana", "/incident open sev3 during the outage")
    for _ in range(4):
        talk.time_passes(minutes=15)
    talk.says("ana", "/incident lead INC-1 @ben")
    second = talk.replies("cho", "fix: cordoned node 7")
    talk.settles()
    talk.slack.clear_faults()
    talk.time_passes(minutes=2)

    thread = talk.news()
    assert len(talk.charts()) == 2
    assert len(thread) == 3
    assert ["SEV2 → SEV1" in thread[1], "leads INC-1" in thread[2]] == [True, True]
    assert [talk.reactions(ts) for ts in (first, second)] == [{RECEIPT: 1}] * 2
    assert "cordoned node 7" in talk.card()
    with talk.bot.desk.database.reading() as session:
        found = backlog.measured(session)
    assert (found.waiting, found.blocked, found.given_up) == (0, 0, 0)


@dataclass
class Absence:
    """A bot that goes away and comes back to the same database, an hour later or sooner."""

    sandbox: Sandbox
    slack: SandboxClient
    database_url: str
    clock: Clock = field(default_factory=Clock)

    @contextmanager
    def present(self, root: str = "") -> Iterator[Talk]:
        """We are here."""
        with conversation(self.sandbox, self.slack, self.database_url, clock=self.clock) as talk:
            talk.root = root
            yield talk

    @contextmanager
    def away(self, seconds: float = 3600) -> Iterator[None]:
        """We are not, for so long that Slack gives up if nothing else is said."""
        self.slack.transport("http://127.0.0.1:9/slack/events")
        yield
        now = self.slack.clock(advance=seconds)
        assert self.slack.settle()
        self.clock.passed += timedelta(seconds=now - self.clock().timestamp())


@pytest.fixture
def absence(small_slack: Sandbox, small_world: SandboxClient, database_url: str) -> Absence:
    return Absence(small_slack, small_world, database_url)


def test_what_was_said_while_we_were_away_is_read_afterwards(absence: Absence) -> None:
    slack = absence.slack
    with absence.present() as talk:
        talk.opens("ana")
        edited = talk.logs("ben", "dx: fp16 overflow")
        deleted = talk.logs("ben", "fix: lower the learning rate")
        catch_up_if_away(talk.bot.desk)
    with absence.away():
        new = slack.message(user("ana"), talk.channel, "note: rerun in fp32", thread_ts=talk.root)
        slack.edit(user("ben"), talk.channel, edited, "dx: a bad shard")
        slack.delete(user("ben"), talk.channel, deleted)

    with absence.present(talk.root) as talk:
        assert read_twice(talk)
        assert talk.logged() == [("dx", "a bad shard"), ("note", "rerun in fp32")]
        assert talk.history(talk.entries()[0]) == ["fp16 overflow"]
        assert [talk.reactions(ts) for ts in (edited, new)] == [{RECEIPT: 1}] * 2
        assert (len(talk.charts()), len(talk.news())) == (1, 1)
        assert "a bad shard" in talk.card()


def test_reactions_that_came_and_went_while_we_were_away_are_seen_afterwards(absence: Absence) -> None:
    with absence.present() as talk:
        talk.opens("ana")
        marked = talk.logs("cho", "loss is finite in fp32")
        unmarked = talk.logs("dev", "restarted node 7")
        talk.reacts("ana", unmarked, "wrench")
        catch_up_if_away(talk.bot.desk)
    with absence.away():
        absence.slack.react(user("ana"), talk.channel, marked, "mag")
        absence.slack.react(user("ana"), talk.channel, unmarked, "wrench", remove=True)

    with absence.present(talk.root) as talk:
        assert read_twice(talk)
        assert talk.logged() == [("result", "loss is finite in fp32")]
        assert talk.reactions(marked) == {"mag": 1, RECEIPT: 1}
        assert talk.reactions(unmarked) == {}


def read_twice(talk: Talk) -> bool:
    """Catch up, and an hour later once more, which must change nothing; whether both were possible."""
    once = catch_up_if_away(talk.bot.desk)
    talk.settles()
    talk.clock.passed += timedelta(hours=1)
    twice = catch_up_if_away(talk.bot.desk)
    talk.settles()
    return once and twice


@pytest.mark.parametrize("replied", [True, False], ids=["tombstone", "gone"])
def test_a_chart_that_was_deleted_while_we_were_away_is_posted_anew(
    absence: Absence, *, replied: bool
) -> None:
    with absence.present() as talk:
        talk.opens("ana")
        hello = talk.slack.messages(talk.channel, thread_ts=talk.root)[1]
        catch_up_if_away(talk.bot.desk)
    with absence.away():
        if not replied:
            absence.slack.delete(user("ana"), talk.channel, hello["ts"])
        absence.slack.delete(user("ana"), talk.channel, talk.root)

    with absence.present(talk.root) as talk:
        catch_up_if_away(talk.bot.desk)
        talk.settles()
        [anew] = [chart for chart in talk.charts() if chart["ts"] != talk.root]
        talk.root = anew["ts"]
        ts = talk.logs("ben", "dx: fp16 overflow")

        assert "The chart was deleted, so it goes on here" in anew["text"]
        assert talk.reactions(ts) == {RECEIPT: 1}


def test_while_slack_does_not_let_us_read_we_remain_behind_and_try_again(absence: Absence) -> None:
    with absence.present() as talk:
        talk.opens("ana")
        catch_up_if_away(talk.bot.desk)
    with absence.away():
        absence.slack.message(user("ben"), talk.channel, "dx: fp16 overflow", thread_ts=talk.root)

    with absence.present(talk.root) as talk:
        talk.slack.fault("conversations.replies", "rate_limited", times=1, retry_after=30)
        too_early = catch_up_if_away(talk.bot.desk)
        unread = talk.logged()
        caught_up = catch_up_if_away(talk.bot.desk)

        assert (too_early, unread) == (False, [])
        assert caught_up
        assert talk.logged() == [("dx", "fp16 overflow")]


def test_a_channel_we_may_not_read_any_more_keeps_nothing_else_from_being_read(absence: Absence) -> None:
    with absence.present() as talk:
        talk.opens("ana", channel="C0SECRET")
        talk.opens("ana")
        catch_up_if_away(talk.bot.desk)
    with absence.away():
        absence.slack.leave("U0ROUNDS", "C0SECRET")
        absence.slack.message(user("ben"), talk.channel, "dx: fp16 overflow", thread_ts=talk.root)

    with absence.present(talk.root) as talk:
        assert catch_up_if_away(talk.bot.desk)
        assert talk.logged(2) == [("dx", "fp16 overflow")]


def test_somebody_who_is_away_whenever_slack_tries_again_misses_nothing(absence: Absence) -> None:
    with absence.present() as talk:
        talk.opens("ana")
        catch_up_if_away(talk.bot.desk)
    with absence.away(61):
        absence.slack.message(user("ana"), talk.channel, "note: rerun in fp32", thread_ts=talk.root)

    with absence.present(talk.root) as talk:
        assert talk.logged() == []
        assert catch_up_if_away(talk.bot.desk)
        assert talk.logged() == [("note", "rerun in fp32")]
