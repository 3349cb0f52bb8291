"""Answers through whatever bad weather is scripted: refused, slow, cut off, or given and lost on the way."""

import asyncio
import json
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.sandbox.config import Json
from bot.sandbox.connection import cut
from bot.sandbox.faults import Fault
from bot.sandbox.hub import Hub

# Refusals that can only come from a mistake in the bot's code.
LOUD = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "msg_too_long",
        "invalid_metadata_format",
    }
)


async def weathered(
    hub: Hub, request: Request, name: str, given: Json, answer: Callable[[], Response]
) -> Response:
    """What *answer* gives, as far as the fault that is scripted for the call *name* lets it through."""
    fault = hub.faults.next_for(name)
    if fault and fault.kind == "latency":
        await asyncio.sleep(fault.seconds)
    elif fault and fault.kind in ("rate_limited", "server_error", "reset_before", "error"):
        return _refused(hub, request, name, given, fault)
    response = answer()
    if fault and fault.kind == "reset_after":
        return cut(request)
    if fault and fault.kind == "timeout_after":
        await asyncio.sleep(fault.seconds)
    return response


def _refused(hub: Hub, request: Request, name: str, given: Json, fault: Fault) -> Response:
    if fault.kind == "rate_limited":
        answer: Json = {"ok": False, "error": "ratelimited"}
        note(hub, name, given, answer, 429)
        return JSONResponse(answer, 429, {"retry-after": str(fault.retry_after)})
    if fault.kind == "error":
        answer = {"ok": False, "error": fault.error}
        note(hub, name, given, answer, 200)
        return JSONResponse(answer)
    if fault.kind == "server_error":
        note(hub, name, given, {"ok": False, "error": "server_error"}, 503)
        return PlainTextResponse("upstream connect error or disconnect/reset before headers", 503)
    note(hub, name, given, {"ok": False, "error": "connection_reset"}, 0)
    return cut(request)


def note(hub: Hub, name: str, given: Json, answer: Json, status: int) -> None:
    """Write a call and its answer into the journal."""
    hub.journal.call(
        {
            "at": hub.world.now(),
            "method": name,
            "args": given,
            "ok": answer["ok"],
            "error": answer.get("error"),
            "status": status,
        }
    )
    if answer.get("error") in LOUD:
        hub.journal.complain(name, json.dumps(answer))
