"""The ward: incidents, charts, and what is owed to Slack.

Rules: one step that old code can live with; name what you drop; go down again what you went up.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channels",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "channel", name=op.f("pk_channels")),
    )
    op.create_table(
        "incidents",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("triaged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lead", sa.String(length=64), nullable=True),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("thread_ts", sa.String(length=64), nullable=True),
        sa.Column("opened_by", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_entry", sa.Integer(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(length=64), nullable=True),
        sa.Column("diagnosis", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("team_id", "number", name=op.f("pk_incidents")),
    )
    op.create_index(
        "ix_incidents_open", "incidents", ["team_id", "resolved_at", "severity", "number"], unique=False
    )
    op.create_index("ix_incidents_repeated", "incidents", ["team_id", "opened_by", "opened_at"], unique=False)

    op.create_table(
        "members",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "channel", "person", name=op.f("pk_members")),
    )
    op.create_table(
        "messages",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("ts", sa.String(length=64), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=True),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("receipt", sa.Boolean(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("team_id", "channel", "ts", name=op.f("pk_messages")),
    )
    op.create_table(
        "outbox",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("lane", sa.String(length=160), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("owed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("uncertain_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up", sa.Boolean(), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("slack_ts", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("team_id", "key", name=op.f("pk_outbox")),
        sa.UniqueConstraint("team_id", "lane", "seq", name=op.f("uq_outbox_team_id_lane_seq")),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["priority", "due_at"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index(
        "ix_outbox_lane",
        "outbox",
        ["team_id", "lane", "seq"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )

    op.create_table(
        "people",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "person", name=op.f("pk_people")),
    )
    op.create_table(
        "reactions",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("ts", sa.String(length=64), nullable=False),
        sa.Column("emoji", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("event_ts", sa.String(length=64), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "channel", "ts", "emoji", "person", name=op.f("pk_reactions")),
    )
    op.create_table(
        "receipts",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "key", name=op.f("pk_receipts")),
    )
    op.create_index("ix_receipts_at", "receipts", ["at"], unique=False)

    op.create_table(
        "workspaces",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("last_incident", sa.Integer(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_workspaces")),
    )
    op.create_table(
        "cards",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id", "incident"],
            ["incidents.team_id", "incidents.number"],
            name=op.f("fk_cards_team_id_incident_incidents"),
        ),
        sa.PrimaryKeyConstraint("team_id", "incident", name=op.f("pk_cards")),
    )
    op.create_index(
        "ix_cards_due",
        "cards",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("wanted > sent"),
        postgresql_where=sa.text("wanted > sent"),
    )

    op.create_table(
        "entries",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("logged_by", sa.String(length=64), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=True),
        sa.Column("ts", sa.String(length=64), nullable=True),
        sa.Column("line", sa.String(length=64), nullable=True),
        sa.Column("files", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id", "incident"],
            ["incidents.team_id", "incidents.number"],
            name=op.f("fk_entries_team_id_incident_incidents"),
        ),
        sa.PrimaryKeyConstraint("team_id", "incident", "seq", name=op.f("pk_entries")),
        sa.UniqueConstraint(
            "team_id", "channel", "ts", "line", name=op.f("uq_entries_team_id_channel_ts_line")
        ),
    )
    op.create_index("ix_entries_kind", "entries", ["team_id", "incident", "kind", "at", "seq"], unique=False)

    op.create_table(
        "severity_changes",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "incident"],
            ["incidents.team_id", "incidents.number"],
            name=op.f("fk_severity_changes_team_id_incident_incidents"),
        ),
        sa.PrimaryKeyConstraint("team_id", "incident", "seq", name=op.f("pk_severity_changes")),
    )
    op.create_table(
        "threads",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("ts", sa.String(length=64), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "incident"],
            ["incidents.team_id", "incidents.number"],
            name=op.f("fk_threads_team_id_incident_incidents"),
        ),
        sa.PrimaryKeyConstraint("team_id", "channel", "ts", name=op.f("pk_threads")),
    )
    op.create_index("ix_threads_incident", "threads", ["team_id", "incident"], unique=False)
    op.create_table(
        "entry_revisions",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "incident", "seq"],
            ["entries.team_id", "entries.incident", "entries.seq"],
            name=op.f("fk_entry_revisions_team_id_incident_seq_entries"),
        ),
        sa.PrimaryKeyConstraint("team_id", "incident", "seq", "version", name=op.f("pk_entry_revisions")),
    )


def downgrade() -> None:
    op.drop_table("entry_revisions")
    op.drop_table("threads")
    op.drop_table("severity_changes")

    op.drop_table("entries")

    op.drop_table("cards")
    op.drop_table("workspaces")

    op.drop_table("receipts")
    op.drop_table("reactions")
    op.drop_table("people")

    op.drop_table("outbox")
    op.drop_table("messages")
    op.drop_table("members")

    op.drop_table("incidents")
    op.drop_table("channels")
