"""Where agents are reached: their devices and addresses, what they wish, what they look at."""

import hashlib
import json
from collections.abc import Collection
from datetime import datetime, time, timedelta

from wxdesk.desk.alerts import queries
from wxdesk.desk.alerts.actions import look_again_for
from wxdesk.desk.alerts.model import COMMON, Address, Device, Kind, Wishes
from wxdesk.errors import Conflict, NotFound
from wxdesk.store import Unit, Vault
from wxdesk.store.database import take_turn

MOST_PLACES = 10
"""Devices of an agent, and addresses; and common addresses."""

VISIBLE_FOR = timedelta(minutes=5)
"""So long a page is believed to be looked at; it says so again before, and says when it is not."""


class TooManyPlaces(Conflict):
    """There are as many as there may be."""

    code = "too_many_places"


async def add_device(
    unit: Unit,
    vault: Vault,
    agent_id: int,
    *,
    session: str,
    endpoint: str,
    p256dh: str,
    auth: str,
    name: str,
    locale: str,
    silent_ok: bool,
    now: datetime,
) -> Device:
    """A browser takes pushes; the same one again, whoever sits at it now, is the same device.

    Raises:
        TooManyPlaces: Take one away first.
    """
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    await take_turn(unit, "devices")
    device = await queries.find_device(unit, digest)
    if device is None or device.agent_id != agent_id:
        await queries.drop_devices_signed_out(unit, now)
        if await queries.count_devices(unit, agent_id) >= MOST_PLACES:
            raise TooManyPlaces("there are enough", most=MOST_PLACES)
    if device is None:
        device = Device(digest=digest, added_at=now, problem="")
        unit.session.add(device)
    device.agent_id, device.session, device.name, device.locale = agent_id, session, name, locale
    device.sealed = vault.seal(json.dumps({"endpoint": endpoint, "p256dh": p256dh, "auth": auth}))
    device.silent_ok, device.problem = silent_ok, ""
    await unit.session.flush()
    return device


async def get_device(unit: Unit, device_id: int, *, agent_id: int) -> Device:
    """One's own.

    Raises:
        NotFound: There is none.
    """
    device = await unit.session.get(Device, device_id)
    if device is None or device.agent_id != agent_id:
        raise NotFound(f"there is no device {device_id}")
    return device


async def remove_device(unit: Unit, device_id: int, *, agent_id: int) -> None:
    """Nothing is pushed to it any more."""
    await unit.session.delete(await get_device(unit, device_id, agent_id=agent_id))
    await unit.session.flush()


async def add_address(
    unit: Unit,
    vault: Vault,
    agent_id: int | None,
    *,
    url: str,
    shown: str,
    name: str,
    locale: str,
    now: datetime,
) -> Address:
    """An agent's, or a common one.

    Raises:
        TooManyPlaces: Take one away first.
    """
    whose = agent_id or COMMON
    if len((await queries.addresses_of(unit, [whose]))[whose]) >= MOST_PLACES:
        raise TooManyPlaces("there are enough", most=MOST_PLACES)
    address = Address(
        agent_id=agent_id,
        sealed=vault.seal(url),
        shown=shown,
        name=name,
        locale=locale,
        added_at=now,
        problem="",
    )
    unit.session.add(address)
    await unit.session.flush()
    return address


async def get_address(unit: Unit, address_id: int, *, agent_id: int | None) -> Address:
    """One's own; None: a common one.

    Raises:
        NotFound: There is none.
    """
    address = await unit.session.get(Address, address_id)
    if address is None or address.agent_id != agent_id:
        raise NotFound(f"there is no address {address_id}")
    return address


async def remove_address(unit: Unit, address_id: int, *, agent_id: int | None) -> None:
    """Nothing is said there any more."""
    await unit.session.delete(await get_address(unit, address_id, agent_id=agent_id))
    await unit.session.flush()


def record_try(place: Device | Address, *, why: str, now: datetime) -> None:
    """Note how a test ended; "": well."""
    place.tried_at, place.problem = now, why
    if not why:
        place.worked_at = now


async def set_wishes(
    unit: Unit,
    agent_id: int,
    *,
    muted: Collection[Kind],
    quiet: tuple[time, time] | None,
    timezone: str,
) -> Wishes:
    """What an agent wants to be told of beside the page, and when not."""
    await take_turn(unit, f"wishes of {agent_id}")
    wishes = await unit.session.get(Wishes, agent_id)
    if wishes is None:
        wishes = Wishes.usual(agent_id)
        unit.session.add(wishes)
    wishes.muted = sorted(set(muted))
    wishes.quiet_from, wishes.quiet_to = quiet or (None, None)
    wishes.timezone = timezone
    await unit.session.flush()
    await look_again_for(unit, agent_id)
    return wishes


async def see(unit: Unit, agent_id: int, page: str, *, visible: bool, now: datetime) -> None:
    """A page says that it is looked at, or is not any more."""
    await queries.put_screen(unit, agent_id, page, now + VISIBLE_FOR if visible else now)
    if not visible:
        await look_again_for(unit, agent_id)


async def own_keys(unit: Unit, fresh: bytes) -> bytes:
    """Our own keys for push services, sealed: those that are known, else these from now on."""
    return await queries.keys_known(unit) or await queries.keep_keys(unit, fresh)
