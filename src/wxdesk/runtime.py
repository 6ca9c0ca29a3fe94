"""Settings → Runtime: the parts put together once. The only place that builds things."""

import asyncio
import os
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import aiohttp
from pydantic import SecretStr

from wxdesk.bus import Bus, MemoryBus, RedisBus
from wxdesk.clock import Clock, SystemClock
from wxdesk.codec import Sandbox
from wxdesk.desk import events
from wxdesk.outbound import Outbound, read_networks
from wxdesk.settings import Settings
from wxdesk.store import Database, Vault
from wxdesk.store.files import Bucket, FileStore, Folder
from wxdesk.ways import AddressRules

MOST_CONNECTIONS = 100


@dataclass(frozen=True, slots=True)
class Runtime:
    """What web and workers work with.

    ``renewals``: by account, held while this process gets another access token.
    """

    settings: Settings
    db: Database
    bus: Bus
    clock: Clock
    vault: Vault
    http: aiohttp.ClientSession
    outbound: Outbound
    files: FileStore
    sandbox: Sandbox
    renewals: defaultdict[int, asyncio.Lock] = field(
        default_factory=partial(defaultdict, asyncio.Lock), init=False
    )

    @property
    def address_rules(self) -> AddressRules:
        """Which addresses at other services agents may have."""
        return AddressRules(_named(self.settings.alert_schemes), _named(self.settings.alert_hosts))

    @property
    def push_origins(self) -> frozenset[str]:
        """Push services beside those of the known browsers."""
        return _named(self.settings.push_origins)

    @property
    def drafts(self) -> Path:
        """Where files are written on their way in: beside the folder they are moved to."""
        return self.settings.data_dir.absolute() / "media" / "drafts"


@asynccontextmanager
async def running(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[Runtime]:
    """The parts, open for as long as the block lasts."""
    bus = RedisBus(settings.redis_url) if settings.redis_url else MemoryBus()
    db = Database(settings.database, wake=bus.wake, write_events=events.write)
    vault = Vault(secret_key(settings))
    files, sandbox = file_store(settings), Sandbox()
    connector = aiohttp.TCPConnector(limit=MOST_CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as http:
        outbound = Outbound(read_networks(settings.outbound_allow))
        await bus.open()
        try:
            yield Runtime(
                settings, db, bus, clock or SystemClock(), vault, http, outbound, files, sandbox
            )
        finally:
            await outbound.close()
            await sandbox.close()
            await bus.close()
            await db.close()


def file_store(settings: Settings) -> FileStore:
    """Where pictures, voice and video are: in the bucket of the settings, or in a folder."""
    if settings.media_bucket is None:
        return Folder(settings.data_dir.absolute() / "media")
    return Bucket(
        settings.media_bucket,
        endpoint=settings.media_s3_endpoint,
        region=settings.media_s3_region,
        access_key=_secret(settings.media_s3_access_key),
        secret_key=_secret(settings.media_s3_secret_key),
    )


def _named(listed: str) -> frozenset[str]:
    return frozenset(each.strip() for each in listed.split(",")) - {""}


def _secret(setting: SecretStr | None) -> str | None:
    return setting.get_secret_value() if setting else None


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
