"""Pays the debts of the outbox: takes a notice, renders it, makes the call, records what became of it.

Taking, calling and recording are three steps: no transaction is open while Slack is waited for. A call whose
outcome nobody knows is looked for before it is made again.
"""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from queue import Full, Queue
from typing import assert_never

import structlog

from bot.domain.errors import TooEarly
from bot.domain.heard import Deletion
from bot.domain.ids import TeamId
from bot.domain.notice import (
    Brought,
    DigestCompiled,
    ExportWanted,
    HandoffFiled,
    HintOwed,
    IncidentOpened,
    InsistWanted,
    MembersWanted,
    MessageWanted,
    OpinionsDue,
    PersonWanted,
    PictureWanted,
    PostChanged,
    PostGone,
    PostingBlocked,
    Prompted,
    StatsWanted,
    TextWanted,
    ThreadNotice,
    ThreadWanted,
    TimeUp,
    TrendsWanted,
)
from bot.slack import errands
from bot.slack.errands import Wanted
from bot.slack.exporting import post_export
from bot.slack.gateway import (
    SILENCING,
    Blocked,
    CannotRead,
    Done,
    Gateway,
    Hopeless,
    NotNow,
    Outcome,
    Uncertain,
)
from bot.slack.handoff_file import post_handoff_file
from bot.slack.naming import know_named, people_on
from bot.slack.posts import Posted, rendered
from bot.slack.render import thread as render
from bot.slack.render.calls import Update
from bot.slack.render.card import update_card
from bot.slack.stats_file import post_stats
from bot.slack.uploading import post_picture
from bot.store import cards, incidents, outbox, paces
from bot.store.cards import Card
from bot.store.outbox import Owed
from bot.store.session import Database, Session, Unavailable
from bot.usecases.open_incident import want_people
from bot.usecases.read_chart import read_chart
from bot.usecases.review_incident import prompt_delivered
from bot.usecases.second_opinion import close_round
from bot.usecases.send_digest import digest_blocked, digest_delivered
from bot.usecases.withdraw_message import withdraw_message

log = structlog.get_logger()
Clock = Callable[[], datetime]
Post = Callable[[Gateway, Database, Owed, Clock], Outcome]
_FILES: Mapping[type[Brought], Post] = {
    PictureWanted: post_picture,
    TrendsWanted: post_picture,
    HandoffFiled: post_handoff_file,
    ExportWanted: post_export,
    StatsWanted: post_stats,
}

WORKERS = 4
LONGEST_PAUSE = timedelta(minutes=1)
# What fails in the same unforeseen way this often is our own mistake, and nothing else may wait for it.
PATIENCE = 8


class Relay:
    """Delivers what is owed, with a few workers that every commit wakes."""

    def __init__(self, database: Database, gateway: Gateway, clock: Clock, *, paced: bool = True) -> None:
        self._database = database
        self._paced = paced
        self._gateway = gateway
        self._clock = clock
        # One token a worker is enough: whoever takes it delivers all that is due, however much that is.
        self._tokens: Queue[None] = Queue(maxsize=WORKERS)
        self._ends_at: float | None = None
        self._workers: list[threading.Thread] = []

    def start(self) -> None:
        """Start delivering, beginning with what is owed already."""
        names = [f"relay-{number}" for number in range(WORKERS)]
        self._workers = [threading.Thread(target=self._work, name=name, daemon=True) for name in names]
        for worker in self._workers:
            worker.start()
        self.wake()

    def stop(self, patience: float = 5.0) -> None:
        """Deliver what is due, for so long at most, then let every worker finish the call it is at."""
        self._ends_at = time.monotonic() + patience
        for _ in self._workers:
            self.wake()
        for worker in self._workers:
            worker.join(max(self._ends_at - time.monotonic(), 0.0))

    def wake(self) -> None:
        """Something may be owed."""
        with suppress(Full):
            self._tokens.put_nowait(None)

    def drain(self) -> int:
        """Deliver all that is due by the clock; the number of calls that were tried."""
        tried = 0
        while self._may_go_on() and self._step():
            tried += 1
        return tried

    def _may_go_on(self) -> bool:
        return self._ends_at is None or time.monotonic() < self._ends_at

    def _work(self) -> None:
        while self._ends_at is None:
            self._tokens.get()
            try:
                self.drain()
            except Unavailable as error:
                log.warning("relay.database_unavailable", error=str(error))

    def _step(self) -> bool:
        """Deliver one notice or one card, whatever may go wrong; False when nothing is due."""
        now = self._clock()
        with self._database.quietly() as session:
            taken = outbox.take(session, now, paced=self._paced) or cards.take(session, now)
        if taken is None:
            return False
        try:
            self._deliver(taken)
        except Unavailable:
            # The attempt is booked already, so what was taken falls due again by itself.
            raise
        except Exception as error:
            log.exception("relay.failed", taken=taken)
            self._write_down(taken, repr(error))
        return True

    def _write_down(self, taken: Owed | Card, error: str) -> None:
        """Try again later what failed in a way that nobody has foreseen."""
        now = self._clock()
        with self._database.writing() as session:
            if isinstance(taken, Card):
                cards.again(session, taken, at=now + pause(taken.attempts), error=error)
            elif taken.attempts >= PATIENCE and taken.last_error == error:
                outbox.give_up(session, taken, now, error)
            else:
                at = now + pause(taken.attempts)
                outbox.again(session, taken, at=at, error=error, certain=False)

    def _deliver(self, taken: Owed | Card) -> None:
        if isinstance(taken, Card):
            self._send_card(taken)
            return
        match taken.notice:
            case (
                MessageWanted()
                | InsistWanted()
                | TextWanted()
                | ThreadWanted()
                | MembersWanted()
                | PersonWanted()
            ):
                self._ask(taken, taken.notice)
            case TimeUp() | OpinionsDue():
                self._wake_up(taken, taken.notice)
            case HintOwed():
                self._hint(taken, taken.notice)
            case PictureWanted() | TrendsWanted() | HandoffFiled() | ExportWanted() | StatsWanted():
                self._bring(taken, _FILES[type(taken.notice)])
            case _:
                self._post(taken, taken.notice)

    def _wake_up(self, owed: Owed, notice: TimeUp | OpinionsDue) -> None:
        """Something is due: nothing is asked of Slack for it, but the chart has to show it."""
        now = self._clock()
        with self._database.writing() as session:
            if isinstance(notice, OpinionsDue):
                close_round(session, owed.team, notice.incident, notice.round, now)
            cards.touch(session, owed.team, notice.incident)
            outbox.settle(session, owed, now)

    def _post(self, owed: Owed, notice: Posted) -> None:
        """Make the call, unless an earlier attempt with an uncertain outcome turns out to have been one."""
        if isinstance(notice, render.News):
            know_named(self._gateway, self._database, owed.team, notice, self._clock())
        with self._database.reading() as session:
            shown = rendered(session, owed.team, notice, self._clock())
        call, version = shown.call, shown.version
        if call is None:
            # A post that is not there yet will look as it should when it comes; a digest has come too late.
            needless = isinstance(notice, PostChanged | PostGone | DigestCompiled)
            self._record(owed, Done() if needless else Hopeless("nothing to post to"))
            return
        if owed.uncertain_since is not None:
            try:
                found = self._gateway.find(call, key=owed.key, since=owed.uncertain_since)
            except CannotRead as error:
                self._record(owed, error.outcome, certain=False)
                return
            if found:
                self._record(owed, Done(found, before=True))
                return
        outcome = self._gateway.perform(call, key=owed.key)
        if isinstance(notice, PostChanged) and outcome == Hopeless("message_not_found"):
            # Whoever deleted the post does not want to see it anew.
            outcome = Done()
        self._record(owed, outcome, version=version)

    def _bring(self, owed: Owed, post: Post) -> None:
        """Bring a file, a step at a time."""
        try:
            outcome = post(self._gateway, self._database, owed, self._clock)
        except CannotRead as error:
            self._record(owed, error.outcome, certain=False)
            return
        self._record(owed, outcome)

    def _record(
        self, owed: Owed, outcome: Outcome, *, certain: bool = True, version: int | None = None
    ) -> None:
        """Write down what became of a notice; *certain* where no earlier attempt can have got through."""
        now = self._clock()
        with self._database.writing() as session:
            match outcome:
                case Done():
                    _settle(session, owed, outcome, version, now)
                case NotNow():
                    _put_off(session, owed, outcome, now, certain=certain)
                case Uncertain(error):
                    at = now + pause(owed.attempts)
                    outbox.again(session, owed, at=at, error=error, certain=False)
                case Blocked(error):
                    _park(session, owed, error, now, certain=certain)
                case Hopeless(error):
                    outbox.give_up(session, owed, now, error)
                case _:
                    assert_never(outcome)
        told = log.info if isinstance(outcome, Done) else log.warning
        told("relay.outcome", key=owed.key, attempts=owed.attempts, outcome=repr(outcome))

    def _hint(self, owed: Owed, hint: HintOwed) -> None:
        """Say it once and in time, or not at all."""
        if owed.uncertain_since is not None or self._clock() > hint.expires_at:
            # Late it is worth nothing, and said twice it would only puzzle: nobody has to look after it.
            self._record(owed, Done())
            return
        outcome = self._gateway.perform(render.hint(hint), key=owed.key)
        if isinstance(outcome, Uncertain | Blocked):
            outcome = Done()
        self._record(owed, outcome)

    def _ask(self, owed: Owed, wanted: Wanted) -> None:
        """Ask Slack for something. Where it refuses, only a person who waits for the answer is told."""
        try:
            use = errands.ask(self._gateway, owed, wanted, self._clock())
        except CannotRead as error:
            refused = isinstance(error.outcome, Hopeless) or isinstance(wanted, MessageWanted)
            if isinstance(error.outcome, NotNow | Uncertain) or not refused:
                self._record(owed, error.outcome)
                return
            log.warning("relay.unreadable", key=owed.key, error=str(error))
            use = errands.do_without(owed, wanted, self._clock())
        try:
            with self._database.writing() as session:
                use(session)
                outbox.settle(session, owed, self._clock())
        except TooEarly:
            self._record(owed, NotNow("too early"))

    def _send_card(self, card: Card) -> None:
        with self._database.reading() as session:
            chart = read_chart(session, card.team, card.incident, self._clock())
        call = update_card(chart)
        outcome: Outcome = Hopeless("no root") if call is None else self._gateway.perform(call, key="")
        now = self._clock()
        with self._database.writing() as session:
            match outcome:
                case Done():
                    cards.sent(session, card, now)
                    want_people(session, card.team, people_on(chart), now)
                case NotNow(error, after):
                    _close(session, card.team, outcome, now)
                    cards.again(session, card, at=now + (after or pause(card.attempts)), error=error)
                case Uncertain(error):
                    cards.again(session, card, at=now + pause(card.attempts), error=error)
                case Blocked(error):
                    cards.block(session, card, now, error)
                case Hopeless(error):
                    _lose_card(session, card, call, error, now)
                case _:
                    assert_never(outcome)


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, a minute at most."""
    return min(timedelta(seconds=2 ** min(attempts, 10)), LONGEST_PAUSE)


def _settle(session: Session, owed: Owed, done: Done, version: int | None, now: datetime) -> None:
    """It was delivered, and what waits for that goes on."""
    notice = owed.notice
    if isinstance(notice, IncidentOpened) and done.ts is not None:
        _remember_root(session, owed, notice, done, version, now)
    outbox.settle(session, owed, now, done.ts)
    if isinstance(notice, Prompted):
        prompt_delivered(session, owed.team, notice, now)
    if isinstance(notice, DigestCompiled) and done.ts is not None:
        digest_delivered(session, owed.team, notice, now)


def _put_off(session: Session, owed: Owed, outcome: NotNow, now: datetime, *, certain: bool) -> None:
    """Try again later. What waits for its place keeps its turn among the others that do."""
    closed = _close(session, owed.team, outcome, now, owed.place)
    kept = closed is not None and closed == owed.place
    at = owed.due_at if kept else now + (outcome.after or pause(owed.attempts))
    outbox.again(session, owed, at=at, error=outcome.error, certain=certain)


def _close(
    session: Session, team: TeamId, outcome: NotNow, now: datetime, channel: str | None = None
) -> str | None:
    """Where Slack told us to wait, everybody waits: its answer counts for the channel or for the method."""
    if outcome.after is None or outcome.method is None:
        return None
    place = channel if outcome.method == paces.POSTING else f"{paces.METHOD}{outcome.method}"
    if place:
        paces.close(session, team, place, now + outcome.after)
    return place


def _park(session: Session, owed: Owed, error: str, now: datetime, *, certain: bool) -> None:
    """Keep the lane waiting, and tell the person who opened the incident how to mend it."""
    outbox.block(session, owed, now, error, certain=certain)
    if error in SILENCING:
        return
    if isinstance(owed.notice, DigestCompiled):
        digest_blocked(session, owed.team, owed.notice, error, now)
    if not isinstance(owed.notice, IncidentOpened | ThreadNotice):
        return
    incident = incidents.get(session, owed.team, owed.notice.incident)
    told = PostingBlocked(
        incident=incident.number, channel=incident.channel, user=incident.opened_by, error=error
    )
    outbox.put(session, owed.team, told, key=f"blocked:{owed.key}:{error}", now=now)


def _lose_card(session: Session, card: Card, call: Update | None, error: str, now: datetime) -> None:
    """Slack does not take this version. A chart that is gone is posted anew."""
    if call is not None and error == "message_not_found":
        gone = Deletion(team=card.team, channel=call.channel, ts=call.ts, thread_ts=None)
        withdraw_message(session, gone, now)
    cards.give_up(session, card, now, error)
    log.warning("relay.card_refused", incident=card.incident, error=error)


def _remember_root(
    session: Session, owed: Owed, notice: IncidentOpened, done: Done, version: int | None, now: datetime
) -> None:
    """The thread of an incident is known from here on, and which version of the card its root shows."""
    assert done.ts is not None  # noqa: S101 - a post that is done has one.
    incident = incidents.get(session, owed.team, notice.incident)
    incidents.add_thread(session, owed.team, incident.number, incident.channel, done.ts)
    cards.shown(session, owed.team, incident.number, 0 if done.before else version or 0)
    if done.before:
        # It has stood there for a while without our knowing, so replies to it have passed us by.
        missed = ThreadWanted(channel=incident.channel, ts=done.ts)
        outbox.put(session, owed.team, missed, key=f"missed:{incident.channel}:{done.ts}", now=now)
