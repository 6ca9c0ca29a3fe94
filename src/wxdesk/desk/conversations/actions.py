"""What happens to conversations. Each verb changes rows and tells events; none commits."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import queries
from wxdesk.desk.conversations.model import (
    Conversation,
    ConversationState,
    Direction,
    Message,
    MessageState,
)
from wxdesk.store import Unit


async def open(  # noqa: A001  the field's verb
    unit: Unit, opened: Collection[tuple[Contact, datetime]]
) -> list[Conversation]:
    """Open a conversation for each of these contacts, who have none; each waits for an agent."""
    previous = await queries.last_ids(unit, [contact.id for contact, _ in opened])
    conversations = [
        Conversation(
            account_id=contact.account_id,
            contact_id=contact.id,
            previous_id=previous.get(contact.id),
            state=ConversationState.WAITING,
            opened_at=now,
            waiting_since=now,
            last_at=now,
        )
        for contact, now in opened
    ]
    unit.session.add_all(conversations)
    await unit.session.flush()
    return conversations


async def adopt_strays(unit: Unit, conversations: Collection[Conversation]) -> None:
    """Show in each conversation what its contact did before it was opened."""
    by_contact = {each.contact_id: each for each in conversations}
    for stray in await queries.find_strays(unit, by_contact.keys()):
        stray.conversation_id = by_contact[stray.contact_id].id
        unit.tell("message", stray.id)


async def add_incoming(unit: Unit, lines: Sequence[tuple[Message, Conversation | None]]) -> None:
    """Add what came in, each line to the conversation it belongs to, if there is one."""
    await queries.insert_incoming(unit, [message for message, _ in lines])
    changed: dict[int, Conversation] = {}
    for message, conversation in lines:
        if conversation is None:
            continue
        unit.tell("message", message.id)
        conversation.show(message)
        if message.direction is Direction.IN:
            conversation.unread += 1
        unit.tell("conversation", conversation.id)
        changed[conversation.id] = conversation
    await queries.update_last_lines(unit, list(changed.values()))


async def take(unit: Unit, conversation_id: int, *, agent_id: int, now: datetime) -> Conversation:
    """Become the owner of a conversation; exactly one of many who try at once does.

    Raises:
        NotFound: There is no such conversation.
        AlreadyTaken: Another agent was faster.
        ConversationClosed: It has ended.
    """
    conversation = await queries.get(unit, conversation_id)
    if conversation.assignee_id == agent_id and conversation.state is ConversationState.ACTIVE:
        return conversation
    conversation.take(agent_id)
    await _note(unit, conversation, "taken", agent_id=agent_id, now=now)
    return conversation


async def close(
    unit: Unit, conversation_id: int, *, agent_id: int, may_close_any: bool, now: datetime
) -> Conversation:
    """End a conversation: its owner, or whoever may end any.

    Raises:
        NotFound: There is no such conversation.
        NotAssigned: It is somebody else's.
        ConversationClosed: It has ended already.
    """
    conversation = await queries.get(unit, conversation_id)
    if not may_close_any:
        conversation.require_assignee(agent_id)
    conversation.close(now)
    await _note(unit, conversation, "closed", agent_id=agent_id, now=now)
    return conversation


async def mark_read(unit: Unit, conversation_id: int, *, agent_id: int, up_to: int) -> None:
    """Note that its owner has read up to a message; anybody else's reading changes nothing."""
    conversation = await queries.get(unit, conversation_id)
    newest = conversation.last_message_id or 0
    if conversation.assignee_id == agent_id and conversation.unread and up_to >= newest:
        conversation.unread = 0
        unit.tell("conversation", conversation.id)


async def add_outgoing(
    unit: Unit,
    conversation: Conversation,
    *,
    agent_id: int,
    kind: str,
    text: str,
    client_id: str,
    now: datetime,
    content: Mapping[str, Any] | None = None,
) -> Message:
    """Add an agent's message, queued."""
    message = Message(
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        direction=Direction.OUT,
        kind=kind,
        text=text,
        content=dict(content or {}),
        state=MessageState.QUEUED,
        client_id=client_id,
        author_id=agent_id,
        sent_at=whole_second(now),
        received_at=now,
    )
    unit.session.add(message)
    await unit.session.flush()
    conversation.show(message)
    unit.tell("message", message.id)
    unit.tell("conversation", conversation.id)
    return message


async def record_outcome(
    unit: Unit,
    message_id: int,
    state: MessageState,
    *,
    reason: str | None = None,
    errcode: int | None = None,
) -> None:
    """Note how far an own message got."""
    conversation = await queries.lock_of_message(unit, message_id)
    message = await queries.get_message(unit, message_id)
    message.state, message.reason, message.errcode = state, reason, errcode
    _tell_state(unit, conversation, message)


async def add_content(unit: Unit, message_id: int, **facts: Any) -> None:
    """Note more of what a message shows: a picture that has come, the outcome of a job.

    Raises:
        NotFound: There is no such message.
    """
    message = await queries.get_message(unit, message_id)
    message.content = message.content | facts
    if message.conversation_id is not None:
        unit.tell("message", message.id)


async def requeue(unit: Unit, message_id: int, *, agent_id: int) -> Message:
    """Let its conversation's owner send a message again that failed or may not have arrived.

    Raises:
        NotFound: There is no such message.
        NotAssigned: The conversation is somebody else's.
        NothingToResend: It is on its way, or has arrived.
    """
    conversation = await queries.lock_of_message(unit, message_id)
    conversation.require_assignee(agent_id)
    message = await queries.get_message(unit, message_id)
    message.requeue()
    _tell_state(unit, conversation, message)
    return message


def _tell_state(unit: Unit, conversation: Conversation, message: Message) -> None:
    unit.tell("message", message.id)
    if conversation.last_message_id == message.id:
        conversation.last_state = message.state
        unit.tell("conversation", conversation.id)


async def _note(
    unit: Unit, conversation: Conversation, kind: str, *, agent_id: int, now: datetime
) -> None:
    """A small line in the thread: who did what."""
    line = Message(
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        direction=Direction.SYSTEM,
        kind=kind,
        author_id=agent_id,
        sent_at=whole_second(now),
        received_at=now,
    )
    unit.session.add(line)
    await unit.session.flush()
    unit.tell("message", line.id)
    unit.tell("conversation", conversation.id)


def whole_second(now: datetime) -> datetime:
    """Our time as coarse as WeChat's: what falls into one second stays in order of arrival."""
    return now.replace(microsecond=0)
