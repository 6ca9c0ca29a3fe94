"""Real processes: a desk of one or several, a simulator, each to be killed at any moment."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

import aiohttp

from desk_builder import APP_ID, TOKEN, DeskBuilder
from patient import PATIENCE_SECONDS
from wxdesk.runtime import running
from wxdesk.settings import Settings
from wxdesk.store import schema

COMMANDS = Path(sys.executable).parent
SECRET_KEY = "a secret for tests only"
APP_SECRET = "app secret"
GLANCE_SECONDS = 0.03
STOP_SECONDS = 10

T = TypeVar("T")


class Process:
    """A command in a process group of its own; may be started again when it has ended."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path):
        self._command, self._environment, self._log = command, environment, log
        self._running: subprocess.Popen | None = None

    def start(self) -> Self:
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(
                self._command,
                env=_environment() | self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def kill(self) -> None:
        self.tell(signal.SIGKILL)
        self.wait()

    def stop(self) -> None:
        """Ask it to end, as an operator does; it has to within a few seconds."""
        self.tell(signal.SIGTERM)
        self.wait()

    def require_running(self) -> None:
        if self._running is None or self._running.poll() is not None:
            raise AssertionError(f"{self._command} has ended:\n{self.log[-3000:]}")

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def tell(self, what: signal.Signals) -> None:
        if self._running and self._running.poll() is None:
            os.killpg(self._running.pid, what)

    def wait(self) -> None:
        if self._running:
            self._running.wait(STOP_SECONDS)
            self._running = None


class Served(Process):
    """A process that answers HTTP."""

    def __init__(
        self, command: list[str], environment: dict[str, str], log: Path, port: int, path: str
    ):
        super().__init__(command, environment, log)
        self.url = f"http://127.0.0.1:{port}"
        self._ready = self.url + path

    async def ready(self, http: aiohttp.ClientSession, *, within: float = PATIENCE_SECONDS) -> None:
        async def answers() -> bool:
            self.require_running()
            try:
                async with http.get(self._ready) as answer:
                    return answer.ok
            except aiohttp.ClientError:
                return False

        await until(answers, within=within)


class Installation:
    """One desk: its database and settings, and the processes that serve it."""

    def __init__(
        self, folder: Path, database_url: str, *, redis_url: str | None = None, **settings: Any
    ):
        self._folder = folder
        self._settings = {
            "data_dir": str(folder),
            "database_url": database_url,
            "secret_key": SECRET_KEY,
            **({"redis_url": redis_url} if redis_url else {}),
            **settings,
        }
        self.processes: list[Process] = []

    def serve(self) -> Served:
        """Web and workers in one process."""
        return self._web("all")

    def web(self) -> Served:
        return self._web("web")

    def worker(self) -> Process:
        log = self._folder / f"desk-{len(self.processes)}.log"
        made = Process(_serve("worker"), self._environment(free_port()), log)
        self.processes.append(made)
        return made

    def stop(self) -> None:
        """Ask all its processes to end; one that does not is killed, and that is a failure."""
        for process in self.processes:
            process.tell(signal.SIGTERM)
        try:
            for process in self.processes:
                process.wait()
        finally:
            for process in self.processes:
                process.kill()

    @property
    def log(self) -> str:
        """What all its processes logged."""
        return "".join(process.log for process in self.processes)

    @property
    def failed_rounds(self) -> list[str]:
        """What its loops met that they should not have, each with its traceback."""
        return [each[:6000] for each in self.log.split("round_failed")[1:]]

    @asynccontextmanager
    async def builder(self, api_base: str) -> AsyncIterator[DeskBuilder]:
        """Builds rows in its database from this process, while or before it is served."""
        async with running(Settings(**self._settings)) as rt:
            await schema.upgrade(rt.db)
            yield DeskBuilder(rt, api_base)

    async def lines(self, *arguments: str) -> list[dict[str, Any]]:
        """What a command prints with ``--json``, line by line."""
        process = await asyncio.create_subprocess_exec(
            *[str(COMMANDS / "wxdesk"), *arguments, "--json"],
            env=_environment() | self._environment(free_port()),
            stdout=subprocess.PIPE,
        )
        printed, _ = await process.communicate()
        assert process.returncode == 0
        return [json.loads(line) for line in printed.splitlines()]

    def _web(self, role: str) -> Served:
        port = free_port()
        log = self._folder / f"desk-{len(self.processes)}.log"
        made = Served(_serve(role), self._environment(port), log, port, "/readyz")
        self.processes.append(made)
        return made

    def _environment(self, port: int) -> dict[str, str]:
        settings = self._settings | {"port": port}
        return {f"WXDESK_{name.upper()}": str(value) for name, value in settings.items()}


def simulator(folder: Path, port: int, **options: str) -> Served:
    """The simulator of the account that ``DeskBuilder`` makes."""
    options = {"app-id": APP_ID, "app-secret": APP_SECRET, "token": TOKEN} | options
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    command = [str(COMMANDS / "wxsim"), "serve", "--port", str(port), *flags]
    return Served(command, {}, folder / "wxsim.log", port, "/sim/clock")


async def until(
    reached: Callable[[], Awaitable[T | None]],
    *,
    within: float = PATIENCE_SECONDS,
    glance: float = GLANCE_SECONDS,
) -> T:
    """What comes of asking, as soon as something does.

    Raises:
        AssertionError: Nothing did within so many seconds.
    """
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if found := await reached():
            return found
        await asyncio.sleep(glance)
    raise AssertionError(f"not within {within} s: {reached.__qualname__}")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _serve(role: str) -> list[str]:
    return [str(COMMANDS / "wxdesk"), "serve", "--role", role]


def _environment() -> dict[str, str]:
    """Ours, without settings of a desk, and with bytecode: without it a start takes seconds."""
    left_out = ("WXDESK_", "WXSIM_", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
