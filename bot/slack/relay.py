"""Pays the debts of the outbox: takes a notice, renders it, makes the call, records what became of it.

Taking, calling and recording are three steps: no transaction is open while Slack is waited for. A call whose
outcome nobody knows is looked for before it is made again.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import assert_never

import structlog

from bot.domain.errors import NoSuchIncident
from bot.domain.heard import Deletion, mentioned
from bot.domain.ids import IncidentNumber, MessageTs, TeamId, shown
from bot.domain.notice import (
    HintOwed,
    IncidentOpened,
    MembersWanted,
    MessageWanted,
    Notice,
    PersonWanted,
    PostingBlocked,
    ReceiptChanged,
    TextWanted,
)
from bot.slack import requests
from bot.slack.gateway import Blocked, CannotRead, Done, Gateway, Hopeless, NotNow, Outcome, Uncertain
from bot.slack.render.calls import Call, React, Whisper
from bot.slack.render.card import post_card, update_card
from bot.slack.render.thread import blocked, render_in_thread
from bot.store import cards, incidents, outbox, people
from bot.store.outbox import Owed
from bot.store.session import Database, Session, Unavailable
from bot.usecases.follow_channel import know_channel, know_person
from bot.usecases.log_entry import complete_text
from bot.usecases.mark_message import cannot_read, fill_entry
from bot.usecases.open_incident import want_people
from bot.usecases.read_chart import read_chart
from bot.usecases.withdraw_message import withdraw_message

log = structlog.get_logger()
Clock = Callable[[], datetime]
Wanted = MessageWanted | TextWanted | MembersWanted | PersonWanted

WORKERS = 4
LONGEST_PAUSE = timedelta(minutes=5)
IDLE_SECONDS = 1.0


class Relay:
    """Delivers what is owed, with a few workers that every commit wakes."""

    def __init__(self, database: Database, gateway: Gateway, clock: Clock) -> None:
        self._database = database
        self._gateway = gateway
        self._clock = clock
        self._news = threading.Semaphore(0)
        self._stopping = threading.Event()
        self._workers: list[threading.Thread] = []

    def start(self, workers: int = WORKERS) -> None:
        """Start delivering."""
        self._workers = [
            threading.Thread(target=self._work, name=f"relay-{number}", daemon=True)
            for number in range(workers)
        ]
        for worker in self._workers:
            worker.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Let every worker finish the call it is at, and no other."""
        self._stopping.set()
        for _ in self._workers:
            self._news.release()
        for worker in self._workers:
            worker.join(timeout)

    def wake(self) -> None:
        """Something may be owed."""
        if self._workers:
            self._news.release()

    def drain(self) -> int:
        """Deliver all that is due by the clock; the number of calls that were tried."""
        tried = 0
        while not self._stopping.is_set() and self._step():
            tried += 1
        return tried

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                self.drain()
            except Unavailable as error:
                log.warning("relay.database_unavailable", error=str(error))
            self._news.acquire(timeout=IDLE_SECONDS)

    def _step(self) -> bool:
        """Deliver one notice or one card; False when nothing is due."""
        now = self._clock()
        with self._database.quietly() as session:
            owed = outbox.take(session, now)
            card = None if owed else cards.take(session, now)
        if owed:
            self._guarded(owed, self._deliver)
        elif card:
            self._send_card(card)
        return bool(owed or card)

    def _guarded(self, owed: Owed, deliver: Callable[[Owed], None]) -> None:
        """Whatever goes wrong is written down, and tried again later."""
        try:
            deliver(owed)
        except Unavailable:
            # The attempt is booked already, so the notice falls due again by itself.
            raise
        except Exception as error:
            log.exception("relay.failed", key=owed.key, attempts=owed.attempts)
            with self._database.quietly() as session:
                at = self._clock() + pause(owed.attempts)
                outbox.again(session, owed, at=at, error=repr(error), since=owed.uncertain_since)

    def _deliver(self, owed: Owed) -> None:
        match owed.notice:
            case MessageWanted() | TextWanted() | MembersWanted() | PersonWanted():
                self._ask(owed, owed.notice)
            case HintOwed():
                self._hint(owed, owed.notice)
            case _:
                self._call(owed)

    def _call(self, owed: Owed) -> None:
        with self._database.reading() as session:
            call, card_version = _rendered(session, owed)
        if call is None:
            self._record(owed, Hopeless("nothing to post to"))
            return
        outcome = self._perform(owed, call)
        self._record(owed, outcome, card_version)

    def _perform(self, owed: Owed, call: Call) -> Outcome:
        """Make the call, unless an earlier attempt with an uncertain outcome turns out to have been one."""
        if owed.uncertain_since is not None:
            try:
                found = self._gateway.find(call, key=owed.key, since=owed.uncertain_since)
            except CannotRead as error:
                return Uncertain(f"cannot look: {error}")
            if found:
                return Done(found)
        return self._gateway.perform(call, key=owed.key)

    def _record(self, owed: Owed, outcome: Outcome, card_version: int | None = None) -> None:
        now = self._clock()
        with self._database.writing() as session:
            match outcome:
                case Done(ts):
                    _remember_root(session, owed, ts, card_version)
                    outbox.settle(session, owed, now, ts)
                case NotNow(error, after):
                    at = now + (after or pause(owed.attempts))
                    outbox.again(session, owed, at=at, error=error, since=None)
                case Uncertain(error):
                    since = owed.uncertain_since or now
                    outbox.again(session, owed, at=now + pause(owed.attempts), error=error, since=since)
                case Blocked(error):
                    self._park(session, owed, error, now)
                case Hopeless(error):
                    _give_up(session, owed, error, now)
                case _:
                    assert_never(outcome)
        log.info("relay.delivered", key=owed.key, outcome=type(outcome).__name__, attempts=owed.attempts)

    def _park(self, session: Session, owed: Owed, error: str, now: datetime) -> None:
        """Keep the lane waiting, and tell the person who opened the incident how to mend it."""
        notice = owed.notice
        outbox.block(session, owed, now, error)
        if not isinstance(notice, IncidentOpened):
            return
        incident = incidents.get(session, owed.team, notice.incident)
        told = PostingBlocked(
            incident=notice.incident, channel=incident.channel, user=incident.opened_by, error=error
        )
        outbox.put(session, owed.team, told, key=f"blocked:{notice.incident}:{error}", now=now)

    def _hint(self, owed: Owed, hint: HintOwed) -> None:
        """Say it once and in time, or not at all."""
        now = self._clock()
        if owed.uncertain_since is not None or now > hint.expires_at:
            self._record(owed, Hopeless("too late to say"))
            return
        call = Whisper(channel=hint.channel, thread_ts=hint.thread_ts, user=hint.user, text=hint.text)
        outcome = self._gateway.perform(call, key=owed.key)
        again = isinstance(outcome, NotNow)
        self._record(owed, outcome if again or isinstance(outcome, Done) else Hopeless("not said"))

    def _ask(self, owed: Owed, wanted: Wanted) -> None:
        """Ask Slack for something, and hand the answer to the use case that wants it."""
        try:
            use = self._answer(owed, wanted)
        except CannotRead as error:
            if isinstance(error.outcome, NotNow | Uncertain):
                self._record(owed, NotNow(error.outcome.error, getattr(error.outcome, "after", None)))
                return
            use = self._unreadable(owed, wanted)
        with self._database.writing() as session:
            use(session)
            outbox.settle(session, owed, self._clock())

    def _answer(self, owed: Owed, wanted: Wanted) -> Callable[[Session], None]:
        team, now = owed.team, self._clock()
        match wanted:
            case MessageWanted():
                found = self._gateway.message(wanted.channel, wanted.ts)
                if found is None:
                    return self._unreadable(owed, wanted)
                reply = requests.any_message(team, wanted.channel, found)
                return lambda session: fill_entry(session, wanted, reply, key=owed.key, now=now)
            case TextWanted():
                found = self._gateway.message(wanted.channel, wanted.ts)
                if found is None:
                    return _nothing
                whole = requests.any_message(team, wanted.channel, found)
                return lambda session: complete_text(session, whole)
            case MembersWanted():
                who = self._gateway.conversation(wanted.channel).members
                return lambda session: know_channel(session, team, wanted.channel, who)
            case PersonWanted():
                person = self._gateway.person(wanted.user)
                return lambda session: know_person(
                    session, team, wanted.user, name=person.name, zone=person.zone
                )
            case _:
                assert_never(wanted)

    def _unreadable(self, owed: Owed, wanted: Wanted) -> Callable[[Session], None]:
        """Say so to the person who waits for the answer; of the others nobody waits."""
        log.warning("relay.unreadable", key=owed.key)
        if not isinstance(wanted, MessageWanted):
            return _nothing
        now = self._clock()
        return lambda session: cannot_read(
            session, owed.team, wanted, channel=wanted.channel, key=owed.key, now=now
        )

    def _send_card(self, card: cards.Card) -> None:
        with self._database.reading() as session:
            chart = read_chart(session, card.team, card.incident)
        call = update_card(chart)
        outcome: Outcome = Hopeless("no root") if call is None else self._gateway.perform(call, key="")
        now = self._clock()
        with self._database.quietly() as session:
            match outcome:
                case Done():
                    cards.sent(session, card, now)
                    want_people(session, card.team, {entry.author for entry in chart.recent}, now)
                case NotNow(error, after):
                    cards.again(session, card, at=now + (after or pause(card.attempts)), error=error)
                case Uncertain(error):
                    cards.again(session, card, at=now + pause(card.attempts), error=error)
                case Blocked(error) | Hopeless(error):
                    cards.block(session, card, now, error)
                case _:
                    assert_never(outcome)
        if outcome == Hopeless("message_not_found") and call is not None:
            lost = Deletion(team=card.team, channel=call.channel, ts=call.ts, thread_ts=None)
            with self._database.writing() as session:
                withdraw_message(session, lost, now)


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, five minutes at most."""
    return min(timedelta(seconds=2 ** min(attempts, 10)), LONGEST_PAUSE)


def _nothing(_session: Session) -> None:
    """Nobody waits for this answer."""


def _rendered(session: Session, owed: Owed) -> tuple[Call | None, int | None]:
    """The call that delivers a notice, and for a chart which version of its card it shows."""
    notice, team = owed.notice, owed.team
    match notice:
        case IncidentOpened():
            version = cards.wanted(session, team, notice.incident)
            return post_card(read_chart(session, team, notice.incident), again=notice.again), version
        case ReceiptChanged():
            return (
                React(channel=notice.channel, ts=notice.ts, emoji=notice.emoji, present=notice.present),
                None,
            )
        case PostingBlocked():
            return blocked(shown(notice.incident), notice.channel, notice.user, notice.error), None
        case MessageWanted() | TextWanted() | MembersWanted() | PersonWanted() | HintOwed():
            return None, None
        case _:
            return _thread_post(session, team, notice), None


def _thread_post(session: Session, team: TeamId, notice: Notice) -> Call | None:
    number: IncidentNumber = notice.incident  # type: ignore[union-attr]
    try:
        incident = incidents.get(session, team, number)
    except NoSuchIncident:
        return None
    if incident.thread_ts is None:
        return None
    names = people.names(session, team, mentioned(notice.model_dump_json()))
    return render_in_thread(notice, incident.channel, incident.thread_ts, names)  # type: ignore[arg-type]


def _remember_root(session: Session, owed: Owed, ts: MessageTs | None, card_version: int | None) -> None:
    """The thread of an incident is known from here on."""
    if isinstance(owed.notice, IncidentOpened) and ts is not None:
        incident = incidents.get(session, owed.team, owed.notice.incident)
        incidents.add_thread(session, owed.team, incident.number, incident.channel, ts)
        cards.shown(session, owed.team, incident.number, card_version or 0)


def _give_up(session: Session, owed: Owed, error: str, now: datetime) -> None:
    """Keep it with its error for somebody to look at, and let the lane go on."""
    outbox.give_up(session, owed, now, error)
    log.warning("relay.given_up", key=owed.key, error=error)
