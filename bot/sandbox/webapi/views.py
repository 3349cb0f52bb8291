"""views.*: modals by trigger id, and Homes."""

from bot.sandbox.blockkit.check import checked_view
from bot.sandbox.config import Json, SlackError
from bot.sandbox.hub import Hub
from bot.sandbox.views import (
    bare_view,
    check_hash,
    find_view,
    publish_home,
    put_on_stack,
    replace,
    view_object,
)
from bot.sandbox.webapi.method import OBJECT, TEXT, Method, known_user


def open_view(hub: Hub, args: Json) -> Json:
    """views.open."""
    given = checked_view(hub, args["view"], "modal")
    user = hub.tickets.exchange(args["trigger_id"]).user
    return {"view": bare_view(put_on_stack(hub, user, given, pushed=False))}


def push_view(hub: Hub, args: Json) -> Json:
    """views.push: only with a trigger that came from inside a modal."""
    given = checked_view(hub, args["view"], "modal")
    trigger = hub.tickets.exchange(args["trigger_id"])
    if trigger.view_id not in hub.world.views:
        raise SlackError("invalid_trigger_id")
    return {"view": bare_view(put_on_stack(hub, trigger.user, given, pushed=True))}


def update_view(hub: Hub, args: Json) -> Json:
    """views.update."""
    view = find_view(hub, args.get("view_id"), args.get("external_id"))
    check_hash(view, args.get("hash"))
    replace(hub, view, checked_view(hub, args["view"], view.body["type"]))
    return {"view": view_object(view)}


def publish_view(hub: Hub, args: Json) -> Json:
    """views.publish."""
    if not hub.app.home_tab:
        raise SlackError("not_enabled")
    given = checked_view(hub, args["view"], "home")
    user = known_user(hub, args["user_id"])
    old = hub.world.homes.get(user)
    if old:
        check_hash(old, args.get("hash"))
    return {"view": bare_view(publish_home(hub, user, given))}


FROM_TRIGGER = {"trigger_id": TEXT, "view": OBJECT}
ADDRESSED = {"view_id": TEXT, "external_id": TEXT, "hash": TEXT}

METHODS = (
    Method("views.open", open_view, FROM_TRIGGER, {}),
    Method("views.push", push_view, FROM_TRIGGER, {}),
    Method("views.update", update_view, {"view": OBJECT}, ADDRESSED),
    Method("views.publish", publish_view, {"user_id": TEXT, "view": OBJECT}, {"hash": TEXT}),
)
