"""What is found again: each incident in terms, how rare terms are, and which incidents were alike.

The index over the terms, ``search_terms``, is made by its migration and belongs to `bot.store.search_index`:
it is FTS5's own table on SQLite and one with a ``tsvector`` on PostgreSQL.
"""

from sqlalchemy import Boolean, Column, Integer, String, Table, Text

from bot.store.tables.base import metadata, of_incident, team

# An incident in terms, see `bot.domain.search.document`. *worked* is the last thing that worked, in words.
search_documents = Table(
    "search_documents",
    metadata,
    team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("compared", Text, nullable=False),
    Column("worked", Text),
    Column("resolved", Boolean, nullable=False),
    of_incident(),
)

# In how many resolved incidents a term is found; the empty term counts them all.
search_frequencies = Table(
    "search_frequencies",
    metadata,
    team(),
    Column("term", String(80), primary_key=True),
    Column("incidents", Integer, nullable=False),
)

# Resolved incidents that were like one that is open, the likest first.
search_similar = Table(
    "search_similar",
    metadata,
    team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("other", Integer, nullable=False),
    of_incident(),
)
