"""Socket Mode and HTTP: the same bot, and neither a slow listener nor a lost line holds up the rest."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox
from bot.wiring import Bot, wire
from tests.benchmarks.real_bot import until
from tests.conversation import HERE, RECEIPT, Clock, Talk, settings, user
from tests.databases import SqliteTemplate

HELD = 1.5


@contextmanager
def at_work(sandbox: Sandbox, slack: SandboxClient, url: str, *, over_socket: bool) -> Iterator[Talk]:
    """A bot with all its workers, on one of the transports."""
    # A bot of the story before may still be hanging up, and its line would get a share of the envelopes.
    until("the lines are free", lambda: not slack.world()["transport"]["connections"])
    bot = wire(settings(sandbox, url, socket_mode=over_socket))
    bot.start()
    slack.transport(None if over_socket else f"{bot.url}/slack/events")
    try:
        bot.socket_ready()
        yield Talk(slack, bot, Clock())
    finally:
        bot.stop()


@pytest.fixture(params=["socket", "http"])
def worker(
    request: pytest.FixtureRequest,
    small_slack: Sandbox,
    small_world: SandboxClient,
    sqlite_template: SqliteTemplate,
    tmp_path: Path,
) -> Iterator[Talk]:
    over_socket = request.param == "socket"
    with (
        sqlite_template.copy(tmp_path) as url,
        at_work(small_slack, small_world, url, over_socket=over_socket) as talk,
    ):
        yield talk


@pytest.fixture
def on_socket(
    small_slack: Sandbox, small_world: SandboxClient, sqlite_template: SqliteTemplate, tmp_path: Path
) -> Iterator[Talk]:
    with (
        sqlite_template.copy(tmp_path) as url,
        at_work(small_slack, small_world, url, over_socket=True) as talk,
    ):
        yield talk


def opened(talk: Talk) -> None:
    """Open an incident and stand in its thread, once it is there."""
    talk.says("ana", "/incident open sev2 loss is NaN")
    until("its thread begins", lambda: talk.charts() and talk.charts()[0].get("reply_count"))
    talk.root = talk.charts()[0]["ts"]


def test_an_incident_runs_on_either_transport(worker: Talk) -> None:
    opened(worker)
    ts = worker.replies("ben", "dx: fp16 overflow")
    until("the receipt is there", lambda: worker.reactions(ts) == {RECEIPT: 1})
    until("the card shows it", lambda: "fp16 overflow" in worker.card())

    assert worker.logged() == [("dx", "fp16 overflow")]


def test_one_held_listener_holds_up_neither_other_requests_nor_the_health_check(worker: Talk) -> None:
    opened(worker)
    worker.slack.fault("views.open", "latency", times=1, seconds=HELD)
    with ThreadPoolExecutor(1) as slow:
        held = slow.submit(worker.says, "cho", "/incident open")
        until("it is held", lambda: not worker.slack.faults())
        began = time.monotonic()
        for number in range(5):
            worker.replies("ben", f"note: number {number}")
        health = urlopen(f"{worker.bot.url}/health", timeout=5).status  # noqa: S310 - our own address.
        took = time.monotonic() - began
        still_held = not held.done()
        held.result()

    assert health == 200
    assert len(worker.logged()) == 5
    assert still_held
    assert took < HELD


@pytest.mark.parametrize("reason", ["refresh_requested", "warning", "link_disabled", None])
def test_a_lost_connection_loses_nothing(on_socket: Talk, reason: str | None) -> None:
    opened(on_socket)
    texts = [f"number {number}" for number in range(8)]
    for text in texts[:4]:
        on_socket.slack.message(user("ben"), HERE, f"note: {text}", thread_ts=on_socket.root, wait=False)
    on_socket.slack.drop_socket(reason)
    for text in texts[4:]:
        on_socket.slack.message(user("ben"), HERE, f"note: {text}", thread_ts=on_socket.root, wait=False)
    connected_again(on_socket)
    on_socket.slack.clock(advance=61)

    until("all is logged", lambda: len(on_socket.logged()) == len(texts))
    assert [text for _, text in on_socket.logged()] == texts


def connected_again(talk: Talk) -> None:
    """Wait until Slack has a connection to us."""
    until("a socket is open", lambda: transport(talk)["connections"])
    talk.bot.socket_ready()


def transport(talk: Talk) -> dict[str, Any]:
    found: dict[str, Any] = talk.slack.world()["transport"]
    return found


def test_when_the_database_is_slow_health_and_slack_are_still_answered(worker: Talk) -> None:
    bot: Bot = worker.bot
    with bot.desk.database.quietly(), ThreadPoolExecutor(4) as people:
        answers = list(
            people.map(
                lambda name: worker.says(name, "/incident open sev3 slow"), ("ana", "ben", "cho", "dev")
            )
        )
        health = urlopen(f"{bot.url}/health", timeout=5).status  # noqa: S310 - our own address.

    assert health == 200
    assert all("My database does not answer" in answer for answer in answers)


@pytest.mark.parametrize("body", [b"payload=1", b"payload=[]", b"{", b"\xff\x00", b""])
def test_whoever_is_not_slack_is_turned_away_whatever_they_send(talk: Talk, body: bytes) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    with pytest.raises(HTTPError) as refused:
        urlopen(Request(f"{talk.bot.url}/slack/events", data=body, headers=form), timeout=5)  # noqa: S310 - our own address.

    assert 400 <= refused.value.code < 500
