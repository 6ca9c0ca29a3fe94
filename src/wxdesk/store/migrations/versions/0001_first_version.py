"""Create the tables of the first version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
KEPT = sa.text("state = 'kept'")
PARKED = sa.text("state = 'parked'")
WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("original_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("api_base", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("app_id", name="uq_accounts_app_id"),
        sa.UniqueConstraint("slug", name="uq_accounts_slug"),
    )
    op.create_table(
        "agents",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agents"),
        sa.UniqueConstraint("username", name="uq_agents_username"),
    )
    op.create_table(
        "events",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("thing_id", NUMBER, nullable=False),
        sa.Column("at", MOMENT, server_default=sa.func.current_timestamp(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_events"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_at", "events", ["at"])

    op.create_table(
        "sign_in_tries",
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("failures", NUMBER, nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("username", name="pk_sign_in_tries"),
    )
    op.create_table(
        "access_tokens",
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("renewing_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_access_tokens_account_id"
        ),
        sa.PrimaryKeyConstraint("account_id", name="pk_access_tokens"),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_api_tokens_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("digest", name="uq_api_tokens_digest"),
    )
    op.create_index("ix_api_tokens_agent_id", "api_tokens", ["agent_id"])

    op.create_table(
        "contacts",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("openid", sa.String(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("following", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_contacts_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
        sa.UniqueConstraint("account_id", "openid", name="uq_contacts_account_id_openid"),
    )
    op.create_table(
        "pushes",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("openid", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("msg_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=16), server_default="kept", nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_pushes_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pushes"),
        sa.UniqueConstraint("key", "openid", "account_id", name="uq_pushes_key_openid_account_id"),
    )
    op.create_index("ix_pushes_kept", "pushes", ["id"], sqlite_where=KEPT, postgresql_where=KEPT)
    op.create_index(
        "ix_pushes_parked", "pushes", ["id"], sqlite_where=PARKED, postgresql_where=PARKED
    )
    op.create_index("ix_pushes_received_at", "pushes", ["received_at"])

    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_sessions_agent_id"),
        sa.PrimaryKeyConstraint("digest", name="pk_sessions"),
    )
    op.create_index("ix_sessions_agent_id", "sessions", ["agent_id"])
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])

    op.create_table(
        "conversations",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("previous_id", NUMBER, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("assignee_id", NUMBER, nullable=True),
        sa.Column("unread", NUMBER, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("waiting_since", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("last_message_id", NUMBER, nullable=True),
        sa.Column("last_direction", sa.String(length=16), nullable=True),
        sa.Column("last_kind", sa.String(), nullable=True),
        sa.Column("last_text", sa.String(), nullable=False),
        sa.Column("last_state", sa.String(length=16), nullable=True),
        sa.Column("last_author_id", NUMBER, nullable=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_conversations_account_id"
        ),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["agents.id"], name="fk_conversations_assignee_id"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_conversations_contact_id"
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"], ["conversations.id"], name="fk_conversations_previous_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_index(
        "ix_conversations_assignee_id_state_last_at",
        "conversations",
        ["assignee_id", "state", "last_at"],
    )
    op.create_index("ix_conversations_contact_id_id", "conversations", ["contact_id", "id"])
    op.create_index(
        "ix_conversations_state_last_at_id", "conversations", ["state", "last_at", "id"]
    )
    op.create_index(
        "ix_conversations_state_waiting_since_id", "conversations", ["state", "waiting_since", "id"]
    )

    op.create_table(
        "messages",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("conversation_id", NUMBER, nullable=True),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("push_id", NUMBER, nullable=True),
        sa.Column("direction", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("errcode", NUMBER, nullable=True),
        sa.Column("client_id", sa.String(), nullable=True),
        sa.Column("author_id", NUMBER, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["agents.id"], name="fk_messages_author_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_messages_contact_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_messages_conversation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint(
            "conversation_id", "client_id", name="uq_messages_conversation_id_client_id"
        ),
        sa.UniqueConstraint("push_id", name="uq_messages_push_id"),
    )
    op.create_index(
        "ix_messages_contact_id_conversation_id", "messages", ["contact_id", "conversation_id"]
    )
    op.create_index(
        "ix_messages_conversation_id_sent_at_id", "messages", ["conversation_id", "sent_at", "id"]
    )

    op.create_table(
        "deliveries",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("conversation_id", NUMBER, nullable=False),
        sa.Column("message_id", NUMBER, nullable=False),
        sa.Column("part", NUMBER, nullable=False),
        sa.Column("openid", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("errcode", NUMBER, nullable=True),
        sa.Column("via", sa.String(length=16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_deliveries_account_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_deliveries_contact_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_deliveries_conversation_id"
        ),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_deliveries_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
    )
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["due_at"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_index(
        "ix_deliveries_lane",
        "deliveries",
        ["contact_id", "id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_index("ix_deliveries_message_id_part_id", "deliveries", ["message_id", "part", "id"])
