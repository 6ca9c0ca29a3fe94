"""An agent puts a conversation of theirs off until a moment: it comes back then, or before.

It is theirs all the while. Where the customer owes the answer it rests, and takes no room; where
the desk does, its clock runs on. Whatever the customer writes brings it back.
"""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from wxdesk.desk import conversations, notices, sla
from wxdesk.desk.conversations import Conversation
from wxdesk.desk.notices import Kind, Notice
from wxdesk.desk.routing import later
from wxdesk.desk.routing.actions import rest
from wxdesk.desk.routing.later import Preset
from wxdesk.errors import Invalid
from wxdesk.store import Unit

SNOOZES = "snoozes"
"""The loop that brings back what is due."""


class SnoozeInvalid(Invalid):
    """Nothing is put off until then: it has passed, or it is too far away."""

    code = "snooze_invalid"


async def snooze_presets(
    unit: Unit, conversation: Conversation, *, zone: ZoneInfo, now: datetime
) -> Mapping[Preset, datetime]:
    """What is proposed, by the hours of its group, or of its account."""
    key = sla.key_of(conversation)
    terms = (await sla.terms_for(unit, {key}))[key]
    calendar = terms.calendar if terms.calendar_id else None
    return later.presets(now, calendar, zone)


async def snooze(
    unit: Unit, conversation_id: int, *, agent_id: int, until: datetime, now: datetime
) -> Conversation:
    """Put off a conversation of one's own.

    Raises:
        NotFound: There is no such conversation.
        NotAssigned: It is somebody else's.
        ConversationClosed: It has ended.
        SnoozeInvalid: Until then nothing is put off.
    """
    conversation = await conversations.get(unit, conversation_id)
    conversation.require_assignee(agent_id)
    if not later.is_possible(now, until):
        raise SnoozeInvalid("nothing is put off until then")
    if conversation.owed_since is None and conversation.rests_since is None:
        await rest(unit, conversation_id, agent_id=agent_id, now=now)
    conversation.put_off(agent_id, until)
    unit.tell("conversation", conversation_id)
    return conversation


async def end_snooze(unit: Unit, conversation_id: int, *, agent_id: int) -> Conversation:
    """Its agent comes back to it before; what is not put off stays as it is.

    Raises:
        NotFound: There is no such conversation.
        NotAssigned: It is somebody else's.
        ConversationClosed: It has ended.
    """
    conversation = await conversations.get(unit, conversation_id)
    conversation.require_assignee(agent_id)
    if conversation.snoozed_until is not None:
        conversation.put_off(None, None)
        unit.tell("conversation", conversation_id)
    return conversation


async def bring_back(unit: Unit, *, now: datetime, limit: int) -> int:
    """Bring back what is due, and tell whoever has it; how many that were.

    What a unit that dies had in hand is still put off, and found by the next.
    """
    found = await conversations.claim_snoozed(unit, now=now, limit=limit)
    for conversation in found:
        conversation.come_back()
        unit.tell("conversation", conversation.id)
    await notices.add(
        unit,
        [
            Notice(agent_id=each.assignee_id, kind=Kind.LATER, conversation_id=each.id, at=now)
            for each in found
            if each.assignee_id is not None
        ],
    )
    return len(found)
