"""One running Slack: the world, who delivers, what is remembered. Every other room is functions of a Hub."""

import time

from bot.sandbox.config import Json, SandboxConfig
from bot.sandbox.delivery import Answer, Delivery, Job
from bot.sandbox.faults import Faults
from bot.sandbox.http_post import HttpPoster
from bot.sandbox.journal import Feed, Journal
from bot.sandbox.manifest import read_manifest
from bot.sandbox.seed import fresh_world
from bot.sandbox.signed_http import post_job
from bot.sandbox.socket_mode import Sockets
from bot.sandbox.tickets import ResponseUrl, Tickets, Trigger
from bot.sandbox.world import Ids, World


class Hub:
    """The parts of the sandbox and nothing of its behaviour; lives in one asyncio loop."""

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self.app = read_manifest(config.manifest)
        self.ids = Ids()
        self.world: World = fresh_world(self.app)
        self.journal = Journal()
        self.feed = Feed()
        self.faults = Faults()
        self.sockets = Sockets()
        self.tickets = Tickets()
        self.poster = HttpPoster()
        self.request_url = config.request_url
        self.base_url = ""
        self.delivery = Delivery(self._send, self.now, self.journal)

    def now(self) -> float:
        """The clock of the present world."""
        return self.world.now()

    async def _send(self, job: Job, seconds: float) -> Answer:
        if self.request_url:
            return await post_job(self.poster, self.request_url, self.config.signing_secret, job, seconds)
        return await self.sockets.send(job, seconds)

    def reset(self) -> None:
        """A fresh world for the same app; connections stay."""
        self.world = fresh_world(self.app)
        self.tickets = Tickets()
        self.faults = Faults()
        self.delivery.clear()
        self.journal.clear()
        self.feed.reset()

    def trigger(self, user: str, view_id: str | None = None) -> str:
        """A trigger id for what that person just did."""
        trigger_id = self.ids.new("")
        self.tickets.triggers[trigger_id] = Trigger(user, time.monotonic(), view_id)
        return trigger_id

    def response_url(self, channel: str, user: str, message_ts: str | None = None) -> str:
        """An address where the bot may answer that person's interaction."""
        token = self.ids.new("")
        self.tickets.responses[token] = ResponseUrl(channel, user, self.world.now(), message_ts)
        return f"{self.base_url}/response/{token}"

    def transport(self) -> Json:
        """How the bot is reached at the moment."""
        return {
            "mode": "http" if self.request_url else "socket",
            "connections": len(self.sockets.connections),
            "opened": self.sockets.opened,
            "request_url": self.request_url,
        }
