"""How the peers keep a push: as durably as the desk does, a commit a push."""

import os
import sqlite3
import threading

PATH = os.environ["BENCH_DATABASE"]
PRAGMAS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA busy_timeout=30000")
TABLE = (
    "CREATE TABLE IF NOT EXISTS pushes (id INTEGER PRIMARY KEY, msg_id TEXT UNIQUE, "
    "openid TEXT, kind TEXT, sent_at INTEGER, body BLOB)"
)
INSERT = (
    "INSERT INTO pushes (msg_id, openid, kind, sent_at, body) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT DO NOTHING"
)

Row = tuple[str, str, str, int, bytes]

_mine = threading.local()


def keep(row: Row) -> None:
    """Commit one push on this thread's connection."""
    if not hasattr(_mine, "connection"):
        _mine.connection = sqlite3.connect(PATH)
        for statement in (*PRAGMAS, TABLE):
            _mine.connection.execute(statement)
    with _mine.connection:
        _mine.connection.execute(INSERT, row)
