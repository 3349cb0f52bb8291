"""What is taken off a score: for contradictions, for names of what there is not, for what is out of date."""

from collections.abc import Iterator
from datetime import timedelta

from bot.domain.cadence import CADENCE
from bot.domain.handoff.document import Handoff, RevertState, Status, Tried
from bot.domain.handoff.head import MOST_WORDS, head
from bot.domain.handoff.read_back import ReadBack
from bot.domain.incident import Severity

CONTRADICTION, UNKNOWN, LONG, OLD = 10, 5, 5, 10
# What nobody re-evaluates on a clock is looked at once a day, in the digest.
_DAILY = timedelta(days=1)
Fault = tuple[int, str]


def interval_of(severity: Severity) -> timedelta:
    """How old what is known of an incident may get before somebody has to look again."""
    return CADENCE[severity].reevaluation or _DAILY


def penalty_of(handoff: Handoff, read_back: ReadBack | None) -> list[Fault]:
    """Each fault with its points."""
    found = [(CONTRADICTION, words) for words in _contradictions(handoff)]
    found += [(UNKNOWN, f"{name} is named, and there is no such thing.") for name in _unknown(handoff)]
    if head(handoff).words > MOST_WORDS:
        found.append((LONG, f"The message has more than {MOST_WORDS} words."))
    accepted_at = read_back.accepted_at if read_back else None
    if accepted_at and accepted_at - handoff.asked.compiled_at > interval_of(handoff.illness.severity):
        found.append((OLD, "What was accepted was compiled too long ago."))
    return found


def _contradictions(handoff: Handoff) -> Iterator[str]:
    patient = handoff.patient
    for each in patient.interventions:
        if _contradicts(each):
            yield f"{each.name} is said to be {each.revert_state}, and that cannot be so."
    for one in patient.hypotheses:
        if one.status is Status.EXCLUDED and one.p is not None:
            yield f"{one.letter} is said to be excluded, and has a probability."
    done = {each.name for each in handoff.actions.done}
    for action in handoff.actions.open:
        if action.name in done:
            yield f"{action.name} is said to be open and done."


def _contradicts(each: Tried) -> bool:
    """Whether it is reverted and runs, or failed without having an outcome."""
    taken_back = each.revert_state is RevertState.REVERTED
    after_failure = each.revert_state in {RevertState.OWED, RevertState.LEFT}
    return (taken_back and each.reverted_at is None) or (
        (taken_back or after_failure) and each.outcome is None
    )


def _unknown(handoff: Handoff) -> list[str]:
    """Names in the document of hypotheses, tests and interventions that are not in it."""
    patient = handoff.patient
    known = {each.letter for each in patient.hypotheses}
    known |= {each.name for each in patient.tests} | {each.name for each in patient.interventions}
    named = [each.target for each in patient.interventions] + [each.target for each in patient.plans]
    named += [each.bundled_with for each in patient.interventions]
    named += [each.by for each in patient.hypotheses if not each.by.startswith("@")]
    named += [letter for each in patient.tests for letter in each.direction]
    named += [letter for each in handoff.awareness.contingencies if each.holds for letter in each.about]
    return sorted({name for name in named if name and name not in known})
