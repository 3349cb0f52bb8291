"""How incidents went over a period: how long things took, how well work was aimed, how handoffs were done.

What an incident did since it was opened counts for those opened in the period; what can only be said of a
whole incident counts for those resolved in it. Nothing is said of what there is none of.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import isclose
from statistics import median

from bot.domain.diagnosis.testing import Verdict
from bot.domain.digest.calibration import brier, calibration
from bot.domain.digest.document import Calibration
from bot.domain.export.course import first_differential, ranks, true_cause
from bot.domain.handoff.scoring import COMPLETE
from bot.domain.ids import IncidentNumber
from bot.domain.incident import Incident
from bot.domain.therapy.treatment import Outcome
from bot.domain.work.workup import Change, Workup


@dataclass(frozen=True, slots=True)
class Case:
    """An incident that was opened or resolved in the period, and its workup."""

    incident: Incident
    workup: Workup


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt to hand an incident over, or, *without* one, a lead that somebody just took.

    It was *accepted* only after its receiver had read back. The *score* is the Handoff Completeness Score of
    its last version, *five* whether that had all five elements, *overridden* whether somebody had answered
    for something critical that was missing.
    """

    at: datetime
    without: bool = False
    sent: bool = True
    waiting: bool = False
    accepted: bool = False
    score: int = 0
    five: bool = False
    overridden: bool = False

    @property
    def over(self) -> bool:
        """Whether something was sent, and became something."""
        return self.sent and not self.waiting and not self.without

    @property
    def complete(self) -> bool:
        """Whether nothing that counts was missing when the receiver took over."""
        return self.accepted and self.five and self.score >= COMPLETE and not self.overridden


class Milestone(StrEnum):
    """What every incident should come to."""

    DIFFERENTIAL = "differential"
    TEST = "test"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A milestone of an incident: when, and how long after its opening."""

    incident: IncidentNumber
    milestone: Milestone
    at: datetime
    took: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """The figures of a period, and what its picture shows.

    *tests* and *tried* hold a number for each incident that was resolved, *tried* only where something
    worked. *ranks* holds the place of the true cause in the first differential, None where it was not among
    them yet. *cut* says that there were more incidents or attempts, and only the newest are counted.
    """

    since: datetime
    until: datetime
    opened: int
    resolved: int
    reached: tuple[Reached, ...]
    tests: tuple[int, ...]
    tried: tuple[int, ...]
    ranks: tuple[int | None, ...]
    judged: int
    calibration: Calibration | None
    attempts: tuple[Attempt, ...]
    cut: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.opened or self.resolved or self.attempts)

    @property
    def drawable(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self.reached or self.scored)

    @property
    def handed(self) -> tuple[Attempt, ...]:
        """The handoffs that were sent and are over, however they ended."""
        return tuple(each for each in self.attempts if each.over)

    @property
    def scored(self) -> tuple[Attempt, ...]:
        """The handoffs that were accepted: only their scores are whole."""
        return tuple(each for each in self.handed if each.accepted)

    @property
    def score(self) -> float | None:
        """The median score of what was accepted."""
        return median(each.score for each in self.scored) if self.scored else None

    @property
    def without(self) -> int:
        """How often somebody took the lead, and nothing was handed over."""
        return sum(each.without for each in self.attempts)

    def took(self, milestone: Milestone) -> list[timedelta]:
        """How long it took each incident that got there."""
        return [each.took for each in self.reached if each.milestone is milestone]

    def typical(self, milestone: Milestone) -> timedelta | None:
        """The median of these."""
        spans = self.took(milestone)
        return timedelta(seconds=median(each.total_seconds() for each in spans)) if spans else None


def stats(
    cases: Sequence[Case],
    attempts: Iterable[Attempt],
    *,
    since: datetime,
    until: datetime,
    cut: bool = False,
) -> Stats:
    """The figures of the time from *since* to *until*."""
    opened = [case for case in cases if since <= case.incident.opened_at]
    closed = [case for case in cases if case.incident.resolved_at and since <= case.incident.resolved_at]
    judged = [(case.workup, case.incident.diagnosis or "") for case in closed]
    return Stats(
        since=since,
        until=until,
        opened=len(opened),
        resolved=len(closed),
        reached=(
            *(each for case in opened for each in _on_the_way(case)),
            *(_resolution(case, case.incident.resolved_at) for case in closed if case.incident.resolved_at),
        ),
        tests=tuple(len(case.workup.tests) for case in closed),
        tried=tuple(n for case in closed if (n := tried_before_cure(case.workup)) is not None),
        ranks=tuple(rank for case in closed for rank in _rank(case)),
        judged=sum(brier(*each) is not None for each in judged),
        calibration=calibration(judged),
        attempts=tuple(sorted(attempts, key=lambda each: each.at)),
        cut=cut,
    )


def _on_the_way(case: Case) -> Iterator[Reached]:
    found = (
        (Milestone.DIFFERENTIAL, first_differential(case.workup)),
        (Milestone.TEST, first_telling(case.workup)),
    )
    for milestone, change in found:
        if change:
            yield _reached(case.incident, milestone, change.at)


def _resolution(case: Case, at: datetime) -> Reached:
    return _reached(case.incident, Milestone.RESOLUTION, at)


def _reached(incident: Incident, milestone: Milestone, at: datetime) -> Reached:
    # Who marks a message that is older than the incident has done it at once.
    at = max(at, incident.opened_at)
    return Reached(incident=incident.number, milestone=milestone, at=at, took=at - incident.opened_at)


def first_telling(workup: Workup) -> Change | None:
    """The first result that told hypotheses apart: a conclusive one, after which they stood otherwise."""
    labels = {f"T{test.number} {verdict.value}" for test in workup.tests for verdict in Verdict}
    before: Change | None = None
    for change in workup.history:
        if before and change.label in labels and _moved(before, change):
            return change
        before = change
    return None


def _moved(before: Change, now: Change) -> bool:
    earlier, later = before.probabilities, now.probabilities
    # What only rounds otherwise has told nothing.
    return any(
        not isclose(earlier.get(letter, 0.0), later.get(letter, 0.0), abs_tol=1e-9)
        for letter in earlier.keys() | later.keys()
    )


def tried_before_cure(workup: Workup) -> int | None:
    """How many interventions came before the last that worked; None where none did.

    What was done together is one.
    """
    tried = sorted(
        (each for each in workup.interventions if each.bundled_with is None),
        key=lambda each: each.started_at,
    )
    worked = [place for place, each in enumerate(tried) if each.outcome is Outcome.WORKED]
    return worked[-1] if worked else None


def _rank(case: Case) -> Iterator[int | None]:
    """The place of the true cause in the first differential, where both are known."""
    truth = true_cause(case.workup, case.incident.diagnosis)
    first = first_differential(case.workup)
    if truth and first:
        yield ranks(first.probabilities).get(truth.letter)
