"""The checklist: its posts, and who has ticked what.

Rules: one step that old code can live with; name what you drop; go down again what you went up.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checklists",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("copy", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "incident"],
            ["incidents.team_id", "incidents.number"],
            name=op.f("fk_checklists_team_id_incident_incidents"),
        ),
        sa.PrimaryKeyConstraint("team_id", "incident", name=op.f("pk_checklists")),
    )
    op.create_table(
        "checklist_ticks",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column("ticked", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stamp", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "incident"],
            ["incidents.team_id", "incidents.number"],
            name=op.f("fk_checklist_ticks_team_id_incident_incidents"),
        ),
        sa.PrimaryKeyConstraint("team_id", "incident", "item", name=op.f("pk_checklist_ticks")),
    )


def downgrade() -> None:
    op.drop_table("checklist_ticks")
    op.drop_table("checklists")
