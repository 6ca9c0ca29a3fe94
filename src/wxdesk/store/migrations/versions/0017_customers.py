"""Persons, what was done to contacts by hand, and customers as files."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
ON_TIMELINE = sa.text("(direction = 'system' OR direction = 'note' OR kind = 'template')")


def upgrade() -> None:
    _persons()
    _changes()
    _sheets()
    op.create_index(
        "ix_messages_timeline",
        "messages",
        ["contact_id", "sent_at", "id"],
        sqlite_where=ON_TIMELINE,
        postgresql_where=ON_TIMELINE,
    )


def _persons() -> None:
    op.create_table(
        "persons",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("level_from", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_persons"),
    )
    op.create_table(
        "joinings",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("level_from", NUMBER, nullable=True),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("parted_by", NUMBER, nullable=True),
        sa.Column("parted_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name="fk_joinings_person_id_persons"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["agents.id"], name="fk_joinings_by_id_agents"),
        sa.ForeignKeyConstraint(["parted_by"], ["agents.id"], name="fk_joinings_parted_by_agents"),
        sa.PrimaryKeyConstraint("id", name="pk_joinings"),
    )
    op.create_index("ix_joinings_person_id_id", "joinings", ["person_id", "id"])
    op.add_column("contacts", sa.Column("person_id", NUMBER, nullable=True))
    for column in ("unionid", "person_id"):
        given = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_contacts_{column}",
            "contacts",
            [column],
            sqlite_where=given,
            postgresql_where=given,
        )


def _changes() -> None:
    op.create_table(
        "contact_changes",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_contact_changes_contact_id_contacts"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["agents.id"], name="fk_contact_changes_by_id_agents"),
        sa.PrimaryKeyConstraint("id", name="pk_contact_changes"),
    )
    op.create_index(
        "ix_contact_changes_contact_id_at_id", "contact_changes", ["contact_id", "at", "id"]
    )


def _sheets() -> None:
    op.create_table(
        "sheets",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.Column("cursor", NUMBER, nullable=False),
        sa.Column("done", NUMBER, nullable=False),
        sa.Column("total", NUMBER, nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["agents.id"], name="fk_sheets_by_id_agents"),
        sa.PrimaryKeyConstraint("id", name="pk_sheets"),
    )
    op.create_index("ix_sheets_by_id_id", "sheets", ["by_id", "id"])
    at_work = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_sheets_due_at", "sheets", ["due_at"], sqlite_where=at_work, postgresql_where=at_work
    )
    op.create_table(
        "sheet_files",
        sa.Column("sheet_id", NUMBER, nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("place", NUMBER, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size_bytes", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheets.id"], name="fk_sheet_files_sheet_id_sheets"),
        sa.PrimaryKeyConstraint("sheet_id", "role", "place", name="pk_sheet_files"),
    )
    op.create_index("ix_sheet_files_sha256", "sheet_files", ["sha256"])
    op.create_table(
        "sheet_problems",
        sa.Column("sheet_id", NUMBER, nullable=False),
        sa.Column("line", NUMBER, nullable=False),
        sa.Column("place", NUMBER, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["sheets.id"], name="fk_sheet_problems_sheet_id_sheets"
        ),
        sa.PrimaryKeyConstraint("sheet_id", "line", "place", name="pk_sheet_problems"),
    )
