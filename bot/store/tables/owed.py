"""What is owed to Slack: cards, notices and files; and what was received."""

from sqlalchemy import Boolean, Column, Index, Integer, SmallInteger, String, Table, Text, UniqueConstraint

from bot.store.tables.base import Moment, metadata, of_incident, slack, team

# How far the upload of a file has come, so that it is never shared twice.
uploads = Table(
    "uploads",
    metadata,
    team(),
    Column("key", String(200), primary_key=True),
    slack("file_id"),
    Column("uploaded_at", Moment),
    Column("completed_at", Moment),
)

cards = Table(
    "cards",
    metadata,
    team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("wanted", Integer, nullable=False),
    Column("sent", Integer, nullable=False),
    # The version that can be searched: whatever changes what an incident says makes its card wanted anew.
    Column("indexed", Integer, nullable=False, server_default="0"),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("blocked_at", Moment),
    Column("last_error", Text),
    of_incident(),
)

outbox = Table(
    "outbox",
    metadata,
    team(),
    Column("key", String(200), primary_key=True),
    Column("lane", String(160), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("notice", Text, nullable=False),
    Column("owed_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("uncertain_since", Moment),
    Column("settled_at", Moment),
    Column("given_up", Boolean, nullable=False),
    Column("blocked_at", Moment),
    Column("last_error", Text),
    slack("slack_ts"),
    # What Slack counts it by: the channel or person that gets a message, or the method that is called.
    slack("channel"),
    UniqueConstraint("team_id", "lane", "seq"),
)
Index(
    "ix_outbox_due",
    outbox.c.priority,
    outbox.c.due_at,
    sqlite_where=outbox.c.settled_at.is_(None),
    postgresql_where=outbox.c.settled_at.is_(None),
)
Index(
    "ix_outbox_lane",
    outbox.c.team_id,
    outbox.c.lane,
    outbox.c.seq,
    sqlite_where=outbox.c.settled_at.is_(None),
    postgresql_where=outbox.c.settled_at.is_(None),
)
Index(
    "ix_outbox_given_up",
    outbox.c.owed_at,
    sqlite_where=outbox.c.given_up,
    postgresql_where=outbox.c.given_up,
)
Index(
    "ix_cards_due",
    cards.c.due_at,
    sqlite_where=cards.c.wanted > cards.c.sent,
    postgresql_where=cards.c.wanted > cards.c.sent,
)
Index(
    "ix_cards_unindexed",
    cards.c.team_id,
    cards.c.incident,
    sqlite_where=cards.c.wanted > cards.c.indexed,
    postgresql_where=cards.c.wanted > cards.c.indexed,
)

# Requests of Slack's that were carried out, so that a repetition changes nothing. Kept for 48 hours.
receipts = Table(
    "receipts",
    metadata,
    team(),
    Column("key", String(200), primary_key=True),
    Column("at", Moment, nullable=False),
    Index("ix_receipts_at", "at"),
)
