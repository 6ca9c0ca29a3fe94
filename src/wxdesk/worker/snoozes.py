"""Conversations that agents have put off come back when it is time."""

from wxdesk.desk import routing
from wxdesk.runtime import Runtime

BATCH = 200


async def bring_back_due(rt: Runtime) -> int:
    """One round: some of those that are due. Returns how many."""
    async with rt.db.unit() as unit:
        return await routing.bring_back(unit, now=rt.clock.now(), limit=BATCH)
