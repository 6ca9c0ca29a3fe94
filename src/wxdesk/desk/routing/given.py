"""A conversation is given to somebody by a word rather than by the order, or taken from them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wxdesk.desk import conversations
from wxdesk.desk.conversations import Conversation
from wxdesk.desk.routing import who_is_here
from wxdesk.desk.routing.decision import Rule
from wxdesk.desk.routing.model import DISPATCH, Assignment, Ending
from wxdesk.store import Unit


async def give(
    unit: Unit,
    conversation: Conversation,
    *,
    agent_id: int,
    kept: Mapping[str, Any],
    now: datetime,
    rule: Rule = Rule.DIRECT,
    by_id: int | None = None,
    reason: str | None = None,
    kind: str = "taken",
) -> Assignment:
    """Somebody has it from now on, whether or not they have room.

    Args:
        unit: The conversation is locked in it, and nobody waits there any more.
        conversation: Which.
        agent_id: Who.
        kept: The wait that this ends; see ``Wait.as_json``. Empty: nobody waited.
        now: When.
        rule: What decided.
        by_id: Who decided; None: the desk.
        reason: Why, in their words.
        kind: Of the small line in the thread.
    """
    since, due = kept.get("since"), kept.get("due_at")
    assignment = Assignment(
        conversation_id=conversation.id,
        agent_id=agent_id,
        weight=int(kept.get("weight", 1)),
        rule=rule,
        waited_since=datetime.fromisoformat(since) if since else None,
        due_at=datetime.fromisoformat(due) if due else None,
        since_a=0,
        kept=dict(kept),
        by_id=by_id,
        reason=reason,
        offered_at=now,
        accepted_at=now,
    )
    unit.session.add(assignment)
    await who_is_here.get_seat(unit, agent_id)
    await unit.session.flush()
    await who_is_here.change_load(unit, agent_id, assignment.weight, hungry=False)
    content = {"reason": reason} if reason else None
    await conversations.give(
        unit, conversation, agent_id=agent_id, now=now, kind=kind, content=content
    )
    unit.tell("seat", agent_id)
    return assignment


async def end(unit: Unit, assignment: Assignment, ending: Ending, *, now: datetime) -> None:
    """Its agent has it no more, and looks for others; its conversation is locked."""
    if assignment.takes_room:
        await who_is_here.change_load(unit, assignment.agent_id, -assignment.weight, hungry=True)
        unit.wake(DISPATCH)
    assignment.ended_at, assignment.ending = now, ending
    await unit.session.flush()
    unit.tell("seat", assignment.agent_id)
