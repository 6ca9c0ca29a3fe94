"""The desk's HTTP side, in the test's own loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from wxdesk.runtime import Runtime
from wxdesk.web.app import create_app


@asynccontextmanager
async def serving(rt: Runtime, **options: Any) -> AsyncIterator[str]:
    """The desk's HTTP side on a real socket, in this loop; its address."""
    app, hub = create_app(rt, **options)
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_config=None, ws="none", timeout_graceful_shutdown=1)
    )
    server.install_signal_handlers = lambda: None
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
        if task.done():
            task.result()
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        hub.close()
        server.should_exit = True
        await task
