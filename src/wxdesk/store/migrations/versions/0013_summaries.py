"""Summaries of conversations, and ratings."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OWED = sa.text("owed_since IS NOT NULL")
RATED = sa.text("rated_at IS NOT NULL")
ASKED = sa.text("comment_until IS NOT NULL")


def upgrade() -> None:
    op.add_column(
        "groups",
        sa.Column("needs_summary", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    _add_categories()
    _add_summaries()
    _add_ratings()


def _add_categories() -> None:
    op.create_table(
        "summary_categories",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("parent_id", NUMBER, nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("find", sa.String(), nullable=False),
        sa.Column("place", NUMBER, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["summary_categories.id"],
            name="fk_summary_categories_parent_id_summary_categories",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_summary_categories"),
    )
    op.create_index("ix_summary_categories_parent_id", "summary_categories", ["parent_id"])


def _add_summaries() -> None:
    op.create_table(
        "summaries",
        sa.Column("conversation_id", NUMBER, nullable=False),
        sa.Column("agent_id", NUMBER, nullable=True),
        sa.Column("category_id", NUMBER, nullable=True),
        sa.Column("result", sa.String(length=16), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("owed_since", MOMENT, nullable=True),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("given_at", MOMENT, nullable=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_summaries_conversation_id_conversations",
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_summaries_agent_id_agents"),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["summary_categories.id"],
            name="fk_summaries_category_id_summary_categories",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["agents.id"], name="fk_summaries_by_id_agents"),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_summaries"),
    )
    op.create_index(
        "ix_summaries_owed",
        "summaries",
        ["agent_id"],
        sqlite_where=OWED,
        postgresql_where=OWED,
    )
    op.create_index("ix_summaries_by_id_given_at", "summaries", ["by_id", "given_at"])
    op.create_index("ix_summaries_category_id", "summaries", ["category_id"])


def _add_ratings() -> None:
    op.create_table(
        "ratings",
        sa.Column("conversation_id", NUMBER, nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("invited_at", MOMENT, nullable=False),
        sa.Column("invited_by", NUMBER, nullable=True),
        sa.Column("message_id", NUMBER, nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("score", NUMBER, nullable=True),
        sa.Column("rated_at", MOMENT, nullable=True),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("comment_until", MOMENT, nullable=True),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_ratings_conversation_id_conversations",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_ratings_contact_id_contacts"
        ),
        sa.ForeignKeyConstraint(["invited_by"], ["agents.id"], name="fk_ratings_invited_by_agents"),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_ratings"),
        sa.UniqueConstraint("digest", name="uq_ratings_digest"),
    )
    op.create_index(
        "ix_ratings_rated_at", "ratings", ["rated_at"], sqlite_where=RATED, postgresql_where=RATED
    )
    op.create_index(
        "ix_ratings_comment", "ratings", ["contact_id"], sqlite_where=ASKED, postgresql_where=ASKED
    )
    op.create_table(
        "rating_settings",
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("after_closing", sa.Boolean(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("thanks", sa.String(), nullable=False),
        sa.Column("ask", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_rating_settings_account_id_accounts"
        ),
        sa.PrimaryKeyConstraint("account_id", name="pk_rating_settings"),
    )
