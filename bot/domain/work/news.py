"""What is worth a line in the thread after the workup has changed: results, outcomes, actions, what moved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.diagnosis.testing import Result
from bot.domain.doing.action import told
from bot.domain.offer import Offer
from bot.domain.readiness import contingency
from bot.domain.signs.stability import Stability
from bot.domain.terms import written_moment
from bot.domain.therapy.intervention import is_reverted, with_bundle
from bot.domain.therapy.owing import FOR_GOOD, ways_out
from bot.domain.therapy.treatment import Outcome
from bot.domain.work.waiting import label_of, waits_for
from bot.domain.work.workup import Change, Workup


@dataclass(frozen=True, slots=True)
class News:
    """A line for the thread, and the buttons that belong to it."""

    line: str
    offers: tuple[Offer, ...] = ()


def news(before: Workup, after: Workup) -> list[News]:
    """What changed between two workups, for instance "T1 positive: A 31% → 79%, B 42% → 9%"."""
    found = [*_results(before, after), *_outcomes(before, after), *_condition(before, after)]
    return [*found, *_said(before, after), *_actions(before, after), *_contingencies(before, after)]


def _actions(before: Workup, after: Workup) -> Iterator[News]:
    """What is to be done now, by whom and when; what has changed of it; what is done, and how one knows."""
    for each in after.actions:
        line = told(before.action(each.number), each)
        if line and each.open:
            yield News(line, (Offer(label=f"{each.name} is done…", does=f"done:{each.name}"),))
        elif line:
            yield News(line)


def _contingencies(before: Workup, after: Workup) -> Iterator[News]:
    """What is to be done if something happens, that it has happened, or that it no longer holds."""
    for each in after.contingencies:
        line = contingency.told(before.contingency(each.number), each)
        if line and each.holds:
            yield News(line, (Offer(label=f"{each.name} happened", does=f"happened:{each.name}"),))
        elif line:
            yield News(line)


def _said(before: Workup, after: Workup) -> Iterator[News]:
    """When it began, as it was understood; and whose word for the stability counts."""
    if after.onset and after.onset != before.onset:
        yield News(f"It began at {written_moment(after.onset)}.")
    judged = after.judged
    if judged and judged != before.judged:
        signs = after.condition.word
        beside = "" if signs is Stability.UNKNOWN else f" The signs say {signs.value}."
        yield News(f"Now {judged.word.value}, says @{judged.by}: {judged.reason}.{beside}")
    elif before.judged and not judged and before.vitals == after.vitals:
        yield News(f"The signs decide again: {after.condition.word.value}.")


def _condition(before: Workup, after: Workup) -> Iterator[News]:
    """Another word for how the incident is, where a reading brought it; at first "stable" is no news."""
    was, now = before.condition, after.condition
    known = {Stability.UNKNOWN, Stability.STABLE} if was.word is Stability.UNKNOWN else {was.word}
    if before.vitals != after.vitals and now.word not in known:
        yield News(f"Now {now.word.value}: {now.why}.")


def _results(before: Workup, after: Workup) -> Iterator[News]:
    for result in after.results:
        known, label = before.result(result.test), label_of(result)
        silent = waits_for(result, after)
        if known is None:
            yield _of_result(result, label, after)
        elif known.verdict is not result.verdict:
            yield _of_result(result, f"{label} (was {known.verdict.value})", after)
        elif silent and not waits_for(known, before):
            yield _silent(result, f"{label} moves nothing any more", silent)
        elif not _moved(before, label) and _moved(after, label):
            yield _of_result(result, label, after)


def _of_result(result: Result, label: str, after: Workup) -> News:
    silent = waits_for(result, after)
    if silent:
        return _silent(result, f"{label}. It moves nothing", silent)
    return News(f"{label}: {_moved(after, label_of(result)) or 'no number moves'}.")


def _silent(result: Result, said: str, letters: Sequence[str]) -> News:
    return News(
        f"{said} until somebody says what {', '.join(letters)} would expect of it.",
        (Offer(label=f"What would each expect of T{result.test}?", does=f"expects:T{result.test}"),),
    )


def _outcomes(before: Workup, after: Workup) -> Iterator[News]:
    for each in after.interventions:
        known = before.intervention(each.name)
        first = after.intervention(each.bundled_with) if each.bundled_with else None
        if each.reverted_at and not (known and known.reverted_at):
            if first is None or first.reverted_at != each.reverted_at:
                yield News(f"{is_reverted(after.interventions, each)}.")
        elif first is not None:
            continue
        elif each.extended and each.outcome is None and not (known and known.extended):
            yield News(f"{each.name} is unclear: its window goes on once, and then counts as failed.")
        elif each.outcome and (known is None or known.outcome != each.outcome):
            yield _of_outcome(each.name, each.outcome, after)


def _of_outcome(name: str, outcome: Outcome, after: Workup) -> News:
    label = f"{name} {outcome.value}"
    line = f"{label}: {_moved(after, label) or 'no number moves'}."
    owing = after.owing_revert
    if owing is None or owing.name != name:
        return News(line)
    names = with_bundle(after.interventions, owing)
    it = "it" if names == name else names
    how = f": {owing.revert}" if owing.revert else ""
    then = f"{it[0].upper()}{it[1:]} {FOR_GOOD}" if owing.irreversible else f"Next is to take {it} back{how}"
    return News(f"{line} {then}.", ways_out(after.interventions, owing))


def _moved(after: Workup, label: str) -> str:
    changes: Iterator[Change] = reversed(after.history)
    return next((change.moved for change in changes if change.label == label), "")
