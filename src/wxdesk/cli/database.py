"""``wxdesk db``: schema and data."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import typer

from wxdesk.cli.run import settings, with_runtime
from wxdesk.errors import Conflict, Invalid, NotFound, Unavailable
from wxdesk.runtime import Runtime
from wxdesk.store import schema
from wxdesk.store.alone import alone
from wxdesk.store.database import Database

app = typer.Typer(no_args_is_help=True, help="Schema and data.")


class BackupFailed(Unavailable):
    """The database's own tool did not do it."""

    code = "backup_failed"


@app.command()
def upgrade() -> None:
    """Bring the schema up to date; serving does so too."""

    async def task(_rt: Runtime) -> None:
        """Every command does, before its own work."""

    with_runtime(task)


@app.command()
def check() -> None:
    """Compare the schema with the program, and look for damage; exit 1 if anything is wrong."""

    async def task(rt: Runtime) -> list[str]:
        found = [f"differs: {each}" for each in await schema.differences(rt.db)]
        return found + [f"damage: {each}" for each in await schema.damage(rt.db)]

    wrong = with_runtime(task)
    for line in wrong:
        typer.echo(line)
    if wrong:
        raise typer.Exit(1)
    typer.echo("ok")


@app.command()
def backup(file: Path) -> None:
    """Write all data into a file, while the desk runs."""
    if file.exists():
        raise Conflict(f"{file} exists already")
    if not file.parent.is_dir():
        raise NotFound(f"there is no folder {file.parent}")

    async def task(rt: Runtime) -> None:
        if not rt.db.is_sqlite:
            _postgres(rt.db, "pg_dump", "--format=custom", f"--file={file}")
            return
        with closing(sqlite3.connect(rt.db.url.database or "")) as source:
            source.execute("VACUUM INTO ?", (str(file),))

    file.touch(mode=0o600)  # what customers wrote is for nobody else
    try:
        with_runtime(task)
    except BaseException:
        file.unlink()
        raise
    typer.echo(f"written: {file}. Keep secret.key or WXDESK_SECRET_KEY beside it.")


@app.command()
def restore(file: Path) -> None:
    """Replace all data by a backup's; the desk must not run."""
    if not file.is_file():
        raise NotFound(f"there is no file {file}")
    chosen = settings()

    async def task(rt: Runtime) -> None:
        if not rt.db.is_sqlite:
            how = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
            _postgres(rt.db, "pg_restore", *how, str(file))
            return
        _require_backup(file)
        with (
            alone(rt.db),
            closing(sqlite3.connect(file)) as source,
            closing(sqlite3.connect(rt.db.url.database or "")) as target,
        ):
            source.backup(target)

    with_runtime(task)
    typer.echo(f"restored into {chosen.data_dir if not chosen.database_url else 'the database'}")


def _require_backup(file: Path) -> None:
    """Raise unless it is a desk's, and whole: it is about to replace everything."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as source:
            versions = source.execute("SELECT version_num FROM alembic_version").fetchall()
            found = source.execute("PRAGMA quick_check").fetchall()
    except sqlite3.DatabaseError:
        raise Invalid(f"{file} is not a backup of a desk on SQLite") from None
    if len(versions) != 1 or found != [("ok",)]:
        raise Invalid(f"{file} is damaged")


def _postgres(database: Database, tool: str, *arguments: str) -> None:
    """Let PostgreSQL's own tool do it; the password is not for the list of processes."""
    program = shutil.which(tool)
    if program is None:
        raise BackupFailed(f"{tool} is not installed; it comes with PostgreSQL's client")
    address = database.url.set(drivername="postgresql", password=None)
    environment = os.environ | {"PGPASSWORD": database.url.password or ""}
    done = subprocess.run(  # noqa: S603  the operator's own call
        [program, f"--dbname={address}", *arguments], check=False, env=environment
    )
    if done.returncode:
        raise BackupFailed(f"{tool} failed with exit code {done.returncode}")
