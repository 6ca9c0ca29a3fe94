"""Count what WeChat lets us send; park, hold and join replies."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WAITING = sa.text("state = 'waiting'")
PARKED = sa.text("state = 'parked'")
YES, NO, ZERO = sa.true(), sa.false(), sa.text("0")
WINDOW = timedelta(hours=60)


def upgrade() -> None:
    _widen_accounts_and_agents()
    _widen_contacts()
    _widen_messages()
    _widen_deliveries()
    op.create_table(
        "allowance_entries",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("turn", sa.String(length=16), nullable=False),
        sa.Column("trigger", sa.String(length=16), nullable=True),
        sa.Column("push_id", NUMBER, nullable=True),
        sa.Column("message_id", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_allowance_entries_contact_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_allowance_entries"),
    )
    op.create_index("ix_allowance_entries_contact_id_at", "allowance_entries", ["contact_id", "at"])
    _note_what_happened()


def _widen_accounts_and_agents() -> None:
    for column in (
        sa.Column("policy_table", sa.JSON(), nullable=True),
        sa.Column("recount_after", NUMBER, nullable=True),
        sa.Column("send_parked", sa.Boolean(), server_default=NO, nullable=False),
        sa.Column("timezone", sa.String(), server_default="Asia/Shanghai", nullable=False),
    ):
        op.add_column("accounts", column)
    for column in (
        sa.Column("undo_seconds", NUMBER, server_default=sa.text("3"), nullable=False),
        sa.Column("join_lines", sa.Boolean(), server_default=YES, nullable=False),
    ):
        op.add_column("agents", column)


def _widen_contacts() -> None:
    for column in (
        sa.Column("grants", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("reserved", NUMBER, server_default=ZERO, nullable=False),
        sa.Column("window_closes_at", MOMENT, nullable=True),
        sa.Column("lasting_sends", NUMBER, nullable=True),
    ):
        op.add_column("contacts", column)
    op.create_index("ix_contacts_window_closes_at", "contacts", ["window_closes_at"])


def _widen_messages() -> None:
    op.add_column("conversations", sa.Column("owed_since", MOMENT, nullable=True))
    op.execute(
        "UPDATE conversations SET owed_since = last_at "
        "WHERE state <> 'closed' AND last_direction = 'in'"
    )
    for column in (
        sa.Column("held_until", MOMENT, nullable=True),
        sa.Column("joined_to", NUMBER, nullable=True),
        sa.Column("place", sa.Double(), nullable=True),
    ):
        op.add_column("messages", column)
    op.create_index(
        "ix_messages_parked",
        "messages",
        ["contact_id"],
        sqlite_where=PARKED,
        postgresql_where=PARKED,
    )
    op.create_index("ix_messages_joined_to", "messages", ["joined_to"])


def _widen_deliveries() -> None:
    with op.batch_alter_table("deliveries") as table:
        table.alter_column("conversation_id", existing_type=NUMBER, nullable=True)
        table.add_column(sa.Column("spends", sa.Boolean(), server_default=YES, nullable=False))
        table.add_column(sa.Column("push_id", NUMBER, nullable=True))
        table.add_column(sa.Column("passive_only", sa.Boolean(), server_default=NO, nullable=False))
        table.add_column(sa.Column("anyway", sa.Boolean(), server_default=NO, nullable=False))
    op.create_index(
        "ix_deliveries_passive",
        "deliveries",
        ["push_id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.execute("UPDATE deliveries SET spends = FALSE WHERE kind = 'template'")


def _note_what_happened() -> None:
    """What is granted now follows from what was received and sent lately; see ``recount``."""
    since = datetime.now(UTC) - WINDOW
    op.execute(
        sa.text(
            "INSERT INTO allowance_entries (contact_id, at, turn, trigger, push_id) "
            "SELECT contact_id, sent_at, 'act', 'message', push_id FROM messages "
            "WHERE direction = 'in' AND sent_at >= :since"
        ).bindparams(sa.bindparam("since", since, MOMENT))
    )
    op.execute(
        sa.text(
            "INSERT INTO allowance_entries (contact_id, at, turn, message_id) "
            "SELECT contact_id, finished_at, 'sent', message_id FROM deliveries "
            "WHERE state IN ('sent', 'uncertain') AND spends AND finished_at >= :since"
        ).bindparams(sa.bindparam("since", since, MOMENT))
    )
    op.execute(
        "UPDATE contacts SET reserved = (SELECT count(*) FROM deliveries WHERE "
        "deliveries.contact_id = contacts.id AND deliveries.state = 'waiting' AND spends)"
    )
    op.execute("UPDATE accounts SET recount_after = 0")
