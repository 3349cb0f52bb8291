"""What the next person has to look out for: signs that were bad, contingencies, and what is in place.

Of a sign that was bad again and again the newest readings are named, and the worst; all are counted.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from bot.domain.handoff.document import Abnormal, Awareness, IfThen, Mitigation, Sighted, Waiting
from bot.domain.prompts.question import Prompt
from bot.domain.prompts.wording import named
from bot.domain.readiness.contingency import Contingency
from bot.domain.signs.stability import Taken, Vitals, title
from bot.domain.signs.vital_grammar import written_value
from bot.domain.signs.vitals import Reading, Vital
from bot.domain.therapy.intervention import Intervention
from bot.domain.therapy.treatment import Outcome
from bot.domain.work.workup import Workup

# A sign that scores this much is abnormal, and always told.
ABNORMAL = 2
READINGS = 20


def awareness_of(
    workup: Workup, unknown: Iterable[Vital], prompts: Iterable[Prompt], since: datetime | None
) -> Awareness:
    """What to look out for, with the signs that are *unknown*; *since* is the last accepted handoff."""
    asked = sorted(
        (each for each in prompts if each.open and each.asks), key=lambda each: (each.due_at, each.key)
    )
    return Awareness(
        abnormal=tuple(_abnormal(workup.vitals, since)),
        latest=tuple(_latest(workup.vitals)),
        takings=sum(not since or taking.at > since for taking in workup.vitals.series),
        unknown=tuple(vital.value for vital in unknown),
        contingencies=tuple(
            _if_then(each) for each in sorted(workup.contingencies, key=lambda each: each.number)
        ),
        mitigations=tuple(_mitigations(workup)),
        waiting=tuple(Waiting(what=named(each), since=each.due_at) for each in asked),
    )


def _abnormal(vitals: Vitals, since: datetime | None) -> Iterator[Abnormal]:
    """The signs that were bad since the last handoff, or that are bad still, the worst first."""
    bad: dict[str, list[tuple[datetime, Taken]]] = {}
    for taking in vitals.series:
        if since and taking.at <= since:
            continue
        for each in taking.taken:
            if (each.score or 0) >= ABNORMAL:
                bad.setdefault(each.reading.name, []).append((taking.at, each))
    read_at = _read_at(vitals)
    for each in vitals.latest:
        if (each.score or 0) >= ABNORMAL:
            bad.setdefault(each.reading.name, [(read_at[each.reading.name], each)])
    found = [_named(name, readings) for name, readings in bad.items()]
    yield from sorted(found, key=lambda each: (-(each.worst.score or 0), each.name))


def _named(name: str, readings: Sequence[tuple[datetime, Taken]]) -> Abnormal:
    newest_first = list(reversed(readings))
    told, older = newest_first[:READINGS], newest_first[READINGS:]
    worst = max(older, key=lambda pair: pair[1].score or 0, default=None)
    if worst and (worst[1].score or 0) > max(each.score or 0 for _, each in told):
        told.append(worst)
    return Abnormal(
        name=title(name), count=len(readings), readings=tuple(_sighted(each, at) for at, each in told)
    )


def _read_at(vitals: Vitals) -> dict[str, datetime]:
    """When each sign was last read."""
    return {each.reading.name: taking.at for taking in vitals.series for each in taking.taken}


def _latest(vitals: Vitals) -> Iterator[Sighted]:
    read_at = _read_at(vitals)
    for each in sorted(vitals.latest, key=lambda each: each.reading.name):
        yield _sighted(each, read_at[each.reading.name])


def _sighted(taken: Taken, at: datetime) -> Sighted:
    reading = taken.reading
    alone = Reading(name=reading.name, value=reading.value, word=reading.word)
    base = Reading(name=reading.name, value=reading.base, unit=reading.base_unit)
    return Sighted(
        name=title(reading.name),
        value=written_value(alone),
        unit=reading.unit,
        compared_with=written_value(base),
        score=taken.score,
        at=at,
    )


def _if_then(each: Contingency) -> IfThen:
    return IfThen(
        name=each.name,
        when=each.when,
        then=each.then,
        owner=each.owner,
        about=each.about,
        happened_at=each.triggered_at,
        happened_words=each.triggered_words,
        revoked_at=each.revoked_at,
        revoked_words=each.revoked_words,
    )


def _mitigations(workup: Workup) -> Iterator[Mitigation]:
    for each in sorted(workup.interventions, key=lambda each: (each.started_at, each.name)):
        if _unsettled(each, workup):
            yield Mitigation(
                name=each.name,
                text=each.text,
                revert=each.revert,
                irreversible=each.irreversible,
                review_at=each.due,
                failed=each.outcome is Outcome.FAILED,
            )


def _unsettled(each: Intervention, workup: Workup) -> bool:
    """Whether it is in place and nobody knows yet whether it may stay."""
    running = each.ended_at is None and workup.active is not None
    unclear = each.outcome is Outcome.UNCLEAR and each.reverted_at is None
    return running or unclear or each.owes_revert
