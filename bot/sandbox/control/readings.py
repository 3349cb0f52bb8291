"""What the control API shows: the world, messages as a person sees them, and the journals."""

from collections.abc import Iterable

from bot.sandbox.config import ControlError, Json
from bot.sandbox.control.order import any_channel
from bot.sandbox.hub import Hub
from bot.sandbox.members import channel_summary
from bot.sandbox.shapes import is_top_level, message_object, visible_to
from bot.sandbox.views import bare_view
from bot.sandbox.world import APP_ID, BOT_ID, BOT_USER, TEAM_DOMAIN, TEAM_ID, TEAM_NAME, Channel


def world(hub: Hub, _query: dict[str, str]) -> Json:
    """Everything but the messages."""
    state = hub.world
    return {
        "team": {"id": TEAM_ID, "name": TEAM_NAME, "domain": TEAM_DOMAIN},
        "app": _app(hub),
        "users": [vars(user) for user in state.users.values()],
        "channels": [channel_summary(channel) for channel in state.channels.values()],
        "usergroups": [vars(group) for group in state.usergroups.values()],
        "views": [
            {"user": user, "view": bare_view(state.views[one])}
            for user, ids in state.stacks.items()
            for one in ids
        ],
        "homes": {
            user: bare_view(state.homes[user]) if user in state.homes else None
            for user, account in state.users.items()
            if not account.is_bot
        },
        "clock": state.now(),
        "seq": hub.feed.seq,
        "transport": hub.transport(),
        "delivery": vars(hub.delivery.settings)
        | {"held": len(hub.delivery.held), "retries": hub.delivery.waiting()},
    }


def _app(hub: Hub) -> Json:
    return {
        "id": APP_ID,
        "name": hub.app.name,
        "bot_user_id": BOT_USER,
        "bot_id": BOT_ID,
        "commands": [vars(one) for one in hub.app.commands],
        "shortcuts": [vars(one) for one in hub.app.shortcuts],
        "scopes": sorted(hub.app.scopes) if hub.app.scopes is not None else None,
        "home_tab": hub.app.home_tab,
        "messages_tab": hub.app.messages_tab,
    }


def messages(hub: Hub, query: dict[str, str]) -> Json:
    """A channel or a thread, as everybody sees it, or as one person does."""
    channel = any_channel(hub, query.get("channel", ""))
    viewer, thread_ts = query.get("viewer"), query.get("thread_ts")
    if viewer and not visible_to(hub.world, channel, viewer):
        raise ControlError(f"{viewer} cannot see {channel.name or channel.id}")
    shown = [message_object(channel, ts) for ts in _stamps(channel, thread_ts)]
    shown += [
        one
        for one in channel.ephemerals.values()
        if one["user"] == viewer and one.get("thread_ts") == thread_ts
    ]
    return {"messages": sorted(shown, key=lambda one: str(one["ts"]))}


def _stamps(channel: Channel, thread_ts: str | None) -> list[str]:
    if thread_ts is None:
        return [ts for ts, message in channel.messages.items() if is_top_level(message)]
    if thread_ts not in channel.messages:
        raise ControlError(f"there is no message {thread_ts}")
    return [thread_ts, *channel.replies.get(thread_ts, [])]


def calls(hub: Hub, query: dict[str, str]) -> Json:
    """The Web API calls so far, of one method if it is named."""
    wanted = query.get("method")
    return {"calls": [one for one in _since(hub.journal.calls, query) if wanted in (None, "", one["method"])]}


def deliveries(hub: Hub, query: dict[str, str]) -> Json:
    """The attempts to reach the bot so far."""
    return {"deliveries": _since(hub.journal.deliveries, query)}


def complaints(hub: Hub, _query: dict[str, str]) -> Json:
    """What the real Slack would not have liked."""
    return {"complaints": hub.journal.complaints}


def faults(hub: Hub, _query: dict[str, str]) -> Json:
    """The scripted failures still in force."""
    return {"faults": [vars(one) for one in hub.faults.rules]}


def _since(entries: Iterable[Json], query: dict[str, str]) -> list[Json]:
    since = int(query.get("since") or 0)
    return [one for one in entries if one["seq"] > since]


READINGS = {
    "world": world,
    "messages": messages,
    "calls": calls,
    "deliveries": deliveries,
    "complaints": complaints,
    "faults": faults,
}
