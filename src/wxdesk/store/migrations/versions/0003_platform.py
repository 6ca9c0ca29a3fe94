"""Know what the platform knows: users, tags, codes, menus, customer-service names."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
NO, EMPTY = sa.false(), sa.text("''")


def upgrade() -> None:
    for name in ("kf_names", "sync_tags", "sync_remark", "blacklist_at_wechat"):
        op.add_column("accounts", sa.Column(name, sa.Boolean(), server_default=NO, nullable=False))
    op.add_column("accounts", sa.Column("wechat_id", sa.String(), nullable=True))

    for name in ("language", "subscribe_scene", "qr_scene", "platform_remark", "blacklist_reason"):
        op.add_column(
            "contacts", sa.Column(name, sa.String(), server_default=EMPTY, nullable=False)
        )
    for column in (
        sa.Column("unionid", sa.String(), nullable=True),
        sa.Column("subscribed_at", MOMENT, nullable=True),
        sa.Column("tag_ids", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("location", sa.JSON(), nullable=True),
        sa.Column("refreshed_at", MOMENT, nullable=True),
        sa.Column("refresh_at", MOMENT, nullable=True),
        sa.Column("blacklisted_at", MOMENT, nullable=True),
        sa.Column("blacklisted_by", NUMBER, nullable=True),
        sa.Column("blacklisted_at_wechat", sa.Boolean(), server_default=NO, nullable=False),
    ):
        op.add_column("contacts", column)
    op.create_index("ix_contacts_account_id_refresh_at", "contacts", ["account_id", "refresh_at"])
    op.execute("UPDATE contacts SET refresh_at = last_seen_at WHERE following")

    op.create_table(
        "tags",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("wechat_id", NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("count", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_tags_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint("account_id", "wechat_id", name="uq_tags_account_id_wechat_id"),
    )
    op.create_table(
        "errands",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("asked", NUMBER, nullable=False),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_errands_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_errands"),
        sa.UniqueConstraint("contact_id", "kind", name="uq_errands_contact_id_kind"),
    )
    op.create_index("ix_errands_due_at", "errands", ["due_at"])

    op.create_table(
        "imports",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.Column("done", NUMBER, nullable=False),
        sa.Column("total", NUMBER, nullable=True),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("errcode", NUMBER, nullable=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_imports_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        sa.UniqueConstraint("account_id", name="uq_imports_account_id"),
    )
    op.create_table(
        "qrcodes",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scene", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("scans", NUMBER, nullable=False),
        sa.Column("follows", NUMBER, nullable=False),
        sa.Column("last_scanned_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_qrcodes_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_qrcodes"),
        sa.UniqueConstraint("account_id", "scene", name="uq_qrcodes_account_id_scene"),
    )
    op.create_table(
        "menus",
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("buttons", sa.JSON(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_menus_account_id"),
        sa.PrimaryKeyConstraint("account_id", name="pk_menus"),
    )
    op.create_table(
        "kf_accounts",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.Column("kf_account", sa.String(), nullable=False),
        sa.Column("nickname", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_kf_accounts_account_id"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_kf_accounts_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_kf_accounts"),
        sa.UniqueConstraint("account_id", "agent_id", name="uq_kf_accounts_account_id_agent_id"),
        sa.UniqueConstraint(
            "account_id", "kf_account", name="uq_kf_accounts_account_id_kf_account"
        ),
    )
