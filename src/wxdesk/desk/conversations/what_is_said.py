"""Every SQL statement about messages; of those that are parked, see ``what_is_parked``."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, tuple_

from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations.model import Direction, Incoming, Message, MessageState
from wxdesk.errors import NotFound
from wxdesk.store import Unit
from wxdesk.store.bulk import insert_all

SHOWN = or_(
    Message.state.is_(None), Message.state.not_in((MessageState.PARKED, MessageState.WITHDRAWN))
)


ANSWERS = (MessageState.QUEUED, MessageState.SENT, MessageState.UNCERTAIN)
"""An agent's message that is on its way, or may have arrived, is an answer."""


async def get_message(unit: Unit, message_id: int) -> Message:
    """One message, locked until the unit ends."""
    message = await unit.session.scalar(
        unit.locking(select(Message).where(Message.id == message_id))
    )
    if message is None:
        raise NotFound(f"there is no message {message_id}")
    return message


async def messages_by_ids(unit: Unit, ids: Collection[int]) -> Sequence[Message]:
    return (await unit.session.scalars(select(Message).where(Message.id.in_(ids)))).all()


async def find_by_client_id(unit: Unit, conversation_id: int, client_id: str) -> Message | None:
    return await unit.session.scalar(
        select(Message).where(
            Message.conversation_id == conversation_id, Message.client_id == client_id
        )
    )


async def joined_to(unit: Unit, message_id: int) -> Sequence[Message]:
    """Messages that leave as further lines of this one, locked."""
    query = select(Message).where(Message.joined_to == message_id).order_by(Message.id)
    return (await unit.session.scalars(unit.locking(query))).all()


async def author_of(unit: Unit, message_id: int) -> int | None:
    """Which agent wrote a message."""
    return await unit.session.scalar(select(Message.author_id).where(Message.id == message_id))


async def contact_of(unit: Unit, message_id: int) -> int:
    """Whose thread a message is of; read without a lock, for taking locks in order."""
    found = await unit.session.scalar(select(Message.contact_id).where(Message.id == message_id))
    if found is None:
        raise NotFound(f"there is no message {message_id}")
    return found


async def conversation_of(unit: Unit, message_id: int) -> int | None:
    """Which conversation a message stands in; read without a lock, for taking locks in order."""
    query = select(Message.conversation_id).where(Message.id == message_id)
    found = (await unit.session.execute(query)).first()
    if found is None:
        raise NotFound(f"there is no message {message_id}")
    return found[0]


async def list_messages(
    unit: Unit, conversation_id: int, *, before: int | None, limit: int
) -> Sequence[Message]:
    """The newest messages before one (all when None), oldest first, in WeChat's order of time."""
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, SHOWN)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(_in_thread() < await _place_of(unit, conversation_id, before))
    return (await unit.session.scalars(query)).all()[::-1]


async def list_messages_from(
    unit: Unit, conversation_id: int, first: int, *, limit: int
) -> Sequence[Message]:
    """One message and those after it, oldest first."""
    place = await _place_of(unit, conversation_id, first)
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, SHOWN, _in_thread() >= place)
        .order_by(Message.sent_at, Message.id)
        .limit(limit)
    )
    return (await unit.session.scalars(query)).all()


def _in_thread() -> ColumnElement[Any]:
    return tuple_(Message.sent_at, Message.id)


async def _place_of(unit: Unit, conversation_id: int, message_id: int) -> ColumnElement[Any]:
    query = select(Message.sent_at, Message.id).where(
        Message.id == message_id, Message.conversation_id == conversation_id
    )
    row = (await unit.session.execute(query)).first()
    if row is None:
        raise NotFound(f"there is no message {message_id} in conversation {conversation_id}")
    return tuple_(row[0], row[1])


async def find_said_since(unit: Unit, contact_id: int, moment: datetime) -> Message | None:
    """The first line of a contact's thread from a moment on; none later: the last one before."""
    query = select(Message).where(
        Message.contact_id == contact_id, Message.conversation_id.is_not(None), SHOWN
    )
    later = query.where(Message.sent_at >= moment).order_by(Message.sent_at, Message.id)
    last = query.order_by(Message.sent_at.desc(), Message.id.desc())
    return await unit.session.scalar(later.limit(1)) or await unit.session.scalar(last.limit(1))


async def newest_message(unit: Unit, conversation_id: int) -> Message | None:
    """The newest line that lists show: what an agent did with the conversation is none."""
    did = and_(Message.direction == Direction.SYSTEM, Message.author_id.is_not(None))
    return await unit.session.scalar(
        select(Message)
        .where(Message.conversation_id == conversation_id, SHOWN, ~did)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(1)
    )


async def first_unanswered(unit: Unit, conversation_id: int) -> datetime | None:
    """When the customer wrote what no agent has answered since."""
    of_this = Message.conversation_id == conversation_id
    answered = (
        select(func.max(Message.sent_at))
        .where(of_this, Message.direction == Direction.OUT, Message.author_id.is_not(None))
        .where(Message.state.in_(ANSWERS))
        .scalar_subquery()
    )
    return await unit.session.scalar(
        select(func.min(Message.sent_at))
        .where(of_this, Message.direction == Direction.IN)
        .where(or_(answered.is_(None), Message.sent_at > answered))
    )


async def replies_of(
    unit: Unit, conversation_ids: Collection[int]
) -> Mapping[int, Sequence[tuple[datetime, int]]]:
    """When agents answered in each of these conversations, in order, and by which messages."""
    query = (
        select(Message.conversation_id, Message.sent_at, Message.id)
        .where(Message.conversation_id.in_(conversation_ids))
        .where(Message.direction == Direction.OUT, Message.author_id.is_not(None))
        .where(Message.state.in_(ANSWERS))
        .order_by(Message.sent_at, Message.id)
    )
    found: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    for conversation_id, sent_at, message_id in await unit.session.execute(query):
        if conversation_id is not None:
            found[conversation_id].append((sent_at, message_id))
    return found


async def who_wrote_before(
    unit: Unit, contact_ids: Collection[int], message_id: int
) -> Collection[int]:
    """Those of the contacts who had written anything before this message. One statement."""
    earlier = exists().where(
        Message.contact_id == Contact.id,
        Message.direction == Direction.IN,
        Message.id < message_id,
    )
    query = select(Contact.id).where(Contact.id.in_(contact_ids), earlier)
    return (await unit.session.scalars(query)).all()


async def find_strays(unit: Unit, contact_ids: Collection[int]) -> Sequence[Message]:
    """What happened while these contacts had no conversation."""
    return (
        await unit.session.scalars(
            select(Message)
            .where(Message.contact_id.in_(contact_ids), Message.conversation_id.is_(None))
            .where(Message.told_agent_id.is_(None))
            .order_by(Message.sent_at, Message.id)
        )
    ).all()


async def insert_incoming(unit: Unit, lines: Sequence[Incoming]) -> None:
    """Insert what came in, with the ids in this order; see ``insert_all``."""
    await insert_all(unit, Message, lines, key="push_id")
