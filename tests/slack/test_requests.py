"""What Slack may send besides what we wait for: everything is acknowledged, nothing is misread."""

import json
import time
from collections.abc import Sequence
from typing import Any

import pytest
from slack_bolt import BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier

from bot.manifests import manifest_data
from bot.sandbox.server import SandboxConfig
from bot.slack.app import build
from bot.slack.requests import any_message, reply
from tests.conversation import HERE, TEAM, Json, Talk, user

SECRET = SandboxConfig.signing_secret
SUBSCRIBED = manifest_data("socket")["settings"]["event_subscriptions"]["bot_events"]


def dispatched(talk: Talk, body: Json, *, secret: str = SECRET) -> BoltResponse:
    """Bring a signed body to the app, as the web server would."""
    app = build(talk.bot.desk, token="xoxb-sandbox-bot", signing_secret=SECRET)
    raw, now = json.dumps(body), str(int(time.time()))
    headers: dict[str, str | Sequence[str]] = {
        "content-type": "application/json",
        "x-slack-request-timestamp": now,
        "x-slack-signature": SignatureVerifier(secret).generate_signature(timestamp=now, body=raw) or "",
    }
    return app.dispatch(BoltRequest(body=raw, headers=headers))


def envelope(**event: Any) -> Json:
    return {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": event}


@pytest.mark.parametrize("name", SUBSCRIBED)
def test_every_event_we_subscribe_to_is_acknowledged(talk: Talk, name: str) -> None:
    event: Json = {"type": name, "channel": HERE, "user": user("ana"), "event_ts": "1.0", "ts": "1.0"}
    if name.startswith("message."):
        event |= {"type": "message", "text": "fix: x", "channel_type": name.removeprefix("message.")}
    if name.startswith("reaction_"):
        event |= {"reaction": "wrench", "item": {"type": "message", "channel": HERE, "ts": "1.0"}}
    if name == "channel_id_changed":
        event |= {"old_channel_id": "C0OLD", "new_channel_id": "C0NEW"}

    assert dispatched(talk, envelope(**event)).status == 200


def test_an_unknown_event_is_acknowledged_so_that_it_is_not_repeated(talk: Talk) -> None:
    assert dispatched(talk, envelope(type="something_new_in_slack", surprise=True)).status == 200


def test_the_alarm_that_events_are_withheld_is_acknowledged(talk: Talk) -> None:
    body = {
        "type": "app_rate_limited",
        "team_id": TEAM,
        "minute_rate_limited": 1518467820,
        "api_app_id": "A1",
    }

    assert dispatched(talk, body).status == 200
    assert dispatched(talk, body, secret="somebody else's").status == 401


@pytest.mark.parametrize(
    "event",
    [
        {"text": "fix: x", "user": "U0ANA", "ts": "2.0"},
        {"text": "fix: x", "user": "U0ANA", "ts": "1.0", "thread_ts": "1.0"},
        {"text": "fix: x", "user": "U0ANA", "ts": "2.0", "thread_ts": "1.0", "bot_id": "B1"},
        {"text": "fix: x", "user": "U0BOT", "ts": "2.0", "thread_ts": "1.0"},
        {"text": "fix: x", "user": "USLACKBOT", "ts": "2.0", "thread_ts": "1.0"},
        {"text": "fix: x", "username": "hook", "ts": "2.0", "thread_ts": "1.0", "subtype": "bot_message"},
        {"text": "fix: x", "user": "U0ANA", "ts": "2.0", "thread_ts": "1.0", "subtype": "channel_join"},
        {"text": "fix: x", "user": "U0ANA", "ts": "2.0", "thread_ts": "1.0", "subtype": "new_in_slack"},
    ],
    ids=["no thread", "root", "bot", "ourselves", "slackbot", "webhook", "joined", "unknown"],
)
def test_only_what_people_write_in_threads_is_a_reply(event: Json) -> None:
    assert reply(TEAM, {"type": "message", "channel": HERE, **event}, "U0BOT") is None


def test_a_change_without_new_words_is_no_edit() -> None:
    words = {"text": "fix: x", "user": "U0ANA", "ts": "2.0", "thread_ts": "1.0"}
    unfurled = {
        "subtype": "message_changed",
        "channel": HERE,
        "ts": "3.0",
        "message": words,
        "previous_message": words,
    }
    same = unfurled | {"message": words | {"edited": {"user": "U0ANA", "ts": "3.000000"}}}

    assert reply(TEAM, unfurled, "U0BOT") is None
    assert reply(TEAM, same, "U0BOT") is None


@pytest.mark.parametrize(
    ("edited", "version"),
    [(None, "2.500000"), ("2.000000", "2.500001"), ("3.000000", "3.000000")],
    ids=["never", "in the same second", "later"],
)
def test_a_listed_message_is_newer_than_itself_unedited_and_older_than_any_later_edit(
    edited: str | None, version: str
) -> None:
    listed = {"user": "U0ANA", "text": "x", "ts": "2.500000", "edited": edited and {"ts": edited}}

    assert any_message(TEAM, HERE, listed).version == version


def test_an_edit_in_the_second_of_its_message_counts(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.replies("ben", "fix: clip at 1.0")

    talk.edits("ben", ts, "fix: clip at 0.5")
    talk.edits("ben", ts, "fix: clip at 0.1")

    assert talk.logged() == [("fix", "clip at 0.1")]
