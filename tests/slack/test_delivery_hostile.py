"""People paste anything: nothing of it pings, nothing of it breaks a post, and all of it is kept."""

import json
import re
import time
from typing import Any

import httpx
import pytest
from slack_sdk.signature import SignatureVerifier

from tests.conversation import RECEIPT, Talk, user

HOSTILE = {
    "broadcasts": "@here @channel <!channel> <!here|here> <!everyone> look",
    "mention": "<@U0BEN> and <@U0BEN|ben> and <#C0BOARD|board> and <!subteam^S0ONCALL>",
    "escaped": "&lt;!channel&gt; &amp;lt;!here&amp;gt; a < b && c > d",
    "fences": "``` unclosed `code ``` ```` *bold _it ~strike",
    "direction": "\u202eltr\u202c \u2067rtl \u05e9\u05dc\u05d5\u05dd \u061c",
    "invisible": "zero\u200bwidth\u200d\u2060\ufeff joiner",
    "control": "bell\x07 escape\x1b[31m nul\x00 del\x7f\x85",
    "links": "<https://evil.example|https://bank.example> <mailto:a@b.c|x> javascript:alert(1)",
    "json": '{"type":"section"} \\u0000 %s {0} ${jndi:x}',
    "long": "long " * 8000,
}
# Whatever Slack turns into a notification when it stands in mrkdwn or in a message's text.
PING = re.compile(
    r"<!(?:channel|here|everyone|subteam)|(?<!\u200b)@(?:here|channel|everyone)\b", re.IGNORECASE
)


def kept(text: str) -> str:
    """How a database keeps it: NUL as its picture, half a character as a question mark."""
    return text.replace("\x00", "\u2400").encode("utf-8", "replace").decode()


def parsed_by_slack(node: Any) -> list[str]:
    """All strings of a call that Slack would parse for mentions."""
    if isinstance(node, dict):
        if node.get("type") == "rich_text":
            return []
        if node.get("type") == "plain_text":
            return []
        return [text for value in node.values() for text in parsed_by_slack(value)]
    if isinstance(node, list):
        return [text for item in node for text in parsed_by_slack(item)]
    return [node] if isinstance(node, str) else []


def assert_harmless(talk: Talk) -> None:
    """No call was refused, and none pings anybody it should not."""
    said = [call for call in talk.slack.calls() if call["method"].startswith(("chat.", "views."))]
    assert said
    for call in said:
        assert call["ok"], call
        arguments = {
            name: json.loads(value) if name in {"blocks", "view"} and isinstance(value, str) else value
            for name, value in call["args"].items()
        }
        for text in parsed_by_slack({name: arguments.get(name) for name in ("text", "blocks", "view")}):
            assert not PING.search(text), text
            assert "<@U0BEN" not in text.replace("by <@U0BEN>", ""), text


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_title_reply_and_modal_ping_nobody_and_are_kept_whole(talk: Talk, name: str) -> None:
    text = HOSTILE[name]
    talk.opens("ana", f"sev2 {text}"[:3900])
    ts = talk.logs("cho", f"note: {text}")
    talk.clicks("ben", "log")
    talk.submits("ben", kind="fix", text=text[:2900])
    talk.says("cho", f"/incident sev INC-1 sev1 {text}"[:3900])
    talk.settles()

    assert_harmless(talk)
    assert talk.reactions(ts) == {RECEIPT: 1}
    typed = next(entry for entry in talk.entries() if entry.ts == ts)
    submitted = next(entry for entry in talk.entries() if entry.kind == "fix")
    assert submitted.text == kept(text[:2900]).strip()
    if name in {"fences", "direction", "invisible", "control", "json", "long"}:
        assert typed.text.split() == kept(text).split()


def test_a_message_that_slack_sends_with_its_own_tokens_pings_nobody_either(talk: Talk) -> None:
    talk.opens("ana", "sev2 @here @channel everybody")
    talk.logs("cho", "note: @ben @here @channel see #training-runs https://x.example/a?b=c&d")

    assert_harmless(talk)
    assert [text for _, text in talk.logged()] == [
        "@U0BEN @here @channel see #training-runs https://x.example/a?b=c&d"
    ]


def test_what_no_database_can_hold_is_kept_as_near_as_it_can_be(talk: Talk) -> None:
    talk.opens("ana")
    event = {
        "type": "message",
        "subtype": "file_share",
        "user": user("ben"),
        "channel": talk.channel,
        "ts": f"{time.time():.6f}",
        "thread_ts": talk.root,
        "text": "note: half an emoji \ud83d and nul \x00 here",
        "files": [{"id": "F0", "name": "nul\x00 half\ud83d.log", "permalink": "https://x.example/f"}],
    }
    status = brought(
        talk, {"type": "event_callback", "team_id": "T0SANDBOX", "event_id": "Ev0", "event": event}
    )
    talk.settles()

    [entry] = talk.entries()
    assert status == 200
    assert entry.text == "half an emoji ? and nul \u2400 here"
    assert "half an emoji ?" in talk.card()


def brought(talk: Talk, payload: dict[str, Any]) -> int:
    """Bring an event as Slack does, with what the sandbox cannot hold; the status of the answer."""
    body, now = json.dumps(payload), str(int(time.time()))
    headers = {
        "content-type": "application/json",
        "x-slack-request-timestamp": now,
        "x-slack-signature": SignatureVerifier("sandbox-signing-secret").generate_signature(
            timestamp=now, body=body
        )
        or "",
    }
    return httpx.post(f"{talk.bot.url}/slack/events", content=body, headers=headers).status_code
