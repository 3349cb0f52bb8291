"""Seen before? What a resolved incident that presented alike came from, and what worked."""

from bot.domain.ids import IncidentNumber
from bot.domain.incident import Incident
from bot.domain.search.document import Said, document_of
from bot.domain.similar import Similar, asked_by, nearest, prominent
from bot.store import frequencies, search, similar
from bot.store.session import Session

# So many of the candidates are compared word for word.
COMPARED = 20


def similar_to(session: Session, incident: Incident) -> tuple[Similar, ...]:
    """What was seen before like this incident, for its chart.

    Until an incident is indexed, which takes a second, it is known by its title and by what was seen.
    """
    if incident.resolved_at is not None:
        return ()
    found = similar.kept(session, incident)
    if found or search.is_known(session, incident.team, incident.number):
        return found
    terms = document_of(Said(incident=incident)).compared.split()
    return similar.described(session, incident, find_similar(session, incident, terms))


def find_similar(session: Session, incident: Incident, terms: list[str]) -> list[IncidentNumber]:
    """Resolved incidents whose terms are most like these, as far as they may be named beside *incident*."""
    known = frequencies.of(session, incident.team, terms)
    groups = asked_by(terms, known)
    if not groups:
        return []
    found = similar.candidates(session, incident, groups)
    few = {number: found[number] for number in prominent(terms, found, known, COMPARED)}
    every = {*terms, *(term for each in few.values() for term in each)}
    rarity = frequencies.of(session, incident.team, every)
    return nearest(terms, few, rarity)
