"""All loops of a worker, until told to stop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from wxdesk.bus import end, forever
from wxdesk.desk import intake, outbox
from wxdesk.runtime import Runtime
from wxdesk.worker.delivery import Sender
from wxdesk.worker.intake import understand_kept
from wxdesk.worker.retention import EVERY, forget_old


@asynccontextmanager
async def working(rt: Runtime) -> AsyncIterator[None]:
    """The loops, for as long as the block lasts; then what is being sent is sent to its end."""
    sender = Sender(rt)
    loops = [
        asyncio.create_task(forever(rt.bus, intake.LOOP, partial(understand_kept, rt))),
        asyncio.create_task(forever(rt.bus, outbox.LOOP, sender.send_due)),
        asyncio.create_task(forever(rt.bus, "retention", partial(forget_old, rt), tick=EVERY)),
    ]
    try:
        yield
    finally:
        await end(loops)
        await sender.finish()
