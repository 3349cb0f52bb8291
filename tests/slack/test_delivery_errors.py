"""When something breaks, the person is told, Slack is asked to come again, and nothing is half-done."""

import re
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest
from slack_bolt import BoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.slack.app import build
from bot.store.session import Unavailable
from tests.conversation import RECEIPT, Talk, user, words_of

REFERENCE = re.compile(r"Reference [0-9a-f]{8}")
STORED = ("incidents", "entries", "outbox", "receipts", "messages", "cards")


@contextmanager
def database_away(talk: Talk, database_url: str) -> Iterator[None]:
    """A SQLite file that somebody else writes to, a PostgreSQL that lets nobody in."""
    if talk.bot.desk.database.is_sqlite:
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    address, _, query = database_url.partition("?")
    server, _, name = address.rpartition("/")
    with psycopg.connect(f"{server}/postgres?{query}", autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false'.encode())
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            admin.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true'.encode())


def filled(view: dict[str, Any], **words: str) -> dict[str, Any]:
    """What somebody typed into a modal."""
    found = {
        block["block_id"]: block["element"] for block in view["blocks"] if block.get("block_id") in words
    }
    return {name: {element["action_id"]: words[name]} for name, element in found.items()}


def stored(talk: Talk) -> dict[str, int]:
    """How many rows each table has."""
    with talk.bot.desk.database.reading() as session:
        return {
            table: int(session.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())
            for table in STORED
        }


def test_without_a_database_a_command_is_answered_with_a_reference_and_changes_nothing(
    talk: Talk, database_url: str
) -> None:
    talk.says("ana", "/incident list")
    with database_away(talk, database_url):
        answer = talk.says("ana", "/incident open sev2 loss is NaN")

    assert "My database does not answer, so nothing was changed" in answer
    assert REFERENCE.search(answer)
    assert set(stored(talk).values()) == {0}


def test_without_a_database_an_event_is_not_acknowledged_and_comes_again(
    talk: Talk, database_url: str
) -> None:
    talk.opens("ana")
    before = stored(talk)
    with database_away(talk, database_url):
        ts = talk.replies("ben", "dx: fp16 overflow")
        assert talk.slack.settle()
    refused = [delivery["status"] for delivery in talk.slack.deliveries()[-2:]]
    between = stored(talk)
    talk.time_passes(seconds=61)

    assert refused == [500, 500]
    assert between == before
    assert talk.logged() == [("dx", "fp16 overflow")]
    assert talk.reactions(ts) == {RECEIPT: 1}


def test_without_a_database_a_button_answers_for_the_eyes_of_who_clicked(
    talk: Talk, database_url: str
) -> None:
    talk.opens("ana")
    with database_away(talk, database_url):
        talk.clicks("ben", "lead")

    assert REFERENCE.search(talk.whispers("ben")[-1])
    assert talk.incident().lead is None


def test_without_a_database_a_modal_stays_open_with_its_words_and_says_why(
    talk: Talk, database_url: str
) -> None:
    talk.opens("ana")
    talk.clicks("ben", "log")
    with database_away(talk, database_url):
        view = talk.modal("ben")
        values = filled(view, kind="fix", text="cordoned node 7")
        answer = talk.slack.submit(user("ben"), view["id"], values)
    still_open = talk.modal("ben")["id"]
    again = talk.slack.submit(user("ben"), still_open, values)
    talk.settles()

    assert answer["response_action"] == "errors"
    assert REFERENCE.search(" ".join(answer["errors"].values()))
    assert again["response_action"] is None
    assert talk.logged() == [("fix", "cordoned node 7")]


def test_while_the_database_is_away_the_relay_loses_nothing_and_health_says_so(
    talk: Talk, database_url: str
) -> None:
    talk.says("ana", "/incident open sev2 loss is NaN")
    with database_away(talk, database_url), pytest.raises(Unavailable):
        talk.bot.relay.drain()
    talk.settles()

    assert len(talk.charts()) == 1


def test_when_slack_refuses_a_modal_the_command_says_so(talk: Talk) -> None:
    talk.slack.fault("views.open", "error", times=1, error="expired_trigger_id")

    answer = talk.says("ana", "/incident open")

    assert "Slack did not let me (expired_trigger_id)" in answer
    assert REFERENCE.search(answer)


def test_when_slack_refuses_a_modal_the_button_says_so(talk: Talk) -> None:
    talk.opens("ana")
    talk.slack.fault("views.open", "error", times=1, error="expired_trigger_id")
    talk.clicks("ben", "resolve")

    assert REFERENCE.search(talk.whispers("ben")[-1])


def test_a_ts_with_zeros_at_its_end_is_the_same_ts_everywhere(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.replies("ben", "dx: fp16 overflow")
    while not ts.endswith("0"):
        ts = talk.replies("ben", "dx: fp16 overflow")
    talk.edits("ben", ts, "dx: ends in nought")
    receipt = talk.reactions(ts)
    [stays] = [entry for entry in talk.entries() if entry.ts == ts]
    talk.deletes("ben", ts)

    assert stays.text == "ends in nought"
    assert receipt == {RECEIPT: 1}
    assert ts not in [entry.ts for entry in talk.entries()]
    with talk.bot.desk.database.reading() as session:
        kept = session.exec_driver_sql("SELECT ts FROM messages").scalars()
        assert ts in list(kept)


@pytest.mark.parametrize(("secret", "age"), [("somebody else's secret", 0), ("sandbox-signing-secret", 301)])
def test_what_is_not_signed_by_slack_or_signed_long_ago_is_refused(talk: Talk, secret: str, age: int) -> None:
    answer = dispatched(talk, secret=secret, signed_at=int(time.time()) - age)

    assert answer == (401, "")
    assert set(stored(talk).values()) == {0}


def test_what_slack_has_signed_goes_through_the_real_app(talk: Talk) -> None:
    status, said = dispatched(talk, secret="sandbox-signing-secret", signed_at=int(time.time()))

    assert (status, "INC-1" in said) == (200, True)
    assert talk.incident().title == "loss is NaN"


def dispatched(talk: Talk, *, secret: str, signed_at: int) -> tuple[int, str]:
    """What the Bolt app makes of an `/incident open` that is signed so."""
    app = build(talk.bot.desk, token="xoxb-sandbox-bot", signing_secret="sandbox-signing-secret")
    body = (
        "command=%2Fincident&text=open+sev2+loss+is+NaN&team_id=T0SANDBOX&user_id=U0ANA&channel_id=C0INCIDENTS"
        "&trigger_id=1.2.3&response_url=http%3A%2F%2F127.0.0.1%2Fnowhere"
    )
    signature = SignatureVerifier(secret).generate_signature(timestamp=str(signed_at), body=body)
    headers: dict[str, str | Sequence[str]] = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": str(signed_at),
        "x-slack-signature": signature or "",
    }
    answer = app.dispatch(BoltRequest(body=body, headers=headers))
    return answer.status, "" if answer.status == 401 else words_of({"text": answer.body})
