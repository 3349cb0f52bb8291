"""The early-warning score and the stability word of an incident, from everything that was read of its signs.

A sign keeps what was last read of it. What nobody can score is unknown, and never counts as 0.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from bot.domain.ids import MessageTs, UserId
from bot.domain.signs.vital_grammar import written_value
from bot.domain.signs.vitals import (
    FALLING,
    FINITE,
    FLAT,
    GRAVE,
    INF,
    MEASURES,
    MISMATCH,
    NAN,
    OK,
    STALLED,
    TIMEOUTS,
    WORST,
    Base,
    Reading,
    Vital,
    base_of,
    scores,
)

# A normal value under an active mitigation is not health.
SUPPORT = 2
EMERGENCY, REVIEW, RISE = 7, 5, 2
CALM = 1
CALM_READINGS = 2
_SAID: Mapping[str, str] = {
    NAN: "is NaN",
    INF: "is infinite",
    FINITE: "is finite",
    STALLED: "is stalled",
    TIMEOUTS: "times out",
    FLAT: "is flat",
    FALLING: "is falling",
    OK: "is right",
    MISMATCH: "does not match",
}


class Stability(StrEnum):
    """How an incident is, in the words of the I-PASS handoff."""

    UNKNOWN = "not known"
    STABLE = "stable"
    WATCHER = "watcher"
    UNSTABLE = "unstable"


_RANKS = {word: rank for rank, word in enumerate(Stability)}


class Alarm(StrEnum):
    """What calls for a look before the next one is due."""

    EMERGENCY = "the score is 7 or more"
    REVIEW = "the score is 5 or 6"
    SINGLE = "one sign is at its worst"
    RISE = "the score has risen by 2 or more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A reading with what it says of the signs."""

    reading: Reading
    scores: Mapping[Vital, int] = field(default_factory=dict)

    @property
    def score(self) -> int | None:
        """The worst of what it says; None where nobody could tell."""
        return max(self.scores.values(), default=None)

    @property
    def lacking(self) -> bool:
        """Whether it is a known sign that nobody can score, for want of what it is compared with."""
        measure = MEASURES.get(self.reading.name)
        said = self.reading.word or self.reading.name == "loss"
        return bool(measure and not said and measure.vital not in self.scores)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What was read at one time, and what is known of all signs after it, by the names of their measures.

    *support* names the mitigation that was active.
    """

    taken: tuple[Taken, ...]
    latest: Mapping[str, Taken] = field(default_factory=dict)
    at: datetime
    by: UserId
    source: str = "typed"
    message: MessageTs | None = None
    support: str | None = None

    @property
    def scored(self) -> bool:
        """Whether it tells anything that counts."""
        return any(each.scores for each in self.taken)

    @property
    def scores(self) -> dict[Vital, int]:
        """What is known of the signs after it."""
        found: dict[Vital, int] = {}
        for each in self.latest.values():
            for vital, score in each.scores.items():
                found[vital] = max(score, found.get(vital, 0))
        return found


@dataclass(frozen=True, slots=True)
class Vitals:
    """All that was read, in order, and what it is compared with."""

    series: tuple[Taking, ...] = ()
    bases: Mapping[str, Base] = field(default_factory=dict)

    @property
    def latest(self) -> tuple[Taken, ...]:
        """The last reading of each sign, in the order in which they were first read."""
        return tuple(self.series[-1].latest.values()) if self.series else ()

    @property
    def scores(self) -> dict[Vital, int]:
        """What is known of the signs."""
        return self.series[-1].scores if self.series else {}

    @property
    def scored(self) -> tuple[Taking, ...]:
        """The takings that tell anything that counts."""
        return tuple(each for each in self.series if each.scored)


def with_taking(vitals: Vitals, new: Taking) -> Vitals:
    """The vitals after *new*, whose readings alone count; lines of the same message are one taking."""
    last = vitals.series[-1] if vitals.series else None
    before = vitals.series
    if last and new.message and last.message == new.message:
        before, new = before[:-1], replace(new, taken=(*last.taken, *new.taken))
    bases = dict(vitals.bases)
    latest = dict(vitals.series[-1].latest) if vitals.series else {}
    taken = []
    for each in new.taken:
        own = base_of(each.reading)
        if own:
            bases[each.reading.name] = own
        scored = replace(each, scores=scores(each.reading, bases.get(each.reading.name)))
        latest[each.reading.name] = scored
        taken.append(scored)
    return Vitals((*before, replace(new, taken=tuple(taken), latest=latest)), bases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How an incident is: its score, the word for it and why, and the signs that nobody knows."""

    word: Stability
    why: str = ""
    score: int | None = None
    unknown: tuple[Vital, ...] = tuple(Vital)
    alarms: frozenset[Alarm] = frozenset()


def condition_of(vitals: Vitals, support: str | None) -> Condition:
    """How an incident is now, with the mitigation that is active, if there is one.

    The word goes up at once and down only after two readings in a row that are lower.
    """
    known = vitals.scores
    if not known:
        return Condition(word=Stability.UNKNOWN, why="nothing was read that has a score")
    takings = vitals.scored
    rise = _rises(takings)[-1] if takings else 0
    now, held = _judged(vitals.latest, known, support, rise), _held(takings)
    word, why = now if _RANKS[now[0]] >= _RANKS[held] else (held, "no two lower readings in a row yet")
    score = _total(known, support)
    return Condition(
        word=word,
        why=why,
        score=score,
        unknown=tuple(vital for vital in Vital if vital not in known),
        alarms=frozenset(_alarms(known, score, rise)),
    )


def _total(known: Mapping[Vital, int], support: str | None) -> int:
    return sum(known.values()) + (SUPPORT if support else 0)


def _alarms(known: Mapping[Vital, int], score: int, rise: int) -> Iterator[Alarm]:
    if score >= REVIEW:
        yield Alarm.EMERGENCY if score >= EMERGENCY else Alarm.REVIEW
    if WORST in known.values():
        yield Alarm.SINGLE
    if rise >= RISE:
        yield Alarm.RISE


def alarms_of(takings: Sequence[Taking]) -> list[frozenset[Alarm]]:
    """What each of the takings calls for, by what was known after it."""
    return [
        frozenset(_alarms(taking.scores, _total(taking.scores, taking.support), rise))
        for taking, rise in zip(takings, _rises(takings), strict=True)
    ]


def _rises(takings: Sequence[Taking]) -> list[int]:
    """By how much the signs got worse from each taking to the next; a sign that was unknown did not rise."""
    known = [each.scores for each in takings]
    rises = [
        sum(score - before[vital] for vital, score in after.items() if vital in before)
        for before, after in pairwise(known)
    ]
    return [0, *rises] if known else []


def _judged(
    latest: Sequence[Taken], known: Mapping[Vital, int], support: str | None, rise: int
) -> tuple[Stability, str]:
    """The word for what is known at one time, and why it is that one."""
    score = _total(known, support)
    worst = [each for each in latest if each.score == WORST]
    grave = [each for each in worst if any(each.scores.get(vital) == WORST for vital in GRAVE)]
    reasons = (
        (Stability.UNSTABLE, "; ".join(map(in_words, grave))),
        (Stability.UNSTABLE, f"a score of {score}" if score >= EMERGENCY else ""),
        (Stability.WATCHER, "; ".join(map(in_words, worst))),
        (Stability.WATCHER, f"up {rise} since the reading before" if rise >= RISE else ""),
        (Stability.WATCHER, f"a score of {score}" if score >= REVIEW else ""),
        (Stability.WATCHER, f"{support} is active" if support else ""),
        (Stability.STABLE, "no sign is at 3" if score else "all known signs are well"),
    )
    return next((word, why) for word, why in reasons if why)


def _held(takings: Sequence[Taking]) -> Stability:
    """The word that the takings leave: up at once, down only where two in a row are lower."""
    held = before = Stability.STABLE
    for taking, rise in zip(takings, _rises(takings), strict=True):
        word, _ = _judged(tuple(taking.latest.values()), taking.scores, taking.support, rise)
        higher = max(word, before, key=_RANKS.__getitem__)
        held = word if _RANKS[word] >= _RANKS[held] else min(held, higher, key=_RANKS.__getitem__)
        before = word
    return held


def in_words(taken: Taken) -> str:
    """A reading as a sentence without its end: "loss is NaN"."""
    reading = taken.reading
    return f"{title(reading.name)} {_SAID.get(reading.word) or f'is {written_value(reading)}'}"


def title(name: str) -> str:
    """The name of a measure as people write it."""
    return name.replace("_", " ")


def unrest(vitals: Vitals) -> str:
    """Why the signs do not count as calm: each at 0 or 1 in two readings in a row, no mitigation active.

    "" where they do, and where nobody knows any.
    """
    last = vitals.scored[-CALM_READINGS:]
    if not vitals.scores:
        return ""
    loud = [each for each in vitals.latest if (each.score or 0) > CALM]
    if loud:
        return "; ".join(f"{in_words(each)} ({each.score})" for each in loud)
    helped = next((each.support for each in last if each.support), None)
    if helped:
        return f"{helped} was active when they were read"
    if len(last) < CALM_READINGS or any(score > CALM for each in last for score in each.scores.values()):
        return "one more reading is missing"
    return ""
