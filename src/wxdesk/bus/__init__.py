"""Waking loops: after a unit is committed, a named loop is told to look.

A wake may be lost (that costs a second, never a row), so it is never waited for and never fails.
"""

from typing import Protocol

from wxdesk.bus.loop import LONGEST_GOODBYE, TICK, end, forever
from wxdesk.bus.memory import Bell, MemoryBus
from wxdesk.bus.redis import RedisBus

__all__ = [
    "LONGEST_GOODBYE",
    "TICK",
    "Bell",
    "Bus",
    "MemoryBus",
    "RedisBus",
    "end",
    "forever",
]


class Bus(Protocol):
    """Carries wakes to every process that listens."""

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    def wake(self, loop: str) -> None:
        """Ring the bells of ``loop``, here and elsewhere."""
        ...

    def listen(self, loop: str) -> Bell:
        """A bell that rings when ``loop`` is to look; close it when done."""
        ...
