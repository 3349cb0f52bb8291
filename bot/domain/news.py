"""What is worth a line in the thread after the workup has changed: results, outcomes, and what they moved."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.offer import Offer
from bot.domain.testing import Result, missing
from bot.domain.treatment import Outcome
from bot.domain.workup import Change, Workup


@dataclass(frozen=True, slots=True)
class News:
    """A line for the thread, and the buttons that belong to it."""

    line: str
    offers: tuple[Offer, ...] = ()


def news(before: Workup, after: Workup) -> list[News]:
    """What changed between two workups, for instance "T1 positive: A 31% → 79%, B 42% → 9%"."""
    return [*_results(before, after), *_outcomes(before, after)]


def _results(before: Workup, after: Workup) -> Iterator[News]:
    for result in after.results:
        known = before.result(result.test)
        if known is None or known.verdict is not result.verdict:
            yield _of_result(result, after)


def _of_result(result: Result, after: Workup) -> News:
    label = f"T{result.test} {result.verdict.value}"
    moved = _moved(after, label)
    test = after.test(result.test)
    silent = [each.letter for each in missing(test, after.differential)] if test else []
    if moved or result.verdict.value == "inconclusive" or not silent:
        return News(f"{label}: {moved or 'no number moves'}.{_ruled_out(after, result.test)}")
    return News(
        f"{label}. It moves nothing until somebody says what {', '.join(silent)} would expect of it.",
        (Offer(label=f"What would each expect of T{result.test}?", does=f"expects:T{result.test}"),),
    )


def _ruled_out(after: Workup, test: int) -> str:
    gone = [each.letter for each in after.differential.hypotheses if each.eliminated_by == f"T{test}"]
    return f" {', '.join(gone)} ruled out." if gone else ""


def _outcomes(before: Workup, after: Workup) -> Iterator[News]:
    for each in after.interventions:
        known = before.intervention(each.name)
        if each.reverted_at and not (known and known.reverted_at):
            yield News(f"{each.name} is reverted.")
        elif each.extended and each.outcome is None and not (known and known.extended):
            yield News(f"{each.name} is unclear: its window goes on once, and then counts as failed.")
        elif each.outcome and each.bundled_with is None and (known is None or known.outcome != each.outcome):
            yield _of_outcome(each.name, each.outcome, after)


def _of_outcome(name: str, outcome: Outcome, after: Workup) -> News:
    label = f"{name} {outcome.value}"
    line = f"{label}: {_moved(after, label) or 'no number moves'}."
    owing = after.owing_revert
    if owing is None or owing.name != name:
        return News(line)
    how = f": {owing.revert}" if owing.revert else ""
    return News(
        f"{line} Next is to take it back{how}.",
        (
            Offer(label=f"{name} is reverted", does=f"ended:{name}:reverted"),
            Offer(label=f"Leave {name} in place…", does=f"leave:{name}"),
        ),
    )


def _moved(after: Workup, label: str) -> str:
    changes: Iterator[Change] = reversed(after.history)
    return next((change.moved for change in changes if change.label == label), "")
