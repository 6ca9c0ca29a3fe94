"""Files in a bucket of an S3-compatible store."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from wxdesk.store.files.draft import Draft, StoreAway
from wxdesk.store.files.model import CHUNK_BYTES, Found, Gone

LISTED_AT_ONCE = 500


class Bucket:
    """See ``FileStore``. ``ab12…`` is the object ``media/ab/ab12…``.

    Args:
        bucket: Its name.
        endpoint: Where the store is; None: Amazon's.
        region: Where the bucket is.
        access_key: Who the desk is there; None: as the machine's environment says.
        secret_key: The proof.
    """

    def __init__(
        self,
        bucket: str,
        *,
        endpoint: str | None,
        region: str,
        access_key: str | None,
        secret_key: str | None,
    ) -> None:
        self._store = S3Store(
            bucket,
            endpoint=endpoint,
            region=region,
            access_key_id=access_key,
            secret_access_key=secret_key,
            client_options={"allow_http": True, "timeout": "60s", "connect_timeout": "5s"},
            retry_config={"max_retries": 3},
        )

    async def put(self, draft: Draft) -> None:
        """See ``FileStore``. The store shows an object when all of it is there."""
        with _asking(draft.sha256):
            await obstore.put_async(self._store, _key(draft.sha256), draft.path)

    async def size(self, name: str) -> int:
        """See ``FileStore``."""
        return (await self._head(name))[0]

    async def read(self, name: str, first: int, last: int) -> AsyncIterator[bytes]:
        """See ``FileStore``."""
        with _asking(name):
            answer = await obstore.get_async(
                self._store, _key(name), options={"range": (first, last + 1)}
            )
            async for chunk in answer.stream(min_chunk_size=CHUNK_BYTES):
                yield bytes(chunk)

    async def remove(self, name: str, *, before: datetime) -> bool:
        """See ``FileStore``."""
        try:
            _, put_at = await self._head(name)
        except Gone:
            return False
        if put_at >= before:
            return False
        with _asking(name):
            await obstore.delete_async(self._store, _key(name))
        return True

    async def names(self, prefix: str) -> AsyncIterator[Found]:
        """See ``FileStore``."""
        listed = obstore.list(self._store, prefix=f"media/{prefix}/", chunk_size=LISTED_AT_ONCE)
        with _asking(prefix):
            async for page in listed:
                for each in page:
                    yield Found(each["path"].rpartition("/")[2], each["last_modified"])

    async def check(self) -> None:
        """See ``FileStore``."""
        async for _ in self.names("00"):
            break

    async def _head(self, name: str) -> tuple[int, datetime]:
        """Its bytes, and when it was put."""
        with _asking(name):
            found = await obstore.head_async(self._store, _key(name))
        return found["size"], found["last_modified"]


@contextmanager
def _asking(name: str) -> Iterator[None]:
    """Its errors in our words; their first line names no key."""
    try:
        yield
    except FileNotFoundError:
        raise Gone(f"the file {name[:12]} is gone") from None
    except BaseError as error:
        raise StoreAway(str(error).partition("\n")[0]) from None


def _key(name: str) -> str:
    return f"media/{name[:2]}/{name}"
