"""Read charts: what a card shows, and the lists people ask for."""

from bot.domain.heard import Who, mentioned
from bot.domain.ids import IncidentNumber, TeamId
from bot.domain.incident import Incident, phase_of
from bot.domain.ward import SHOWN_EACH, SHOWN_KINDS, Chart
from bot.store import entries, incidents, people
from bot.store.session import Session

LISTED = 50


def read_chart(session: Session, team: TeamId, number: IncidentNumber) -> Chart:
    """The chart as the card shows it.

    Raises:
        NoSuchIncident: There is none.
    """
    return _chart(session, incidents.get(session, team, number))


def show_chart(session: Session, who: Who, number: IncidentNumber) -> Chart:
    """The chart, for somebody who asks to see it.

    Raises:
        NoSuchIncident: There is none, or it is none of theirs.
    """
    found = incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    return _chart(session, found)


def _chart(session: Session, incident: Incident) -> Chart:
    recent = entries.last_by_kind(session, incident.team, incident.number, SHOWN_KINDS, SHOWN_EACH)
    texts = " ".join([incident.seen, incident.diagnosis or "", *(entry.text for entry in recent)])
    authors = [entry.author for entry in recent]
    return Chart(
        incident=incident,
        phase=phase_of((entry.kind for entry in recent), resolved=incident.resolved_at is not None),
        first_severity=incidents.severities(session, incident.team, incident.number)[0],
        recent=tuple(recent),
        names=people.names(session, incident.team, {*mentioned(texts), *authors}),
    )


def list_open(session: Session, who: Who) -> list[Incident]:
    """The open incidents that somebody may see, the worst first."""
    return incidents.open_ones(session, who.team, viewer=who.user, here=who.channel, limit=LISTED)
