"""What can be read off a channel's messages, and how a step reads in a terminal.

Pure functions, so that the player holds nothing but the order of things.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.cases.script import (
    INCIDENT,
    Action,
    Await,
    Click,
    Close,
    Command,
    Delete,
    Edit,
    File,
    Narrate,
    React,
    Step,
    Submit,
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


def newest_action(messages: list[Json], user: str, wanted: str) -> tuple[str, str] | None:
    """Where the user's newest message with such an action stands, and the whole action_id."""
    for message in sorted(messages, key=lambda one: str(one["ts"]), reverse=True):
        found = first_action(message, wanted) if message.get("user") == user else None
        if found:
            return message["ts"], found
    return None


def first_action(shown: Json, wanted: str) -> str | None:
    """The action_id of exactly that name in a message or a view, or else the first that begins like it."""
    every = list(action_ids(shown.get("blocks", [])))
    return wanted if wanted in every else next((one for one in every if one.startswith(wanted)), None)


def holds(messages: list[Json], user: str, words: str) -> bool:
    """Whether a message of the user's, or the name of a file with it, holds these words."""
    ours = (one for one in messages if one.get("user") == user)
    parts = ("text", "blocks", "files")
    return any(words in json.dumps(one.get(part), ensure_ascii=False) for one in ours for part in parts)


def filled(view: Json, values: Mapping[str, str | list[str]]) -> dict[str, dict[str, str | list[str]]]:
    """The values that a form is sent with: for each block those of its only element."""
    elements = {block.get("block_id"): block.get("element", {}) for block in view.get("blocks", [])}
    return {name: {elements[name]["action_id"]: value} for name, value in values.items()}


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
        case File(text, filename):
            shown = f"{text} [{filename}]"
        case Click() | Submit() | Close() | Await():
            shown = _pressed(action)
        case _:
            shown = action.text
    return shown


def _pressed(action: Click | Submit | Close | Await) -> str:
    match action:
        case Click(action_id):
            return f"[{action_id}]"
        case Submit(values):
            return " ".join(["[submit]", *(f"{name}: {value}" for name, value in values.items())])
        case Close():
            return "[close]"
        case Await(words):
            return f"(waits for “{words}”)"
