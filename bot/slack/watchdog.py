"""Notices a dead socket: Slack answers, but nothing of it reaches us."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.slack.gateway import CannotRead, Gateway

log = structlog.get_logger()


class Watchdog:
    """Calls *end* when Slack's Web API has answered for *patience* while no socket lived.

    While Slack itself is away, ending the process would help nobody.
    """

    def __init__(
        self, gateway: Gateway, alive: Callable[[], bool], patience: timedelta, end: Callable[[], None]
    ) -> None:
        self._gateway = gateway
        self._alive = alive
        self._patience = patience
        self._end = end
        self._sound_at: datetime | None = None

    def look(self, now: datetime) -> None:
        """Look once; whoever has a clock calls this again and again."""
        if self._sound_at is None or self._alive() or not self._slack_answers():
            # When Slack has just come back, the socket has its whole time to follow.
            self._sound_at = now
        elif now - self._sound_at > self._patience:
            log.error("watchdog.socket_dead", since=self._sound_at.isoformat())
            self._end()

    def _slack_answers(self) -> bool:
        try:
            self._gateway.whoami()
        except CannotRead:
            return False
        return True
