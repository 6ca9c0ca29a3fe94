"""Who waits: statements about waits, one by one or those of certain agents and groups."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import CursorResult, delete, func, select

from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.routing.model import Wait
from wxdesk.store import Unit
from wxdesk.store.bulk import add_all, update_all


async def insert_waits(unit: Unit, waits: Sequence[Wait]) -> None:
    """Insert new waits for which no agent was looked for; see ``add_all``."""
    await add_all(unit, waits)


async def update_looked(unit: Unit, waits: Sequence[Wait]) -> None:
    """Write that an agent was looked for, for waits that are held; see ``update_all``."""
    await update_all(unit, waits, _LOOKED, key="conversation_id")


_LOOKED = (
    *("looked", "first_looked_at", "held_until", "next_at"),
    *("ring", "rings", "need", "line", "excluded"),
)


async def oldest_unheld(unit: Unit) -> tuple[int, datetime] | None:
    """Who has waited longest of those who are neither offered to an agent nor held for one."""
    free = select(Wait.conversation_id, Wait.since).where(
        Wait.offered_to.is_(None), Wait.held_until.is_(None)
    )
    row = (await unit.session.execute(free.order_by(Wait.since).limit(1))).first()
    return (row[0], row[1]) if row else None


async def find_wait(unit: Unit, conversation_id: int) -> Wait | None:
    """A wait, locked if the unit writes. Its conversation is to be locked before it."""
    return await unit.session.scalar(
        unit.locking(select(Wait).where(Wait.conversation_id == conversation_id)),
        execution_options={"populate_existing": True},
    )


async def find_offer(unit: Unit, conversation_id: int) -> int | None:
    """To whom a conversation is offered; read without a lock."""
    query = select(Wait.offered_to).where(Wait.conversation_id == conversation_id)
    return await unit.session.scalar(query)


async def waits_by_ids(unit: Unit, conversation_ids: Collection[int]) -> Mapping[int, Wait]:
    query = select(Wait).where(Wait.conversation_id.in_(conversation_ids))
    return {each.conversation_id: each for each in await unit.session.scalars(query)}


async def hold_waiting(unit: Unit, conversation_ids: Collection[int]) -> dict[int, Conversation]:
    """Of those who wait there whose conversations nobody else holds: locked with their waits.

    Both are as they are by now, whatever this unit knew of them. For whoever holds other locks
    already, and must not wait for these.
    """
    query = (
        select(Conversation, Wait)
        .join(Wait, Wait.conversation_id == Conversation.id)
        .where(Conversation.id.in_(conversation_ids))
        .where(Conversation.state == ConversationState.WAITING)
        .with_for_update(skip_locked=True, key_share=True)
    )
    rows = await unit.session.execute(query, execution_options={"populate_existing": True})
    return {conversation.id: conversation for conversation, _ in rows}


async def held_for(unit: Unit, agent_id: int) -> Sequence[Wait]:
    """Those who are held for an agent they know, longest waiting first."""
    query = select(Wait).where(
        Wait.familiar_id == agent_id, Wait.held_until.is_not(None), Wait.offered_to.is_(None)
    )
    return (await unit.session.scalars(query.order_by(Wait.since, Wait.conversation_id))).all()


async def offered_to(unit: Unit, agent_id: int) -> Sequence[Wait]:
    query = select(Wait).where(Wait.offered_to == agent_id)
    return (await unit.session.scalars(query.order_by(Wait.since))).all()


async def remove_wait(unit: Unit, conversation_id: int) -> bool:
    """Nobody waits there any more; whether somebody did."""
    done = await unit.session.execute(
        delete(Wait).where(Wait.conversation_id == conversation_id),
        execution_options={"synchronize_session": "evaluate"},
    )
    return bool(cast(CursorResult[Any], done).rowcount)


async def count_all_waiting(unit: Unit) -> int:
    return await unit.session.scalar(select(func.count()).select_from(Wait)) or 0


class GroupWaits(NamedTuple):
    """How many wait in a group, or in none, and since when the first of them does."""

    group_id: int | None
    waiting: int
    oldest: datetime


async def waits_by_group(unit: Unit) -> Sequence[GroupWaits]:
    """All who wait, counted by group; the group that has waited longest first."""
    oldest = func.min(Wait.since)
    rows = await unit.session.execute(
        select(Wait.group_id, func.count(), oldest).group_by(Wait.group_id).order_by(oldest)
    )
    return [GroupWaits(*row) for row in rows]


async def count_waiting(unit: Unit, group_ids: Collection[int]) -> Mapping[int, int]:
    query = select(Wait.group_id, func.count()).where(Wait.group_id.in_(group_ids))
    rows = await unit.session.execute(query.group_by(Wait.group_id))
    return {row[0]: row[1] for row in rows if row[0] is not None}
