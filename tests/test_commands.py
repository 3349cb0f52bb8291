"""The command line, as a person at a terminal meets it."""

import json
import os
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox
from bot.store.schema import migrate
from bot.store.session import Database


def rounds(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command with these variables, and none of Slack's or ours that happen to be set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "ROUNDS_"))}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env=kept | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def connected(sandbox: Sandbox, database_url: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": sandbox.config.bot_token,
        "SLACK_APP_TOKEN": sandbox.config.app_token,
        "SLACK_API_URL": sandbox.api_url,
        "ROUNDS_DATABASE_URL": database_url,
    }


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'rounds.db'}"


def test_run_names_every_variable_that_is_missing_or_wrong_and_shows_no_secret() -> None:
    missing = rounds("run")
    wrong = rounds("run", SLACK_BOT_TOKEN="not-a-token-4711", ROUNDS_PORT="high", SLACK_APP_TOKEN="xapp-1")

    assert (missing.returncode, wrong.returncode) == (2, 2)
    assert "SLACK_BOT_TOKEN" in missing.stderr
    assert "SLACK_BOT_TOKEN: Value error, must begin with xoxb-" in wrong.stderr
    assert "ROUNDS_PORT" in wrong.stderr
    assert "4711" not in wrong.stderr
    assert "Traceback" not in missing.stderr + wrong.stderr


def test_run_wants_one_way_to_reach_slack() -> None:
    found = rounds("run", SLACK_BOT_TOKEN="xoxb-1")

    assert (found.returncode, "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET" in found.stderr) == (2, True)


def test_run_refuses_variables_that_would_silently_switch_its_token_off() -> None:
    found = rounds(
        "run",
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_APP_TOKEN="xapp-1",
        SLACK_CLIENT_ID="1",
        SLACK_CLIENT_SECRET="2",
    )

    assert (found.returncode, "unset them" in found.stderr) == (2, True)


def test_run_refuses_an_empty_database_and_says_what_to_run(small_slack: Sandbox, file_url: str) -> None:
    found = rounds("run", **connected(small_slack, file_url))

    assert found.returncode == 2
    assert "rounds migrate" in found.stderr


def test_migrate_builds_the_database_and_says_where_it_stands(file_url: str) -> None:
    first = rounds("migrate", ROUNDS_DATABASE_URL=file_url)
    again = rounds("migrate", ROUNDS_DATABASE_URL=file_url)

    assert (first.returncode, again.returncode) == (0, 0)
    assert "0007" in first.stdout
    assert "is at revision 0007" in again.stdout


def test_what_is_wrong_with_the_database_is_said_in_a_sentence_by_every_command(file_url: str) -> None:
    rounds("migrate", ROUNDS_DATABASE_URL=file_url)
    with closing(Database(file_url)) as database, database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    newer = rounds("migrate", ROUNDS_DATABASE_URL=file_url)
    unknown = rounds("migrate", ROUNDS_DATABASE_URL="mysql://nowhere")
    garbled = rounds("outbox", "list", ROUNDS_DATABASE_URL="postgresql://a:b@host:port/name")

    assert [each.returncode for each in (newer, unknown, garbled)] == [2, 2, 2]
    assert "Start a version of rounds that is at least as new" in newer.stderr
    assert "must begin with sqlite:///" in unknown.stderr
    assert "ROUNDS_DATABASE_URL is no address of a database" in garbled.stderr
    assert "Traceback" not in newer.stderr + unknown.stderr + garbled.stderr


def test_the_doctor_finds_a_sound_setup_sound(small_slack: Sandbox, file_url: str) -> None:
    rounds("migrate", ROUNDS_DATABASE_URL=file_url)

    found = rounds("doctor", **connected(small_slack, file_url))

    assert found.returncode == 0, found.stdout
    assert "BAD" not in found.stdout
    assert "Acme ML" in found.stdout


def test_the_doctor_says_of_each_fault_how_to_mend_it(small_slack: Sandbox, file_url: str) -> None:
    found = rounds("doctor", **connected(small_slack, file_url) | {"SLACK_BOT_TOKEN": "xoxb-wrong"})

    assert found.returncode == 1
    assert "rounds migrate" in found.stdout
    assert "check SLACK_BOT_TOKEN" in found.stdout


def test_the_outbox_shows_what_is_parked_and_revives_it(
    small_slack: Sandbox, small_world: SandboxClient, tmp_path: Path
) -> None:
    from tests.conversation import conversation  # noqa: PLC0415 - the other commands need no dialog.

    url = f"sqlite:///{tmp_path / 'rounds.db'}"
    with closing(Database(url)) as database:
        migrate(database)
    with conversation(small_slack, small_world, url) as talk:
        talk.says("ana", "/incident open sev2 not for you", channel="C0BOARD")
        talk.settles()
    listed = rounds("outbox", "list", ROUNDS_DATABASE_URL=url)
    revived = rounds("outbox", "revive", ROUNDS_DATABASE_URL=url)

    assert "parked  opened:1  channel_not_found" in listed.stdout
    assert "will be tried again" in revived.stdout


def test_prompts_that_are_due_or_fail_are_told_and_what_fails_is_tried_again(
    small_slack: Sandbox, file_url: str
) -> None:
    rounds("migrate", ROUNDS_DATABASE_URL=file_url)
    with closing(Database(file_url)) as database, database.quietly() as session:
        for number, error in ((1, "NULL"), (2, "'no such person'")):
            session.exec_driver_sql(
                "INSERT INTO incidents (team_id, number, title, seen, severity, private, channel, opened_by, "
                f"opened_at, active_at, last_entry) VALUES ('T0ONE', {number}, 'x', 'x', 2, 0, 'C0HERE', "
                "'U0ANA', '2026-11-23 12:00:00.000000', '2026-11-23 12:00:00.000000', 0)"
            )
            session.exec_driver_sql(
                "INSERT INTO reviews (team_id, incident, due_at, living, attempts, last_error) VALUES "
                f"('T0ONE', {number}, '2026-11-2{number} 12:00:00.000000', 0, 5, {error})"
            )
    told = rounds("doctor", **connected(small_slack, file_url))
    listed = rounds("outbox", "list", ROUNDS_DATABASE_URL=file_url)
    revived = rounds("outbox", "revive", "prompts:INC-2", ROUNDS_DATABASE_URL=file_url)

    assert "BAD  Prompts: 2 due, 1 failing, the oldest since 2026-11-21 12:00 UTC" in told.stdout
    assert "fails  prompts:INC-2  no such person" in listed.stdout
    assert "1 will be tried again" in revived.stdout


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_the_manifest_is_printed_ready_to_paste(transport: str) -> None:
    found = rounds("manifest", transport)

    assert json.loads(found.stdout)["settings"]["socket_mode_enabled"] is (transport == "socket")


ENDINGS = {
    "collator": (
        "Resolved: collator gets string columns",
        "Differential: B 95%, something else 5%",
        "Ruled out: A by T1, C by T2, D by T3",
        "Waived: nothing",
    ),
    "gru-heads": (
        "Resolved: shared GRU hands on both directions side by side, 2 x 512",
        "Differential: B 94%, E 1%, something else 5%",
        "Ruled out: A by T1, C by T2, D by T1",
        "Waived: E",
    ),
}

# How many prompts people declined, and of how many the channel had to be told.
ASIDE = {"collator": (1, 0), "gru-heads": (0, 1)}


@pytest.mark.parametrize("case", ENDINGS)
def test_each_case_of_the_demo_ends_with_the_cause_found_the_failed_fix_reverted_and_nothing_owed(
    case: str,
) -> None:
    found = rounds("demo", "--case", case, "--fast", "--port", "0")

    assert found.returncode == 0, found.stderr
    told = [line.strip() for line in found.stdout.splitlines()]
    assert "0 refused, 0 without an answer" in found.stdout
    assert [line for line in ENDINGS[case] if line not in told] == []
    assert "Interventions: A1 failed and was reverted, B1 worked" in told
    assert "Still open: nothing" in told
    prompts = re.search(
        r"Prompts: (\d+) asked, (\d+) answered, (\d+) declined, (\d+) escalated", found.stdout
    )
    assert prompts
    asked, answered, declined, escalated = map(int, prompts.groups())
    assert asked >= 5
    assert answered + declined == asked
    assert (declined, escalated) == ASIDE[case]


def test_the_demo_names_the_cases_it_has() -> None:
    found = rounds("demo", "--case", "unknown", "--port", "0")

    assert found.returncode == 2
    assert "collator, gru-heads" in found.stderr
