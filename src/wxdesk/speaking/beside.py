"""Saying something to an agent beside their page: on a device, or at an address elsewhere."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from wxdesk import ways
from wxdesk.desk import alerts
from wxdesk.desk.alerts import Address, Device
from wxdesk.desk.reaching import Note
from wxdesk.runtime import Runtime
from wxdesk.ways import (
    AddressRules,
    EndpointRefused,
    Fate,
    Outcome,
    PushKeys,
    PushNote,
    Subscription,
)

MOST_AT_ONCE = 4
PATIENCE_SECONDS = 30.0
_threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="address")
"""Services that take their time hold up each other, and nothing else of the desk."""


async def push_keys(rt: Runtime) -> PushKeys:
    """Who we are to push services: by the settings, else generated once into the database."""
    if given := rt.settings.push_private_key:
        return PushKeys.read(given.get_secret_value())
    async with rt.db.reading() as unit:
        sealed = await alerts.keys_known(unit)
    if sealed is None:
        async with rt.db.unit() as unit:
            sealed = await alerts.own_keys(unit, rt.vault.seal(PushKeys.new().private))
    return PushKeys.read(rt.vault.open(sealed))


async def push_to(
    rt: Runtime, device: Device, note: Note, *, lives: timedelta, now: datetime
) -> Outcome:
    """Push a note to a device."""
    kept = json.loads(rt.vault.open(device.sealed))
    try:
        ways.require_endpoint(kept["endpoint"], rt.push_origins)
    except EndpointRefused as error:
        return Outcome(Fate.REFUSED, error.code)
    content = json.dumps({"at": now.isoformat(), **asdict(note)}, ensure_ascii=False).encode()
    pushed = PushNote(content, note.tag, lives)
    subscription = Subscription.of(kept["endpoint"], kept["p256dh"], kept["auth"])
    keys = await push_keys(rt)
    subject = rt.settings.push_subject
    return await ways.push(rt.http, subscription, pushed, keys, subject=subject, now=now)


async def say_to(rt: Runtime, address: Address, note: Note) -> Outcome:
    """Say a note at an address, with where it leads to."""
    body = "\n".join(part for part in (note.body, f"{rt.settings.base_url}{note.url}") if part)
    url = rt.vault.open(address.sealed)
    loop = asyncio.get_running_loop()
    said = loop.run_in_executor(_threads, ways.say, url, note.title, body, rt.address_rules)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await said
    except TimeoutError:
        return Outcome(Fate.LATER, "timeout")


async def normal_address(url: str, rules: AddressRules) -> str:
    """An address as it is kept.

    Raises:
        AddressRefused: See ``ways.normal``.
    """
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, ways.normal, url, rules)


def takes_silence(endpoint: str) -> bool:
    """Whether a push may show nothing: where it may not, subscriptions are ended for it."""
    return not (urlsplit(endpoint).hostname or "").endswith("push.apple.com")
