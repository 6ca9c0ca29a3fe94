"""A file on its way in: written to a folder of this machine, bounded, hashed as it comes."""

import asyncio
import hashlib
import os
import secrets
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

from wxdesk.errors import Invalid, Unavailable

P = ParamSpec("P")
T = TypeVar("T")


class TooLarge(Invalid):
    """More bytes than are taken."""

    code = "too_large"


class StoreAway(Unavailable):
    """The place for files does not take any: the disk is full, or the bucket does not answer."""

    code = "media_store_away"


class Draft:
    """A file that is not kept yet; gone with the block that opened it.

    Args:
        path: Where it is written.
        most_bytes: More than this is refused.
    """

    def __init__(self, path: Path, most_bytes: int) -> None:
        self.path = path
        self.size_bytes = 0
        self._most_bytes = most_bytes
        self._hash = hashlib.sha256()
        self._file = path.open("xb")

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    async def write(self, chunk: bytes) -> None:
        """Add to its end.

        Raises:
            TooLarge: It would grow too long.
            StoreAway: The disk takes no more.
        """
        self.size_bytes += len(chunk)
        if self.size_bytes > self._most_bytes:
            raise TooLarge(
                f"a file holds {self._most_bytes} bytes at most", max_bytes=self._most_bytes
            )
        await on_disk(self._write, chunk)

    async def fill(self, chunks: AsyncIterable[bytes]) -> None:
        """Write all of these, to the end, and onto the disk."""
        async for chunk in chunks:
            await self.write(chunk)
        await self.finish()

    async def finish(self) -> None:
        """On return all of it is on the disk."""
        await on_disk(self._sync)

    def close(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)

    def _write(self, chunk: bytes) -> None:
        self._hash.update(chunk)
        self._file.write(chunk)

    def _sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())


async def on_disk(do: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do something with the disk, beside the loop.

    Raises:
        StoreAway: The disk does not take it.
    """
    try:
        return await asyncio.to_thread(do, *args, **kwargs)
    except OSError as error:
        raise StoreAway(error.strerror or type(error).__name__) from error


@asynccontextmanager
async def drafting(folder: Path, *, most_bytes: int) -> AsyncIterator[Draft]:
    """A new draft in a folder; what is not kept within the block is gone after it."""
    draft = await on_disk(_begin, folder, most_bytes)
    try:
        yield draft
    finally:
        await asyncio.to_thread(draft.close)


@asynccontextmanager
async def drafting_copy(path: Path, *, most_bytes: int) -> AsyncIterator[Draft]:
    """A draft of a file that is on this machine, beside it."""
    async with drafting(path.parent, most_bytes=most_bytes) as draft:
        with path.open("rb") as file:
            while chunk := await asyncio.to_thread(file.read, 256 * 1024):
                await draft.write(chunk)
        await draft.finish()
        yield draft


def _begin(folder: Path, most_bytes: int) -> Draft:
    folder.mkdir(parents=True, exist_ok=True)
    return Draft(folder / f"{secrets.token_hex(12)}.draft", most_bytes)
