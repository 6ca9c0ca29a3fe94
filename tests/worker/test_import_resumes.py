"""An import of all followers goes on where it was stopped, whoever stopped it."""

import asyncio
from contextlib import suppress
from dataclasses import replace

import aiohttp
import pytest
from sqlalchemy import func, select

from desk_builder import DeskBuilder
from simulated import simulating
from wxdesk.desk import imports
from wxdesk.desk.contacts import Contact
from wxdesk.desk.imports import ImportState
from wxdesk.worker.imports import LEASE, Importer

ALL = 430
BATCHGET = "user/info/batchget"


@pytest.fixture
async def platform():
    async with simulating() as sim:
        for number in range(ALL):
            await sim.follower(f"访客 {number}")
        yield sim


@pytest.fixture
async def account(runtime, platform):
    return await DeskBuilder(runtime, platform.url).account()


@pytest.fixture
def begin(runtime, account, clock):
    async def begun():
        async with runtime.db.unit() as unit:
            return await imports.start(unit, account.id, now=clock.now())

    return begun


@pytest.fixture
def state(runtime, account):
    async def read():
        async with runtime.db.reading() as unit:
            met = await unit.session.scalar(select(func.count()).select_from(Contact))
            return await imports.get(unit, account.id), met

    return read


async def go_on(runtime):
    importer = Importer(runtime)
    while await importer.go_on():
        pass


class Died(BaseException):
    """The process has ended, as far as whoever worked can tell."""


def dying(runtime, *, calls, answered):
    """A runtime whose calls end its process: the n-th, once WeChat has answered or before."""
    left = iter(range(calls, -1, -1))

    async def die(request, handler):
        last = next(left) == 0
        if last and not answered:
            raise Died
        answer = await handler(request)
        if last:
            raise Died
        return answer

    return replace(runtime, http=aiohttp.ClientSession(middlewares=[die]))


@pytest.mark.parametrize("answered", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("calls", [0, 1, 2, 3])
async def test_an_importer_that_dies_anywhere_leaves_nobody_out_and_counts_nobody_twice(
    runtime, begin, state, clock, calls, answered
):
    await begin()
    for more in range(3):
        mortal = dying(runtime, calls=calls + more, answered=answered)
        async with mortal.http:
            with suppress(Died):
                await go_on(mortal)
        found, met = await state()
        assert found.done == met
        clock.forward(seconds=LEASE.total_seconds())

    await go_on(runtime)

    found, met = await state()
    assert (found.state, found.done, found.total, met) == (ImportState.DONE, ALL, ALL, ALL)


async def test_a_paused_import_stops_between_two_calls_and_goes_on_from_there(
    runtime, account, begin, state, platform
):
    await begin()

    async def pause(request, handler):
        if (await state())[0].done:
            async with runtime.db.unit() as unit:
                await imports.pause(unit, account.id)
        return await handler(request)

    async with aiohttp.ClientSession(middlewares=[pause]) as http:
        await go_on(replace(runtime, http=http))
    paused, met = await state()
    assert paused.state is ImportState.PAUSED
    assert 0 < paused.done == met < ALL

    await begin()
    await go_on(runtime)

    found, met = await state()
    assert (found.state, found.done, met) == (ImportState.DONE, ALL, ALL)


async def test_two_importers_do_the_work_of_one(runtime, begin, state, platform):
    await begin()

    await asyncio.gather(go_on(runtime), go_on(runtime))

    assert (await state())[0].done == ALL
    assert len(await platform.calls(BATCHGET)) == -(-ALL // 100)


async def test_an_account_that_may_not_be_imported_says_why(runtime, begin, state, platform):
    await platform.post("/sim/faults", unverified=True)
    await begin()

    await go_on(runtime)

    found, _ = await state()
    assert (found.state, found.error, found.errcode) == (
        ImportState.FAILED,
        "not_permitted",
        48001,
    )


async def test_an_import_that_is_done_begins_anew_and_meets_nobody_again(runtime, begin, state):
    await begin()
    await go_on(runtime)

    again = await begin()
    assert (again.done, again.cursor, again.state) == (0, "", ImportState.RUNNING)
    await go_on(runtime)

    found, met = await state()
    assert (found.done, met) == (ALL, ALL)
