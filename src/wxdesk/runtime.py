"""Settings → Runtime: the parts put together once. The only place that builds things."""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from wxdesk.bus import Bus, MemoryBus, RedisBus
from wxdesk.clock import Clock, SystemClock
from wxdesk.desk import events
from wxdesk.settings import Settings
from wxdesk.store import Database, Vault

MOST_CONNECTIONS = 100


@dataclass(frozen=True, slots=True)
class Runtime:
    """What web and workers work with."""

    settings: Settings
    db: Database
    bus: Bus
    clock: Clock
    vault: Vault
    http: aiohttp.ClientSession


@asynccontextmanager
async def running(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[Runtime]:
    """The parts, open for as long as the block lasts."""
    bus = RedisBus(settings.redis_url) if settings.redis_url else MemoryBus()
    db = Database(settings.database, wake=bus.wake, write_events=events.write)
    vault = Vault(secret_key(settings))
    connector = aiohttp.TCPConnector(limit=MOST_CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as http:
        await bus.open()
        try:
            yield Runtime(settings, db, bus, clock or SystemClock(), vault, http)
        finally:
            await bus.close()
            await db.close()


def secret_key(settings: Settings) -> str:
    """The installation's secret: from the settings, or generated once into the data directory."""
    if settings.secret_key:
        return settings.secret_key.get_secret_value()
    path = settings.data_dir / "secret.key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return _generate(path)


def _generate(path: Path) -> str:
    """Written whole under another name first: two processes that start at once agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(48) + "\n")
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
    return path.read_text().strip()
