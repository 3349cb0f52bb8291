"""Compile a handoff from the rows of an incident; the order of the rows changes nothing."""

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.domain.chart import TITLES, Entry
from bot.domain.handoff.awareness import awareness_of
from bot.domain.handoff.case import Case
from bot.domain.handoff.document import (
    Actions,
    Asked,
    Attested,
    Event,
    Finished,
    Handoff,
    Illness,
    Patient,
    Regraded,
    ToDo,
)
from bot.domain.handoff.evidence import hypotheses_of, interventions_of, plans_of, tests_of
from bot.domain.heard import mentioned
from bot.domain.ids import UserId
from bot.domain.prompts.question import PromptKind
from bot.domain.readiness.said import Nothing
from bot.domain.signs.stability import Condition
from bot.domain.work.people import people_in as workup_people

# So many lines of the timeline are told, and so much of each; the rest is counted, and stands in the thread.
EVENTS, WORDS = 60, 1000
_NEVER = datetime.max.replace(tzinfo=UTC)
# Who declines these has said why there are not more hypotheses.
_FEW = {PromptKind.DIFFERENTIAL, PromptKind.OTHER}


def compile_handoff(
    case: Case, giver: UserId, receiver: UserId | None, at: datetime, next_shift_end: datetime | None
) -> Handoff:
    """The document as it is *at* a moment; without *next_shift_end* nobody knows how long the watch lasts."""
    condition = case.workup.condition
    return Handoff(
        illness=_illness(case, condition),
        patient=_patient(case),
        actions=_actions(case, next_shift_end),
        awareness=awareness_of(case.workup, condition.unknown, case.prompts, case.handed_at),
        attested={
            what: Attested(words=said.words, by=said.by, at=said.at)
            for what in Nothing
            if (said := case.workup.attested.get(what)) is not None
        },
        asked=Asked(
            giver=giver,
            receiver=receiver,
            compiled_at=at,
            names=dict(sorted(case.names.items())),
            on_roster=case.roster is None or receiver in case.roster,
        ),
    )


def people_in(case: Case) -> set[UserId]:
    """Everybody whom the handoff of this case may have to name, beside its giver and receiver."""
    incident = case.incident
    texts = [incident.title, incident.seen]
    texts += [f"{each.words} {each.output or ''}" for each in case.workup.results]
    texts += [entry.text for entry in case.entries]
    found = {incident.lead, incident.opened_by, *(entry.author for entry in case.entries)}
    found |= {each.declined_by for each in case.prompts}
    found |= {UserId(who) for who in workup_people(case.workup)} | {*mentioned(" ".join(texts))}
    return {who for who in found if who}


def cut(text: str, most: int = WORDS) -> str:
    """The text, or its beginning and how much is left out."""
    left = len(text) - most
    return text if left <= 0 else f"{text[:most]}… ({left:,} more characters)"


def _illness(case: Case, condition: Condition) -> Illness:
    judged = case.workup.judged
    scored = case.workup.vitals.scored
    return Illness(
        severity=case.incident.severity,
        first_severity=case.first_severity,
        changes=tuple(Regraded(at=at, severity=severity) for at, severity in sorted(case.severities)),
        stability=judged.word if judged else condition.word,
        reason=judged.reason if judged else condition.why,
        score=condition.score,
        signs_say=condition.word if judged else None,
        overridden_by=judged.by if judged else None,
        overridden_at=judged.at if judged else None,
        read_at=scored[-1].at if scored else None,
    )


def _patient(case: Case) -> Patient:
    incident, workup = case.incident, case.workup
    told, left_out = _events(case)
    return Patient(
        number=incident.number,
        title=incident.title,
        seen=cut(incident.seen),
        channel=incident.channel,
        thread_ts=incident.thread_ts,
        private=incident.private,
        onset=workup.onset,
        detected_at=incident.opened_at,
        impact=workup.impact.words if workup.impact else "",
        opened_at=incident.opened_at,
        opened_by=incident.opened_by,
        lead=incident.lead,
        since=case.handed_at or incident.opened_at,
        handed_over_before=case.handed_at is not None,
        events=tuple(told),
        left_out=left_out,
        hypotheses=hypotheses_of(workup),
        few_by=_few_by(case),
        tests=tests_of(workup),
        interventions=interventions_of(workup),
        plans=plans_of(workup),
    )


def _events(case: Case) -> tuple[list[Event], dict[str, int]]:
    """The newest lines since the last handoff, the oldest first, and how many are left out of each kind."""
    since = case.handed_at
    live = [each for each in case.entries if each.withdrawn_at is None and (not since or each.at > since)]
    live.sort(key=lambda each: (each.at, each.seq))
    told, left = live[-EVENTS:], live[:-EVENTS]
    return [_event(each) for each in told], _counted(left)


def _event(entry: Entry) -> Event:
    return Event(
        at=entry.at,
        kind=entry.kind,
        text=cut(entry.text),
        who=entry.author,
        files=tuple(each.name for each in entry.files),
    )


def _counted(entries: Iterable[Entry]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in entries:
        found[TITLES[each.kind]] = found.get(TITLES[each.kind], 0) + 1
    return dict(sorted(found.items()))


def _few_by(case: Case) -> UserId | None:
    """Who has said last that there are no more hypotheses to name, and why in the chart."""
    declined = [each for each in case.prompts if each.kind in _FEW and each.declined_at and each.declined_by]
    last = max(declined, key=lambda each: (str(each.declined_at), each.key), default=None)
    return last.declined_by if last else None


def _actions(case: Case, until: datetime | None) -> Actions:
    every = sorted(case.workup.actions, key=lambda each: (each.due or _NEVER, each.number))
    since = case.handed_at
    done = [
        Finished(name=each.name, text=each.text, owner=each.owner, done_at=each.done_at, words=each.words)
        for each in sorted(every, key=lambda each: each.number)
        if each.done_at and (not since or each.done_at > since)
    ]
    left = (
        ToDo(name=each.name, text=each.text, owner=each.owner, due=each.due) for each in every if each.open
    )
    return Actions(open=tuple(left), done=tuple(done), until=until)
