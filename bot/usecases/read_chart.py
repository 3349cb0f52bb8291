"""Read charts: what a card shows, and the lists people ask for."""

from datetime import datetime

from bot.domain.chart import Kind
from bot.domain.heard import Who, mentioned
from bot.domain.ids import IncidentNumber, TeamId, UserId
from bot.domain.incident import Incident, phase_of
from bot.domain.prompts.planning import upcoming
from bot.domain.ward import SHOWN_EACH, SHOWN_KINDS, Chart
from bot.domain.work.counsel import counsel
from bot.domain.work.people import people_in
from bot.store import entries, incidents, people, triage
from bot.store.session import Session
from bot.usecases.find_similar import similar_to
from bot.usecases.follow_workup import read_workup
from bot.usecases.review_incident import Look, look

LISTED = 50
# As many as a menu of Slack's holds.
OFFERED = 100
_READ_KINDS = (*SHOWN_KINDS, Kind.LOG)


def read_chart(session: Session, team: TeamId, number: IncidentNumber, now: datetime) -> Chart:
    """The chart as the card shows it.

    Raises:
        NoSuchIncident: There is none.
    """
    return _chart(session, incidents.get(session, team, number), now)


def show_chart(session: Session, who: Who, number: IncidentNumber, now: datetime) -> Chart:
    """The chart, for somebody who asks to see it.

    Raises:
        NoSuchIncident: There is none, or it is none of theirs.
    """
    found = incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    return _chart(session, found, now)


def _chart(session: Session, incident: Incident, now: datetime) -> Chart:
    team, number = incident.team, incident.number
    recent = entries.last_by_kind(session, team, number, _READ_KINDS, SHOWN_EACH)
    workup = read_workup(session, team, number)
    texts = " ".join([incident.seen, incident.diagnosis or "", *(entry.text for entry in recent)])
    counselled = counsel(workup)
    seen = look(session, incident, now, workup=workup)
    similar = similar_to(session, incident)
    return Chart(
        incident=incident,
        phase=phase_of(
            (entry.kind for entry in recent),
            resolved=incident.resolved_at is not None,
            running=workup.active is not None,
        ),
        first_severity=incidents.severities(session, team, number)[0],
        recent=tuple(entry for entry in recent if entry.kind is not Kind.LOG),
        names=people.names(
            session,
            team,
            {
                *mentioned(texts),
                *(entry.author for entry in recent),
                *people_in(workup),
                *mentioned(" ".join(f"{each.diagnosis} {each.worked}" for each in similar)),
                *(who for who in (incident.lead, seen.review.off_by, *_handing(seen)) if who),
            },
        ),
        at=now,
        answers=triage.answers(session, team, number),
        workup=workup,
        advice=counselled.advice,
        treat=counselled.treat,
        log=next((entry for entry in recent if entry.kind is Kind.LOG), None),
        prompts=tuple(seen.prompts.values()),
        upcoming=upcoming(seen.questions, seen.prompts, seen.thread),
        prompts_off_by=seen.review.off_by,
        handing=seen.handing,
        similar=similar,
    )


def _handing(seen: Look) -> tuple[UserId | None, ...]:
    """Who has a part in the handoff of an incident."""
    newest, watch = seen.handing.newest, seen.handing.watch
    both = (newest.giver, newest.receiver) if newest else ()
    return (*both, watch.next if watch else None)


def list_open(session: Session, who: Who) -> list[Incident]:
    """The open incidents that somebody may see, the worst first."""
    return incidents.open_ones(session, who.team, viewer=who.user, here=who.channel, limit=LISTED)


def count_open(session: Session, who: Who) -> int:
    """How many incidents are open that somebody may see."""
    return incidents.count_open(session, who.team, viewer=who.user, here=who.channel)


def list_fitting(session: Session, who: Who) -> list[Incident]:
    """The open incidents that what is said where somebody stands may be logged to, those of this place first.

    What is said in a private conversation may only go to an incident of its own.
    """
    found = incidents.open_ones(
        session, who.team, viewer=who.user, here=who.channel, limit=OFFERED, here_first=True
    )
    if who.channel and people.is_closed(session, who.team, who.channel):
        return [incident for incident in found if incident.channel == who.channel]
    return found
