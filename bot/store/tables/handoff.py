"""Handoffs: who gives an incident to whom, and every version of what was handed over."""

from sqlalchemy import Boolean, Column, Index, Integer, SmallInteger, String, Table, Text

from bot.store.tables.base import Moment, metadata, of_incident, slack, team

# One attempt to hand an incident over. It ends by one of: accepted, declined, cancelled; at most one of an
# incident waits. *version* is the newest document, *bundle* is shared by those that were given together.
handoffs = Table(
    "handoffs",
    metadata,
    team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    slack("bundle", nullable=False),
    slack("giver", nullable=False),
    slack("receiver", nullable=False),
    slack("asked_by", nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("reason", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("sent_at", Moment),
    slack("overridden_by"),
    Column("override_reason", Text),
    Column("rounds", SmallInteger, nullable=False),
    Column("read_back", Text),
    slack("confirmed_by"),
    Column("accepted_at", Moment),
    Column("declined_at", Moment),
    Column("decline_reason", Text),
    Column("cancelled_at", Moment),
    slack("cancelled_by"),
    Column("cancel_reason", Text),
    Column("waiting", Boolean, nullable=False),
    of_incident(),
)
Index(
    "uq_handoffs_waiting",
    handoffs.c.team_id,
    handoffs.c.incident,
    unique=True,
    sqlite_where=handoffs.c.waiting,
    postgresql_where=handoffs.c.waiting,
)
Index("ix_handoffs_asked", handoffs.c.team_id, handoffs.c.asked_at)
Index(
    "ix_handoffs_receiver",
    handoffs.c.team_id,
    handoffs.c.receiver,
    sqlite_where=handoffs.c.waiting,
    postgresql_where=handoffs.c.waiting,
)

# What was compiled: never changed, only followed by another version. Of an accepted one *hash* covers the
# document, what was read back, and the hash of the accepted version before it.
handoff_versions = Table(
    "handoff_versions",
    metadata,
    team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("compiled_at", Moment, nullable=False),
    Column("document", Text, nullable=False),
    Column("score", SmallInteger, nullable=False),
    Column("five_elements", Boolean, nullable=False),
    Column("accepted_at", Moment),
    Column("previous_hash", String(64)),
    Column("hash", String(64)),
    of_incident(),
)
Index(
    "ix_handoff_versions_accepted",
    handoff_versions.c.team_id,
    handoff_versions.c.accepted_at,
    sqlite_where=handoff_versions.c.accepted_at.is_not(None),
    postgresql_where=handoff_versions.c.accepted_at.is_not(None),
)
