"""What tests get for a database of their own: a used one is as if it were new."""

import asyncio
from contextlib import ExitStack

import asyncpg
import pytest

from desk_builder import DeskBuilder
from wxdesk.runtime import running
from wxdesk.settings import Settings

REBUILDING = (
    "CREATE INDEX another ON agents (name)",
    "ALTER TABLE agents ADD COLUMN another text",
    "ALTER TABLE agents ADD CHECK (name <> '')",
    "DROP TABLE events",
)


@pytest.fixture
def used(postgres):
    """The URL of a database in which there was a desk."""
    with postgres.lent() as url:
        asyncio.run(fill(url))
    return url


async def fill(url):
    async with running(Settings(database_url=url, secret_key="for tests only")) as rt:
        desk = DeskBuilder(rt, "http://127.0.0.1:9")
        agent = await desk.agent()
        await desk.reply(await desk.conversation(assignee=agent), agent)


async def rows(url):
    """All there is in each table, and where each sequence stands."""
    connection = await asyncpg.connect(url)
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    seen = {name: await connection.fetch(f"TABLE {name}") for (name,) in tables}
    seen["sequences"] = await connection.fetch(
        "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
    )
    await connection.close()
    return seen


async def execute(url, sql):
    connection = await asyncpg.connect(url)
    await connection.execute(sql)
    await connection.close()


def is_lent_again(postgres, url):
    with ExitStack() as stack:
        lent = [stack.enter_context(postgres.lent()) for _ in range(postgres.resting)]
    return url in lent


def test_a_used_one_is_as_if_it_were_new(postgres, used):
    new = asyncio.run(rows(postgres.fresh()))
    assert asyncio.run(rows(used)) != new

    assert is_lent_again(postgres, used)
    assert asyncio.run(rows(used)) == new


@pytest.mark.parametrize("sql", REBUILDING)
def test_one_that_was_rebuilt_is_lent_to_nobody(postgres, used, sql):
    asyncio.run(execute(used, sql))

    assert not is_lent_again(postgres, used)


def test_one_that_somebody_is_still_at_is_lent_later(postgres, used):
    async def at_it():
        connection = await asyncpg.connect(used)
        lent = await asyncio.to_thread(is_lent_again, postgres, used)
        await connection.close()
        return lent

    assert not asyncio.run(at_it())
    assert is_lent_again(postgres, used)
