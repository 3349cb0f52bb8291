"""POST /response/{token}: a response_url works five times in thirty minutes, membership or not."""

import json

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.sandbox.blockkit.check import checked_blocks
from bot.sandbox.config import Json, SlackError
from bot.sandbox.hub import Hub
from bot.sandbox.interactions import show_response
from bot.sandbox.messages import change_message, check_thread, delete_message
from bot.sandbox.tickets import RESPONSE_SECONDS, RESPONSE_USES, ResponseUrl
from bot.sandbox.world import Channel

KNOWN = frozenset(
    {
        *("text", "blocks", "response_type", "replace_original", "delete_original", "thread_ts"),
        *("metadata", "mrkdwn", "unfurl_links", "unfurl_media", "link_names", "parse"),
    }
)


async def answer_response(hub: Hub, request: Request) -> Response:
    """One use of a response_url."""
    ticket = hub.tickets.responses.get(request.path_params["token"])
    if ticket is None or hub.world.now() - ticket.born > RESPONSE_SECONDS:
        return JSONResponse({"ok": False, "error": "expired_url"}, 404)
    if ticket.uses >= RESPONSE_USES:
        return JSONResponse({"ok": False, "error": "used_url"}, 404)
    try:
        given = _given(await request.body())
        for name in given.keys() - KNOWN:
            hub.journal.complain("response_url", f"unsupported field: {name}")
        _respond(hub, ticket, given)
    except SlackError as refusal:
        hub.journal.complain("response_url", f"{refusal.code} {refusal.extra}")
        return JSONResponse({"ok": False, "error": refusal.code, **refusal.extra}, 400)
    ticket.uses += 1
    return PlainTextResponse("ok")


def _given(body: bytes) -> Json:
    try:
        given = json.loads(body)
    except ValueError as wrong:
        raise SlackError("invalid_payload") from wrong
    if not isinstance(given, dict):
        raise SlackError("invalid_payload")
    return {key: value for key, value in given.items() if value is not None}


def _respond(hub: Hub, ticket: ResponseUrl, given: Json) -> None:
    channel = hub.world.channels[ticket.channel]
    if given.get("delete_original"):
        _delete(hub, channel, ticket)
        return
    blocks = checked_blocks(hub, given.get("blocks"))
    if not blocks and not given.get("text"):
        raise SlackError("no_text")
    given = {**given, "blocks": blocks}
    thread_ts = given.get("thread_ts")
    if thread_ts:
        check_thread(channel, thread_ts)
    if given.get("replace_original") and ticket.message_ts:
        _replace(hub, channel, ticket, given)
    else:
        show_response(hub, channel, ticket.user, given, thread_ts)


def _content(given: Json, old: Json) -> Json:
    kept = {key: value for key, value in old.items() if key not in ("text", "blocks")}
    return kept | {"text": given.get("text", "")} | ({"blocks": given["blocks"]} if given["blocks"] else {})


def _replace(hub: Hub, channel: Channel, ticket: ResponseUrl, given: Json) -> None:
    ts = ticket.message_ts or ""
    if ts in channel.ephemerals:
        changed = _content(given, channel.ephemerals[ts])
        channel.ephemerals[ts] = changed
        hub.feed.publish("ephemeral_changed", user=ticket.user, channel=channel.id, message=changed)
    elif ts in channel.messages:
        change_message(hub, channel, ts, _content(given, channel.messages[ts]))
    else:
        raise SlackError("message_not_found")


def _delete(hub: Hub, channel: Channel, ticket: ResponseUrl) -> None:
    ts = ticket.message_ts or ""
    if ts in channel.ephemerals:
        del channel.ephemerals[ts]
        hub.feed.publish("ephemeral_deleted", user=ticket.user, channel=channel.id, ts=ts)
    elif ts in channel.messages:
        delete_message(hub, channel, ts)
    else:
        raise SlackError("message_not_found")
