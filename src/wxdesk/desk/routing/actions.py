"""What else is done to conversations: moved up, left aside, ended; customers write, or leave."""

from collections.abc import Collection, Sequence
from datetime import datetime

from wxdesk.desk import conversations, notices
from wxdesk.desk.conversations import Conversation, NotAssigned
from wxdesk.desk.notices import Kind, Notice
from wxdesk.desk.routing import given, who_has_what, who_is_here, who_waits, wrap_up
from wxdesk.desk.routing.errors import NotWaiting
from wxdesk.desk.routing.log import Act, note
from wxdesk.desk.routing.model import DISPATCH, Ending, RoutingNote
from wxdesk.store import Unit


async def move_up(
    unit: Unit, conversation_id: int, *, by_id: int, reason: str, now: datetime
) -> None:
    """Serve it next: it counts as far too late from now on.

    Raises:
        NotFound: There is no such conversation.
        NotWaiting: Nobody waits there.
    """
    await conversations.get(unit, conversation_id)
    wait = await who_waits.find_wait(unit, conversation_id)
    if wait is None or wait.offered_to is not None:
        raise NotWaiting("nobody waits there any more")
    wait.moved_up_by, wait.rank = by_id, 0
    wait.warn_at = min(wait.warn_at, now)
    wait.put_in_line(wait.waiting(now).need)
    wait.held_until, wait.looked = None, False
    wait.set_timer()
    note(unit, Act.MOVE_UP, conversation_id, by_id=by_id, reason=reason, now=now)
    unit.tell("conversation", conversation_id)
    unit.wake(DISPATCH)


async def rest(unit: Unit, conversation_id: int, *, agent_id: int, now: datetime) -> Conversation:
    """Leave it aside until the customer writes: it takes no room.

    Raises:
        NotFound: There is no such conversation.
        NotAssigned: It is somebody else's.
        ConversationClosed: It has ended.
    """
    conversation = await conversations.get(unit, conversation_id)
    conversation.require_assignee(agent_id)
    assignment = await who_has_what.find_assignment(unit, conversation_id)
    if conversation.owed_since is not None:
        raise NotAssigned("the customer waits for an answer")
    if assignment and assignment.takes_room:
        await who_is_here.change_load(unit, agent_id, -assignment.weight, hungry=True)
        assignment.rests_since = now
        unit.tell("seat", agent_id)
        unit.wake(DISPATCH)
    conversations.set_rest(unit, conversation, now)
    return conversation


async def close(
    unit: Unit,
    conversation_id: int,
    *,
    agent_id: int,
    may_close_any: bool,
    now: datetime,
    reason: str = "",
) -> Conversation:
    """End a conversation: its owner, or whoever may end any; room is given back.

    Raises:
        NotFound, NotAssigned, ConversationClosed: As ``conversations.close``.
    """
    closed = await conversations.close(
        unit,
        conversation_id,
        agent_id=agent_id,
        may_close_any=may_close_any,
        now=now,
        reason=reason,
    )
    if (owner_id := closed.assignee_id) != agent_id:
        act = Act.FORCE_CLOSE
        note(unit, act, closed.id, by_id=agent_id, reason=reason, now=now, had_by=owner_id)
        await _tell_closed(unit, closed, by_id=agent_id, why=reason, now=now)
    await forget(unit, closed, now=now)
    return closed


async def _tell_closed(
    unit: Unit, closed: Conversation, *, by_id: int, why: str, now: datetime
) -> None:
    if closed.assignee_id is None:
        return
    notice = Notice(
        agent_id=closed.assignee_id,
        kind=Kind.CLOSED,
        conversation_id=closed.id,
        by_id=by_id,
        text=why,
        at=now,
    )
    await notices.add(unit, [notice])


async def abandon(unit: Unit, conversation: Conversation, *, now: datetime) -> None:
    """The customer has left while they waited: nobody has to answer any more.

    How long they waited is kept: it tells how patient customers are.
    """
    wait = await who_waits.find_wait(unit, conversation.id)
    since = wait.since if wait else conversation.waiting_since or now
    unit.session.add(
        RoutingNote(
            at=now,
            kind="abandoned",
            conversation_id=conversation.id,
            facts={
                "waited_seconds": (now - since).total_seconds(),
                "level_id": conversation.level_id,
                "group_id": conversation.group_id,
            },
        )
    )
    await conversations.end(unit, conversation, agent_id=None, now=now, kind="abandoned")
    await forget(unit, conversation, now=now)


async def forget(unit: Unit, closed: Conversation, *, now: datetime) -> None:
    """A conversation has ended: nobody waits there, nobody has it, or its agent wraps it up."""
    assignment = await who_has_what.find_assignment(unit, closed.id)
    if assignment and not await wrap_up.begin(unit, assignment, now=now):
        await given.end(unit, assignment, Ending.CLOSED, now=now)
    await who_waits.remove_wait(unit, closed.id)


async def note_reply(unit: Unit, conversation_id: int, *, now: datetime) -> None:
    """A person has answered."""
    assignment = await who_has_what.find_assignment(unit, conversation_id)
    if assignment and assignment.first_reply_at is None:
        assignment.first_reply_at, assignment.answer_by = now, None
        assignment.accepted_at = assignment.accepted_at or now


async def wake(unit: Unit, spoken: Collection[Conversation]) -> None:
    """The customers have written: what rested does not rest any more."""
    resting: Sequence[int] = [each.id for each in spoken if each.rests_since is not None]
    if resting:
        await who_has_what.wake(unit, resting)
        unit.wake(DISPATCH)
