"""The handoff: who gives an incident to whom, and every version of what was handed over.

Rules: one step that old code can live with; name what you drop; go down again what you went up.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_REFUSAL = "an accepted handoff is never changed"


def upgrade() -> None:
    _handoffs()
    _versions()
    _keep_accepted()


def _handoffs() -> None:
    op.create_table(
        "handoffs",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bundle", sa.String(length=64), nullable=False),
        sa.Column("giver", sa.String(length=64), nullable=False),
        sa.Column("receiver", sa.String(length=64), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overridden_by", sa.String(length=64), nullable=True),
        sa.Column("override_reason", sa.Text(), nullable=True),
        sa.Column("rounds", sa.SmallInteger(), nullable=False),
        sa.Column("read_back", sa.Text(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by", sa.String(length=64), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "incident"],
            ["incidents.team_id", "incidents.number"],
            name=op.f("fk_handoffs_team_id_incident_incidents"),
        ),
        sa.PrimaryKeyConstraint("team_id", "incident", "number", name=op.f("pk_handoffs")),
    )
    waiting = sa.text("waiting")
    for name, columns, unique in (
        ("uq_handoffs_waiting", ["team_id", "incident"], True),
        ("ix_handoffs_receiver", ["team_id", "receiver"], False),
    ):
        op.create_index(
            name, "handoffs", columns, unique=unique, sqlite_where=waiting, postgresql_where=waiting
        )
    op.create_index("ix_handoffs_asked", "handoffs", ["team_id", "asked_at"])


def _versions() -> None:
    op.create_table(
        "handoff_versions",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("compiled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("five_elements", sa.Boolean(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id", "incident"],
            ["incidents.team_id", "incidents.number"],
            name=op.f("fk_handoff_versions_team_id_incident_incidents"),
        ),
        sa.PrimaryKeyConstraint("team_id", "incident", "version", name=op.f("pk_handoff_versions")),
    )
    accepted = sa.text("accepted_at IS NOT NULL")
    op.create_index(
        "ix_handoff_versions_accepted",
        "handoff_versions",
        ["team_id", "accepted_at"],
        sqlite_where=accepted,
        postgresql_where=accepted,
    )


def _keep_accepted() -> None:
    """Let the database itself refuse to change or forget what somebody has accepted."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER keep_accepted_{act.lower()} BEFORE {act} ON handoff_versions "
                f"WHEN OLD.accepted_at IS NOT NULL BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION keep_accepted() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER keep_accepted BEFORE UPDATE OR DELETE ON handoff_versions "
        "FOR EACH ROW WHEN (OLD.accepted_at IS NOT NULL) EXECUTE FUNCTION keep_accepted()"
    )


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.drop_index("ix_handoff_versions_accepted", table_name="handoff_versions")
    op.drop_table("handoff_versions")
    if on_postgresql:
        op.execute("DROP FUNCTION keep_accepted()")
    op.drop_index("ix_handoffs_asked", table_name="handoffs")
    op.drop_index("ix_handoffs_receiver", table_name="handoffs")
    op.drop_index("uq_handoffs_waiting", table_name="handoffs")
    op.drop_table("handoffs")
