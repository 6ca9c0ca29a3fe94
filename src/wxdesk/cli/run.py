"""How a command runs: settings read, runtime put together, a unit opened."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import typer
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from wxdesk import logs
from wxdesk.errors import Unavailable
from wxdesk.runtime import Runtime, running
from wxdesk.settings import Settings, read_settings
from wxdesk.store import schema

T = TypeVar("T")


class DatabaseAway(Unavailable):
    """The database does not answer."""

    code = "database_away"


def settings() -> Settings:
    """The settings, or exit code 2 with what is wrong with them."""
    file = os.environ.get("WXDESK_SETTINGS_FILE")
    if file and not Path(file).is_file():
        typer.echo(f"wxdesk: WXDESK_SETTINGS_FILE: there is no file {file}", err=True)
        raise typer.Exit(2)
    try:
        return read_settings()
    except ValidationError as error:
        for each in error.errors():
            name = "WXDESK_" + "_".join(str(part) for part in each["loc"]).upper()
            typer.echo(f"wxdesk: {name}: {each['msg']}", err=True)
        raise typer.Exit(2) from None


def with_runtime(task: Callable[[Runtime], Awaitable[T]]) -> T:
    """Do a command's work with a database that is there and current."""
    chosen = settings()
    logs.configure("warning", json=chosen.log_json)
    return asyncio.run(_run(chosen, task))


async def _run(chosen: Settings, task: Callable[[Runtime], Awaitable[T]]) -> T:
    async with running(chosen) as rt:
        await require_database(rt)
        return await task(rt)


async def require_database(rt: Runtime) -> None:
    """Bring the schema up to date.

    Raises:
        DatabaseAway: The database does not answer.
    """
    try:
        await schema.upgrade(rt.db)
    except (SQLAlchemyError, OSError) as error:
        where = rt.db.url.render_as_string(hide_password=True)
        raise DatabaseAway(f"the database {where} does not answer: {_first_line(error)}") from None


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]


def print_json(document: Any) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, default=str))


def print_lines(documents: Iterable[Any]) -> None:
    for document in documents:
        print_json(document)
