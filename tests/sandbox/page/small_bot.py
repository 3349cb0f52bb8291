"""A small Bolt app for the tests of the page: it answers each thing a person can do there."""

import json
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

ROOM = "C0TRAINING"
MANIFEST = {
    "display_information": {"name": "Rounds"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "rounds"},
        "slash_commands": [
            {
                "command": "/incident",
                "description": "Open and run an incident",
                "usage_hint": "open [sev] what is wrong | list | handoff @receiver",
                "should_escape": True,
            }
        ],
        "shortcuts": [
            {"name": "Log it", "type": "message", "callback_id": "log_it", "description": "Add to the chart"},
            {"name": "Open all", "type": "global", "callback_id": "open_all", "description": "Every input"},
            {"name": "Open one", "type": "global", "callback_id": "open_one", "description": "With a form"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                *("commands", "chat:write", "channels:history", "im:history"),
                *("reactions:write", "users:read", "channels:read", "groups:history"),
                "files:write",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["message.channels", "app_home_opened"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(text: str, action_id: str, **more: object) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": "1", **more}


CARD: list[dict[str, Any]] = [
    {"type": "header", "text": plain("INC-1 · loss is NaN")},
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Lead* <@U0ANA> :memo:"}},
    {
        "type": "actions",
        "elements": [
            button("Add details", "details", style="primary"),
            button(
                "Resolve",
                "resolve",
                style="danger",
                confirm={
                    "title": plain("Resolve it?"),
                    "text": plain("It is over."),
                    "confirm": plain("Resolve"),
                    "deny": plain("Not yet"),
                },
            ),
        ],
    },
]
SEVERITIES = [{"text": plain(f"SEV{level}"), "value": f"sev{level}"} for level in (1, 2)]
FORM = {
    "type": "modal",
    "callback_id": "details",
    "title": plain("Details"),
    "submit": plain("Save"),
    "blocks": [
        {
            "type": "input",
            "block_id": "what",
            "label": plain("What happened"),
            "hint": plain("At least two words"),
            "element": {"type": "plain_text_input", "action_id": "it", "max_length": 80},
        },
        {
            "type": "input",
            "block_id": "level",
            "label": plain("Severity"),
            "element": {"type": "static_select", "action_id": "it", "options": SEVERITIES},
        },
        {
            "type": "actions",
            "block_id": "more",
            "elements": [button("Explain", "explain"), button("Repeat", "repeat")],
        },
    ],
}
YES_NO = [{"text": plain("Yes"), "value": "yes"}, {"text": plain("No"), "value": "no"}]
INPUTS: dict[str, dict[str, Any]] = {
    "Lines": {"type": "plain_text_input", "multiline": True},
    "Level": {"type": "static_select", "options": SEVERITIES},
    "Person": {"type": "users_select"},
    "Place": {"type": "conversations_select", "default_to_current_conversation": True},
    "Radio": {"type": "radio_buttons", "options": YES_NO},
    "Boxes": {"type": "checkboxes", "options": YES_NO},
    "Many": {"type": "multi_static_select", "options": SEVERITIES},
    "Day": {"type": "datepicker"},
    "Hour": {"type": "timepicker"},
    "Moment": {"type": "datetimepicker"},
    "Number": {"type": "number_input", "is_decimal_allowed": True},
    "Left out": {"type": "datepicker"},
    "Files": {"type": "file_input", "max_files": 2, "filetypes": ["log", "png"]},
}
EVERYTHING = {
    "type": "modal",
    "callback_id": "everything",
    "title": plain("Everything"),
    "submit": plain("Send"),
    "blocks": [
        {"type": "input", "block_id": name, "label": plain(name), "optional": True, "element": element}
        for name, element in ((name, {**element, "action_id": "it"}) for name, element in INPUTS.items())
    ],
}


def chosen(held: dict[str, Any]) -> object:
    """The one thing in an element's state besides its type."""
    value = next((value for key, value in held.items() if key != "type"), None)
    if isinstance(value, list):
        return [each.get("value") or [each["name"], each["permalink"]] for each in value]
    return value["value"] if isinstance(value, dict) else value


EXPLANATION = {
    "type": "modal",
    "title": plain("Severity"),
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "SEV1 is _worst_."}}],
}


def small_bot(client: WebClient) -> App:
    """A Bolt app that answers each thing a person can do on the page."""
    app = App(client=client)
    _talk(app, client)
    _forms(app, client)
    return app


def _talk(app: App, client: WebClient) -> None:
    @app.command("/incident")
    def opened(ack: Ack, command: dict[str, str]) -> None:
        ack(f"You asked for: {command['text']}")
        client.chat_postMessage(channel=command["channel_id"], text="INC-1 is open", blocks=CARD)

    @app.event("message")
    def heard(event: dict[str, Any]) -> None:
        if "bot_id" not in event and event.get("text") == "ping":
            client.chat_postMessage(channel=event["channel"], text="pong *loudly*")

    @app.event("app_home_opened")
    def at_home(event: dict[str, Any]) -> None:
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": CARD[:2]})

    @app.action("resolve")
    def resolve(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="INC-1 is over")

    @app.action("repeat")
    def repeat(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        values = body.get("state", body.get("view", {}).get("state"))["values"]
        held = {block_id: chosen(held["it"]) for block_id, held in values.items()}
        client.chat_postMessage(channel=ROOM, text=f"So far: {json.dumps(held)}")


def _forms(app: App, client: WebClient) -> None:
    @app.action("details")
    @app.shortcut("open_one")
    @app.shortcut("log_it")
    def form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.shortcut("open_all")
    def everything(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=EVERYTHING)

    @app.view("everything")
    def took(ack: Ack, view: dict[str, Any]) -> None:
        ack()
        values = {name: chosen(held["it"]) for name, held in view["state"]["values"].items()}
        client.chat_postMessage(channel=ROOM, text=json.dumps(values))

    @app.action("explain")
    def explain(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        client.views_push(trigger_id=body["trigger_id"], view=EXPLANATION)

    @app.view("details")
    def saved(ack: Ack, view: dict[str, Any]) -> None:
        values = view["state"]["values"]
        if " " not in values["what"]["it"]["value"]:
            ack(response_action="errors", errors={"what": "Say it in two words at least."})
            return
        ack()
        level = values["level"]["it"]["selected_option"]["value"]
        client.chat_postMessage(channel=ROOM, text=f"{level}: {values['what']['it']['value']}")
