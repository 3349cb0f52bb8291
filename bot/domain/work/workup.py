"""The workup: differential, tests, plans, interventions, actions, contingencies, after all that was done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.diagnosis.arguing import Stance
from bot.domain.diagnosis.differential import Differential
from bot.domain.diagnosis.testing import Result, Test
from bot.domain.doing.action import Action
from bot.domain.ids import UserId
from bot.domain.readiness.contingency import Contingency
from bot.domain.readiness.said import Judged, Said
from bot.domain.signs.stability import Condition, Vitals, condition_of
from bot.domain.therapy.intervention import Intervention
from bot.domain.work.steps import Planned


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something said for or against a hypothesis."""

    stance: Stance
    words: str
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One step of the differential's history: what happened, and the probabilities it left.

    *moved* says in one line which numbers changed, "" where none did.
    """

    at: datetime
    by: UserId
    label: str
    moved: str
    probabilities: Mapping[str, float]

    @property
    def told(self) -> str:
        """What happened and what it moved; that something is ruled out is one of the moves, and said once."""
        if not self.moved:
            return self.label
        return self.moved if self.label in self.moved.split(", ") else f"{self.label}: {self.moved}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workup:
    """Where diagnosis and treatment stand.

    *onset* is when it began, as *onset_by* has said. *judged* is a person's word for how the incident is, as
    long as it counts; see `judging.stability_word`. *attested* says by `Nothing` of what there is none; what
    is done later outdates it, as do later entries that are not part of the workup.
    """

    differential: Differential = field(default_factory=Differential)
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    tests: tuple[Test, ...] = ()
    results: tuple[Result, ...] = ()
    discriminating: int = 0
    plans: tuple[Planned, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    history: tuple[Change, ...] = ()
    vitals: Vitals = field(default_factory=Vitals)
    actions: tuple[Action, ...] = ()
    letters_given: int = 0
    tests_given: int = 0
    plans_given: frozenset[str] = frozenset()
    names_given: frozenset[str] = frozenset()
    actions_given: int = 0
    contingencies: tuple[Contingency, ...] = ()
    contingencies_given: int = 0
    impact: Said | None = None
    onset: datetime | None = None
    onset_by: UserId | None = None
    judged: Judged | None = None
    attested: Mapping[str, Said] = field(default_factory=dict)

    @property
    def open_tests(self) -> tuple[Test, ...]:
        """The tests that nobody has brought a verdict of."""
        done = {result.test for result in self.results}
        return tuple(test for test in self.tests if test.number not in done)

    @property
    def open_actions(self) -> tuple[Action, ...]:
        """The actions that are still to be done."""
        return tuple(each for each in self.actions if each.open)

    @property
    def active(self) -> Intervention | None:
        """The one intervention that is running."""
        return next((each for each in self.interventions if each.active), None)

    @property
    def condition(self) -> Condition:
        """How the incident is, by its vital signs."""
        return condition_of(self.vitals, self.active.name if self.active else None)

    @property
    def holding(self) -> tuple[Contingency, ...]:
        """The contingencies that one is to act by."""
        return tuple(each for each in self.contingencies if each.holds)

    @property
    def owing_revert(self) -> Intervention | None:
        """The failed intervention that has to be taken back, or waived, before anything else is tried."""
        return next((each for each in self.interventions if each.owes_revert), None)

    @property
    def empty(self) -> bool:
        """Whether nobody has named, asked or tried anything."""
        return not (self.differential.hypotheses or self.tests or self.interventions)

    def test(self, number: int) -> Test | None:
        """The test of that number."""
        return next((test for test in self.tests if test.number == number), None)

    def result(self, number: int) -> Result | None:
        """What the test of that number showed."""
        return next((result for result in self.results if result.test == number), None)

    def action(self, number: int) -> Action | None:
        """The action of that number."""
        return next((each for each in self.actions if each.number == number), None)

    def contingency(self, number: int) -> Contingency | None:
        """The contingency of that number."""
        return next((each for each in self.contingencies if each.number == number), None)

    def intervention(self, name: str) -> Intervention | None:
        """The intervention of that name."""
        return next((each for each in self.interventions if each.name == name), None)
