"""Saved views, marks of what is unread, who looks at what, and shortcuts of one's own."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("agents", sa.Column("hotkeys", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "saved_views",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("owner_id", NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("filter", sa.JSON(), nullable=False),
        sa.Column("sort", sa.String(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("place", NUMBER, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["agents.id"], name="fk_saved_views_owner_id_agents"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_views"),
    )
    op.create_index("ix_saved_views_owner_id", "saved_views", ["owner_id"])
    op.create_index("ix_saved_views_shared", "saved_views", ["shared"])
    op.create_table(
        "unread_marks",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.Column("conversation_id", NUMBER, nullable=False),
        sa.Column("unread", sa.Boolean(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name="fk_unread_marks_agent_id_agents"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_unread_marks_conversation_id_conversations",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_unread_marks"),
        sa.UniqueConstraint(
            "agent_id", "conversation_id", name="uq_unread_marks_agent_id_conversation_id"
        ),
    )
    op.create_table(
        "viewings",
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.Column("conversation_id", NUMBER, nullable=True),
        sa.Column("typing_until", MOMENT, nullable=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_viewings_agent_id_agents"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_viewings_conversation_id_conversations",
        ),
        sa.PrimaryKeyConstraint("agent_id", name="pk_viewings"),
    )
    op.create_index("ix_viewings_conversation_id", "viewings", ["conversation_id"])
