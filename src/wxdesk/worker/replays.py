"""Past days lived through once more by a draft of the plan: beside the loops, in a thread.

Who stops in the middle leaves it to its lease; whoever takes it up then begins anew.
"""

import asyncio
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from wxdesk import logs
from wxdesk.desk import routing
from wxdesk.desk.routing import Day, Plan, Replay, TooManyArrivals
from wxdesk.runtime import Runtime
from wxdesk.worker.under_way import UnderWay

LEASE = timedelta(seconds=60)
REPLAY_EVERY = timedelta(seconds=10)
TELL_EVERY = timedelta(seconds=1)
BREATH = 0.001
"""Seconds that the thread leaves to the requests, every few dozen milliseconds."""

log = logs.get(__name__)


class _Stopped(Exception):
    """The process ends, or somebody else has taken over."""


class _Course:
    """How far a replay is, told by its thread."""

    def __init__(self) -> None:
        self.progress, self._begun = 0.0, 0.0
        self.stop = threading.Event()

    def live(
        self, day: Day, published: routing.Terms, draft: routing.Terms
    ) -> Sequence[Mapping[str, Any]]:
        by_published = routing.replayed(day, published, self._go_on)
        self._begun = 0.5
        by_draft = routing.replayed(day, draft, self._go_on)
        return routing.compared(published, by_published, by_draft)

    def _go_on(self, share: float) -> None:
        self.progress = self._begun + share / 2
        if self.stop.is_set():
            raise _Stopped
        time.sleep(BREATH)


class Replayer:
    """Works on one replay at a time."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._under_way = UnderWay(1, lambda: rt.bus.wake(routing.REPLAYS))
        self._course = _Course()

    async def begin_due(self) -> None:
        """One round: begin the one that waits, if any."""
        if not self._under_way.room:
            return
        async with self._rt.db.unit() as unit:
            claimed = await routing.claim_replay(unit, now=self._rt.clock.now(), lease=LEASE)
        if claimed:
            self._course = _Course()
            self._under_way.begin(self._replay(claimed, self._course))

    async def finish(self) -> None:
        """Break off what is under way."""
        self._course.stop.set()
        await self._under_way.finish()

    async def _replay(self, claimed: Replay, course: _Course) -> None:
        try:
            async with self._rt.db.reading() as unit:
                day, terms = await routing.read_day(unit, claimed.since, claimed.until)
            draft = replace(terms, plan=Plan.of_json(claimed.doc))
            living = asyncio.create_task(asyncio.to_thread(course.live, day, terms, draft))
            await self._tell(claimed, course, living)
            result = await living
        except _Stopped:
            return
        except TooManyArrivals as error:
            await self._fail(claimed, error.code)
        except Exception:  # a mistake of ours is told, and not tried for ever
            log.exception("replay_failed", replay_id=claimed.id)
            await self._fail(claimed, "failed")
        else:
            async with self._rt.db.unit() as unit:
                await routing.record_replay_result(unit, claimed, result)

    async def _tell(self, claimed: Replay, course: _Course, living: asyncio.Task[Any]) -> None:
        """Until it has ended."""
        while not (await asyncio.wait([living], timeout=TELL_EVERY.total_seconds()))[0]:
            async with self._rt.db.unit() as unit:
                mine = await routing.record_replay_progress(
                    unit, claimed, course.progress, now=self._rt.clock.now(), lease=LEASE
                )
            if not mine:
                course.stop.set()

    async def _fail(self, claimed: Replay, error: str) -> None:
        async with self._rt.db.unit() as unit:
            await routing.record_replay_failure(unit, claimed, error)
