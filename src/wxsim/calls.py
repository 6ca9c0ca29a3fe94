"""The API calls the platform received, with their answers; nothing in them can be used again."""

import json
import re
from collections import deque
from collections.abc import Mapping
from typing import Any

KEPT = 500
LONGEST_BODY = 64_000  # characters
LONG_SECRET = 16
LONG_HEAD = 2000  # bytes in which a form says that it holds a file

_SECRET = {"secret", "appsecret", "access_token", "refresh_token", "ticket"}


class Calls:
    """The newest ``KEPT`` calls."""

    def __init__(self) -> None:
        self._calls: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def record(
        self,
        *,
        at: str,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: bytes,
        status: int | None,
        answer: dict[str, Any] | None,
        rid: str = "",
        ip: str = "",
    ) -> dict[str, Any]:
        """Keep one; ``status`` and ``answer`` are None where the connection was dropped."""
        call = {
            "at": at,
            "method": method,
            "path": path,
            "query": masked(dict(query)),
            "body": _readable(body),
            "status": status,
            "answer": masked(answer),
            "rid": rid,
            "ip": ip,
        }
        self._calls.append(call)
        return call

    def find(self, rid: str) -> dict[str, Any] | None:
        return next((call for call in self._calls if call["rid"] == rid), None)

    def listed(self, path: str = "", limit: int = KEPT) -> list[dict[str, Any]]:
        """Newest first, those whose path contains ``path``."""
        found = [call for call in reversed(self._calls) if path in call["path"]]
        return found[:limit]

    def clear(self) -> None:
        self._calls.clear()


def masked(facts: Any) -> Any:
    """The same, with secrets and tokens reduced to their end."""
    if not isinstance(facts, dict):
        return facts
    return {
        name: _end(str(value)) if name in _SECRET and value else value
        for name, value in facts.items()
    }


def _end(secret: str) -> str:
    """Enough to tell one from another, where it is long."""
    return f"…{secret[-4:]}" if len(secret) >= LONG_SECRET else "…"


def _readable(body: bytes) -> Any:
    """As JSON where it is, else as text without what looks like a secret; no files."""
    if b"\0" in body or b"filename" in body[:LONG_HEAD]:
        return f"{len(body)} bytes"
    text = body.decode(errors="replace")[:LONGEST_BODY]
    try:
        return masked(json.loads(text)) if text else None
    except (ValueError, RecursionError):
        return re.sub(r'("(?:app)?secret"\s*:\s*")[^"]*', r"\1…", text)
