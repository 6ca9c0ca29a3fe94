"""Waiting conversations and agents with room find each other; see ``desk.routing``."""

from datetime import timedelta

from wxdesk import logs
from wxdesk.desk import groups, routing
from wxdesk.runtime import Runtime

LOOK_EVERY = timedelta(seconds=1)
"""Timers are looked at so often: of offers, holds, rings, and of agents who fall silent."""

ADOPT, ADOPT_EVERY = "routing_adopt", timedelta(minutes=1)
LEARN, LEARN_EVERY = "routing_learn", timedelta(seconds=5)
RELEVEL_EVERY = timedelta(minutes=1)
REGROUP_EVERY = timedelta(minutes=1)
SWEEP = "routing_sweep"
SWEEP_EVERY = timedelta(seconds=5)

log = logs.get(__name__)


async def dispatch(rt: Runtime) -> int:
    """One round; how many things were decided: above 0, it comes again at once.

    Where there is nothing to do no lock is taken.
    """
    now = rt.clock.now()
    async with rt.db.reading() as unit:
        if not await routing.is_due(unit, now=now):
            return 0
    async with rt.db.unit() as unit:
        return await routing.run(unit, now=now)


async def relevel(rt: Runtime) -> int:
    """Whoever waits and has a better level by now is promised anew."""
    async with rt.db.unit() as unit:
        return await routing.relevel(unit, now=rt.clock.now())


async def adopt(rt: Runtime) -> int:
    """Whoever waits and stands in no line is put in one."""
    async with rt.db.unit() as unit:
        return await routing.adopt(unit, now=rt.clock.now())


async def learn(rt: Runtime) -> int:
    """Hold what was said of waits against what became of them."""
    async with rt.db.unit() as unit:
        return await routing.settle(unit, now=rt.clock.now())


async def sweep(rt: Runtime) -> None:
    """Repair what an event should have done; each repair is a fault, and is told."""
    async with rt.db.unit() as unit:
        repaired = await routing.sweep(unit, now=rt.clock.now())
    if repaired:
        log.warning("routing_repaired", repairs=[each._asdict() for each in repaired])


class Regrouper:
    """Looks whether groups, or who is in them, are others than when it looked last."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._known: dict[int, int] | None = None

    async def look(self) -> int:
        """How many had to be told that their group is no more."""
        async with self._rt.db.reading() as unit:
            found = {each.id: each.version for each in await groups.list_groups(unit)}
            if found == self._known and not await routing.anybody_without_group(unit):
                return 0
        async with self._rt.db.unit() as unit:
            done = await routing.regroup(unit, now=self._rt.clock.now())
        self._known = found
        return done
