"""Search: which incidents have to be indexed, what they say, and which of them have what is looked for.

An incident is indexed when its card has changed since, so nothing that people do has to wait for an index.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.chart import Kind
from bot.domain.heard import Who
from bot.domain.ids import IncidentNumber, TeamId
from bot.domain.incident import Incident
from bot.domain.search.document import Document
from bot.domain.search.query import Match
from bot.domain.search.ranking import Candidate
from bot.store import frequencies, search_index
from bot.store.incidents import of_row, visible
from bot.store.search_index import Finding, finding
from bot.store.session import Session, first
from bot.store.tables import cards, entries, incidents, search_documents

# Of a long incident the newest entries are found; nobody has seen one with more.
MOST_ENTRIES = 3000
# Of what has the words the newest so many are compared, and as many of those that have them in their title.
COMPARED = 300
# So many incidents may be opened within what the clocks of two processes differ by.
CLOCKS_DIFFER = 100
# Built once, see incidents.py: the cards of new incidents ask it.
_KNOWN = select(search_documents.c.resolved).where(
    search_documents.c.team_id == bindparam("team"), search_documents.c.incident == bindparam("number")
)


@dataclass(frozen=True, slots=True)
class Stale:
    """An incident whose *version* has not been indexed."""

    team: TeamId
    incident: IncidentNumber
    version: int


def stale(session: Session, limit: int, team: TeamId | None = None) -> list[Stale]:
    """Incidents that say something else by now than the index knows, of one workspace or of all."""
    asked = select(cards.c.team_id, cards.c.incident, cards.c.wanted).where(cards.c.wanted > cards.c.indexed)
    if team is not None:
        asked = asked.where(cards.c.team_id == team)
    found = session.execute(asked.order_by(cards.c.team_id, cards.c.incident).limit(limit))
    return [Stale(TeamId(row.team_id), IncidentNumber(row.incident), row.wanted) for row in found]


def texts(session: Session, team: TeamId, number: IncidentNumber) -> list[tuple[Kind, str]]:
    """What is in the chart of an incident, the newest first, with the names of its files."""
    found = session.execute(
        select(entries.c.kind, entries.c.text, entries.c.files)
        .where(entries.c.team_id == team, entries.c.incident == number, entries.c.withdrawn_at.is_(None))
        .order_by(entries.c.at.desc(), entries.c.seq.desc())
        .limit(MOST_ENTRIES)
    )
    return [(Kind(row.kind), _with_files(row.text, row.files)) for row in found]


def _with_files(said: str, files: str | None) -> str:
    return " ".join([said, *(file["name"] for file in json.loads(files or "[]"))])


def claimed(session: Session, one: Stale) -> bool:
    """Take an incident to index it in this transaction; False where somebody else has or does."""
    found = session.execute(
        select(cards.c.incident)
        .where(*_card_of(one), cards.c.indexed < one.version)
        .with_for_update(skip_locked=True)
    )
    return found.first() is not None


def indexed(session: Session, one: Stale, *, shown_anew: bool = False) -> None:
    """The index knows this version; with *shown_anew* what was found out makes a new card, and no more."""
    more = 1 if shown_anew else 0
    session.execute(
        update(cards).where(*_card_of(one)).values(indexed=one.version + more, wanted=cards.c.wanted + more)
    )


def _card_of(one: Stale) -> tuple[ColumnElement[bool], ...]:
    return cards.c.team_id == one.team, cards.c.incident == one.incident


def document(session: Session, team: TeamId, number: IncidentNumber) -> Document | None:
    """What the index knows of an incident."""
    row = session.execute(select(search_documents).where(*_of(search_documents, team, number))).first()
    if row is None:
        return None
    return Document(
        team=team,
        incident=number,
        title=row.title,
        body=row.body,
        compared=row.compared,
        worked=row.worked,
        resolved=row.resolved,
    )


def is_known(session: Session, team: TeamId, number: IncidentNumber) -> bool:
    """Whether the index knows anything of an incident."""
    return first(session, _KNOWN, {"team": team, "number": number}) is not None


def keep(session: Session, new: Document) -> Document | None:
    """Store and index a document; call it with its incident claimed. What was known before."""
    before = document(session, new.team, new.incident)
    if before == new:
        return before
    values = {name: getattr(new, name) for name in ("title", "body", "compared", "worked", "resolved")}
    session.execute(
        insert(search_documents)
        .values(team_id=new.team, incident=new.incident, **values)
        .on_conflict_do_update(index_elements=["team_id", "incident"], set_=values)
    )
    if before is None or (before.title, before.body) != (new.title, new.body):
        search_index.put(session, new, (before.title, before.body) if before else None)
    frequencies.count(session, new.team, _counted(before), _counted(new))
    return before


def _counted(found: Document | None) -> set[str]:
    """The terms that count for how rare they are: those of resolved incidents."""
    return {"", *found.compared.split()} if found and found.resolved else set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Who searches, and among what: *resolved* or not or either, and what was opened *since* then."""

    who: Who
    resolved: bool | None = None
    since: datetime | None = None

    def holds(self) -> Iterable[ColumnElement[bool]]:
        """What an incident has to fulfil, whatever words it has."""
        yield visible(self.who.user, self.who.channel)
        if self.resolved is not None:
            yield incidents.c.resolved_at.is_not(None) if self.resolved else incidents.c.resolved_at.is_(None)
        if self.since is not None:
            yield incidents.c.opened_at >= self.since


def find(session: Session, scope: Scope, match: Match) -> list[Candidate]:
    """Documents that match, as far as whoever asks may see them: the newest, and the newest by title."""
    least = _first_since(session, scope)
    if least is None:
        return []
    found: dict[IncidentNumber, Candidate] = {}
    for in_title in (False, True):
        index = finding(session, scope.who.team, match, in_title=in_title, least=least)
        for row in session.execute(_candidates(index, scope)):
            number = IncidentNumber(row.incident)
            found[number] = Candidate(number, row.title, row.body)
        if len(found) < COMPARED:
            break
    return [*found.values()]


def _first_since(session: Session, scope: Scope) -> int | None:
    """A number below those of all that was opened since then; None where nothing was.

    Clocks of several processes differ a little, so a few more are looked at.
    """
    if scope.since is None:
        return 0
    first_one = (
        select(incidents.c.number)
        .where(incidents.c.team_id == scope.who.team, incidents.c.opened_at >= scope.since)
        .order_by(incidents.c.opened_at)
        .limit(1)
    )
    number = session.execute(first_one).scalar()
    return None if number is None else max(number - CLOCKS_DIFFER, 0)


def _candidates(index: Finding, scope: Scope) -> Select[Any]:
    team = scope.who.team
    return (
        select(search_documents.c.incident, search_documents.c.title, search_documents.c.body)
        .select_from(index.source)
        .join(
            search_documents,
            and_(search_documents.c.team_id == team, search_documents.c.incident == index.number),
        )
        .join(incidents, and_(incidents.c.team_id == team, incidents.c.number == index.number))
        .where(*index.holds, *scope.holds())
        .order_by(index.order.desc())
        .limit(COMPARED)
    )


def several(session: Session, team: TeamId, numbers: Sequence[IncidentNumber]) -> list[Incident]:
    """Incidents by their numbers, in the same order."""
    found = session.execute(
        select(incidents).where(incidents.c.team_id == team, incidents.c.number.in_(numbers))
    )
    by_number = {row.number: of_row(row) for row in found}
    return [by_number[number] for number in numbers if number in by_number]


def _of(table: Table, team: TeamId, number: IncidentNumber) -> tuple[ColumnElement[bool], ...]:
    return table.c.team_id == team, table.c.incident == number
