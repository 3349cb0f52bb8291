"""What has to be known of all steps before they are folded: what counts in the end, and what was given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.diagnosis.differential import place_of
from bot.domain.therapy.treatment import Outcome
from bot.domain.work.steps import (
    Asked,
    Ended,
    Expected,
    Found,
    Named,
    Planned,
    Pooled,
    Prepared,
    Promised,
    Recorded,
    Started,
)


@dataclass(frozen=True, slots=True)
class Foresight:
    """What is said of a test counts from its beginning, whenever it was said."""

    likelihoods: Mapping[int, Mapping[str, float]]
    last_verdict: Mapping[int, int]
    last_outcome: Mapping[str, int]


def foresee(live: Sequence[Recorded]) -> Foresight:
    """What counts in the end, of the steps that are live."""
    return Foresight(_likelihoods(live), _last_verdicts(live), _last_outcomes(live))


def _likelihoods(live: Sequence[Recorded]) -> dict[int, dict[str, float]]:
    found: dict[int, dict[str, float]] = {}
    for each in live:
        if isinstance(each.step, Expected):
            found.setdefault(each.step.test, {}).update(each.step.likelihoods)
    return found


def _last_verdicts(live: Sequence[Recorded]) -> dict[int, int]:
    """For each test the step that counts: a test that is run again replaces what it showed before."""
    return {each.step.test: each.seq for each in live if isinstance(each.step, Found) and each.step.verdict}


def _last_outcomes(live: Sequence[Recorded]) -> dict[str, int]:
    """For each intervention the step that counts as evidence: a correction replaces what was said before."""
    return {
        each.step.name: each.seq
        for each in live
        if isinstance(each.step, Ended) and each.step.outcome is not Outcome.REVERTED
    }


def letters_given(everything: Sequence[Recorded]) -> int:
    """How many letters were ever given, to hypotheses that are gone as well."""
    named = (each.step for each in everything if isinstance(each.step, Named | Pooled))
    return max((place_of(suspect.letter) + 1 for step in named for suspect in step.hypotheses), default=0)


def tests_given(everything: Sequence[Recorded]) -> int:
    """The highest number that a test ever had."""
    return max((each.step.test for each in everything if isinstance(each.step, Asked)), default=0)


def actions_given(everything: Sequence[Recorded]) -> int:
    """The highest number that an action ever had."""
    return max((each.step.action for each in everything if isinstance(each.step, Promised)), default=0)


def contingencies_given(everything: Sequence[Recorded]) -> int:
    """The highest number that a contingency ever had."""
    found = (each.step.contingency for each in everything if isinstance(each.step, Prepared))
    return max(found, default=0)


def plans_given(everything: Sequence[Recorded]) -> frozenset[str]:
    """The letters that plans ever had, started or not."""
    return frozenset(each.step.plan for each in everything if isinstance(each.step, Planned | Started))


def names_given(everything: Sequence[Recorded]) -> frozenset[str]:
    """The names that interventions ever had."""
    return frozenset(each.step.name for each in everything if isinstance(each.step, Started))
