"""Fields of contacts, and what became of their values."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
NOTHING = sa.text("'{}'")


def upgrade() -> None:
    op.add_column(
        "contacts", sa.Column("fields", sa.JSON(), server_default=NOTHING, nullable=False)
    )
    op.create_table(
        "fields",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("place", NUMBER, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_fields"),
    )
    op.create_table(
        "field_changes",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("field_id", NUMBER, nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_field_changes_contact_id_contacts"
        ),
        sa.ForeignKeyConstraint(
            ["field_id"], ["fields.id"], name="fk_field_changes_field_id_fields"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["agents.id"], name="fk_field_changes_by_id_agents"),
        sa.PrimaryKeyConstraint("id", name="pk_field_changes"),
    )
    op.create_index("ix_field_changes_contact_id_id", "field_changes", ["contact_id", "id"])
