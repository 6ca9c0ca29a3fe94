"""What the desk asks of the place where files are."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wxdesk.errors import NotFound
from wxdesk.store.files.draft import Draft

CHUNK_BYTES = 256 * 1024


class Gone(NotFound):
    """The file's row is there and the file is not."""

    code = "media_gone"


@dataclass(frozen=True, slots=True)
class Found:
    """A file as the store lists it."""

    name: str
    put_at: datetime


class FileStore(Protocol):
    """Keeps files for ever, each under its SHA-256 in hexadecimal digits."""

    async def put(self, draft: Draft) -> None:
        """Keep a finished draft; on return it outlives a power cut.

        What is there under its name already is replaced, so that it counts as new.
        """

    async def size(self, name: str) -> int:
        """How many bytes a file has.

        Raises:
            Gone: There is no such file.
        """

    def read(self, name: str, first: int, last: int) -> AsyncIterator[bytes]:
        """The bytes from ``first`` to ``last``, both included.

        Raises:
            Gone: There is no such file.
        """

    async def remove(self, name: str, *, before: datetime) -> bool:
        """Remove a file that was put before a moment; whether it was there and is gone."""

    def names(self, prefix: str) -> AsyncIterator[Found]:
        """The files whose names begin with these two digits."""

    async def check(self) -> None:
        """Raise whatever stands in the way of keeping a file."""
