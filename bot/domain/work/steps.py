"""Steps of the work: what was named, asked, found, tried and decided; a fold of them is where it stands.

A step is stored as JSON, so a field may be added with a default but never renamed. Letters, test numbers and
names of interventions are part of the step: they are given once and stay for life.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.domain.diagnosis.arguing import Stance
from bot.domain.diagnosis.differential import Proposed
from bot.domain.diagnosis.estimate import Estimate, How
from bot.domain.diagnosis.testing import Verdict
from bot.domain.ids import MessageTs, UserId
from bot.domain.readiness.said import Nothing
from bot.domain.signs.stability import Stability
from bot.domain.signs.vitals import Reading
from bot.domain.therapy.treatment import Outcome


class _Step(BaseModel):
    model_config = ConfigDict(frozen=True)


class Suspect(_Step):
    """A hypothesis as it was named; without *p* its place among the others counts."""

    letter: str
    statement: str
    p: float | None = None
    how: How = How.RANKING
    impact: int | None = None
    assumption: str | None = None

    def proposed(self) -> Proposed:
        """The same, as the differential takes it."""
        estimate = None if self.p is None else Estimate(self.p, self.how)
        return Proposed(
            statement=self.statement, estimate=estimate, impact=self.impact, assumption=self.assumption
        )


class Named(_Step):
    """New hypotheses, in the order in which they were named."""

    step: Literal["named"] = "named"
    hypotheses: tuple[Suspect, ...]


class Reestimated(_Step):
    """Another probability, impact or assumption of a hypothesis; None is left as it was."""

    step: Literal["reestimated"] = "reestimated"
    letter: str
    p: float | None = None
    how: How = How.NUMBER
    impact: int | None = None
    assumption: str | None = None


class Argued(_Step):
    """Evidence for or against a hypothesis, or what it would have shown and did not."""

    step: Literal["argued"] = "argued"
    letter: str
    stance: Stance
    words: str


class RuledOut(_Step):
    """A hypothesis was eliminated by hand; *test* names what did it."""

    step: Literal["ruled_out"] = "ruled_out"
    letter: str
    test: int | None = None


class Waived(_Step):
    """Somebody answers for a must-not-miss that was not excluded."""

    step: Literal["waived"] = "waived"
    letter: str
    reason: str


class Pooled(_Step):
    """What several people thought apart: new hypotheses, then a probability for every letter."""

    step: Literal["pooled"] = "pooled"
    hypotheses: tuple[Suspect, ...]
    estimates: Mapping[str, float]


class Asked(_Step):
    """A new test."""

    step: Literal["asked"] = "asked"
    test: int
    question: str
    minutes: float | None = None
    owner: UserId | None = None
    due: datetime | None = None
    bears_on: tuple[str, ...] = ()
    assumption: str | None = None
    script: str | None = None


class Expected(_Step):
    """How likely a positive result of a test would be under some hypotheses."""

    step: Literal["expected"] = "expected"
    test: int
    likelihoods: Mapping[str, float]


class Found(_Step):
    """What a test showed; without a verdict only words."""

    step: Literal["found"] = "found"
    test: int
    verdict: Verdict | None = None
    words: str = ""
    output: str | None = None


class Planned(_Step):
    """A way to put it right that has not been started."""

    step: Literal["planned"] = "planned"
    plan: str
    text: str
    target: str | None = None
    expect: str | None = None
    window: timedelta | None = None
    revert: str | None = None
    costs: timedelta | None = None
    saves: timedelta | None = None
    irreversible: bool = False


class Started(_Step):
    """An intervention; *bundled_with* names the one that was still running when this was done as well."""

    step: Literal["started"] = "started"
    name: str
    plan: str
    text: str
    target: str | None = None
    expect: str | None = None
    window: timedelta
    revert: str | None = None
    irreversible: bool = False
    bundled_with: str | None = None


class Ended(_Step):
    """What became of an intervention."""

    step: Literal["ended"] = "ended"
    name: str
    outcome: Outcome
    words: str = ""


class RevertKnown(_Step):
    """How an intervention is taken back, said later than its start."""

    step: Literal["revert_known"] = "revert_known"
    name: str
    revert: str


class RevertWaived(_Step):
    """Somebody answers for leaving a failed intervention in place."""

    step: Literal["revert_waived"] = "revert_waived"
    name: str
    reason: str


class Measured(_Step):
    """Vital signs as they were read at one time; *source* says who or what read them."""

    step: Literal["measured"] = "measured"
    readings: tuple[Reading, ...]
    source: str = "typed"


class Promised(_Step):
    """An action: one person is to do something; without *due* nobody has said by when."""

    step: Literal["promised"] = "promised"
    action: int
    text: str
    owner: UserId
    due: datetime | None = None


class ActionChanged(_Step):
    """Other words, owner or time of an action, which is to be done again; what is None is as it was."""

    step: Literal["action_changed"] = "action_changed"
    action: int
    text: str | None = None
    owner: UserId | None = None
    due: datetime | None = None


class Completed(_Step):
    """An action is done, and *words* say how one knows."""

    step: Literal["completed"] = "completed"
    action: int
    words: str


class Prepared(_Step):
    """A contingency. *assumed* says that nobody named the hypotheses that it is *about*."""

    step: Literal["prepared"] = "prepared"
    contingency: int
    when: str
    then: str
    owner: UserId
    about: tuple[str, ...] = ()
    assumed: bool = False


class ContingencyChanged(_Step):
    """Other words, owner or hypotheses of a contingency, which holds again; what is None is as it was."""

    step: Literal["if_changed"] = "if_changed"
    contingency: int
    when: str | None = None
    then: str | None = None
    owner: UserId | None = None
    about: tuple[str, ...] | None = None


class Happened(_Step):
    """What a contingency is for has happened."""

    step: Literal["happened"] = "happened"
    contingency: int
    words: str = ""


class Revoked(_Step):
    """A contingency no longer holds, and *words* say why."""

    step: Literal["revoked"] = "revoked"
    contingency: int
    words: str


class ImpactSaid(_Step):
    """Whom the incident hurts, and how."""

    step: Literal["impact_said"] = "impact_said"
    words: str


class OnsetSaid(_Step):
    """When the incident began."""

    step: Literal["onset_said"] = "onset_said"
    onset: datetime


class StabilitySaid(_Step):
    """A person's word for how the incident is, and why; without a *word* the signs decide again."""

    step: Literal["stability_said"] = "stability_said"
    word: Stability | None = None
    reason: str = ""


class Attested(_Step):
    """There is nothing of a kind, as somebody says in these *words*."""

    step: Literal["attested"] = "attested"
    what: Nothing
    words: str


Step = Annotated[
    Named
    | Reestimated
    | Argued
    | RuledOut
    | Waived
    | Pooled
    | Asked
    | Expected
    | Found
    | Planned
    | Started
    | Ended
    | RevertKnown
    | RevertWaived
    | Measured
    | Promised
    | ActionChanged
    | Completed
    | Prepared
    | ContingencyChanged
    | Happened
    | Revoked
    | ImpactSaid
    | OnsetSaid
    | StabilitySaid
    | Attested,
    Field(discriminator="step"),
]
STEP: TypeAdapter[Step] = TypeAdapter(Step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A step and who made it when. It is not *live* when its message was deleted or its mark taken away."""

    seq: int
    step: Step
    by: UserId
    at: datetime
    live: bool = True
    entry: int | None = None
    message: MessageTs | None = None
