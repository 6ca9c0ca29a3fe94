"""Agents whose pages follow what happens are here; it is noted for all of a process at once."""

import asyncio
from collections.abc import Collection

from wxdesk import logs
from wxdesk.desk import routing, viewing
from wxdesk.runtime import Runtime
from wxdesk.web.hub import Hub

TRIES = 3

log = logs.get(__name__)


async def note_attendance(rt: Runtime, hub: Hub) -> None:
    """Note who is here, as often as pages are shown signs of life, until cancelled."""
    while True:
        try:
            await note_once(rt, hub)
        except Exception:  # whatever it is, the desk goes on
            log.exception("attendance_not_noted")
        await asyncio.sleep(rt.settings.stream_heartbeat_seconds)


async def note_once(rt: Runtime, hub: Hub) -> None:
    """One statement for all who are here; again for those whose seats somebody held just then.

    Whoever is here no more looks at nothing.
    """
    left: Collection[int] = hub.agent_ids
    for _ in range(TRIES):
        if left:
            async with rt.db.unit() as unit:
                left = await routing.record_seen(unit, sorted(left), rt.clock.now())
    async with rt.db.reading() as unit:
        looking = [each.agent_id for each in await viewing.list_viewing(unit)]
        gone = await routing.absent_of(unit, looking, rt.clock.now()) if looking else ()
    if gone:
        async with rt.db.unit() as unit:
            await viewing.forget(unit, gone)
