"""What steps come to for the contingencies: prepared, changed, happened and revoked."""

from dataclasses import replace

from bot.domain.readiness.contingency import Contingency
from bot.domain.work.steps import ContingencyChanged, Happened, Prepared, Recorded, Revoked
from bot.domain.work.workup import Workup


def prepared(workup: Workup, step: Prepared, recorded: Recorded, _: object) -> Workup:
    """The workup with a new contingency; a number that is taken stays with its contingency."""
    if workup.contingency(step.contingency):
        return workup
    new = Contingency(
        number=step.contingency,
        when=step.when,
        then=step.then,
        owner=step.owner,
        about=step.about,
        by=recorded.by,
        at=recorded.at,
    )
    return replace(workup, contingencies=(*workup.contingencies, new))


def changed(workup: Workup, step: ContingencyChanged, _: Recorded, __: object) -> Workup:
    """The workup after something about a contingency has changed: it holds again."""
    known = workup.contingency(step.contingency)
    if known is None:
        return workup
    now = replace(
        known,
        when=step.when or known.when,
        then=step.then or known.then,
        owner=step.owner or known.owner,
        about=known.about if step.about is None else step.about,
        revoked_at=None,
        revoked_by=None,
        revoked_words="",
    )
    return _with(workup, now)


def happened(workup: Workup, step: Happened, recorded: Recorded, _: object) -> Workup:
    """The workup after what a contingency is for has happened; the last time counts."""
    known = workup.contingency(step.contingency)
    if known is None:
        return workup
    now = replace(known, triggered_at=recorded.at, triggered_by=recorded.by, triggered_words=step.words)
    return _with(workup, now)


def revoked(workup: Workup, step: Revoked, recorded: Recorded, _: object) -> Workup:
    """The workup after a contingency no longer holds."""
    known = workup.contingency(step.contingency)
    if known is None:
        return workup
    now = replace(known, revoked_at=recorded.at, revoked_by=recorded.by, revoked_words=step.words)
    return _with(workup, now)


def _with(workup: Workup, now: Contingency) -> Workup:
    each = (now if one.number == now.number else one for one in workup.contingencies)
    return replace(workup, contingencies=tuple(each))
