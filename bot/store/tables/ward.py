"""Workspaces, their people, and the charts of their incidents."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.store.tables.base import Moment, metadata, of_incident, slack, team

workspaces = Table(
    "workspaces",
    metadata,
    team(),
    Column("last_incident", Integer, nullable=False),
    Column("heard_at", Moment),
)

incidents = Table(
    "incidents",
    metadata,
    team(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("seen", Text, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("triaged_at", Moment),
    slack("lead"),
    Column("private", Boolean, nullable=False),
    slack("channel", nullable=False),
    slack("thread_ts"),
    slack("opened_by", nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("active_at", Moment, nullable=False),
    Column("last_entry", Integer, nullable=False),
    Column("resolved_at", Moment),
    slack("resolved_by"),
    Column("diagnosis", Text),
    Index("ix_incidents_open", "team_id", "resolved_at", "severity", "number"),
    Index("ix_incidents_repeated", "team_id", "opened_by", "opened_at"),
    Index("ix_incidents_opened", "team_id", "opened_at"),
)

# A thread leads to its incident. A deleted chart is posted anew, and its old thread goes on counting.
threads = Table(
    "threads",
    metadata,
    team(),
    slack("channel", primary_key=True),
    slack("ts", primary_key=True),
    Column("incident", Integer, nullable=False),
    Index("ix_threads_incident", "team_id", "incident"),
    of_incident(),
)

# What Slack says of a conversation. Until it is asked, a conversation counts as private.
channels = Table(
    "channels",
    metadata,
    team(),
    slack("channel", primary_key=True),
    Column("private", Boolean, nullable=False),
)

members = Table(
    "members",
    metadata,
    team(),
    slack("channel", primary_key=True),
    slack("person", primary_key=True),
)

people = Table(
    "people",
    metadata,
    team(),
    slack("person", primary_key=True),
    Column("name", Text),
    Column("zone", Text),
    Column("asked_at", Moment, nullable=False),
)

# A message of which at least one entry was made. *version* is the ts of the newest text we have seen.
messages = Table(
    "messages",
    metadata,
    team(),
    slack("channel", primary_key=True),
    slack("ts", primary_key=True),
    Column("incident", Integer),
    slack("version", nullable=False),
    Column("receipt", Boolean, nullable=False),
    Column("refused", Boolean, nullable=False),
    Column("deleted_at", Moment),
)

entries = Table(
    "entries",
    metadata,
    team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    slack("author", nullable=False),
    Column("at", Moment, nullable=False),
    slack("logged_by", nullable=False),
    Column("logged_at", Moment, nullable=False),
    slack("channel"),
    slack("ts"),
    slack("line"),
    Column("files", Text),
    Column("withdrawn_at", Moment),
    UniqueConstraint("team_id", "channel", "ts", "line"),
    Index("ix_entries_kind", "team_id", "incident", "kind", "at", "seq"),
    of_incident(),
)

entry_revisions = Table(
    "entry_revisions",
    metadata,
    team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    slack("version", primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    ForeignKeyConstraint(
        ["team_id", "incident", "seq"], ["entries.team_id", "entries.incident", "entries.seq"]
    ),
)

severity_changes = Table(
    "severity_changes",
    metadata,
    team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("severity", SmallInteger, nullable=False),
    slack("by", nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    of_incident(),
)

# Reactions that mean an entry, by who gave them: the newest event wins, whatever order they arrive in.
reactions = Table(
    "reactions",
    metadata,
    team(),
    slack("channel", primary_key=True),
    slack("ts", primary_key=True),
    Column("emoji", String(64), primary_key=True),
    slack("person", primary_key=True),
    slack("event_ts", nullable=False),
    Column("present", Boolean, nullable=False),
)
