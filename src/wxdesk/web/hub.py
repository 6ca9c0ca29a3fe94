"""Reads the event log once for all browsers of this process and gives each its share.

Cost: a handful of statements and one serialisation a changed thing, however many browsers; one
queue entry a browser.
"""

import asyncio
from dataclasses import dataclass, field

from wxdesk.bus import forever
from wxdesk.desk import events
from wxdesk.runtime import Runtime
from wxdesk.store.database import STREAM
from wxdesk.web.written import Chunk, write_events

PAGE = 500
MOST_BEHIND = 256  # chunks a slow browser may lag; then it is let go, and resumes by itself


@dataclass(eq=False, slots=True)
class Listener:
    """One browser's place; ``None`` in its queue says that it is let go."""

    agent_id: int | None
    joined_at: int
    chunks: asyncio.Queue[Chunk | None] = field(default_factory=lambda: asyncio.Queue(MOST_BEHIND))

    def give(self, chunk: Chunk | None) -> bool:
        """Whether it may stay."""
        if chunk is not None and self.chunks.qsize() < MOST_BEHIND:
            self.chunks.put_nowait(chunk)
            return True
        while not self.chunks.empty():
            self.chunks.get_nowait()  # it resumes from what it has read
        self.chunks.put_nowait(None)
        return False


class Hub:
    """Where the browsers of this process listen."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._listeners: set[Listener] = set()
        self._closed = False
        self._looking = asyncio.Lock()
        self.position = 0

    @property
    def connections(self) -> int:
        return len(self._listeners)

    async def start(self) -> None:
        """Begin at the end of the log."""
        async with self._rt.db.reading() as unit:
            _, self.position = await events.bounds(unit)

    async def follow(self) -> None:
        """Show what changes, until cancelled."""
        await forever(self._rt.bus, STREAM, self._look)

    async def reach(self, number: int) -> None:
        """Look, if a browser comes from a process that was further than this one."""
        if number > self.position:
            await self._look()

    @property
    def agent_ids(self) -> set[int]:
        """Who has a page open at this process."""
        return {each.agent_id for each in self._listeners if each.agent_id is not None}

    def join(self, agent_id: int | None) -> Listener:
        """Listen from the hub's position on, without a gap.

        Args:
            agent_id: Who is here by listening; None: nobody, it is a program.
        """
        listener = Listener(agent_id, self.position)
        if self._closed:
            listener.give(None)
        self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        self._listeners.discard(listener)

    def close(self) -> None:
        """Let everybody go; they come back to whoever is there."""
        self._closed = True
        for listener in self._listeners:
            listener.give(None)
        self._listeners.clear()

    async def _look(self) -> int:
        """Between looking who listens and moving the position on nothing may be awaited."""
        async with self._looking, self._rt.db.reading() as unit:
            if not self._listeners:
                _, newest = await events.bounds(unit)
                if not self._listeners:  # nobody has come meanwhile
                    self.position = max(self.position, newest)
                    return 0
            told = await events.list_after(unit, self.position, limit=PAGE)
            if told:
                self._give(await write_events(unit, told, self._rt.clock.now()))
        return len(told)

    def _give(self, chunk: Chunk) -> None:
        self.position = chunk.number
        self._listeners -= {each for each in self._listeners if not each.give(chunk)}
