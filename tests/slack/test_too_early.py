"""People may answer a chart before we have been told where Slack put it."""

from datetime import UTC, datetime

from slack_sdk import WebClient

from bot.store import outbox
from tests.conversation import RECEIPT, Talk, user


def test_a_reply_to_a_chart_whose_place_is_not_known_yet_comes_again_and_is_logged(talk: Talk) -> None:
    talk.says("ana", "/incident open sev2 loss is NaN")
    with talk.bot.desk.database.quietly() as session:
        taken = outbox.take(session, datetime.now(UTC))
    assert taken
    web: WebClient = talk.bot.desk.gateway.relay_client
    marked = {"event_type": "rounds_notice", "event_payload": {"key": taken.key}}
    talk.root = str(web.chat_postMessage(channel=talk.channel, text="INC-1", metadata=marked)["ts"])

    ts = talk.replies("ben", "fix: rolled back", wait=False)
    talk.slack.settle()
    before = [found["status"] for found in talk.slack.deliveries() if found["type"] == "message"]
    talk.time_passes(minutes=6)
    talk.time_passes(minutes=6)

    assert 503 in before
    assert talk.logged() == [("fix", "rolled back")]
    assert talk.reactions(ts) == {RECEIPT: 1}
    assert len(talk.charts()) == 1


def test_replies_to_other_posts_of_ours_are_acknowledged(talk: Talk) -> None:
    talk.opens("ana")
    web: WebClient = talk.bot.desk.gateway.relay_client
    other = str(web.chat_postMessage(channel=talk.channel, text="something else")["ts"])

    talk.slack.message(user("ben"), talk.channel, "fix: x", thread_ts=other)
    talk.settles()

    assert {found["outcome"] for found in talk.slack.deliveries()} == {"ok"}
    assert talk.logged() == []
