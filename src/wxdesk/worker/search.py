"""The index of the search, kept beside the requests: who says something does not wait for it."""

import asyncio
import time
from datetime import timedelta

from wxdesk import logs
from wxdesk.desk import search
from wxdesk.runtime import Runtime
from wxdesk.store.database import hold_alone

LOOP = "search"
LOOK_EVERY = timedelta(seconds=1)
"""Nobody wakes it: an index that is written at each commit costs as many commits again."""

BATCH = 1000
LOG_EVERY = timedelta(seconds=30)

log = logs.get(__name__)


class Indexer:
    """One for a process; of several processes one works."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._told_at: float | None = None

    async def look(self) -> int:
        """One round, and as long a rest: what is written meanwhile waits at most for one batch."""
        async with self._rt.db.reading() as unit:
            if not await search.is_behind(unit):
                return 0
        began = time.monotonic()
        async with self._rt.db.unit() as unit:
            if not await hold_alone(unit, LOOP):
                return 0
            done = await search.catch_up(unit, limit=BATCH)
            left = await search.left(unit)
        self._tell(left or 0)
        await asyncio.sleep(time.monotonic() - began)
        return done

    def _tell(self, left: int) -> None:
        """A long way is told now and then, and that it is over."""
        now = time.monotonic()
        if left and (self._told_at is None or now - self._told_at > LOG_EVERY.total_seconds()):
            self._told_at = now
            log.info("search_index_filling", left=left)
        elif not left and self._told_at is not None:
            self._told_at = None
            log.info("search_index_filled")
