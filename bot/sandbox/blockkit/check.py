"""Whether blocks and views are what Slack would accept, and the blanks that Slack fills in."""

import json
from collections.abc import Iterator

from bot.sandbox.blockkit.blocks import BLOCK, MOST_BLOCKS, VIEWS
from bot.sandbox.blockkit.elements import ELEMENTS
from bot.sandbox.blockkit.fields import Report, array
from bot.sandbox.config import Json, SlackError
from bot.sandbox.hub import Hub

MOST_BLOCK_TEXT = 12_500
MOST_VIEW_BYTES = 250_000


def checked_blocks(hub: Hub, blocks: list[Json] | None) -> list[Json] | None:
    """A message's blocks as Slack stores them, or Slack's refusal."""
    if not blocks:
        return None
    report = Report("message")
    array(BLOCK, MOST_BLOCKS["message"])(blocks, "/blocks", report)
    if not report.errors:
        _check_whole(hub, blocks, "/blocks", report)
    if report.errors:
        raise SlackError("invalid_blocks", response_metadata={"messages": report.errors})
    if sum(len(text) for text in _texts(blocks)) > MOST_BLOCK_TEXT:
        raise SlackError("msg_blocks_too_long")
    return [_filled(hub, block) for block in blocks]


def checked_view(hub: Hub, view: Json | None, surface: str) -> Json:
    """The view as Slack stores it, or Slack's refusal."""
    if len(json.dumps(view)) > MOST_VIEW_BYTES:
        raise SlackError("view_too_large")
    report = Report(surface)
    VIEWS[surface](view, "/view", report)
    if not report.errors and view is not None:
        _check_whole(hub, view["blocks"], "/view/blocks", report)
        if (
            "submit" not in view
            and any(block["type"] == "input" for block in view["blocks"])
            and surface == "modal"
        ):
            report.add("missing required field: submit", "/view")
    if report.errors or view is None:
        raise SlackError("invalid_arguments", response_metadata={"messages": report.errors})
    texts: Json = {key: _with_defaults(view[key]) for key in ("title", "submit", "close") if key in view}
    return {**view, **texts, "blocks": [_filled(hub, block) for block in view["blocks"]]}


def _check_whole(hub: Hub, blocks: list[Json], at: str, report: Report) -> None:
    """What one block alone cannot tell: names used twice, and files that are not there."""
    names = [block["block_id"] for block in blocks if "block_id" in block]
    for name in {name for name in names if names.count(name) > 1}:
        report.add(f"block_id {name!r} already exists", at)
    for number, block in enumerate(blocks):
        ids = [element["action_id"] for element in _elements(block) if "action_id" in element]
        for one in {one for one in ids if ids.count(one) > 1}:
            report.add(f"action_id {one!r} already exists", f"{at}/{number}")
        for node in _nodes(block):
            if (
                node.get("type") == "image"
                and "slack_file" in node
                and not _is_picture(hub, node["slack_file"])
            ):
                report.add("invalid slack file", f"{at}/{number}")


def _is_picture(hub: Hub, slack_file: Json) -> bool:
    upload = hub.world.files.get(slack_file.get("id", ""))
    return upload is not None and upload.completed and upload.mimetype.startswith("image/")


def _elements(block: Json) -> list[Json]:
    held = [*block.get("elements", []), block.get("accessory"), block.get("element")]
    return [one for one in held if isinstance(one, dict)]


def _nodes(value: object) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _nodes(item)
    elif isinstance(value, list):
        for item in value:
            yield from _nodes(item)


def _texts(blocks: list[Json]) -> Iterator[str]:
    for node in _nodes(blocks):
        if isinstance(node.get("text"), str):
            yield node["text"]


def _filled(hub: Hub, block: Json) -> Json:
    """The block with the names and flags that Slack adds where the app left them out."""
    filled = {**_with_defaults(block)}
    filled.setdefault("block_id", hub.ids.new("b"))
    for element in _elements(filled):
        if element.get("type") in ELEMENTS:
            element.setdefault("action_id", hub.ids.new("a"))
    return filled


def _with_defaults(value: Json) -> Json:
    copied: Json = json.loads(json.dumps(value))
    for node in _nodes(copied):
        if node.get("type") == "plain_text":
            node.setdefault("emoji", True)
        elif node.get("type") == "mrkdwn":
            node.setdefault("verbatim", False)
    return copied
