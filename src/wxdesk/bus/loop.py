"""A loop beside the requests: wait for a wake or a tick, do a round, never die."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta
from typing import Protocol

from wxdesk import logs
from wxdesk.bus.memory import Bell

GLANCE = timedelta(seconds=0.1)
LONGEST_GOODBYE = timedelta(seconds=10)
TICK = timedelta(seconds=1)
"""A loop looks this often all the same, so a lost wake costs a second."""

log = logs.get(__name__)


class Listening(Protocol):
    """A bus, as a loop needs it."""

    def listen(self, loop: str) -> Bell: ...


async def forever(
    bus: Listening, name: str, look: Callable[[], Awaitable[int | None]], *, tick: timedelta = TICK
) -> None:
    """Look whenever woken, and every ``tick`` all the same, until cancelled.

    A round that has begun is not cut off, or only when it takes too long: what it claimed it does,
    and no database connection is left in the middle of something.

    Args:
        bus: Who wakes it.
        name: What it is woken by.
        look: One round; returns how much it did, and is asked again at once when that is not 0.
        tick: The longest rest.
    """
    bell = bus.listen(name)
    try:
        while True:
            if not await _to_its_end(asyncio.create_task(_round(name, look))):
                await bell.wait(tick)
    finally:
        bell.close()


async def end(loops: Collection[asyncio.Task[None]]) -> None:
    """Cancel loops until they have ended: a library on the way may swallow a cancellation."""
    running = set(loops)
    while running:
        for loop in running:
            loop.cancel()
        _, running = await asyncio.wait(running, timeout=GLANCE.total_seconds())
    await asyncio.gather(*loops, return_exceptions=True)


async def _to_its_end(round_: asyncio.Task[int]) -> int:
    try:
        return await asyncio.shield(round_)
    except asyncio.CancelledError:
        await _has_ended(round_)
        raise


async def _has_ended(round_: asyncio.Task[int]) -> None:
    """Wait for a round, whoever cancels meanwhile, but not for ever."""
    loop = asyncio.get_running_loop()
    until = loop.time() + LONGEST_GOODBYE.total_seconds()
    while not round_.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([round_], timeout=max(0, until - loop.time()))
        if loop.time() >= until:
            round_.cancel()


async def _round(name: str, look: Callable[[], Awaitable[int | None]]) -> int:
    """What goes wrong in a round is logged; the next one tries again after a rest."""
    began = time.monotonic()
    try:
        return await look() or 0
    except Exception:  # whatever it is, the desk goes on
        log.exception("round_failed", loop=name, seconds=round(time.monotonic() - began, 3))
        return 0
