"""The Web API through the real client: what it does, and what it refuses in Slack's words."""

import time
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.client import SandboxClient, SandboxError
from bot.sandbox.server import Sandbox, SandboxConfig

Json = dict[str, Any]
HERE = "C0INCIDENTS"
NESTED = {"event_type": "a", "event_payload": {"b": [{"c": "d"}]}}


def refusal(web: WebClient, method: str, **arguments: object) -> str:
    """The error code of a call that must fail."""
    with pytest.raises(SlackApiError) as caught:
        web.api_call(method, json=arguments)
    return str(caught.value.response["error"])


def test_a_post_reads_back_as_it_was_sent(slack: SandboxClient, web: WebClient) -> None:
    posted = web.chat_postMessage(channel=HERE, text="a &lt; b <@U0BEN>")

    (seen,) = slack.messages(HERE)
    assert seen == posted["message"]
    assert seen["text"] == "a &lt; b <@U0BEN>"


@pytest.mark.parametrize(
    ("method", "arguments", "code"),
    [
        ("chat.postMessage", {"channel": "C0BOARD", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "D0ANABEN", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0GENERAL", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": HERE}, "no_text"),
        ("chat.postMessage", {"channel": HERE, "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ("chat.postMessage", {"channel": HERE, "text": "x", "metadata": {"a": 1}}, "invalid_metadata_format"),
        ("chat.postMessage", {"channel": HERE, "blocks": ["x"]}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": HERE, "text": "x", "metadata": NESTED}, "invalid_metadata_schema"),
        ("chat.postMessage", {"channel": HERE, "text": "x", "colour": "red"}, "invalid_arguments"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        ("chat.update", {"channel": HERE, "ts": "1.000001", "text": "x"}, "message_not_found"),
        ("chat.delete", {"channel": HERE, "ts": "1.000001"}, "message_not_found"),
        ("chat.postEphemeral", {"channel": "C0SECRET", "user": "U0CHO", "text": "x"}, "user_not_in_channel"),
        ("chat.postEphemeral", {"channel": HERE, "user": "U0NOBODY", "text": "x"}, "user_not_found"),
        ("conversations.info", {"channel": "C0BOARD"}, "channel_not_found"),
        ("conversations.history", {"channel": "C0GENERAL"}, "not_in_channel"),
        ("conversations.replies", {"channel": HERE, "ts": "1.000001"}, "thread_not_found"),
        ("conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
        ("conversations.invite", {"channel": HERE, "users": "U0BEN"}, "already_in_channel"),
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("views.open", {"trigger_id": "1", "view": {"type": "modal"}}, "invalid_arguments"),
        ("views.update", {"view_id": "V1", "view": {"type": "home", "blocks": []}}, "not_found"),
        ("chat.postMassage", {"channel": HERE}, "unknown_method"),
    ],
)
@pytest.mark.usefixtures("slack")
def test_a_mistake_is_refused_in_slacks_words(
    web: WebClient, method: str, arguments: Json, code: str
) -> None:
    assert refusal(web, method, **arguments) == code


def test_an_unknown_argument_is_named_and_complained_about(slack: SandboxClient, web: WebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        web.chat_postMessage(channel=HERE, text="x", colour="red")

    (message,) = caught.value.response["response_metadata"]["messages"]
    assert "colour" in message
    assert slack.complaints() == [{"method": "chat.postMessage", "problem": message}]


def test_an_archived_channel_takes_nothing(slack: SandboxClient, web: WebClient) -> None:
    ts = web.chat_postMessage(channel=HERE, text="x")["ts"]
    slack.archive("U0ANA", HERE)

    assert refusal(web, "chat.postMessage", channel=HERE, text="x") == "is_archived"
    assert refusal(web, "reactions.add", channel=HERE, timestamp=ts, name="eyes") == "is_archived"


@pytest.mark.parametrize(
    ("token", "code"),
    [("", "not_authed"), ("xoxb-other", "invalid_auth"), ("xapp-sandbox-app", "not_allowed_token_type")],
)
def test_a_wrong_token_is_refused(running: Sandbox, token: str, code: str) -> None:
    assert refusal(WebClient(base_url=running.api_url, token=token), "auth.test") == code


def test_only_own_messages_are_changed(slack: SandboxClient, web: WebClient) -> None:
    ts = slack.message("U0ANA", HERE, "mine")

    assert refusal(web, "chat.update", channel=HERE, ts=ts, text="x") == "cant_update_message"
    assert refusal(web, "chat.delete", channel=HERE, ts=ts) == "cant_delete_message"


def test_an_update_keeps_metadata_and_drops_blocks(slack: SandboxClient, web: WebClient) -> None:
    about = {"event_type": "incident_post", "event_payload": {"key": "7"}}
    divider = [{"type": "divider"}]
    ts = web.chat_postMessage(channel=HERE, text="x", blocks=divider, metadata=about)["ts"]

    web.chat_update(channel=HERE, ts=ts, text="y")

    (seen,) = slack.messages(HERE)
    assert (seen["text"], seen["metadata"]) == ("y", about)
    assert "blocks" not in seen


@pytest.mark.usefixtures("slack")
def test_long_texts_are_cut_in_posts_and_refused_in_updates(web: WebClient) -> None:
    posted = web.chat_postMessage(channel=HERE, text="x" * 50_000)

    assert len(posted["message"]["text"]) == 40_000
    assert refusal(web, "chat.update", channel=HERE, ts=posted["ts"], text="x" * 4_001) == "msg_too_long"


@pytest.mark.usefixtures("slack")
def test_metadata_comes_in_full_only_when_asked_for(web: WebClient) -> None:
    about = {"event_type": "incident_post", "event_payload": {"key": "7"}}
    root = web.chat_postMessage(channel=HERE, text="x", metadata=about)["ts"]

    short = web.conversations_replies(channel=HERE, ts=root)["messages"][0]["metadata"]
    full = web.conversations_replies(channel=HERE, ts=root, include_all_metadata=True)["messages"][0][
        "metadata"
    ]

    assert short == {"event_type": "incident_post"}
    assert full == about


def test_history_is_newest_first_and_comes_in_pages(slack: SandboxClient, web: WebClient) -> None:
    stamps = [slack.message("U0ANA", HERE, str(number)) for number in range(5)]
    slack.message("U0BEN", HERE, "reply", thread_ts=stamps[0])

    first = web.conversations_history(channel=HERE, limit=3)
    cursor = first["response_metadata"]["next_cursor"]
    rest = web.conversations_history(channel=HERE, limit=3, cursor=cursor)
    middle = web.conversations_history(channel=HERE, oldest=stamps[1], latest=stamps[3])

    seen = [message["ts"] for message in [*first["messages"], *rest["messages"]]]
    assert seen == stamps[::-1]
    assert [message["ts"] for message in middle["messages"]] == [stamps[2]]


def test_a_thread_has_its_root_first_and_counts_its_replies(slack: SandboxClient, web: WebClient) -> None:
    root = slack.message("U0ANA", HERE, "root")
    replies = [slack.message(who, HERE, "reply", thread_ts=root) for who in ("U0BEN", "U0CHO", "U0BEN")]

    thread = web.conversations_replies(channel=HERE, ts=root)["messages"]
    alone = web.conversations_replies(channel=HERE, ts=replies[1], limit=1)["messages"]

    assert [message["ts"] for message in thread] == [root, *replies]
    assert (thread[0]["reply_count"], thread[0]["latest_reply"]) == (3, replies[-1])
    assert thread[0]["reply_users"] == ["U0BEN", "U0CHO"]
    assert [message["ts"] for message in alone] == [replies[1]]


def test_a_thread_outlives_its_deleted_root(slack: SandboxClient, web: WebClient) -> None:
    root = slack.message("U0ANA", HERE, "root")
    slack.message("U0BEN", HERE, "reply", thread_ts=root)

    slack.delete("U0ANA", HERE, root)
    web.chat_postMessage(channel=HERE, text="still here", thread_ts=root)

    thread = slack.messages(HERE, thread_ts=root)
    assert [message.get("subtype") for message in thread] == ["tombstone", None, None]
    for reply in thread[1:]:
        slack.delete("U0ANA", HERE, reply["ts"])
    assert slack.messages(HERE) == []


def test_a_deleted_root_without_replies_takes_none(slack: SandboxClient, web: WebClient) -> None:
    root = web.chat_postMessage(channel=HERE, text="x")["ts"]

    slack.delete("U0ANA", HERE, root)

    assert refusal(web, "chat.postMessage", channel=HERE, text="x", thread_ts=root) == "thread_not_found"


def test_reactions_are_added_once_and_must_exist(slack: SandboxClient, web: WebClient) -> None:
    ts = slack.message("U0ANA", HERE, "x")
    there = {"channel": HERE, "timestamp": ts}

    web.reactions_add(**there, name="white_check_mark")

    assert refusal(web, "reactions.add", **there, name="white_check_mark") == "already_reacted"
    assert refusal(web, "reactions.remove", **there, name="eyes") == "no_reaction"
    assert refusal(web, "reactions.add", **there, name="no_such_emoji") == "invalid_name"
    assert slack.messages(HERE)[0]["reactions"] == [
        {"name": "white_check_mark", "users": ["U0ROUNDS"], "count": 1}
    ]


@pytest.mark.usefixtures("slack")
def test_joining_a_public_channel_opens_it(web: WebClient) -> None:
    web.conversations_join(channel="C0GENERAL")

    assert web.chat_postMessage(channel="C0GENERAL", text="hello")["ok"]


@pytest.mark.usefixtures("slack")
def test_a_direct_message_is_opened_once(web: WebClient) -> None:
    opened = web.conversations_open(users="U0ANA")

    assert opened["channel"]["id"] == "D0ANA"
    assert opened["already_open"] is True


def test_a_group_direct_message_is_opened_once_for_the_same_people(
    slack: SandboxClient, web: WebClient
) -> None:
    known = web.conversations_open(users=["U0CHO", "U0ANA", "U0BEN"])
    made = web.conversations_open(users="U0BEN,U0DEV", return_im=True)
    again = web.conversations_open(users=["U0DEV", "U0BEN"])

    assert (known["channel"]["id"], known["already_open"]) == ("G0ALL", True)
    assert (made["channel"]["name"], made["channel"]["is_mpim"]) == ("mpdm-ben--dev-1", True)
    assert again["channel"]["id"] == made["channel"]["id"]
    web.chat_postMessage(channel=made["channel"]["id"], text="for you two")
    with pytest.raises(SandboxError, match="cannot see"):
        slack.messages(made["channel"]["id"], viewer="U0ANA")


@pytest.mark.usefixtures("slack")
def test_a_group_direct_message_is_described_and_listed_as_one(web: WebClient) -> None:
    about = web.conversations_info(channel="G0ALL")["channel"]

    kinds = {key: about[key] for key in ("is_mpim", "is_im", "is_private", "is_channel", "is_member")}
    assert kinds == {
        "is_mpim": True,
        "is_im": False,
        "is_private": True,
        "is_channel": False,
        "is_member": True,
    }
    assert about["name"] == "mpdm-ana--ben--cho-1"
    for types, ids in (("mpim", ["G0ALL"]), ("private_channel", ["C0SECRET"])):
        assert [one["id"] for one in web.conversations_list(types=types)["channels"]] == ids
    for method, more in (("conversations.join", {}), ("conversations.invite", {"users": "U0DEV"})):
        assert refusal(web, method, channel="G0ALL", **more) == "method_not_supported_for_channel_type"


def test_stamps_only_grow_and_follow_the_clock(slack: SandboxClient) -> None:
    slack.clock(set_to=1_767_600_000)
    stamps = [slack.message("U0ANA", HERE, "x") for _ in range(3)]
    slack.clock(advance=3600)
    later = slack.message("U0ANA", HERE, "y")

    assert sorted(set(stamps)) == stamps
    assert 1_767_600_000 <= float(stamps[0]) < 1_767_600_060
    assert 3600 <= float(later) - float(stamps[0]) < 3660


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
def test_a_reset_connection_looks_to_the_client_like_one(
    slack: SandboxClient, web: WebClient, kind: str
) -> None:
    slack.fault("chat.postMessage", kind)

    with pytest.raises((ConnectionError, OSError)):
        web.chat_postMessage(channel=HERE, text="x")

    assert len(slack.messages(HERE)) == (1 if kind == "reset_after" else 0)


def test_a_rate_limit_says_when_to_come_back(slack: SandboxClient, web: WebClient) -> None:
    slack.fault("chat.postMessage", "rate_limited", retry_after=7, after=1, times=2)

    codes = []
    for _ in range(4):
        try:
            web.chat_postMessage(channel=HERE, text="x")
            codes.append("ok")
        except SlackApiError as error:
            codes.append(f"{error.response['error']} {error.response.headers['retry-after']}")

    assert codes == ["ok", "ratelimited 7", "ratelimited 7", "ok"]


def test_a_late_answer_has_done_its_work(slack: SandboxClient, running: Sandbox) -> None:
    slack.fault("chat.postMessage", "timeout_after", seconds=5)
    hasty = WebClient(base_url=running.api_url, token=SandboxConfig.bot_token, retry_handlers=[], timeout=1)

    began = time.monotonic()
    with pytest.raises(TimeoutError):
        hasty.chat_postMessage(channel=HERE, text="x")

    assert time.monotonic() - began < 3
    assert len(slack.messages(HERE)) == 1


@pytest.mark.parametrize(("kind", "status"), [("server_error", 503), ("error", 200)])
def test_a_scripted_failure_does_nothing(
    slack: SandboxClient, web: WebClient, kind: str, status: int
) -> None:
    slack.fault("*", kind, error="fatal_error")

    with pytest.raises(SlackApiError) as caught:
        web.chat_postMessage(channel=HERE, text="x")

    assert caught.value.response.status_code == status
    assert slack.messages(HERE) == []
    assert slack.faults() == []


def test_faults_can_be_taken_back(slack: SandboxClient, web: WebClient) -> None:
    slack.fault("*", "error", times=-1)
    slack.clear_faults()

    assert web.auth_test()["ok"]


def test_the_journal_keeps_every_call_without_its_token(slack: SandboxClient, web: WebClient) -> None:
    web.chat_postMessage(channel=HERE, text="x")

    (call,) = slack.calls("chat.postMessage")
    assert call["args"] == {"channel": HERE, "text": "x"}
    assert (call["ok"], call["status"]) == (True, 200)


def test_scopes_of_the_manifest_are_enforced() -> None:
    manifest: Json = {
        "display_information": {"name": "Narrow"},
        "features": {"bot_user": {"display_name": "narrow"}},
        "oauth_config": {"scopes": {"bot": ["chat:write"]}},
        "settings": {"event_subscriptions": {"bot_events": []}, "interactivity": {"is_enabled": True}},
    }
    with Sandbox(SandboxConfig(manifest=manifest)) as sandbox, SandboxClient(sandbox.url) as slack:
        web = WebClient(base_url=sandbox.api_url, token=SandboxConfig.bot_token, retry_handlers=[])
        with pytest.raises(SlackApiError) as caught:
            web.users_info(user="U0ANA")

        assert caught.value.response["error"] == "missing_scope"
        assert caught.value.response["needed"] == "users:read"
        assert caught.value.response["provided"] == "chat:write"
        assert (
            refusal(web, "views.publish", user_id="U0ANA", view={"type": "home", "blocks": []})
            == "not_enabled"
        )
        slack.message("U0ANA", HERE, "nobody subscribed to this")
        slack.message("U0ANA", "G0ALL", "nor to this")
        assert slack.deliveries() == []
