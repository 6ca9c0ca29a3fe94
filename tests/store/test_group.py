"""Group commit: an insert is answered when it is on the disk, and many share one commit."""

import asyncio
import time
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import func, select

from wxdesk.desk import intake
from wxdesk.desk.intake import KeptPush
from wxdesk.store import GroupInsert
from wxdesk.store.group import MOST_ROWS, CannotKeepUp


@pytest.fixture
async def account(desk):
    return await desk.account()


@pytest.fixture
def row(account, clock):
    def make(key, *, openid="oFollowerAnna", account_id=account.id):
        return (account_id, openid, key, None, "text", b"<xml/>", clock.now())

    return make


class Commits:
    """Counts the batches that were committed."""

    def __init__(self):
        self.count = 0

    def __call__(self):
        self.count += 1


@asynccontextmanager
async def inserting(runtime, *, wait_seconds=5.0, most_waiting=5000, committed=lambda: None):
    insert = GroupInsert(
        runtime.db,
        intake.TABLE,
        intake.COLUMNS,
        wait_seconds=wait_seconds,
        most_waiting=most_waiting,
        committed=committed,
    )
    insert.start()
    try:
        yield insert
    finally:
        await insert.close()


async def keys(runtime):
    async with runtime.db.reading() as unit:
        return (await unit.session.scalars(select(KeptPush.key).order_by(KeptPush.id))).all()


async def settled(futures):
    """What became of each: None where it was written."""
    return [
        type(each) if each else None
        for each in await asyncio.gather(*futures, return_exceptions=True)
    ]


async def test_a_row_is_committed_before_it_is_answered(runtime, row):
    async with inserting(runtime) as insert:
        for number in range(10):
            await insert.insert(row(f"k{number}"))

            assert await keys(runtime) == [f"k{each}" for each in range(number + 1)]


async def test_a_row_that_is_there_already_counts_as_done_and_changes_nothing(runtime, row):
    async with inserting(runtime) as insert:
        await insert.insert(row("k1"))
        await asyncio.gather(*(insert.insert(row("k1")) for _ in range(3)))

    assert await keys(runtime) == ["k1"]


async def test_columns_not_given_have_their_defaults(runtime, row, clock):
    async with inserting(runtime) as insert:
        await insert.insert(row("k1"))

    async with runtime.db.reading() as unit:
        (kept,) = (await unit.session.scalars(select(KeptPush))).all()
    assert (kept.state, kept.error, kept.received_at) == ("kept", None, clock.now())


async def test_two_thousand_rows_at_once_take_a_few_commits(runtime, row):
    commits = Commits()
    async with inserting(runtime, committed=commits) as insert:
        await asyncio.gather(*(insert.insert(row(f"k{number}")) for number in range(2000)))

    assert len(await keys(runtime)) == 2000
    assert 1 <= commits.count <= 3


async def test_more_than_a_batch_is_written_whole(runtime, row):
    async with inserting(runtime) as insert:
        await asyncio.gather(*(insert.insert(row(f"k{each}")) for each in range(MOST_ROWS + 500)))

    assert len(await keys(runtime)) == MOST_ROWS + 500


async def test_a_row_of_no_account_does_not_fail_its_neighbours(runtime, row):
    async with inserting(runtime) as insert:
        good = [insert.insert(row(f"k{number}")) for number in range(20)]
        bad = insert.insert(row("bad", account_id=404))
        good += [insert.insert(row(f"k{number}")) for number in range(20, 40)]

        assert await settled(good) == [None] * 40
        assert await settled([bad]) == [CannotKeepUp]

    assert sorted(await keys(runtime)) == sorted(f"k{number}" for number in range(40))


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_row_that_postgres_cannot_hold_does_not_fail_its_neighbours(runtime, row):
    async with inserting(runtime) as insert:
        futures = [insert.insert(row(key)) for key in ("k1", "nul \x00", "k2")]

        assert await settled(futures) == [None, CannotKeepUp, None]


async def test_a_row_that_no_driver_can_write_does_not_stop_those_after_it(runtime, row):
    async with inserting(runtime) as insert:
        futures = [insert.insert(row(key)) for key in ("k1", "half a pair \ud800", "k2")]
        assert await settled(futures) == [None, CannotKeepUp, None]

        await insert.insert(row("k3"))

    assert await keys(runtime) == ["k1", "k2", "k3"]


async def test_no_more_rows_wait_than_there_is_room_for(runtime, row):
    async with inserting(runtime, most_waiting=5) as insert:
        futures = [insert.insert(row(f"k{number}")) for number in range(5)]
        with pytest.raises(CannotKeepUp):
            insert.insert(row("one too many"))
        await asyncio.gather(*futures)

        await insert.insert(row("k5"))  # there is room again

    assert len(await keys(runtime)) == 6


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_row_that_waits_too_long_is_refused_in_time(runtime, row):
    async with inserting(runtime, wait_seconds=0.1) as insert:
        async with runtime.db.unit():  # holds the write lock
            began = time.monotonic()
            futures = [insert.insert(row(f"k{number}")) for number in range(3)]
            assert await settled(futures) == [CannotKeepUp] * 3
            assert time.monotonic() - began < 1

        await insert.insert(row("later"))

    assert "later" in await keys(runtime)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_row_that_postgres_holds_up_is_refused_in_time(runtime, row):
    async with inserting(runtime, wait_seconds=0.1) as insert, runtime.db.unit() as unit:
        values = dict(zip(intake.COLUMNS, row("k1"), strict=True))
        unit.session.add(KeptPush(**values))
        await unit.session.flush()  # whoever inserts the same key waits for this unit

        assert await settled([insert.insert(row("k1"))]) == [CannotKeepUp]


async def test_closing_refuses_what_still_waits(runtime, row):
    async with inserting(runtime) as insert:
        futures = [insert.insert(row(f"k{number}")) for number in range(3)]

    assert await settled(futures) == [CannotKeepUp] * 3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_closing_answers_what_is_being_written(runtime, row):
    async with inserting(runtime) as insert:
        async with runtime.db.unit():
            future = insert.insert(row("k1"))
            await asyncio.sleep(0)  # the committer has it, and waits for its turn
            closing = asyncio.create_task(insert.close())
            assert await settled([future]) == [CannotKeepUp]
        await closing


async def test_rows_and_units_take_turns(runtime, desk, row):
    async with inserting(runtime) as insert:
        futures = [insert.insert(row(f"k{number}")) for number in range(500)]
        people = [desk.agent() for _ in range(20)]
        await asyncio.gather(*futures, *people)

    async with runtime.db.reading() as unit:
        assert await unit.session.scalar(select(func.count()).select_from(KeptPush)) == 500


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_writers_that_insert_the_same_rows_in_other_orders_all_succeed(runtime, row):
    rows = [row(f"k{number}") for number in range(300)]
    async with inserting(runtime) as one, inserting(runtime) as other:
        futures = [one.insert(each) for each in rows]
        futures += [other.insert(each) for each in reversed(rows)]
        await asyncio.gather(*futures)

    assert len(await keys(runtime)) == 300
