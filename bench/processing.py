"""What becomes of pushes after the answer: how fast, how soon, at what cost in memory."""

import asyncio
import itertools
import time
from dataclasses import dataclass

import uvloop

from browser import browsing
from desks import Desk, Desks, Kind
from flood import Measured, flooding, measure, push_all, until
from pushes import Wire, made_ahead, pushes
from servers import Server, resident_mb, serving

PATH = f"/wechat/{Wire.PLAIN}"
WRITERS = 1000  # so that some follow for the first time, and most have been here before
MANY = 256  # connections: WeChat does not wait for one answer before it pushes the next
LONGEST = 300  # seconds


class NotAllSeen(AssertionError):
    """A push that was answered did not become what agents see."""


@dataclass(frozen=True, slots=True)
class Sustained:
    """The desk whole, under a flood: what it answered, and what it processed meanwhile."""

    answered: Measured
    processed_per_second: float


def drain(desks: Desks, kind: Kind, number: int, *, watched: bool) -> float:
    """Pushes processed a second: kept by the front door before, then nothing else goes on.

    Watched: until one agent's browser has been shown every message; else until all are rows.
    """
    desk = desks.fresh(kind)
    requests = itertools.islice(pushes(Wire.PLAIN, PATH, followers=WRITERS), number)
    with serving(desk.ingest_alone, desk.environment, desk.folder / "log") as server:
        flood = uvloop.run(push_all(server.port, requests))
    with serving(desk.whole, desk.environment, desk.folder / "log") as server:
        how = _until_shown(desk, server, number) if watched else _until_rows(desk)
        per_second = uvloop.run(how)
    _require_all(flood.kept, asyncio.run(desk.count_messages()))
    desks.forget(desk)
    return per_second


async def _until_rows(desk: Desk) -> float:
    began, waiting = time.perf_counter(), await desk.count_waiting()
    while await desk.count_waiting():  # noqa: ASYNC110  another process does it
        await asyncio.sleep(0.05)
    return waiting / (time.perf_counter() - began)


async def _until_shown(desk: Desk, server: Server, number: int) -> float:
    """The browser joins while the work goes on; what was told before is not counted."""
    async with browsing(server, desk.api_token) as browser:
        began = time.perf_counter()
        await until(lambda: number in browser.seen_at, LONGEST)
        if number not in browser.seen_at:
            raise NotAllSeen(f"the last of {number} pushes was not shown")
        return len(browser.seen_at) / (max(browser.seen_at.values()) - began)


def sustain(desks: Desks, kind: Kind, seconds: float) -> Sustained:
    """Everything at once: pushes come in as fast as they are answered, and are processed."""
    desk = desks.fresh(kind)
    with serving(desk.whole, desk.environment, desk.folder / "log") as server:
        sustained, kept = uvloop.run(_sustain(desk, server, seconds))
    _require_all(kept, asyncio.run(desk.count_kept()))
    desks.forget(desk)
    return sustained


async def _sustain(desk: Desk, server: Server, seconds: float) -> tuple[Sustained, int]:
    requests = made_ahead(pushes(Wire.PLAIN, PATH, followers=WRITERS), 20_000)
    async with flooding(server.port, requests, connections=MANY) as flood:
        await asyncio.sleep(1)
        before, began = await desk.count_messages(), time.perf_counter()
        answered = await measure(flood, server.pid, seconds)
        processed = await desk.count_messages() - before
        took = time.perf_counter() - began
    return Sustained(answered, processed / took), flood.kept


def latencies_ms(desks: Desks, kind: Kind, per_second: int, seconds: float) -> list[float]:
    """From the first byte of a push to its event in the browser, at a modest rate."""
    desk = desks.fresh(kind)
    with serving(desk.whole, desk.environment, desk.folder / "log") as server:
        found = uvloop.run(_latencies(desk, server, per_second, seconds))
    desks.forget(desk)
    return found


async def _latencies(desk: Desk, server: Server, per_second: int, seconds: float) -> list[float]:
    sent_at: dict[int, float] = {}
    requests = pushes(Wire.PLAIN, PATH, followers=100)
    async with browsing(server, desk.api_token) as browser:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for number in range(1, int(per_second * seconds) + 1):
            sent_at[number] = time.perf_counter()
            writer.write(next(requests))
            await reader.readuntil(b"success")
            await asyncio.sleep(max(0, sent_at[number] + 1 / per_second - time.perf_counter()))
        await until(lambda: len(browser.seen_at) == len(sent_at), 10)
        writer.close()
    _require_all(len(sent_at), len(browser.seen_at))
    return [(browser.seen_at[number] - at) * 1000 for number, at in sent_at.items()]


def memory_mb(desks: Desks, kind: Kind, number: int) -> tuple[float, float]:
    """Resident memory when the desk has started, and when it has processed many pushes."""
    desk = desks.fresh(kind)
    requests = itertools.islice(pushes(Wire.PLAIN, PATH), number)
    with serving(desk.whole, desk.environment, desk.folder / "log") as server:
        before = resident_mb(server.pid)
        flood = uvloop.run(push_all(server.port, requests))
        uvloop.run(_until_rows(desk))
        after = resident_mb(server.pid)
    _require_all(flood.kept, asyncio.run(desk.count_messages()))
    desks.forget(desk)
    return before, after


def _require_all(answered: int, found: int) -> None:
    if found < answered:
        raise NotAllSeen(f"{answered} pushes were answered, {found} are there")
