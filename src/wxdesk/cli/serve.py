"""``wxdesk serve``: web and workers in one process, or one of them."""

import asyncio
import gc
import signal
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from enum import StrEnum
from typing import Annotated

import typer
import uvicorn
import uvloop

from wxdesk import logs
from wxdesk.cli.run import require_database, settings
from wxdesk.errors import Invalid, Unavailable
from wxdesk.runtime import Runtime, running
from wxdesk.settings import Settings
from wxdesk.store.alone import alone
from wxdesk.web.app import create_app
from wxdesk.worker.run import working

GRACE_SECONDS = 5


class CannotListen(Unavailable):
    """The address is not to be had."""

    code = "cannot_listen"


class Role(StrEnum):
    """What a process does."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"


def serve(
    role: Annotated[Role, typer.Option(help="What this process does.")] = Role.ALL,
) -> None:
    """Run the desk; its schema is created and upgraded when it starts."""
    chosen = settings()
    logs.configure(chosen.log_level, json=chosen.log_json)
    uvloop.run(run(chosen, role))


async def run(chosen: Settings, role: Role = Role.ALL) -> None:
    """Serve until a signal asks to stop.

    Raises:
        Invalid: Several processes are asked for on a database for one.
        CannotListen: The port is taken, most likely.
    """
    told_to_stop = _listen_for_signals()
    async with running(chosen) as rt, AsyncExitStack() as parts:
        if rt.db.is_sqlite:
            if role is not Role.ALL:
                raise Invalid("SQLite serves one process; set WXDESK_DATABASE_URL to PostgreSQL")
            parts.enter_context(alone(rt.db))
        await require_database(rt)
        if role is not Role.WEB:
            await parts.enter_async_context(working(rt))
        spare_what_stays()
        if role is Role.WORKER:
            await told_to_stop.wait()
        else:
            await _serve(rt, told_to_stop)


def spare_what_stays() -> None:
    """Let the garbage collector look less often, and never at what was built for good.

    It saves a tenth of the time of a push, and a third of that of an event.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


async def _serve(rt: Runtime, told_to_stop: asyncio.Event) -> None:
    server = DeskServer(rt)
    stopping = asyncio.create_task(server.stop_when(told_to_stop))
    try:
        await server.serve()
    except SystemExit:  # uvicorn's, with an exit code of its own, once it has logged why
        where = f"{rt.settings.host}:{rt.settings.port}"
        raise CannotListen(f"cannot serve on {where}; is the port taken?") from None
    finally:
        stopping.cancel()


class DeskServer(uvicorn.Server):
    """uvicorn, which lets live streams go as soon as it is to stop."""

    def __init__(self, rt: Runtime) -> None:
        app, self._hub = create_app(rt)
        super().__init__(
            uvicorn.Config(
                app,
                host=rt.settings.host,
                port=rt.settings.port,
                log_config=None,
                access_log=False,
                server_header=False,
                ws="none",
                proxy_headers=False,  # the app minds them, behind the front door
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none: uvicorn would raise each once more at its end, and never hear earlier ones."""
        yield

    async def stop_when(self, told: asyncio.Event) -> None:
        await told.wait()
        self._hub.close()
        self.should_exit = True


def _listen_for_signals() -> asyncio.Event:
    """Take SIGINT and SIGTERM as a wish to stop in good order, from the first moment on."""
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    return told
