"""One process a SQLite database: the second is told so, instead of both sending every reply."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wxdesk.errors import Conflict
from wxdesk.store.database import Database


class AlreadyServed(Conflict):
    """Another process serves this database."""

    code = "already_served"


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Serve this SQLite database alone, for as long as the block lasts or the process lives.

    Raises:
        AlreadyServed: Another process does.
    """
    path = Path(f"{database.url.database}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyServed(f"another process serves {database.url.database}") from None
        yield
