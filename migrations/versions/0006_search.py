"""Search: what people find again.

Rules: one step that old code can live with; name what you drop; go down again what you went up.
"""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
