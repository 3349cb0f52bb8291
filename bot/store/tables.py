"""The tables. ``team_id`` leads every key, so that a workspace is one partition or one shard."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware moment in UTC, on databases that know time zones and on those that do not."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment whose zone nobody knows."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back what was stored, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def _team() -> Column[str]:
    return Column("team_id", String(32), primary_key=True)


def _slack(name: str, **more: Any) -> Column[str]:  # noqa: ANN401 - passed on to Column as it is.
    """Hold an id or a ts of Slack's: a short string."""
    return Column(name, String(64), **more)


def _of_incident() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["team_id", "incident"], ["incidents.team_id", "incidents.number"])


workspaces = Table(
    "workspaces",
    metadata,
    _team(),
    Column("last_incident", Integer, nullable=False),
    Column("heard_at", Moment),
)

incidents = Table(
    "incidents",
    metadata,
    _team(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("seen", Text, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("triaged_at", Moment),
    _slack("lead"),
    Column("private", Boolean, nullable=False),
    _slack("channel", nullable=False),
    _slack("thread_ts"),
    _slack("opened_by", nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("active_at", Moment, nullable=False),
    Column("last_entry", Integer, nullable=False),
    Column("resolved_at", Moment),
    _slack("resolved_by"),
    Column("diagnosis", Text),
    Index("ix_incidents_open", "team_id", "resolved_at", "severity", "number"),
    Index("ix_incidents_repeated", "team_id", "opened_by", "opened_at"),
)

# A thread leads to its incident. A deleted chart is posted anew, and its old thread goes on counting.
threads = Table(
    "threads",
    metadata,
    _team(),
    _slack("channel", primary_key=True),
    _slack("ts", primary_key=True),
    Column("incident", Integer, nullable=False),
    Index("ix_threads_incident", "team_id", "incident"),
    _of_incident(),
)

# What Slack says of a conversation. Until it is asked, a conversation counts as private.
channels = Table(
    "channels",
    metadata,
    _team(),
    _slack("channel", primary_key=True),
    Column("private", Boolean, nullable=False),
)

members = Table(
    "members",
    metadata,
    _team(),
    _slack("channel", primary_key=True),
    _slack("person", primary_key=True),
)

people = Table(
    "people",
    metadata,
    _team(),
    _slack("person", primary_key=True),
    Column("name", Text),
    Column("zone", Text),
    Column("asked_at", Moment, nullable=False),
)

# A message of which at least one entry was made. *version* is the ts of the newest text we have seen.
messages = Table(
    "messages",
    metadata,
    _team(),
    _slack("channel", primary_key=True),
    _slack("ts", primary_key=True),
    Column("incident", Integer),
    _slack("version", nullable=False),
    Column("receipt", Boolean, nullable=False),
    Column("refused", Boolean, nullable=False),
    Column("deleted_at", Moment),
)

entries = Table(
    "entries",
    metadata,
    _team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    _slack("author", nullable=False),
    Column("at", Moment, nullable=False),
    _slack("logged_by", nullable=False),
    Column("logged_at", Moment, nullable=False),
    _slack("channel"),
    _slack("ts"),
    _slack("line"),
    Column("files", Text),
    Column("withdrawn_at", Moment),
    UniqueConstraint("team_id", "channel", "ts", "line"),
    Index("ix_entries_kind", "team_id", "incident", "kind", "at", "seq"),
    _of_incident(),
)

entry_revisions = Table(
    "entry_revisions",
    metadata,
    _team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    _slack("version", primary_key=True),
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
    _team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("severity", SmallInteger, nullable=False),
    _slack("by", nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    _of_incident(),
)

# Reactions that mean an entry, by who gave them: the newest event wins, whatever order they arrive in.
reactions = Table(
    "reactions",
    metadata,
    _team(),
    _slack("channel", primary_key=True),
    _slack("ts", primary_key=True),
    Column("emoji", String(64), primary_key=True),
    _slack("person", primary_key=True),
    _slack("event_ts", nullable=False),
    Column("present", Boolean, nullable=False),
)

# What was named, asked, found, tried and decided: the workup is a fold of these. A step that an entry made
# lives and dies with it; *body* is the step as JSON.
steps = Table(
    "steps",
    metadata,
    _team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("entry", Integer),
    Column("kind", String(16), nullable=False),
    Column("body", Text, nullable=False),
    _slack("by", nullable=False),
    Column("at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    Index("ix_steps_entry", "team_id", "incident", "entry"),
    _of_incident(),
)

# The interventions that the steps come to, for those who ask across incidents, and so that the database
# itself allows no second one that is active.
interventions = Table(
    "interventions",
    metadata,
    _team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("name", String(16), primary_key=True),
    Column("target", String(8)),
    Column("started_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("owes_revert", Boolean, nullable=False),
    Column("outcome", String(16)),
    Column("ended_at", Moment),
    Column("reverted_at", Moment),
    Column("bundled_with", String(16)),
    _of_incident(),
)
Index(
    "uq_interventions_active",
    interventions.c.team_id,
    interventions.c.incident,
    unique=True,
    sqlite_where=interventions.c.active,
    postgresql_where=interventions.c.active,
)

# What was answered to the questions of triage; the newest answer counts.
triage_answers = Table(
    "triage_answers",
    metadata,
    _team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("question", String(1), primary_key=True),
    Column("answer", SmallInteger, nullable=False),
    _slack("by", nullable=False),
    Column("at", Moment, nullable=False),
    _of_incident(),
)

# People who are asked for their own list, in a round; nobody sees an answer before the round is closed.
opinions = Table(
    "opinions",
    metadata,
    _team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("round", Integer, primary_key=True, autoincrement=False),
    _slack("person", primary_key=True),
    _slack("asked_by", nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("answer", Text),
    Column("answered_at", Moment),
    Column("closed_at", Moment),
    _of_incident(),
)

# How far the upload of a file has come, so that it is never shared twice.
uploads = Table(
    "uploads",
    metadata,
    _team(),
    Column("key", String(200), primary_key=True),
    _slack("file_id"),
    Column("uploaded_at", Moment),
    Column("completed_at", Moment),
)

cards = Table(
    "cards",
    metadata,
    _team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("wanted", Integer, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("blocked_at", Moment),
    Column("last_error", Text),
    _of_incident(),
)

outbox = Table(
    "outbox",
    metadata,
    _team(),
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
    _slack("slack_ts"),
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
    "ix_cards_due",
    cards.c.due_at,
    sqlite_where=cards.c.wanted > cards.c.sent,
    postgresql_where=cards.c.wanted > cards.c.sent,
)

# Requests of Slack's that were carried out, so that a repetition changes nothing. Kept for 48 hours.
receipts = Table(
    "receipts",
    metadata,
    _team(),
    Column("key", String(200), primary_key=True),
    Column("at", Moment, nullable=False),
    Index("ix_receipts_at", "at"),
)
