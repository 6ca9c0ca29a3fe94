"""A browser's end of the live updates (server-sent events, WHATWG HTML 9.2)."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from patient import PATIENCE_SECONDS


@dataclass(frozen=True)
class Event:
    """``number`` is None for events that stand outside of the log."""

    kind: str
    data: dict[str, Any]
    number: int | None = None


class Stream:
    """Events as they come; heartbeats are counted and left out."""

    def __init__(self, response: aiohttp.ClientResponse):
        self.response = response
        self.heartbeats = 0
        self.seen: list[Event] = []

    async def next(self) -> Event | None:
        """The next event; None when the desk has ended the stream."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while block := await self._block():
                fields = dict(line.split(": ", 1) for line in block if not line.startswith(":"))
                if "event" in fields:
                    return self._note(fields)
                self.heartbeats += 1
        return None

    async def until(self, wanted: Callable[[Event], bool]) -> Event:
        """The next event that is wanted; those before it are in ``seen``."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while event := await self.next():
                if wanted(event):
                    return event
        raise AssertionError("the stream has ended")

    async def message(self, **facts: Any) -> dict[str, Any]:
        """The next message that has these facts."""
        event = await self.until(
            lambda event: event.kind == "message" and facts.items() <= event.data.items(),
        )
        return event.data

    @property
    def numbers(self) -> list[int]:
        return [event.number for event in self.seen if event.number is not None]

    def _note(self, fields: Mapping[str, str]) -> Event:
        number = int(fields["id"]) if "id" in fields else None
        event = Event(fields["event"], json.loads(fields["data"]), number)
        self.seen.append(event)
        return event

    async def _block(self) -> list[str]:
        """The lines up to the next empty one; none at the end."""
        lines = []
        async for line in self.response.content:
            if line == b"\n":
                return lines
            lines.append(line.decode().rstrip("\n"))
        return []


@asynccontextmanager
async def following(
    http: aiohttp.ClientSession,
    url: str = "/api/stream",
    *,
    after: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> AsyncIterator[Stream]:
    """The stream, `hello` not yet read."""
    resuming = {} if after is None else {"last-event-id": str(after)}
    async with http.get(
        url,
        headers={**(headers or {}), **resuming},
        timeout=aiohttp.ClientTimeout(),
        read_bufsize=2**21,
    ) as response:
        assert response.status == 200, await response.text()
        yield Stream(response)
