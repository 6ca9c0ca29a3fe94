"""What the simulator remembers: documents by kind and key, and files; on disk or in memory."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS document (
    kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file (
    number INTEGER PRIMARY KEY, media_id TEXT UNIQUE NOT NULL,
    content_type TEXT NOT NULL, body BLOB NOT NULL
);
"""


class Store:
    """One SQLite file, written with every change: a killed simulator forgets nothing.

    It is not synced to the disk; a machine that loses power may lose the last moments.
    """

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        path = ":memory:" if folder is None else folder / "wxsim.sqlite3"
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(_SCHEMA)

    def put(self, kind: str, key: str, body: Any) -> None:
        text = json.dumps(body, ensure_ascii=False)
        self._db.execute("INSERT OR REPLACE INTO document VALUES (?, ?, ?)", (kind, key, text))

    def get(self, kind: str, key: str) -> Any:
        """The document, or None."""
        found = self._db.execute(
            "SELECT body FROM document WHERE kind = ? AND key = ?", (kind, key)
        ).fetchone()
        return None if found is None else json.loads(found[0])

    def drop(self, kind: str, key: str) -> None:
        self._db.execute("DELETE FROM document WHERE kind = ? AND key = ?", (kind, key))

    def all(self, kind: str) -> Iterator[Any]:
        """Every document of the kind, by key."""
        rows = self._db.execute("SELECT body FROM document WHERE kind = ? ORDER BY key", (kind,))
        return (json.loads(body) for (body,) in rows)

    def keep_file(self, media_id: str, content_type: str, body: bytes) -> None:
        self._db.execute(
            "INSERT INTO file (media_id, content_type, body) VALUES (?, ?, ?)",
            (media_id, content_type, body),
        )

    def drop_file(self, media_id: str) -> None:
        self._db.execute("DELETE FROM file WHERE media_id = ?", (media_id,))

    def find_file(self, media_id: str) -> tuple[str, bytes] | None:
        """Content type and bytes."""
        found = self._db.execute(
            "SELECT content_type, body FROM file WHERE media_id = ?", (media_id,)
        ).fetchone()
        return None if found is None else (found[0], found[1])

    def clear(self) -> None:
        self._db.executescript("DELETE FROM document; DELETE FROM file;")

    def close(self) -> None:
        self._db.close()
