"""Everything the sandbox says is compared with what the real platform was recorded to say."""

from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox, SandboxConfig
from tests.sandbox.bolt_bot import BoltBot
from tests.sandbox.recorded import RECORDED, check, differences

Json = dict[str, Any]
HERE = "C0INCIDENTS"
ENVELOPE = ("token", "team_id", "api_app_id", "event", "type", "event_id", "event_time", "authorizations")
MESSAGE = ("type", "ts", "channel", "channel_type", "event_ts")
BUTTON = {"type": "button", "action_id": "go", "value": "v", "text": {"type": "plain_text", "text": "Go"}}
ACTIONS = [{"type": "actions", "block_id": "row", "elements": [BUTTON]}]
TITLE = {"type": "plain_text", "text": "Open"}
INPUT = {
    "type": "input",
    "block_id": "name",
    "label": TITLE,
    "element": {"type": "plain_text_input", "action_id": "typed"},
}
MODAL = {
    "type": "modal",
    "callback_id": "open",
    "title": TITLE,
    "submit": TITLE,
    "notify_on_close": True,
    "blocks": [INPUT, *ACTIONS],
}


def the_event(bot: BoltBot, subtype: str | None = None, kind: str = "message") -> Json:
    """The one envelope whose event is of that kind."""
    found = [body for body in bot.came if body.get("event", {}).get("type") == kind]
    (envelope,) = [body for body in found if body["event"].get("subtype") == subtype]
    return envelope


def check_event(envelope: Json, name: str, *must: str) -> None:
    check(envelope, name, *ENVELOPE)
    assert [key for key in must if key not in envelope["event"]] == []


def test_a_typed_message(slack: SandboxClient, http: BoltBot) -> None:
    slack.message("U0ANA", HERE, "hello <there> @ben")

    check_event(the_event(http), "Message", *MESSAGE, "user", "text", "blocks", "client_msg_id", "team")


def test_a_reply_and_its_broadcast(slack: SandboxClient, http: BoltBot) -> None:
    root = slack.message("U0ANA", HERE, "root", wait=False)
    slack.settle()
    http.forget()

    slack.message("U0BEN", HERE, "reply", thread_ts=root)
    slack.message("U0BEN", HERE, "loud", thread_ts=root, broadcast=True)

    check_event(the_event(http), "Message", *MESSAGE, "thread_ts", "parent_user_id")
    check_event(the_event(http, "thread_broadcast"), "MessageThreadBroadcast", *MESSAGE, "thread_ts", "root")


def test_a_post_of_the_bot(slack: SandboxClient, http: BoltBot, web: WebClient) -> None:
    web.chat_postMessage(
        channel=HERE, text="x", blocks=ACTIONS, metadata={"event_type": "a", "event_payload": {"b": "c"}}
    )
    slack.settle()

    check_event(the_event(http), "Message", *MESSAGE, "bot_id", "user", "app_id", "bot_profile", "metadata")


def test_an_edit_an_update_and_a_deletion(slack: SandboxClient, http: BoltBot, web: WebClient) -> None:
    ts = slack.message("U0ANA", HERE, "one")
    slack.edit("U0ANA", HERE, ts, "two")
    edit = the_event(http, "message_changed")
    check_event(edit, "MessageChanged", *MESSAGE, "message", "previous_message", "hidden")
    assert edit["event"]["message"]["edited"]["user"] == "U0ANA"

    http.forget()
    mine = web.chat_postMessage(channel=HERE, text="x", blocks=ACTIONS)["ts"]
    web.chat_update(channel=HERE, ts=mine, text="y")
    slack.settle()
    update = the_event(http, "message_changed")
    check_event(update, "MessageChanged", *MESSAGE, "message", "previous_message")
    assert "edited" not in update["event"]["message"]
    assert "blocks" not in update["event"]["message"]

    slack.delete("U0ANA", HERE, ts)
    deleted = the_event(http, "message_deleted")
    check_event(deleted, "MessageDeleted", *MESSAGE, "deleted_ts", "previous_message", "hidden")


def test_a_tombstone_is_a_change(slack: SandboxClient, http: BoltBot) -> None:
    root = slack.message("U0ANA", HERE, "root")
    slack.message("U0BEN", HERE, "reply", thread_ts=root)

    slack.delete("U0ANA", HERE, root)

    change = the_event(http, "message_changed")
    check_event(change, "MessageChanged", *MESSAGE)
    assert change["event"]["message"]["subtype"] == "tombstone"


def test_files_and_me_messages(slack: SandboxClient, http: BoltBot) -> None:
    slack.message("U0ANA", HERE, "", files=[{"name": "loss.png", "content": "png", "mimetype": "image/png"}])
    slack.message("U0ANA", HERE, "waves", subtype="me_message")

    check_event(the_event(http, "file_share"), "MessageFileShare", *MESSAGE, "files", "text")
    check_event(the_event(http, "me_message"), "MessageMe", *MESSAGE, "user", "text")
    check_event(the_event(http, kind="file_shared"), "FileShared", "file_id", "user_id", "channel_id")


def test_coming_and_going(slack: SandboxClient, http: BoltBot) -> None:
    slack.leave("U0DEV", HERE)
    slack.invite("U0ANA", HERE, "U0DEV")

    check_event(the_event(http, "channel_leave"), "MessageChannelLeave", *MESSAGE, "user", "text")
    check_event(the_event(http, "channel_join"), "MessageChannelJoin", *MESSAGE, "user", "text", "inviter")
    left = the_event(http, kind="member_left_channel")
    check_event(left, "MemberLeftChannel", "user", "channel", "channel_type", "team")
    joined = the_event(http, kind="member_joined_channel")
    check_event(joined, "MemberJoinedChannel", "user", "channel", "channel_type", "team", "inviter")


def test_the_life_of_a_channel(slack: SandboxClient, http: BoltBot) -> None:
    slack.rename("U0ANA", HERE, "incidents")
    slack.archive("U0ANA", HERE)
    slack.unarchive("U0ANA", HERE)

    check_event(the_event(http, kind="channel_rename"), "ChannelRename", "channel", "event_ts")
    check_event(the_event(http, kind="channel_archive"), "ChannelArchive", "channel", "user")
    check_event(the_event(http, kind="channel_unarchive"), "ChannelUnarchive", "channel", "user")


def test_reactions_mentions_and_home(slack: SandboxClient, http: BoltBot, web: WebClient) -> None:
    ts = slack.message("U0ANA", HERE, "@rounds help")
    slack.react("U0BEN", HERE, ts, "eyes")
    slack.react("U0BEN", HERE, ts, "eyes", remove=True)
    web.views_publish(user_id="U0ANA", view={"type": "home", "blocks": ACTIONS})
    slack.home("U0ANA")

    added = the_event(http, kind="reaction_added")
    check_event(added, "ReactionAdded", "user", "reaction", "item", "item_user", "event_ts")
    assert "thread_ts" not in added["event"]["item"]
    check_event(the_event(http, kind="reaction_removed"), "ReactionRemoved", "user", "reaction", "item")
    check_event(the_event(http, kind="app_mention"), "AppMention", "user", "text", "channel", "ts")
    check_event(the_event(http, kind="app_home_opened"), "AppHomeOpened", "user", "channel", "tab", "view")


def test_a_slash_command(talk: SandboxClient, bot: BoltBot) -> None:
    talk.command("U0ANA", HERE, "/incident", "open @ben")

    (command,) = bot.commands()
    check({**command, "is_enterprise_install": False}, "command", "response_url", "trigger_id", "api_app_id")
    assert command["is_enterprise_install"] == "false"


def test_clicks(slack: SandboxClient, http: BoltBot, web: WebClient) -> None:
    ts = web.chat_postMessage(channel=HERE, text="x", blocks=ACTIONS)["ts"]
    slack.click("U0ANA", "go", channel=HERE, ts=ts)
    own = web.chat_postEphemeral(channel=HERE, user="U0ANA", text="x", blocks=ACTIONS)["message_ts"]
    slack.click("U0ANA", "go", channel=HERE, ts=own)

    plain, ephemeral = http.payloads("block_actions")
    shared = ("user", "team", "container", "trigger_id", "channel", "state", "response_url", "actions")
    check(plain, "block_actions", *shared, "message")
    check(ephemeral, "block_actions", *shared)
    assert "message" not in ephemeral
    assert ephemeral["container"]["is_ephemeral"] is True


def test_shortcuts(slack: SandboxClient, http: BoltBot) -> None:
    ts = slack.message("U0ANA", HERE, "look")
    slack.shortcut("U0BEN", "log", channel=HERE, ts=ts)
    slack.shortcut("U0BEN", "open")

    (on_message,) = http.payloads("message_action")
    check(
        on_message, "message_action", "callback_id", "trigger_id", "message_ts", "message", "channel", "user"
    )
    (everywhere,) = http.payloads("shortcut")
    assert "channel" not in everywhere
    assert "response_url" not in everywhere


def test_modals(slack: SandboxClient, http: BoltBot, web: WebClient) -> None:
    slack.shortcut("U0ANA", "open")
    view = web.views_open(trigger_id=http.payloads("shortcut")[0]["trigger_id"], view=MODAL)["view"]
    slack.click("U0ANA", "go", view_id=view["id"])
    slack.submit("U0ANA", view["id"], {"name": {"typed": "x"}})
    slack.shortcut("U0ANA", "open")
    second = web.views_open(trigger_id=http.payloads("shortcut")[1]["trigger_id"], view=MODAL)["view"]
    slack.close_view("U0ANA", second["id"])

    check({"view": view}, "view_submission")
    (click,) = http.payloads("block_actions")
    check(click, "block_actions", "view", "container", "actions", "user")
    (submission,) = http.payloads("view_submission")
    check(submission, "view_submission", "user", "team", "trigger_id", "view")
    assert submission["view"]["state"]["values"]["name"]["typed"] == {
        "type": "plain_text_input",
        "value": "x",
    }
    (closed,) = http.payloads("view_closed")
    check(closed, "view_closed", "user", "team", "view", "is_cleared")
    assert "trigger_id" not in closed


SIMPLE: dict[str, tuple[Json, tuple[str, ...]]] = {
    "auth.test": ({}, ("url", "team", "user", "team_id", "user_id", "bot_id")),
    "team.info": ({}, ("team",)),
    "users.info": ({"user": "U0ANA"}, ("user",)),
    "users.list": ({}, ("members",)),
    "usergroups.list": ({"include_users": True}, ("usergroups",)),
    "usergroups.users.list": ({"usergroup": "S0ONCALL"}, ("users",)),
    "dnd.info": ({"user": "U0ANA"}, ("dnd_enabled",)),
    "conversations.info": ({"channel": HERE, "include_num_members": True}, ("channel",)),
    "conversations.list": ({"types": "public_channel,private_channel,im"}, ("channels",)),
    "conversations.members": ({"channel": HERE}, ("members",)),
    "conversations.join": ({"channel": "C0GENERAL"}, ("channel",)),
    "conversations.invite": ({"channel": "C0SECRET", "users": "U0DEV"}, ("channel",)),
}


@pytest.mark.parametrize("method", SIMPLE)
@pytest.mark.usefixtures("slack")
def test_an_answer_of_the_web_api(web: WebClient, method: str) -> None:
    arguments, must = SIMPLE[method]

    answer = web.api_call(method, params=arguments)

    check(answer.data, method, "ok", *must)


@pytest.mark.usefixtures("slack")
def test_answers_about_a_message(web: WebClient) -> None:
    posted = web.chat_postMessage(channel=HERE, text="x")
    ts = posted["ts"]

    check({"event": posted["message"]}, "Message")
    check({"event": web.conversations_history(channel=HERE)["messages"][0]}, "Message")
    check(
        web.chat_postEphemeral(channel=HERE, user="U0ANA", text="x").data, "chat.postEphemeral", "message_ts"
    )
    check(
        web.chat_getPermalink(channel=HERE, message_ts=ts).data, "chat.getPermalink", "permalink", "channel"
    )
    check(web.reactions_add(channel=HERE, timestamp=ts, name="eyes").data, "reactions.add", "ok")
    check(web.reactions_remove(channel=HERE, timestamp=ts, name="eyes").data, "reactions.remove", "ok")
    check(web.pins_add(channel=HERE, timestamp=ts).data, "pins.add", "ok")
    bookmark = web.bookmarks_add(channel_id=HERE, title="t", type="link", link="https://x.y")
    check(bookmark.data, "bookmarks.add", "bookmark")
    check(web.chat_delete(channel=HERE, ts=ts).data, "chat.delete", "channel", "ts")


@pytest.mark.usefixtures("slack")
def test_answers_about_files(web: WebClient) -> None:
    ticket = web.files_getUploadURLExternal(filename="a.png", length=3)
    uploaded = web.files_upload_v2(channel=HERE, content=b"png", filename="b.png", title="B")
    described = web.files_info(file=uploaded["files"][0]["id"])

    check(ticket.data, "files.getUploadURLExternal", "upload_url", "file_id")
    check({"files": uploaded["files"]}, "files.completeUploadExternal", "files")
    check({"files": [described["file"]]}, "files.completeUploadExternal")


def test_the_address_of_a_socket(running: Sandbox) -> None:
    app = WebClient(base_url=running.api_url, token=SandboxConfig.app_token)

    check(app.apps_connections_open(app_token=SandboxConfig.app_token).data, "apps.connections.open", "url")


def test_the_comparison_finds_what_was_never_recorded() -> None:
    ours = {"event": {"colour": "red", "text": 7}}

    assert list(differences(ours, RECORDED["Message"])) == [
        ".event.colour: never recorded",
        ".event.text: ours is n, recorded is s",
    ]
