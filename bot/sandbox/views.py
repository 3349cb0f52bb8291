"""Modals and Homes: the stack of views each person has open, and what the bot may do to it."""

from bot.sandbox.config import Json, SlackError
from bot.sandbox.elements import all_state
from bot.sandbox.events import emit
from bot.sandbox.hub import Hub
from bot.sandbox.world import APP_ID, BOT_ID, TEAM_ID, View

DEEPEST_STACK = 3


def view_object(view: View) -> Json:
    """The view as Slack sends it, with what is typed into it."""
    return {**view.body, "state": {"values": all_state(view.body["blocks"], view.values)}}


def bare_view(view: View) -> Json:
    """The view as the page and the bot's own calls see it: with an empty state."""
    return {**view.body, "state": {"values": {}}}


def _body(hub: Hub, given: Json, view_id: str, root: str, previous: str | None) -> Json:
    body: Json = {
        "id": view_id,
        "team_id": TEAM_ID,
        "type": given["type"],
        "blocks": given["blocks"],
        "private_metadata": given.get("private_metadata", ""),
        "callback_id": given.get("callback_id", ""),
        "hash": f"{int(hub.world.now())}.{hub.ids.new('')[-8:]}",
        "title": given.get("title"),
        "clear_on_close": given.get("clear_on_close", False),
        "notify_on_close": given.get("notify_on_close", False),
        "close": given.get("close"),
        "submit": given.get("submit"),
        "previous_view_id": previous,
        "root_view_id": root,
        "app_id": APP_ID,
        "external_id": given.get("external_id", ""),
        "app_installed_team_id": TEAM_ID,
        "bot_id": BOT_ID,
    }
    return body


def _check_external_id(hub: Hub, given: Json, own: str | None = None) -> None:
    wanted = given.get("external_id")
    taken = {view.body["external_id"]: key for key, view in hub.world.views.items()}
    if wanted and taken.get(wanted, own) != own:
        raise SlackError("duplicate_external_id")


def put_on_stack(hub: Hub, user: str, given: Json, *, pushed: bool) -> View:
    """Opens a modal for that person: on top of the others, or instead of them."""
    stack = hub.world.stacks.get(user, [])
    if pushed and len(stack) >= DEEPEST_STACK:
        raise SlackError("push_limit_reached")
    _check_external_id(hub, given)
    if not pushed:
        for view_id in stack:
            _closed(hub, user, view_id)
        stack = []
    view_id = hub.ids.new("V")
    root = stack[0] if stack else view_id
    view = View(_body(hub, given, view_id, root, stack[-1] if stack else None), user)
    hub.world.views[view_id] = view
    hub.world.stacks[user] = [*stack, view_id]
    hub.feed.publish("view_pushed" if pushed else "view_opened", user=user, view=bare_view(view))
    return view


def replace(hub: Hub, view: View, given: Json) -> None:
    """New content for an open view; typed values stay where block and action keep their names."""
    old = view.body
    _check_external_id(hub, given, old["id"])
    view.body = _body(hub, given, old["id"], old["root_view_id"], old["previous_view_id"])
    if not given.get("external_id"):
        view.body["external_id"] = old["external_id"]
    hub.feed.publish("view_updated", user=view.user, view=bare_view(view))


def publish_home(hub: Hub, user: str, given: Json) -> View:
    """Sets the person's Home."""
    old = hub.world.homes.get(user)
    view_id = old.body["id"] if old else hub.ids.new("V")
    view = View(_body(hub, given, view_id, view_id, None), user, old.values if old else {})
    hub.world.homes[user] = view
    hub.feed.publish("home", user=user, view=bare_view(view))
    return view


def find_view(hub: Hub, view_id: str | None, external_id: str | None) -> View:
    """An open modal or a Home, by either of its names."""
    homes = {view.body["id"]: view for view in hub.world.homes.values()}
    everything: dict[str, View] = hub.world.views | homes
    if view_id and view_id in everything:
        return everything[view_id]
    for view in everything.values():
        if external_id and view.body["external_id"] == external_id:
            return view
    raise SlackError("not_found")


def check_hash(view: View, given: str | None) -> None:
    """Refuses a change that was made from an older state of the view."""
    if given and given != view.body["hash"]:
        raise SlackError("hash_conflict")


def _closed(hub: Hub, user: str, view_id: str) -> View:
    view = hub.world.views.pop(view_id)
    hub.feed.publish("view_closed", user=user, view_id=view_id)
    return view


def close_top(hub: Hub, user: str) -> None:
    """Closes the view on top of the person's stack."""
    stack = hub.world.stacks.get(user, [])
    if stack:
        _closed(hub, user, stack[-1])
        hub.world.stacks[user] = stack[:-1]


def close_all(hub: Hub, user: str) -> None:
    """Closes all views of that person."""
    for view_id in reversed(hub.world.stacks.pop(user, [])):
        _closed(hub, user, view_id)


def home_opened(hub: Hub, user: str, channel_id: str) -> None:
    """Tells the bot that the person looks at its Home."""
    event: Json = {
        "type": "app_home_opened",
        "user": user,
        "channel": channel_id,
        "tab": "home",
        "event_ts": hub.world.stamp(),
    }
    home = hub.world.homes.get(user)
    if home:
        event["view"] = view_object(home)
    emit(hub, event, "app_home_opened")
