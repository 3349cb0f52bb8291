"""Shifts: who is on duty when, and where that is read from.

Rules: one step that old code can live with; name what you drop; go down again what you went up.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_DUE = ("turn_at", "warn_at", "refresh_at")


def upgrade() -> None:
    _rosters()
    _spans()
    _overrides()


def _rosters() -> None:
    op.create_table(
        "rosters",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("people", sa.Text(), nullable=True),
        sa.Column("length_minutes", sa.Integer(), nullable=True),
        sa.Column("first", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("weekdays", sa.Boolean(), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=True),
        sa.Column("group_handle", sa.Text(), nullable=True),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("calendar_label", sa.Text(), nullable=True),
        sa.Column("wanted", sa.Text(), nullable=True),
        sa.Column("wanted_by", sa.String(length=64), nullable=True),
        sa.Column("wanted_in", sa.String(length=64), nullable=True),
        sa.Column("wanted_zone", sa.Text(), nullable=True),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.Column("set_in", sa.String(length=64), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refresh_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("problem_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unknown", sa.Text(), nullable=True),
        sa.Column("turn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned_for", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("team_id", "place", name=op.f("pk_rosters")),
    )
    for due in _DUE:
        some = sa.text(f"{due} IS NOT NULL")
        op.create_index(f"ix_rosters_{due}", "rosters", [due], sqlite_where=some, postgresql_where=some)


def _spans() -> None:
    op.create_table(
        "shift_spans",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "place"],
            ["rosters.team_id", "rosters.place"],
            name=op.f("fk_shift_spans_team_id_place_rosters"),
        ),
        sa.PrimaryKeyConstraint("team_id", "place", "starts_at", name=op.f("pk_shift_spans")),
    )


def _overrides() -> None:
    op.create_table(
        "shift_overrides",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("instead_of", sa.String(length=64), nullable=True),
        sa.Column("said_by", sa.String(length=64), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "place"],
            ["rosters.team_id", "rosters.place"],
            name=op.f("fk_shift_overrides_team_id_place_rosters"),
        ),
        sa.PrimaryKeyConstraint("team_id", "place", "number", name=op.f("pk_shift_overrides")),
    )


def downgrade() -> None:
    op.drop_table("shift_overrides")
    op.drop_table("shift_spans")
    for due in _DUE:
        op.drop_index(f"ix_rosters_{due}", table_name="rosters")
    op.drop_table("rosters")
