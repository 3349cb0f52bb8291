"""What every listener needs: the database, the gateway, the clock, and who we are in this workspace."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.ids import TeamId, UserId
from bot.slack.gateway import CannotRead, Gateway
from bot.store.session import Database

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in Slack, and at which address the workspace is."""

    team: TeamId
    address: str
    user: UserId
    bot_id: str


@dataclass(slots=True)
class Desk:
    """The common tools of all listeners. Who we are is asked once, when it is first needed."""

    database: Database
    gateway: Gateway
    clock: Clock
    _identity: Identity | None = None
    _asking: threading.Lock = field(default_factory=threading.Lock)

    def address(self) -> str | None:
        """The workspace's address; None while Slack cannot tell it."""
        try:
            return self.identity().address
        except CannotRead:
            return None

    def identity(self) -> Identity:
        """Who we are.

        Raises:
            CannotRead: Slack was never reached so far, and is not now.
        """
        with self._asking:
            if self._identity is None:
                found = self.gateway.whoami()
                self._identity = Identity(
                    team=TeamId(found["team_id"]),
                    address=str(found.get("url") or "https://slack.com/"),
                    user=UserId(found["user_id"]),
                    bot_id=str(found.get("bot_id", "")),
                )
            return self._identity
