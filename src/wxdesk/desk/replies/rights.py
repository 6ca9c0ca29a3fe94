"""Who may answer a customer: whoever has the conversation, and supervisors who have joined it."""

from collections.abc import Mapping
from typing import Any

from wxdesk.desk import conversations, routing
from wxdesk.desk.conversations import Conversation, Message, NotAssigned
from wxdesk.errors import NotFound
from wxdesk.store import Unit

JOINED = "joined"
"""In the content of a message: its author had joined, the conversation was somebody else's."""


async def require_may_write(
    unit: Unit, conversation: Conversation, agent_id: int
) -> Mapping[str, Any]:
    """What marks the message of whoever writes without having the conversation.

    Raises:
        NotAssigned: It is somebody else's, or nobody's.
        ConversationClosed: It has ended.
    """
    conversation.require_open()
    if conversation.assignee_id == agent_id:
        return {}
    if not await routing.has_joined(unit, conversation.id, agent_id):
        raise NotAssigned(f"conversation {conversation.id} is not agent {agent_id}'s")
    return {JOINED: True}


async def require_own(unit: Unit, message_id: int, *, agent_id: int) -> Message:
    """A message in one's conversation, or one's own in one that one has joined; both are locked.

    Raises:
        NotFound: There is no such message.
        NotAssigned: The conversation is somebody else's.
        ConversationClosed: It has ended.
    """
    conversation = await conversations.lock_of_message(unit, message_id)
    if conversation is None:
        raise NotFound(f"message {message_id} stands in no conversation")
    joined = await require_may_write(unit, conversation, agent_id)
    message = await conversations.get_message(unit, message_id)
    if joined and message.author_id != agent_id:
        raise NotAssigned(f"message {message_id} is not agent {agent_id}'s")
    return message
