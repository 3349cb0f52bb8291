"""The blocks, the rich text inside them, and the views around them."""

from bot.sandbox.blockkit.elements import ACCESSORY, ID, IMAGE_ELEMENT, IN_ACTIONS, IN_INPUT, PICTURE
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
    plain,
    record,
    shape,
    string,
    typed,
    whole,
)

STYLE = shape(
    {},
    dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight"), flag),
)
LONGEST_RICH = 12_000
RICH_TEXT = string(LONGEST_RICH, 0)


def _inline(kind: str, needs: Fields, takes: Fields | None = None) -> Check:
    return record(kind, needs, {"style": STYLE, **(takes or {})})


INLINE = typed(
    {
        "text": _inline("text", {"text": string(LONGEST_RICH)}),
        "link": _inline("link", {"url": string(3000)}, {"text": RICH_TEXT, "unsafe": flag}),
        "user": _inline("user", {"user_id": ID}),
        "usergroup": _inline("usergroup", {"usergroup_id": ID}),
        "channel": _inline("channel", {"channel_id": ID}),
        "emoji": _inline("emoji", {"name": string(100)}, {"unicode": string(100), "skin_tone": whole(2, 6)}),
        "broadcast": _inline("broadcast", {"range": choice("here", "channel", "everyone")}),
        "color": _inline("color", {"value": string(20)}),
        "date": _inline(
            "date",
            {"timestamp": whole(0, 99_999_999_999), "format": string(300)},
            {"fallback": string(300), "url": string(3000)},
        ),
    }
)
MANY = 1000
RICH_SECTION = record("rich_text_section", {"elements": array(INLINE, MANY)}, {})
RICH = typed(
    {
        "rich_text_section": RICH_SECTION,
        "rich_text_quote": record(
            "rich_text_quote", {"elements": array(INLINE, MANY)}, {"border": whole(0, 1)}
        ),
        "rich_text_preformatted": record(
            "rich_text_preformatted",
            {"elements": array(INLINE, MANY)},
            {"border": whole(0, 1), "language": string(50)},
        ),
        "rich_text_list": record(
            "rich_text_list",
            {"elements": array(RICH_SECTION, MANY), "style": choice("bullet", "ordered")},
            {"indent": whole(0, 8), "offset": whole(0, 9999), "border": whole(0, 1)},
        ),
    }
)


def _section_has_words(value: object, at: str, report: Report) -> None:
    block = as_object(value)
    if "text" not in block and "fields" not in block:
        report.add("missing required field: text or fields", at)


def _block(kind: str, needs: Fields, takes: Fields | None = None) -> Check:
    return record(kind, needs, {"block_id": ID, **(takes or {})})


IN_CONTEXT: Check = typed(
    {
        "image": IMAGE_ELEMENT,
        "plain_text": any_text(3000),
        "mrkdwn": any_text(3000),
    }
)
CELL = typed(
    {
        "raw_text": record("raw_text", {"text": string(3000)}, {}),
        "rich_text": record("rich_text", {"elements": array(RICH, MANY)}, {"block_id": ID}),
    }
)
COLUMN = shape({}, {"align": choice("left", "center", "right"), "is_wrapped": flag})
SECTION: Fields = {
    "text": any_text(3000),
    "fields": array(any_text(2000), 10),
    "accessory": ACCESSORY,
    "expand": flag,
}

BLOCKS: dict[str, Check] = {
    "section": both(_block("section", {}, SECTION), _section_has_words),
    "header": _block("header", {"text": plain(150)}, {"level": whole(1, 4)}),
    "divider": _block("divider", {}),
    "context": _block("context", {"elements": array(IN_CONTEXT, 10)}),
    "actions": _block("actions", {"elements": array(IN_ACTIONS, 25)}),
    "image": both(
        _block("image", {"alt_text": string(2000)}, {**PICTURE, "title": plain(2000)}),
        exactly_one("image_url", "slack_file"),
    ),
    "input": _block(
        "input",
        {"label": plain(2000), "element": IN_INPUT},
        {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "rich_text": _block("rich_text", {"elements": array(RICH, MANY)}),
    "markdown": _block("markdown", {"text": string(12_000)}),
    "table": _block("table", {"rows": array(array(CELL, 20), 100)}, {"column_settings": array(COLUMN, 20)}),
    "alert": _block(
        "alert",
        {"text": any_text(3000)},
        {"level": choice("default", "info", "success", "warning", "error")},
    ),
}
ONLY_ON = {"markdown": {"message"}, "table": {"message"}, "alert": {"modal"}}
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}


def _fits(kind: str, surface: str) -> bool:
    return surface in ONLY_ON.get(kind, {surface})


BLOCK = typed(BLOCKS, _fits)

VIEW_REST: Fields = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
VIEWS: dict[str, Check] = {
    "modal": record(
        "modal",
        {"title": plain(24), "blocks": array(BLOCK, 100, 0)},
        {
            **VIEW_REST,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": flag,
            "notify_on_close": flag,
            "submit_disabled": flag,
        },
    ),
    "home": record("home", {"blocks": array(BLOCK, 100, 0)}, VIEW_REST),
}
