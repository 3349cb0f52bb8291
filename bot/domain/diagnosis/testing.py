"""Tests and their results: what a test asks, how likely a positive result is under each hypothesis, Bayes.

Likelihoods are asked for and never invented: a test without them is listed, but neither ranked nor able to
move the differential. Only "something else" has one by itself: an unnamed cause could show either.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from math import fsum

from bot.domain.diagnosis import estimate
from bot.domain.diagnosis.differential import EXCLUDED, OTHER, Differential, Hypothesis, updated
from bot.domain.errors import NotUnderstood
from bot.domain.ids import UserId

# The three taps by which a person says what a hypothesis expects of a test.
TAPS: Mapping[str, float] = {"would be positive": 0.95, "could be either": 0.5, "would be negative": 0.05}
EITHER = 0.5
# What a test takes when nobody says; it is marked as assumed.
ASSUMED_MINUTES = 10.0


class Verdict(StrEnum):
    """What a test showed."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """A question to the system; *likelihoods* say for each letter how likely it makes a positive result."""

    # pytest takes every class of this name for a case.
    __test__ = False

    number: int
    question: str
    minutes: float | None = None
    owner: UserId | None = None
    due: datetime | None = None
    bears_on: tuple[str, ...] = ()
    likelihoods: Mapping[str, float] = field(default_factory=dict)
    assumption: str | None = None
    script: str | None = None

    @property
    def name(self) -> str:
        """The test as people call it: T1."""
        return f"T{self.number}"

    @property
    def cost(self) -> float:
        """The minutes it takes, or is assumed to take."""
        return self.minutes or ASSUMED_MINUTES

    def expecting(self, likelihoods: Mapping[str, float]) -> "Test":
        """The test with what was said about some hypotheses; each number lies strictly between 0 and 1."""
        held = {letter: min(max(p, estimate.LEAST), estimate.MOST) for letter, p in likelihoods.items()}
        return replace(self, likelihoods={**self.likelihoods, **held})


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a test showed, in a verdict and in the finder's own words."""

    test: int
    verdict: Verdict
    words: str = ""
    output: str | None = None


def read_likelihood(text: str) -> float:
    """How likely a positive result is, from a tap's words or from any probability.

    Raises:
        NotUnderstood: It is neither.
    """
    tap = TAPS.get(" ".join(text.casefold().split()))
    if tap is not None:
        return tap
    try:
        return estimate.read(text).p
    except NotUnderstood:
        taps = ", ".join(f"“{name}”" for name in TAPS)
        raise NotUnderstood(
            f"“{text.strip()[:60]}” is no likelihood.", f"{taps}, or {estimate.menu()}"
        ) from None


def missing(test: Test, differential: Differential) -> list[Hypothesis]:
    """The live hypotheses for which the test has no likelihood, those that it bears on first."""
    unknown = [each for each in differential.live if each.letter not in test.likelihoods]
    return sorted(unknown, key=lambda each: each.letter not in test.bears_on)


def likelihoods_of(test: Test, verdict: Verdict, differential: Differential) -> dict[str, float]:
    """How likely what the test showed is under each hypothesis it knows, and under "something else"."""
    letters = [each.letter for each in differential.hypotheses if each.letter in test.likelihoods]
    positive = {letter: test.likelihoods[letter] for letter in letters} | {
        OTHER: test.likelihoods.get(OTHER, EITHER)
    }
    if verdict is Verdict.NEGATIVE:
        return {letter: 1 - p for letter, p in positive.items()}
    return positive


def after(differential: Differential, test: Test, verdict: Verdict) -> Differential:
    """The differential after a result.

    An inconclusive one changes nothing, nor does one of a test whose likelihoods are not complete.
    """
    if verdict is Verdict.INCONCLUSIVE or missing(test, differential):
        return differential
    return updated(differential, likelihoods_of(test, verdict, differential))


def is_discriminating(test: Test, verdict: Verdict, differential: Differential) -> bool:
    """Whether a result told hypotheses apart: it was conclusive, and they did not all expect the same."""
    if verdict is Verdict.INCONCLUSIVE or missing(test, differential):
        return False
    return len(set(likelihoods_of(test, verdict, differential).values())) > 1


def ruled_out(before: Differential, now: Differential) -> list[Hypothesis]:
    """The hypotheses that a result took below 1 %."""
    return [each for each in now.live if now.p(each.letter) < EXCLUDED <= before.p(each.letter)]


def accuracy(test: Test, letter: str, differential: Differential) -> tuple[float, float]:
    """The test's sensitivity and specificity for one hypothesis against all others as they stand now."""
    positive = likelihoods_of(test, Verdict.POSITIVE, differential)
    others = {each: p for each, p in differential.probabilities.items() if each != letter}
    false = fsum(p * positive[each] for each, p in others.items()) / fsum(others.values())
    return positive[letter], 1 - false
