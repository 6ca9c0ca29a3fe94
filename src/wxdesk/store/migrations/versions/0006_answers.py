"""Answer by itself: rules and what they did, office hours, the keeper of windows."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WAITING = sa.text("state = 'waiting'")
NO = sa.false()


def upgrade() -> None:
    op.add_column("accounts", sa.Column("office_hours", sa.JSON(), nullable=True))
    op.add_column("accounts", sa.Column("answers", sa.Boolean(), server_default=NO, nullable=False))
    op.add_column("contacts", sa.Column("reminded_for", MOMENT, nullable=True))
    _let_an_answer_carry_one_message()
    _add_rules()
    _add_log()
    _add_keepers()


def _let_an_answer_carry_one_message() -> None:
    op.drop_index("ix_deliveries_passive", "deliveries")
    op.create_index(
        "ix_deliveries_passive",
        "deliveries",
        ["push_id"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def _add_rules() -> None:
    op.create_table(
        "answer_rules",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("place", NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("match", sa.String(length=16), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("tag_ids", sa.JSON(), nullable=False),
        sa.Column("hours", sa.String(length=16), nullable=False),
        sa.Column("agents", sa.String(length=16), nullable=False),
        sa.Column("with_agent", sa.Boolean(), nullable=False),
        sa.Column("may_cost", NUMBER, nullable=False),
        sa.Column("most_per_hour", NUMBER, nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_answer_rules_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_answer_rules"),
    )
    op.create_index("ix_answer_rules_account_id_place", "answer_rules", ["account_id", "place"])


def _add_log() -> None:
    op.create_table(
        "answer_log",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("rule_id", NUMBER, nullable=False),
        sa.Column("rule_name", sa.String(), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("push_id", NUMBER, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("message_ids", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_answer_log_account_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_answer_log_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_answer_log"),
    )
    op.create_index("ix_answer_log_contact_id_at", "answer_log", ["contact_id", "at"])
    op.create_index("ix_answer_log_account_id_id", "answer_log", ["account_id", "id"])
    op.create_index("ix_answer_log_at", "answer_log", ["at"])


def _add_keepers() -> None:
    op.create_table(
        "keepers",
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("minutes_before", NUMBER, nullable=False),
        sa.Column("quiet_from", NUMBER, nullable=False),
        sa.Column("quiet_to", NUMBER, nullable=False),
        sa.Column("may_use_last", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_keepers_account_id"),
        sa.PrimaryKeyConstraint("account_id", name="pk_keepers"),
    )
