"""The control API itself: the world it shows, the stream it sends, and whom it refuses."""

import http.client
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient, SandboxError
from bot.sandbox.config import SlackError
from bot.sandbox.server import Sandbox
from bot.sandbox.tickets import Tickets, Trigger

Json = dict[str, Any]
HERE = "C0INCIDENTS"


def listen(sandbox: Sandbox, since: int, last: str) -> list[Json]:
    """The stream's items after that number, up to the first of the kind named."""
    connection = http.client.HTTPConnection(urlsplit(sandbox.url).netloc, timeout=5)
    try:
        connection.request("GET", f"/sandbox/stream?since={since}")
        return list(_until(connection.getresponse(), last))
    finally:
        connection.close()


def _until(response: http.client.HTTPResponse, last: str) -> Iterator[Json]:
    while True:
        line = response.readline()
        assert line, "the stream ended"
        if line.startswith(b"data: "):
            item = json.loads(line[6:])
            yield item
            if item["kind"] == last:
                return


def test_the_default_world_is_as_promised(slack: SandboxClient) -> None:
    world = slack.world()

    members = {channel["id"]: channel["members"] for channel in world["channels"]}
    assert members["C0SECRET"] == ["U0ANA", "U0BEN", "U0ROUNDS"]
    assert members["C0BOARD"] == ["U0ANA", "U0CHO"]
    assert members["D0CHO"] == ["U0CHO", "U0ROUNDS"]
    assert members["G0ALL"] == ["U0ANA", "U0BEN", "U0CHO", "U0ROUNDS"]
    assert "U0ROUNDS" not in members["C0GENERAL"]
    assert {user["id"]: user["tz"] for user in world["users"]}["U0CHO"] == "Asia/Seoul"
    assert [command["command"] for command in world["app"]["commands"]] == ["/incident"]


def test_the_stream_tells_what_happened_in_order(
    slack: SandboxClient, running: Sandbox, web: WebClient
) -> None:
    since = slack.world()["seq"]
    root = slack.message("U0ANA", HERE, "root")
    slack.message("U0BEN", HERE, "reply", thread_ts=root)
    slack.react("U0BEN", HERE, root, "eyes")
    web.chat_postEphemeral(channel=HERE, user="U0ANA", text="psst")
    slack.delete("U0BEN", HERE, slack.messages(HERE, thread_ts=root)[1]["ts"])
    slack.clock(advance=1)

    items = listen(running, since, "clock")

    kinds = [item["kind"] for item in items]
    assert kinds == [
        *("message", "message", "message_changed", "reaction", "ephemeral"),
        *("message_deleted", "message_changed", "clock"),
    ]
    assert [item["seq"] for item in items] == list(range(since + 1, since + 9))
    assert items[2]["message"]["reply_count"] == 1


def test_a_listener_who_slept_too_long_is_told_to_start_over(slack: SandboxClient, running: Sandbox) -> None:
    since = slack.world()["seq"]
    slack.reset()
    slack.message("U0ANA", HERE, "after")

    assert listen(running, since, "message")[0]["kind"] == "reset"


def test_a_listener_of_an_earlier_server_is_told_to_start_over(
    slack: SandboxClient, running: Sandbox
) -> None:
    ahead = slack.world()["seq"] + 1000

    (item,) = listen(running, ahead, "reset")

    assert item["seq"] == slack.world()["seq"]


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("act/message", {"user": "U0NOBODY", "channel": HERE, "text": "x"}, "no user"),
        ("act/message", {"user": "U0DEV", "channel": "C0SECRET", "text": "x"}, "not in"),
        ("act/message", {"user": "U0ANA", "channel": HERE}, "empty"),
        ("act/message", {"user": "U0ANA", "channel": HERE, "text": "x", "loud": True}, "loud"),
        (
            "act/message",
            {"user": "U0ANA", "channel": HERE, "text": "x", "thread_ts": "1.2"},
            "thread_not_found",
        ),
        ("act/edit", {"user": "U0ANA", "channel": HERE, "ts": "1.2", "text": "x"}, "no message"),
        ("act/react", {"user": "U0ANA", "channel": HERE, "ts": "1.2", "name": "eyes"}, "no message"),
        ("act/fly", {}, "no POST"),
        ("faults", {"method": "*", "kind": "earthquake"}, "kind is one of"),
    ],
)
def test_a_wrong_order_is_answered_with_a_sentence(
    slack: SandboxClient, path: str, body: Json, sentence: str
) -> None:
    with pytest.raises(SandboxError, match=sentence):
        slack.post(path, **body)


def test_people_change_only_what_is_theirs(slack: SandboxClient) -> None:
    ts = slack.message("U0BEN", HERE, "mine")

    with pytest.raises(SandboxError, match="only their own"):
        slack.edit("U0ANA", HERE, ts, "yours")
    with pytest.raises(SandboxError, match="only admins"):
        slack.delete("U0CHO", HERE, ts)
    slack.delete("U0ANA", HERE, ts)
    assert slack.messages(HERE) == []


def test_a_private_channel_is_read_by_its_members(slack: SandboxClient) -> None:
    assert slack.messages("C0SECRET", viewer="U0BEN") == []
    with pytest.raises(SandboxError, match="cannot see"):
        slack.messages("C0SECRET", viewer="U0DEV")


def test_a_reset_forgets_everything_but_numbers_go_on(slack: SandboxClient, web: WebClient) -> None:
    slack.message("U0ANA", HERE, "x")
    web.chat_postMessage(channel=HERE, text="x")
    before = slack.calls()[-1]["seq"]

    slack.reset()
    web.auth_test()

    assert slack.messages(HERE) == []
    (call,) = slack.calls()
    assert call["seq"] > before


@pytest.mark.usefixtures("slack")
def test_a_page_from_elsewhere_is_refused(running: Sandbox) -> None:
    connection = http.client.HTTPConnection(urlsplit(running.url).netloc, timeout=5)
    statuses = []
    for host, origin in (
        ("evil.example", ""),
        ("evil.example:80", ""),
        ("127.0.0.1", "https://evil.example"),
        ("127.0.0.1", "null"),
        ("localhost:1", ""),
        ("127.0.0.1", "http://127.0.0.1:99"),
    ):
        connection.request("GET", "/sandbox/world", headers={"host": host, "origin": origin})
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
    connection.close()

    assert statuses == [403, 403, 403, 403, 200, 200]


def test_nothing_outside_the_pages_folder_is_served(running: Sandbox) -> None:
    connection = http.client.HTTPConnection(urlsplit(running.url).netloc, timeout=5)
    connection.request("GET", "/page/../server.py")
    outside = connection.getresponse()
    outside.read()
    connection.close()

    assert outside.status == 404


def test_a_trigger_is_worth_three_seconds() -> None:
    tickets = Tickets(triggers={"old": Trigger("U0ANA", time.monotonic() - 3.1)})

    with pytest.raises(SlackError, match="expired_trigger_id"):
        tickets.exchange("old")


def test_it_starts_and_stops_quickly() -> None:
    began = time.monotonic()
    with Sandbox() as sandbox, SandboxClient(sandbox.url) as slack:
        assert slack.world()["transport"]["mode"] == "socket"

    assert time.monotonic() - began < 1.5
