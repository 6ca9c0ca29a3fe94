"""What agents do to get conversations: take, accept, let pass."""

from datetime import datetime, timedelta

from wxdesk.desk import bindings, conversations
from wxdesk.desk.conversations import AlreadyTaken, Conversation, ConversationState
from wxdesk.desk.routing import given, terms, who_has_what, who_is_here, who_waits
from wxdesk.desk.routing.decision import Rule
from wxdesk.desk.routing.errors import NothingWaits, NotOffered, NotYours, OwnConversation
from wxdesk.desk.routing.giving_back import take_back_offer
from wxdesk.desk.routing.model import DISPATCH, Assignment, Ending, Wait
from wxdesk.desk.routing.plan import Pull
from wxdesk.desk.routing.round import Round
from wxdesk.store import Unit


async def take(unit: Unit, conversation_id: int, *, agent_id: int, now: datetime) -> Conversation:
    """Become the owner of a conversation; exactly one of many who try at once does.

    Room is not asked for: whoever takes something by hand knows what they do.

    Raises:
        NotFound: There is no such conversation.
        AlreadyTaken: Another agent was faster, or is just being asked.
        ConversationClosed: It has ended.
        OwnConversation: Its customer is the agent themselves.
    """
    conversation = await conversations.get(unit, conversation_id)
    if conversation.assignee_id == agent_id and conversation.state is ConversationState.ACTIVE:
        return conversation
    conversation.require_takable(agent_id)
    selves = await bindings.agents_among(unit, [conversation.contact_id])
    if selves.get(conversation.contact_id) == agent_id:
        raise OwnConversation("you are its customer")
    wait = await who_waits.find_wait(unit, conversation_id)
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
        NotFound, AlreadyTaken, ConversationClosed, OwnConversation: As ``take``.
        NotYours: The plan says that the desk chooses, or that only who is first may be taken.
    """
    plan = (await terms.read(unit)).plan
    offered = await who_waits.find_offer(unit, conversation_id)
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
    seat = await who_is_here.get_seat(unit, agent_id)
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
    wait = await who_waits.find_wait(unit, conversation_id)
    assignment = await who_has_what.find_assignment(unit, conversation_id)
    if wait is None or assignment is None or wait.offered_to != agent_id:
        raise NotOffered(f"conversation {conversation_id} is not offered to agent {agent_id}")
    return conversation, wait, assignment
