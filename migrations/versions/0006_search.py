"""Search: what people find again.

Rules: one step that old code can live with; name what you drop; go down again what you went up.

What is there already counts as not indexed, and is indexed by the bot while it runs.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cards", sa.Column("indexed", sa.Integer(), server_default="0", nullable=False))
    op.create_index(
        "ix_cards_unindexed",
        "cards",
        ["team_id", "incident"],
        sqlite_where=sa.text("wanted > indexed"),
        postgresql_where=sa.text("wanted > indexed"),
    )
    _documents()
    _similar()
    if op.get_bind().dialect.name == "sqlite":
        _terms_on_sqlite()
    else:
        _terms_on_postgresql()


def _documents() -> None:
    op.create_table(
        "search_documents",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("compared", sa.Text(), nullable=False),
        sa.Column("worked", sa.Text(), nullable=True),
        sa.Column("resolved", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "incident"],
            ["incidents.team_id", "incidents.number"],
            name=op.f("fk_search_documents_team_id_incident_incidents"),
        ),
        sa.PrimaryKeyConstraint("team_id", "incident", name=op.f("pk_search_documents")),
    )
    op.create_table(
        "search_frequencies",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("term", sa.String(length=80), nullable=False),
        sa.Column("incidents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "term", name=op.f("pk_search_frequencies")),
    )


def _similar() -> None:
    op.create_table(
        "search_similar",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("other", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "incident"],
            ["incidents.team_id", "incidents.number"],
            name=op.f("fk_search_similar_team_id_incident_incidents"),
        ),
        sa.PrimaryKeyConstraint("team_id", "incident", "place", name=op.f("pk_search_similar")),
    )


def _terms_on_sqlite() -> None:
    """An index without texts of its own; it numbers its rows itself, so workspaces get a number, too."""
    op.execute(
        "CREATE VIRTUAL TABLE search_terms USING fts5"
        "(title, body, content='', columnsize=0, tokenize=\"ascii tokenchars '.='\")"
    )
    op.execute(
        "CREATE TABLE search_terms_teams (place INTEGER PRIMARY KEY, team_id VARCHAR(32) NOT NULL UNIQUE)"
    )


def _terms_on_postgresql() -> None:
    op.execute(
        "CREATE TABLE search_terms (team_id VARCHAR(32) NOT NULL, incident INTEGER NOT NULL, "
        "terms TSVECTOR NOT NULL, CONSTRAINT pk_search_terms PRIMARY KEY (team_id, incident))"
    )
    op.execute("CREATE INDEX ix_search_terms ON search_terms USING gin (terms)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_table("search_terms_teams")
    op.execute("DROP TABLE search_terms")
    op.drop_table("search_similar")
    op.drop_table("search_frequencies")
    op.drop_table("search_documents")
    op.drop_index("ix_cards_unindexed", table_name="cards")
    op.drop_column("cards", "indexed")
