"""Socket Mode seen by a plain web socket: tickets, greetings, turns, acknowledgements and goodbyes."""

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox, SandboxConfig

Json = dict[str, Any]
HERE = "C0INCIDENTS"


@pytest.fixture
def alone() -> Iterator[Sandbox]:
    """A sandbox that no Bolt app is connected to."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def quiet(alone: Sandbox) -> Iterator[SandboxClient]:
    with SandboxClient(alone.url) as client:
        client.reset()
        yield client


def ticket(sandbox: Sandbox) -> str:
    web = WebClient(base_url=sandbox.api_url, token=SandboxConfig.app_token)
    return str(web.apps_connections_open(app_token=SandboxConfig.app_token)["url"])


def frame(socket: ClientConnection) -> Json:
    """The next frame; it must come soon."""
    found = json.loads(socket.recv(timeout=5))
    assert isinstance(found, dict)
    return found


def acknowledge(socket: ClientConnection, envelope: Json, payload: Json | None = None) -> None:
    answer = {"envelope_id": envelope["envelope_id"]} | ({"payload": payload} if payload else {})
    socket.send(json.dumps(answer))


def in_background(call: Any, *args: object) -> "Future[Any]":
    pool = ThreadPoolExecutor(1)
    try:
        return pool.submit(call, *args)
    finally:
        pool.shutdown(wait=False)


@pytest.mark.usefixtures("quiet")
def test_a_ticket_opens_one_connection_and_is_greeted(alone: Sandbox) -> None:
    address = ticket(alone)

    with connect(address) as socket:
        hello = frame(socket)

        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        with pytest.raises(InvalidStatus):
            connect(address)


def test_an_acknowledgement_may_carry_the_answer(alone: Sandbox, quiet: SandboxClient) -> None:
    with connect(ticket(alone)) as socket:
        frame(socket)
        asked = in_background(quiet.command, "U0ANA", HERE, "/incident", "list")
        envelope = frame(socket)
        acknowledge(socket, envelope, {"text": "none open"})
        answer = asked.result(5)

    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    assert envelope["payload"]["text"] == "list"
    assert answer["response"] == {"text": "none open"}


def test_connections_take_turns(alone: Sandbox, quiet: SandboxClient) -> None:
    with connect(ticket(alone)) as one, connect(ticket(alone)) as other:
        for socket in (one, other):
            frame(socket)
        for number in range(4):
            quiet.message("U0ANA", HERE, str(number), wait=False)
        heard = [[frame(socket) for _ in range(2)] for socket in (one, other)]
        for socket, envelopes in zip((one, other), heard, strict=True):
            for envelope in envelopes:
                acknowledge(socket, envelope)
        assert quiet.settle()

    assert [envelope["type"] for envelopes in heard for envelope in envelopes] == ["events_api"] * 4
    assert [one["outcome"] for one in quiet.deliveries()] == ["ok"] * 4


def test_what_is_not_acknowledged_comes_again_with_a_number(alone: Sandbox, quiet: SandboxClient) -> None:
    quiet.delivery(answer_timeout=0.1)
    with connect(ticket(alone)) as socket:
        frame(socket)
        quiet.message("U0ANA", HERE, "hello", wait=False)
        first, again = frame(socket), frame(socket)
        acknowledge(socket, again)
        assert quiet.settle()

    assert (first["retry_attempt"], again["retry_attempt"]) == (0, 1)
    assert again["retry_reason"] == "timeout"
    assert first["payload"]["event_id"] == again["payload"]["event_id"]


def test_an_eleventh_connection_is_too_many(alone: Sandbox, quiet: SandboxClient) -> None:
    with ExitStack() as stack:
        for _ in range(10):
            frame(stack.enter_context(connect(ticket(alone))))
        refused = frame(stack.enter_context(connect(ticket(alone))))

        assert (refused["type"], refused["reason"]) == ("disconnect", "too_many_websockets")
        assert quiet.world()["transport"]["connections"] == 10


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
def test_a_goodbye_says_why(alone: Sandbox, quiet: SandboxClient, reason: str) -> None:
    with connect(ticket(alone)) as socket:
        frame(socket)
        quiet.drop_socket(reason)

        goodbye = frame(socket)

    assert (goodbye["type"], goodbye["reason"]) == ("disconnect", reason)


def test_a_dead_line_says_nothing(alone: Sandbox, quiet: SandboxClient) -> None:
    with connect(ticket(alone)) as socket:
        frame(socket)
        quiet.drop_socket()

        with pytest.raises(ConnectionClosedError) as closed:
            socket.recv(timeout=5)

    assert closed.value.rcvd is None
