"""users.*, usergroups.*, dnd.* and team.*: who is who."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.config import Json, SlackError
from bot.sandbox.hub import Hub
from bot.sandbox.shapes import user_object, usergroup_object
from bot.sandbox.webapi.method import FLAG, TEXT, WHOLE, Method, known_user, page_of
from bot.sandbox.world import BOT_USER, TEAM_DOMAIN, TEAM_ID, TEAM_NAME, User

MOST_USERS = 200
TEAM_ARG = {"team_id": TEXT}
EMAIL_DOMAIN = f"{TEAM_DOMAIN}.example"


def _shape(hub: Hub, user: User) -> Json:
    local = datetime.fromtimestamp(hub.world.now(), UTC).astimezone(ZoneInfo(user.tz))
    return user_object(
        user, int((local.utcoffset() or timedelta()).total_seconds()), local.tzname() or user.tz
    )


def user_info(hub: Hub, args: Json) -> Json:
    """users.info."""
    shape = _shape(hub, hub.world.users[known_user(hub, args["user"])])
    return {"user": shape | ({"locale": "en-US"} if args.get("include_locale") else {})}


def user_list(hub: Hub, args: Json) -> Json:
    """users.list."""
    everybody = [_shape(hub, user) for user in hub.world.users.values()]
    page, cursor = page_of(everybody, args, MOST_USERS)
    return {"members": page, "cache_ts": int(hub.world.now()), "response_metadata": {"next_cursor": cursor}}


def user_by_email(hub: Hub, args: Json) -> Json:
    """users.lookupByEmail: everybody has an address here, their handle at the workspace's domain."""
    handle, _, domain = args["email"].casefold().partition("@")
    found = [user for user in hub.world.users.values() if user.name == handle and not user.is_bot]
    if not found or domain != EMAIL_DOMAIN:
        raise SlackError("users_not_found")
    shape = _shape(hub, found[0])
    return {"user": shape | {"profile": shape["profile"] | {"email": f"{handle}@{EMAIL_DOMAIN}"}}}


def usergroup_list(hub: Hub, args: Json) -> Json:
    """usergroups.list."""
    with_users, with_count = args.get("include_users", False), args.get("include_count", False)
    groups = hub.world.usergroups.values()
    return {
        "usergroups": [usergroup_object(one, with_users=with_users, with_count=with_count) for one in groups]
    }


def usergroup_users(hub: Hub, args: Json) -> Json:
    """usergroups.users.list."""
    group = hub.world.usergroups.get(args["usergroup"])
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.members)}


def dnd_info(hub: Hub, args: Json) -> Json:
    """dnd.info: nobody is ever disturbed against their will here, because nobody has set quiet hours."""
    known_user(hub, args.get("user", BOT_USER))
    return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}


def team_info(hub: Hub, _args: Json) -> Json:
    """team.info."""
    icon = {"image_default": True, "image_34": f"{hub.base_url}/page/icon.png"}
    address = f"https://{TEAM_DOMAIN}.slack.com/"
    team = {
        "id": TEAM_ID,
        "name": TEAM_NAME,
        "domain": TEAM_DOMAIN,
        "email_domain": "",
        "url": address,
        "icon": icon,
    }
    return {"team": team}


GROUPS = {"include_count": FLAG, "include_disabled": FLAG, "include_users": FLAG, **TEAM_ARG}
LISTED = {"cursor": TEXT, "limit": WHOLE, "include_locale": FLAG, **TEAM_ARG}
OF_GROUP = {"include_disabled": FLAG, **TEAM_ARG}

METHODS = (
    Method("users.info", user_info, {"user": TEXT}, {"include_locale": FLAG}, ("users:read",)),
    Method("users.list", user_list, {}, LISTED, ("users:read",)),
    Method("users.lookupByEmail", user_by_email, {"email": TEXT}, TEAM_ARG, ("users:read.email",)),
    Method("usergroups.list", usergroup_list, {}, GROUPS, ("usergroups:read",)),
    Method("usergroups.users.list", usergroup_users, {"usergroup": TEXT}, OF_GROUP, ("usergroups:read",)),
    Method("dnd.info", dnd_info, {}, {"user": TEXT, **TEAM_ARG}, ("dnd:read",)),
    Method("team.info", team_info, {}, {"team": TEXT, "domain": TEXT}, ("team:read",)),
)
