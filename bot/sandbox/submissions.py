"""Pressing a modal's submit or close button: the client's own checks, and the bot's response_action."""

from bot.sandbox.blockkit.check import checked_view
from bot.sandbox.config import Json
from bot.sandbox.elements import all_state, is_empty, states_of
from bot.sandbox.files import FILE_INPUT, with_files
from bot.sandbox.hub import Hub
from bot.sandbox.interactions import deliver, view_payload
from bot.sandbox.views import bare_view, close_all, close_top, put_on_stack, replace
from bot.sandbox.world import View

MOST_FILES = 10
REQUIRED = "Please complete this required field."
Values = dict[str, dict[str, object]]


def type_values(hub: Hub, view: View, values: Values) -> None:
    """Puts plain values into the view's elements, as if they were typed or chosen."""
    typed = with_files(hub, view.user, states_of(view.body["blocks"], values))
    for block_id, states in typed.items():
        view.values.setdefault(block_id, {}).update(states)


def local_errors(view: View) -> dict[str, str]:
    """What Slack's client refuses before it asks the bot."""
    state = all_state(view.body["blocks"], view.values)
    errors: dict[str, str] = {}
    for block in view.body["blocks"]:
        if block["type"] != "input":
            continue
        held = state[block["block_id"]][block["element"]["action_id"]]
        problem = _problem(block, held)
        if problem:
            errors[block["block_id"]] = problem
    return errors


def _problem(block: Json, held: Json) -> str:
    if is_empty(held):
        return "" if block.get("optional") else REQUIRED
    element, value = block["element"], held.get("value")
    if element["type"] == FILE_INPUT:
        return _file_problem(element, held["files"])
    if not isinstance(value, str):
        return ""
    if len(value) > element.get("max_length", 3000):
        return f"Please enter no more than {element.get('max_length', 3000)} characters."
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    return ""


def _file_problem(element: Json, files: list[Json]) -> str:
    most: int = element.get("max_files", MOST_FILES)
    kinds: list[str] = element.get("filetypes", [])
    if len(files) > most:
        return f"Please attach no more than {'one file' if most == 1 else f'{most} files'}."
    wrong = [file["name"] for file in files if kinds and file["filetype"].lower() not in kinds]
    return f"{wrong[0]} cannot be attached here, only {', '.join(kinds)}." if wrong else ""


async def submit(hub: Hub, view: View, values: Values) -> Json:
    """The submit button: what the bot said, and what became of the view."""
    type_values(hub, view, values)
    errors = local_errors(view)
    if errors:
        return {"status": "invalid", "response_action": None, "errors": errors}
    payload = view_payload(hub, "view_submission", view)
    status, response = await deliver(hub, "interactive", "view_submission", payload)
    if status != "ok":
        return {"status": status, "response_action": None}
    return {"status": status, **_respond(hub, view, response or {})}


def _respond(hub: Hub, view: View, response: Json) -> Json:
    action = response.get("response_action")
    if action == "errors":
        return {"response_action": "errors", "errors": _known_errors(hub, view, response)}
    if action in ("update", "push"):
        given = checked_view(hub, response.get("view"), "modal")
        if action == "update":
            replace(hub, view, given)
        else:
            view = put_on_stack(hub, view.user, given, pushed=True)
        return {"response_action": action, "view": bare_view(view)}
    if action == "clear":
        close_all(hub, view.user)
    elif view.body["id"] in hub.world.views:
        close_top(hub, view.user)
    if response and action not in ("clear", None):
        hub.journal.complain("view_submission", f"unknown response_action {action!r}")
    return {"response_action": action}


def _known_errors(hub: Hub, view: View, response: Json) -> dict[str, str]:
    errors: dict[str, str] = response.get("errors") or {}
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    for key in errors:
        if key not in inputs:
            hub.journal.complain(
                "view_submission", f"errors names {key!r}, which is no input block of the view"
            )
    return errors


async def close(hub: Hub, view: View, *, cleared: bool) -> None:
    """The close button, or the X that clears the whole stack."""
    if cleared or view.body["clear_on_close"]:
        close_all(hub, view.user)
    else:
        close_top(hub, view.user)
    if view.body["notify_on_close"]:
        payload = view_payload(hub, "view_closed", view) | {"is_cleared": cleared}
        await deliver(hub, "interactive", "view_closed", payload)
