"""The HTTP side: read the raw body, bring it to Bolt in a bounded pool of threads, answer.

Bolt's own Starlette adapter dispatches inside the event loop, so that one slow listener would hold up every
other request and the health check with it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import uvicorn
from slack_bolt import App, BoltRequest, BoltResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

LISTENERS = 16
Health = Callable[[], dict[str, object]]


def site(app: App | None, health: Health, pool: ThreadPoolExecutor) -> Starlette:
    """The routes; without *app*, as in Socket Mode, only the health check."""
    routes = [Route("/health", _health(health), methods=["GET"])]
    if app is not None:
        routes.append(Route("/slack/events", _slack(app, pool), methods=["POST"]))
    return Starlette(routes=routes)


def _slack(app: App, pool: ThreadPoolExecutor) -> Callable[[Request], Awaitable[Response]]:
    async def receive(request: Request) -> Response:
        raw = (await request.body()).decode("utf-8", "replace")
        try:
            asked = BoltRequest(body=raw, query=dict(request.query_params), headers=dict(request.headers))
        except (AttributeError, TypeError, ValueError):
            # Bolt reads the body before it looks at the signature, and expects that it comes from Slack.
            return Response("not a request of Slack's", status_code=400)
        answer = await asyncio.get_running_loop().run_in_executor(pool, app.dispatch, asked)
        return _response(answer)

    return receive


def _response(answer: BoltResponse) -> Response:
    headers = {name: values[0] for name, values in answer.headers.items() if name != "content-length"}
    return Response(content=answer.body, status_code=answer.status, headers=headers)


def _health(health: Health) -> Callable[[Request], Awaitable[Response]]:
    async def look(_request: Request) -> Response:
        # Not in the listeners' pool: health has to answer while every listener is busy.
        found = await asyncio.get_running_loop().run_in_executor(None, health)
        return JSONResponse(found, status_code=200 if found["ok"] else 503)

    return look


def server(app: Starlette, host: str, port: int) -> uvicorn.Server:
    """A server for the site, not yet started. On a stop it lets running requests finish."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        http="httptools",
        timeout_graceful_shutdown=5,
    )
    return uvicorn.Server(config)
