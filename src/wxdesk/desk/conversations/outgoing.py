"""What goes out, agents' messages and the desk's own, and what becomes of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from wxdesk.desk.conversations import queries, what_is_said
from wxdesk.desk.conversations.lines import whole_second
from wxdesk.desk.conversations.model import Conversation, Direction, Message, MessageState
from wxdesk.desk.events import Happening
from wxdesk.store import Unit

_OUTCOMES = {
    MessageState.SENT: Happening.SENT,
    MessageState.FAILED: Happening.FAILED,
    MessageState.UNCERTAIN: Happening.UNCERTAIN,
}


async def add_outgoing(
    unit: Unit,
    conversation: Conversation | None,
    *,
    contact_id: int,
    agent_id: int | None,
    kind: str,
    text: str,
    client_id: str | None,
    now: datetime,
    content: Mapping[str, Any] | None = None,
    held_until: datetime | None = None,
) -> Message:
    """Add an own message, queued: an agent's, or one that the desk sends by itself.

    Args:
        unit: Of whoever sends.
        conversation: Where it stands; None while the contact has none open.
        contact_id: To whom.
        agent_id: Whose; None: the desk's own.
        kind: WeChat's name of it.
        text: What lists and searches show of it.
        client_id: The browser's name for it.
        now: When.
        content: The rest of what it shows.
        held_until: Until then it can be taken back.
    """
    message = Message(
        conversation_id=conversation.id if conversation else None,
        contact_id=contact_id,
        direction=Direction.OUT,
        kind=kind,
        text=text,
        content=dict(content or {}),
        state=MessageState.QUEUED,
        client_id=client_id,
        author_id=agent_id,
        held_until=held_until,
        sent_at=whole_second(now),
        received_at=now,
    )
    unit.session.add(message)
    await unit.session.flush()
    if conversation:
        conversation.show(message)
        if agent_id is not None:
            conversation.owed_since = None
        unit.tell("message", message.id)
        unit.tell("conversation", conversation.id)
    return message


async def add_own(
    unit: Unit, lines: Sequence[tuple[Message, Conversation | None]], *, now: datetime
) -> None:
    """Add what the desk says by itself, each line where it stands: that is no answer to anybody.

    It never stands before what it follows, whatever the clocks say.
    """
    for message, conversation in lines:
        message.direction, message.received_at = Direction.OUT, now
        message.sent_at = whole_second(now)
        if conversation:
            message.conversation_id = conversation.id
            message.sent_at = max(message.sent_at, conversation.last_at)
    unit.session.add_all(message for message, _ in lines)
    await unit.session.flush()
    for message, conversation in lines:
        if conversation:
            conversation.show(message)
            unit.tell("message", message.id)
            unit.tell("conversation", conversation.id)


async def hold(unit: Unit, message_ids: Sequence[int], *, until: datetime) -> None:
    """These messages can be taken back until then."""
    for message in await what_is_said.messages_by_ids(unit, message_ids):
        message.held_until = until
        unit.tell("message", message.id)


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
    message = await what_is_said.get_message(unit, message_id)
    if conversation and message.state is not state and state in _OUTCOMES:
        unit.tell(_OUTCOMES[state], message.id)
    message.state, message.reason, message.errcode = state, reason, errcode
    if state is MessageState.FAILED and conversation:
        await _count_owed(unit, conversation)
    _tell_state(unit, conversation, message)


async def requeue(unit: Unit, message_id: int) -> Message:
    """Let a message be sent again that failed or may not have arrived.

    Raises:
        NothingToResend: It is on its way, or has arrived.
    """
    conversation = await queries.lock_of_message(unit, message_id)
    message = await what_is_said.get_message(unit, message_id)
    message.requeue()
    if conversation and message.author_id is not None:
        conversation.owed_since = None
    _tell_state(unit, conversation, message)
    return message


async def withdraw(unit: Unit, message: Message) -> None:
    """Nobody is shown a message any more: it was taken back before it left, or thrown away."""
    conversation = await queries.lock_of_message(unit, message.id)
    message.state, message.held_until, message.place = MessageState.WITHDRAWN, None, None
    await hide(unit, conversation, message)


async def hide(unit: Unit, conversation: Conversation | None, message: Message) -> None:
    await unit.session.flush()
    if conversation is None:
        return
    unit.tell("message", message.id)
    if conversation.last_message_id == message.id:
        conversation.forget_last()
        if newest := await what_is_said.newest_message(unit, conversation.id):
            conversation.show(newest)
    await _count_owed(unit, conversation)
    unit.tell("conversation", conversation.id)


async def _count_owed(unit: Unit, conversation: Conversation) -> None:
    """What was to be an answer is none: since when the customer has waited for one."""
    await unit.session.flush()
    owed = await what_is_said.first_unanswered(unit, conversation.id)
    if owed != conversation.owed_since:
        conversation.owed_since = owed
        unit.tell("conversation", conversation.id)


def _tell_state(unit: Unit, conversation: Conversation | None, message: Message) -> None:
    if conversation is None:
        return
    unit.tell("message", message.id)
    if conversation.last_message_id == message.id:
        conversation.last_state = message.state
        unit.tell("conversation", conversation.id)
