"""Triage by questions: what is worse counts at once, what is milder once nothing could make it worse."""

from datetime import datetime

from bot.domain.chart import Kind
from bot.domain.heard import Who
from bot.domain.ids import IncidentNumber
from bot.domain.incident import Incident, Severity
from bot.domain.notice import SeverityChanged
from bot.domain.triage import Question, decide, in_words
from bot.store import entries, incidents, outbox, receipts, triage
from bot.store.session import Session
from bot.usecases.change_incident import act_on_severity
from bot.usecases.show_again import chart_changed, show_again, started_key


def answer_question(  # noqa: PLR0913 - who answers which question of which incident, how and when.
    session: Session,
    who: Who,
    number: IncidentNumber,
    question: Question,
    value: int,
    *,
    key: str,
    now: datetime,
) -> None:
    """Take an answer; the questions may be answered in any order and again."""
    incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    incident = incidents.locked(session, who.team, number)
    if not receipts.first_time(session, who.team, key, now):
        return
    triage.answer(session, who.team, number, question, value, by=who.user, now=now)
    answers = triage.answers(session, who.team, number)
    severity = decide(answers, incident.severity)
    if severity and (severity != incident.severity or incident.triaged_at is None):
        _decide(session, incident, severity, in_words(answers), who, key=key, now=now)
    else:
        show_again(session, who.team, number, started_key(number), cause=key, now=now)
    chart_changed(session, who.team, number, now)


def _decide(  # noqa: PLR0913 - who grades what, how and why, and when.
    session: Session,
    incident: Incident,
    severity: Severity,
    reason: str,
    who: Who,
    *,
    key: str,
    now: datetime,
) -> None:
    """Grade the incident by the answers, keep it in the chart, and tell the thread of a change."""
    act_on_severity(session, incident, severity, reason, who.user, now)
    text = f"{severity.value} {reason}"
    draft = entries.Draft(kind=Kind.SEVERITY, text=text, author=who.user, logged_by=who.user, at=now)
    entries.add(session, who.team, incident.number, [draft], now=now)
    if severity != incident.severity:
        told = SeverityChanged(
            incident=incident.number, before=incident.severity, after=severity, by=who.user, reason=reason
        )
        outbox.put(session, who.team, told, key=f"{told.name}:{key}", now=now)
