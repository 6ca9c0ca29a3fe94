"""A supervisor writes into a colleague's conversation without taking it over (插话).

Whose it is does not change, nor its order or its room. They may write until they leave, take it
over, or it ends: the log of what people did says who is in it.
"""

from datetime import datetime

from wxdesk.desk import conversations
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.routing.log import Act, has_joined, note
from wxdesk.errors import Conflict
from wxdesk.store import Unit


class NothingToJoin(Conflict):
    """Nobody else has that conversation; it can be taken."""

    code = "nothing_to_join"


async def join(
    unit: Unit, conversation_id: int, *, by_id: int, reason: str, now: datetime
) -> Conversation:
    """Be in a conversation that somebody else has; twice is as good as once.

    Raises:
        NotFound: There is no such conversation.
        ConversationClosed: It has ended.
        NothingToJoin: Nobody else has it.
    """
    conversation = await conversations.get(unit, conversation_id)
    conversation.require_open()
    owner_id = conversation.assignee_id
    if conversation.state is not ConversationState.ACTIVE or owner_id == by_id:
        raise NothingToJoin(f"nobody else has conversation {conversation_id}")
    if not await has_joined(unit, conversation_id, by_id):
        act = Act.JOINED
        note(unit, act, conversation_id, by_id=by_id, reason=reason, now=now, had_by=owner_id)
        await conversations.tell_act(
            unit, conversation, act.value, agent_id=by_id, now=now, reason=reason
        )
    return conversation


async def leave(unit: Unit, conversation_id: int, *, by_id: int, now: datetime) -> Conversation:
    """Only read along again; whoever is not in it has left already.

    Raises:
        NotFound: There is no such conversation.
    """
    conversation = await conversations.get(unit, conversation_id)
    if await has_joined(unit, conversation_id, by_id):
        act, owner_id = Act.LEFT, conversation.assignee_id
        note(unit, act, conversation_id, by_id=by_id, reason="", now=now, had_by=owner_id)
        await conversations.tell_act(unit, conversation, act.value, agent_id=by_id, now=now)
    return conversation


async def may_write(unit: Unit, conversation: Conversation, agent_id: int) -> bool:
    """Whether this agent answers the customer: as its owner, or as one who has joined."""
    if conversation.state is ConversationState.CLOSED:
        return False
    return conversation.assignee_id == agent_id or await has_joined(unit, conversation.id, agent_id)
