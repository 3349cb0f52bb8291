"""api.test, auth.test and apps.connections.open: what a client asks before anything else."""

from bot.sandbox.config import Json, SlackError
from bot.sandbox.hub import Hub
from bot.sandbox.webapi.method import TEXT, Method
from bot.sandbox.world import APP_ID, BOT_ID, BOT_USER, TEAM_DOMAIN, TEAM_ID, TEAM_NAME


def api_test(_hub: Hub, args: Json) -> Json:
    """api.test."""
    if "error" in args:
        raise SlackError(args["error"], args=args)
    return {"args": args}


def auth_test(hub: Hub, _args: Json) -> Json:
    """auth.test."""
    return {
        "url": f"https://{TEAM_DOMAIN}.slack.com/",
        "team": TEAM_NAME,
        "user": hub.world.users[BOT_USER].name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def connections_open(hub: Hub, _args: Json) -> Json:
    """apps.connections.open: a web socket address that is good for one connection."""
    address = hub.base_url.replace("http", "ws", 1)
    return {"url": f"{address}/link?ticket={hub.sockets.ticket()}&app_id={APP_ID}"}


METHODS = (
    Method("api.test", api_test, {}, {"error": TEXT, "foo": TEXT}),
    Method("auth.test", auth_test, {}, {}),
    Method("apps.connections.open", connections_open, {}, {}),
)
