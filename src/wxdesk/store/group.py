"""Group commit: many small inserts, one transaction, one fsync.

While one batch is being committed the next collects itself, so nothing waits for a timer and a
batch is as large as the load asks for. A row whose insert conflicts with a unique key changes
nothing and counts as done. Cost: one commit a batch, O(rows) beside it.

A batch that fails is tried again row by row, so that one bad row does not fail its neighbours.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import asyncpg
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from wxdesk.errors import Unavailable
from wxdesk.store.database import PRAGMAS, Database

Row = tuple[Any, ...]

MOST_ROWS = 2000
COMMITTERS = 2  # on PostgreSQL: one writes while the other waits for the disk (stack measurements)


class CannotKeepUp(Unavailable):
    """More is coming in than the database takes."""

    code = "cannot_keep_up"


class _Committer(Protocol):
    async def commit(self, rows: Sequence[Row]) -> None: ...
    async def close(self) -> None: ...


class GroupInsert:
    """Inserts rows into one table, each answered only when it is on the disk.

    Args:
        database: Where the table is.
        table: Its columns that are not given have defaults in the database.
        columns: The names of the given columns, in the order of the rows' values.
        wait_seconds: A row that cannot be committed within this time is refused.
        most_waiting: The most rows that may wait.
        committed: Called once after each committed batch.
    """

    def __init__(
        self,
        database: Database,
        table: Table,
        columns: Sequence[str],
        *,
        wait_seconds: float,
        most_waiting: int,
        committed: Callable[[], None],
    ) -> None:
        self._most_waiting, self._wait_seconds = most_waiting, wait_seconds
        self._committed = committed
        self._waiting: list[tuple[Row, asyncio.Future[None]]] = []
        self._arrived = asyncio.Event()
        self._committers: list[_Committer] = (
            [_SqliteCommitter(database, table, columns)]
            if database.is_sqlite
            else [_PostgresCommitter(database, table, columns) for _ in range(COMMITTERS)]
        )
        self._tasks: list[asyncio.Task[None]] = []
        self._unanswered: list[tuple[float, asyncio.Future[None]]] = []
        self._watchman: asyncio.TimerHandle | None = None

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._run(each)) for each in self._committers]

    async def close(self) -> None:
        """Stop; rows still waiting are refused."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._watchman:
            self._watchman.cancel()
        _refuse([future for _, future in self._unanswered])
        for committer in self._committers:
            await committer.close()

    def insert(self, row: Row) -> asyncio.Future[None]:
        """Hand in a row; the future is done when it is on the disk.

        Raises:
            CannotKeepUp: Too many rows wait, or (from the future) this one waited too long;
                the row may then be written or not.
        """
        if len(self._waiting) >= self._most_waiting:
            raise CannotKeepUp("too many rows wait to be written")
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._waiting.append((row, future))
        self._arrived.set()
        self._unanswered.append((loop.time() + self._wait_seconds, future))
        if self._watchman is None:
            self._watchman = loop.call_later(self._wait_seconds, self._refuse_overdue)
        return future

    def _refuse_overdue(self) -> None:
        """One timer for all: answers who has waited too long, and looks again when due."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        _refuse([future for until, future in self._unanswered if until <= now])
        self._unanswered = [entry for entry in self._unanswered if not entry[1].done()]
        self._watchman = (
            loop.call_at(max(self._unanswered[0][0], now + 0.05), self._refuse_overdue)
            if self._unanswered
            else None
        )

    async def _run(self, committer: _Committer) -> None:
        while True:
            await self._arrived.wait()
            batch, self._waiting = self._waiting[:MOST_ROWS], self._waiting[MOST_ROWS:]
            if not self._waiting:
                self._arrived.clear()
            batch = [entry for entry in batch if not entry[1].done()]
            if batch:
                await self._commit(committer, batch)

    async def _commit(
        self, committer: _Committer, batch: Sequence[tuple[Row, asyncio.Future[None]]]
    ) -> None:
        try:
            await committer.commit([row for row, _ in batch])
        except Exception as error:  # whatever it is, the rows after it are written
            if len(batch) == 1:
                _fail(batch[0][1], error)
                return
            for entry in batch:
                if not entry[1].done():  # refused meanwhile: the database is away, not the row bad
                    await self._commit(committer, [entry])
            return
        for _, future in batch:
            if not future.done():
                future.set_result(None)
        self._committed()


def _fail(future: asyncio.Future[None], error: BaseException) -> None:
    if not future.done():
        refusal = CannotKeepUp("a row could not be written")
        refusal.__cause__ = error
        future.set_exception(refusal)


def _refuse(futures: Sequence[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():
            future.set_exception(CannotKeepUp("a row waited too long to be written"))


class _SqliteCommitter:
    """One thread with a connection of its own, in turn with the units."""

    def __init__(self, database: Database, table: Table, columns: Sequence[str]) -> None:
        self._database = database
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="group-commit")
        self._connection: sqlite3.Connection | None = None
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        self._sql = f"INSERT INTO {table.name} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608  names of our own columns
        dialect = sqlite.dialect()
        self._to_driver = [
            (place, to_driver)
            for place, name in enumerate(columns)
            if (to_driver := table.c[name].type.dialect_impl(dialect).bind_processor(dialect))
        ]

    async def commit(self, rows: Sequence[Row]) -> None:
        loop = asyncio.get_running_loop()
        async with self._database.writing:
            await _finish(loop.run_in_executor(self._thread, self._write, rows))

    async def close(self) -> None:
        if self._connection:
            self._thread.submit(self._connection.close).result()
        self._thread.shutdown()

    def _write(self, rows: Sequence[Row]) -> None:
        connection = self._connection or self._connect()
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.executemany(self._sql, [self._bound(row) for row in rows])
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise

    def _bound(self, row: Row) -> list[Any]:
        values = list(row)
        for place, to_driver in self._to_driver:
            values[place] = to_driver(values[place])
        return values

    def _connect(self) -> sqlite3.Connection:
        self._connection = sqlite3.connect(
            self._database.url.database or "", isolation_level=None, check_same_thread=False
        )
        for pragma in PRAGMAS:
            self._connection.execute(pragma)
        return self._connection


class _PostgresCommitter:
    """A connection of its own and one prepared statement over arrays."""

    def __init__(self, database: Database, table: Table, columns: Sequence[str]) -> None:
        self._dsn = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
        arrays = ", ".join(
            f"${place}::{table.c[name].type.compile(dialect)}[]"
            for place, name in enumerate(columns, 1)
        )
        self._sql = (
            f"INSERT INTO {table.name} ({', '.join(columns)}) "  # noqa: S608  names of our own
            f"SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING"
        )
        self._connection: asyncpg.Connection | None = None

    async def commit(self, rows: Sequence[Row]) -> None:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(self._dsn, timeout=5, command_timeout=10)
        await self._connection.execute(
            self._sql, *[list(values) for values in zip(*rows, strict=True)]
        )

    async def close(self) -> None:
        if self._connection:
            await self._connection.close()


async def _finish(work: asyncio.Future[None]) -> None:
    """Wait for what cannot be stopped, also when we are cancelled meanwhile."""
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        raise
