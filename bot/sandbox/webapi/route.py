"""POST /api/{method}: reads a call in any of Slack's encodings, checks token, scope and arguments."""

import json
from email import message_from_bytes
from email.message import Message
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from bot.sandbox.config import Json, SlackError
from bot.sandbox.hub import Hub
from bot.sandbox.webapi.method import Method, need_scope, read_arguments
from bot.sandbox.webapi.table import METHODS
from bot.sandbox.webapi.weather import note, weathered

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

    def answer() -> Response:
        found = perform(hub, name, token, given)
        note(hub, name, given, found, 200)
        return JSONResponse(found, headers=_headers(hub, name))

    return await weathered(hub, request, name, given, answer)


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
