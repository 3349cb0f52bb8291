"""Modals for the stories of the sandbox, and how somebody gets one before them."""

from typing import Any

from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient
from tests.sandbox.bolt_bot import BoltBot

Json = dict[str, Any]
WORD = {"type": "plain_text", "text": "Word"}


def an_input(block_id: str, element: Json, **more: object) -> Json:
    return {"type": "input", "block_id": block_id, "label": WORD, "element": element, **more}


def a_modal(*blocks: Json, **more: object) -> Json:
    return {
        "type": "modal",
        "callback_id": "m",
        "title": WORD,
        "submit": WORD,
        "blocks": list(blocks),
        **more,
    }


def open_modal(slack: SandboxClient, bot: BoltBot, web: WebClient, modal: Json) -> str:
    """Ana opens the modal through a shortcut; its view id."""
    slack.shortcut("U0ANA", "open")
    trigger = bot.payloads("shortcut")[-1]["trigger_id"]
    return str(web.views_open(trigger_id=trigger, view=modal)["view"]["id"])
