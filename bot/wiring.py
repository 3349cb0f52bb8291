"""The composition root: settings go in, a running bot comes out. Nothing else knows the clock."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
import uvicorn

from bot.clockwork import Clockwork
from bot.config import Settings
from bot.scheduler import Scheduler, Tick
from bot.slack.app import build
from bot.slack.catch_up import catch_up_if_away
from bot.slack.desk import Desk
from bot.slack.gateway import CannotRead, Gateway
from bot.slack.relay import Relay
from bot.slack.rosters import Rosters, readers
from bot.slack.socket import Socket
from bot.slack.watchdog import Watchdog
from bot.store import backlog, cards, receipts, reviews, shifts, uploads
from bot.store.schema import check
from bot.store.session import Database, Unavailable
from bot.store.sole import Busy, announce, hold
from bot.web.server import LISTENERS, server, site

log = structlog.get_logger()
Clock = Callable[[], datetime]

START_SECONDS = 10.0
DRAIN_SECONDS = 5.0


def utc_now() -> datetime:
    """The time, for everything that is not a test."""
    return datetime.now(UTC)


@dataclass
class Bot:
    """A bot that can be started and stopped; *ending* is set when it should be."""

    settings: Settings
    desk: Desk
    relay: Relay
    clockwork: Clockwork
    rosters: Rosters
    scheduler: Scheduler
    web: uvicorn.Server
    socket: Socket | None
    pool: ThreadPoolExecutor
    ending: threading.Event
    dead: bool = False
    _web_thread: threading.Thread | None = None
    _held: ExitStack = field(default_factory=ExitStack)

    @property
    def url(self) -> str:
        """Where HTTP is served, once it is started."""
        host, port = self.web.servers[0].sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"

    def start(self) -> None:
        """Start everything, whether or not Slack can be reached.

        Raises:
            Busy: Another process has the SQLite file.
            WrongSchema: The database needs a migration first.
        """
        self._held.enter_context(hold(self.settings.database_file) or nullcontext())
        check(self.desk.database)
        self._held.enter_context(announce(self.desk.database, self._take_over))
        self._try_parked()
        self.serve()
        self.relay.start()
        if self.socket:
            self.socket.start()
        self.scheduler.start()

    def _take_over(self) -> None:
        """Nobody else can be sending, so what a dead process had in hand need not wait for its lease."""
        with self.desk.database.quietly() as session:
            backlog.release(session, self.desk.clock())
            cards.release(session, self.desk.clock())

    def _try_parked(self) -> None:
        """Whoever starts us again may have mended what was in the way, for instance our token."""
        with self.desk.database.quietly() as session:
            backlog.wake_all(session, self.desk.clock())
            cards.wake_all(session, self.desk.clock())

    def serve(self) -> None:
        """Answer requests, without delivering what they owe: for tests, which deliver when they say so.

        Raises:
            Busy: The address is taken.
        """
        self._web_thread = threading.Thread(target=self.web.run, name="web", daemon=True)
        self._web_thread.start()
        until = threading.Event()
        for _ in range(int(START_SECONDS / 0.005)):
            if self.web.started or not self._web_thread.is_alive():
                break
            until.wait(0.005)
        if not self.web.started:
            raise Busy(f"Cannot serve on {self.settings.rounds_host}:{self.settings.rounds_port}.")

    def die(self) -> None:
        """End, so that a supervisor starts us anew."""
        self.dead = True
        self.ending.set()

    def socket_ready(self) -> None:
        """Wait until Slack is connected, a few seconds at most."""
        for _ in range(int(START_SECONDS / 0.01)):
            if self.socket is None or self.socket.is_alive():
                return
            self.ending.wait(0.01)

    def stop(self) -> None:
        """Drain: requests that have arrived are answered, then what is owed is posted, a few seconds each."""
        self.ending.set()
        # Each step is taken whatever becomes of those before it; the last one named comes first.
        with ExitStack() as steps:
            steps.callback(self.desk.database.close)
            steps.callback(self._held.close)
            steps.callback(self.relay.stop, DRAIN_SECONDS)
            if self.scheduler.running:
                steps.callback(self.scheduler.stop)
            steps.callback(self.clockwork.stop)
            steps.callback(self._stop_serving)
            if self.socket:
                steps.callback(self.socket.stop, DRAIN_SECONDS)

    def _stop_serving(self) -> None:
        self.web.should_exit = True
        if self._web_thread:
            self._web_thread.join(DRAIN_SECONDS)
        self.pool.shutdown(wait=True, cancel_futures=True)


def wire(settings: Settings, clock: Clock = utc_now) -> Bot:
    """Put a bot together, without starting it."""
    token = settings.slack_bot_token.get_secret_value()
    database = Database(settings.rounds_database_url)
    gateway = Gateway(token, settings.slack_api_url)
    desk = Desk(database, gateway, clock)
    relay = Relay(database, gateway, clock, paced=settings.rounds_pace == "slack")
    database.after_commit = relay.wake
    secret = settings.slack_signing_secret
    in_socket_mode = settings.slack_app_token is not None
    app = build(
        desk,
        token=token,
        signing_secret=None if in_socket_mode or secret is None else secret.get_secret_value(),
    )
    ending = threading.Event()
    clockwork = Clockwork(database, clock, desk.address)
    rosters = Rosters(database, clock, readers(gateway), ending)
    socket = None
    if settings.slack_app_token:
        socket = Socket(
            app, app_token=settings.slack_app_token.get_secret_value(), base_url=settings.slack_api_url
        )
    pool = ThreadPoolExecutor(LISTENERS, thread_name_prefix="listener")
    routes = site(None if in_socket_mode else app, lambda: health(desk, socket), pool)
    bot = Bot(
        settings=settings,
        desk=desk,
        relay=relay,
        clockwork=clockwork,
        rosters=rosters,
        scheduler=Scheduler(_ticks(desk, relay, clockwork, rosters, socket, ending)),
        web=server(routes, settings.rounds_host, settings.rounds_port),
        socket=socket,
        pool=pool,
        ending=ending,
    )
    if socket:
        patience = timedelta(seconds=settings.rounds_watchdog_seconds)
        watchdog = Watchdog(gateway, socket.is_alive, patience, bot.die)
        bot.scheduler.add("watchdog", min(10, patience.total_seconds() / 3), lambda: watchdog.look(clock()))
    return bot


def _ticks(
    desk: Desk,
    relay: Relay,
    clockwork: Clockwork,
    rosters: Rosters,
    socket: Socket | None,
    ending: threading.Event,
) -> dict[str, tuple[float, Tick]]:
    """What happens again and again: each is due by rows in the database, so a missed one is made up for."""
    return {
        "relay": (1, relay.wake),
        "clockwork": (1, clockwork.tick),
        "rosters": (5, rosters.tick),
        "catch_up": (5, lambda: _catch_up(desk, socket, ending)),
        "tidy": (3600, lambda: _tidy(desk)),
    }


def _catch_up(desk: Desk, socket: Socket | None, ending: threading.Event) -> None:
    if socket is None or socket.is_alive():
        with suppress(CannotRead):
            catch_up_if_away(desk, ending.is_set)


def _tidy(desk: Desk) -> None:
    with desk.database.unhurried() as session:
        receipts.forget_old(session, desk.clock())
        backlog.forget_old(session, desk.clock())
        uploads.forget_old(session)
        shifts.forget_past(session, desk.clock())


def health(desk: Desk, socket: Socket | None) -> dict[str, object]:
    """Whether the database answers and Slack is connected, and how much is owed."""
    connected = socket is None or socket.is_alive()
    try:
        with desk.database.reading() as session:
            owed, asked = backlog.owed(session), reviews.late(session, desk.clock())
    except Unavailable:
        return {"ok": False, "connected": connected, "why": "the database does not answer"}
    waiting = {"waiting": owed.waiting, "blocked": owed.blocked, "prompts_due": asked.due}
    return {"ok": True, "connected": connected, **waiting}
