"""The ledger of what may be sent: what opened a follower's grants, what spent them.

Nobody outside sees it at WeChat; it is here to be learned from.
"""

from collections import deque
from datetime import datetime
from enum import StrEnum
from typing import Any

from wxsim.clock import iso
from wxsim.store import Store

ENTRIES_KEPT = 50  # of one follower
LONGEST_ABOUT = 40  # characters

Entry = dict[str, Any]


class What(StrEnum):
    """What an entry tells.

    ``opened``, ``renewed``: an act of the follower did; ``kept``: under ``no_renewal`` it changed
    nothing; ``nothing``: no rule names it. ``spent``: a message paid with this grant; ``refused``:
    with ``errcode``. ``closed``: the follower left, and every grant with them.
    """

    OPENED = "opened"
    RENEWED = "renewed"
    KEPT = "kept"
    NOTHING = "nothing"
    SPENT = "spent"
    REFUSED = "refused"
    CLOSED = "closed"


class Ledger:
    """The newest entries of every follower."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._entries: dict[str, deque[Entry]] = {}
        for openid, entry in store.all("ledger"):
            self._entries.setdefault(openid, deque()).append(entry)
        self._last_id = max((kept[-1]["id"] for kept in self._entries.values()), default=0)

    def of(self, openid: str) -> list[Entry]:
        """Newest first."""
        return list(reversed(self._entries.get(openid, ())))

    def write(self, openid: str, what: What, now: datetime, **facts: Any) -> None:
        self._last_id += 1
        entry = {"id": self._last_id, "at": iso(now), "what": what, **facts}
        kept = self._entries.setdefault(openid, deque())
        kept.append(entry)
        self._store.put("ledger", _key(openid, entry), [openid, entry])
        if len(kept) > ENTRIES_KEPT:
            self._store.drop("ledger", _key(openid, kept.popleft()))


def about(text: str) -> str:
    """The beginning of a message: enough to know it by."""
    return text if len(text) <= LONGEST_ABOUT else f"{text[: LONGEST_ABOUT - 1]}…"


def _key(openid: str, entry: Entry) -> str:
    return f"{openid}/{entry['id']:012d}"
