"""What people do that the bot answers: commands, clicks, shortcuts and modals."""

from bot.sandbox.config import ControlError, Json
from bot.sandbox.control.order import Order, live_message, person, seen_channel, their_view
from bot.sandbox.hub import Hub
from bot.sandbox.interactions import (
    Click,
    click_message,
    click_view,
    global_shortcut,
    message_shortcut,
    run_command,
)
from bot.sandbox.manifest import Shortcut
from bot.sandbox.submissions import close, submit
from bot.sandbox.webapi.method import ANYTHING, FLAG, OBJECT, TEXT
from bot.sandbox.world import Channel


async def command(hub: Hub, args: Json) -> Json:
    """Somebody sends a slash command."""
    channel = seen_channel(hub, args)
    status, response = await run_command(hub, args["user"], channel, args["command"], args.get("text", ""))
    return {"status": status, "response": response}


async def click(hub: Hub, args: Json) -> Json:
    """Somebody uses an element of a message, a modal or their Home."""
    _interactive(hub)
    used = Click(args["action_id"], args.get("block_id"), args.get("value"), args.get("values", {}))
    if "view_id" in args:
        status, response = await click_view(hub, args["user"], their_view(hub, args), used)
    else:
        channel = _where(hub, args)
        message = _shown(channel, args)
        status, response = await click_message(hub, args["user"], channel, message, used)
    return {"status": status, "response": response}


def _interactive(hub: Hub) -> None:
    if not hub.app.interactive:
        raise ControlError("the manifest does not enable interactivity")


def _where(hub: Hub, args: Json) -> Channel:
    if "channel" not in args or "ts" not in args:
        raise ControlError("name either view_id, or channel and ts")
    return seen_channel(hub, args)


def _shown(channel: Channel, args: Json) -> Json:
    own = channel.ephemerals.get(args["ts"])
    return own if own and own["user"] == args["user"] else live_message(channel, args["ts"])


async def shortcut(hub: Hub, args: Json) -> Json:
    """Somebody picks a shortcut, from a message's menu if a message is named."""
    _interactive(hub)
    user, callback_id = person(hub, args), args["callback_id"]
    kind = "message" if "ts" in args else "global"
    _check_shortcut(hub.app.shortcuts, callback_id, kind)
    if kind == "global":
        return {"status": await global_shortcut(hub, user, callback_id)}
    channel = _where(hub, args)
    live_message(channel, args["ts"])
    return {"status": await message_shortcut(hub, user, callback_id, channel, args["ts"])}


def _check_shortcut(shortcuts: tuple[Shortcut, ...], callback_id: str, kind: str) -> None:
    # Without a manifest nothing is declared, and any shortcut may be tried.
    if shortcuts and not any(one.callback_id == callback_id and one.type == kind for one in shortcuts):
        raise ControlError(f"the app has no {kind} shortcut {callback_id}")


async def submit_view(hub: Hub, args: Json) -> Json:
    """Somebody presses a modal's submit button."""
    view = their_view(hub, args)
    if view.body["type"] != "modal":
        raise ControlError("only modals are submitted")
    return await submit(hub, view, args.get("values", {}))


async def close_view(hub: Hub, args: Json) -> Json:
    """Somebody closes a modal."""
    view = their_view(hub, args)
    if view.body["type"] != "modal":
        raise ControlError("only modals are closed")
    await close(hub, view, cleared=args.get("clear", False))
    return {}


MESSAGE = {"channel": TEXT, "ts": TEXT}
WAIT = {"wait": FLAG}

ORDERS = (
    Order(
        "act/command", {"user": TEXT, "channel": TEXT, "command": TEXT}, {"text": TEXT, **WAIT}, ask=command
    ),
    Order(
        "act/click",
        {"user": TEXT, "action_id": TEXT},
        {**MESSAGE, "view_id": TEXT, "block_id": TEXT, "value": ANYTHING, "values": OBJECT, **WAIT},
        ask=click,
    ),
    Order("act/shortcut", {"user": TEXT, "callback_id": TEXT}, {**MESSAGE, **WAIT}, ask=shortcut),
    Order("act/submit", {"user": TEXT, "view_id": TEXT}, {"values": OBJECT, **WAIT}, ask=submit_view),
    Order("act/close", {"user": TEXT, "view_id": TEXT}, {"clear": FLAG, **WAIT}, ask=close_view),
)
