"""Checklists: how often one was posted into a thread, and the last word on each of its items."""

from sqlalchemy import Boolean, Column, Integer, String, Table

from bot.store.tables.base import Moment, metadata, of_incident, slack, team

# *copy* counts the posts; the newest is the living one, and the ticks are those of the incident.
checklists = Table(
    "checklists",
    metadata,
    team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("copy", Integer, nullable=False),
    slack("asked_by", nullable=False),
    Column("asked_at", Moment, nullable=False),
    of_incident(),
)

checklist_ticks = Table(
    "checklist_ticks",
    metadata,
    team(),
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("item", String(32), primary_key=True),
    Column("ticked", Boolean, nullable=False),
    slack("by", nullable=False),
    Column("at", Moment, nullable=False),
    slack("stamp", nullable=False),
    of_incident(),
)
