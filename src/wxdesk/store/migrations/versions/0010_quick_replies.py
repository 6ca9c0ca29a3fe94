"""Quick replies, and which of them agents have at hand."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "quick_replies",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("group_id", NUMBER, nullable=True),
        sa.Column("owner_id", NUMBER, nullable=True),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("find", sa.String(), nullable=False),
        sa.Column("used", NUMBER, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["agents.id"], name="fk_quick_replies_owner_id_agents"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_quick_replies"),
    )
    op.create_index("ix_quick_replies_scope_group_id", "quick_replies", ["scope", "group_id"])
    op.create_index("ix_quick_replies_owner_id", "quick_replies", ["owner_id"])
    op.create_table(
        "favourite_replies",
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.Column("place", NUMBER, nullable=False),
        sa.Column("reply_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name="fk_favourite_replies_agent_id_agents"
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"],
            ["quick_replies.id"],
            name="fk_favourite_replies_reply_id_quick_replies",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agent_id", "place", name="pk_favourite_replies"),
    )
    op.create_index("ix_favourite_replies_reply_id", "favourite_replies", ["reply_id"])
