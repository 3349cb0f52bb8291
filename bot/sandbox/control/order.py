"""What an order of the control API is, and the look-ups that orders begin with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.sandbox.config import ControlError, Json
from bot.sandbox.hub import Hub
from bot.sandbox.shapes import visible_to
from bot.sandbox.world import Channel, View


@dataclass(frozen=True)
class Order:
    """`act` changes the world at once; `ask` needs the bot's answer or other waiting."""

    path: str
    needs: dict[str, str]
    takes: dict[str, str]
    act: Callable[[Hub, Json], Json] | None = None
    ask: Callable[[Hub, Json], Awaitable[Json]] | None = None


def person(hub: Hub, args: Json) -> str:
    """Who acts."""
    user: str = args["user"]
    if user not in hub.world.users:
        raise ControlError(f"there is no user {user}")
    return user


def any_channel(hub: Hub, channel_id: str) -> Channel:
    """A conversation of the world."""
    if channel_id not in hub.world.channels:
        raise ControlError(f"there is no channel {channel_id}")
    return hub.world.channels[channel_id]


def their_channel(hub: Hub, args: Json) -> Channel:
    """A conversation that the person who acts is in."""
    channel = any_channel(hub, args["channel"])
    if person(hub, args) not in channel.members:
        raise ControlError(f"{args['user']} is not in {channel.name or channel.id}")
    return channel


def seen_channel(hub: Hub, args: Json) -> Channel:
    """A conversation that the person who acts can at least look at."""
    channel = any_channel(hub, args["channel"])
    if not visible_to(hub.world, channel, person(hub, args)):
        raise ControlError(f"{args['user']} cannot see {channel.name or channel.id}")
    return channel


def live_message(channel: Channel, ts: str) -> Json:
    """A message that is still there."""
    message = channel.messages.get(ts)
    if message is None or message.get("subtype") == "tombstone":
        raise ControlError(f"there is no message {ts}")
    return message


def their_view(hub: Hub, args: Json) -> View:
    """A modal or Home that the person who acts has before them."""
    user = person(hub, args)
    home = hub.world.homes.get(user)
    view = hub.world.views.get(args["view_id"])
    if view is None and home and home.body["id"] == args["view_id"]:
        view = home
    if view is None or view.user != user:
        raise ControlError(f"{user} has no view {args['view_id']} open")
    return view
