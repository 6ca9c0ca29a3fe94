"""Agents at work within WeChat: bindings, codes for them, their log; their chats."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
IN_FORCE = sa.text("revoked_at IS NULL")


def upgrade() -> None:
    op.add_column("messages", sa.Column("told_agent_id", NUMBER, nullable=True))
    op.add_column("seats", sa.Column("reachable_until", MOMENT, nullable=True))
    _bindings()
    _codes()
    _chats()


def _bindings() -> None:
    op.create_table(
        "agent_bindings",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("bound_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("revoked_by", NUMBER, nullable=True),
        _points("agent_bindings", "agent_id", "agents"),
        _points("agent_bindings", "account_id", "accounts"),
        _points("agent_bindings", "contact_id", "contacts"),
        _points("agent_bindings", "revoked_by", "agents"),
        sa.PrimaryKeyConstraint("id", name="pk_agent_bindings"),
    )
    for name, column in (("agent", "agent_id"), ("contact", "contact_id")):
        op.create_index(
            f"ix_agent_bindings_{name}",
            "agent_bindings",
            [column],
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        )
    op.create_table(
        "binding_log",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=True),
        sa.Column("contact_id", NUMBER, nullable=True),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        _points("binding_log", "agent_id", "agents"),
        _points("binding_log", "account_id", "accounts"),
        _points("binding_log", "contact_id", "contacts"),
        _points("binding_log", "by_id", "agents"),
        sa.PrimaryKeyConstraint("id", name="pk_binding_log"),
    )
    op.create_index("ix_binding_log_agent_id_id", "binding_log", ["agent_id", "id"])


def _codes() -> None:
    op.create_table(
        "binding_codes",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("scene", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("used_by", NUMBER, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        _points("binding_codes", "agent_id", "agents"),
        _points("binding_codes", "account_id", "accounts"),
        _points("binding_codes", "used_by", "contacts"),
        sa.PrimaryKeyConstraint("id", name="pk_binding_codes"),
        sa.UniqueConstraint("scene", name="uq_binding_codes_scene"),
    )
    op.create_index("ix_binding_codes_agent_id_id", "binding_codes", ["agent_id", "id"])
    op.create_table(
        "used_logins",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_used_logins"),
    )
    op.create_index("ix_used_logins_expires_at", "used_logins", ["expires_at"])


def _chats() -> None:
    op.create_table(
        "agent_chats",
        sa.Column("binding_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("current_id", NUMBER, nullable=True),
        sa.Column("last_number", NUMBER, nullable=False),
        sa.Column("asked", sa.JSON(), nullable=True),
        sa.Column("customer_since", MOMENT, nullable=True),
        sa.Column("heard_at", MOMENT, nullable=True),
        sa.Column("quiet_until", MOMENT, nullable=True),
        _points("agent_chats", "binding_id", "agent_bindings"),
        sa.PrimaryKeyConstraint("binding_id", name="pk_agent_chats"),
    )
    op.create_table(
        "agent_cards",
        sa.Column("binding_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("conversation_id", NUMBER, nullable=False),
        sa.Column("told_up_to", NUMBER, nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("reply_id", NUMBER, nullable=True),
        _points("agent_cards", "binding_id", "agent_bindings"),
        _points("agent_cards", "conversation_id", "conversations"),
        sa.PrimaryKeyConstraint("binding_id", "number", name="pk_agent_cards"),
        sa.UniqueConstraint(
            "binding_id", "conversation_id", name="uq_agent_cards_binding_id_conversation_id"
        ),
    )
    op.create_table(
        "agent_notice_templates",
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("template_id", sa.String(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        _points("agent_notice_templates", "account_id", "accounts"),
        sa.PrimaryKeyConstraint("account_id", name="pk_agent_notice_templates"),
    )


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")
