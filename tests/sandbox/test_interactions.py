"""Commands, buttons, modals and response URLs, from the person's finger to the bot and back."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.sandbox.client import SandboxClient, SandboxError
from tests.sandbox.bolt_bot import BoltBot, says
from tests.sandbox.modals import WORD, a_modal, an_input, open_modal

Json = dict[str, Any]
HERE = "C0INCIDENTS"
BUTTONS = [
    {
        "type": "actions",
        "block_id": "row",
        "elements": [
            {"type": "button", "action_id": "go", "value": "7", "text": WORD},
            {
                "type": "static_select",
                "action_id": "pick",
                "options": [{"text": WORD, "value": "a"}, {"text": WORD, "value": "b"}],
            },
        ],
    }
]


TITLE = an_input("title", {"type": "plain_text_input", "action_id": "typed", "max_length": 10})
LEVEL = an_input(
    "level",
    {"type": "static_select", "action_id": "chosen", "options": BUTTONS[0]["elements"][1]["options"]},  # type: ignore[index]
    optional=True,
)


def test_a_command_carries_tokens_and_shows_its_answer_to_one_person(
    talk: SandboxClient, bot: BoltBot
) -> None:
    bot.answers["command"] = says("Opened *INC-1*")

    answer = talk.command("U0ANA", HERE, "/incident", "handoff @ben & #training-runs <now>")

    (command,) = bot.commands()
    assert command["text"] == "handoff <@U0BEN|ben> &amp; <#C0TRAINING|training-runs> &lt;now&gt;"
    assert answer["status"] == "ok"
    (own,) = talk.messages(HERE, viewer="U0ANA")
    assert (own["text"], own["is_ephemeral"]) == ("Opened *INC-1*", True)
    assert talk.messages(HERE, viewer="U0BEN") == []


def test_an_answer_in_the_channel_is_for_everybody(talk: SandboxClient, bot: BoltBot) -> None:
    bot.answers["command"] = says({"response_type": "in_channel", "text": "Look"})

    talk.command("U0ANA", HERE, "/incident")

    assert [message["text"] for message in talk.messages(HERE)] == ["Look"]


def test_an_unknown_command_never_reaches_the_bot(talk: SandboxClient, bot: BoltBot) -> None:
    assert talk.command("U0ANA", HERE, "/incidents")["status"] == "no_such_command"
    assert bot.came == []


def test_a_command_without_an_app_fails_visibly(slack: SandboxClient) -> None:
    assert slack.command("U0ANA", HERE, "/incident")["status"] == "dispatch_failed"


def test_a_command_in_a_private_place_hides_its_name(talk: SandboxClient, bot: BoltBot) -> None:
    talk.command("U0ANA", "C0BOARD", "/incident")
    talk.command("U0ANA", "D0ANABEN", "/incident")
    talk.command("U0ANA", "G0ALL", "/incident")

    names = [command["channel_name"] for command in bot.commands()]
    assert names == ["privategroup", "directmessage", "mpdm-ana--ben--cho-1"]


def test_a_click_in_a_private_place_hides_its_name(
    slack: SandboxClient, http: BoltBot, web: WebClient
) -> None:
    for channel in ("C0SECRET", "D0ANA", "G0ALL"):
        ts = web.chat_postMessage(channel=channel, text="x", blocks=BUTTONS)["ts"]
        slack.click("U0ANA", "go", channel=channel, ts=ts)

    names = [payload["channel"]["name"] for payload in http.payloads("block_actions")]

    assert names == ["privategroup", "directmessage", "mpdm-ana--ben--cho-1"]


def test_what_is_filled_in_around_a_button_of_a_message_comes_with_its_click(
    talk: SandboxClient, bot: BoltBot, web: WebClient
) -> None:
    ts = web.chat_postMessage(channel=HERE, text="x", blocks=[TITLE, *BUTTONS])["ts"]

    talk.click("U0ANA", "go", channel=HERE, ts=ts, values={"title": {"typed": "hi"}, "row": {"pick": "b"}})

    values = bot.payloads("block_actions")[0]["state"]["values"]
    assert values["title"]["typed"]["value"] == "hi"
    assert values["row"]["pick"]["selected_option"]["value"] == "b"
    for wrong in ({"title": {"else": "x"}}, {"row": {"go": "x"}}, {"title": "x"}):
        with pytest.raises(SandboxError, match=r"no input|have the form"):
            talk.click("U0ANA", "go", channel=HERE, ts=ts, values=wrong)


def test_what_is_typed_in_a_modal_comes_with_a_click_and_stays_for_the_submission(
    slack: SandboxClient, http: BoltBot, web: WebClient
) -> None:
    view_id = open_modal(slack, http, web, a_modal(TITLE, LEVEL, *BUTTONS))

    slack.click("U0ANA", "go", view_id=view_id, values={"title": {"typed": "hi"}, "level": {"chosen": "a"}})
    slack.submit("U0ANA", view_id)

    clicked = http.payloads("block_actions")[0]["view"]["state"]["values"]
    assert clicked["title"]["typed"]["value"] == "hi"
    assert clicked["level"]["chosen"]["selected_option"]["value"] == "a"
    assert http.payloads("view_submission")[0]["view"]["state"]["values"]["title"] == clicked["title"]


def test_what_is_typed_in_a_home_comes_with_a_click(
    slack: SandboxClient, http: BoltBot, web: WebClient
) -> None:
    web.views_publish(user_id="U0ANA", view={"type": "home", "blocks": [TITLE, *BUTTONS]})
    home = slack.world()["homes"]["U0ANA"]

    slack.click("U0ANA", "go", view_id=home["id"], values={"title": {"typed": "hi"}})

    state = http.payloads("block_actions")[0]["view"]["state"]["values"]
    assert state["title"]["typed"]["value"] == "hi"


def test_a_button_sends_what_it_holds(talk: SandboxClient, bot: BoltBot, web: WebClient) -> None:
    ts = web.chat_postMessage(channel=HERE, text="x", blocks=BUTTONS)["ts"]

    assert talk.click("U0ANA", "go", channel=HERE, ts=ts)["status"] == "ok"

    (action,) = bot.payloads("block_actions")[0]["actions"]
    assert (action["value"], action["block_id"], action["type"]) == ("7", "row", "button")


def test_a_select_sends_the_option_chosen(talk: SandboxClient, bot: BoltBot, web: WebClient) -> None:
    ts = web.chat_postMessage(channel=HERE, text="x", blocks=BUTTONS)["ts"]

    talk.click("U0ANA", "pick", channel=HERE, ts=ts, value="b")

    payload = bot.payloads("block_actions")[0]
    assert payload["actions"][0]["selected_option"]["value"] == "b"
    assert payload["state"]["values"]["row"]["pick"]["selected_option"]["value"] == "b"
    with pytest.raises(SandboxError, match="no option"):
        talk.click("U0ANA", "pick", channel=HERE, ts=ts, value="z")


@pytest.mark.usefixtures("web")
def test_a_response_url_works_five_times_even_where_the_bot_is_not(
    slack: SandboxClient, http: BoltBot
) -> None:
    slack.command("U0ANA", "C0BOARD", "/incident")
    address = WebhookClient(http.commands()[0]["response_url"], retry_handlers=[])

    statuses = [address.send(text=f"answer {number}").status_code for number in range(6)]

    assert statuses == [200, 200, 200, 200, 200, 404]
    assert [message["text"] for message in slack.messages("C0BOARD", viewer="U0ANA")][-1] == "answer 4"


def test_a_response_url_ends_after_half_an_hour(slack: SandboxClient, http: BoltBot) -> None:
    slack.command("U0ANA", HERE, "/incident")
    slack.clock(advance=1801)

    assert WebhookClient(http.commands()[0]["response_url"]).send(text="late").status_code == 404


def test_a_response_url_replaces_and_deletes_what_was_clicked(
    slack: SandboxClient, http: BoltBot, web: WebClient
) -> None:
    own = web.chat_postEphemeral(channel=HERE, user="U0ANA", text="x", blocks=BUTTONS)["message_ts"]
    slack.click("U0ANA", "go", channel=HERE, ts=own)
    address = WebhookClient(http.payloads("block_actions")[0]["response_url"])

    address.send(text="done", replace_original=True)
    replaced = slack.messages(HERE, viewer="U0ANA")
    address.send(delete_original=True)

    assert [message["text"] for message in replaced] == ["done"]
    assert slack.messages(HERE, viewer="U0ANA") == []


def test_a_modal_is_filled_in_and_submitted(slack: SandboxClient, http: BoltBot, web: WebClient) -> None:
    view_id = open_modal(slack, http, web, a_modal(TITLE, LEVEL))

    answer = slack.submit("U0ANA", view_id, {"title": {"typed": "db slow"}, "level": {"chosen": "b"}})

    values = http.payloads("view_submission")[0]["view"]["state"]["values"]
    assert values["title"]["typed"]["value"] == "db slow"
    assert values["level"]["chosen"]["selected_option"]["value"] == "b"
    assert answer["status"] == "ok"
    assert slack.world()["views"] == []


@pytest.mark.parametrize("typed", [{}, {"title": {"typed": "longer than ten"}}])
def test_the_client_itself_refuses_what_is_missing_or_too_long(
    slack: SandboxClient, http: BoltBot, web: WebClient, typed: Json
) -> None:
    view_id = open_modal(slack, http, web, a_modal(TITLE, LEVEL))

    answer = slack.submit("U0ANA", view_id, typed)

    assert (answer["status"], list(answer["errors"])) == ("invalid", ["title"])
    assert http.payloads("view_submission") == []


def test_errors_keep_the_modal_open(slack: SandboxClient, http: BoltBot, web: WebClient) -> None:
    view_id = open_modal(slack, http, web, a_modal(TITLE))
    http.answers["view_submission"] = says({"response_action": "errors", "errors": {"title": "Taken."}})

    answer = slack.submit("U0ANA", view_id, {"title": {"typed": "x"}})

    assert (answer["response_action"], answer["errors"]) == ("errors", {"title": "Taken."})
    assert len(slack.world()["views"]) == 1
    assert slack.complaints() == []


def test_errors_about_no_input_are_complained_about(
    slack: SandboxClient, http: BoltBot, web: WebClient
) -> None:
    view_id = open_modal(slack, http, web, a_modal(TITLE))
    http.answers["view_submission"] = says({"response_action": "errors", "errors": {"other": "?"}})

    slack.submit("U0ANA", view_id, {"title": {"typed": "x"}})

    assert "other" in slack.complaints()[0]["problem"]


def test_update_push_and_clear_move_the_stack(slack: SandboxClient, http: BoltBot, web: WebClient) -> None:
    first = open_modal(slack, http, web, a_modal(TITLE))
    filled = {"title": {"typed": "x"}}
    sizes = []
    for action in ("update", "push", "push"):
        http.answers["view_submission"] = says({"response_action": action, "view": a_modal(TITLE, LEVEL)})
        top = slack.world()["views"][-1]["view"]["id"]
        slack.submit("U0ANA", top, filled)
        sizes.append(len(slack.world()["views"]))
    views = [one["view"] for one in slack.world()["views"]]
    http.answers["view_submission"] = says({"response_action": "clear"})
    slack.submit("U0ANA", views[-1]["id"], filled)

    assert sizes == [1, 2, 3]
    assert [view["root_view_id"] for view in views] == [first] * 3
    assert [view["previous_view_id"] for view in views] == [None, first, views[1]["id"]]
    assert slack.world()["views"] == []


def test_a_fourth_view_is_too_many(slack: SandboxClient, http: BoltBot, web: WebClient) -> None:
    view_id = open_modal(slack, http, web, a_modal(*BUTTONS))
    for _ in range(2):
        slack.click("U0ANA", "go", view_id=view_id)
        trigger = http.payloads("block_actions")[-1]["trigger_id"]
        view_id = web.views_push(trigger_id=trigger, view=a_modal(*BUTTONS))["view"]["id"]
    slack.click("U0ANA", "go", view_id=view_id)

    with pytest.raises(SlackApiError, match="push_limit_reached"):
        web.views_push(trigger_id=http.payloads("block_actions")[-1]["trigger_id"], view=a_modal(*BUTTONS))


def test_a_trigger_opens_one_view_only(slack: SandboxClient, http: BoltBot, web: WebClient) -> None:
    open_modal(slack, http, web, a_modal(TITLE))
    trigger = http.payloads("shortcut")[0]["trigger_id"]

    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        web.views_open(trigger_id=trigger, view=a_modal(TITLE))
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        web.views_open(trigger_id="1.2.3", view=a_modal(TITLE))


def test_typed_values_survive_an_update_and_hashes_guard_it(
    slack: SandboxClient, http: BoltBot, web: WebClient
) -> None:
    live = {"type": "plain_text_input", "action_id": "typed"}
    view_id = open_modal(slack, http, web, a_modal(an_input("title", live, dispatch_action=True)))
    slack.click("U0ANA", "typed", view_id=view_id, value="hello")
    old = slack.world()["views"][0]["view"]["hash"]

    web.views_update(view_id=view_id, view=a_modal(an_input("title", live), LEVEL), hash=old)
    slack.submit("U0ANA", view_id)

    values = http.payloads("view_submission")[0]["view"]["state"]["values"]
    assert values["title"]["typed"]["value"] == "hello"


def test_a_stale_hash_is_refused(slack: SandboxClient, http: BoltBot, web: WebClient) -> None:
    view_id = open_modal(slack, http, web, a_modal(TITLE))

    with pytest.raises(SlackApiError, match="hash_conflict"):
        web.views_update(view_id=view_id, view=a_modal(TITLE), hash="1.old")


def test_an_external_id_names_one_view(slack: SandboxClient, http: BoltBot, web: WebClient) -> None:
    open_modal(slack, http, web, a_modal(TITLE, external_id="mine"))
    web.views_update(external_id="mine", view=a_modal(LEVEL))

    assert slack.world()["views"][0]["view"]["blocks"][0]["block_id"] == "level"


def test_a_home_is_published_and_clicked(slack: SandboxClient, http: BoltBot, web: WebClient) -> None:
    web.views_publish(user_id="U0ANA", view={"type": "home", "blocks": BUTTONS})
    home = slack.world()["homes"]["U0ANA"]

    slack.click("U0ANA", "go", view_id=home["id"])

    payload = http.payloads("block_actions")[0]
    assert payload["container"] == {"type": "view", "view_id": home["id"]}
    assert payload["view"]["type"] == "home"
    assert "response_url" not in payload


def test_closing_is_told_only_if_asked_for(slack: SandboxClient, http: BoltBot, web: WebClient) -> None:
    quiet = open_modal(slack, http, web, a_modal(TITLE))
    slack.close_view("U0ANA", quiet)
    loud = open_modal(slack, http, web, a_modal(TITLE, notify_on_close=True))
    slack.close_view("U0ANA", loud, clear=True)

    (closed,) = http.payloads("view_closed")
    assert (closed["view"]["id"], closed["is_cleared"]) == (loud, True)


@pytest.mark.usefixtures("http")
def test_nobody_uses_what_they_cannot_see(slack: SandboxClient, web: WebClient) -> None:
    own = web.chat_postEphemeral(channel=HERE, user="U0ANA", text="x", blocks=BUTTONS)["message_ts"]
    secret = web.chat_postMessage(channel="C0SECRET", text="x", blocks=BUTTONS)["ts"]

    with pytest.raises(SandboxError, match="no message"):
        slack.click("U0BEN", "go", channel=HERE, ts=own)
    with pytest.raises(SandboxError, match="cannot see"):
        slack.click("U0DEV", "go", channel="C0SECRET", ts=secret)
