"""Slack's objects as the Web API returns them: users, channels, messages with thread counters, files."""

from bot.sandbox.config import Json
from bot.sandbox.world import (
    APP_ID,
    BOT_ID,
    BOT_USER,
    TEAM_ID,
    Channel,
    Upload,
    User,
    Usergroup,
    World,
)

ICONS = {
    f"image_{size}": f"https://a.slack-edge.com/80588/img/plugins/app/bot_{size}.png" for size in (36, 48, 72)
}
REPLY_USERS_SHOWN = 5


def bot_profile(name: str) -> Json:
    """The card that comes with every message of the bot."""
    return {
        "id": BOT_ID,
        "deleted": False,
        "name": name,
        "updated": 1_700_000_000,
        "app_id": APP_ID,
        "icons": ICONS,
        "team_id": TEAM_ID,
    }


def user_object(user: User, offset: int, label: str) -> Json:
    """A user as users.info returns it."""
    shape: Json = {
        "id": user.id,
        "team_id": TEAM_ID,
        "name": user.name,
        "deleted": user.deleted,
        "color": "9f69e7",
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": label,
        "tz_offset": offset,
        "profile": _profile(user),
        "is_admin": user.is_admin,
        "is_owner": user.is_admin,
        "is_primary_owner": user.is_admin,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 1_700_000_000,
        "is_email_confirmed": True,
    }
    return shape


def _profile(user: User) -> Json:
    shape: Json = {
        "title": "",
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": "g0000000000",
        "image_72": f"https://secure.gravatar.com/avatar/{user.id.lower()}.png",
        "team": TEAM_ID,
    }
    if user.is_bot:
        shape |= {"bot_id": BOT_ID, "api_app_id": APP_ID, "always_active": True}
    return shape


def usergroup_object(group: Usergroup, *, with_users: bool, with_count: bool) -> Json:
    """A user group as usergroups.list returns it."""
    shape: Json = {
        "id": group.id,
        "team_id": TEAM_ID,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": 1_700_000_000,
        "date_update": 1_700_000_000,
        "date_delete": 0,
        "created_by": group.members[0],
        "updated_by": group.members[0],
        "prefs": {"channels": [], "groups": []},
    }
    if with_users:
        shape["users"] = list(group.members)
    if with_count:
        shape["user_count"] = len(group.members)
    return shape


def channel_object(channel: Channel, *, with_count: bool = False) -> Json:
    """A conversation as the bot sees it."""
    if channel.is_im:
        return _im_object(channel)
    stamp = {
        "creator": channel.creator if channel.topic else "",
        "last_set": channel.created if channel.topic else 0,
    }
    shape: Json = {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_im": False,
        "is_mpim": channel.is_mpim,
        "is_private": channel.is_private,
        "created": channel.created,
        "updated": channel.created * 1000,
        "creator": channel.creator,
        "is_archived": channel.is_archived,
        "is_general": channel.name == "general",
        "is_member": BOT_USER in channel.members,
        "unlinked": 0,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "shared_team_ids": [TEAM_ID],
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "is_pending_ext_shared": False,
        "context_team_id": TEAM_ID,
        "topic": {"value": channel.topic, **stamp},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
    }
    return shape | ({"num_members": len(channel.members)} if with_count else {})


def _im_object(channel: Channel) -> Json:
    other = next((who for who in channel.members if who != BOT_USER), BOT_USER)
    return {
        "id": channel.id,
        "created": channel.created,
        "updated": channel.created * 1000,
        "is_archived": False,
        "is_im": True,
        "is_org_shared": False,
        "context_team_id": TEAM_ID,
        "user": other,
        "is_user_deleted": False,
        "priority": 0,
    }


def thread_fields(channel: Channel, ts: str) -> Json:
    """The counters that Slack adds to the root of a thread."""
    replies = [channel.messages[one] for one in channel.replies.get(ts, [])]
    if not replies:
        return {}
    people = list(dict.fromkeys(reply.get("user", BOT_USER) for reply in replies))
    return {
        "thread_ts": ts,
        "reply_count": len(replies),
        "reply_users_count": len(people),
        "latest_reply": replies[-1]["ts"],
        "reply_users": people[:REPLY_USERS_SHOWN],
        "is_locked": False,
        "subscribed": False,
    }


def message_object(channel: Channel, ts: str, *, full_metadata: bool = True) -> Json:
    """A message as conversations.history returns it."""
    shape = dict(channel.messages[ts])
    if shape.get("thread_ts", ts) == ts:
        shape |= thread_fields(channel, ts)
    if "metadata" in shape and not full_metadata:
        shape["metadata"] = {"event_type": shape["metadata"]["event_type"]}
    return shape


def is_reply(message: Json) -> bool:
    """Whether the message belongs to a thread that it did not start."""
    return "thread_ts" in message and message["thread_ts"] != message["ts"]


def is_top_level(message: Json) -> bool:
    """Whether the channel itself shows the message."""
    return not is_reply(message) or message.get("subtype") == "thread_broadcast"


def file_object(upload: Upload, base_url: str) -> Json:
    """A file as files.info returns it; the type is empty until the file has been completed."""
    extension = upload.name.rpartition(".")[2] if "." in upload.name else "text"
    address = f"{base_url}/files/{upload.id}/{upload.name}"
    return {
        "id": upload.id,
        "created": upload.created,
        "timestamp": upload.created,
        "name": upload.name,
        "title": upload.title or upload.name,
        "mimetype": upload.mimetype if upload.completed else "",
        "filetype": extension if upload.completed else "",
        "pretty_type": extension.upper() if upload.completed else "",
        "user": upload.user,
        "user_team": TEAM_ID,
        "editable": False,
        "size": upload.length,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": "public" in upload.shares,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": address,
        "url_private_download": address,
        "permalink": address,
        "file_access": "visible",
    } | ({"alt_txt": upload.alt_text} if upload.alt_text else {})


def visible_to(world: World, channel: Channel, user: str) -> bool:
    """Whether that person can open the conversation at all."""
    return user in channel.members or (not channel.is_private and not channel.is_im and user in world.users)
