"""POST /api/{method}: reads a call in any of Slack's encodings, checks token, scope and arguments."""

import asyncio
import json
from email import message_from_bytes
from email.message import Message
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.sandbox.config import Json, SlackError
from bot.sandbox.connection import cut
from bot.sandbox.faults import Fault
from bot.sandbox.hub import Hub
from bot.sandbox.webapi.method import Method, need_scope, read_arguments
from bot.sandbox.webapi.table import METHODS

APP_LEVEL = frozenset({"apps.connections.open"})
UNAUTHENTICATED = frozenset({"api.test"})
# What slack_sdk adds by itself to every call of a workspace.
AMBIENT = frozenset({"team_id"})


async def answer_call(hub: Hub, request: Request) -> Response:
    """One call of the Web API, with whatever fault is scripted for it."""
    name = request.path_params["method"]
    try:
        token, given = await _given(request)
    except ClientDisconnect:
        # The bot died in the middle of its question, so nobody hears the answer.
        return Response(status_code=400)
    fault = hub.faults.next_for(name)
    if fault and fault.kind == "latency":
        await asyncio.sleep(fault.seconds)
    elif fault and fault.kind in ("rate_limited", "server_error", "reset_before", "error"):
        return await _refused(hub, request, name, given, fault)
    answer = perform(hub, name, token, given)
    _note(hub, name, given, answer, 200)
    if fault and fault.kind == "reset_after":
        return cut(request)
    if fault and fault.kind == "timeout_after":
        await asyncio.sleep(fault.seconds)
    return JSONResponse(answer, headers=_headers(hub, name))


async def _refused(hub: Hub, request: Request, name: str, given: Json, fault: Fault) -> Response:
    if fault.kind == "rate_limited":
        answer: Json = {"ok": False, "error": "ratelimited"}
        _note(hub, name, given, answer, 429)
        return JSONResponse(answer, 429, {"retry-after": str(fault.retry_after)})
    if fault.kind == "error":
        answer = {"ok": False, "error": fault.error}
        _note(hub, name, given, answer, 200)
        return JSONResponse(answer)
    if fault.kind == "server_error":
        _note(hub, name, given, {"ok": False, "error": "server_error"}, 503)
        return PlainTextResponse("upstream connect error or disconnect/reset before headers", 503)
    _note(hub, name, given, {"ok": False, "error": "connection_reset"}, 0)
    return cut(request)


def perform(hub: Hub, name: str, token: str, given: Json) -> Json:
    """The answer to a call whose arguments have been decoded."""
    try:
        method = _method(hub, name)
        _authorised(hub, method, token)
        return {"ok": True, **method.handler(hub, _arguments(hub, method, given))}
    except SlackError as refusal:
        return {"ok": False, "error": refusal.code, **refusal.extra}


def _method(hub: Hub, name: str) -> Method:
    method = METHODS.get(name)
    if method is None:
        hub.journal.complain(name, "the sandbox has no such method")
        raise SlackError("unknown_method", req_method=name)
    return method


def _authorised(hub: Hub, method: Method, token: str) -> None:
    if method.name in UNAUTHENTICATED:
        return
    wanted, other = hub.config.bot_token, hub.config.app_token
    if method.name in APP_LEVEL:
        wanted, other = other, wanted
    if token != wanted:
        raise SlackError(
            "not_allowed_token_type" if token == other else "invalid_auth" if token else "not_authed"
        )
    need_scope(hub, method.name, *method.scopes)


def _arguments(hub: Hub, method: Method, given: Json) -> Json:
    declared = {**method.needs, **method.takes}
    given = {key: value for key, value in given.items() if key in declared or key not in AMBIENT}
    args, problems = read_arguments(method.needs, method.takes, given)
    if problems:
        for problem in problems:
            hub.journal.complain(method.name, problem)
        wrong_blocks = any(problem.startswith("[ERROR] blocks must be") for problem in problems)
        raise SlackError(
            "invalid_blocks_format" if wrong_blocks else "invalid_arguments",
            response_metadata={"messages": problems},
        )
    return args


def _note(hub: Hub, name: str, given: Json, answer: Json, status: int) -> None:
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


async def _given(request: Request) -> tuple[str, Json]:
    """The token and the other arguments, from header, query string and body."""
    given: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    body = await request.body()
    if kind == "application/json":
        given |= _json_object(body)
    elif kind == "multipart/form-data":
        given |= _multipart(request.headers["content-type"], body)
    else:
        given |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    token = str(given.pop("token", "") or "")
    header = request.headers.get("authorization", "")
    if header.lower().startswith("bearer "):
        token = header[7:].strip()
    return token, {key: value for key, value in given.items() if value is not None}


def _multipart(content_type: str, body: bytes) -> Json:
    whole = message_from_bytes(b"content-type: " + content_type.encode() + b"\r\n\r\n" + body)
    parts = whole.get_payload()
    fields: Json = {}
    for part in parts if isinstance(parts, list) else []:
        name = part.get_param("name", header="content-disposition") if isinstance(part, Message) else None
        content = part.get_payload(decode=True) if isinstance(part, Message) else b""
        if isinstance(name, str) and isinstance(content, bytes):
            fields[name] = content.decode("utf-8", "replace")
    return fields


def _json_object(body: bytes) -> Json:
    try:
        decoded = json.loads(body or b"{}")
    except ValueError:
        return {}
    return decoded if isinstance(decoded, dict) else {}


def _headers(hub: Hub, name: str) -> dict[str, str]:
    granted = "everything" if hub.app.scopes is None else ",".join(sorted(hub.app.scopes))
    method = METHODS.get(name)
    accepted = ",".join(method.scopes) if method else ""
    return {"x-oauth-scopes": granted, "x-accepted-oauth-scopes": accepted, "x-slack-req-id": "sandbox"}
