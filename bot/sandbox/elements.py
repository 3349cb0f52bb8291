"""Interactive elements: where they sit in blocks, and what their state looks like in payloads."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.config import ControlError, Json


@dataclass(frozen=True)
class Kind:
    """How an element shows its value: the key in state, the key of its default, and the value's nature."""

    state: str
    initial: str
    nature: str


KINDS = {
    "plain_text_input": Kind("value", "initial_value", "text"),
    "email_text_input": Kind("value", "initial_value", "text"),
    "url_text_input": Kind("value", "initial_value", "text"),
    "number_input": Kind("value", "initial_value", "text"),
    "rich_text_input": Kind("rich_text_value", "initial_value", "rich"),
    "static_select": Kind("selected_option", "initial_option", "option"),
    "external_select": Kind("selected_option", "initial_option", "free option"),
    "radio_buttons": Kind("selected_option", "initial_option", "option"),
    "overflow": Kind("selected_option", "", "option"),
    "multi_static_select": Kind("selected_options", "initial_options", "options"),
    "checkboxes": Kind("selected_options", "initial_options", "options"),
    "users_select": Kind("selected_user", "initial_user", "text"),
    "channels_select": Kind("selected_channel", "initial_channel", "text"),
    "conversations_select": Kind("selected_conversation", "initial_conversation", "text"),
    "multi_users_select": Kind("selected_users", "initial_users", "list"),
    "multi_channels_select": Kind("selected_channels", "initial_channels", "list"),
    "multi_conversations_select": Kind("selected_conversations", "initial_conversations", "list"),
    "datepicker": Kind("selected_date", "initial_date", "text"),
    "timepicker": Kind("selected_time", "initial_time", "text"),
    "datetimepicker": Kind("selected_date_time", "initial_date_time", "number"),
    "file_input": Kind("files", "", "list"),
}


def interactive(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every block with each of its elements that a person can use."""
    for block in blocks:
        held = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for element in held:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def find(blocks: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json]:
    """The element of that action_id, in that block if it is named."""
    for block, element in interactive(blocks):
        if element["action_id"] == action_id and block_id in (None, block["block_id"]):
            return block, element
    raise ControlError(f"there is no element {action_id!r} here")


def initial_state(element: Json) -> Json | None:
    """The element's state before anybody has touched it; buttons have none."""
    kind = KINDS.get(element["type"])
    if kind is None or element["type"] == "overflow":
        return None
    empty: object = [] if kind.nature in ("options", "list") else None
    return {"type": element["type"], kind.state: element.get(kind.initial, empty)}


def states_of(blocks: list[Json], values: dict[str, dict[str, object]]) -> dict[str, dict[str, Json]]:
    """The states that these plain values give to the elements they name."""
    if not all(isinstance(typed, dict) for typed in values.values()):
        raise ControlError("values have the form {block_id: {action_id: value}}")
    return {
        block_id: {
            action_id: state_of(_holder(blocks, action_id, block_id), value)
            for action_id, value in typed.items()
        }
        for block_id, typed in values.items()
    }


def _holder(blocks: list[Json], action_id: str, block_id: str) -> Json:
    for block, element in interactive(blocks):
        if (block["block_id"], element["action_id"]) == (block_id, action_id) and initial_state(element):
            return element
    raise ControlError(f"there is no input {block_id}/{action_id}")


def state_of(element: Json, value: object) -> Json:
    """The element's state once it holds the plain value; None or an empty value clears it."""
    kind = KINDS[element["type"]]
    if value in (None, "", []):
        empty: object = [] if kind.nature in ("options", "list") else None
        return {"type": element["type"], kind.state: empty}
    return {"type": element["type"], kind.state: _value(kind, element, value)}


def _value(kind: Kind, element: Json, value: object) -> object:
    if kind.nature == "option":
        return _option(element, str(value))
    if kind.nature == "free option":
        return {"text": {"type": "plain_text", "text": str(value), "emoji": True}, "value": str(value)}
    if kind.nature in ("options", "list"):
        values = value if isinstance(value, list) else [value]
        return values if kind.nature == "list" else [_option(element, str(one)) for one in values]
    if kind.nature == "rich":
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(value)}]}
        return value if isinstance(value, dict) else {"type": "rich_text", "elements": [section]}
    return int(str(value)) if kind.nature == "number" else str(value)


def _option(element: Json, value: str) -> Json:
    groups = element.get("option_groups") or [element]
    for option in (option for group in groups for option in group.get("options", [])):
        if option.get("value") == value:
            return dict(option)
    raise ControlError(f"{element['action_id']} has no option {value!r}")


def is_empty(state: Json) -> bool:
    """Whether the state holds nothing, so that a required input is missing."""
    return not state.get(KINDS[state["type"]].state)


def action_of(block: Json, element: Json, value: object, stamp: str) -> Json:
    """The entry in `actions` for using this element."""
    action: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    if element["type"] in KINDS:
        action |= state_of(element, value)
        if "placeholder" in element:
            action["placeholder"] = element["placeholder"]
    else:
        action |= {key: element[key] for key in ("text", "value", "style") if key in element}
    return {**action, "action_ts": stamp}


def all_state(blocks: list[Json], held: dict[str, dict[str, Json]]) -> dict[str, dict[str, Json]]:
    """state.values of a message or view: what is held, and the defaults of what nobody touched."""
    values: dict[str, dict[str, Json]] = {}
    for block, element in interactive(blocks):
        state = held.get(block["block_id"], {}).get(element["action_id"]) or initial_state(element)
        if state is not None:
            values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values
