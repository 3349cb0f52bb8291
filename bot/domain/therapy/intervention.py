"""An intervention that was started: its window, its outcome, and whether it still has to be taken back."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.ids import UserId
from bot.domain.therapy.treatment import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """One thing that was tried. *bundled_with* names the intervention whose outcome it shares."""

    name: str
    plan: str
    text: str
    by: UserId
    started_at: datetime
    window: timedelta
    target: str | None = None
    expect: str | None = None
    revert: str | None = None
    irreversible: bool = False
    bundled_with: str | None = None
    outcome: Outcome | None = None
    words: str = ""
    ended_at: datetime | None = None
    extended: bool = False
    reverted_at: datetime | None = None
    revert_waived_by: UserId | None = None
    revert_waived_why: str = ""

    @property
    def active(self) -> bool:
        """Whether its outcome is waited for; what is bundled waits for that of another."""
        return self.ended_at is None and self.bundled_with is None

    @property
    def due(self) -> datetime:
        """When its window is over."""
        return self.started_at + self.window * (2 if self.extended else 1)

    @property
    def owes_revert(self) -> bool:
        """Whether it failed and is still in place, and nobody answers for that."""
        return self.outcome is Outcome.FAILED and self.reverted_at is None and self.revert_waived_by is None


def ended(running: Intervention, outcome: Outcome, words: str, at: datetime) -> Intervention:
    """The intervention after somebody said what became of it.

    An unclear outcome extends the window once. Said again before the window would have been over it changes
    nothing, and afterwards it counts as failed. What is reverted before anybody said more stays unclear, and
    so does what is called unclear after it has ended: nothing starts it anew.
    """
    if outcome is Outcome.REVERTED:
        return replace(
            running,
            outcome=running.outcome or Outcome.UNCLEAR,
            words=running.words or words,
            ended_at=running.ended_at or at,
            reverted_at=at,
        )
    early = at < running.started_at + running.window
    if outcome is Outcome.UNCLEAR and (early or not running.extended):
        return _left_open(running, words)
    known = Outcome.FAILED if outcome is Outcome.UNCLEAR else outcome
    return replace(running, outcome=known, words=words, ended_at=running.ended_at or at)


def _left_open(running: Intervention, words: str) -> Intervention:
    if running.ended_at is not None:
        return replace(running, outcome=Outcome.UNCLEAR, words=words)
    return running if running.extended else replace(running, extended=True, words=words)


def bundle_of(interventions: Iterable[Intervention], first: Intervention) -> list[Intervention]:
    """What was done while *first* was running, and so shares what becomes of it."""
    return [each for each in interventions if each.bundled_with == first.name]


def companions_of(interventions: Iterable[Intervention], one: Intervention) -> list[Intervention]:
    """Everything else in the bundle of *one*, whether it was the first or not."""
    first = one.bundled_with or one.name
    others = (each for each in interventions if each.name != one.name)
    return [each for each in others if first in {each.name, each.bundled_with}]


def with_bundle(interventions: Iterable[Intervention], first: Intervention) -> str:
    """The names of *first* and of what was done with it: "A1 and C1"."""
    *names, last = [first.name, *(each.name for each in bundle_of(interventions, first))]
    return f"{', '.join(names)} and {last}" if names else last


def is_reverted(interventions: Iterable[Intervention], first: Intervention) -> str:
    """What can be said when *first* and its bundle were taken back: "A1 and C1 are reverted"."""
    names = with_bundle(interventions, first)
    return f"{names} {'is' if names == first.name else 'are'} reverted"
