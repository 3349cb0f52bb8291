"""What can be read off a channel's messages, and how a step reads in a terminal.

Pure functions, so that the player holds nothing but the order of things.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox.cases.script import (
    INCIDENT,
    Action,
    Click,
    Command,
    Delete,
    Edit,
    File,
    Narrate,
    React,
    Step,
)

Json = dict[str, Any]
WIDTH = 96


def incident_of(message: Json) -> str | None:
    """The incident that a message of the bot names first, in its text or in its blocks."""
    found = re.search(r"\bINC-\d+\b", message.get("text", "") + " " + json.dumps(message.get("blocks", [])))
    return found.group() if found else None


def marks(messages: list[Json], user: str, emoji: str) -> set[str]:
    """The messages, by ts, that carry this emoji from this user."""
    return {
        message["ts"]
        for message in messages
        for reaction in message.get("reactions", [])
        if reaction["name"] == emoji and user in reaction["users"]
    }


def newest_action(messages: list[Json], user: str, prefix: str) -> tuple[str, str] | None:
    """Where the user's newest message with such an action stands, and the whole action_id."""
    for message in sorted(messages, key=lambda one: str(one["ts"]), reverse=True):
        if message.get("user") == user:
            for action_id in action_ids(message.get("blocks", [])):
                if action_id.startswith(prefix):
                    return message["ts"], action_id
    return None


def action_ids(part: object) -> Iterator[str]:
    """Every action_id in a tree of blocks, in reading order."""
    if isinstance(part, list):
        for one in part:
            yield from action_ids(one)
    if isinstance(part, dict):
        if isinstance(part.get("action_id"), str):
            yield part["action_id"]
        for one in part.values():
            yield from action_ids(one)


def line(step: Step, incident: str) -> str:
    """A step as one line for the terminal: the first of what was typed, and how many more there are."""
    if isinstance(step.action, Narrate):
        return f"-- {step.action.text}"
    told, *more = said(step.action).replace(INCIDENT, incident).splitlines()
    short = told if len(told) <= WIDTH else told[: WIDTH - 1] + "…"
    rest = f" (+{len(more)} line{'s' if len(more) > 1 else ''})" if more else ""
    return f"  {step.actor}: {short}{rest}"


def said(action: Action) -> str:
    """What an action looks like to somebody who watches the person's screen."""
    match action:
        case Command(text):
            shown = f"/incident {text}"
        case React(to, emoji):
            shown = f":{emoji}: on “{to}”"
        case Edit(of, text):
            shown = f"(corrects “{of}”) {text}"
        case Delete(of):
            shown = f"(deletes “{of}”)"
        case Click(action_id):
            shown = f"[{action_id}]"
        case File(text, filename):
            shown = f"{text} [{filename}]"
        case _:
            shown = action.text
    return shown
