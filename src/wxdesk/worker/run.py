"""All loops of a worker, until told to stop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from wxdesk.bus import end, forever
from wxdesk.desk import accounts, answers, contacts, imports, intake, media, outbox
from wxdesk.runtime import Runtime
from wxdesk.worker.answer_files import HOLD_EVERY, hold_answer_files
from wxdesk.worker.contacts import (
    REFRESH_EVERY,
    TAGS_EVERY,
    Refresher,
    read_tags,
    run_errands,
)
from wxdesk.worker.delivery import Sender
from wxdesk.worker.imports import Importer
from wxdesk.worker.intake import understand_kept
from wxdesk.worker.keeper import KEEP_EVERY, KEEPER, keep_windows
from wxdesk.worker.media import Fetcher
from wxdesk.worker.recount import RECOUNT_EVERY, recount_changed
from wxdesk.worker.retention import EVERY, forget_old
from wxdesk.worker.uploads import Uploader


@asynccontextmanager
async def working(rt: Runtime) -> AsyncIterator[None]:
    """The loops, for as long as the block lasts; then what is under way comes to its end."""
    sender, uploader, fetcher = Sender(rt), Uploader(rt), Fetcher(rt)
    refresher, importer = Refresher(rt), Importer(rt)
    loops = [
        asyncio.create_task(forever(rt.bus, intake.LOOP, partial(understand_kept, rt))),
        asyncio.create_task(forever(rt.bus, outbox.LOOP, sender.send_due)),
        asyncio.create_task(forever(rt.bus, outbox.UPLOADS, uploader.upload_due)),
        asyncio.create_task(forever(rt.bus, media.LOOP, fetcher.fetch_due)),
        asyncio.create_task(
            forever(rt.bus, contacts.REFRESH, refresher.refresh_stale, tick=REFRESH_EVERY)
        ),
        asyncio.create_task(forever(rt.bus, contacts.ERRANDS, partial(run_errands, rt))),
        asyncio.create_task(
            forever(rt.bus, contacts.TAGS, partial(read_tags, rt), tick=TAGS_EVERY)
        ),
        asyncio.create_task(forever(rt.bus, imports.LOOP, importer.go_on)),
        asyncio.create_task(
            forever(rt.bus, accounts.RECOUNT, partial(recount_changed, rt), tick=RECOUNT_EVERY)
        ),
        asyncio.create_task(
            forever(rt.bus, answers.HELD, partial(hold_answer_files, rt, uploader), tick=HOLD_EVERY)
        ),
        asyncio.create_task(forever(rt.bus, KEEPER, partial(keep_windows, rt), tick=KEEP_EVERY)),
        asyncio.create_task(forever(rt.bus, "retention", partial(forget_old, rt), tick=EVERY)),
    ]
    try:
        yield
    finally:
        await end(loops)
        await asyncio.gather(sender.finish(), uploader.finish(), fetcher.finish())
