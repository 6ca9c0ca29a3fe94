"""The load: connections that push, wait for the answer, and push the next.

Raw sockets in this process, on the core that the server does not have: a push costs this side a
fraction of what it costs the leanest server, so the server is what is measured.
"""

import asyncio
import re
import statistics
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import cast

from servers import cpu_seconds

CONNECTIONS = 64
LAST_ANSWERS = 10  # seconds to wait for them when the flood ends

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass(eq=False, slots=True)
class Flood:
    """What was pushed and what came back.

    Attributes:
        kept: Pushes answered `success`.
        refused: Pushes answered anything else.
        lost: Pushes that were not answered.
        waits: How long each answer took, in seconds.
    """

    requests: Iterator[bytes]
    running: bool = True
    waiting: int = 0
    kept: int = 0
    refused: int = 0
    lost: int = 0
    waits: list[float] = field(default_factory=list)
    _connecting: set[asyncio.Task[None]] = field(default_factory=set)

    def connect(self, port: int) -> None:
        """Open one more connection, which pushes until the flood is over."""
        task = asyncio.get_running_loop().create_task(self._connect(port))
        self._connecting.add(task)
        task.add_done_callback(self._connecting.discard)

    async def _connect(self, port: int) -> None:
        loop = asyncio.get_running_loop()
        with suppress(OSError):  # a server that lets nobody in shows in what it answers
            await loop.create_connection(lambda: _Connection(self, port), "127.0.0.1", port)

    def note(self, status: int, wait: float) -> None:
        self.waits.append(wait)
        if status == 200:
            self.kept += 1
        else:
            self.refused += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a server did in a stretch of time."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    refused: int
    lost: int


@asynccontextmanager
async def flooding(
    port: int, requests: Iterator[bytes], *, connections: int = CONNECTIONS
) -> AsyncIterator[Flood]:
    """Pushes for as long as the block lasts; after it every answer has been counted."""
    flood = Flood(requests)
    for _ in range(connections):
        flood.connect(port)
    try:
        yield flood
    finally:
        flood.running = False
        await until(lambda: not flood.waiting, LAST_ANSWERS)
        flood.lost += flood.waiting


async def measure(flood: Flood, pid: int, seconds: float) -> Measured:
    """Look at a running flood for some seconds."""
    kept, refused, lost = flood.kept, flood.refused, flood.lost
    flood.waits.clear()
    cpu, began = cpu_seconds(pid), time.perf_counter()
    await asyncio.sleep(seconds)
    took, used = time.perf_counter() - began, cpu_seconds(pid) - cpu
    answered = flood.kept - kept
    waits = statistics.quantiles(flood.waits, n=100) if len(flood.waits) > 1 else [0.0] * 99
    return Measured(
        per_second=answered / took,
        p50_ms=waits[49] * 1000,
        p99_ms=waits[98] * 1000,
        cpu_us=used / max(answered, 1) * 1e6,
        refused=flood.refused - refused,
        lost=flood.lost - lost,
    )


async def push_all(port: int, requests: Iterator[bytes]) -> Flood:
    """Push what there is, to the last answer."""
    async with flooding(port, requests) as flood:
        await until(lambda: not flood.running and not flood.waiting, 600)
    return flood


async def until(holds: Callable[[], bool], seconds: float) -> None:
    """Wait until a condition holds, at most so long."""
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:  # noqa: ASYNC110  protocols tell nobody
        await asyncio.sleep(0.01)


class _Connection(asyncio.Protocol):
    """One connection; servers that close it after each answer get another."""

    def __init__(self, flood: Flood, port: int) -> None:
        self._flood, self._port = flood, port
        self._waiting = False
        self._answer = b""
        self._began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._push()

    def _push(self) -> None:
        request = next(self._flood.requests, None) if self._flood.running else None
        if request is None:
            self._flood.running = False
            self._transport.close()
            return
        self._flood.waiting += 1
        self._waiting, self._answer = True, b""
        self._began = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        status = _status_when_whole(self._answer)
        if status is None:
            return
        self._answered()
        self._flood.note(status, time.perf_counter() - self._began)
        if b"onnection: close" in self._answer or self._answer.startswith(b"HTTP/1.0"):
            self._transport.close()
        else:
            self._push()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if self._waiting:
            self._answered()
            self._flood.lost += 1
        if self._flood.running:
            self._flood.connect(self._port)

    def _answered(self) -> None:
        self._waiting = False
        self._flood.waiting -= 1


def _status_when_whole(answer: bytes) -> int | None:
    if answer.endswith(b"success"):
        return 200
    head, blank, body = answer.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    if not blank or not length or len(body) < int(length[1]):
        return None
    return int(head[9:12])
