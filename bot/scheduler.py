"""The ticks. The scheduler knows no incident: it only says what time it is, and what is due is a row."""

from collections.abc import Callable, Mapping
from datetime import UTC

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot.store.session import Unavailable

log = structlog.get_logger()

Tick = Callable[[], object]


class Scheduler:
    """Calls each tick again and again, never twice at once."""

    def __init__(self, ticks: Mapping[str, tuple[float, Tick]]) -> None:
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(4)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for name, (seconds, tick) in ticks.items():
            self.add(name, seconds, tick)

    def add(self, name: str, seconds: float, tick: Tick) -> None:
        """Call *tick* every so many seconds."""
        self._scheduler.add_job(_forgiving(name, tick), "interval", seconds=seconds, id=name)

    @property
    def running(self) -> bool:
        """Whether it ticks."""
        return bool(self._scheduler.running)

    def start(self) -> None:
        """Start ticking."""
        self._scheduler.start()

    def stop(self) -> None:
        """Let running ticks finish, and start no other."""
        self._scheduler.shutdown(wait=True)


def _forgiving(name: str, tick: Tick) -> Callable[[], None]:
    """A tick that meets a database out of reach says so, and comes again."""

    def run() -> None:
        try:
            tick()
        except Unavailable as error:
            log.warning("tick.database_unavailable", tick=name, error=str(error))

    return run
