"""Agents' replies: from the browser to the outbox, in one unit."""

from datetime import datetime

from wxdesk.desk import contacts, conversations, outbox
from wxdesk.desk.conversations import Message
from wxdesk.store import Unit
from wxdesk.wechat import split_text


async def send_text(
    unit: Unit, *, conversation_id: int, agent_id: int, text: str, client_id: str, now: datetime
) -> Message:
    """Record an agent's reply and put it on its way, in several parts where it is too long.

    The message, its deliveries and the events that tell the browsers are written in the
    caller's unit: all of them come to be, or none. Sending again under the same ``client_id``
    changes nothing and returns the first message.

    Raises:
        NotFound: There is no such conversation.
        NotAssigned: Another agent holds it, or none does.
        ConversationClosed: It has ended.
    """
    conversation = await conversations.get(unit, conversation_id)
    known = await conversations.find_by_client_id(unit, conversation_id, client_id)
    if known:
        return known
    conversation.require_assignee(agent_id)
    message = await conversations.add_outgoing(
        unit,
        conversation,
        agent_id=agent_id,
        kind="text",
        text=text,
        client_id=client_id,
        now=now,
    )
    contact = (await contacts.by_ids(unit, {conversation.contact_id}))[conversation.contact_id]
    outbox.enqueue(
        unit,
        message,
        split_text(text),
        account_id=contact.account_id,
        openid=contact.openid,
        now=now,
    )
    return message


async def resend(unit: Unit, *, message_id: int, agent_id: int, now: datetime) -> Message:
    """Send a message again, on an agent's word, that failed or may not have arrived.

    Raises:
        NotFound: There is no such message.
        NotAssigned: The conversation is somebody else's.
        NothingToResend: It is on its way, or has arrived.
    """
    message = await conversations.requeue(unit, message_id, agent_id=agent_id)
    await outbox.enqueue_again(unit, message, now=now)
    return message
