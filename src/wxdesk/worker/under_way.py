"""What a loop has begun and not finished: a bounded number of things at once."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta

from wxdesk import logs

log = logs.get(__name__)


class UnderWay:
    """Runs work beside the loop that began it.

    Args:
        most: So many at once.
        ended: Called whenever one has ended: there is room for the next.
    """

    def __init__(self, most: int, ended: Callable[[], None]) -> None:
        self._most, self._ended = most, ended
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def room(self) -> int:
        return self._most - len(self._tasks)

    def begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._end)

    async def finish(self, *, within: timedelta | None = None) -> None:
        """Wait until all of it has ended; after so long, break off the rest."""
        seconds = within.total_seconds() if within else None
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _end(self, task: asyncio.Task[None]) -> None:
        """A mistake of ours leaves what was claimed to its lease."""
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("work_broke_off", exc_info=error)
        self._ended()
