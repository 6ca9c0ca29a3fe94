"""Files in a folder of this machine."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from wxdesk.store.files.draft import Draft, on_disk
from wxdesk.store.files.model import CHUNK_BYTES, Found, Gone


class Folder:
    """See ``FileStore``. ``ab12…`` is the file ``ab/ab12…``.

    Args:
        path: The folder; drafts have to be on the same disk.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    async def put(self, draft: Draft) -> None:
        """Moved into place whole: nobody ever reads half a file."""
        await on_disk(self._put, draft)

    async def size(self, name: str) -> int:
        """See ``FileStore``."""
        try:
            return (await asyncio.to_thread(self._at(name).stat)).st_size
        except FileNotFoundError:
            raise _gone(name) from None

    async def read(self, name: str, first: int, last: int) -> AsyncIterator[bytes]:
        """See ``FileStore``."""
        try:
            file = await asyncio.to_thread(self._at(name).open, "rb")
        except FileNotFoundError:
            raise _gone(name) from None
        with file:
            file.seek(first)
            left = last - first + 1
            while left > 0:
                chunk = await asyncio.to_thread(file.read, min(left, CHUNK_BYTES))
                if not chunk:
                    return
                left -= len(chunk)
                yield chunk

    async def remove(self, name: str, *, before: datetime) -> bool:
        """See ``FileStore``."""
        return await asyncio.to_thread(self._remove, name, before)

    async def names(self, prefix: str) -> AsyncIterator[Found]:
        """See ``FileStore``."""
        for found in await asyncio.to_thread(self._names, prefix):
            yield found

    async def check(self) -> None:
        """See ``FileStore``."""
        await on_disk(self._path.mkdir, parents=True, exist_ok=True)

    def _at(self, name: str) -> Path:
        return self._path / name[:2] / name

    def _put(self, draft: Draft) -> None:
        place = self._at(draft.sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.utime(draft.path)
        draft.path.replace(place)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the name, too, is on the disk
        finally:
            os.close(folder)

    def _remove(self, name: str, before: datetime) -> bool:
        place = self._at(name)
        try:
            if _put_at(place) >= before:
                return False
            place.unlink()
        except FileNotFoundError:
            return False
        return True

    def _names(self, prefix: str) -> list[Found]:
        try:
            return [Found(each.name, _put_at(each)) for each in (self._path / prefix).iterdir()]
        except FileNotFoundError:
            return []


def _put_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _gone(name: str) -> Gone:
    return Gone(f"the file {name[:12]} is gone")
