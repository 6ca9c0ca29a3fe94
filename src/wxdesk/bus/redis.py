"""Wakes between processes, over the publish and subscribe of Redis or Valkey.

Nothing is stored there. While it cannot be reached, loops look by their own tick.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from redis.asyncio import Redis
from redis.exceptions import RedisError

from wxdesk import logs
from wxdesk.bus.loop import end
from wxdesk.bus.memory import Bell, MemoryBus

CHANNEL = "wxdesk:wake"
RETRY = timedelta(seconds=1)

log = logs.get(__name__)


class RedisBus:
    """The bus of an installation of several processes.

    Args:
        url: ``redis://host:port/db``.
    """

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, decode_responses=True, socket_connect_timeout=2)
        self._here = MemoryBus()
        self._to_publish: set[str] = set()
        self._asked = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        self._tasks = [
            asyncio.create_task(self._again_and_again(each))
            for each in (self._publish, self._subscribe)
        ]

    async def close(self) -> None:
        await end(self._tasks)
        await self._redis.aclose()

    def wake(self, loop: str) -> None:
        self._here.wake(loop)
        self._to_publish.add(loop)
        self._asked.set()

    def listen(self, loop: str) -> Bell:
        return self._here.listen(loop)

    async def _publish(self) -> None:
        """Many wakes while one is on its way become one."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            loops, self._to_publish = self._to_publish, set()
            await self._redis.publish(CHANNEL, " ".join(sorted(loops)))

    async def _subscribe(self) -> None:
        async with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
            await channel.subscribe(CHANNEL)
            async for message in channel.listen():
                for loop in message["data"].split():
                    self._here.wake(loop)

    async def _again_and_again(self, task: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await task()
            except (RedisError, OSError) as error:
                log.warning("bus_unreachable", error=type(error).__name__)
            await asyncio.sleep(RETRY.total_seconds())
