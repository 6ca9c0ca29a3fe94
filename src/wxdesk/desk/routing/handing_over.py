"""Conversations go from one to the other: by the agent who has them, or by a supervisor."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from wxdesk.desk import agents, contacts, conversations, notices
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.notices import Kind, Notice
from wxdesk.desk.routing import given, terms, who_has_what, who_is_here, who_waits
from wxdesk.desk.routing.begin import fresh_wait
from wxdesk.desk.routing.errors import NotHere
from wxdesk.desk.routing.giving_back import take_back_offer
from wxdesk.desk.routing.going_on import go_on, put_in_group
from wxdesk.desk.routing.log import Act, note
from wxdesk.desk.routing.model import DISPATCH, Ending, Wait
from wxdesk.desk.routing.snapshot import Presence
from wxdesk.errors import NotFound
from wxdesk.store import Unit


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
    owner_id = conversation.assignee_id
    if agent_id is not None:
        await require_room(unit, agent_id, now)
    if owner_id != by_id:
        note(
            unit,
            Act.HANDED_OVER,
            conversation_id,
            by_id=by_id,
            reason=message,
            now=now,
            agent_id=agent_id,
            had_by=owner_id,
            group_id=group_id,
        )
    meant = {"message": message or None, "agent_id": agent_id, "group_id": group_id}
    line = {name: fact for name, fact in meant.items() if fact is not None}
    wait = await who_waits.find_wait(unit, conversation_id)
    if wait is None:
        wait = await _wait_again(unit, conversation, by_id, known, now, line)
    else:
        if wait.offered_to is not None:
            await _withdraw(unit, conversation, wait, now)
        await conversations.pass_on(unit, conversation, agent_id=by_id, now=now, content=line)
    if group_id is not None:
        put_in_group(wait, conversation, group_id, known)
    wait.direct_to = agent_id
    wait.sender_id = by_id if agent_id is not None and owner_id is not None else None
    wait.message, wait.looked = message, False
    wait.familiar_id = wait.held_until = None
    wait.set_timer()
    unit.tell("conversation", conversation_id)
    unit.wake(DISPATCH)
    await tell_who_had_and_gets(
        unit, conversation_id, had=owner_id, gets=agent_id, by_id=by_id, why=message, now=now
    )
    return conversation


async def tell_who_had_and_gets(
    unit: Unit,
    conversation_id: int,
    *,
    had: int | None,
    gets: int | None,
    by_id: int,
    why: str,
    now: datetime,
) -> None:
    """Whose it was is told, and whose it is to be, unless they have done it themselves."""
    told = {had: Kind.TAKEN_OVER, gets: Kind.HANDED_OVER}
    await notices.add(
        unit,
        [
            Notice(
                agent_id=agent_id,
                kind=kind,
                conversation_id=conversation_id,
                by_id=by_id,
                text=why,
                at=now,
            )
            for agent_id, kind in told.items()
            if agent_id is not None
        ],
    )


async def require_room(unit: Unit, agent_id: int, now: datetime, *, beside: int = 0) -> None:
    """Their seat is not locked: what has changed meanwhile the dispatcher sees.

    Args:
        unit: Reads are enough.
        agent_id: Who.
        now: When.
        beside: They are to be asked about so many others at the same time.

    Raises:
        NotFound: There is no such agent.
        NotHere: They take nothing now, or have no room.
    """
    seat = next(iter(await who_is_here.seats_by_ids(unit, [agent_id])), None)
    if seat is None and agent_id not in await agents.by_ids(unit, [agent_id]):
        raise NotFound(f"there is no agent {agent_id}")
    presence = seat.presence if seat else Presence.OFFLINE
    if seat is None or presence is not Presence.ONLINE or seat.paused_since:
        raise NotHere("that agent takes nothing now", presence=presence.value)
    if seat.load + beside >= seat.room(now):
        raise NotHere("that agent has no room", presence=presence.value)


async def _withdraw(unit: Unit, conversation: Conversation, wait: Wait, now: datetime) -> None:
    """Who was asked is not asked any more, and has done nothing wrong."""
    assignment = await who_has_what.find_assignment(unit, conversation.id)
    if assignment and wait.offered_to is not None:
        await given.end(unit, assignment, Ending.WITHDRAWN, now=now)
        take_back_offer(conversation, wait, wait.offered_to, None)


async def _wait_again(
    unit: Unit,
    conversation: Conversation,
    by_id: int,
    known: terms.Terms,
    now: datetime,
    line: Mapping[str, Any],
) -> Wait:
    """It waits for somebody else, since the customer has: not for whoever hands it over."""
    assignment = await who_has_what.find_assignment(unit, conversation.id)
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
    await conversations.put_back(
        unit,
        conversation,
        since=wait.since,
        now=now,
        agent_id=by_id,
        kind=conversations.HANDED_OVER,
        content=line,
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
    await who_is_here.lock_desk(unit)  # as two seats are locked
    conversation = await conversations.get(unit, conversation_id)
    conversation.require_open()
    if conversation.assignee_id == agent_id and conversation.state is ConversationState.ACTIVE:
        return conversation
    owner_id = conversation.assignee_id
    kept = await _let_go(unit, conversation, now)
    act = Act.TAKEN_OVER if agent_id == by_id else Act.ASSIGNED
    note(
        unit,
        act,
        conversation_id,
        by_id=by_id,
        reason=reason,
        now=now,
        agent_id=agent_id,
        had_by=owner_id,
    )
    await given.give(
        unit,
        conversation,
        agent_id=agent_id,
        kept=kept,
        now=now,
        by_id=by_id,
        reason=reason,
        kind=act.value,
    )
    await tell_who_had_and_gets(
        unit, conversation_id, had=owner_id, gets=agent_id, by_id=by_id, why=reason, now=now
    )
    return conversation


async def _let_go(unit: Unit, conversation: Conversation, now: datetime) -> Mapping[str, Any]:
    """Nobody has it, and nobody is asked; the wait that this ends."""
    wait = await who_waits.find_wait(unit, conversation.id)
    assignment = await who_has_what.find_assignment(unit, conversation.id)
    kept = wait.as_json() if wait else assignment.kept if assignment else {}
    if assignment:
        await given.end(unit, assignment, Ending.HANDED_OVER, now=now)
    if wait:
        await unit.session.delete(wait)
        await unit.session.flush()
    return kept
