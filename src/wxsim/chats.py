"""What stands on the phones: the lines of every chat, and who is seen typing."""

from collections import deque
from datetime import datetime
from typing import Any

from wxsim.clock import iso
from wxsim.live import Live
from wxsim.store import Store

LINES_KEPT = 1000  # of one chat

Line = dict[str, Any]


class Chats:
    """One chat a follower."""

    def __init__(self, store: Store, live: Live) -> None:
        self._store = store
        self._live = live
        self._typing_until: dict[str, datetime] = {}
        self._chats: dict[str, deque[Line]] = {}
        for openid, line in store.all("line"):
            self._chats.setdefault(openid, deque()).append(line)
        self._last_id = max((chat[-1]["id"] for chat in self._chats.values()), default=0)

    def of(self, openid: str) -> list[Line]:
        return list(self._chats.get(openid, ()))

    def add(self, openid: str, line: Line) -> None:
        """At the end of the follower's chat; the oldest beyond ``LINES_KEPT`` goes."""
        self._last_id += 1
        line = {"id": self._last_id, **line}
        chat = self._chats.setdefault(openid, deque())
        chat.append(line)
        self._store.put("line", _key(openid, line), [openid, line])
        if len(chat) > LINES_KEPT:
            self._store.drop("line", _key(openid, chat.popleft()))
        self._live.tell("line", openid=openid, line=line)

    def is_typing(self, openid: str, now: datetime) -> bool:
        """Whether the follower sees "the other side is typing"."""
        return now < self._typing_until.get(openid, now)

    def start_typing(self, openid: str, until: datetime) -> None:
        self._typing_until[openid] = until
        self._live.tell("typing", openid=openid, until=iso(until))

    def stop_typing(self, openid: str) -> None:
        if self._typing_until.pop(openid, None) is not None:
            self._live.tell("typing", openid=openid, until=None)


def _key(openid: str, line: Line) -> str:
    return f"{openid}/{line['id']:012d}"
