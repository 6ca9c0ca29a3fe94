"""Lines that are written here and go nowhere: notes, and small ones that say who did what."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wxdesk.desk.conversations import queries
from wxdesk.desk.conversations.model import Conversation, Direction, Message
from wxdesk.store import Unit


async def add_note(
    unit: Unit,
    conversation_id: int,
    *,
    agent_id: int,
    text: str,
    now: datetime,
    kind: str = "note",
    content: Mapping[str, Any] | None = None,
    client_id: str | None = None,
) -> Message:
    """Add what only those at the desk read: it is no answer, and no last line of lists.

    Raises:
        NotFound: There is no such conversation.
        ConversationClosed: It has ended.
    """
    conversation = await queries.get(unit, conversation_id)
    conversation.require_open()
    note = Message(
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        direction=Direction.NOTE,
        kind=kind,
        text=text,
        content=dict(content or {}),
        client_id=client_id,
        author_id=agent_id,
        sent_at=whole_second(now),
        received_at=now,
    )
    return await _written(unit, conversation, note)


async def tell_act(
    unit: Unit,
    conversation: Conversation,
    kind: str,
    *,
    agent_id: int,
    now: datetime,
    reason: str = "",
) -> None:
    """Say in the thread what somebody did with it, and why; its copies are old from now on."""
    conversation.touch()
    content = {"reason": reason} if reason else None
    await add_line(unit, conversation, kind, agent_id=agent_id, now=now, content=content)


async def add_line(
    unit: Unit,
    conversation: Conversation,
    kind: str,
    *,
    agent_id: int | None,
    now: datetime,
    content: Mapping[str, Any] | None = None,
) -> Message:
    """A small line in the thread: who did what."""
    line = Message(
        content=dict(content or {}),
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        direction=Direction.SYSTEM,
        kind=kind,
        author_id=agent_id,
        sent_at=whole_second(now),
        received_at=now,
    )
    return await _written(unit, conversation, line)


async def _written(unit: Unit, conversation: Conversation, line: Message) -> Message:
    unit.session.add(line)
    await unit.session.flush()
    unit.tell("message", line.id)
    unit.tell("conversation", conversation.id)
    return line


def whole_second(now: datetime) -> datetime:
    """Our time as coarse as WeChat's: what falls into one second stays in order of arrival."""
    return now.replace(microsecond=0)
