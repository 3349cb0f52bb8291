"""The real program: it ends without leaving anybody without an answer, and starts only where it can."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import psycopg
import pytest

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox, SandboxConfig
from bot.store.session import Database
from bot.store.sole import announce
from tests.benchmarks.crash import run as crash
from tests.benchmarks.real_bot import ROOT, RealBot, environment, free_port, running, until
from tests.conversation import HERE, user
from tests.databases import PostgresTemplate, SqliteTemplate

COMMAND = "open sev2 loss is NaN"


@contextmanager
def writes_wait(database_url: str) -> Iterator[None]:
    """Somebody else holds what an opening needs."""
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    with psycopg.connect(database_url) as other:
        other.execute("LOCK TABLE workspaces IN EXCLUSIVE MODE")
        yield


def listening(slack: SandboxClient, port: int, *, over_socket: bool) -> None:
    """Bring requests to the program, and wait until they can arrive."""
    slack.transport(None if over_socket else f"http://127.0.0.1:{port}/slack/events")
    until("Slack is connected", lambda: not over_socket or slack.world()["transport"]["connections"])


@pytest.fixture
def sqlite_url(sqlite_template: SqliteTemplate, tmp_path: Path) -> Iterator[str]:
    with sqlite_template.copy(tmp_path) as url:
        yield url


@pytest.mark.parametrize("over_socket", [False, True], ids=["http", "socket"])
def test_a_slow_opening_is_answered_and_posted_although_the_program_is_asked_to_end(
    small_slack: Sandbox, small_world: SandboxClient, database_url: str, tmp_path: Path, *, over_socket: bool
) -> None:
    port = free_port()
    variables = environment(small_slack, database_url, port=port, over_socket=over_socket)
    with running(variables, tmp_path / "log") as bot, ThreadPoolExecutor(1) as people:
        bot.ready()
        listening(small_world, port, over_socket=over_socket)
        small_world.command(user("ana"), HERE, "/incident", "list")
        with writes_wait(database_url):
            answer = people.submit(small_world.command, user("ana"), HERE, "/incident", COMMAND)
            until("the command is under way", lambda: not small_world.settle(timeout=0.2))
            bot.ask_to_end()
            small_world.settle(timeout=0.2)
        code = bot.ended()
        answered = answer.result()

    assert answered["status"] == "ok"
    assert "INC-1" in answered["response"]["text"]
    assert code == 0
    [chart] = [message for message in small_world.messages(HERE) if message.get("bot_id")]
    assert chart["reply_count"] == 1


def test_the_program_ends_when_slack_answers_but_no_socket_lives(
    small_slack: Sandbox, small_world: SandboxClient, sqlite_url: str, tmp_path: Path
) -> None:
    variables = environment(small_slack, sqlite_url, over_socket=True) | {"ROUNDS_WATCHDOG_SECONDS": "1.5"}
    with running(variables, tmp_path / "log") as bot:
        bot.ready()
        until("it is connected", lambda: "socket.connected" in bot.says())
        small_world.fault("apps.connections.open", "error", times=-1, error="internal_error")
        small_world.drop_socket()
        code = bot.ended()

    assert code == 1
    assert "No socket lived for too long" in bot.says()


def test_while_slack_itself_is_away_the_program_stays(
    small_slack: Sandbox, small_world: SandboxClient, sqlite_url: str, tmp_path: Path
) -> None:
    variables = environment(small_slack, sqlite_url, over_socket=True) | {"ROUNDS_WATCHDOG_SECONDS": "3"}
    with running(variables, tmp_path / "log") as bot:
        bot.ready()
        until("it is connected", lambda: "socket.connected" in bot.says())
        small_world.fault("*", "reset_before", times=-1)
        small_world.drop_socket()
        until("it has looked", lambda: len(small_world.calls("auth.test")) > 4)
        small_world.clear_faults()
        listening(small_world, 0, over_socket=True)
        answer = small_world.command(user("ana"), HERE, "/incident", COMMAND)

    assert "INC-1" in answer["response"]["text"]


def test_the_program_starts_without_slack_and_connects_when_slack_comes(
    sqlite_url: str, tmp_path: Path
) -> None:
    later = Sandbox(SandboxConfig(port=free_port()))
    variables = environment(later, sqlite_url, over_socket=True)
    with running(variables, tmp_path / "log") as bot:
        bot.ready()
        until("it has tried", lambda: "socket.cannot_connect" in bot.says())
        with later, SandboxClient(later.url) as slack:
            listening(slack, 0, over_socket=True)
            answer = slack.command(user("ana"), HERE, "/incident", COMMAND)
            until("it is posted", lambda: [one for one in slack.messages(HERE) if one.get("bot_id")])
            bot.ask_to_end()
            code = bot.ended()

    assert "INC-1" in answer["response"]["text"]
    assert code == 0


def test_a_second_program_on_the_same_file_refuses(
    small_slack: Sandbox, sqlite_url: str, tmp_path: Path
) -> None:
    variables = environment(small_slack, sqlite_url)
    with running(variables, tmp_path / "log") as first:
        first.ready()
        second = RealBot(variables, tmp_path / "second")
        code = second.ended()
        migrate = rounds("migrate", variables)

    assert code == 2
    assert "Another rounds runs on" in second.says()
    assert (migrate.returncode, "Another rounds runs on" in migrate.stderr) == (2, True)


@pytest.mark.parametrize(
    ("revision", "advice"),
    [
        (None, "Run: rounds migrate"),
        ("0000", "Run: rounds migrate"),
        ("9999", "Start a version of rounds that is at least as new"),
    ],
)
def test_on_another_revision_the_program_refuses_and_says_what_to_run(
    small_slack: Sandbox, tmp_path: Path, revision: str | None, advice: str
) -> None:
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as database, database:
        if revision:
            database.execute("CREATE TABLE alembic_version (version_num TEXT)")
            database.execute("INSERT INTO alembic_version VALUES (?)", [revision])
    refused = rounds("run", environment(small_slack, f"sqlite:///{file}"))

    assert refused.returncode == 2
    assert advice in refused.stderr
    assert "Traceback" not in refused.stderr


def test_only_a_program_that_is_alone_takes_over_what_a_dead_one_had_in_hand(
    postgres_template: PostgresTemplate, tmp_path: Path
) -> None:
    alone: list[str] = []
    with postgres_template.copy(tmp_path) as url:
        with (
            closing(Database(url)) as one,
            closing(Database(url)) as other,
            announce(one, partial(alone.append, "the first")),
            announce(other, partial(alone.append, "beside the first")),
        ):
            pass
        with closing(Database(url)) as later, announce(later, partial(alone.append, "after both")):
            pass

    assert alone == ["the first", "after both"]


def rounds(word: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    command = [sys.executable, "-m", "bot", word]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, check=False, timeout=30
    )


def test_killed_at_random_moments_it_loses_nothing_and_doubles_nothing(database_url: str) -> None:
    report, verdict = crash("test", database_url, kills=3, seed=11)

    assert (verdict.lost, verdict.doubled, verdict.out_of_order, report.undelivered) == ([], [], [], 0)
    assert report.acknowledged > 0
