"""The index over terms: FTS5 on SQLite, a ``tsvector`` with its GIN index on PostgreSQL.

Both get the same terms in the same places and are asked the same, so they find the same. Neither cuts words,
stems or ranks; whatever reaches them is made of terms alone, so no sign that somebody typed means anything.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    String,
    TableClause,
    cast,
    column,
    insert,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from bot.domain.ids import TeamId
from bot.domain.search.document import GAP, Document
from bot.domain.search.query import Match, Wanted
from bot.store.session import Session

# Rows of FTS5 have one number: the workspace's in the upper half, and the incident's in the lower.
_HALF = 32
_LOWER = (1 << _HALF) - 1
# The index of each database, as far as it is asked for something.
_FTS = table("search_terms", column("rowid", BigInteger), column("title", String), column("body", String))
_TEAMS = table("search_terms_teams", column("place", Integer), column("team_id", String))
_VECTORS = table(
    "search_terms", column("team_id", String), column("incident", Integer), column("terms", TSVECTOR)
)
_FORGET = text(
    "INSERT INTO search_terms (search_terms, rowid, title, body) VALUES ('delete', :row, :title, :body)"
)
_KEEP_VECTOR = text(
    "INSERT INTO search_terms (team_id, incident, terms) VALUES (:team, :incident, CAST(:terms AS tsvector)) "
    "ON CONFLICT (team_id, incident) DO UPDATE SET terms = excluded.terms"
)


def put(session: Session, document: Document, before: tuple[str, str] | None) -> None:
    """Index a document in place of what was indexed *before*: its title and its body."""
    if session.dialect.name != "sqlite":
        values = {"team": document.team, "incident": document.incident, "terms": _vector(document)}
        session.execute(_KEEP_VECTOR, values)
        return
    row = (_place(session, document.team) << _HALF) | document.incident
    if before:
        session.execute(_FORGET, {"row": row, "title": before[0], "body": before[1]})
    session.execute(insert(_FTS).values(rowid=row, title=document.title, body=document.body))


def _place(session: Session, team: TeamId) -> int:
    """The number of a workspace; a SQLite file has one writer, so two never get the same."""
    session.execute(text("INSERT OR IGNORE INTO search_terms_teams (team_id) VALUES (:team)"), {"team": team})
    return int(session.execute(select(_TEAMS.c.place).where(_TEAMS.c.team_id == team)).scalar_one())


def _vector(document: Document) -> str:
    """A document as PostgreSQL takes it, every term with its places; those of the title have weight A."""
    places: dict[str, list[str]] = defaultdict(list)
    title = document.title.split()
    for place, term in enumerate([*title, *document.body.split()], start=1):
        if term != GAP:
            places[term].append(f"{place}A" if place <= len(title) else str(place))
    return " ".join(f"'{term}':{','.join(found)}" for term, found in places.items())


@dataclass(frozen=True, slots=True)
class Finding:
    """One search, as the database at hand is asked: what to select from and by what *number* of incidents.

    *order* is that in which the index can be read backwards without sorting.
    """

    source: TableClause
    number: ColumnElement[Any]
    order: ColumnElement[Any]
    holds: tuple[ColumnElement[bool], ...]


def finding(
    session: Session,
    team: TeamId,
    match: Match,
    *,
    in_title: bool = False,
    least: int = 0,
) -> Finding:
    """Find documents that *match*, with *in_title* by their title, of incidents numbered *least* or more."""
    if session.dialect.name == "sqlite":
        return _in_fts(team, _for_fts(match, in_title=in_title), least)
    return _in_vectors(team, _for_vectors(match, in_title=in_title), least)


def _in_fts(team: TeamId, asked: str, least: int) -> Finding:
    row = _FTS.c.rowid
    base = select(_TEAMS.c.place).where(_TEAMS.c.team_id == team).scalar_subquery().op("<<")(_HALF)
    holds = (
        literal_column("search_terms", String).match(asked),
        row >= base.op("+")(literal(least)),
        row <= base.op("+")(literal(_LOWER)),
    )
    return Finding(_FTS, row.op("&")(literal(_LOWER)), row, holds)


def _in_vectors(team: TeamId, asked: str, least: int) -> Finding:
    number = _VECTORS.c.incident
    holds = (
        _VECTORS.c.team_id == team,
        _VECTORS.c.terms.op("@@")(cast(asked, TSQUERY)),
        number >= least,
    )
    return Finding(_VECTORS, number, number, holds)


def _for_fts(match: Match, *, in_title: bool) -> str:
    groups = [" AND ".join(_fts_term(each) for each in group) for group in match.groups]
    said = " OR ".join(f"({group})" for group in groups)
    said = f"{{title}} : ({said})" if in_title else f"({said})"
    return f'{said} AND "{match.state}"' if match.state else said


def _fts_term(wanted: Wanted) -> str:
    star = "*" if wanted.beginning else ""
    forms = [" ".join(wanted.parts), *([wanted.whole] if wanted.whole else [])]
    return "(" + " OR ".join(f'"{form}"{star}' for form in forms) + ")"


def _for_vectors(match: Match, *, in_title: bool) -> str:
    weight = "A" if in_title else ""
    groups = [" & ".join(_vector_term(each, weight) for each in group) for group in match.groups]
    said = " | ".join(f"({group})" for group in groups)
    return f"({said}) & '{match.state}'" if match.state else said


def _vector_term(wanted: Wanted, weight: str) -> str:
    last = ("*" if wanted.beginning else "") + weight
    forms = [_in_a_row(wanted.parts, weight, last)]
    if wanted.whole:
        forms.append(_in_a_row([wanted.whole], weight, last))
    return "(" + " | ".join(f"({form})" for form in forms) + ")"


def _in_a_row(terms: Sequence[str], weight: str, last: str) -> str:
    marks = [*[weight] * (len(terms) - 1), last]
    named = (f"'{term}':{mark}" if mark else f"'{term}'" for term, mark in zip(terms, marks, strict=True))
    return " <-> ".join(named)
