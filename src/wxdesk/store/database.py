"""Engines for SQLite and PostgreSQL, and the units they give.

SQLite has one writer: a writing unit begins IMMEDIATE on the only writing connection, in turn
with the group commit, so nothing ever meets "database is locked" (ADR 2). PostgreSQL locks rows.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from wxdesk.errors import Unavailable
from wxdesk.store.unit import Unit

WriteEvents = Callable[[AsyncSession, Iterable[tuple[str, int]]], Awaitable[None]]
"""Writes what a unit told as its last statement: numbers are given in the order of commits."""

PASSING_SQLSTATES = frozenset({"08", "40", "53", "57"})
"""Connection, rollback (deadlock), out of resources, operator (PostgreSQL, appendix A)."""

CANCELLED = "57014"
INTERRUPT_EVERY_SECONDS = 0.05

STREAM = "stream"
"""The loop that shows events to browsers; woken by every unit that told one."""


class Database:
    """Where the desk's rows are.

    Args:
        url: ``sqlite:///path`` or ``postgresql://…``.
        wake: Called with the name of each loop a committed unit asked to wake.
        write_events: See ``WriteEvents``.
    """

    def __init__(self, url: str, *, wake: Callable[[str], None], write_events: WriteEvents) -> None:
        self._wake, self._write_events = wake, write_events
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.engine, self._reader = _sqlite_engines(self.url.database or "")
        else:
            self.engine = self._reader = create_async_engine(
                self.url.set(drivername="postgresql+asyncpg"),
                pool_size=10,
                max_overflow=10,
                pool_pre_ping=True,  # a database that was restarted costs nobody an error
                hide_parameters=True,  # an error is logged; what was written is nobody's business
            )
        self.writing: AbstractAsyncContextManager[Any] = (
            asyncio.Lock() if self.is_sqlite else nullcontext()
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        self._read_sessions = async_sessionmaker(self._reader, expire_on_commit=False)

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        """One transaction: committed if the block ends, rolled back if it raises."""
        async with self.writing, self._sessions() as session, session.begin():
            unit = Unit(session, writing=True)
            yield unit
            if unit.told:
                await session.flush()
                await self._write_events(session, unit.told)
                unit.wake(STREAM)
        for loop in unit.wakes:
            self._wake(loop)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Unit]:
        """A unit that only reads; it waits for no writer."""
        async with self._read_sessions() as session:
            yield Unit(session, writing=False)

    @asynccontextmanager
    async def reading_within(self, limit: timedelta) -> AsyncIterator[Unit]:
        """A unit that only reads, whose statements the database ends when it takes too long.

        Raises:
            OutOfTime: It did.
        """
        async with self.reading() as unit, self._ended_after(unit.session, limit):
            try:
                yield unit
            except DBAPIError as error:
                if _was_ended(error):
                    raise OutOfTime("the database did not find it in time") from error
                raise

    @asynccontextmanager
    async def _ended_after(self, session: AsyncSession, limit: timedelta) -> AsyncIterator[None]:
        connection = await session.connection()
        if not self.is_sqlite:
            milliseconds = int(limit.total_seconds() * 1000)
            await connection.execute(text(f"SET LOCAL statement_timeout = {milliseconds}"))
            yield
            return
        raw = (await connection.get_raw_connection()).driver_connection
        ending = asyncio.create_task(_interrupt(raw, limit))
        try:
            yield
        finally:
            ending.cancel()

    async def close(self) -> None:
        await self.engine.dispose()
        await self._reader.dispose()


class OutOfTime(Unavailable):
    """The database was told to end a statement that took too long."""

    code = "out_of_time"


async def _interrupt(sqlite: Any, limit: timedelta) -> None:
    """Once the time is over, end each statement that still begins."""
    await asyncio.sleep(limit.total_seconds())
    while True:
        await sqlite.interrupt()
        await asyncio.sleep(INTERRUPT_EVERY_SECONDS)


def _was_ended(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) == CANCELLED or "interrupted" in str(error.orig)


def is_passing(error: BaseException) -> bool:
    """Whether the database may take the same again: it was locked, away, full, or in a deadlock."""
    if not isinstance(error, DBAPIError):
        return False
    sqlstate = str(getattr(error.orig, "sqlstate", None) or "")
    return (
        error.connection_invalidated
        or isinstance(error, OperationalError)
        or sqlstate[:2] in PASSING_SQLSTATES
    )


async def hold_alone(unit: Unit, name: str) -> bool:
    """Hold a name for the length of a unit, across all processes; False if another does."""
    if unit.session.get_bind().dialect.name == "sqlite":
        return True  # the unit has the write lock already
    return bool(
        await unit.session.scalar(
            text("SELECT pg_try_advisory_xact_lock(hashtext(:name))"), {"name": f"wxdesk:{name}"}
        )
    )


async def take_turn(unit: Unit, name: str) -> None:
    """Wait until nobody else holds this name, in no process; then hold it until the unit ends.

    For things of which there may be none yet, so that there is no row to lock.
    """
    if unit.session.get_bind().dialect.name != "sqlite":  # there the unit has the write lock
        await unit.session.execute(
            text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"wxdesk:{name}"}
        )


def _sqlite_engines(path: str) -> tuple[AsyncEngine, AsyncEngine]:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    url = f"sqlite+aiosqlite:///{path}"
    writer = create_async_engine(url, pool_size=1, max_overflow=0, hide_parameters=True)
    reader = create_async_engine(url, pool_size=4, max_overflow=4, hide_parameters=True)
    event.listen(writer.sync_engine, "connect", _prepare_writer)
    event.listen(writer.sync_engine, "begin", _begin_immediate)
    event.listen(reader.sync_engine, "connect", _prepare_reader)
    event.listen(reader.sync_engine, "begin", _begin)
    return writer, reader


MOST_WAL_TRIES, WAL_PAUSE_SECONDS = 500, 0.02

PRAGMAS = (
    "PRAGMA busy_timeout=10000",  # another process: a command beside the running desk
    "PRAGMA synchronous=FULL",  # a commit is on the disk before it is answered
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-65536",
)


def _prepare_writer(dbapi: Any, _record: Any) -> None:
    dbapi.isolation_level = None  # we begin and commit ourselves
    cursor = dbapi.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    _use_wal(cursor)
    cursor.close()


def _use_wal(cursor: Any) -> None:
    """Of many who open a new database at once one switches it; SQLite lets the others not wait."""
    for tries_left in range(MOST_WAL_TRIES, -1, -1):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if not tries_left or "locked" not in str(error):
                raise
            time.sleep(WAL_PAUSE_SECONDS)
        else:
            return


def _prepare_reader(dbapi: Any, record: Any) -> None:
    _prepare_writer(dbapi, record)
    cursor = dbapi.cursor()
    cursor.execute("PRAGMA query_only=ON")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
