"""Shifts: where it is read from who is on duty at a place, and what people said of single hours."""

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Index, Integer, Table, Text

from bot.store.tables.base import Moment, metadata, slack, team

# One row a place: a channel, or "" for the whole workspace. A rotation has *people* (JSON) and all that
# follows until *weekdays*; a calendar has an address, which is a secret, or only a label where it was a file.
# *wanted* is an address that has not been read yet: until it was, what there is stays.
# *turn_at* is when duty goes over next, *warn_at* when that is said before, *refresh_at* when the source is
# read again: each is what somebody who looks for work finds.
rosters = Table(
    "rosters",
    metadata,
    team(),
    slack("place", primary_key=True),
    Column("people", Text),
    Column("length_minutes", Integer),
    Column("first", Text),
    Column("zone", Text, nullable=False),
    Column("weekdays", Boolean, nullable=False),
    slack("group_id"),
    Column("group_handle", Text),
    Column("calendar", Text),
    Column("calendar_label", Text),
    Column("wanted", Text),
    slack("wanted_by"),
    slack("wanted_in"),
    Column("wanted_zone", Text),
    slack("set_by", nullable=False),
    slack("set_in", nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("refresh_at", Moment),
    Column("refreshed_at", Moment),
    Column("problem", Text),
    Column("problem_since", Moment),
    Column("unknown", Text),
    Column("turn_at", Moment),
    Column("warn_at", Moment),
    Column("warned_for", Moment),
)
for _due in (rosters.c.turn_at, rosters.c.warn_at, rosters.c.refresh_at):
    Index(f"ix_rosters_{_due.name}", _due, sqlite_where=_due.is_not(None), postgresql_where=_due.is_not(None))


def _of_roster() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["team_id", "place"], ["rosters.team_id", "rosters.place"])


# What was read from a calendar, such that at each moment at most one counts.
shift_spans = Table(
    "shift_spans",
    metadata,
    team(),
    slack("place", primary_key=True),
    Column("starts_at", Moment, primary_key=True),
    Column("ends_at", Moment, nullable=False),
    slack("person", nullable=False),
    _of_roster(),
)

# What people said of single hours, in the order in which they said it: the last one counts.
shift_overrides = Table(
    "shift_overrides",
    metadata,
    team(),
    slack("place", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    slack("person", nullable=False),
    slack("instead_of"),
    slack("said_by", nullable=False),
    Column("said_at", Moment, nullable=False),
    _of_roster(),
)
