"""Shifts: who is on duty when, and where that is read from.

Rules: one step that old code can live with; name what you drop; go down again what you went up.
"""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
