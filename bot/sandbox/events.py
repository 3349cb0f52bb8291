"""Wraps what happened into Events API envelopes, where the bot is a member and has subscribed."""

from bot.sandbox.config import Json
from bot.sandbox.hub import Hub
from bot.sandbox.world import APP_ID, BOT_USER, TEAM_ID, Channel


def emit(hub: Hub, event: Json, wanted_as: str, channel: Channel | None = None) -> None:
    """Sends the event to the bot, if it is a member and has subscribed under that name."""
    if channel is not None and BOT_USER not in channel.members:
        return
    if hub.app.bot_events is not None and wanted_as not in hub.app.bot_events:
        return
    event_id = hub.ids.new("Ev")
    hub.delivery.submit("event", event["type"], event_id, _envelope(hub, event_id, event))


def emit_message(hub: Hub, channel: Channel, event: Json) -> None:
    """A `message` event of any subtype; the event's own ts doubles as its time."""
    event = {**event, "channel": channel.id, "channel_type": channel.kind, "event_ts": event["ts"]}
    emit(hub, event, f"message.{channel.kind}" + ("" if channel.is_direct else "s"), channel)


def _envelope(hub: Hub, event_id: str, event: Json) -> Json:
    return {
        "token": "sandbox-verification-token",
        "team_id": TEAM_ID,
        "context_team_id": TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(hub.world.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }
