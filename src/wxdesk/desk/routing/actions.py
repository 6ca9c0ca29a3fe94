"""What agents do with conversations: take, accept, let pass, hand over, leave aside, end."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from wxdesk.desk import agents, contacts, conversations
from wxdesk.desk.conversations import AlreadyTaken, Conversation, ConversationState, NotAssigned
from wxdesk.desk.routing import given, queries, terms
from wxdesk.desk.routing.begin import fresh_wait, go_on, put_in_group
from wxdesk.desk.routing.decision import Rule
from wxdesk.desk.routing.dispatching import take_back_offer
from wxdesk.desk.routing.model import (
    DISPATCH,
    Assignment,
    Ending,
    NotHere,
    NothingWaits,
    NotOffered,
    NotWaiting,
    NotYours,
    RoutingNote,
    Wait,
)
from wxdesk.desk.routing.plan import Pull
from wxdesk.desk.routing.round import Round
from wxdesk.desk.routing.snapshot import Presence
from wxdesk.errors import NotFound
from wxdesk.store import Unit


async def take(unit: Unit, conversation_id: int, *, agent_id: int, now: datetime) -> Conversation:
    """Become the owner of a conversation; exactly one of many who try at once does.

    Room is not asked for: whoever takes something by hand knows what they do.

    Raises:
        NotFound: There is no such conversation.
        AlreadyTaken: Another agent was faster, or is just being asked.
        ConversationClosed: It has ended.
    """
    conversation = await conversations.get(unit, conversation_id)
    if conversation.assignee_id == agent_id and conversation.state is ConversationState.ACTIVE:
        return conversation
    conversation.require_takable(agent_id)
    wait = await queries.find_wait(unit, conversation_id)
    if wait and wait.offered_to is not None:
        if wait.offered_to != agent_id:
            raise AlreadyTaken(f"{conversation_id} is offered", assignee_id=wait.offered_to)
        return await accept(unit, conversation_id, agent_id=agent_id, now=now)
    kept = wait.as_json() if wait else {}
    if wait:
        await unit.session.delete(wait)
    await given.give(unit, conversation, agent_id=agent_id, kept=kept, now=now, rule=Rule.TAKEN)
    return conversation


async def pull(unit: Unit, conversation_id: int, *, agent_id: int, now: datetime) -> Conversation:
    """Take a conversation by hand, as far as the plan lets agents choose.

    Raises:
        NotFound, AlreadyTaken, ConversationClosed: As ``take``.
        NotYours: The plan says that the desk chooses, or that only who is first may be taken.
    """
    plan = (await terms.read(unit)).plan
    offered = await queries.find_offer(unit, conversation_id)
    if plan.pull is Pull.ANY or offered == agent_id:
        return await take(unit, conversation_id, agent_id=agent_id, now=now)
    if plan.pull is Pull.TOP:
        first = await (await Round.begin(unit, now)).first_for(agent_id)
        if first and first.conversation_id == conversation_id:
            return await take(unit, conversation_id, agent_id=agent_id, now=now)
    raise NotYours("the desk chooses", pull=plan.pull.value)


async def take_next(unit: Unit, *, agent_id: int, now: datetime) -> Conversation:
    """Take whoever is first for this agent, in the order in which the desk would give them.

    Raises:
        NothingWaits: Nobody whom they may take.
    """
    round_ = await Round.begin(unit, now)
    while wait := await round_.first_for(agent_id):
        if await round_.hold([wait]):
            return await take(unit, wait.conversation_id, agent_id=agent_id, now=now)
    raise NothingWaits("nobody waits whom you may take")


async def accept(unit: Unit, conversation_id: int, *, agent_id: int, now: datetime) -> Conversation:
    """Take what was offered.

    Raises:
        NotFound: There is no such conversation.
        NotOffered: Not to this agent, or not any more.
    """
    conversation, wait, assignment = await _offer(unit, conversation_id, agent_id)
    known = await terms.read(unit)
    assignment.accepted_at = now
    if known.plan.answer_seconds is not None:
        later = now + timedelta(seconds=known.plan.answer_seconds)
        assignment.answer_by = max(wait.warn_at, later)
    await unit.session.delete(wait)
    seat = await queries.get_seat(unit, agent_id)
    seat.missed = 0
    await conversations.give(
        unit,
        conversation,
        agent_id=agent_id,
        now=now,
        content={"rule": assignment.rule.value},
    )
    unit.tell("seat", agent_id)
    return conversation


async def decline(
    unit: Unit, conversation_id: int, *, agent_id: int, reason: str, now: datetime
) -> None:
    """Let an offer pass: it goes to others, at its old place.

    Raises:
        NotFound: There is no such conversation.
        NotOffered: Not to this agent, or not any more.
    """
    conversation, wait, assignment = await _offer(unit, conversation_id, agent_id)
    known = await terms.read(unit)
    assignment.reason = reason or assignment.reason
    await given.end(unit, assignment, Ending.DECLINED, now=now)
    take_back_offer(
        conversation, wait, agent_id, now + timedelta(seconds=known.plan.exclude_seconds)
    )
    if wait.sender_id is not None:
        wait.direct_to, wait.sender_id = wait.sender_id, None
    unit.tell("conversation", conversation_id)
    unit.wake(DISPATCH)


async def _offer(
    unit: Unit, conversation_id: int, agent_id: int
) -> tuple[Conversation, Wait, Assignment]:
    conversation = await conversations.get(unit, conversation_id)
    wait = await queries.find_wait(unit, conversation_id)
    assignment = await queries.find_assignment(unit, conversation_id)
    if wait is None or assignment is None or wait.offered_to != agent_id:
        raise NotOffered(f"conversation {conversation_id} is not offered to agent {agent_id}")
    return conversation, wait, assignment


async def hand_over(
    unit: Unit,
    conversation_id: int,
    *,
    by_id: int,
    may_any: bool,
    agent_id: int | None = None,
    group_id: int | None = None,
    message: str,
    now: datetime,
) -> Conversation:
    """Give a conversation to a colleague, who is asked, or to a group, where it keeps its place.

    Args:
        unit: Of whoever asks.
        conversation_id: Which.
        by_id: Who hands it over.
        may_any: They may hand over what is not theirs.
        agent_id: To whom; they have a minute to accept, then it comes back.
        group_id: Or to which group.
        message: What the next one is told.
        now: When.

    Raises:
        NotFound: There is no such conversation, agent or group.
        NotAssigned: It is somebody else's.
        ConversationClosed: It has ended.
        NotHere: That agent takes nothing now.
    """
    conversation = await conversations.get(unit, conversation_id)
    conversation.require_open()
    if not may_any:
        conversation.require_assignee(by_id)
    known = await terms.read(unit)
    was_owned = conversation.assignee_id is not None
    if agent_id is not None:
        await _require_room(unit, agent_id, now)
    wait = await queries.find_wait(unit, conversation_id)
    if wait is None:
        wait = await _wait_again(unit, conversation, by_id, known, now, message)
    elif wait.offered_to is not None:
        await _withdraw(unit, conversation, wait, now)
    if group_id is not None:
        put_in_group(wait, conversation, group_id, known)
    wait.direct_to = agent_id
    wait.sender_id = by_id if agent_id is not None and was_owned else None
    wait.message, wait.looked = message, False
    wait.familiar_id = wait.held_until = None
    wait.set_timer()
    unit.tell("conversation", conversation_id)
    unit.wake(DISPATCH)
    return conversation


async def _require_room(unit: Unit, agent_id: int, now: datetime) -> None:
    """Their seat is not locked: what has changed meanwhile the dispatcher sees."""
    seat = next(iter(await queries.seats_by_ids(unit, [agent_id])), None)
    if seat is None and agent_id not in await agents.by_ids(unit, [agent_id]):
        raise NotFound(f"there is no agent {agent_id}")
    presence = seat.presence if seat else Presence.OFFLINE
    if seat is None or presence is not Presence.ONLINE or seat.paused_since:
        raise NotHere("that agent takes nothing now", presence=presence.value)
    if seat.load >= seat.room(now):
        raise NotHere("that agent has no room", presence=presence.value)


async def _withdraw(unit: Unit, conversation: Conversation, wait: Wait, now: datetime) -> None:
    """Who was asked is not asked any more, and has done nothing wrong."""
    assignment = await queries.find_assignment(unit, conversation.id)
    if assignment and wait.offered_to is not None:
        await given.end(unit, assignment, Ending.WITHDRAWN, now=now)
        take_back_offer(conversation, wait, wait.offered_to, None)


async def _wait_again(
    unit: Unit,
    conversation: Conversation,
    by_id: int,
    known: terms.Terms,
    now: datetime,
    message: str,
) -> Wait:
    """It waits for somebody else, since the customer has: not for whoever hands it over."""
    assignment = await queries.find_assignment(unit, conversation.id)
    kept: Mapping[str, Any] = assignment.kept if assignment else {}
    owner_id = conversation.assignee_id
    if assignment:
        await given.end(unit, assignment, Ending.HANDED_OVER, now=now)
    if kept:
        wait = go_on(conversation, kept)
    else:
        people = await contacts.by_ids(unit, [conversation.contact_id])
        wait = await fresh_wait(unit, conversation, people[conversation.contact_id], known, now)
    if owner_id is not None:
        until = now + timedelta(seconds=known.plan.exclude_seconds)
        wait.excluded = wait.excluded | {str(owner_id): until.isoformat()}
        wait.set_timer()
    unit.session.add(wait)
    content = {"message": message} if message else None
    await conversations.put_back(
        unit,
        conversation,
        since=wait.since,
        now=now,
        agent_id=by_id,
        kind="handed_over",
        content=content,
    )
    return wait


async def assign(
    unit: Unit, conversation_id: int, *, agent_id: int, by_id: int, reason: str, now: datetime
) -> Conversation:
    """A supervisor gives a conversation to somebody, whoever has it and whatever room they have.

    Raises:
        NotFound: There is no such conversation or agent.
        ConversationClosed: It has ended.
    """
    await queries.lock_desk(unit)  # as two seats are locked
    conversation = await conversations.get(unit, conversation_id)
    conversation.require_open()
    if conversation.assignee_id == agent_id and conversation.state is ConversationState.ACTIVE:
        return conversation
    kept = await _let_go(unit, conversation, now)
    kind = "taken_over" if agent_id == by_id else "assigned"
    note(unit, kind, conversation_id, by_id=by_id, reason=reason, now=now, agent_id=agent_id)
    await given.give(
        unit,
        conversation,
        agent_id=agent_id,
        kept=kept,
        now=now,
        by_id=by_id,
        reason=reason,
        kind=kind,
    )
    return conversation


async def _let_go(unit: Unit, conversation: Conversation, now: datetime) -> Mapping[str, Any]:
    """Nobody has it, and nobody is asked; the wait that this ends."""
    wait = await queries.find_wait(unit, conversation.id)
    assignment = await queries.find_assignment(unit, conversation.id)
    kept = wait.as_json() if wait else assignment.kept if assignment else {}
    if assignment:
        await given.end(unit, assignment, Ending.HANDED_OVER, now=now)
    if wait:
        await unit.session.delete(wait)
        await unit.session.flush()
    return kept


async def move_up(
    unit: Unit, conversation_id: int, *, by_id: int, reason: str, now: datetime
) -> None:
    """Serve it next: it counts as far too late from now on.

    Raises:
        NotFound: There is no such conversation.
        NotWaiting: Nobody waits there.
    """
    await conversations.get(unit, conversation_id)
    wait = await queries.find_wait(unit, conversation_id)
    if wait is None or wait.offered_to is not None:
        raise NotWaiting("nobody waits there any more")
    wait.moved_up_by, wait.rank = by_id, 0
    wait.warn_at = min(wait.warn_at, now)
    wait.put_in_line(wait.waiting(now).need)
    wait.held_until, wait.looked = None, False
    wait.set_timer()
    note(unit, "move_up", conversation_id, by_id=by_id, reason=reason, now=now)
    unit.tell("conversation", conversation_id)
    unit.wake(DISPATCH)


def note(
    unit: Unit,
    kind: str,
    conversation_id: int,
    *,
    by_id: int,
    reason: str,
    now: datetime,
    agent_id: int | None = None,
) -> None:
    """Keep what a supervisor did, and why."""
    unit.session.add(
        RoutingNote(
            at=now,
            kind=kind,
            conversation_id=conversation_id,
            agent_id=agent_id,
            by_id=by_id,
            reason=reason,
        )
    )


async def rest(unit: Unit, conversation_id: int, *, agent_id: int, now: datetime) -> Conversation:
    """Leave it aside until the customer writes: it takes no room.

    Raises:
        NotFound: There is no such conversation.
        NotAssigned: It is somebody else's.
        ConversationClosed: It has ended.
    """
    conversation = await conversations.get(unit, conversation_id)
    conversation.require_assignee(agent_id)
    assignment = await queries.find_assignment(unit, conversation_id)
    if conversation.owed_since is not None:
        raise NotAssigned("the customer waits for an answer")
    if assignment and assignment.takes_room:
        await queries.change_load(unit, agent_id, -assignment.weight, hungry=True)
        assignment.rests_since = now
        unit.tell("seat", agent_id)
        unit.wake(DISPATCH)
    conversations.set_rest(unit, conversation, now)
    return conversation


async def close(
    unit: Unit, conversation_id: int, *, agent_id: int, may_close_any: bool, now: datetime
) -> Conversation:
    """End a conversation: its owner, or whoever may end any; room is given back.

    Raises:
        NotFound, NotAssigned, ConversationClosed: As ``conversations.close``.
    """
    closed = await conversations.close(
        unit, conversation_id, agent_id=agent_id, may_close_any=may_close_any, now=now
    )
    await forget(unit, closed, now=now)
    return closed


async def abandon(unit: Unit, conversation: Conversation, *, now: datetime) -> None:
    """The customer has left while they waited: nobody has to answer any more.

    How long they waited is kept: it tells how patient customers are.
    """
    wait = await queries.find_wait(unit, conversation.id)
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
    """A conversation has ended: nobody waits there, nobody has it."""
    if assignment := await queries.find_assignment(unit, closed.id):
        await given.end(unit, assignment, Ending.CLOSED, now=now)
    await queries.remove_wait(unit, closed.id)


async def note_reply(unit: Unit, conversation_id: int, *, now: datetime) -> None:
    """A person has answered."""
    assignment = await queries.find_assignment(unit, conversation_id)
    if assignment and assignment.first_reply_at is None:
        assignment.first_reply_at, assignment.answer_by = now, None
        assignment.accepted_at = assignment.accepted_at or now


async def wake(unit: Unit, spoken: Collection[Conversation]) -> None:
    """The customers have written: what rested does not rest any more."""
    resting: Sequence[int] = [each.id for each in spoken if each.rests_since is not None]
    if resting:
        await queries.wake(unit, resting)
        unit.wake(DISPATCH)
