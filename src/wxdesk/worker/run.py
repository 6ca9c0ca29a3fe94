"""All loops of a worker, until told to stop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from wxdesk.bus import end, forever
from wxdesk.desk import (
    accounts,
    agent_chat,
    alerts,
    answers,
    calendars,
    contacts,
    groups,
    imports,
    intake,
    levels,
    media,
    outbox,
    routing,
    sheets,
    sla,
    webhooks,
)
from wxdesk.runtime import Runtime
from wxdesk.store.database import STREAM
from wxdesk.worker.agent_chat import tell_agents
from wxdesk.worker.alerts import NOTICE, NOTICE_EVERY, Reacher, notice_times
from wxdesk.worker.answer_files import HOLD_EVERY, hold_answer_files
from wxdesk.worker.clocks import RECOMPUTE_EVERY, notice_due, recompute_outdated
from wxdesk.worker.contacts import (
    REFRESH_EVERY,
    TAGS_EVERY,
    Refresher,
    read_tags,
    run_errands,
)
from wxdesk.worker.delivery import Sender
from wxdesk.worker.dispatch import (
    ADOPT,
    ADOPT_EVERY,
    LEARN,
    LEARN_EVERY,
    LOOK_EVERY,
    REGROUP_EVERY,
    RELEVEL_EVERY,
    SWEEP,
    SWEEP_EVERY,
    Regrouper,
    adopt,
    dispatch,
    learn,
    relevel,
    sweep,
)
from wxdesk.worker.imports import Importer
from wxdesk.worker.intake import understand_kept
from wxdesk.worker.keeper import KEEP_EVERY, KEEPER, keep_windows
from wxdesk.worker.levels import SETTLE_EVERY, settle_levels
from wxdesk.worker.media import Fetcher
from wxdesk.worker.recount import RECOUNT_EVERY, recount_changed
from wxdesk.worker.replays import REPLAY_EVERY, Replayer
from wxdesk.worker.retention import EVERY, forget_old
from wxdesk.worker.search import LOOK_EVERY as INDEX_EVERY
from wxdesk.worker.search import LOOP as SEARCH
from wxdesk.worker.search import Indexer
from wxdesk.worker.sheets import SheetRunner
from wxdesk.worker.snoozes import bring_back_due
from wxdesk.worker.uploads import Uploader
from wxdesk.worker.webhooks import Teller, write_down


@asynccontextmanager
async def working(rt: Runtime) -> AsyncIterator[None]:
    """The loops, for as long as the block lasts; then what is under way comes to its end."""
    sender, uploader, fetcher = Sender(rt), Uploader(rt), Fetcher(rt)
    refresher, importer, replayer = Refresher(rt), Importer(rt), Replayer(rt)
    teller = Teller(rt)
    reacher = Reacher(rt)
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
        asyncio.create_task(forever(rt.bus, sheets.LOOP, SheetRunner(rt).go_on)),
        asyncio.create_task(
            forever(rt.bus, accounts.RECOUNT, partial(recount_changed, rt), tick=RECOUNT_EVERY)
        ),
        asyncio.create_task(
            forever(rt.bus, answers.HELD, partial(hold_answer_files, rt, uploader), tick=HOLD_EVERY)
        ),
        asyncio.create_task(forever(rt.bus, agent_chat.LOOP, partial(tell_agents, rt))),
        asyncio.create_task(forever(rt.bus, alerts.LOOP, reacher.reach_due)),
        asyncio.create_task(forever(rt.bus, NOTICE, partial(notice_times, rt), tick=NOTICE_EVERY)),
        asyncio.create_task(forever(rt.bus, KEEPER, partial(keep_windows, rt), tick=KEEP_EVERY)),
        asyncio.create_task(
            forever(rt.bus, routing.DISPATCH, partial(dispatch, rt), tick=LOOK_EVERY)
        ),
        asyncio.create_task(forever(rt.bus, SWEEP, partial(sweep, rt), tick=SWEEP_EVERY)),
        asyncio.create_task(forever(rt.bus, LEARN, partial(learn, rt), tick=LEARN_EVERY)),
        asyncio.create_task(forever(rt.bus, ADOPT, partial(adopt, rt), tick=ADOPT_EVERY)),
        asyncio.create_task(
            forever(rt.bus, levels.CHANGED, partial(relevel, rt), tick=RELEVEL_EVERY)
        ),
        asyncio.create_task(
            forever(rt.bus, groups.CHANGED, Regrouper(rt).look, tick=REGROUP_EVERY)
        ),
        asyncio.create_task(
            forever(rt.bus, routing.REPLAYS, replayer.begin_due, tick=REPLAY_EVERY)
        ),
        asyncio.create_task(forever(rt.bus, sla.LOOP, partial(notice_due, rt))),
        asyncio.create_task(forever(rt.bus, routing.SNOOZES, partial(bring_back_due, rt))),
        asyncio.create_task(
            forever(
                rt.bus, calendars.CHANGED, partial(recompute_outdated, rt), tick=RECOMPUTE_EVERY
            )
        ),
        asyncio.create_task(
            forever(rt.bus, levels.OVER, partial(settle_levels, rt), tick=SETTLE_EVERY)
        ),
        asyncio.create_task(forever(rt.bus, STREAM, partial(write_down, rt))),
        asyncio.create_task(forever(rt.bus, webhooks.LOOP, teller.tell_due)),
        asyncio.create_task(forever(rt.bus, SEARCH, Indexer(rt).look, tick=INDEX_EVERY)),
        asyncio.create_task(forever(rt.bus, "retention", partial(forget_old, rt), tick=EVERY)),
    ]
    try:
        yield
    finally:
        await end(loops)
        await asyncio.gather(
            *(each.finish() for each in (sender, uploader, fetcher, replayer, teller, reacher))
        )
