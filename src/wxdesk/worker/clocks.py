"""Promises that are about to be broken, or are: noticed once; and reckoned anew where hours change.

What is told is that the conversation changed: whoever shows it sees the clock.
"""

from datetime import timedelta

from wxdesk import logs
from wxdesk.desk import sla
from wxdesk.runtime import Runtime

PAGE = 200
RECOMPUTE_EVERY = timedelta(seconds=10)

log = logs.get(__name__)


async def notice_due(rt: Runtime, *, page: int = PAGE) -> int:
    """One round: some clocks of which little is left, or which are late. Returns how many."""
    now = rt.clock.now()
    async with rt.db.unit() as unit:
        noticed = await sla.notice(unit, now=now, limit=page)
    for clock in noticed:
        log.info(
            "promise_broken" if clock.breached_at else "promise_at_risk",
            conversation_id=clock.conversation_id,
            clock_id=clock.id,
            kind=str(clock.kind),
        )
    return len(noticed)


async def recompute_outdated(rt: Runtime, *, page: int = PAGE) -> int:
    """One round: some clocks whose hours or targets are others by now. Returns how many.

    What has been done is on the clocks themselves, so whoever dies leaves the rest to the next.
    """
    now = rt.clock.now()
    async with rt.db.unit() as unit:
        if done := await sla.recompute(unit, limit=page, now=now):
            return done
        return await sla.catch_up(unit, limit=page, now=now)
