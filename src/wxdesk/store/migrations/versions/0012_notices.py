"""Notices, which of them agents do not want, drafts, and what is put off until later."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
UNREAD = sa.text("read_at IS NULL")
PUT_OFF = sa.text("snoozed_until IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("conversation_id", NUMBER, nullable=True),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_notices_agent_id_agents"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_notices_conversation_id_conversations",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["agents.id"], name="fk_notices_by_id_agents"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
    )
    op.create_index("ix_notices_agent_id_id", "notices", ["agent_id", "id"])
    op.create_index("ix_notices_at", "notices", ["at"])
    op.create_index(
        "ix_notices_unread",
        "notices",
        ["agent_id", "id"],
        sqlite_where=UNREAD,
        postgresql_where=UNREAD,
    )
    op.create_table(
        "muted_notices",
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name="fk_muted_notices_agent_id_agents"
        ),
        sa.PrimaryKeyConstraint("agent_id", "kind", name="pk_muted_notices"),
    )
    op.create_table(
        "drafts",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.Column("conversation_id", NUMBER, nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_drafts_agent_id_agents"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_drafts_conversation_id_conversations",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.UniqueConstraint(
            "agent_id",
            "conversation_id",
            "mode",
            name="uq_drafts_agent_id_conversation_id_mode",
        ),
    )
    op.create_index("ix_drafts_agent_id_written_at", "drafts", ["agent_id", "written_at"])
    op.create_index("ix_drafts_written_at", "drafts", ["written_at"])
    op.add_column("conversations", sa.Column("snoozed_until", MOMENT, nullable=True))
    op.add_column("conversations", sa.Column("snoozed_by", NUMBER, nullable=True))
    op.create_index(
        "ix_conversations_snoozed_until",
        "conversations",
        ["snoozed_until"],
        sqlite_where=PUT_OFF,
        postgresql_where=PUT_OFF,
    )
