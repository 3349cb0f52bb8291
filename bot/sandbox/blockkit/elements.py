"""The elements that blocks hold: every field with its limit, and the surfaces where Slack shows them."""

from bot.sandbox.blockkit.fields import (
    Check,
    Fields,
    Report,
    any_text,
    array,
    as_object,
    both,
    choice,
    exactly_one,
    flag,
    nothing,
    plain,
    record,
    shape,
    string,
    typed,
    whole,
)

ID = string(255)
LONGEST_INPUT = 3000
DATE = r"\d{4}-\d{2}-\d{2}"
TIME = r"([01]\d|2[0-3]):[0-5]\d"

CONFIRM = shape(
    {"title": plain(100), "text": any_text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)
OPTION_REST: Fields = {"description": plain(75), "url": string(3000)}
OPTION = shape({"text": plain(75), "value": string(150)}, OPTION_REST)
RICH_OPTION = shape({"text": any_text(75), "value": string(150)}, {"description": any_text(75)})
GROUP = shape({"label": plain(75), "options": array(OPTION, 100)}, {})
DISPATCH = shape({}, {"trigger_actions_on": array(choice("on_enter_pressed", "on_character_entered"), 2)})
FILTER = shape(
    {},
    {
        "include": array(choice("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)
SLACK_FILE = both(shape({}, {"id": ID, "url": string(3000)}), exactly_one("id", "url"))
PICTURE: Fields = {"image_url": string(3000, pattern=r"https?://.+"), "slack_file": SLACK_FILE}

BASE: Fields = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": flag}
MENU: Fields = {**BASE, "placeholder": plain(150)}
SEVERAL: Fields = {**MENU, "max_selected_items": whole(1, 100)}
LISTED: Fields = {"options": array(OPTION, 100), "option_groups": array(GROUP, 100)}
FIELD: Fields = {
    "action_id": ID,
    "placeholder": plain(150),
    "focus_on_load": flag,
    "dispatch_action_config": DISPATCH,
}
CURRENT: Fields = {"default_to_current_conversation": flag, "filter": FILTER}


def _initial_is_listed(value: object, at: str, report: Report) -> None:
    element = as_object(value)
    groups = element.get("option_groups") or [element]
    listed = [
        as_object(one).get("value") for group in groups for one in as_object(group).get("options") or []
    ]
    chosen = (
        [element["initial_option"]] if "initial_option" in element else element.get("initial_options") or []
    )
    for one in chosen:
        if as_object(one).get("value") not in listed:
            report.add("initial option is not among the options", at)


def _menu(kind: str, fields: Fields) -> Check:
    from_list = both(record(kind, {}, {**fields, **LISTED}), exactly_one("options", "option_groups"))
    return both(from_list, _initial_is_listed)


def _choices(kind: str, initial: Fields) -> Check:
    return both(record(kind, {"options": array(RICH_OPTION, 10)}, {**BASE, **initial}), _initial_is_listed)


def _input(kind: str, needs: Fields, takes: Fields) -> Check:
    return record(kind, needs, {**FIELD, **takes})


BUTTON: Fields = {
    "action_id": ID,
    "confirm": CONFIRM,
    "url": string(3000),
    "value": string(2000),
    "style": choice("primary", "danger"),
    "accessibility_label": string(75),
}

ELEMENTS: dict[str, Check] = {
    "button": record("button", {"text": plain(75)}, BUTTON),
    "static_select": _menu("static_select", {**MENU, "initial_option": OPTION}),
    "multi_static_select": _menu("multi_static_select", {**SEVERAL, "initial_options": array(OPTION, 100)}),
    "external_select": record(
        "external_select", {}, {**MENU, "initial_option": OPTION, "min_query_length": whole(0, 100)}
    ),
    "users_select": record("users_select", {}, {**MENU, "initial_user": ID}),
    "multi_users_select": record("multi_users_select", {}, {**SEVERAL, "initial_users": array(ID, 100)}),
    "channels_select": record(
        "channels_select", {}, {**MENU, "initial_channel": ID, "response_url_enabled": flag}
    ),
    "multi_channels_select": record(
        "multi_channels_select", {}, {**SEVERAL, "initial_channels": array(ID, 100)}
    ),
    "conversations_select": record(
        "conversations_select",
        {},
        {**MENU, **CURRENT, "initial_conversation": ID, "response_url_enabled": flag},
    ),
    "multi_conversations_select": record(
        "multi_conversations_select", {}, {**SEVERAL, **CURRENT, "initial_conversations": array(ID, 100)}
    ),
    "radio_buttons": _choices("radio_buttons", {"initial_option": RICH_OPTION}),
    "checkboxes": _choices("checkboxes", {"initial_options": array(RICH_OPTION, 10)}),
    "overflow": record("overflow", {"options": array(OPTION, 5)}, {"action_id": ID, "confirm": CONFIRM}),
    "datepicker": record("datepicker", {}, {**MENU, "initial_date": string(10, pattern=DATE)}),
    "timepicker": record(
        "timepicker", {}, {**MENU, "initial_time": string(5, pattern=TIME), "timezone": string(64)}
    ),
    "datetimepicker": record(
        "datetimepicker", {}, {**BASE, "initial_date_time": whole(1_000_000_000, 9_999_999_999)}
    ),
    "plain_text_input": _input(
        "plain_text_input",
        {},
        {
            "initial_value": string(LONGEST_INPUT, 0),
            "multiline": flag,
            "min_length": whole(0, LONGEST_INPUT),
            "max_length": whole(1, LONGEST_INPUT),
        },
    ),
    "number_input": _input(
        "number_input",
        {"is_decimal_allowed": flag},
        {"initial_value": string(100), "min_value": string(100), "max_value": string(100)},
    ),
    "email_text_input": _input("email_text_input", {}, {"initial_value": string(LONGEST_INPUT)}),
    "url_text_input": _input("url_text_input", {}, {"initial_value": string(LONGEST_INPUT)}),
    "rich_text_input": _input("rich_text_input", {}, {"initial_value": nothing}),
    "file_input": record(
        "file_input", {}, {"action_id": ID, "filetypes": array(string(20), 100), "max_files": whole(1, 10)}
    ),
}

SINGLE_MENUS = {"static_select", "external_select", "users_select", "channels_select", "conversations_select"}
MULTI_MENUS = {f"multi_{kind}" for kind in SINGLE_MENUS}
PICKERS = {"datepicker", "timepicker", "radio_buttons", "checkboxes"}
TYPED = {
    "plain_text_input",
    "number_input",
    "email_text_input",
    "url_text_input",
    "rich_text_input",
    "file_input",
}

# Slack's table of which element lives on which surface; what is not named lives on all three.
ONLY_ON = {
    "number_input": {"modal"},
    "email_text_input": {"modal"},
    "url_text_input": {"modal"},
    "file_input": {"modal"},
    "datetimepicker": {"message", "modal"},
    "rich_text_input": {"modal", "home"},
}


def _fits(kind: str, surface: str) -> bool:
    return surface in ONLY_ON.get(kind, {surface})


def _among(kinds: set[str]) -> Check:
    return typed({kind: ELEMENTS[kind] for kind in kinds if kind in ELEMENTS}, _fits)


IMAGE_ELEMENT = both(
    record("image", {"alt_text": string(2000)}, PICTURE), exactly_one("image_url", "slack_file")
)
ACCESSORY = typed(
    {
        **{
            kind: ELEMENTS[kind]
            for kind in SINGLE_MENUS | MULTI_MENUS | PICKERS | {"button", "overflow"}
            if kind in ELEMENTS
        },
        "image": IMAGE_ELEMENT,
    },
    _fits,
)
IN_ACTIONS = _among(SINGLE_MENUS | PICKERS | {"button", "overflow", "datetimepicker"})
IN_INPUT = _among(SINGLE_MENUS | MULTI_MENUS | PICKERS | TYPED | {"datetimepicker"})
