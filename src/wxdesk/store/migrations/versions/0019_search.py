"""What is said and who people are, as the search finds them (ADR 27)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")
INDEXED = (
    ("search_entries", "message_id", "messages"),
    ("search_people", "contact_id", "contacts"),
)


def upgrade() -> None:
    for table, key, of in INDEXED:
        op.create_table(
            table,
            sa.Column(key, NUMBER, autoincrement=False, nullable=False),
            sa.Column("words", WORDS, nullable=False),
            sa.ForeignKeyConstraint(
                [key], [f"{of}.id"], name=f"fk_{table}_{key}_{of}", ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint(key, name=f"pk_{table}"),
        )
        if op.get_bind().dialect.name == "postgresql":
            op.execute(  # what is pending is read by every search: it is kept short
                f"CREATE INDEX search_index_{of} ON {table} USING gin (words)"
                " WITH (gin_pending_list_limit = 256)"
            )
        else:
            _follow(f"search_index_{of}", table, key)
    op.create_table(
        "search_progress",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("rules", NUMBER, nullable=False),
        sa.Column("followed", NUMBER, nullable=False),
        sa.Column("messages_left", NUMBER, nullable=False),
        sa.Column("contacts_left", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_progress"),
    )


def _follow(index: str, table: str, key: str) -> None:
    """An index of a table's words that the table itself keeps true, whoever changes it."""
    into = f"INSERT INTO {index}"
    add = f"{into}(rowid, words) VALUES (new.{key}, new.words);"
    take = f"{into}({index}, rowid, words) VALUES ('delete', old.{key}, old.words);"
    op.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5("
        f"words, content='{table}', content_rowid='{key}', tokenize='ascii', columnsize=0)"
    )
    for when, what in (("INSERT", add), ("DELETE", take), ("UPDATE OF words", take + add)):
        name = f"{index}_{when.split()[0].lower()}"
        op.execute(f"CREATE TRIGGER {name} AFTER {when} ON {table} BEGIN {what} END")
