"""Notes (便签): what agents write to each other in a conversation; the customer never sees them."""

from collections.abc import Collection
from datetime import datetime

from wxdesk.desk import agents, conversations, notices
from wxdesk.desk.agents import Agent
from wxdesk.desk.conversations import Conversation, Message
from wxdesk.desk.notices import Kind, Notice
from wxdesk.errors import NotFound
from wxdesk.store import Unit


async def leave(
    unit: Unit,
    conversation_id: int,
    *,
    agent_id: int,
    text: str,
    now: datetime,
    client_id: str | None = None,
    mentions: Collection[int] = (),
    kind: str = "note",
) -> Message:
    """Leave a note; those whom it names, and whose conversation it is, are told.

    Under a known ``client_id`` nothing is changed, and the first note returned.

    Raises:
        NotFound: There is no such conversation, or nobody works here whom it names.
        ConversationClosed: It has ended.
    """
    conversation = await conversations.get(unit, conversation_id)
    if client_id:
        known = await conversations.find_by_client_id(unit, conversation_id, client_id)
        if known:
            return known
    named = await _colleagues(unit, mentions)
    note = await conversations.add_note(
        unit,
        conversation_id,
        agent_id=agent_id,
        text=text,
        now=now,
        kind=kind,
        client_id=client_id,
        content={"mentions": [{"id": each.id, "name": each.name} for each in named]}
        if named
        else None,
    )
    await notices.add(unit, _notices(conversation, note, named, now))
    return note


async def _colleagues(unit: Unit, mentions: Collection[int]) -> list[Agent]:
    people = await agents.by_ids(unit, set(mentions))
    named = [people[each] for each in sorted(set(mentions)) if each in people]
    if len(named) < len(set(mentions)) or not all(each.active for each in named):
        raise NotFound("nobody works here whom this note names")
    return named


def _notices(
    conversation: Conversation, note: Message, named: Collection[Agent], now: datetime
) -> list[Notice]:
    kinds = {each.id: Kind.MENTION for each in named}
    if conversation.assignee_id is not None:
        kinds.setdefault(conversation.assignee_id, Kind.NOTE)
    return [
        Notice(
            agent_id=agent_id,
            kind=kind,
            conversation_id=conversation.id,
            by_id=note.author_id,
            text=note.text,
            at=now,
        )
        for agent_id, kind in kinds.items()
    ]
