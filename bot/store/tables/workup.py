"""What a workup is made of, and who was asked what in private."""

from sqlalchemy import Boolean, Column, Index, Integer, SmallInteger, String, Table, Text

from bot.store.tables.base import Moment, metadata, of_incident, slack, team

# What was named, asked, found, tried and decided: the workup is a fold of these. A step that an entry made
# lives and dies with it; *body* is the step as JSON.
steps = Table(
    "steps",
    metadata,
    team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("entry", Integer),
    Column("kind", String(16), nullable=False),
    Column("body", Text, nullable=False),
    slack("by", nullable=False),
    Column("at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    Index("ix_steps_entry", "team_id", "incident", "entry"),
    of_incident(),
)

# The interventions that the steps come to, for those who ask across incidents, and so that the database
# itself allows no second one that is active.
interventions = Table(
    "interventions",
    metadata,
    team(),
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
    of_incident(),
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
    team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("question", String(1), primary_key=True),
    Column("answer", SmallInteger, nullable=False),
    slack("by", nullable=False),
    Column("at", Moment, nullable=False),
    of_incident(),
)

# People who are asked for their own list, in a round; nobody sees an answer before the round is closed.
opinions = Table(
    "opinions",
    metadata,
    team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("round", Integer, primary_key=True, autoincrement=False),
    slack("person", primary_key=True),
    slack("asked_by", nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("answer", Text),
    Column("answered_at", Moment),
    Column("closed_at", Moment),
    of_incident(),
)
