"""Who is where: joining, leaving, inviting, and the life of a channel itself."""

from bot.sandbox.config import ControlError, Json
from bot.sandbox.events import emit
from bot.sandbox.hub import Hub
from bot.sandbox.messages import add_message
from bot.sandbox.seed import group_direct
from bot.sandbox.shapes import channel_object
from bot.sandbox.world import BOT_USER, TEAM_ID, Channel


def publish_channel(hub: Hub, channel: Channel) -> None:
    """Tells the page that the channel or its people changed."""
    hub.feed.publish("channel", channel=channel_summary(channel))


def channel_summary(channel: Channel) -> Json:
    """A channel as the control API describes it."""
    return {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "is_im": channel.is_im,
        "is_mpim": channel.is_mpim,
        "is_archived": channel.is_archived,
        "members": list(channel.members),
        "topic": channel.topic,
    }


def join(hub: Hub, channel: Channel, user: str, inviter: str | None = None) -> bool:
    """Makes the person or the bot a member; false if they were one already."""
    if user in channel.members:
        return False
    channel.members.append(user)
    body: Json = {
        "type": "message",
        "subtype": "group_join" if channel.is_private else "channel_join",
        "user": user,
        "text": f"<@{user}> has joined the channel",
    }
    add_message(hub, channel, body | ({"inviter": inviter} if inviter else {}))
    event = _membership("member_joined_channel", channel, user, hub.world.stamp())
    emit(hub, event | ({"inviter": inviter} if inviter else {}), "member_joined_channel", channel)
    publish_channel(hub, channel)
    return True


def leave(hub: Hub, channel: Channel, user: str) -> bool:
    """Takes the person or the bot out; false if they were not in."""
    if user not in channel.members:
        return False
    # The one who leaves still hears of it, so the event goes out before the name comes off the list.
    emit(
        hub,
        _membership("member_left_channel", channel, user, hub.world.stamp()),
        "member_left_channel",
        channel,
    )
    if user == BOT_USER:
        kind = "group_left" if channel.is_private else "channel_left"
        left = {"type": kind, "channel": channel.id, "actor_id": user, "event_ts": hub.world.stamp()}
        emit(hub, left, kind, channel)
    channel.members.remove(user)
    body: Json = {
        "type": "message",
        "subtype": "group_leave" if channel.is_private else "channel_leave",
        "user": user,
        "text": f"<@{user}> has left the channel",
    }
    add_message(hub, channel, body)
    publish_channel(hub, channel)
    return True


def _membership(kind: str, channel: Channel, user: str, stamp: str) -> Json:
    return {
        "type": kind,
        "user": user,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": TEAM_ID,
        "event_ts": stamp,
    }


def archive(hub: Hub, channel: Channel, user: str, *, archived: bool) -> None:
    """Closes the channel for new messages, or opens it again."""
    channel.is_archived = archived
    kind = _prefix(channel) + ("archive" if archived else "unarchive")
    event: Json = {"type": kind, "channel": channel.id, "user": user, "event_ts": hub.world.stamp()}
    if archived and not channel.is_private:
        event["is_moved"] = 0
    emit(hub, event, kind, channel)
    publish_channel(hub, channel)


def rename(hub: Hub, channel: Channel, name: str) -> None:
    """Gives the channel another name."""
    check_name(hub, name)
    channel.name = name
    about: Json = {
        "id": channel.id,
        "name": name,
        "name_normalized": name,
        "created": channel.created,
        "is_channel": not channel.is_private,
        "is_mpim": False,
    }
    kind = _prefix(channel) + "rename"
    emit(hub, {"type": kind, "channel": about, "event_ts": hub.world.stamp()}, kind, channel)
    publish_channel(hub, channel)


def _prefix(channel: Channel) -> str:
    return "group_" if channel.is_private else "channel_"


def check_name(hub: Hub, name: str) -> None:
    """Refuses what Slack would not take as a channel's name, or what is taken."""
    if not name or name != name.lower() or any(char in name for char in " #.,") or len(name) > 80:  # noqa: PLR2004 - Slack's limit.
        raise ControlError(f"{name!r} cannot be a channel's name")
    if any(channel.name == name for channel in hub.world.channels.values()):
        raise ControlError(f"#{name} exists already")


def create(hub: Hub, user: str, name: str, *, is_private: bool) -> Channel:
    """A new channel with its creator as the only member."""
    check_name(hub, name)
    channel = Channel(
        hub.ids.new("C"), name, [user], user, int(hub.world.now()), is_private=is_private, topic=""
    )
    hub.world.channels[channel.id] = channel
    if not is_private:
        event = {"id": channel.id, "name": name, "created": channel.created, "creator": user}
        stamp = hub.world.stamp()
        emit(hub, {"type": "channel_created", "channel": event, "event_ts": stamp}, "channel_created")
    publish_channel(hub, channel)
    return channel


def open_im(hub: Hub, user: str) -> tuple[Channel, bool]:
    """The bot's conversation with that person, and whether it had to be made."""
    found = hub.world.direct_among(user, BOT_USER)
    if found:
        return found, False
    channel = Channel(hub.ids.new("D"), "", [user, BOT_USER], user, int(hub.world.now()), is_im=True)
    hub.world.channels[channel.id] = channel
    publish_channel(hub, channel)
    return channel, True


def open_group(hub: Hub, people: list[str]) -> tuple[Channel, bool]:
    """The bot's conversation with exactly these people, and whether it had to be made."""
    found = hub.world.direct_among(*people, BOT_USER)
    if found:
        return found, False
    names = "--".join(hub.world.users[who].name for who in people)
    created = int(hub.world.now())
    channel = group_direct(hub.ids.new("G"), [*people, BOT_USER], f"mpdm-{names}-1", created)
    hub.world.channels[channel.id] = channel
    publish_channel(hub, channel)
    return channel, True


def channel_answer(channel: Channel) -> Json:
    """What conversations.join and its like return."""
    return {"channel": channel_object(channel)}
