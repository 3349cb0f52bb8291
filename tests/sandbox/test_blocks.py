"""Block Kit is judged as strictly as Slack does; slack_sdk's models agree where they judge at all."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackObjectFormationError
from slack_sdk.models.blocks import Block

from bot.sandbox.client import SandboxClient

Json = dict[str, Any]
HERE = "C0INCIDENTS"


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def button(**more: object) -> Json:
    return {"type": "button", "action_id": "go", "text": plain("Go"), **more}


def options(count: int) -> list[Json]:
    return [{"text": plain(f"Option {number}"), "value": str(number)} for number in range(count)]


def select(**more: object) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": options(3), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def section(**more: object) -> Json:
    return {"type": "section", **more}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


CONFIRM = {"title": plain("Sure?"), "text": mrkdwn("Really"), "confirm": plain("Yes"), "deny": plain("No")}
TYPED = {"type": "plain_text_input", "action_id": "typed"}

GOOD = [
    section(text=mrkdwn("x" * 3000)),
    section(fields=[mrkdwn("x" * 2000), *[mrkdwn("x")] * 9]),
    section(text=plain("x"), accessory=button(style="danger", value="v" * 2000, confirm=CONFIRM)),
    section(text=plain("x"), accessory={"type": "overflow", "action_id": "o", "options": options(5)}),
    section(text=plain("x"), accessory={"type": "image", "image_url": "https://x.y/z.png", "alt_text": "z"}),
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    {"type": "context", "elements": [mrkdwn("x")] * 10},
    actions(button(text=plain("x" * 75)), select(placeholder=plain("Choose"))),
    actions(select(initial_option=options(2)[1])),
    actions({"type": "users_select", "action_id": "who"}, {"type": "datepicker", "action_id": "day"}),
    {"type": "image", "image_url": "https://x.y/z.png", "alt_text": "z", "title": plain("Z")},
    {"type": "input", "label": plain("x"), "element": {**TYPED, "multiline": True}, "optional": True},
    rich({"type": "text", "text": "x", "style": {"bold": True}}, {"type": "user", "user_id": "U0ANA"}),
    rich({"type": "link", "url": "https://x.y"}, {"type": "emoji", "name": "tada"}),
]

# What slack_sdk's models refuse as well.
BAD_FOR_BOTH = [
    section(text=mrkdwn("x" * 3001)),
    section(),
    section(fields=[mrkdwn("x")] * 11),
    {"type": "header", "text": plain("x" * 151)},
    {"type": "context", "elements": [mrkdwn("x")] * 11},
    actions(*(button(action_id=f"b{number}") for number in range(26))),
    actions(button(text=plain("x" * 76))),
    actions(button(value="x" * 2001)),
    actions(button(style="green")),
    actions({"type": "overflow", "action_id": "o", "options": options(6)}),
    actions(select(options=options(101))),
    {"type": "image", "image_url": "https://x.y/z.png", "alt_text": "x" * 2001},
    {"type": "input", "label": plain("x" * 2001), "element": TYPED},
    {"type": "divider", "block_id": "x" * 256},
]

# What the models let through and Slack does not.
BAD_FOR_SLACK = [
    {"type": "no_such_block"},
    {"type": "alert", "text": plain("only in modals")},
    section(text=plain("")),
    section(text=mrkdwn("x"), colour="red"),
    section(text={"type": "markdown", "text": "x"}),
    section(text={**plain("x"), "verbatim": True}),
    section(fields=[mrkdwn("x" * 2001)]),
    {"type": "header", "text": mrkdwn("no markup in headers")},
    actions({"type": "no_such_element", "action_id": "x"}),
    actions(TYPED),
    actions(button(), button()),
    actions(select(initial_option={"text": plain("other"), "value": "other"})),
    actions(select(options=[{"text": plain("x"), "value": "v" * 151}])),
    actions(select(option_groups=[])),
    {"type": "input", "label": plain("x"), "element": {"type": "number_input", "is_decimal_allowed": False}},
    {"type": "image", "image_url": "https://x.y/z.png"},
    rich({"type": "user"}),
    rich({"type": "broadcast", "range": "all"}),
]


def post(web: WebClient, *blocks: Json) -> Json:
    """Posts the blocks; the answer, also when it is a refusal."""
    try:
        answer = web.chat_postMessage(channel=HERE, text="x", blocks=list(blocks))
    except SlackApiError as error:
        answer = error.response
    assert isinstance(answer.data, dict)
    return answer.data


def accepted_by_models(block: Json) -> bool:
    """Whether slack_sdk's model of the block validates."""
    try:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.to_dict()
    except SlackObjectFormationError:
        return False
    return True


@pytest.mark.parametrize("block", GOOD)
@pytest.mark.usefixtures("slack")
def test_what_the_models_accept_is_accepted(web: WebClient, block: Json) -> None:
    assert accepted_by_models(block)
    assert post(web, block)["ok"]


@pytest.mark.parametrize("block", BAD_FOR_BOTH)
def test_what_the_models_refuse_is_refused(slack: SandboxClient, web: WebClient, block: Json) -> None:
    assert not accepted_by_models(block)

    assert post(web, block)["error"] == "invalid_blocks"
    assert len(slack.complaints()) == 1


@pytest.mark.parametrize("block", BAD_FOR_SLACK)
@pytest.mark.usefixtures("slack")
def test_what_only_slack_refuses_is_refused(web: WebClient, block: Json) -> None:
    answer = post(web, block)

    assert answer["error"] == "invalid_blocks"
    assert "[json-pointer:/blocks/0" in answer["response_metadata"]["messages"][0]


@pytest.mark.usefixtures("slack")
def test_fifty_blocks_are_the_most(web: WebClient) -> None:
    assert post(web, *[{"type": "divider"}] * 50)["ok"]
    assert post(web, *[{"type": "divider"}] * 51)["error"] == "invalid_blocks"


@pytest.mark.usefixtures("slack")
def test_block_ids_are_unique(web: WebClient) -> None:
    assert post(web, *[{"type": "divider", "block_id": "same"}] * 2)["error"] == "invalid_blocks"


@pytest.mark.usefixtures("slack")
def test_all_texts_together_have_a_limit(web: WebClient) -> None:
    assert post(web, *[section(text=mrkdwn("x" * 2500))] * 5)["ok"]
    assert post(web, *[section(text=mrkdwn("x" * 2501))] * 5)["error"] == "msg_blocks_too_long"


def test_what_the_app_left_out_is_filled_in(slack: SandboxClient, web: WebClient) -> None:
    post(web, actions({"type": "button", "text": plain("Go")}), section(text={"type": "mrkdwn", "text": "x"}))

    row, words = slack.messages(HERE)[0]["blocks"]
    assert row["block_id"] != words["block_id"]
    assert row["elements"][0]["action_id"]
    assert row["elements"][0]["text"]["emoji"] is True
    assert words["text"]["verbatim"] is False


INPUT = {"type": "input", "label": plain("x"), "element": TYPED}
MODAL = {"type": "modal", "title": plain("Open"), "submit": plain("Go"), "blocks": [INPUT]}
BAD_VIEWS = [
    {**MODAL, "title": plain("x" * 25)},
    {**MODAL, "title": mrkdwn("x")},
    {key: value for key, value in MODAL.items() if key != "title"},
    {key: value for key, value in MODAL.items() if key != "submit"},
    {**MODAL, "private_metadata": "x" * 3001},
    {**MODAL, "callback_id": "x" * 256},
    {**MODAL, "blocks": [{"type": "divider"}] * 101},
    {**MODAL, "blocks": [{"type": "markdown", "text": "only in messages"}]},
    {**MODAL, "size": "large"},
    {**MODAL, "type": "workflow_step"},
]


@pytest.mark.parametrize("view", BAD_VIEWS)
@pytest.mark.usefixtures("slack")
def test_a_wrong_view_is_refused_before_its_trigger_is_used(web: WebClient, view: Json) -> None:
    with pytest.raises(SlackApiError) as caught:
        web.views_open(trigger_id="never used", view=view)

    assert caught.value.response["error"] == "invalid_arguments"
    assert caught.value.response["response_metadata"]["messages"]


@pytest.mark.usefixtures("slack")
def test_a_home_has_no_title_and_a_size(web: WebClient) -> None:
    wide = [section(text=plain("x" * 3000))] * 90
    for view, code in (
        ({"type": "home", "title": plain("x"), "blocks": []}, "invalid_arguments"),
        ({"type": "home", "blocks": wide}, "view_too_large"),
    ):
        with pytest.raises(SlackApiError, match=code):
            web.views_publish(user_id="U0ANA", view=view)
