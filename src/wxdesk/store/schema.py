"""The schema: brought up to date when the desk starts, compared with the code on demand."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from wxdesk.errors import Conflict
from wxdesk.store.base import Base
from wxdesk.store.database import Database

BY_HAND = "search_index"
"""What is called so is made by migrations alone, on each database in its own way (ADR 27)."""


class NewerSchema(Conflict):
    """A later version of the desk has upgraded this database."""

    code = "newer_schema"


async def upgrade(database: Database) -> None:
    """Bring the schema up to date; safe to run by many processes at once.

    Raises:
        NewerSchema: A later version of the desk has been here.
    """
    async with database.writing, database.engine.begin() as connection:
        await connection.run_sync(_upgrade)


async def differences(database: Database) -> list[Any]:
    """How the database differs from the code, in Alembic's words; nothing when it is current."""
    async with database.writing, database.engine.begin() as connection:
        return await connection.run_sync(_compare)


async def is_current(database: Database) -> bool:
    """Whether every migration has run."""
    async with database.reading() as unit:
        connection = await unit.session.connection()
        return await connection.run_sync(_revision) == _newest()


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration; there is no alembic.ini."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.attributes.update(connection=connection, metadata=Base.metadata)
    return made


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('wxdesk:schema'))"))
    known = {each.revision for each in ScriptDirectory.from_config(config()).walk_revisions()}
    if _revision(connection) not in known | {None}:
        raise NewerSchema("the database was upgraded by a later version of the desk; install that")
    command.upgrade(config(connection), "head")


def _compare(connection: Connection) -> list[Any]:
    opts = {"compare_type": True, "include_name": _is_compared}
    context = MigrationContext.configure(connection, opts=opts)
    return list(compare_metadata(context, Base.metadata))


def _is_compared(name: str | None, _kind: str, _parents: Any) -> bool:
    return not (name or "").startswith(BY_HAND)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _newest() -> str | None:
    return ScriptDirectory.from_config(config()).get_current_head()


async def damage(database: Database) -> list[str]:
    """What the database itself finds wrong with its files; PostgreSQL looks after its own."""
    if not database.is_sqlite:
        return []
    async with database.reading() as unit:
        lines = (await unit.session.execute(text("PRAGMA quick_check"))).scalars().all()
        orphans = (await unit.session.execute(text("PRAGMA foreign_key_check"))).all()
    found = [str(line) for line in lines if line != "ok"]
    return found + [f"row {row[1]} of {row[0]} points nowhere" for row in orphans]
