"""Note what WeChat tells about an account itself."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "account_log",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("push_id", NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_account_log_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_account_log"),
        sa.UniqueConstraint("push_id", name="uq_account_log_push_id"),
    )
    op.create_index("ix_account_log_account_id_id", "account_log", ["account_id", "id"])
    op.create_table(
        "sent_articles",
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("data_id", sa.String(), nullable=False),
        sa.Column("index", NUMBER, nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_sent_articles_account_id"
        ),
        sa.PrimaryKeyConstraint("account_id", "data_id", "index", name="pk_sent_articles"),
    )
