"""Keep search up to date with what charts say, a transaction for each incident, while nobody waits for it."""

from bot.domain.chart import Kind
from bot.domain.ids import TeamId
from bot.domain.search.document import Said, document_of
from bot.domain.therapy.treatment import Outcome
from bot.domain.work.workup import Workup
from bot.store import incidents, search, similar
from bot.store.search import Stale
from bot.store.session import Database, Session
from bot.usecases.find_similar import find_similar
from bot.usecases.follow_workup import read_workup


def stale_ones(database: Database, limit: int, team: TeamId | None = None) -> list[Stale]:
    """Incidents that say something else by now than search knows."""
    with database.reading() as session:
        return search.stale(session, limit, team)


def index_incident(database: Database, one: Stale) -> bool:
    """Index an incident as it is now, and show what it is like where that has changed; it always does.

    It is read before the transaction that writes, because a long chart takes time to read. Whoever reads
    later writes a later version, and the earlier one finds that it is not wanted any more.
    """
    with database.reading() as session:
        incident = incidents.get(session, one.team, one.incident)
        document = document_of(_said(session, one))
        found = [] if document.resolved else find_similar(session, incident, document.compared.split())
    with database.quietly() as session:
        if not search.claimed(session, one):
            return True
        before = search.keep(session, document)
        changed = similar.keep(session, incident, found)
        # The first card has shown already what the words of its opening are like.
        just_opened = before is None and one.version == 1
        search.indexed(session, one, shown_anew=changed and not document.resolved and not just_opened)
    return True


def leave_out(database: Database, one: Stale) -> None:
    """Leave an incident as search knows it until it changes again, because it cannot be indexed."""
    with database.quietly() as session:
        search.indexed(session, one)


def _said(session: Session, one: Stale) -> Said:
    workup = read_workup(session, one.team, one.incident)
    texts = search.texts(session, one.team, one.incident)
    return Said(
        incident=incidents.get(session, one.team, one.incident),
        hypotheses=tuple(each.statement for each in workup.differential.hypotheses),
        texts=tuple(text for _, text in texts),
        logs=tuple(text for kind, text in texts if kind in {Kind.LOG, Kind.RESULT}),
        worked=_worked(workup),
    )


def _worked(workup: Workup) -> str | None:
    """The last thing that was tried and worked: "A1 pin datasets<3.0"."""
    worked = [each for each in workup.interventions if each.outcome is Outcome.WORKED]
    kept = (each for each in worked if not each.reverted_at)
    last = max(kept, key=lambda each: (each.ended_at or each.started_at, each.name), default=None)
    return f"{last.name} {last.text}" if last else None
