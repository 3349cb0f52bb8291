"""People may answer a chart before we have been told where Slack put it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from slack_sdk import WebClient

from bot.store import outbox
from tests.conversation import RECEIPT, Talk, user


@contextmanager
def before_we_know_where(talk: Talk) -> Iterator[None]:
    """Slack has put the chart up, and we have not heard where, until this ends and Slack repeats itself."""
    talk.says("ana", "/incident open sev2 loss is NaN")
    with talk.bot.desk.database.quietly() as session:
        taken = outbox.take(session, datetime.now(UTC))
    assert taken
    web: WebClient = talk.bot.desk.gateway.relay_client
    marked = {"event_type": "rounds_notice", "event_payload": {"key": taken.key}}
    talk.root = str(web.chat_postMessage(channel=talk.channel, text="INC-1", metadata=marked)["ts"])
    yield
    talk.slack.settle()
    assert 503 in [found["status"] for found in talk.slack.deliveries() if found["type"] == "message"]
    talk.time_passes(minutes=6)
    talk.time_passes(minutes=6)


def test_a_reply_to_a_chart_whose_place_is_not_known_yet_comes_again_and_is_logged(talk: Talk) -> None:
    with before_we_know_where(talk):
        ts = talk.replies("ben", "fix: rolled back", wait=False)

    assert talk.logged() == [("fix", "rolled back")]
    assert talk.reactions(ts) == {RECEIPT: 1}
    assert len(talk.charts()) == 1


def test_a_reply_that_was_deleted_before_we_knew_its_chart_is_not_logged(talk: Talk) -> None:
    with before_we_know_where(talk):
        ts = talk.replies("ben", "fix: rolled back", wait=False)
        talk.slack.delete(user("ben"), talk.channel, ts, wait=False)

    assert talk.logged() == []
    assert talk.posts("reactions.add") == []


def test_a_reply_that_was_marked_before_we_knew_its_chart_is_logged(talk: Talk) -> None:
    with before_we_know_where(talk):
        talk.replies("ben", "fix: rolled back", wait=False)
        ts = talk.replies("ben", "I drained node 3", wait=False)
        talk.slack.react(user("cho"), talk.channel, ts, "wrench")

    assert talk.logged() == [("fix", "rolled back"), ("fix", "I drained node 3")]
    assert talk.reactions(ts) == {"wrench": 1, RECEIPT: 1}


def test_replies_to_other_posts_of_ours_are_acknowledged(talk: Talk) -> None:
    talk.opens("ana")
    web: WebClient = talk.bot.desk.gateway.relay_client
    other = str(web.chat_postMessage(channel=talk.channel, text="something else")["ts"])

    talk.slack.message(user("ben"), talk.channel, "fix: x", thread_ts=other)
    talk.settles()

    assert {found["outcome"] for found in talk.slack.deliveries()} == {"ok"}
    assert talk.logged() == []
