"""What is astray: waits in no line, of no group, by no level; loads that are not what they are."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.groups import Group
from wxdesk.desk.levels import Level
from wxdesk.desk.routing.model import Assignment, Seat, Wait
from wxdesk.store import Unit

_OPEN = Assignment.ended_at.is_(None)


_WITHOUT_GROUP = (
    select(Wait)
    .outerjoin(Group, Group.id == Wait.group_id)
    .where(Wait.group_id.is_not(None), Group.id.is_(None))
)


async def anybody_without_group(unit: Unit) -> bool:
    return bool(await unit.session.scalar(select(_WITHOUT_GROUP.exists())))


async def without_group(unit: Unit, *, limit: int) -> Sequence[Wait]:
    """Those who wait for a group that was thrown away."""
    query = _WITHOUT_GROUP.order_by(Wait.since).limit(limit)
    return (await unit.session.scalars(query)).all()


async def without_level(unit: Unit, *, limit: int) -> Sequence[Wait]:
    """Those who wait by a level that was retired."""
    query = select(Wait).join(Level, Level.id == Wait.level_id)
    query = query.where(Level.retired_at.is_not(None)).order_by(Wait.since)
    return (await unit.session.scalars(query.limit(limit))).all()


async def unqueued(unit: Unit, *, limit: int) -> Sequence[int]:
    """Conversations that wait for nobody in particular and stand in no line."""
    query = (
        select(Conversation.id)
        .outerjoin(Wait, Wait.conversation_id == Conversation.id)
        .where(Conversation.state == ConversationState.WAITING, Wait.conversation_id.is_(None))
        .order_by(Conversation.id)
        .limit(limit)
    )
    return (await unit.session.scalars(query)).all()


async def underrated(unit: Unit, *, limit: int) -> Mapping[Wait, int]:
    """Those who wait with a worse level than their contact has by now, with that level."""
    query = (
        select(Wait, Level.id)
        .join(Conversation, Conversation.id == Wait.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .join(Level, Level.id == Contact.level_id)
        .where(Level.retired_at.is_(None), Level.rank < Wait.rank)
        .order_by(Wait.since)
        .limit(limit)
    )
    return {row[0]: row[1] for row in await unit.session.execute(query)}


async def wrong_loads(unit: Unit) -> Mapping[int, int]:
    """By agent, by how much their load is less than what they have. One statement: one moment."""
    counted = (
        select(Assignment.agent_id, func.sum(Assignment.weight).label("units"))
        .where(_OPEN, Assignment.rests_since.is_(None))
        .group_by(Assignment.agent_id)
        .subquery()
    )
    off = func.coalesce(counted.c.units, 0) - Seat.load
    query = select(Seat.agent_id, off).outerjoin(counted, counted.c.agent_id == Seat.agent_id)
    rows = await unit.session.execute(query.where(off != 0).order_by(Seat.agent_id))
    return {row[0]: int(row[1]) for row in rows}
