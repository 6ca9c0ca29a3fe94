"""Servers under measurement: each a process of its own, on a core of its own."""

import itertools
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

SERVER_CORE, OUR_CORE = "0", "1"
STARTING, STOPPING = 30, 10  # seconds

PINNED = len(os.sched_getaffinity(0)) > 1 and shutil.which("taskset") is not None
_ports = itertools.count(20_000)  # below those the system gives to outgoing connections


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    pid: int


@contextmanager
def serving(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[Server]:
    """Run a server for as long as the block lasts; ``{port}`` stands for the port it is to take.

    Raises:
        RuntimeError: It does not come up.
    """
    port = free_port()
    pin = ["taskset", "-c", SERVER_CORE] if PINNED else []
    filled = [part.replace("{port}", str(port)) for part in command]
    settings = {name: value.replace("{port}", str(port)) for name, value in environment.items()}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*pin, *filled],
            env=os.environ | settings,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _await_port(process, port, log)
        yield Server(port, process.pid)
    finally:
        _stop(process)


def stay_off_the_servers_core() -> None:
    """This process, and what it starts (PostgreSQL), leave the server its core."""
    if PINNED:
        os.sched_setaffinity(0, {int(OUR_CORE)})


def free_port() -> int:
    for port in _ports:
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                attempt.bind(("127.0.0.1", port))
                return port
    raise AssertionError


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its children, so far."""
    ticks = 0
    for each in _family(pid):
        with suppress(OSError):
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    """Memory of a process and its children that is in RAM."""
    pages = sum(int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in _family(pid))
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in children.read_text().split():
                yield from _family(int(child))


def _await_port(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + STARTING
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{process.args!r} does not come up:\n{log.read_text()[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
