"""Loops beside the requests: woken, never dying, and ended when they are told to."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from patient import PATIENCE_SECONDS
from wxdesk.bus import MemoryBus, end, forever


async def test_a_loop_looks_when_woken_and_again_while_there_is_more():
    bus, left, looked = MemoryBus(), [3], asyncio.Queue()

    async def look():
        looked.put_nowait(left[0])
        left[0] -= left[0] > 0
        return left[0]

    loop = asyncio.create_task(forever(bus, "work", look, tick=timedelta(hours=1)))
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert [await looked.get() for _ in range(3)] == [3, 2, 1]
        left[0] = 1
        bus.wake("work")
        assert await looked.get() == 1
    await end([loop])


async def test_a_wake_that_was_lost_costs_a_tick():
    bus, looked = MemoryBus(), asyncio.Queue()

    async def look():
        looked.put_nowait("looked")

    loop = asyncio.create_task(forever(bus, "work", look, tick=timedelta(seconds=0.01)))
    async with asyncio.timeout(PATIENCE_SECONDS):
        for _ in range(3):
            await looked.get()
    await end([loop])


async def test_a_round_that_fails_ends_no_loop():
    bus, looked = MemoryBus(), asyncio.Queue()

    async def look():
        looked.put_nowait("looked")
        raise ValueError("a mistake")

    loop = asyncio.create_task(forever(bus, "work", look, tick=timedelta(seconds=0.01)))
    async with asyncio.timeout(PATIENCE_SECONDS):
        for _ in range(3):
            await looked.get()
    await end([loop])

    assert loop.cancelled()


async def test_a_loop_whose_library_swallows_a_cancellation_ends_all_the_same():
    """redis-py has been seen to: a worker then never stopped."""
    begun = asyncio.Event()

    async def swallowing():
        begun.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    loop = asyncio.create_task(swallowing())
    await begun.wait()

    async with asyncio.timeout(PATIENCE_SECONDS):
        await end([loop])

    assert loop.cancelled()


async def test_a_round_that_has_begun_is_done_before_the_loop_ends():
    begun, go_on, done = asyncio.Event(), asyncio.Event(), []

    async def look():
        begun.set()
        await go_on.wait()
        done.append("done")

    loop = asyncio.create_task(forever(MemoryBus(), "work", look))
    await begun.wait()
    ending = asyncio.create_task(end([loop]))
    await asyncio.sleep(0)
    assert not loop.done()
    go_on.set()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await ending

    assert done == ["done"]
    assert loop.cancelled()
