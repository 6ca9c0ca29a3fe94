"""Kept pushes → the desk."""

from collections.abc import Sequence
from datetime import timedelta

from wxdesk import logs
from wxdesk.desk import intake
from wxdesk.desk.intake import Claimed
from wxdesk.runtime import Runtime
from wxdesk.store import Unit
from wxdesk.store.database import is_passing

BATCH = 1000
"""Under a flood each statement waits for its turn, so the more it does the better."""

BATCH_OF_SQLITE = 300
"""Nothing else is written meanwhile, least of all what comes in."""

log = logs.get(__name__)


async def understand_kept(rt: Runtime) -> int:
    """One round: the oldest kept pushes, in one unit. Returns how many were looked at."""
    async with rt.db.unit() as unit:
        limit = BATCH_OF_SQLITE if rt.db.is_sqlite else BATCH
        kept = await intake.claim_kept(unit, limit=limit)
        if kept:
            await _understand(rt, unit, kept)
    return len(kept)


async def _understand(rt: Runtime, unit: Unit, kept: Sequence[Claimed]) -> None:
    """All under one savepoint; if one of them fails, halves of them, down to the one (ADR 4).

    Whatever is wrong with a push, it is parked with its error, and stops no other. What is wrong
    with the database is wrong with no push: the unit is undone, and the next round tries again.
    """
    wait = timedelta(seconds=rt.settings.passive_wait_seconds)
    try:
        async with unit.savepoint():
            await intake.receive(
                unit,
                kept,
                now=rt.clock.now(),
                passive_wait=wait,
                base_url=rt.settings.base_url,
            )
    except Exception as error:  # any mistake at all
        if is_passing(error):
            raise
        if len(kept) > 1:
            middle = len(kept) // 2
            await _understand(rt, unit, kept[:middle])
            await _understand(rt, unit, kept[middle:])
            return
        await intake.park(unit, kept[0], error)
        log.exception("push_parked", push_id=kept[0].id, kind=kept[0].kind)
