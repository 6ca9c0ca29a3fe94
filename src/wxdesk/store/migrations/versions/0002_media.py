"""Keep pictures, voice and files; deliveries of every kind."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size_bytes", NUMBER, nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("width", NUMBER, nullable=True),
        sa.Column("height", NUMBER, nullable=True),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("thumb_sha256", sa.String(), nullable=True),
        sa.Column("play_sha256", sa.String(), nullable=True),
        sa.Column("playable", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_files"),
        sa.UniqueConstraint("sha256", name="uq_files_sha256"),
        sqlite_autoincrement=True,
    )
    for column in ("thumb_sha256", "play_sha256", "used_at"):
        op.create_index(f"ix_files_{column}", "files", [column])

    op.create_table(
        "attachments",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("message_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("media_ids", sa.JSON(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("file_id", NUMBER, nullable=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_attachments_account_id"),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name="fk_attachments_file_id"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_attachments_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        sa.UniqueConstraint("message_id", "role", name="uq_attachments_message_id_role"),
    )
    op.create_index(
        "ix_attachments_due",
        "attachments",
        ["due_at"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_index("ix_attachments_file_id", "attachments", ["file_id"])

    op.create_table(
        "platform_copies",
        sa.Column("file_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("media_id", sa.String(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("uploading_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_platform_copies_account_id"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name="fk_platform_copies_file_id"),
        sa.PrimaryKeyConstraint("file_id", "account_id", "kind", name="pk_platform_copies"),
    )

    op.create_table(
        "job_results",
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("msg_id", NUMBER, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_job_results_account_id"),
        sa.PrimaryKeyConstraint("account_id", "msg_id", name="pk_job_results"),
    )
    op.create_index("ix_job_results_at", "job_results", ["at"])
    _widen_deliveries()


def _widen_deliveries() -> None:
    """Until now a delivery was a text."""
    is_postgres = op.get_bind().dialect.name == "postgresql"
    as_json = sa.func.json_build_object if is_postgres else sa.func.json_object
    deliveries = sa.table("deliveries", sa.column("text"), sa.column("content"))
    for_ever = "9999-01-01 00:00:00+00" if is_postgres else "9999-01-01 00:00:00.000000"
    for column in (
        sa.Column("kind", sa.String(), nullable=False, server_default="text"),
        sa.Column("content", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("sendable_until", MOMENT, nullable=False, server_default=for_ever),
        sa.Column("uploaded_again", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("wechat_msg_id", NUMBER, nullable=True),
    ):
        op.add_column("deliveries", column)
    of_text = as_json(sa.literal_column("'text'"), deliveries.c.text)
    op.execute(deliveries.update().values(content=of_text))
    op.execute("ALTER TABLE deliveries DROP COLUMN text")
    op.create_index("ix_deliveries_wechat_msg_id", "deliveries", ["wechat_msg_id"])
