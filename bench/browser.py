"""An agent's browser, as far as the desk can tell: it holds /api/stream open and reads."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from servers import Server

_SHOWN = re.compile(rb'"text":"[^"]* #(\d+)"')


@dataclass(eq=False, slots=True)
class Browser:
    """When each push, by its number, was first seen here (``time.perf_counter``)."""

    seen_at: dict[int, float] = field(default_factory=dict)
    live: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self, server: Server, api_token: str) -> None:
        headers = {"Authorization": f"Bearer {api_token}"}
        timeout = aiohttp.ClientTimeout(None)
        url = f"http://127.0.0.1:{server.port}/api/stream"
        async with (
            aiohttp.ClientSession(timeout=timeout, read_bufsize=2**20) as http,
            http.get(url, headers=headers) as answer,
        ):
            answer.raise_for_status()
            rest = b""
            async for chunk in answer.content.iter_any():
                self.live.set()
                events, _, rest = (rest + chunk).rpartition(b"\n\n")
                now = time.perf_counter()
                for number in _SHOWN.findall(events):
                    self.seen_at.setdefault(int(number), now)


@asynccontextmanager
async def browsing(server: Server, api_token: str) -> AsyncIterator[Browser]:
    """One browser, live, for as long as the block lasts."""
    browser = Browser()
    reading = asyncio.create_task(browser.read(server, api_token))
    live = asyncio.create_task(browser.live.wait())
    try:
        await asyncio.wait([reading, live], return_when=asyncio.FIRST_COMPLETED)
        if reading.done():
            reading.result()
        yield browser
    finally:
        live.cancel()
        reading.cancel()
        await asyncio.gather(reading, live, return_exceptions=True)
