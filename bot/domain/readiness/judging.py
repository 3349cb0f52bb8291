"""How the incident is in a person's words, and what it comes to: impact, onset, stability, what there is not.

A person's word for the stability stands until a reading of the vital signs changes the computed one. It
changes words alone: what is asked when, and who is alarmed, follows the signs.
"""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.ids import UserId
from bot.domain.readiness.said import Judged, Nothing, Said
from bot.domain.signs.stability import Stability
from bot.domain.work.steps import (
    ActionChanged,
    Attested,
    ImpactSaid,
    Measured,
    OnsetSaid,
    Promised,
    Recorded,
    StabilitySaid,
)
from bot.domain.work.workup import Workup


def stability_word(workup: Workup) -> tuple[Stability, Judged | None]:
    """The word for how the incident is, and whose it is if not that of the signs."""
    if workup.judged:
        return workup.judged.word, workup.judged
    return workup.condition.word, None


def people(workup: Workup) -> set[UserId]:
    """Everybody who has said something of the incident as a whole, or is to act if something happens."""
    found = {each.owner for each in workup.contingencies} | {each.by for each in workup.contingencies}
    found |= {each.triggered_by for each in workup.contingencies}
    found |= {each.revoked_by for each in workup.contingencies}
    found |= {each.by for each in (workup.impact, workup.judged, *workup.attested.values()) if each}
    return {who for who in (*found, workup.onset_by) if who}


def texts(workup: Workup) -> Iterator[str]:
    """The words of contingencies and of what was said of the incident, which may mention people."""
    for each in workup.contingencies:
        yield f"{each.when} {each.then} {each.triggered_words} {each.revoked_words}"
    if workup.impact:
        yield workup.impact.words
    if workup.judged:
        yield workup.judged.reason


def impact_said(workup: Workup, step: ImpactSaid, recorded: Recorded, _: object) -> Workup:
    """The workup with another impact."""
    return replace(workup, impact=Said(words=step.words, by=recorded.by, at=recorded.at))


def onset_said(workup: Workup, step: OnsetSaid, recorded: Recorded, _: object) -> Workup:
    """The workup with another onset."""
    return replace(workup, onset=step.onset, onset_by=recorded.by)


def stability_said(workup: Workup, step: StabilitySaid, recorded: Recorded, _: object) -> Workup:
    """The workup with a person's word for its stability, or with none."""
    if step.word is None:
        return replace(workup, judged=None)
    judged = Judged(word=step.word, reason=step.reason, by=recorded.by, at=recorded.at)
    return replace(workup, judged=judged)


def attested(workup: Workup, step: Attested, recorded: Recorded, _: object) -> Workup:
    """The workup with somebody's word that there is nothing of a kind; what there is outweighs it."""
    if step.what is Nothing.ACTIONS and workup.open_actions:
        return workup
    said = Said(words=step.words, by=recorded.by, at=recorded.at)
    return replace(workup, attested={**workup.attested, step.what: said})


def outdated(workup: Workup, recorded: Recorded) -> Workup:
    """The workup after one more step, which ends what was attested before it."""
    if not workup.attested or isinstance(recorded.step, Attested):
        return workup
    gone = {Nothing.EVENTS}
    if isinstance(recorded.step, Promised | ActionChanged):
        gone.add(Nothing.ACTIONS)
    if isinstance(recorded.step, Measured):
        gone.add(Nothing.VITALS)
    kept = {what: said for what, said in workup.attested.items() if what not in gone}
    return replace(workup, attested=kept)


def rejudged(before: Workup, after: Workup) -> Workup:
    """The workup after a reading: a person's word ends where that of the signs has changed."""
    if after.judged is None or before.condition.word is after.condition.word:
        return after
    return replace(after, judged=None)
