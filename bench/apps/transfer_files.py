"""Files up to WeChat and down from it, and what is held in memory meanwhile.

    transfer_files.py API_BASE up|down FILES AT_ONCE BYTES FOLDER

Prints megabytes a second, and the process's memory in megabytes before and at its peak.
"""

import asyncio
import json
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import aiohttp
import uvloop
from send_many import OneToken

from wxdesk.wechat import Client, MediaKind

BLOCK_BYTES = 65_536
STATUS = Path("/proc/self/status")


async def main(base: str, way: str, files: int, at_once: int, size: int, folder: Path) -> None:
    source = folder / "source"
    with source.open("wb") as file:
        file.truncate(size)
    pool = aiohttp.TCPConnector(limit=at_once)
    async with aiohttp.ClientSession(connector=pool) as session:
        client = Client(session, base, OneToken(), transfer=timedelta(minutes=5))
        before = megabytes("VmRSS")
        began = time.perf_counter()
        match way:
            case "up":
                await many(lambda: up(client, source, size), files, at_once)
            case "down":
                await many(lambda: down(client, folder, size), files, at_once)
        took = time.perf_counter() - began
    print(json.dumps([files * size / 1e6 / took, before, megabytes("VmHWM")]))


async def many(one: Callable[[], Awaitable[None]], files: int, at_once: int) -> None:
    left = iter(range(files))

    async def work() -> None:
        for _ in left:
            await one()

    await asyncio.gather(*(work() for _ in range(at_once)))


async def up(client: Client, source: Path, size: int) -> None:
    await client.media.upload(
        MediaKind.VIDEO,
        blocks(source),
        filename="film.mp4",
        content_type="video/mp4",
        size_bytes=size,
    )


async def blocks(source: Path) -> AsyncIterator[bytes]:
    with source.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield block


async def down(client: Client, folder: Path, size: int) -> None:
    """Into a file, as one does."""
    async with client.media.download(str(size)) as found:
        with tempfile.TemporaryFile(dir=folder) as file:
            async for chunk in found.chunks():
                file.write(chunk)
            assert file.tell() == size


def megabytes(what: str) -> float:
    """Of this process: ``VmRSS`` now, ``VmHWM`` the most so far."""
    return int(re.search(rf"{what}:\s+(\d+) kB", STATUS.read_text())[1]) / 1000


if __name__ == "__main__":
    base, way, files, at_once, size, folder = sys.argv[1:]
    uvloop.run(main(base, way, int(files), int(at_once), int(size), Path(folder)))
