"""A simulated ward: the real bot, its store and the sandbox, under a clock that jumps to what comes next.

It jumps to the next due row, to what somebody does, or to the next thing that breaks. The bot is thrown away
and wired anew, dies with a notice in hand, and at times cannot reach Slack or its database.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import exists, func, or_, select

from bot.domain.ids import IncidentNumber
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox
from bot.store import outbox as owed
from bot.store.session import Database, Session, Unavailable
from bot.store.tables import cards, digest_orders, outbox, paces, reviews, rosters
from bot.wiring import Bot, wire
from tests.benchmarks.clock_facts import asked_in, called_now, handing_now, living_of, scene_of
from tests.benchmarks.clock_handoffs import HANDING, Shifts
from tests.benchmarks.clock_journal import Journal
from tests.benchmarks.clock_outage import DatabaseOutage
from tests.benchmarks.clock_people import People
from tests.benchmarks.clock_referee import Ask, Key, Scene
from tests.conversation import settings

TICK = timedelta(seconds=1)
Act = Callable[[], object]
Span = tuple[datetime, datetime]


class SimulatedClock:
    """A clock that stands still until it jumps."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The time."""
        return self.now


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is known of one incident at the end."""

    scenes: list[Scene]
    asks: list[Ask]


class Ward:
    """One bot, its people, and what happens to them."""

    def __init__(self, sandbox: Sandbox, slack: SandboxClient, url: str, begins: datetime, seed: int) -> None:
        self.clock = SimulatedClock(begins)
        self.slack, self.eyes = slack, Database(url)
        self.people = People(slack, self.eyes, seed)
        self.journal = Journal(slack)
        self.away: list[Span] = []
        self.closed_until = begins
        self.recorded: defaultdict[int, Recorded] = defaultdict(lambda: Recorded([], []))
        self.care: dict[int, float] = {}
        self.shifts: dict[str, Shifts] = {}
        self._settings = settings(sandbox, url)
        self._outage = DatabaseOutage(url)
        self._script: list[tuple[datetime, int, Act]] = []
        self._places = count()
        self._touched: set[IncidentNumber] = set()
        self._dies = False
        self.steps = 0
        self.bot: Bot | None = self._wired()

    def close(self) -> None:
        """End everything."""
        if self.bot:
            self.bot.stop()
        self.eyes.close()

    # What happens.

    def at(self, moment: datetime, act: Act) -> None:
        """Have something happen at a moment, whatever else is broken then."""
        heapq.heappush(self._script, (moment, next(self._places), act))

    def does(self, moment: datetime, act: Act) -> None:
        """Have somebody do something; while nothing works, they wait until it does."""

        def try_it() -> None:
            if self.clock.now < self.closed_until:
                later = self.closed_until + timedelta(seconds=self.people.draw.randint(2, 600))
                self.does(later, act)
                return
            act()

        self.at(moment, try_it)

    def works_on(
        self, number: IncidentNumber, moment: datetime, act: Callable[[IncidentNumber], object]
    ) -> None:
        """Have somebody do something about an incident."""

        def do_it() -> None:
            act(number)
            self.touch(number)

        self.does(moment, do_it)

    def touch(self, number: IncidentNumber) -> None:
        """Something was done about an incident."""
        self._touched.add(number)

    def duty_goes_over(self) -> None:
        """The end of a shift is a fact about every incident, whether or not the bot looks at them."""
        self._touched |= {IncidentNumber(number) for number in self.recorded}

    def restart(self) -> None:
        """Throw the bot away, and have another one take its place."""
        if self.bot:
            self.bot.stop()
            self.bot = self._wired()
            self.listens()

    def die(self) -> None:
        """The next time that something is owed, the bot dies with it in hand."""
        self._dies = True

    def nothing_runs(self, span: timedelta) -> None:
        """No process runs for a while."""
        if self.bot:
            self.bot.stop()
        self.bot = None
        self._close_for(span)

        def begin() -> None:
            self.bot = self._wired()
            self.listens()

        self.at(self.clock.now + span, begin)

    def slack_is_out(self, span: timedelta) -> None:
        """Every call is refused for a while; the bot goes on as far as it can."""
        self.slack.fault("*", "server_error", times=-1)
        self.closed_until = self.clock.now + span
        self.at(self.clock.now + span, self.slack.clear_faults)

    def slack_loses(self, answers: int) -> None:
        """The next posts get through, but nobody hears of it; then Slack wants us to wait."""
        self.slack.fault("chat.postMessage", "reset_after", times=answers)
        self.slack.fault("chat.postMessage", "rate_limited", times=1, retry_after=20)

    def database_is_out(self, span: timedelta) -> None:
        """Nobody reaches the database for a while: a few ticks find that out."""
        self._outage.begin()
        self._close_for(span)
        for place in range(3):
            self.at(self.clock.now + place * span / 3, self._finds_out)
        self.at(self.clock.now + span, self._database_is_back)

    def _database_is_back(self) -> None:
        self._outage.end()
        # Our own connections have ended, too; the bot has to get over the loss of its own by itself.
        self.eyes.close()

    def _close_for(self, span: timedelta) -> None:
        self.closed_until = self.clock.now + span
        self.away.append((self.clock.now, self.closed_until + TICK))

    def _finds_out(self) -> None:
        assert self.bot
        for tick in (self.bot.clockwork.tick, self.bot.relay.drain):
            try:
                tick()
            except Unavailable:
                continue
            raise AssertionError("the database should be out of reach")

    # What time does.

    def runs(self, until: datetime) -> None:
        """Let everything happen that is to happen until then."""
        while (moment := self._next()) <= until:
            self.steps += 1
            self.clock.now = moment
            self.slack.clock(set_to=moment.timestamp())
            self._follow_script()
            if self.bot and not self._outage.on:
                self._ticks(self.bot)
            if self.steps % 500 == 0:
                self.journal.read()
        self.clock.now = until
        self.journal.read()

    def _follow_script(self) -> None:
        """Let people act, and things break. Only meanwhile does Slack deliver anything.

        The bot's own posts come to it as events, too, which costs much, and which it ignores.
        """
        if not self._script or self._script[0][0] > self.clock.now:
            return
        self.listens()
        while self._script and self._script[0][0] <= self.clock.now:
            heapq.heappop(self._script)[2]()
        self.slack.transport(None)

    def listens(self) -> None:
        """Have Slack tell the bot what people do."""
        if self.bot:
            self.slack.transport(f"{self.bot.url}/slack/events")

    def _next(self) -> datetime:
        """The next moment at which anything can happen, at a whole second."""
        scripted = self._script[0][0] if self._script else datetime.max.replace(tzinfo=UTC)
        due = self._due() if self.bot and not self._outage.on else None
        moment = min(scripted, due) if due else scripted
        whole = moment.replace(microsecond=0)
        moment = whole if whole == moment else whole + TICK
        return max(moment, self.clock.now + TICK)

    def _due(self) -> datetime | None:
        now = self.clock.now
        waits = outbox.c.settled_at.is_(None) & outbox.c.blocked_at.is_(None)
        stuck = select(func.count()).where(waits, outbox.c.due_at <= now)
        card = (cards.c.wanted > cards.c.sent) & cards.c.blocked_at.is_(None) & (cards.c.due_at > now)
        with self.eyes.reading() as session:
            found = session.execute(
                select(
                    select(func.min(reviews.c.due_at)).scalar_subquery(),
                    select(func.min(outbox.c.due_at)).where(waits, outbox.c.due_at > now).scalar_subquery(),
                    select(func.min(cards.c.due_at)).where(card).scalar_subquery(),
                    select(func.min(digest_orders.c.due_at)).scalar_subquery(),
                    select(func.min(rosters.c.turn_at)).scalar_subquery(),
                    select(func.min(rosters.c.warn_at)).scalar_subquery(),
                    select(func.min(paces.c.free_at)).where(paces.c.free_at > now).scalar_subquery(),
                    stuck.scalar_subquery(),
                )
            ).one()
        *due, free_at, waiting = found
        return min((each for each in (*due, free_at if waiting else None) if each), default=None)

    def _ticks(self, bot: Bot) -> None:
        """What the scheduler does each second."""
        now = self.clock.now
        with self.eyes.reading() as session:
            # When duty goes over, or soon will, every incident is looked at.
            duty = exists().where(or_(rosters.c.turn_at <= now, rosters.c.warn_at <= now))
            due = select(reviews.c.incident).where(or_(reviews.c.due_at <= now, duty))
            found = session.execute(due).scalars()
            before = {number: asked_in(session, IncidentNumber(number)) for number in found.all()}
        try:
            bot.clockwork.tick()
            # Only now does each question whose trigger is the diagnosis have its row.
            self._record_touched()
        except Unavailable:
            # The scheduler would say so and come again.
            self.at(now + TICK, lambda: None)
        # What is delivered late counts as asked only then, so we look before that.
        self._record_asked(before)
        self._delivers(bot)

    def _delivers(self, bot: Bot) -> None:
        try:
            if self._dies:
                bot = self._died(bot)
            bot.relay.drain()
        except Unavailable:
            self.at(self.clock.now + TICK, lambda: None)

    def _died(self, bot: Bot) -> Bot:
        with bot.desk.database.quietly() as session:
            taken = owed.take(session, self.clock.now)
        if taken is None:
            return bot
        self._dies = False
        bot.stop()
        self.bot = self._wired()
        return self.bot

    def _wired(self) -> Bot:
        bot = wire(self._settings, self.clock)
        bot.serve()
        return bot

    # What is remembered.

    def _record_touched(self) -> None:
        with self.eyes.reading() as session:
            for number in self._touched:
                self.recorded[number].scenes.append(scene_of(session, number, self.clock.now, self.shifts))
        self._touched.clear()

    def _record_asked(self, before: dict[int, dict[Key, datetime | None]]) -> None:
        now = self.clock.now
        with self.eyes.reading() as session:
            for name, had in before.items():
                number = IncidentNumber(name)
                has = asked_in(session, number)
                keys = frozenset(key for key, at in has.items() if at and at != had.get(key))
                if self._called(session, number) or self._handed(session, number):
                    # Time alone has called for it, or the bot itself has handed over at the end of a shift.
                    self.recorded[name].scenes.append(scene_of(session, number, now, self.shifts))
                if keys:
                    self.recorded[name].asks.append(Ask(now, living_of(session, number), keys, None))
                    self._maybe_answered(number)

    def _called(self, session: Session, number: IncidentNumber) -> bool:
        """Whether the diagnosis asks for more than we know of, for the first time or again."""
        known = {each.key for each in self.recorded[number].scenes[-1].questions}
        return bool(called_now(session, number) - known)

    def _handed(self, session: Session, number: IncidentNumber) -> bool:
        """Whether something else is asked about its handoffs than we know of."""
        last = self.recorded[number].scenes[-1]
        known = {(each.key, each.due) for each in last.questions if each.kind in HANDING}
        return known != handing_now(session, number, self.clock.now, self.shifts)

    def _maybe_answered(self, number: IncidentNumber) -> None:
        """Somebody reacts to a prompt after some minutes, or nobody does."""
        draw = self.people.draw
        if draw.random() < self.care.get(number, 0.0):
            after = timedelta(minutes=0.2 + draw.expovariate(1 / 7))
            self.works_on(number, self.clock.now + after, self.people.answers)


@contextmanager
def ward(sandbox: Sandbox, url: str, begins: datetime, seed: int) -> Iterator[Ward]:
    """A ward with a fresh world, which ends with the block."""
    with SandboxClient(sandbox.url) as slack:
        slack.reset()
        slack.delivery(answer_timeout=10.0)
        slack.clock(set_to=begins.timestamp())
        with closing(Ward(sandbox, slack, url, begins, seed)) as found:
            yield found
