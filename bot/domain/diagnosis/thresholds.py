"""Test, treat or watch: the thresholds of Pauker and Kassirer (1975, 1980), in minutes of impact.

They equate regrets: not treating what is true costs *delay*, treating what is not true costs *harm*, and
testing costs its *minutes* beside what its errors make of the other two.
"""

from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """What to do about a hypothesis."""

    TREAT = "treat"
    TEST = "test"
    WATCH = "watch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """B, C: the minutes lost by not treating what is true, and by treating what is not; both above 0."""

    delay: float
    harm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """T, Se, Sp: what a test takes, and how often it is right about what is true and about what is not."""

    minutes: float
    sensitivity: float
    specificity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Where the advice changes; *lower* and *upper* are None without a test."""

    treat: float
    lower: float | None = None
    upper: float | None = None

    @property
    def tests(self) -> bool:
        """Whether any probability makes the test worth its minutes."""
        return self.lower is not None and self.upper is not None and self.lower < self.upper

    @property
    def limits(self) -> tuple[float, ...]:
        """The probabilities at which the advice changes."""
        if self.lower is not None and self.upper is not None and self.lower < self.upper:
            return self.lower, self.upper
        return (self.treat,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to do at a probability, and the limit that decided."""

    act: Act
    p: float
    limit: float
    tested: bool


def thresholds(costs: Costs, trial: Trial | None = None) -> Thresholds:
    """The limits for these costs and, where there is one, this test."""
    treat = costs.harm / (costs.delay + costs.harm)
    if trial is None:
        return Thresholds(treat=treat)
    false_alarm = costs.harm * (1 - trial.specificity)
    cleared = costs.harm * trial.specificity
    return Thresholds(
        treat=treat,
        lower=_share(false_alarm + trial.minutes, false_alarm + costs.delay * trial.sensitivity),
        upper=_share(cleared - trial.minutes, cleared + costs.delay * (1 - trial.sensitivity)),
    )


def _share(part: float, whole: float) -> float | None:
    """A limit; a test that never sees anything, or never clears anything, has none."""
    return part / whole if whole else None


def advise(p: float, limits: Thresholds) -> Advice:
    """What to do at *p*: below the lower limit watch, between the limits test, from the upper one treat."""
    if limits.lower is None or limits.upper is None or limits.upper <= limits.lower:
        act = Act.TREAT if p >= limits.treat else Act.WATCH
        return Advice(act=act, p=p, limit=limits.treat, tested=limits.lower is not None)
    if p < limits.lower:
        return Advice(act=Act.WATCH, p=p, limit=limits.lower, tested=True)
    if p < limits.upper:
        return Advice(act=Act.TEST, p=p, limit=limits.upper, tested=True)
    return Advice(act=Act.TREAT, p=p, limit=limits.upper, tested=True)


def explain(advice: Advice, plan: str) -> str:
    """The advice in one line: "roll back now: p = .31 is above .14"."""
    p, limit = _short(advice.p), _short(advice.limit)
    if advice.act is Act.TREAT:
        side = "is" if p == limit else "is above"
        return f"{plan} now: p = {p} {side} {limit}"
    if advice.act is Act.TEST:
        return f"test before you {plan}: p = {p} is below {limit}"
    return f"watch, or look at another hypothesis: p = {p} is below {limit}"


def _short(p: float) -> str:
    """A probability in two digits, as the thresholds are written: .31."""
    return f"{p:.2f}".removeprefix("0")
