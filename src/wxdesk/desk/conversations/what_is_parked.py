"""What is parked: answers that wait until WeChat takes messages to their contact again."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, literal, select

from wxdesk.desk.conversations.model import Message, MessageState
from wxdesk.errors import NotFound
from wxdesk.store import Unit

_PARKED = literal(MessageState.PARKED, Message.state.type, literal_execute=True)
"""Written into the statement: behind a parameter the planner would not see the partial index."""


async def list_parked(unit: Unit, contact_id: int) -> Sequence[Message]:
    """What waits until WeChat takes messages to this contact again, in order."""
    query = (
        select(Message)
        .where(Message.contact_id == contact_id, Message.state == _PARKED)
        .order_by(Message.place, Message.id)
    )
    return (await unit.session.scalars(query)).all()


async def last_place(unit: Unit, contact_id: int) -> float:
    query = select(func.max(Message.place))
    query = query.where(Message.contact_id == contact_id, Message.state == _PARKED)
    return await unit.session.scalar(query) or 0.0


async def place_before(unit: Unit, contact_id: int, message_id: int) -> float:
    """A place right before a parked message of this contact.

    Raises:
        NotFound: It is none.
    """
    places = {each.id: each.place or 0.0 for each in await list_parked(unit, contact_id)}
    if message_id not in places:
        raise NotFound(f"there is no parked message {message_id}")
    after = places[message_id]
    before = max((place for place in places.values() if place < after), default=after - 1)
    return (before + after) / 2


async def move_parked(unit: Unit, conversation_by_contact: Mapping[int, int]) -> None:
    """Show what is parked for these contacts in the conversations that they have now."""
    found = await unit.session.scalars(
        select(Message)
        .where(Message.contact_id.in_(conversation_by_contact), Message.state == _PARKED)
        .order_by(Message.id)
        .with_for_update(key_share=True)
    )
    for message in found:
        message.conversation_id = conversation_by_contact[message.contact_id]
        unit.tell("message", message.id)


async def who_has_parked(unit: Unit, contact_ids: Collection[int]) -> Collection[int]:
    """Those of the contacts for whom an answer is parked."""
    query = select(Message.contact_id).where(
        Message.contact_id.in_(contact_ids), Message.state == _PARKED
    )
    return (await unit.session.scalars(query.distinct())).all()
