"""Webhooks: endpoints, what they are told, and how far that got; tokens that only read; who signed in within WeChat."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_before", sa.LargeBinary(), nullable=True),
        sa.Column("before_until", MOMENT, nullable=True),
        sa.Column("since_number", NUMBER, nullable=False),
        sa.Column("failures", NUMBER, nullable=False),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("rest_until", MOMENT, nullable=True),
        sa.Column("last_good_at", MOMENT, nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("made_by", NUMBER, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"], ["agents.id"], name="fk_webhook_endpoints_made_by_agents"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_endpoints"),
    )
    op.create_table(
        "webhook_events",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("conversation_id", NUMBER, nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_events"),
        sa.UniqueConstraint("uid", name="uq_webhook_events_uid"),
    )
    op.create_index("ix_webhook_events_at", "webhook_events", ["at"])
    op.create_table(
        "webhook_tellings",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("endpoint_id", NUMBER, nullable=False),
        sa.Column("event_id", NUMBER, nullable=False),
        sa.Column("conversation_id", NUMBER, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.Column("status", NUMBER, nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("excerpt", sa.String(), nullable=False),
        sa.Column("took_ms", NUMBER, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["webhook_endpoints.id"],
            name="fk_webhook_tellings_endpoint_id_webhook_endpoints",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["webhook_events.id"], name="fk_webhook_tellings_event_id_webhook_events"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_tellings"),
    )
    for name, columns in (
        ("lane", ["endpoint_id", "conversation_id", "id"]),
        ("due", ["endpoint_id", "due_at"]),
    ):
        op.create_index(
            f"ix_webhook_tellings_{name}",
            "webhook_tellings",
            columns,
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        )
    for columns in (["endpoint_id", "state", "id"], ["event_id"], ["created_at"]):
        op.create_index(f"ix_webhook_tellings_{'_'.join(columns)}", "webhook_tellings", columns)
    op.add_column(
        "api_tokens",
        sa.Column("read_only", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("sessions", sa.Column("contact_id", NUMBER, nullable=True))
    op.create_index("ix_sessions_contact_id", "sessions", ["contact_id"])
    op.add_column("api_tokens", sa.Column("last_used_at", MOMENT, nullable=True))
    op.create_table(
        "webhook_places",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_places"),
    )
