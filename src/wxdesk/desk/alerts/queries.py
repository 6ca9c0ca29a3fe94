"""Every SQL statement about alerts, where they are sent, and who looks at what."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, or_, select, union, update
from sqlalchemy.dialects import postgresql, sqlite

from wxdesk.desk.agents import Agent, Role, Session
from wxdesk.desk.alerts.model import (
    COMMON,
    OPEN,
    Address,
    Alert,
    Device,
    Kind,
    PushKey,
    Screen,
    Sending,
    Wishes,
)
from wxdesk.store import Unit

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
_UNSYNCED = {"synchronize_session": False}


def _insert(unit: Unit, table: Any) -> Any:
    is_sqlite = unit.session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


async def upsert(unit: Unit, rows: Sequence[Mapping[str, Any]]) -> None:
    """Raise alerts; one that is open is counted, and told anew."""
    for row in rows:
        new = _insert(unit, Alert).values(row)
        await unit.session.execute(
            new.on_conflict_do_update(
                index_elements=["agent_id", "key"],
                index_where=OPEN,
                set_={
                    "count": Alert.count + new.excluded.count,
                    "newest_at": new.excluded.newest_at,
                    "until": new.excluded.until,
                    "due_at": new.excluded.due_at,
                    "facts": new.excluded.facts,
                    "ways": new.excluded.ways,
                },
            ),
            execution_options=_UNSYNCED,
        )


async def look_at_once(
    unit: Unit, *, conversation_ids: Collection[int] = (), agent_id: int | None = None
) -> bool:
    """Whether there is any open alert of these to look at."""
    of = Alert.agent_id == agent_id if agent_id else Alert.conversation_id.in_(conversation_ids)
    found = await unit.session.scalars(
        update(Alert).where(of, Alert.done_at.is_(None)).values(due_at=AT_ONCE).returning(Alert.id),
        execution_options=_UNSYNCED,
    )
    return bool(found.all())


async def claim_due(unit: Unit, *, now: datetime, limit: int) -> Sequence[Alert]:
    """Open alerts that are to be looked at, locked until the unit ends; soonest first."""
    query = select(Alert).where(Alert.done_at.is_(None), Alert.due_at <= now)
    query = query.order_by(Alert.due_at, Alert.id).limit(limit).with_for_update(skip_locked=True)
    return (await unit.session.scalars(query)).all()


async def claim_sendings(
    unit: Unit, *, now: datetime, lease: timedelta, limit: int
) -> Sequence[Sending]:
    """Take what is due for one sender; whose sender has died is due again when its time is over."""
    due = (
        select(Sending.id)
        .where(Sending.due_at <= now)
        .order_by(Sending.due_at, Sending.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    claimed = await unit.session.scalars(
        update(Sending)
        .where(Sending.id.in_(select(due.c.id)))
        .values(due_at=now + lease, tries=Sending.tries + 1)
        .returning(Sending),
        execution_options={"populate_existing": True},
    )
    return sorted(claimed, key=lambda sending: sending.id)


async def alerts_by_ids(unit: Unit, ids: Collection[int]) -> Mapping[int, Alert]:
    found = await unit.session.scalars(select(Alert).where(Alert.id.in_(ids)))
    return {each.id: each for each in found}


async def get_alert(unit: Unit, alert_id: int) -> Alert:
    """One of which a sending was just claimed, locked."""
    query = unit.locking(select(Alert).where(Alert.id == alert_id))
    return (await unit.session.scalars(query)).one()


async def drop_sendings(unit: Unit, alert_id: int) -> None:
    await unit.session.execute(
        delete(Sending).where(Sending.alert_id == alert_id), execution_options=_UNSYNCED
    )


async def devices_by_ids(unit: Unit, ids: Collection[int]) -> Mapping[int, Device]:
    found = await unit.session.scalars(select(Device).where(Device.id.in_(ids)))
    return {each.id: each for each in found}


async def addresses_by_ids(unit: Unit, ids: Collection[int]) -> Mapping[int, Address]:
    found = await unit.session.scalars(select(Address).where(Address.id.in_(ids)))
    return {each.id: each for each in found}


def _live() -> Select[Device]:
    """Devices of those who are still signed in there; SQL looks at the time."""
    return select(Device).join(Session, Session.digest == Device.session)


async def devices_of(
    unit: Unit, agent_ids: Collection[int], now: datetime
) -> Mapping[int, Sequence[Device]]:
    """By agent, oldest first, those whose sign-in lasts."""
    query = _live().where(Device.agent_id.in_(agent_ids), Session.expires_at > now)
    found: dict[int, list[Device]] = {agent_id: [] for agent_id in agent_ids}
    for device in await unit.session.scalars(query.order_by(Device.id)):
        found[device.agent_id].append(device)
    return found


async def addresses_of(unit: Unit, agent_ids: Collection[int]) -> Mapping[int, Sequence[Address]]:
    """By agent, oldest first; ``COMMON``: the common ones."""
    own = Address.agent_id.in_([each for each in agent_ids if each != COMMON])
    common = Address.agent_id.is_(None) if COMMON in agent_ids else own
    query = select(Address).where(or_(own, common)).order_by(Address.id)
    found: dict[int, list[Address]] = {agent_id: [] for agent_id in agent_ids}
    for address in await unit.session.scalars(query):
        found[address.agent_id or COMMON].append(address)
    return found


async def having_ways(unit: Unit, agent_ids: Collection[int]) -> set[int]:
    """Those of the agents who may be reached beside the page; ``COMMON``: by common addresses."""
    by_device = select(Device.agent_id).where(Device.agent_id.in_(agent_ids))
    own = or_(Address.agent_id.in_(agent_ids), Address.agent_id.is_(None))
    by_address = select(func.coalesce(Address.agent_id, COMMON)).where(own)
    found = set(await unit.session.scalars(union(by_device, by_address)))
    return found & set(agent_ids)


async def supervisors(unit: Unit) -> Sequence[int]:
    query = select(Agent.id).where(Agent.active, Agent.role != Role.AGENT)
    return (await unit.session.scalars(query)).all()


async def reached(unit: Unit, now: datetime) -> set[int]:
    """Agents whom an offer would reach though no page of theirs is open, as far as is known."""
    by_device = select(Device.agent_id).join(Session, Session.digest == Device.session)
    by_device = by_device.where(Session.expires_at > now, Device.problem == "")
    by_address = select(Address.agent_id).where(Address.agent_id.is_not(None))
    by_address = by_address.where(Address.problem == "")
    ways = union(by_device, by_address).subquery()
    query = select(ways.c.agent_id, Wishes).outerjoin(Wishes, Wishes.agent_id == ways.c.agent_id)
    return {
        row[0]
        for row in await unit.session.execute(query)
        if row[1] is None or Kind.OFFER.value not in row[1].muted
    }


async def wishes_of(unit: Unit, agent_ids: Collection[int]) -> Mapping[int, Wishes]:
    """Of each of these agents, the usual where they have not said."""
    found = await unit.session.scalars(select(Wishes).where(Wishes.agent_id.in_(agent_ids)))
    said = {each.agent_id: each for each in found}
    return {each: said.get(each) or Wishes.usual(each) for each in agent_ids}


async def last_visible(unit: Unit, agent_ids: Collection[int]) -> Mapping[int, datetime]:
    """Until when a page of theirs said that it is looked at."""
    query = (
        select(Screen.agent_id, func.max(Screen.visible_until))
        .where(Screen.agent_id.in_(agent_ids))
        .group_by(Screen.agent_id)
    )
    return {row[0]: row[1] for row in await unit.session.execute(query)}


async def put_screen(unit: Unit, agent_id: int, page: str, visible_until: datetime) -> None:
    row = {"agent_id": agent_id, "page": page, "visible_until": visible_until}
    new = _insert(unit, Screen).values(row)
    await unit.session.execute(
        new.on_conflict_do_update(
            index_elements=["agent_id", "page"], set_={"visible_until": visible_until}
        ),
        execution_options=_UNSYNCED,
    )


async def find_device(unit: Unit, digest: str) -> Device | None:
    return await unit.session.scalar(select(Device).where(Device.digest == digest))


async def count_devices(unit: Unit, agent_id: int) -> int:
    query = select(func.count()).select_from(Device).where(Device.agent_id == agent_id)
    return await unit.session.scalar(query) or 0


async def drop_devices_signed_out(unit: Unit, now: datetime) -> None:
    """Devices whose sign-in is over."""
    live = select(Session.digest).where(Session.expires_at > now)
    await unit.session.execute(
        delete(Device).where(Device.session.not_in(live)), execution_options=_UNSYNCED
    )


async def keys_known(unit: Unit) -> bytes | None:
    """Our own keys, sealed; None until somebody needs them."""
    return await unit.session.scalar(select(PushKey.sealed).where(PushKey.id == 1))


async def keep_keys(unit: Unit, sealed: bytes) -> bytes:
    """Those that are known, unless somebody was quicker."""
    new = _insert(unit, PushKey).values(id=1, sealed=sealed).on_conflict_do_nothing()
    await unit.session.execute(new)
    return await keys_known(unit) or sealed


async def keys_raised(unit: Unit, keys: Collection[str]) -> set[str]:
    """Those under which something was raised, open or not."""
    return set(await unit.session.scalars(select(Alert.key).where(Alert.key.in_(keys))))


async def forget_before(unit: Unit, moment: datetime, *, now: datetime) -> None:
    """Forget alerts that were settled long ago, pages that are gone, devices signed out."""
    old = select(Alert.id).where(Alert.newest_at < moment)
    for query in (
        delete(Sending).where(Sending.alert_id.in_(old)),
        delete(Alert).where(Alert.newest_at < moment),
        delete(Screen).where(Screen.visible_until < moment),
    ):
        await unit.session.execute(query, execution_options=_UNSYNCED)
    await drop_devices_signed_out(unit, now)


async def place_of(unit: Unit, sending: Sending) -> Device | Address | None:
    """Where it goes, locked; None where the place is gone, or somebody else has done it."""
    if await unit.session.scalar(select(Sending.id).where(Sending.id == sending.id)) is None:
        return None
    if sending.device_id is not None:
        device = select(Device).where(Device.id == sending.device_id)
        return await unit.session.scalar(unit.locking(device))
    address = select(Address).where(Address.id == sending.address_id)
    return await unit.session.scalar(unit.locking(address))


async def drop_sending(unit: Unit, sending_id: int) -> None:
    await unit.session.execute(
        delete(Sending).where(Sending.id == sending_id), execution_options=_UNSYNCED
    )


async def put_off_sending(unit: Unit, sending_id: int, until: datetime) -> None:
    await unit.session.execute(
        update(Sending).where(Sending.id == sending_id).values(due_at=until),
        execution_options=_UNSYNCED,
    )
