"""What an entry of the chart means for the workup: the steps that its words make.

Buttons and modals write the same words as people do, so this is the only way in. What has already happened
is always recorded; only what is about to be started can be refused.
"""

from collections.abc import Callable, Mapping

from bot.domain.chart import Kind
from bot.domain.diagnosis.diagnosing import is_plain_finding, read_hypotheses, read_result, read_test
from bot.domain.doing.keeping import read_action, read_completion
from bot.domain.readiness.contingent import read_contingency
from bot.domain.readiness.said import Nothing
from bot.domain.readiness.telling import (
    read_impact,
    read_note,
    read_onset,
    read_stability,
    says_nothing,
)
from bot.domain.signs.measuring import read_vitals
from bot.domain.therapy.treating import read_intervention, read_outcome, read_plan
from bot.domain.work.saying import Meaning, Saying
from bot.domain.work.workup import Workup


def meaning(saying: Saying, workup: Workup) -> Meaning:
    """What an entry means now; nothing for kinds that are not part of the workup.

    Raises:
        NotUnderstood: Its words make no step.
        Refused: It asks for a step that may not be made now.
    """
    read = _READERS.get(saying.kind)
    return read(saying, workup) if read else Meaning()


def concerns(kind: Kind, text: str) -> bool:
    """Whether an entry can have steps, seen from its words alone: most findings and notes have none."""
    if kind is Kind.NOTE:
        return says_nothing(Nothing.EVENTS, text)
    return kind in WORKUP_KINDS and not (kind is Kind.RESULT and is_plain_finding(text))


_READERS: Mapping[Kind, Callable[[Saying, Workup], Meaning]] = {
    Kind.HYPOTHESIS: read_hypotheses,
    Kind.TEST: read_test,
    Kind.RESULT: read_result,
    Kind.PLAN: read_plan,
    Kind.INTERVENTION: read_intervention,
    Kind.OUTCOME: read_outcome,
    Kind.VITAL: read_vitals,
    Kind.ACTION: read_action,
    Kind.DONE: read_completion,
    Kind.CONTINGENCY: read_contingency,
    Kind.IMPACT: read_impact,
    Kind.ONSET: read_onset,
    Kind.STABILITY: read_stability,
    Kind.NOTE: read_note,
}
HEARD_KINDS = frozenset(_READERS)
# The kinds of entries that are part of the workup. Hardly any note is, so those are not looked at for it.
WORKUP_KINDS = HEARD_KINDS - {Kind.NOTE}
