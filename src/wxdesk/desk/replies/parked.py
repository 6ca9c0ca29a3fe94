"""Parked answers: written while WeChat takes nothing, sent when the follower has acted again."""

from collections.abc import Sequence
from datetime import datetime

from wxdesk.desk import allowance, contacts, conversations, outbox, sla
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Message
from wxdesk.desk.replies.reply import parts_of
from wxdesk.desk.replies.rights import require_own
from wxdesk.store import Unit


async def list_parked(unit: Unit, conversation_id: int) -> Sequence[Message]:
    """What is parked for the customer of a conversation, in the order in which it is to leave.

    Raises:
        NotFound: There is no such conversation.
    """
    contact_id = await conversations.whose(unit, conversation_id)
    return await conversations.list_parked(unit, contact_id)


async def release(
    unit: Unit, *, message_id: int, agent_id: int, now: datetime, anyway: bool = False
) -> Message:
    """Send a parked answer now.

    Raises:
        NotFound: There is no such message.
        NotAssigned: The conversation is somebody else's.
        NotParked: It was sent, or thrown away.
        WindowClosed, RepliesSpent: WeChat takes nothing now.
        MediaUnusable: A file of it is gone by now.
    """
    contact = await contacts.get(unit, await conversations.contact_of(unit, message_id))
    message = await require_own(unit, message_id, agent_id=agent_id)
    message.require_parked()
    if not anyway:
        allowance.require(contact, len(parts_of(message)), now=now)
    await _send(unit, contact, message, now=now)
    return message


async def release_all(
    unit: Unit, contact: Contact, *, push_id: int, slot_until: datetime, now: datetime
) -> bool:
    """Send what is parked for a contact who has just acted, as far as WeChat takes it.

    The first of them, where it is a short text, may leave in the answer to the push itself, which
    uses up nothing. Whether it is to.

    Args:
        unit: Of the intake.
        contact: Who acted; locked.
        push_id: What they did.
        slot_until: So long its answer is waited for.
        now: When.
    """
    in_slot = False
    for place, message in enumerate(await conversations.list_parked(unit, contact.id)):
        parts = parts_of(message)
        if not allowance.forecast_of(contact, now).takes(len(parts)):
            break
        fits = place == 0 and message.kind == "text" and len(parts) == 1 and now < slot_until
        slot = (push_id, slot_until) if fits else None
        in_slot = await _send(unit, contact, message, now=now, slot=slot) or in_slot
    return in_slot


async def _send(
    unit: Unit,
    contact: Contact,
    message: Message,
    *,
    now: datetime,
    slot: tuple[int, datetime] | None = None,
) -> bool:
    """What was on its way before goes on from where it was refused, unless it says more now.

    Whether it is in the slot.
    """
    await conversations.unpark(unit, message, now=now)
    await sla.follow_message(unit, message, now=now)
    same = not message.content.get(conversations.REWRITTEN)
    if same and await outbox.enqueue_again(unit, contact, message, now=now):
        return False
    push_id, due_at = slot or (None, None)
    outbox.enqueue(
        unit, contact, message, parts_of(message), now=now, due_at=due_at, push_id=push_id
    )
    return slot is not None


async def change(
    unit: Unit,
    *,
    message_id: int,
    agent_id: int,
    text: str | None = None,
    before_id: int | None = None,
) -> Message:
    """Write a parked text anew, or let it leave before another.

    Raises:
        NotFound: There is no such message.
        NotAssigned: The conversation is somebody else's.
        NotParked: It was sent, or thrown away, or is no text.
    """
    await contacts.get(unit, await conversations.contact_of(unit, message_id))
    await require_own(unit, message_id, agent_id=agent_id)
    return await conversations.change_parked(unit, message_id, text=text, before_id=before_id)


async def discard(unit: Unit, *, message_id: int, agent_id: int) -> None:
    """Throw a parked answer away.

    Raises:
        NotFound: There is no such message.
        NotAssigned: The conversation is somebody else's.
        NotParked: It was sent, or thrown away already.
    """
    await contacts.get(unit, await conversations.contact_of(unit, message_id))
    message = await require_own(unit, message_id, agent_id=agent_id)
    message.require_parked()
    await conversations.withdraw(unit, message)
