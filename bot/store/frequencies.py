"""How rare terms are among resolved incidents, counted as they are resolved, reopened and corrected."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert  # Serves both databases, see incidents.py.

from bot.domain.ids import TeamId
from bot.domain.similar import Frequencies
from bot.store.session import Session
from bot.store.tables import search_frequencies

# The term that every incident has.
ALL = ""


def count(session: Session, team: TeamId, before: set[str], after: set[str]) -> None:
    """Count an incident with the terms it has now in place of those it had before."""
    changes = dict.fromkeys(before - after, -1) | dict.fromkeys(after - before, 1)
    if not changes:
        return
    # In order, so that two who count at once never wait for each other in a circle.
    values = [{"team_id": team, "term": term, "incidents": changes[term]} for term in sorted(changes)]
    adding = insert(search_frequencies)
    session.execute(
        adding.on_conflict_do_update(
            index_elements=["team_id", "term"],
            set_={"incidents": search_frequencies.c.incidents + adding.excluded.incidents},
        ),
        values,
    )


def of(session: Session, team: TeamId, terms: Collection[str]) -> Frequencies:
    """In how many resolved incidents each of the terms is found."""
    found = session.execute(
        select(search_frequencies.c.term, search_frequencies.c.incidents).where(
            search_frequencies.c.team_id == team, search_frequencies.c.term.in_([ALL, *sorted(terms)])
        )
    )
    counts = {row.term: row.incidents for row in found}
    return Frequencies(counts.pop(ALL, 0), {term: number for term, number in counts.items() if number > 0})
