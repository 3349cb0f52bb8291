"""How well a team's last word before closing agreed with what it turned out to be."""

from collections.abc import Iterable
from math import fsum

from bot.domain.digest.document import Calibration
from bot.domain.work.workup import Workup

# Of fewer than these a mean says nothing.
ENOUGH = 20


def calibration(closed: Iterable[tuple[Workup, str]]) -> Calibration | None:
    """The calibration over closed incidents, each with its diagnosis; None where too few can be judged."""
    judged = [found for workup, diagnosis in closed if (found := brier(workup, diagnosis)) is not None]
    if len(judged) < ENOUGH:
        return None
    scores, first = [score for score, _ in judged], sum(first for _, first in judged)
    return Calibration(closed=len(judged), brier=fsum(scores) / len(scores), first=first)


def brier(workup: Workup, diagnosis: str) -> tuple[float, bool] | None:
    """Brier's score of the last probabilities, from 0 to 2, and whether the truth was the likeliest.

    None where the diagnosis is none of the hypotheses: then nobody can say which of them was meant.
    """
    truth = next(
        (each.letter for each in workup.differential.hypotheses if each.statement == diagnosis), None
    )
    if truth is None:
        return None
    shown = workup.differential.probabilities
    off = (p - (letter == truth) for letter, p in ({truth: 0.0} | shown).items())
    return fsum(error**2 for error in off), shown.get(truth, 0.0) == max(shown.values())
