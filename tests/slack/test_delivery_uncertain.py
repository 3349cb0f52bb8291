"""When an answer of Slack's gets lost, we look before we post again; when Slack says wait, we wait."""

from datetime import timedelta

import pytest

from tests.conversation import RECEIPT, Talk, user

# An hour is longer than any pause of ours.
LATER = {"minutes": 10}


def impatient(talk: Talk) -> None:
    """Wait only briefly for answers."""
    talk.bot.desk.gateway.relay_client.timeout = 1


@pytest.mark.parametrize("fault", ["reset_after", "timeout_after", "server_error", "reset_before"])
@pytest.mark.parametrize("passed_over", [0, 1], ids=["root", "thread"])
def test_a_post_whose_answer_is_lost_stands_in_slack_once(talk: Talk, fault: str, passed_over: int) -> None:
    impatient(talk)
    talk.slack.fault("chat.postMessage", fault, times=1, after=passed_over, seconds=2)
    talk.says("ana", "/incident open sev2 loss is NaN")
    talk.settles()
    talk.time_passes(**LATER)
    talk.root = talk.charts()[0]["ts"]

    assert len(talk.charts()) == 1
    assert len(talk.news()) == 1
    assert talk.incident().thread_ts == talk.root


def test_a_post_that_is_found_again_is_known_by_its_metadata(talk: Talk) -> None:
    talk.slack.fault("chat.postMessage", "reset_after", times=1)
    talk.opens("ana")
    talk.slack.message(user("ben"), talk.channel, "talk in between")
    talk.time_passes(**LATER)

    [chart] = talk.slack.messages(talk.channel)[:1]
    assert chart["metadata"]["event_payload"] == {"key": "opened:1"}
    assert talk.incident().thread_ts == chart["ts"]
    assert len([call for call in talk.slack.calls("conversations.history") if call["ok"]]) == 1


def test_a_card_whose_post_was_found_again_shows_what_happened_meanwhile(talk: Talk) -> None:
    talk.slack.fault("chat.postMessage", "reset_after", times=1)
    talk.says("ana", "/incident open sev2 loss is NaN")
    talk.bot.relay.drain()
    talk.says("ana", "/incident sev INC-1 sev1 the whole cluster")
    talk.time_passes(**LATER)
    talk.root = talk.charts()[0]["ts"]

    assert len(talk.charts()) == 1
    assert "SEV1" in talk.card()


def test_replies_to_a_chart_that_we_did_not_know_to_be_posted_are_logged(talk: Talk) -> None:
    talk.slack.fault("chat.postMessage", "reset_after", times=1)
    talk.says("ana", "/incident open sev2 loss is NaN")
    talk.bot.relay.drain()
    talk.root = talk.charts()[0]["ts"]
    ts = talk.replies("ben", "dx: fp16 overflow")
    gone = talk.replies("ben", "fix: nothing yet")
    talk.slack.delete(user("ben"), talk.channel, gone)
    talk.time_passes(**LATER)

    assert talk.logged() == [("dx", "fp16 overflow")]
    assert talk.reactions(ts) == {RECEIPT: 1}


def test_while_slack_does_not_let_us_look_nothing_is_posted_again(talk: Talk) -> None:
    talk.slack.fault("chat.postMessage", "reset_after", times=1)
    talk.slack.fault("conversations.history", "server_error", times=-1)
    talk.says("ana", "/incident open sev2 loss is NaN")
    talk.settles()
    talk.time_passes(**LATER)
    before = len(talk.charts())
    talk.slack.clear_faults()
    talk.time_passes(**LATER)

    assert (before, len(talk.charts())) == (1, 1)
    assert talk.incident().thread_ts == talk.charts()[0]["ts"]


def test_a_private_word_whose_answer_is_lost_is_said_once(talk: Talk) -> None:
    talk.says("ana", "/incident open sev2 loss is NaN", channel="C0BOARD")
    talk.bot.relay.drain()
    talk.slack.fault("chat.postMessage", "reset_after", times=1)
    talk.settles()
    talk.time_passes(**LATER)

    assert len(talk.told_in_private("ana")) == 1


@pytest.mark.parametrize("fault", ["reset_after", "server_error", "reset_before"])
def test_a_receipt_whose_answer_is_lost_is_there_once(talk: Talk, fault: str) -> None:
    talk.opens("ana")
    talk.slack.fault("reactions.add", fault, times=1)
    ts = talk.logs("ben", "dx: fp16 overflow")
    talk.time_passes(**LATER)

    assert talk.reactions(ts) == {RECEIPT: 1}


def test_a_process_that_dies_after_posting_and_before_writing_it_down_posts_once(talk: Talk) -> None:
    talk.says("ana", "/incident open sev2 loss is NaN")
    talk.bot.relay.drain()
    with talk.bot.desk.database.quietly() as session:
        # What a dead process leaves behind: the attempt is booked, and its end was never written.
        session.exec_driver_sql(
            "UPDATE outbox SET settled_at = NULL, uncertain_since = owed_at, due_at = owed_at"
        )
        session.exec_driver_sql("UPDATE incidents SET thread_ts = NULL")
    talk.settles()
    talk.root = talk.charts()[0]["ts"]

    assert len(talk.charts()) == 1
    assert len(talk.news()) == 1


def test_when_slack_says_wait_we_wait_exactly_so_long(talk: Talk) -> None:
    talk.slack.fault("chat.postMessage", "rate_limited", times=1, retry_after=30)
    talk.says("ana", "/incident open sev2 loss is NaN")
    talk.bot.relay.drain()
    refused_at = talk.clock.passed

    talk.clock.passed = refused_at + timedelta(seconds=28)
    talk.bot.relay.drain()
    too_early = len(talk.charts())
    talk.clock.passed = refused_at + timedelta(seconds=30)
    talk.bot.relay.drain()

    assert (too_early, len(talk.charts())) == (0, 1)
    # The one that was refused, and the root: after a wait messages begin with one a second.
    assert len(talk.slack.calls("chat.postMessage")) == 2


def test_a_card_that_must_wait_is_shown_after_the_wait(talk: Talk) -> None:
    talk.opens("ana")
    talk.slack.fault("chat.update", "rate_limited", times=1, retry_after=120)
    talk.logs("ben", "dx: fp16 overflow")
    before = talk.card()
    talk.time_passes(seconds=120)

    assert "fp16 overflow" not in before
    assert "fp16 overflow" in talk.card()
