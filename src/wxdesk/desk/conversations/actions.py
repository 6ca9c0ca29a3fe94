"""What happens to conversations. Each verb changes rows and tells events; none commits."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from wxdesk.desk import alerts
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import queries, what_is_parked, what_is_said
from wxdesk.desk.conversations.lines import add_line
from wxdesk.desk.conversations.model import Conversation, ConversationState
from wxdesk.desk.events import Happening
from wxdesk.store import Unit

HANDED_OVER = "handed_over"
"""The line that says that somebody gave it to a colleague, or to a group."""


class Opening(NamedTuple):
    """A conversation that is to be opened, with the group and the level it belongs to."""

    contact: Contact
    group_id: int | None = None
    level_id: int | None = None


async def open(  # noqa: A001  the field's verb
    unit: Unit, openings: Collection[Opening], *, now: datetime
) -> list[Conversation]:
    """Open a conversation for each of these contacts, who have none; each waits for an agent."""
    previous = await queries.last_ids(unit, [each.contact.id for each in openings])
    conversations = [
        Conversation(
            account_id=contact.account_id,
            contact_id=contact.id,
            previous_id=previous.get(contact.id),
            group_id=group_id,
            level_id=level_id,
            state=ConversationState.WAITING,
            unread=0,
            last_text="",
            opened_at=now,
            waiting_since=now,
            last_at=now,
        )
        for contact, group_id, level_id in openings
    ]
    await queries.insert_opened(unit, conversations)
    await what_is_parked.move_parked(unit, {each.contact_id: each.id for each in conversations})
    for each in conversations:
        unit.tell(Happening.OPENED, each.id)
    return conversations


async def give(
    unit: Unit,
    conversation: Conversation,
    *,
    agent_id: int,
    now: datetime,
    kind: str = "assigned",
    content: Mapping[str, Any] | None = None,
) -> None:
    """Make somebody its owner; a small line says so."""
    conversation.give(agent_id)
    line = await add_line(unit, conversation, kind, agent_id=agent_id, now=now, content=content)
    unit.tell(Happening.ASSIGNED, line.id)
    await alerts.look_again(unit, conversation.id)


async def put_back(
    unit: Unit,
    conversation: Conversation,
    *,
    since: datetime,
    now: datetime,
    agent_id: int | None = None,
    kind: str = "put_back",
    content: Mapping[str, Any] | None = None,
) -> None:
    """Let it wait for somebody again, since then."""
    conversation.put_back(since)
    line = await add_line(unit, conversation, kind, agent_id=agent_id, now=now, content=content)
    unit.tell(Happening.TRANSFERRED if kind == HANDED_OVER else Happening.QUEUED, line.id)
    await alerts.look_again(unit, conversation.id)


async def pass_on(
    unit: Unit,
    conversation: Conversation,
    *,
    agent_id: int,
    now: datetime,
    content: Mapping[str, Any],
) -> None:
    """Somebody has meant it for others while it waits; a small line says so."""
    line = await add_line(
        unit, conversation, HANDED_OVER, agent_id=agent_id, now=now, content=content
    )
    unit.tell(Happening.TRANSFERRED, line.id)


def set_rest(unit: Unit, conversation: Conversation, since: datetime | None) -> None:
    """The customer has owed the answer for a while; None: not any more."""
    conversation.rests_since = since
    unit.tell("conversation", conversation.id)


async def end(
    unit: Unit,
    conversation: Conversation,
    *,
    agent_id: int | None,
    now: datetime,
    kind: str = "closed",
    content: Mapping[str, Any] | None = None,
) -> None:
    """End it, by somebody's word, or by nobody's."""
    conversation.close(now)
    line = await add_line(unit, conversation, kind, agent_id=agent_id, now=now, content=content)
    unit.tell(Happening.CLOSED, line.id)
    await alerts.look_again(unit, conversation.id)


async def close(
    unit: Unit,
    conversation_id: int,
    *,
    agent_id: int,
    may_close_any: bool,
    now: datetime,
    reason: str = "",
) -> Conversation:
    """End a conversation: its owner, or whoever may end any; a reason is told to those who read.

    Raises:
        NotFound: There is no such conversation.
        NotAssigned: It is somebody else's.
        ConversationClosed: It has ended already.
    """
    conversation = await queries.get(unit, conversation_id)
    if not may_close_any:
        conversation.require_assignee(agent_id)
    content = {"reason": reason} if reason else None
    await end(unit, conversation, agent_id=agent_id, now=now, content=content)
    return conversation


async def set_due(unit: Unit, due: Sequence[tuple[Conversation, datetime | None]]) -> None:
    """Show by when these are to be answered; one statement for those the intake has written."""
    changed = [each for each in due if each[0].due_at != each[1]]
    for conversation, due_at in changed:
        conversation.due_at = due_at
        unit.tell("conversation", conversation.id)
    await queries.update_due(unit, [each for each, _ in changed if each not in unit.session])


async def mark_read(unit: Unit, conversation_id: int, *, agent_id: int, up_to: int) -> None:
    """Note that its owner has read up to a message; anybody else's reading changes nothing."""
    conversation = await queries.get(unit, conversation_id)
    newest = conversation.last_message_id or 0
    if conversation.assignee_id == agent_id and conversation.unread and up_to >= newest:
        conversation.unread = 0
        unit.tell("conversation", conversation.id)
        await alerts.look_again(unit, conversation.id)


async def add_content(unit: Unit, message_id: int, **facts: Any) -> None:
    """Note more of what a message shows: a picture that has come, the outcome of a job.

    Raises:
        NotFound: There is no such message.
    """
    message = await what_is_said.get_message(unit, message_id)
    message.content = message.content | facts
    if message.conversation_id is not None:
        unit.tell("message", message.id)
