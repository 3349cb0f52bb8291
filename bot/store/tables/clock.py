"""What is due: prompts, digests, and the pace at which Slack takes messages."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, SmallInteger, String, Table, Text

from bot.store.tables.base import Moment, metadata, of_incident, slack, team

# What an incident asks of its people: a row a question. It is asked twice at most, then a person is told.
# *answered_by* is set where somebody said that it is answered; else what happened has answered it.
prompts = Table(
    "prompts",
    metadata,
    team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(24), primary_key=True),
    Column("about", String(64), primary_key=True),
    Column("due_at", Moment, nullable=False),
    Column("asks", SmallInteger, nullable=False),
    Column("asked_at", Moment),
    Column("snoozed_until", Moment),
    Column("declined_at", Moment),
    slack("declined_by"),
    Column("answered_at", Moment),
    slack("answered_by"),
    Column("escalated_at", Moment),
    of_incident(),
)

# When an incident is looked at next, and its living prompt: *living* counts the prompts that were posted.
# It stands beside `prompts` so that whoever looks for what is due finds one row an incident.
reviews = Table(
    "reviews",
    metadata,
    team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("due_at", Moment),
    Column("living", Integer, nullable=False),
    Column("posted_at", Moment),
    Column("every_minutes", Integer),
    slack("off_by"),
    Column("attempts", Integer, nullable=False),
    Column("last_error", Text),
    of_incident(),
)
Index(
    "ix_reviews_due",
    reviews.c.due_at,
    sqlite_where=reviews.c.due_at.is_not(None),
    postgresql_where=reviews.c.due_at.is_not(None),
)

# When nobody wants to be asked, in minutes of the local day; an empty *person* is the whole workspace.
quiet_hours = Table(
    "quiet_hours",
    metadata,
    team(),
    slack("person", primary_key=True),
    Column("starts", SmallInteger, nullable=False),
    Column("ends", SmallInteger, nullable=False),
    Column("zone", Text, nullable=False),
)

# Channels that want a digest every day, at a minute of the local day; *due_at* is when the next one is.
digest_orders = Table(
    "digest_orders",
    metadata,
    team(),
    slack("channel", primary_key=True),
    Column("minute", SmallInteger, nullable=False),
    Column("zone", Text, nullable=False),
    Column("weekdays", Boolean, nullable=False),
    slack("ordered_by", nullable=False),
    Column("ordered_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Index("ix_digest_orders_due", "due_at"),
)

# One digest a channel and local date, whoever compiles it; *document* is None where it would have been too
# late to be of use.
digests = Table(
    "digests",
    metadata,
    team(),
    slack("channel", primary_key=True),
    Column("date", Date, primary_key=True),
    Column("due_at", Moment, nullable=False),
    Column("compiled_at", Moment, nullable=False),
    Column("document", Text),
)

# From when on Slack takes another message in a place: a channel, a method, or "" for the whole workspace.
paces = Table(
    "paces",
    metadata,
    team(),
    slack("place", primary_key=True),
    Column("free_at", Moment, nullable=False),
)
