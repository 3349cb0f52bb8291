"""GET /sandbox/stream: the feed of changes as server-sent events."""

import json
from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse

from bot.sandbox.hub import Hub

# Silence longer than this is broken by a comment, so that a dead connection is noticed.
HEARTBEAT_SECONDS = 15.0


def stream(hub: Hub, since: int) -> StreamingResponse:
    """All changes after that number, for as long as somebody listens."""
    return StreamingResponse(
        _events(hub, since), media_type="text/event-stream", headers={"cache-control": "no-store"}
    )


async def _events(hub: Hub, since: int) -> AsyncIterator[str]:
    yield ": hello\n\n"
    while not hub.feed.closed:
        items = hub.feed.after(since)
        for item in items:
            yield f"data: {json.dumps(item)}\n\n"
        since = items[-1]["seq"] if items else since
        if not items and not await hub.feed.changed(HEARTBEAT_SECONDS):
            yield ": still here\n\n"
