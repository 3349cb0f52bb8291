"""The clock: prompts, reviews, quiet hours, digests, and the pace of what is sent.

Rules: one step that old code can live with; name what you drop; go down again what you went up.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _prompts()
    _digests()
    op.create_table(
        "paces",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "place", name=op.f("pk_paces")),
    )
    op.add_column("outbox", sa.Column("channel", sa.String(length=64), nullable=True))
    op.create_index(
        "ix_outbox_given_up",
        "outbox",
        ["owed_at"],
        sqlite_where=sa.text("given_up"),
        postgresql_where=sa.text("given_up"),
    )
    op.create_index("ix_incidents_opened", "incidents", ["team_id", "opened_at"])
    # What is open already is looked at as soon as there is somebody to look.
    op.execute(
        "INSERT INTO reviews (team_id, incident, due_at, living, attempts) "
        "SELECT team_id, number, CASE WHEN resolved_at IS NULL THEN opened_at END, 0, 0 FROM incidents"
    )


def _prompts() -> None:
    op.create_table(
        "prompts",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asks", sa.SmallInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_by", sa.String(length=64), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id", "incident"],
            ["incidents.team_id", "incidents.number"],
            name=op.f("fk_prompts_team_id_incident_incidents"),
        ),
        sa.PrimaryKeyConstraint("team_id", "incident", "kind", "about", name=op.f("pk_prompts")),
    )
    op.create_table(
        "reviews",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("living", sa.Integer(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("every_minutes", sa.Integer(), nullable=True),
        sa.Column("off_by", sa.String(length=64), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id", "incident"],
            ["incidents.team_id", "incidents.number"],
            name=op.f("fk_reviews_team_id_incident_incidents"),
        ),
        sa.PrimaryKeyConstraint("team_id", "incident", name=op.f("pk_reviews")),
    )
    op.create_index(
        "ix_reviews_due",
        "reviews",
        ["due_at"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "quiet_hours",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("starts", sa.SmallInteger(), nullable=False),
        sa.Column("ends", sa.SmallInteger(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "person", name=op.f("pk_quiet_hours")),
    )


def _digests() -> None:
    op.create_table(
        "digest_orders",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("minute", sa.SmallInteger(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("weekdays", sa.Boolean(), nullable=False),
        sa.Column("ordered_by", sa.String(length=64), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "channel", name=op.f("pk_digest_orders")),
    )
    op.create_index("ix_digest_orders_due", "digest_orders", ["due_at"])
    op.create_table(
        "digests",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("compiled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("team_id", "channel", "date", name=op.f("pk_digests")),
    )


def downgrade() -> None:
    op.drop_index("ix_incidents_opened", table_name="incidents")
    op.drop_index("ix_outbox_given_up", table_name="outbox")
    op.drop_column("outbox", "channel")
    op.drop_table("paces")
    op.drop_table("digests")
    op.drop_index("ix_digest_orders_due", table_name="digest_orders")
    op.drop_table("digest_orders")
    op.drop_table("quiet_hours")
    op.drop_index("ix_reviews_due", table_name="reviews")
    op.drop_table("reviews")
    op.drop_table("prompts")
