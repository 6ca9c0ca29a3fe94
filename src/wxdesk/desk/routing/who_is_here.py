"""Who is here, and what room they have: every statement about seats, and about the desk's row."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from wxdesk.desk import groups
from wxdesk.desk.agents import Agent as Person
from wxdesk.desk.routing.model import CAPACITY, THE_DESK, WITHIN_REACH, Desk, Seat
from wxdesk.desk.routing.snapshot import Agent, Presence
from wxdesk.desk.routing.terms import Terms
from wxdesk.errors import NotFound
from wxdesk.store import Unit

HERE_WITHIN = timedelta(minutes=2)
NEARLY = 2 / 3
"""Of the silence that counts; pages are heard of more often, and no request is late by the rest."""
BEFORE_ANY = datetime(2000, 1, 1, tzinfo=UTC)


async def lock_desk(unit: Unit) -> Desk:
    """The desk's row, locked: one decision at a time."""
    found = await unit.session.scalars(
        select(Desk).where(Desk.id == THE_DESK).with_for_update(),
        execution_options={"populate_existing": True},
    )
    return found.one()


async def read_desk(unit: Unit) -> Desk:
    return (await unit.session.scalars(select(Desk).where(Desk.id == THE_DESK))).one()


async def repairs(unit: Unit) -> int:
    return await unit.session.scalar(select(Desk.repairs).where(Desk.id == THE_DESK)) or 0


async def list_seats(unit: Unit, *, only: Iterable[int] | None = None) -> Sequence[Seat]:
    """Of everybody who works here, as they are by now."""
    query = select(Seat).join(Person, Person.id == Seat.agent_id).where(Person.active)
    if only is not None:
        query = query.where(Seat.agent_id.in_(list(only)))
    found = await unit.session.scalars(
        query.order_by(Seat.agent_id), execution_options={"populate_existing": True}
    )
    return found.all()


async def read_agents(
    unit: Unit, known: Terms, now: datetime, *, only: Iterable[int] | None = None
) -> dict[int, Agent]:
    """Everybody who may be given conversations, as decisions see them."""
    seats = await list_seats(unit, only=only)
    memberships: Mapping[int, Sequence[int]] = await groups.groups_of(
        unit, [each.agent_id for each in seats]
    )
    return {
        each.agent_id: each.agent(
            now,
            group_ids=frozenset(memberships.get(each.agent_id, ())),
            silence=known.plan.silence,
        )
        for each in seats
    }


async def seats_by_ids(unit: Unit, agent_ids: Collection[int]) -> Sequence[Seat]:
    return (await unit.session.scalars(select(Seat).where(Seat.agent_id.in_(agent_ids)))).all()


async def get_seat(unit: Unit, agent_id: int) -> Seat:
    """An agent's seat, locked if the unit writes; made where there is none yet.

    Whoever holds one seat must not wait for another, unless they hold the desk.
    """
    query = unit.locking(select(Seat).where(Seat.agent_id == agent_id))
    seat = await unit.session.scalar(query, execution_options={"populate_existing": True})
    if seat is not None:
        return seat
    if await unit.session.get(Person, agent_id) is None:
        raise NotFound(f"there is no agent {agent_id}")
    if not unit.writing:
        return new_seat(agent_id)
    await _make_seat(unit, agent_id)
    return (await unit.session.scalars(query)).one()


async def _make_seat(unit: Unit, agent_id: int) -> None:
    """Unless somebody else makes it at the same moment."""
    new = new_seat(agent_id)
    values = {name: getattr(new, name) for name in _OF_NEW_SEAT}
    is_sqlite = unit.session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(Seat) if is_sqlite else postgresql.insert(Seat)
    await unit.session.execute(insert.values(values).on_conflict_do_nothing())


_OF_NEW_SEAT = (
    *("agent_id", "presence", "missed", "capacity", "skills", "load", "hungry", "version"),
    "alerted",
)


def new_seat(agent_id: int) -> Seat:
    """Of somebody who was never here."""
    return Seat(
        agent_id=agent_id,
        presence=Presence.OFFLINE,
        missed=0,
        capacity=CAPACITY,
        skills={},
        load=0,
        hungry=False,
        alerted=False,
        version=1,
    )


async def record_seen(
    unit: Unit, agent_ids: Collection[int], now: datetime, *, silence: timedelta
) -> Collection[int]:
    """They are there; that changes nothing that others see. Those whose seats somebody holds.

    Whoever was silent for so long got nothing meanwhile, and looks for work now. Who was nearly so
    long looks, too: a round with a later clock than this may have passed them over. Who has no
    seat yet gets one.
    """
    known = set(
        await unit.session.scalars(select(Seat.agent_id).where(Seat.agent_id.in_(agent_ids)))
    )
    for agent_id in sorted(set(agent_ids) - known):
        await get_seat(unit, agent_id)
    free = select(Seat.agent_id).where(Seat.agent_id.in_(agent_ids))
    was_silent = or_(Seat.seen_at.is_(None), Seat.seen_at < now - silence * NEARLY)
    seen = await unit.session.scalars(
        update(Seat)
        .where(Seat.agent_id.in_(free.with_for_update(skip_locked=True, key_share=True)))
        .values(seen_at=now, hungry=or_(Seat.hungry, was_silent))
        .returning(Seat.agent_id),
        execution_options={"synchronize_session": False},
    )
    return set(agent_ids) - set(seen)


async def absent_of(unit: Unit, agent_ids: Collection[int], now: datetime) -> Collection[int]:
    """Those of the agents of whom no page has been seen lately."""
    here = select(Seat.agent_id).where(Seat.agent_id.in_(agent_ids))
    seen = await unit.session.scalars(here.where(Seat.seen_at >= now - HERE_WITHIN))
    return set(agent_ids) - set(seen)


def within_reach(now: datetime) -> ColumnElement[bool]:
    """``Seat.is_within_reach``, in SQL; never null."""
    seen_lately = func.coalesce(Seat.seen_at, BEFORE_ANY) > now - WITHIN_REACH
    takes = and_(Seat.presence == Presence.ONLINE, Seat.paused_since.is_(None))
    return and_(Seat.alerted, takes, seen_lately)


async def set_alerted(unit: Unit, agent_ids: Collection[int]) -> Collection[int]:
    """These agents, and no others, hear of offers beside their pages; those who are new to it.

    Who is new to it looks for work, if they are here. Seats that somebody holds are left for the
    next time.
    """
    new = and_(~Seat.alerted, Seat.agent_id.in_(agent_ids))
    over = and_(Seat.alerted, Seat.agent_id.not_in(agent_ids))
    free = select(Seat.agent_id).where(or_(new, over))
    found = await unit.session.scalars(
        update(Seat)
        .where(Seat.agent_id.in_(free.with_for_update(skip_locked=True, key_share=True)))
        .values(alerted=~Seat.alerted, hungry=or_(Seat.hungry, ~Seat.alerted))
        .returning(Seat.agent_id),
        execution_options={"synchronize_session": False},
    )
    return set(found) & set(agent_ids)


async def anybody_here(unit: Unit, now: datetime) -> bool:
    """Whether somebody has the desk's page open, or is at work where they are reached otherwise."""
    in_wechat = and_(Seat.presence == Presence.ONLINE, Seat.reachable_until > now)
    here = or_(Seat.seen_at >= now - HERE_WITHIN, in_wechat, within_reach(now))
    query = select(Seat.agent_id).where(here).limit(1)
    return await unit.session.scalar(query) is not None


async def count_present(unit: Unit) -> Mapping[Presence, int]:
    """How many are what, of those who work here."""
    query = (
        select(Seat.presence, func.count())
        .join(Person, Person.id == Seat.agent_id)
        .where(Person.active)
        .group_by(Seat.presence)
    )
    rows = await unit.session.execute(query)
    return dict.fromkeys(Presence, 0) | {row[0]: row[1] for row in rows}


async def let_all_look(unit: Unit) -> None:
    """Everybody who is here is asked what they could take."""
    await unit.session.execute(
        update(Seat).where(Seat.presence == Presence.ONLINE).values(hungry=True),
        execution_options={"synchronize_session": False},
    )


async def sate(unit: Unit) -> Sequence[int]:
    """Those who are hungry, and are asked now what they could take.

    As they were read before they may have had no room: whoever asks reads them again.
    """
    found = await unit.session.scalars(
        update(Seat).where(Seat.hungry).values(hungry=False).returning(Seat.agent_id),
        execution_options={"synchronize_session": False},
    )
    return sorted(found)


async def let_look(unit: Unit, agent_ids: Collection[int]) -> None:
    """They are to be asked again."""
    await unit.session.execute(
        update(Seat).where(Seat.agent_id.in_(agent_ids)).values(hungry=True),
        execution_options={"synchronize_session": False},
    )


async def claim_room(
    unit: Unit, agent_id: int, *, load: int, weight: int, most: int, now: datetime
) -> bool:
    """Take room of an agent who is as a decision saw them; whether they were."""
    done = await unit.session.execute(
        update(Seat)
        .where(Seat.agent_id == agent_id, Seat.load == load, Seat.load + weight <= most)
        .where(Seat.presence == Presence.ONLINE, Seat.paused_since.is_(None))
        .values(load=Seat.load + weight, last_assigned_at=now, version=Seat.version + 1),
        execution_options={"synchronize_session": False},
    )
    return bool(cast(CursorResult[Any], done).rowcount)


async def change_load(unit: Unit, agent_id: int, by: int, *, hungry: bool) -> None:
    """Room was given back, or taken without asking."""
    values = {"load": Seat.load + by, "version": Seat.version + 1}
    if hungry:
        values["hungry"] = True  # type: ignore[assignment]
    await unit.session.execute(
        update(Seat).where(Seat.agent_id == agent_id).values(values),
        execution_options={"synchronize_session": False},
    )
