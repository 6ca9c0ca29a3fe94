"""Levels of contacts that are over or were retired: what counts for them instead."""

from datetime import timedelta

from wxdesk.desk import levels
from wxdesk.runtime import Runtime

BATCH = 200
SETTLE_EVERY = timedelta(seconds=10)


async def settle_levels(rt: Runtime) -> int:
    """One round: some contacts. Returns how many."""
    async with rt.db.unit() as unit:
        return await levels.expire(unit, now=rt.clock.now(), limit=BATCH)
