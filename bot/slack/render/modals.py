"""The modals: what they ask, and what somebody answered."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.chart import LOGGABLE, TITLES, Kind
from bot.domain.ids import ChannelId, IncidentNumber, UserId, shown
from bot.domain.incident import Incident, Severity, title_of
from bot.domain.triage import IN_SHORT, MANY_RESOURCES, QUESTIONS, Answers, decide
from bot.slack.render import blocks
from bot.slack.render.calls import Block, View
from bot.slack.text import typed

TYPED_LIMIT = 3000
BY_QUESTIONS = "triage"
_RESOURCES = {"0": "None: it can be decided now", "1": "One", str(MANY_RESOURCES): "Two or more"}
_SEVERITY_MEANS = {
    Severity.SEV1: "SEV1: dying, act now",
    Severity.SEV2: "SEV2: cannot wait",
    Severity.SEV3: "SEV3: serious, several to look",
    Severity.SEV4: "SEV4: one look will do",
    Severity.SEV5: "SEV5: can wait for the day",
}


def open_view(channel: ChannelId | None, *, text: str = "", severity: Severity | None = None) -> View:
    """Ask for a new incident; without *channel* it also asks where."""
    asked = [
        _text("title", "What is wrong?", placeholder="Loss is NaN since step 3100", value=title_of(text)),
        _text(
            "seen",
            "What was seen? Paste a log or traceback",
            lines=True,
            optional=True,
            value="" if title_of(text) == text else text[:TYPED_LIMIT],
        ),
        *_triage(severity),
        _input("lead", "Who leads?", {"type": "users_select", "action_id": "lead"}, optional=True),
    ]
    if channel is None:
        asked.insert(0, _where())
    return _modal("open_incident", "Open an incident", "Open", asked, {"channel": channel})


def _where() -> Block:
    element = {
        "type": "conversations_select",
        "action_id": "where",
        "default_to_current_conversation": True,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return _input("where", "In which channel?", element)


def _triage(severity: Severity | None) -> list[Block]:
    """The four questions of triage, or a severity straight away."""
    levels = [_option(_SEVERITY_MEANS[level], str(level.value)) for level in Severity]
    by_questions = _option("Decide by the questions below", BY_QUESTIONS)
    chosen = next((option for option in levels if severity and option["value"] == str(severity.value)), None)
    ticks = [_option(title, letter, meaning) for letter, (title, meaning) in IN_SHORT.items()]
    return [
        _input(
            "severity",
            "How bad is it?",
            {
                "type": "static_select",
                "action_id": "severity",
                "options": [by_questions, *levels],
                "initial_option": chosen or by_questions,
            },
        ),
        _input(
            "true",
            "Tick what is true",
            {"type": "checkboxes", "action_id": "true", "options": ticks},
            optional=True,
        ),
        _input(
            "resources",
            QUESTIONS["C"],
            {
                "type": "static_select",
                "action_id": "resources",
                "options": [_option(text, value) for value, text in _RESOURCES.items()],
            },
            optional=True,
        ),
    ]


def log_view(number: IncidentNumber, kind: Kind | None, here: ChannelId | None) -> View:
    """Ask for an entry of an incident's chart."""
    asked = [] if kind else [_kinds()]
    word = next((word for word in LOGGABLE if word.kind == kind), None)
    title = TITLES[kind] if kind else "Log an entry"
    hint = word.example.partition(": ")[2] if word else "One thing that was done, seen or thought"
    asked.append(_text("text", title if kind else "In a sentence or two", lines=True, placeholder=hint))
    data = _place(number, here) | {"kind": kind.value if kind else None}
    return _modal("log_entry", f"{shown(number)}: log", "Log", asked, data)


def loading_view() -> View:
    """Hold the place while the open incidents are read."""
    return _modal("loading", "Log to incident", None, [blocks.section("One moment…")], {})


def log_message_view(
    chosen: IncidentNumber | None, offered: Sequence[Incident], text: str, data: dict[str, Any]
) -> View:
    """Ask what a message is, and to which chart it belongs."""
    if not offered:
        nothing = blocks.section("Nothing is open that you could log this to. `/incident open` opens one.")
        return _modal("loading", "Log to incident", None, [nothing], {})
    options = [
        _option(f"{shown(incident.number)} {incident.title}", str(incident.number)) for incident in offered
    ]
    initial = next((option for option in options if option["value"] == str(chosen)), options[0])
    element = {
        "type": "static_select",
        "action_id": "incident",
        "options": options,
        "initial_option": initial,
    }
    asked = [
        blocks.rich(blocks.quote(blocks.one_line(text, {}, 500))),
        _input("incident", "To which incident?", element),
        _kinds(),
    ]
    return _modal("log_message", "Log to incident", "Log", asked, data)


def _kinds() -> Block:
    options = [_option(word.title, word.kind.value) for word in LOGGABLE]
    element = {
        "type": "static_select",
        "action_id": "kind",
        "options": options,
        "initial_option": next(option for option in options if option["value"] == Kind.NOTE.value),
    }
    return _input("kind", "What is it?", element)


def severity_view(number: IncidentNumber, here: ChannelId | None) -> View:
    """Ask for another severity."""
    asked = [*_triage(None), _text("reason", "Why?", lines=True, optional=True)]
    return _modal("change_severity", f"{shown(number)}: severity", "Change", asked, _place(number, here))


def resolve_view(number: IncidentNumber, here: ChannelId | None) -> View:
    """Ask for the cause."""
    asked = [_text("cause", "What was the cause?", lines=True, placeholder="“unknown” is an answer")]
    return _modal("resolve", f"{shown(number)}: resolve", "Resolve", asked, _place(number, here))


def reopen_view(number: IncidentNumber, here: ChannelId | None) -> View:
    """Ask why it is open again."""
    asked = [_text("reason", "What came back?", lines=True)]
    return _modal("reopen", f"{shown(number)}: reopen", "Reopen", asked, _place(number, here))


def _place(number: IncidentNumber, here: ChannelId | None) -> dict[str, Any]:
    """What a modal remembers: which incident it is about, and where it was opened."""
    return {"incident": number, "here": here}


def _modal(
    callback_id: str, title: str, submit: str | None, asked: Sequence[Block], data: dict[str, Any]
) -> View:
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": _plain(title, blocks.TITLE_LIMIT),
        "close": _plain("Cancel" if submit else "Close", blocks.TITLE_LIMIT),
        "private_metadata": json.dumps(data, ensure_ascii=False),
        "blocks": list(asked),
    }
    if submit:
        view["submit"] = _plain(submit, blocks.TITLE_LIMIT)
    return view


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": blocks.clip(text, limit)}


def _option(text: str, value: str, description: str = "") -> Block:
    described = {"description": _plain(description, blocks.OPTION_LIMIT)} if description else {}
    return {"text": _plain(text, blocks.OPTION_LIMIT), "value": value} | described


def _input(block_id: str, label: str, element: Block, *, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "label": _plain(label, 2000),
        "element": element,
        "optional": optional,
    }


def _text(
    block_id: str,
    label: str,
    *,
    lines: bool = False,
    optional: bool = False,
    placeholder: str = "",
    value: str = "",
) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": block_id,
        "multiline": lines,
        "max_length": TYPED_LIMIT,
    }
    if placeholder:
        element["placeholder"] = _plain(placeholder, 150)
    if value:
        element["initial_value"] = value
    return _input(block_id, label, element, optional=optional)


@dataclass(frozen=True, slots=True)
class Submission:
    """What somebody answered in a modal."""

    values: dict[str, Any]
    data: dict[str, Any]

    def text(self, block_id: str) -> str:
        """What was typed, "" for nothing."""
        return typed(self._of(block_id).get("value")).strip()

    def option(self, block_id: str) -> str | None:
        """The value of the option that was chosen."""
        option = self._of(block_id).get("selected_option") or {}
        return option.get("value")

    def ticked(self, block_id: str) -> set[str]:
        """The values that were ticked."""
        return {option["value"] for option in self._of(block_id).get("selected_options") or ()}

    def user(self, block_id: str) -> UserId | None:
        """The person who was chosen."""
        return self._of(block_id).get("selected_user")

    def conversation(self, block_id: str) -> ChannelId | None:
        """The conversation that was chosen."""
        return self._of(block_id).get("selected_conversation")

    def severity(self) -> Severity | None:
        """The level that was chosen, or the one the four questions lead to."""
        chosen = self.option("severity")
        if chosen and chosen != BY_QUESTIONS:
            return Severity(int(chosen))
        ticked, resources = self.ticked("true"), self.option("resources")
        return decide(
            Answers(
                dying="A" in ticked,
                cannot_wait="B" in ticked,
                resources=None if resources is None else int(resources),
                danger="D" in ticked,
            )
        )

    def _of(self, block_id: str) -> dict[str, Any]:
        found: dict[str, Any] = next(iter(self.values.get(block_id, {}).values()), {})
        return found


def submission(view: View) -> Submission:
    """Read a submitted view."""
    return Submission(view["state"]["values"], json.loads(view.get("private_metadata") or "{}"))
