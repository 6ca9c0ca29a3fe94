"""The desk's HTTP side, in the test's own loop."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from wxdesk.runtime import Runtime
from wxdesk.web.app import create_app, describe
from wxdesk.web.pages import BUILT

GRACE_SECONDS = 1
_idle: defaultdict[Path, list[FastAPI]] = defaultdict(list)


@asynccontextmanager
async def serving(rt: Runtime, *, built: Path = BUILT) -> AsyncIterator[str]:
    """The desk's HTTP side on a real socket, in this loop; its address."""
    with _routes(built) as routes:
        app, hub = create_app(rt, routes=routes)
        config = uvicorn.Config(app, port=0, log_config=None, ws="none", proxy_headers=False)
        server = _Server(config)
        await server.open()
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            hub.close()
            await server.close()


class _Server(uvicorn.Server):
    """uvicorn without the clock it goes by, which costs every test two tenths of a second."""

    async def open(self) -> None:
        self.config.load()
        self.lifespan = self.config.lifespan_class(self.config)
        await self.startup()
        await self.on_tick(0)  # the headers of every answer

    async def close(self) -> None:
        """As ``shutdown`` does: requests may end, and are cancelled when they do not."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        try:
            async with asyncio.timeout(GRACE_SECONDS):
                await self._at_rest()
        except TimeoutError:
            for task in self.server_state.tasks:
                task.cancel()
        await self.lifespan.shutdown()

    async def _at_rest(self) -> None:
        while self.server_state.connections or self.server_state.tasks:
            await asyncio.sleep(0.002)


@contextmanager
def _routes(built: Path) -> Iterator[FastAPI]:
    """Routes that nobody serves; making them takes a tenth of a second, and they are all alike."""
    routes = _idle[built].pop() if _idle[built] else describe(built)
    yield routes
    _idle[built].append(routes)
