"""Wakes within one process."""

import asyncio
from collections import defaultdict
from datetime import timedelta


class Bell:
    """Rings when its loop is to look; many rings while nobody waits are one."""

    def __init__(self, others: set["Bell"]) -> None:
        self._rung = asyncio.Event()
        self._others = others
        others.add(self)

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, at_most: timedelta) -> None:
        """Return when the bell has rung since the last wait, or after ``at_most``."""
        try:
            async with asyncio.timeout(at_most.total_seconds()):
                await self._rung.wait()
        except TimeoutError:
            pass
        self._rung.clear()

    def close(self) -> None:
        self._others.discard(self)


class MemoryBus:
    """The bus of an installation of one process."""

    def __init__(self) -> None:
        self._bells: defaultdict[str, set[Bell]] = defaultdict(set)

    async def open(self) -> None:
        """Nothing to connect to."""

    async def close(self) -> None:
        """Nothing to let go."""

    def wake(self, loop: str) -> None:
        for bell in self._bells[loop]:
            bell.ring()

    def listen(self, loop: str) -> Bell:
        return Bell(self._bells[loop])
