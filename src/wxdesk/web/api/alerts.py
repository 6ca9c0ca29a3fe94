"""How one is reached beside the page: devices that take pushes, addresses elsewhere, wishes."""

from datetime import datetime, time, timedelta
from typing import Annotated, Self

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StringConstraints

from wxdesk import ways
from wxdesk.desk import alerts, reaching
from wxdesk.desk.alerts import COMMON, Address, Device, Kind, TooManyPlaces, Wishes
from wxdesk.errors import NotFound
from wxdesk.runtime import Runtime
from wxdesk.speaking import normal_address, push_keys, push_to, say_to, takes_silence
from wxdesk.store import Unit
from wxdesk.ways import AddressRefused, EndpointRefused, Fate, Outcome, Subscription
from wxdesk.web.api.inputs import HOME, NO_NUL, NoBody, RowId, TimeZone
from wxdesk.web.deps import (
    AnAdmin,
    AnAgent,
    Now,
    OnlyAtAPage,
    OpenUnit,
    ReadUnit,
    TheRuntime,
    own_session,
)
from wxdesk.web.problems import problems

router = APIRouter(tags=["alerts"])

Name = Annotated[str, NO_NUL, StringConstraints(strip_whitespace=True, max_length=60)]
Locale = Annotated[str, NO_NUL, StringConstraints(pattern="^(zh-CN|en)$")]
Key = Annotated[str, NO_NUL, StringConstraints(min_length=1, max_length=200)]
Url = Annotated[str, NO_NUL, StringConstraints(min_length=1, max_length=1000)]
TEST_LIVES = timedelta(minutes=1)


class PlaceOut(BaseModel):
    """Where one is reached. `problem`: why the last try failed; empty: it did not."""

    id: int
    name: str
    added_at: datetime
    tried_at: datetime | None
    worked_at: datetime | None
    problem: str


class DeviceOut(PlaceOut):
    """A browser that takes pushes. `digest`: SHA-256 of its endpoint, by which it knows itself."""

    digest: str

    @classmethod
    def of(cls, device: Device) -> Self:
        return cls.model_validate(device, from_attributes=True)


class AddressOut(PlaceOut):
    """An address at another service; `shown`: masked."""

    shown: str

    @classmethod
    def of(cls, address: Address) -> Self:
        return cls.model_validate(address, from_attributes=True)


class WishesIn(BaseModel):
    """`muted`: of what one does not want to be told beside the page. Quiet hours: both or none."""

    muted: Annotated[list[Kind], Field(max_length=len(Kind))]
    quiet_from: time | None = None
    quiet_to: time | None = None
    timezone: TimeZone = HOME

    @classmethod
    def of(cls, wishes: Wishes) -> Self:
        return cls.model_validate(wishes, from_attributes=True)


class AlertsOut(BaseModel):
    """All of it. `push_key`: what browsers subscribe with; `schemes`: which addresses are taken."""

    push_key: str
    devices: list[DeviceOut]
    addresses: list[AddressOut]
    wishes: WishesIn
    schemes: list[str]


class Keys(BaseModel):
    p256dh: Key
    auth: Key


class DeviceIn(BaseModel):
    """A subscription, as the browser gives it. `name` "": what the browser and its system are.

    `expirationTime` is not heeded: what has ended is told by the push service.
    """

    endpoint: Url
    keys: Keys
    expiration_time: Annotated[float | None, Field(alias="expirationTime")] = None
    name: Name = ""
    locale: Locale = "zh-CN"


class AddressIn(BaseModel):
    """`url`: one of Apprise's, or the webhook of a group robot."""

    url: Url
    name: Name = ""
    locale: Locale = "zh-CN"


class AddressList(BaseModel):
    items: list[AddressOut]


class Tested(BaseModel):
    """How a test ended; `why`: a word where it did not arrive."""

    sent: bool
    why: str

    @classmethod
    def of(cls, outcome: Outcome) -> Self:
        return cls(sent=outcome.fate is Fate.SENT, why=outcome.why)


class Looked(BaseModel):
    """Whether a page is looked at; `page`: a name that it has given itself."""

    page: Annotated[str, StringConstraints(pattern=r"^[\w-]{8,40}$")]
    visible: bool


@router.get("/alerts", responses=problems())
async def read_alerts(agent: AnAgent, rt: TheRuntime, now: Now) -> AlertsOut:
    """Where one is reached beside the page, and what one wishes to hear there."""
    keys = await push_keys(rt)
    async with rt.db.reading() as unit:
        return await _all(unit, rt, agent.id, keys.public, now)


async def _all(unit: Unit, rt: Runtime, agent_id: int, key: str, now: datetime) -> AlertsOut:
    devices = (await alerts.devices_of(unit, [agent_id], now))[agent_id]
    addresses = (await alerts.addresses_of(unit, [agent_id]))[agent_id]
    wishes = (await alerts.wishes_of(unit, [agent_id]))[agent_id]
    return AlertsOut(
        push_key=key,
        devices=[DeviceOut.of(each) for each in devices],
        addresses=[AddressOut.of(each) for each in addresses],
        wishes=WishesIn.of(wishes),
        schemes=sorted(ways.SCHEMES | rt.address_rules.schemes),
    )


@router.put("/alerts/wishes", responses=problems())
async def set_wishes(wish: WishesIn, agent: AnAgent, unit: OpenUnit, now: Now) -> WishesIn:
    """Choose what one is told of beside the page, and the hours in which one is not."""
    both = wish.quiet_from is not None and wish.quiet_to is not None
    wishes = await alerts.set_wishes(
        unit,
        agent.id,
        muted=wish.muted,
        quiet=(wish.quiet_from, wish.quiet_to) if both else None,  # type: ignore[arg-type]
        timezone=wish.timezone,
    )
    await reaching.note_ways(unit, now=now)
    return WishesIn.of(wishes)


@router.put("/alerts/screen", status_code=204, responses=problems())
async def note_screen(looked: Looked, agent: AnAgent, unit: OpenUnit, now: Now) -> None:
    """A page says that it is looked at; again every two minutes, and when it is not any more."""
    await alerts.see(unit, agent.id, looked.page, visible=looked.visible, now=now)


@router.post(
    "/alerts/devices",
    status_code=201,
    responses=problems(EndpointRefused, TooManyPlaces, OnlyAtAPage),
)
async def add_device(
    wish: DeviceIn, request: Request, agent: AnAgent, rt: TheRuntime, unit: OpenUnit, now: Now
) -> DeviceOut:
    """This browser takes pushes for as long as one is signed in here; again: it still does."""
    ways.require_endpoint(wish.endpoint, rt.push_origins)
    Subscription.of(wish.endpoint, wish.keys.p256dh, wish.keys.auth)
    session = await own_session(request, unit, now)
    device = await alerts.add_device(
        unit,
        rt.vault,
        agent.id,
        session=session.digest,
        endpoint=wish.endpoint,
        p256dh=wish.keys.p256dh,
        auth=wish.keys.auth,
        name=wish.name or " · ".join(filter(None, (session.browser, session.system))),
        locale=wish.locale,
        silent_ok=takes_silence(wish.endpoint),
        now=now,
    )
    await reaching.note_ways(unit, now=now)
    return DeviceOut.of(device)


@router.delete("/alerts/devices/{device_id}", status_code=204, responses=problems(NotFound))
async def remove_device(device_id: RowId, agent: AnAgent, unit: OpenUnit, now: Now) -> None:
    """Nothing is pushed to it any more."""
    await alerts.remove_device(unit, device_id, agent_id=agent.id)
    await reaching.note_ways(unit, now=now)


@router.post("/alerts/devices/{device_id}/test", responses=problems(NotFound))
async def try_device(
    device_id: RowId, agent: AnAgent, rt: TheRuntime, now: Now, _body: NoBody = None
) -> Tested:
    """Push something to it now. One that is gone is forgotten."""
    async with rt.db.reading() as unit:
        device = await alerts.get_device(unit, device_id, agent_id=agent.id)
    note = reaching.test_note(device.locale)
    outcome = await push_to(rt, device, note, lives=TEST_LIVES, now=now)
    async with rt.db.unit() as unit:
        if outcome.fate is Fate.GONE:
            await alerts.remove_device(unit, device_id, agent_id=agent.id)
        else:
            kept = await alerts.get_device(unit, device_id, agent_id=agent.id)
            alerts.record_try(kept, why=outcome.why, now=now)
        await unit.session.flush()
        await reaching.note_ways(unit, now=now)
    return Tested.of(outcome)


@router.post(
    "/alerts/addresses", status_code=201, responses=problems(AddressRefused, TooManyPlaces)
)
async def add_address(wish: AddressIn, agent: AnAgent, rt: TheRuntime, now: Now) -> AddressOut:
    """Be told at another service, too."""
    return await _add(rt, agent.id, wish, now)


@router.delete("/alerts/addresses/{address_id}", status_code=204, responses=problems(NotFound))
async def remove_address(address_id: RowId, agent: AnAgent, unit: OpenUnit, now: Now) -> None:
    """Not be told there any more."""
    await alerts.remove_address(unit, address_id, agent_id=agent.id)
    await reaching.note_ways(unit, now=now)


@router.post("/alerts/addresses/{address_id}/test", responses=problems(NotFound))
async def try_address(
    address_id: RowId, agent: AnAgent, rt: TheRuntime, now: Now, _body: NoBody = None
) -> Tested:
    """Say something there now."""
    return await _test(rt, address_id, agent.id, now)


@router.get("/alerts/common", responses=problems())
async def list_common(_agent: AnAdmin, unit: ReadUnit) -> AddressList:
    """Where all who supervise are told: of broken promises, and of customers nobody takes."""
    found = (await alerts.addresses_of(unit, [COMMON]))[COMMON]
    return AddressList(items=[AddressOut.of(each) for each in found])


@router.post("/alerts/common", status_code=201, responses=problems(AddressRefused, TooManyPlaces))
async def add_common(wish: AddressIn, _agent: AnAdmin, rt: TheRuntime, now: Now) -> AddressOut:
    """Keep one for all who supervise."""
    return await _add(rt, None, wish, now)


@router.delete("/alerts/common/{address_id}", status_code=204, responses=problems(NotFound))
async def remove_common(address_id: RowId, _agent: AnAdmin, unit: OpenUnit) -> None:
    """Keep it no longer."""
    await alerts.remove_address(unit, address_id, agent_id=None)


@router.post("/alerts/common/{address_id}/test", responses=problems(NotFound))
async def try_common(
    address_id: RowId, _agent: AnAdmin, rt: TheRuntime, now: Now, _body: NoBody = None
) -> Tested:
    """Say something there now."""
    return await _test(rt, address_id, None, now)


async def _add(rt: Runtime, agent_id: int | None, wish: AddressIn, now: datetime) -> AddressOut:
    url = await normal_address(wish.url, rt.address_rules)
    async with rt.db.unit() as unit:
        address = await alerts.add_address(
            unit,
            rt.vault,
            agent_id,
            url=url,
            shown=ways.masked(url),
            name=wish.name,
            locale=wish.locale,
            now=now,
        )
        await reaching.note_ways(unit, now=now)
        return AddressOut.of(address)


async def _test(rt: Runtime, address_id: int, agent_id: int | None, now: datetime) -> Tested:
    async with rt.db.reading() as unit:
        address = await alerts.get_address(unit, address_id, agent_id=agent_id)
    outcome = await say_to(rt, address, reaching.test_note(address.locale))
    async with rt.db.unit() as unit:
        kept = await alerts.get_address(unit, address_id, agent_id=agent_id)
        alerts.record_try(kept, why=outcome.why, now=now)
        await unit.session.flush()
        await reaching.note_ways(unit, now=now)
    return Tested.of(outcome)
