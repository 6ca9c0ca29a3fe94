"""What reaches agents beside their pages: alerts, devices, addresses, and what agents wish."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("done_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("conversation_id", NUMBER, nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("count", NUMBER, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("newest_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("ways", sa.JSON(), nullable=False),
        sa.Column("device_ids", sa.JSON(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_alerts_conversation_id_conversations",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
    )
    for name, columns, unique in (
        ("open", ["agent_id", "key"], True),
        ("due", ["due_at"], False),
        ("conversation", ["conversation_id"], False),
    ):
        op.create_index(
            f"ix_alerts_{name}",
            "alerts",
            columns,
            unique=unique,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )
    op.create_index("ix_alerts_newest_at", "alerts", ["newest_at"])
    op.create_index("ix_alerts_key", "alerts", ["key"])
    op.create_table(
        "push_devices",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("silent_ok", sa.Boolean(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("worked_at", MOMENT, nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name="fk_push_devices_agent_id_agents"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_push_devices"),
        sa.UniqueConstraint("digest", name="uq_push_devices_digest"),
    )
    op.create_index("ix_push_devices_agent_id", "push_devices", ["agent_id"])
    op.create_index("ix_push_devices_session", "push_devices", ["session"])
    op.create_table(
        "alert_addresses",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("agent_id", NUMBER, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("worked_at", MOMENT, nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name="fk_alert_addresses_agent_id_agents"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_alert_addresses"),
    )
    op.create_index("ix_alert_addresses_agent_id", "alert_addresses", ["agent_id"])
    op.create_table(
        "alert_sendings",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("alert_id", NUMBER, nullable=False),
        sa.Column("device_id", NUMBER, nullable=True),
        sa.Column("address_id", NUMBER, nullable=True),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("tries", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"],
            ["alerts.id"],
            name="fk_alert_sendings_alert_id_alerts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["push_devices.id"],
            name="fk_alert_sendings_device_id_push_devices",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["address_id"],
            ["alert_addresses.id"],
            name="fk_alert_sendings_address_id_alert_addresses",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_alert_sendings"),
    )
    for column in ("due_at", "alert_id", "device_id", "address_id"):
        op.create_index(f"ix_alert_sendings_{column}", "alert_sendings", [column])
    op.create_table(
        "alert_screens",
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("visible_until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name="fk_alert_screens_agent_id_agents"
        ),
        sa.PrimaryKeyConstraint("agent_id", "page", name="pk_alert_screens"),
    )
    op.create_index("ix_alert_screens_visible_until", "alert_screens", ["visible_until"])
    op.create_table(
        "alert_wishes",
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.Column("muted", sa.JSON(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_to", sa.Time(), nullable=True),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name="fk_alert_wishes_agent_id_agents"
        ),
        sa.PrimaryKeyConstraint("agent_id", name="pk_alert_wishes"),
    )
    op.create_table(
        "push_keys",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_push_keys"),
    )
    op.add_column(
        "seats", sa.Column("alerted", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
