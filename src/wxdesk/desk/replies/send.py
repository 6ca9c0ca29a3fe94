"""An agent answers: at once, or after the moment in which it can still be taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from wxdesk.desk import allowance, contacts, conversations, media, outbox, routing, sla
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import Message, MessageState
from wxdesk.desk.replies.parked import release
from wxdesk.desk.replies.reply import Reply, parts_of, require_files
from wxdesk.desk.replies.rights import require_may_write, require_own
from wxdesk.store import Unit


@dataclass(frozen=True, slots=True)
class Manner:
    """How a reply leaves.

    Attributes:
        hold: So long it can be taken back.
        join: A text leaves as the next line of the one before it, while that is held.
        keep_last: Refuse where it would use up the last message that WeChat allows.
        anyway: Send it though the desk thinks that WeChat will refuse it.
        park: Keep it until the follower acts again.
    """

    hold: timedelta = timedelta(0)
    join: bool = False
    keep_last: bool = False
    anyway: bool = False
    park: bool = False


AT_ONCE = Manner()


async def send(
    unit: Unit,
    *,
    conversation_id: int,
    agent_id: int,
    reply: Reply,
    client_id: str,
    now: datetime,
    manner: Manner = AT_ONCE,
) -> Message:
    """Record an agent's reply and put it on its way, in several parts where it is too long.

    The message, what it uses up, its deliveries and the events that tell the browsers are written
    in the caller's unit: all of them come to be, or none. Sending again under the same
    ``client_id`` changes nothing and returns the first message.

    Raises:
        NotFound: There is no such conversation.
        NotAssigned: Another agent holds it, or none does, and they have not joined it.
        ConversationClosed: It has ended.
        MediaUnusable: A file of it is gone, or is none that WeChat takes.
        WindowClosed: WeChat takes nothing until the follower acts.
        RepliesSpent: WeChat does not take so many messages.
        LastSend: It would be the last one, and ``manner`` says to ask.
    """
    contact = await contacts.get(unit, await conversations.whose(unit, conversation_id))
    conversation = await conversations.get(unit, conversation_id)
    known = await conversations.find_by_client_id(unit, conversation_id, client_id)
    if known:
        return known
    marks = await require_may_write(unit, conversation, agent_id)
    files = await require_files(unit, reply)
    message = await conversations.add_outgoing(
        unit,
        conversation,
        contact_id=contact.id,
        agent_id=agent_id,
        kind=reply.kind,
        text=reply.text,
        content={**reply.content, **{role: file.facts for role, file in files.items()}, **marks},
        client_id=client_id,
        now=now,
        held_until=now + manner.hold if manner.hold and not manner.park else None,
    )
    await media.attach(unit, message.id, contact.account_id, files, now=now)
    await routing.note_reply(unit, conversation_id, now=now)
    if manner.park:
        await conversations.park(unit, message.id)
    else:
        await _put_on_its_way(unit, contact, message, manner, now)
    await sla.follow(unit, [conversation], now=now)
    return message


async def _put_on_its_way(
    unit: Unit, contact: Contact, message: Message, manner: Manner, now: datetime
) -> None:
    due_at = now + manner.hold
    if manner.join and await outbox.join(unit, contact, message, now=now, due_at=due_at):
        return
    parts = parts_of(message)
    if message.kind != outbox.TEMPLATE and not manner.anyway:
        allowance.require(contact, len(parts), now=now, keep_last=manner.keep_last)
    outbox.enqueue(unit, contact, message, parts, now=now, due_at=due_at, anyway=manner.anyway)


async def send_text(
    unit: Unit,
    *,
    conversation_id: int,
    agent_id: int,
    text: str,
    client_id: str,
    now: datetime,
    manner: Manner = AT_ONCE,
) -> Message:
    """Answer in words; see ``send``."""
    return await send(
        unit,
        conversation_id=conversation_id,
        agent_id=agent_id,
        reply=Reply("text", text),
        client_id=client_id,
        now=now,
        manner=manner,
    )


async def take_back(unit: Unit, *, message_id: int, agent_id: int, now: datetime) -> Message:
    """Withdraw a message that has not left: what it said goes back into the composer.

    Raises:
        NotFound: There is no such message.
        NotAssigned: The conversation is somebody else's.
        AlreadyLeft: It is on its way, or has arrived.
    """
    await contacts.get(unit, await conversations.contact_of(unit, message_id))
    message = await require_own(unit, message_id, agent_id=agent_id)
    await outbox.take_back(unit, message_id, now=now)
    await conversations.withdraw(unit, message)
    await sla.follow_message(unit, message, now=now)
    return message


async def resend(unit: Unit, *, message_id: int, agent_id: int, now: datetime) -> Message:
    """Send a message again, on an agent's word, that failed or may not have arrived.

    Raises:
        NotFound: There is no such message.
        NotAssigned: The conversation is somebody else's.
        NothingToResend: It is on its way, or has arrived.
        WindowClosed, RepliesSpent: WeChat takes nothing now.
    """
    contact = await contacts.get(unit, await conversations.contact_of(unit, message_id))
    message = await require_own(unit, message_id, agent_id=agent_id)
    if message.state is MessageState.PARKED:
        return await release(unit, message_id=message_id, agent_id=agent_id, now=now)
    leader = await conversations.requeue(unit, message.leader_id)
    for line in await conversations.joined_to(unit, leader.id):
        await conversations.requeue(unit, line.id)
    if message.kind != outbox.TEMPLATE:
        allowance.require(contact, await outbox.count_again(unit, leader.id), now=now)
    await outbox.enqueue_again(unit, contact, leader, now=now)
    await sla.follow_message(unit, message, now=now)
    return message
