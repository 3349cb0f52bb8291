"""GET and POST /sandbox/...: finds the order, checks its fields, waits for the bot if asked to."""

import asyncio
import json

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.sandbox.config import ControlError, Json, SlackError
from bot.sandbox.control.order import Order
from bot.sandbox.control.readings import READINGS
from bot.sandbox.control.table import ORDERS
from bot.sandbox.hub import Hub
from bot.sandbox.webapi.method import read_arguments

Background = set["asyncio.Future[Json]"]


async def answer_reading(hub: Hub, request: Request) -> Response:
    """GET: one of the readings, a bare JSON object."""
    name = request.path_params["path"]
    if name not in READINGS:
        return _sorry(f"there is no GET /sandbox/{name}", 404)
    try:
        return JSONResponse(READINGS[name](hub, dict(request.query_params)))
    except (ControlError, ValueError) as mistake:
        return _sorry(str(mistake), 400)


async def answer_order(hub: Hub, background: Background, request: Request) -> Response:
    """POST: carries out one order."""
    name = request.path_params["path"]
    if name not in ORDERS:
        return _sorry(f"there is no POST /sandbox/{name}", 404)
    try:
        return JSONResponse(
            {"ok": True, **await _carry_out(hub, background, ORDERS[name], await _body(request))}
        )
    except ControlError as mistake:
        return _sorry(str(mistake), 400)
    except SlackError as refusal:
        return _sorry(f"Slack says {refusal.code}", 400)


def _sorry(sentence: str, status: int) -> Response:
    return JSONResponse({"ok": False, "error": sentence}, status)


async def _body(request: Request) -> Json:
    try:
        decoded = json.loads(await request.body() or b"{}")
    except ValueError as wrong:
        raise ControlError("the body is no JSON") from wrong
    if not isinstance(decoded, dict):
        raise ControlError("the body is no JSON object")
    return {key: value for key, value in decoded.items() if value is not None}


async def _carry_out(hub: Hub, background: Background, order: Order, given: Json) -> Json:
    args, problems = read_arguments(order.needs, order.takes, given)
    if problems:
        raise ControlError("; ".join(problem.removeprefix("[ERROR] ") for problem in problems))
    wait = args.pop("wait", True)
    if order.act:
        with hub.delivery.collecting() as jobs:
            result = order.act(hub, args)
        if wait:
            await asyncio.gather(*(job.first for job in jobs))
        return result
    if order.ask is None:
        raise ControlError(f"{order.path} does nothing")
    return await _asked(background, asyncio.ensure_future(order.ask(hub, args)), wait=wait)


async def _asked(background: Background, task: "asyncio.Future[Json]", *, wait: bool) -> Json:
    if wait:
        return await task
    background.add(task)
    task.add_done_callback(background.discard)
    return {"status": "sent", "response": None}
