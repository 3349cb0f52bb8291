"""Notices a dead socket: Slack answers, but nothing of it reaches us."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.slack.gateway import CannotRead, Gateway

log = structlog.get_logger()


class Watchdog:
    """Calls *end* when Slack's Web API answers but no socket has lived for *patience*.

    While Slack itself is away, ending the process would help nobody.
    """

    def __init__(
        self, gateway: Gateway, alive: Callable[[], bool], patience: timedelta, end: Callable[[], None]
    ) -> None:
        self._gateway = gateway
        self._alive = alive
        self._patience = patience
        self._end = end
        self._alive_at: datetime | None = None

    def look(self, now: datetime) -> None:
        """Look once; whoever has a clock calls this again and again."""
        if self._alive_at is None or self._alive():
            self._alive_at = now
        elif now - self._alive_at > self._patience and self._slack_answers():
            log.error("watchdog.socket_dead", since=self._alive_at.isoformat())
            self._end()

    def _slack_answers(self) -> bool:
        try:
            self._gateway.whoami()
        except CannotRead:
            return False
        return True
