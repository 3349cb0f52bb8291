"""How events reach a real Bolt app: once, again after failures, held, shuffled, copied."""

import time
from collections.abc import Callable

import pytest
from slack_bolt import BoltResponse
from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient
from tests.sandbox.bolt_bot import BoltBot, says

HERE = "C0INCIDENTS"


def until(happened: Callable[[], bool], seconds: float = 10.0) -> None:
    """Asks again and again; every question goes over the wire, which is pause enough."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end


def test_a_typed_message_reaches_the_bot_as_slack_would_send_it(talk: SandboxClient, bot: BoltBot) -> None:
    typed = "@ben look at https://x.y, a < b & #training-runs @here"

    ts = talk.message("U0ANA", HERE, typed)

    (event,) = bot.events("message")
    assert event["ts"] == ts
    assert event["channel_type"] == "channel"
    assert (
        event["text"] == "<@U0BEN> look at <https://x.y>, a &lt; b &amp; <#C0TRAINING|training-runs> <!here>"
    )


def test_the_bot_hears_its_own_posts_with_their_metadata(
    talk: SandboxClient, bot: BoltBot, web: WebClient
) -> None:
    about = {"event_type": "incident_post", "event_payload": {"key": "7"}}

    web.chat_postMessage(channel=HERE, text="hello", metadata=about)
    talk.settle()

    (event,) = bot.events("message")
    assert event["bot_id"] == "B0ROUNDS"
    assert event["metadata"] == about


def test_a_group_direct_message_is_heard_as_one(talk: SandboxClient, bot: BoltBot) -> None:
    talk.message("U0ANA", "G0ALL", "hello you")

    (event,) = bot.events("message")
    assert (event["channel"], event["channel_type"]) == ("G0ALL", "mpim")


def test_nothing_is_heard_from_where_the_bot_is_not(talk: SandboxClient, bot: BoltBot) -> None:
    talk.message("U0ANA", "C0BOARD", "secret")
    talk.message("U0ANA", "C0GENERAL", "public")
    talk.message("U0ANA", "D0ANABEN", "private")

    assert bot.events() == []


def test_an_unanswered_event_comes_again_at_once_after_a_minute_and_after_five(
    talk: SandboxClient, bot: BoltBot
) -> None:
    bot.answers["event"] = says(status=500)
    talk.delivery(answer_timeout=0.2)

    talk.message("U0ANA", HERE, "hello")
    talk.settle()
    at_first = len(bot.came)
    talk.clock(advance=61)
    talk.settle()
    after_a_minute = len(bot.came)
    talk.clock(advance=301)
    talk.settle()

    assert (at_first, after_a_minute, len(bot.came)) == (2, 3, 4)
    assert len({body["event_id"] for body in bot.came}) == 1
    assert [one.get("x-slack-retry-num", "0") for one in bot.headers] == ["0", "1", "2", "3"]


def test_no_fourth_retry_follows(talk: SandboxClient, bot: BoltBot) -> None:
    bot.answers["event"] = says(status=500)
    talk.delivery(answer_timeout=0.1)

    talk.message("U0ANA", HERE, "hello")
    for _ in range(5):
        talk.settle()
        talk.clock(advance=400)
    talk.settle()

    assert len(bot.came) == 4


def test_a_command_is_never_repeated(talk: SandboxClient, bot: BoltBot) -> None:
    bot.answers["command"] = says(status=500)
    talk.delivery(answer_timeout=0.2)

    answer = talk.command("U0ANA", HERE, "/incident", "open")
    talk.clock(advance=400)
    talk.settle()

    assert answer["status"] in ("dispatch_failed", "operation_timeout")
    assert len(bot.commands()) == 1


def test_no_retry_is_asked_for_by_header(slack: SandboxClient, http: BoltBot) -> None:
    http.answers["event"] = lambda _body: BoltResponse(status=500, headers={"x-slack-no-retry": "1"})

    slack.message("U0ANA", HERE, "hello")
    slack.settle()
    slack.clock(advance=400)
    slack.settle()

    assert len(http.came) == 1


def test_copies_of_an_event_share_its_id(talk: SandboxClient, bot: BoltBot) -> None:
    talk.delivery(copies=3, parallel=True)

    talk.message("U0ANA", HERE, "hello")
    talk.settle()

    assert len(bot.came) == 3
    assert len({body["event_id"] for body in bot.came}) == 1


def test_held_events_come_in_the_order_asked_for(talk: SandboxClient, bot: BoltBot) -> None:
    talk.delivery(hold=True)
    for word in ("one", "two", "three"):
        talk.message("U0ANA", HERE, word)

    talk.release("reverse")

    assert [event["text"] for event in bot.events("message")] == ["three", "two", "one"]


def test_a_random_order_is_repeatable(talk: SandboxClient, bot: BoltBot) -> None:
    heard = []
    for _ in range(2):
        bot.forget()
        talk.delivery(hold=True)
        for word in "abcdef":
            talk.message("U0ANA", HERE, word)
        talk.release("random", seed=4)
        heard.append([event["text"] for event in bot.events("message")])

    assert heard[0] == heard[1] != list("abcdef")


def test_a_dropped_event_comes_with_its_retry(talk: SandboxClient, bot: BoltBot) -> None:
    talk.delivery(drop=1)

    talk.message("U0ANA", HERE, "hello")
    talk.settle()

    assert [one["outcome"] for one in talk.deliveries()] == ["dropped", "ok"]
    assert bot.headers[0]["x-slack-retry-num"] == "1"


def test_a_connection_that_nobody_answers_is_tried_later(slack: SandboxClient, http: BoltBot) -> None:
    slack.transport("http://127.0.0.1:9/nobody")

    slack.message("U0ANA", HERE, "hello")
    slack.settle()
    slack.transport(http.request_url)
    slack.clock(advance=61)
    slack.settle()

    assert [one["outcome"] for one in slack.deliveries()] == ["connection_failed", "connection_failed", "ok"]
    assert http.headers[0]["x-slack-retry-reason"] == "connection_failed"


@pytest.mark.parametrize("reason", ["refresh_requested", None])
def test_a_bot_whose_socket_is_dropped_comes_back_and_hears_again(
    socket_bot: BoltBot, slack: SandboxClient, reason: str | None
) -> None:
    slack.transport(None)
    before = {"connected": slack.world()["transport"]["opened"]}

    slack.drop_socket(reason)
    until(lambda: slack.world()["transport"]["opened"] > before["connected"])
    socket_bot.forget()
    slack.message("U0ANA", HERE, "are you back?")

    assert [event["text"] for event in socket_bot.events("message")] == ["are you back?"]


def test_acts_need_not_wait_for_the_bot(talk: SandboxClient, bot: BoltBot) -> None:
    for number in range(20):
        talk.message("U0ANA", HERE, str(number), wait=False)

    assert talk.settle()
    assert len(bot.events("message")) == 20


def test_nothing_from_before_a_reset_comes_again(talk: SandboxClient, bot: BoltBot) -> None:
    bot.answers["event"] = says(status=500)
    talk.delivery(answer_timeout=0.1)
    talk.message("U0ANA", HERE, "old")
    talk.settle()

    talk.reset()
    talk.clock(advance=400)
    talk.settle()

    assert len(bot.came) == 2
    assert talk.deliveries() == []
