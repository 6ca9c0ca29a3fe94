"""One kind of hours: accounts have a calendar; groups have targets; a conversation is wrapped up."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
RUNS = sa.text("stopped_at IS NULL")
WRAPS = sa.text("wrap_until IS NOT NULL")


def upgrade() -> None:
    _give_accounts_calendars()
    _let_clocks_know_the_account()
    _add_targets()
    _add_wrap_up()


def _give_accounts_calendars() -> None:
    number = NUMBER.compile(op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE accounts ADD COLUMN calendar_id {number}"
        " CONSTRAINT fk_accounts_calendar_id_calendars REFERENCES calendars (id)"
    )
    _turn_office_hours_into_calendars()
    op.drop_column("accounts", "office_hours")


def _turn_office_hours_into_calendars() -> None:
    accounts = sa.table(
        "accounts",
        sa.column("id", NUMBER),
        sa.column("name", sa.String()),
        sa.column("timezone", sa.String()),
        sa.column("office_hours", sa.JSON()),
        sa.column("calendar_id", NUMBER),
    )
    calendars = sa.table(
        "calendars",
        sa.column("id", NUMBER),
        sa.column("name", sa.String()),
        sa.column("timezone", sa.String()),
        sa.column("weekly", sa.JSON()),
        sa.column("overrides", sa.JSON()),
        sa.column("version", NUMBER),
    )
    database = op.get_bind()
    kept = sa.select(accounts).where(accounts.c.office_hours.is_not(None))
    for account in database.execute(kept).all():
        if account.office_hours is None:  # as JSON has it
            continue
        weekly: dict[str, list[list[str]]] = {}
        for each in account.office_hours:
            weekly.setdefault(str(each["day"]), []).append([each["begins"], each["ends"]])
        values = {
            "name": account.name,
            "timezone": account.timezone,
            "weekly": weekly,
            "overrides": {},
            "version": 1,
        }
        made = database.execute(sa.insert(calendars).values(values).returning(calendars.c.id))
        database.execute(
            sa.update(accounts)
            .where(accounts.c.id == account.id)
            .values(calendar_id=made.scalar_one())
        )


def _let_clocks_know_the_account() -> None:
    op.add_column("clocks", sa.Column("account_id", NUMBER, nullable=True))
    op.execute(
        "UPDATE clocks SET account_id = (SELECT account_id FROM conversations"
        " WHERE conversations.id = clocks.conversation_id)"
    )
    op.drop_index("ix_clocks_terms", "clocks")
    op.create_index(
        "ix_clocks_terms",
        "clocks",
        ["level_id", "group_id", "account_id", "mark", "id"],
        sqlite_where=RUNS,
        postgresql_where=RUNS,
    )


def _add_targets() -> None:
    nothing = sa.text(f"'{json.dumps({})}'")
    op.add_column("groups", sa.Column("targets", sa.JSON(), server_default=nothing, nullable=False))
    op.add_column(
        "levels",
        sa.Column("pause_resolution", sa.Boolean(), server_default=sa.true(), nullable=False),
    )


def _add_wrap_up() -> None:
    op.add_column("assignments", sa.Column("wrap_until", MOMENT, nullable=True))
    op.create_index(
        "ix_assignments_wrap_until",
        "assignments",
        ["wrap_until"],
        sqlite_where=WRAPS,
        postgresql_where=WRAPS,
    )
