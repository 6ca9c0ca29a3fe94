"""Conversations: what is said between a contact and the desk, by whom, in order."""

from wxdesk.desk.conversations.actions import (
    add_incoming,
    add_outgoing,
    adopt_strays,
    close,
    mark_read,
    open,
    record_outcome,
    requeue,
    take,
)
from wxdesk.desk.conversations.errors import (
    AlreadyTaken,
    ConversationClosed,
    NotAssigned,
    NothingToResend,
)
from wxdesk.desk.conversations.model import (
    Conversation,
    ConversationState,
    Direction,
    Message,
    MessageState,
)
from wxdesk.desk.conversations.queries import (
    by_ids,
    find_by_client_id,
    find_open,
    get,
    list_conversations,
    list_messages,
    lock,
    lock_of_message,
    messages_by_ids,
)

__all__ = [
    "AlreadyTaken",
    "Conversation",
    "ConversationClosed",
    "ConversationState",
    "Direction",
    "Message",
    "MessageState",
    "NotAssigned",
    "NothingToResend",
    "add_incoming",
    "add_outgoing",
    "adopt_strays",
    "by_ids",
    "close",
    "find_by_client_id",
    "find_open",
    "get",
    "list_conversations",
    "list_messages",
    "lock",
    "lock_of_message",
    "mark_read",
    "messages_by_ids",
    "open",
    "record_outcome",
    "requeue",
    "take",
]
