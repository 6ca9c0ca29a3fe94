"""A server of somebody else's: remembers what it is asked, answers as it is told."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class Asked:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes
    query: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Elsewhere:
    """What was asked, oldest first, and what is answered: ``ok`` once ``statuses`` are used up."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    answer: Callable[[Asked], web.StreamResponse] | None = None

    async def receive(self, request: web.Request) -> web.StreamResponse:
        asked = Asked(
            request.path,
            {name.lower(): value for name, value in request.headers.items()},
            await request.read(),
            dict(request.query),
        )
        self.asked.append(asked)
        if self.answer:
            return self.answer(asked)
        status = self.statuses.pop(0) if self.statuses else 200
        said = "ok" if status == 200 else "no"
        return web.Response(status=status, text=said, headers=self.headers)


@asynccontextmanager
async def elsewhere(host: str = "127.0.0.1") -> AsyncIterator[Elsewhere]:
    """A server on this machine, for as long as the block lasts."""
    there = Elsewhere()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", there.receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, host, 0)
    await site.start()
    there.url = f"http://{host}:{runner.addresses[0][1]}"
    try:
        yield there
    finally:
        await runner.cleanup()
