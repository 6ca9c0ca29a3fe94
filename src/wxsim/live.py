"""Tells whoever listens what has just happened: the phone page, the scripted customers."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

WAITING = 1000  # events; who lags further behind is cut off and begins anew

Event = dict[str, Any]


class Live:
    """Events to every listener; none waits for another."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[Event | None]] = set()

    def tell(self, kind: str, **facts: Any) -> None:
        event = {"event": kind, **facts}
        for listener in list(self._listeners):
            if listener.qsize() >= WAITING:
                self._cut_off(listener)
            else:
                listener.put_nowait(event)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[Event | None]]:
        """A queue of events; None is its end."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    def close(self) -> None:
        for listener in list(self._listeners):
            self._cut_off(listener)

    def _cut_off(self, listener: asyncio.Queue[Event | None]) -> None:
        self._listeners.discard(listener)
        listener.put_nowait(None)
