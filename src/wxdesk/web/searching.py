"""How much is searched at once: a slow search delays other searches, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from wxdesk.errors import Unavailable
from wxdesk.runtime import Runtime
from wxdesk.store import Unit

MOST_AT_ONCE = 2
LONGEST = timedelta(seconds=3)
LONGEST_WAIT = timedelta(seconds=5)


class SearchBusy(Unavailable):
    """Too many search at once."""

    code = "search_busy"


class Searching:
    """Turns and time for all who search in this process."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._turns = asyncio.Semaphore(MOST_AT_ONCE)

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        """A unit that only reads, for as long as a search may take.

        Raises:
            SearchBusy: It did not begin, for want of a turn.
            OutOfTime: It took too long, and was ended.
        """
        try:
            async with asyncio.timeout(LONGEST_WAIT.total_seconds()):
                await self._turns.acquire()
        except TimeoutError:
            raise SearchBusy("others are searching; try again in a moment") from None
        try:
            async with self._rt.db.reading_within(LONGEST) as unit:
                yield unit
        finally:
            self._turns.release()
