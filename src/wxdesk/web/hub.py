"""Reads the event log once for all browsers of this process and gives each its share.

Cost: a handful of statements and one serialisation a changed thing, however many browsers; one
queue entry a browser.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import BaseModel

from wxdesk.bus import forever
from wxdesk.desk import agents, contacts, conversations, events, imports
from wxdesk.desk.events import Told
from wxdesk.runtime import Runtime
from wxdesk.store import Unit
from wxdesk.store.database import STREAM
from wxdesk.web.api import contacts as contacts_api
from wxdesk.web.api import conversations as conversations_api
from wxdesk.web.api import messages as messages_api
from wxdesk.web.api import seats as seats_api
from wxdesk.web.api.agents import AgentOut
from wxdesk.web.api.imports import ImportOut

PAGE = 500
MOST_BEHIND = 256  # chunks a slow browser may lag; then it is let go, and resumes by itself


@dataclass(frozen=True, slots=True)
class Chunk:
    """Events as they are written to a browser, and the last one's number."""

    number: int
    text: str


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
            told = await events.list_after(unit, self.position, limit=PAGE)
            if told and not self._listeners:
                self.position = told[-1].number
            elif told:
                self._give(await write_events(unit, told, self._rt.clock.now()))
        return len(told)

    def _give(self, chunk: Chunk) -> None:
        self.position = chunk.number
        self._listeners -= {each for each in self._listeners if not each.give(chunk)}


async def write_events(unit: Unit, told: Sequence[Told], now: datetime) -> Chunk:
    """Events with a fresh copy of each thing, once, at the place of its newest event."""
    newest = {(each.kind, each.thing_id): each.number for each in told}
    things = await _read_things(unit, newest, now)
    text = "".join(
        f"id: {number}\nevent: {kind}\ndata: {things[kind, thing_id].model_dump_json()}\n\n"
        for (kind, thing_id), number in sorted(newest.items(), key=lambda entry: entry[1])
        if (kind, thing_id) in things
    )
    return Chunk(told[-1].number, text)


async def _read_things(
    unit: Unit, wanted: dict[tuple[str, int], int], now: datetime
) -> dict[tuple[str, int], BaseModel]:
    """The things as they are now; what is gone meanwhile is left out."""
    ids = {
        kind: [thing_id for of, thing_id in wanted if of == kind]
        for kind in {kind for kind, _ in wanted}
    }
    found: dict[str, Sequence[BaseModel]] = {}
    if "message" in ids:
        rows = await conversations.messages_by_ids(unit, ids["message"])
        found["message"] = await messages_api.shown(unit, rows)
    if "conversation" in ids:
        talks = await conversations.by_ids(unit, ids["conversation"])
        found["conversation"] = await conversations_api.shown(unit, talks)
    if "contact" in ids:
        people = await contacts.by_ids(unit, ids["contact"])
        found["contact"] = await contacts_api.shown(unit, people.values())
    if "agent" in ids:
        team = await agents.by_ids(unit, ids["agent"])
        found["agent"] = [AgentOut.of(each) for each in team.values()]
    if "seat" in ids:
        found["seat"] = await seats_api.shown(unit, ids["seat"], now)
    if "import" in ids:
        under_way = await imports.by_ids(unit, ids["import"])
        found["import"] = [ImportOut.of(each) for each in under_way]
    return {(kind, thing.id): thing for kind, things in found.items() for thing in things}  # type: ignore[attr-defined]
