"""An intervention that was started: its window, its outcome, and whether it still has to be taken back."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.ids import UserId
from bot.domain.treatment import Outcome


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

    An unclear outcome extends the window once and counts as failed the second time. What is reverted before
    anybody said more stays unclear.
    """
    if outcome is Outcome.REVERTED:
        return replace(
            running,
            outcome=running.outcome or Outcome.UNCLEAR,
            words=running.words or words,
            ended_at=running.ended_at or at,
            reverted_at=at,
        )
    if outcome is Outcome.UNCLEAR and not running.extended:
        return replace(running, extended=True, words=words)
    known = Outcome.FAILED if outcome is Outcome.UNCLEAR else outcome
    return replace(running, outcome=known, words=words, ended_at=at)


def bundle_of(interventions: Iterable[Intervention], first: Intervention) -> list[Intervention]:
    """What was done while *first* was running, and so shares its outcome."""
    return [each for each in interventions if each.bundled_with == first.name]
