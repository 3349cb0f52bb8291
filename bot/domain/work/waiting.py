"""Results that move nothing yet, because nobody has said what a hypothesis expects of their test.

What counts are the hypotheses of the moment of the result: one that is named later takes nothing from it,
and one that an edit puts before it makes it wait.
"""

from bot.domain.diagnosis.differential import OTHER
from bot.domain.diagnosis.testing import Result, Verdict
from bot.domain.work.workup import Workup


def label_of(result: Result) -> str:
    """The result as the history calls it: "T1 negative"."""
    return f"T{result.test} {result.verdict.value}"


def waits_for(result: Result, workup: Workup) -> tuple[str, ...]:
    """The letters without which a result moves nothing; none where it counts, or was inconclusive."""
    test = workup.test(result.test)
    found = next((each for each in reversed(workup.history) if each.label == label_of(result)), None)
    if test is None or found is None or result.verdict is Verdict.INCONCLUSIVE:
        return ()
    return tuple(
        letter for letter in found.probabilities if letter != OTHER and letter not in test.likelihoods
    )


def waiting(workup: Workup) -> dict[int, tuple[str, ...]]:
    """What each result waits for that moves nothing yet, by the numbers of their tests."""
    found = {result.test: waits_for(result, workup) for result in workup.results}
    return {test: letters for test, letters in found.items() if letters}
