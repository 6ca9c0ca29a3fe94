"""Units: one transaction, whose events and wakes exist only if it does."""

import asyncio
from contextlib import suppress

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError

from patient import PATIENCE_SECONDS
from wxdesk.desk import agents, conversations, events
from wxdesk.desk.agents import Agent, Role
from wxdesk.desk.agents.model import SignInTries
from wxdesk.runtime import running
from wxdesk.store.database import STREAM, Database, hold_alone


class Undone(Exception):
    """Somebody changes their mind in the middle of a unit."""


async def add_agent(runtime, unit, username="lihua"):
    return await agents.add(
        unit,
        username=username,
        name="李华",
        role=Role.AGENT,
        password_hash="",
        now=runtime.clock.now(),
    )


async def usernames(runtime):
    async with runtime.db.reading() as unit:
        return (await unit.session.scalars(select(Agent.username).order_by(Agent.id))).all()


async def told(runtime):
    async with runtime.db.reading() as unit:
        return [(each.kind, each.thing_id) for each in await events.list_after(unit, 0, limit=1000)]


@pytest.fixture
def wakes():
    return []


@pytest.fixture
async def database(database_url, wakes):
    """A database whose wakes are written down."""
    db = Database(database_url, wake=wakes.append, write_events=events.write)
    yield db
    await db.close()


async def test_a_unit_that_ends_is_committed_with_its_events(runtime):
    async with runtime.db.unit() as unit:
        agent = await add_agent(runtime, unit)

    assert await usernames(runtime) == ["lihua"]
    assert await told(runtime) == [("agent", agent.id)]


async def test_a_unit_that_raises_leaves_nothing(runtime, database, wakes):
    with suppress(Undone):
        async with database.unit() as unit:
            await add_agent(runtime, unit)
            unit.wake("delivery")
            raise Undone

    assert await usernames(runtime) == []
    assert await told(runtime) == []
    assert wakes == []


async def test_wakes_ring_after_the_commit(database, wakes):
    async with database.unit() as unit:
        unit.wake("delivery")
        unit.wake("delivery")
        unit.tell("agent", 1)
        assert wakes == []

    assert sorted(wakes) == ["delivery", STREAM]


async def test_a_unit_that_told_nothing_wakes_no_stream(database, wakes):
    async with database.unit():
        pass

    assert wakes == []


async def test_a_thing_told_often_in_one_unit_is_one_event_at_its_last_place(runtime):
    async with runtime.db.unit() as unit:
        for thing in (1, 2, 1):
            unit.tell("message", thing)

    assert await told(runtime) == [("message", 2), ("message", 1)]


async def test_a_savepoint_that_raises_undoes_rows_events_and_wakes_of_its_own(runtime):
    async with runtime.db.unit() as unit:
        kept = await add_agent(runtime, unit, "kept")
        unit.wake("intake")
        with suppress(Undone):
            async with unit.savepoint():
                await add_agent(runtime, unit, "undone")
                unit.tell("agent", kept.id)
                unit.wake("delivery")
                raise Undone
        assert unit.wakes == {"intake"}
        assert list(unit.told) == [("agent", kept.id)]

    assert await usernames(runtime) == ["kept"]


async def test_after_a_row_is_refused_in_a_savepoint_the_unit_goes_on(runtime):
    async with runtime.db.unit() as unit:
        first = await add_agent(runtime, unit, "first")
        with suppress(IntegrityError):
            async with unit.savepoint():
                unit.session.add(
                    Agent(
                        username="first",
                        name="",
                        role=Role.AGENT,
                        password_hash="",
                        created_at=first.created_at,
                    )
                )
                await unit.session.flush()
        await add_agent(runtime, unit, "second")

    assert await usernames(runtime) == ["first", "second"]


async def test_a_reader_sees_no_unit_before_its_commit(runtime):
    async with runtime.db.unit() as unit:
        await add_agent(runtime, unit)
        assert await usernames(runtime) == []

    assert await usernames(runtime) == ["lihua"]


async def test_a_reading_unit_waits_for_no_writer(runtime, desk):
    talk = await desk.conversation()
    async with runtime.db.unit() as unit:
        await conversations.get(unit, talk.id)
        async with asyncio.timeout(PATIENCE_SECONDS), runtime.db.reading() as reader:
            assert await conversations.get(reader, talk.id)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_reading_unit_cannot_write(runtime):
    with pytest.raises(Exception, match="readonly"):
        async with runtime.db.reading() as unit:
            await add_agent(runtime, unit)


async def test_counting_up_at_once_loses_no_count(runtime):
    """Read, then write: without the write lock from the start, some would write a stale count."""

    async def fail_once():
        async with runtime.db.unit() as unit:
            await agents.record_sign_in_failure(unit, "lihua", runtime.clock.now())

    await asyncio.gather(*(fail_once() for _ in range(20)))

    async with runtime.db.reading() as unit:
        assert await unit.session.scalar(select(SignInTries.failures)) == 20


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_name_is_held_by_one_unit_at_a_time(runtime, clock):
    """On SQLite the unit itself is alone."""
    async with running(runtime.settings, clock=clock) as other:
        async with runtime.db.unit() as unit:
            assert await hold_alone(unit, "intake")
            async with other.db.unit() as late:
                assert not await hold_alone(late, "intake")
                assert await hold_alone(late, "another name")
        async with other.db.unit() as late:
            assert await hold_alone(late, "intake")


async def test_where_the_log_stands_is_known_without_reading_it(runtime):
    """Asked for both ends at once, SQLite reads every event, many times a second."""
    asked = []
    async with runtime.db.reading() as unit:
        bind = unit.session.get_bind()
        event.listen(bind, "before_cursor_execute", note := lambda *facts: asked.append(facts[2]))
        assert await events.bounds(unit) == (0, 0)
        event.remove(bind, "before_cursor_execute", note)
        if runtime.db.is_sqlite:
            plan = await unit.session.execute(text(f"EXPLAIN QUERY PLAN {asked[-1]}"))
            assert not [row.detail for row in plan if row.detail.startswith("SCAN events")]


WRITERS, UNITS_EACH = 12, 15


async def test_a_reader_who_follows_the_numbers_misses_nothing_while_many_write(runtime, clock):
    """Numbers from a sequence alone would be given before the commits, and 10 seen before 9."""
    wanted = {writer * 1000 + number for writer in range(WRITERS) for number in range(UNITS_EACH)}

    async def write(db, writer):
        for number in range(UNITS_EACH):
            async with db.unit() as unit:
                unit.tell("message", writer * 1000 + number)

    async def follow():
        seen = []
        while len(seen) < len(wanted):
            async with runtime.db.reading() as unit:
                seen += await events.list_after(unit, seen[-1].number if seen else 0, limit=7)
        return [each.thing_id for each in seen]

    async with running(runtime.settings, clock=clock) as other, asyncio.timeout(PATIENCE_SECONDS):
        databases = [runtime.db] if runtime.db.is_sqlite else [runtime.db, other.db]
        writing = [write(databases[each % len(databases)], each) for each in range(WRITERS)]
        one, another, *_ = await asyncio.gather(follow(), follow(), *writing)

    assert one == another
    assert set(one) == wanted
