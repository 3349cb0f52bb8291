"""The referee of the clock: from what was so and what was asked, whether every prompt came when it had to.

The rule is written again here, in the plainest form that is still right, and shares nothing with the one that
the bot plans by. A prompt has to come at the first moment at which some open question wants to be asked,
nobody who is meant is left in peace by quiet hours, five minutes have passed since the last prompt, and that
one has been delivered; whatever wants to be asked by then comes along.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

Key = tuple[str, str]

TICK = timedelta(seconds=1)
SPACING = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)
MOST = 2
# What is delivered within this was seen when it was asked.
AT_ONCE = timedelta(seconds=30)
BEAT, TIME_OUT = "re-evaluation", "time-out"
# What is asked once is never asked again, even where it was settled and comes back.
ONCE = (BEAT, TIME_OUT, "without", "returned")
# That a shift ends is told once, that somebody has led for long enough is asked twice.
BEFORE_END = "shift"
# What only asks people to think waits while somebody has put off what the thread asks; so does a time-out,
# unless something happened that calls for it.
PATIENT = ("differential", "other")
PATIENT_CALLS = ("sure", "unchanged")
# What was promised for a time and is put off to a later one is asked anew.
PROMISED = ("result", "window", "action")


@dataclass(frozen=True, slots=True)
class Hours:
    """Quiet hours, in minutes of the local day."""

    starts: int
    ends: int
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A question that is open: when it is due, when it may come again, and who is meant.

    *apart* is how long it comes after another one of its kind, at the earliest.
    """

    kind: str
    about: str = ""
    due: datetime
    repeat: timedelta | None = None
    apart: timedelta | None = None
    to: str | None = None

    @property
    def key(self) -> Key:
        """What makes it the same question."""
        return self.kind, self.about


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Re-evaluations: each interval since the last one is a new question, and activity puts it off."""

    since: datetime
    interval: timedelta
    active_at: datetime

    def due(self, place: int) -> datetime:
        """When the question of an interval is due."""
        return self.since + place * self.interval

    def place(self, at: datetime) -> int:
        """The interval that a moment belongs to."""
        return max((at - self.since) // self.interval, 1)

    def key(self, place: int) -> Key:
        """What the question of an interval is called."""
        return BEAT, f"{self.due(place):%Y%m%dT%H%M}"

    def wanted(self, place: int) -> datetime:
        """When it wants to be asked: after a third of an interval of silence, two thirds late at most."""
        due = self.due(place)
        return max(due, min(self.active_at + self.interval / 3, due + self.interval * 2 / 3))


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person did with a question: put it off, or had it closed."""

    snoozed: datetime | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """How an incident stands from a moment on."""

    at: datetime
    severity: int
    lead: str | None = None
    off: bool = False
    resolved: bool = False
    questions: tuple[Open, ...] = ()
    rhythm: Rhythm | None = None
    marks: Mapping[Key, Mark] = field(default_factory=dict)
    quiet: Mapping[str, Hours] = field(default_factory=dict)

    def heard(self, to: str | None, at: datetime) -> datetime:
        """The first moment from *at* on at which whoever is meant may be asked."""
        hours = self.quiet.get(to or self.lead or "", self.quiet.get(""))
        return at if hours is None or self.severity <= 2 else _first_outside(hours, at)


@dataclass(frozen=True, slots=True)
class Ask:
    """Questions that were asked in the message of a number; *delivered* is when people could see it."""

    at: datetime
    living: int
    keys: frozenset[Key]
    delivered: datetime | None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that should not have happened: what, when, and the details."""

    what: str
    at: datetime
    detail: str


@dataclass(slots=True)
class Verdict:
    """What the referee found: how late each prompt was that had to come, and every fault."""

    late: list[timedelta] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    asked: int = 0
    coalesced: int = 0


@dataclass(slots=True)
class _Asked:
    times: int
    seen: datetime


@lru_cache(maxsize=100_000)
def _outside(hours: Hours, minute: datetime) -> datetime:
    zone = ZoneInfo(hours.zone)
    for place in range(2 * 24 * 60):
        local = (minute + place * MINUTE).astimezone(zone)
        clock = local.hour * 60 + local.minute
        within = hours.starts <= clock < hours.ends
        if hours.starts > hours.ends:
            within = clock >= hours.starts or clock < hours.ends
        if not within:
            return minute + place * MINUTE
    raise AssertionError(f"{hours} never end")


def _first_outside(hours: Hours, at: datetime) -> datetime:
    return max(_outside(hours, at.replace(second=0, microsecond=0)), at)


class Referee:
    """Follows one incident through its scenes and prompts; *away* is when no bot could do anything."""

    def __init__(self, away: Sequence[tuple[datetime, datetime]] = ()) -> None:
        self.verdict = Verdict()
        self._away = away
        self._scene: Scene | None = None
        self._ledger: dict[Key, _Asked] = {}
        self._posted: datetime | None = None
        self._free_at: datetime | None = None
        self._since: datetime | None = None
        self._owed: datetime | None = None

    def judge(self, scenes: Sequence[Scene], asks: Sequence[Ask], until: datetime) -> Verdict:
        """Go through everything in its order."""
        events: list[Scene | Ask] = sorted([*scenes, *asks], key=_order)
        for each in events:
            if isinstance(each, Scene):
                self._enter(each)
            else:
                self._hear(each)
        self._wait_until(until)
        self._miss(until)
        return self.verdict

    def _enter(self, scene: Scene) -> None:
        """Facts have changed. What had to be asked by now and still has to be goes on being late."""
        self._wait_until(scene.at)
        before, self._scene, self._since = self._owed, scene, scene.at
        due = {question.key: question.due for question in scene.questions}
        self._ledger = {key: led for key, led in self._ledger.items() if _goes_on(key, led, due)}
        now = self._earliest()
        if before and (now is None or now > scene.at):
            self._miss(scene.at)
        self._owed = before if before and now and now <= scene.at else None

    def _wait_until(self, at: datetime) -> None:
        """Nothing is asked until then: was anything owed?"""
        due = self._earliest()
        if due is not None and due < at and self._owed is None:
            self._owed = due

    def _miss(self, at: datetime) -> None:
        """What was owed was not asked before it was needed no more."""
        if self._owed and at - self._excused(self._owed) > TICK:
            self._fault("missed", at, f"owed since {self._owed}")
        self._owed = None

    def _hear(self, ask: Ask) -> None:
        self._wait_until(ask.at)
        assert self._scene, "a prompt of an incident that nobody has opened"
        if self._free_at is None or self._free_at <= ask.at:
            self._judge_time(ask)
            self._posted, self._free_at = (
                _seen(ask),
                ask.delivered or datetime.max.replace(tzinfo=ask.at.tzinfo),
            )
        self._judge_keys(ask)
        for key in ask.keys:
            led = self._ledger.get(key)
            back = led is not None and self._comes_back(key, led)
            times = (min(led.times, 1) if back else led.times) if led else 0
            self._ledger[key] = _Asked(times + 1, max(_seen(ask), self._posted or ask.at))
        self._since, self._owed = ask.at, None

    def _judge_time(self, ask: Ask) -> None:
        due = self._owed or self._earliest()
        if due is None or due > ask.at:
            self._fault("early", ask.at, f"{_named(ask.keys)}, not to be asked before {due}")
            return
        self.verdict.late.append(max(ask.at - self._excused(due), timedelta()))
        if self.verdict.late[-1] > TICK:
            self._fault("late", ask.at, f"{_named(ask.keys)}, owed since {due}")
        self.verdict.asked += len(ask.keys)
        self.verdict.coalesced += len(ask.keys) if len(ask.keys) > 1 else 0

    def _judge_keys(self, ask: Ask) -> None:
        wanted = {key for key, at in self._wanted(ask.at) if at <= ask.at}
        for key in ask.keys - wanted:
            led = self._ledger.get(key)
            what = "doubled" if led and not self._comes_back(key, led) else "uncalled"
            self._fault(what, ask.at, f"{_named([key])}, asked {led and led.times} times")
        # What joins a prompt that waits for Slack may do so when it likes.
        if self._since and self._posted and ask.at == self._posted and wanted - ask.keys:
            self._fault("left out", ask.at, _named(wanted - ask.keys))

    def _earliest(self) -> datetime | None:
        """The first moment from here on at which a prompt has to come."""
        if self._scene is None or self._since is None or self._scene.off:
            return None
        gates = [self._since, self._free_at, self._posted and self._posted + SPACING]
        gate = max(each for each in gates if each)
        return min((at for _, at in self._wanted(gate)), default=None)

    def _wanted(self, gate: datetime) -> Iterator[tuple[Key, datetime]]:
        """The questions that want to be asked, and when, not before *gate*."""
        scene = self._scene
        assert scene
        for question in scene.questions:
            at = self._comes(question.key, question.due, question.repeat)
            if at:
                floors = [gate, self._room(question) or gate]
                if _patient(question) and question.key not in self._ledger:
                    floors += _put_off(scene)
                at = self._possible(question.to, max([at, *floors]))
                if not _superseded(question, scene, at):
                    yield question.key, at
        if scene.rhythm:
            yield from self._beat(scene, scene.rhythm, gate)

    def _beat(self, scene: Scene, rhythm: Rhythm, gate: datetime) -> Iterator[tuple[Key, datetime]]:
        place = rhythm.place(gate)
        for _ in range(2000):
            at = self._comes(rhythm.key(place), rhythm.wanted(place), None)
            if at:
                # What was asked and put off comes back at its own time, whatever was put off after it.
                put_off = [] if rhythm.key(place) in self._ledger else _put_off(scene)
                at = self._possible(None, max([at, gate, *put_off]))
                if at < rhythm.due(place + 1):
                    yield rhythm.key(place), at
                    return
                place = max(rhythm.place(at), place + 1)
            else:
                place += 1

    def _possible(self, to: str | None, at: datetime) -> datetime:
        """The first moment at which somebody runs who can ask, and whoever is meant may be asked."""
        assert self._scene
        heard = self._scene.heard(to, at)
        runs_again = self._excused(heard)
        # Whoever comes back has a tick for it.
        return heard if runs_again == heard else self._scene.heard(to, runs_again - TICK)

    def _comes(self, key: Key, due: datetime, repeat: timedelta | None) -> datetime | None:
        """When a question wants to come next; None where it was asked, put away or answered for good."""
        led, mark = self._ledger.get(key), self._mark(key)
        if mark.closed:
            return None
        if led is None:
            return due
        if self._comes_back(key, led):
            return mark.snoozed
        return max(led.seen + repeat, due) if repeat and led.times < MOST else None

    def _room(self, question: Open) -> datetime | None:
        """From when on there is room for it after others of its kind."""
        others = [
            led.seen
            for key, led in self._ledger.items()
            if key[0] == question.kind and key != question.key and question.apart
        ]
        return max(others) + question.apart if others and question.apart else None

    def _comes_back(self, key: Key, led: _Asked) -> bool:
        """Whether it was put off after it was seen, so that it comes again at that time."""
        snoozed = self._mark(key).snoozed
        return snoozed is not None and snoozed > led.seen

    def _mark(self, key: Key) -> Mark:
        return self._scene.marks.get(key, Mark()) if self._scene else Mark()

    def _excused(self, due: datetime) -> datetime:
        """Nobody can ask while nothing runs."""
        return next((ends for begins, ends in self._away if begins <= due < ends), due)

    def _fault(self, what: str, at: datetime, detail: str) -> None:
        self.verdict.faults.append(Fault(what, at, detail))


def _patient(question: Open) -> bool:
    called = question.kind == TIME_OUT and question.about.startswith(PATIENT_CALLS)
    return called or question.kind in PATIENT


def _put_off(scene: Scene) -> list[datetime]:
    """Until when anything of the thread was put off."""
    return [mark.snoozed for mark in scene.marks.values() if mark.snoozed]


def _goes_on(key: Key, led: _Asked, due: Mapping[Key, datetime]) -> bool:
    """Whether what was asked still counts; what has come back since is asked from its beginning."""
    if key[0] in PROMISED and key in due and led.seen < due[key]:
        return False
    return key in due or key[0] in ONCE or (key[0] == "handoff" and key[1].startswith(BEFORE_END))


def _superseded(question: Open, scene: Scene, at: datetime) -> bool:
    """Whether a later time-out has taken its place by then."""
    same = [each for each in scene.questions if each.kind == question.kind == TIME_OUT]
    return any(question.due < each.due <= at for each in same)


def _seen(ask: Ask) -> datetime:
    """From when on people can have seen it."""
    return ask.delivered if ask.delivered and ask.delivered - ask.at > AT_ONCE else ask.at


def _order(event: Scene | Ask) -> tuple[datetime, int]:
    return event.at, 0 if isinstance(event, Scene) else 1


def _named(keys: Sequence[Key] | frozenset[Key] | set[Key]) -> str:
    return ", ".join(sorted(" ".join(key).strip() for key in keys))
