"""What a round minds, one thing after the other; each finds its marks in rows."""

from datetime import datetime, timedelta

from wxdesk.desk import conversations
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.routing import given, what_is_due, who_has_what, who_is_here, wrap_up
from wxdesk.desk.routing.eligible import obstacle
from wxdesk.desk.routing.giving_back import end_offer, rest, send_back
from wxdesk.desk.routing.going_on import go_on
from wxdesk.desk.routing.model import Assignment, Ending
from wxdesk.desk.routing.presence_log import note_presence
from wxdesk.desk.routing.round import Round
from wxdesk.desk.routing.snapshot import Presence
from wxdesk.desk.routing.what_is_due import Due

MOST_A_ROUND = 50
"""Of each kind of thing: a round is short, and comes again at once where more is to be done."""


MOST_RETURNED = 2
"""So far beyond their capacity an agent takes back what was theirs already."""


async def mind_limits(round_: Round) -> None:
    """Agents who take as usual again."""
    for agent_id in await what_is_due.end_limits(round_.unit, round_.now):
        round_.unit.tell("seat", agent_id)


async def mind_timers(round_: Round) -> None:
    """Offers nobody accepted, holds and exclusions that are over, rings."""
    now = round_.now
    for wait in await round_.hold(
        await what_is_due.timed_out(round_.unit, now, limit=MOST_A_ROUND)
    ):
        if wait.next_at is None or wait.next_at > now:
            continue
        round_.done += 1
        if wait.offer_until and wait.offer_until <= now:
            await end_offer(round_, wait, Ending.TIMED_OUT)
            continue
        if wait.held_until is not None and wait.held_until <= now:
            wait.held_until = wait.familiar_id = None
        wait.excluded = {
            agent_id: until
            for agent_id, until in wait.excluded.items()
            if datetime.fromisoformat(until) > now
        }
        if wait.offered_to is None:
            wait.looked, wait.next_at = False, None  # set anew when an agent was looked for
        else:
            wait.set_timer(after=now)
    round_.heads.forget_all()


async def mind_absent(round_: Round) -> None:
    """Agents who are not here: what was offered to them, or held for them, goes to others.

    Who was silent for long counts as gone; what they have not answered is given to others after a
    grace, the rest stays theirs and rests.
    """
    await _count_as_gone(round_)
    absent = await what_is_due.with_absent(round_.unit, limit=MOST_A_ROUND)
    for wait in await round_.hold(absent):
        if wait.offered_to is not None:
            await end_offer(round_, wait, Ending.WITHDRAWN)
        elif wait.held_until is not None:
            wait.held_until, wait.looked = None, False
            wait.set_timer()
            round_.done += 1
    grace = round_.now - timedelta(seconds=round_.terms.plan.return_seconds)
    for agent_id in await what_is_due.left_before(round_.unit, grace):
        await _leave_behind(round_, agent_id)
    round_.heads.forget_all()


async def _count_as_gone(round_: Round) -> None:
    now = round_.now
    lost = timedelta(seconds=round_.terms.plan.lost_seconds)
    for agent_id in await what_is_due.gone_quiet(round_.unit, now - lost, now):
        seat = await who_is_here.get_seat(round_.unit, agent_id)
        if seat.presence is Presence.OFFLINE or not seat.is_silent(now, lost):
            continue
        seat.presence, seat.since, seat.reason = Presence.OFFLINE, now, "lost"
        seat.back_at = None
        note_presence(round_.unit, seat, now)
        await round_.unit.session.flush()
        round_.unit.tell("seat", agent_id)
        await round_.read_again(agent_id)
        round_.done += 1


async def _leave_behind(round_: Round, agent_id: int) -> None:
    """What the customer waits for goes to others, soonest due first; the rest rests."""
    for kept in await who_has_what.open_of(round_.unit, agent_id):
        found = await _held(round_, kept.conversation_id)
        if found is None or not found[1].takes_room:
            continue
        conversation, assignment = found
        if conversation.owed_since is None:
            await rest(round_, conversation, assignment)
        else:
            await send_back(round_, conversation, assignment, Ending.LOST)


async def _held(round_: Round, conversation_id: int) -> tuple[Conversation, Assignment] | None:
    """A conversation that somebody has, locked, and as it is by now."""
    conversation = await conversations.find_free(round_.unit, conversation_id)
    if conversation is None or conversation.state is not ConversationState.ACTIVE:
        return None
    assignment = await who_has_what.find_assignment(round_.unit, conversation_id)
    return (conversation, assignment) if assignment else None


async def mind_woken(round_: Round) -> None:
    """Customers wrote in conversations that rested: back to their agents, or to others."""
    for conversation_id in await what_is_due.woken(round_.unit, limit=MOST_A_ROUND):
        found = await _held(round_, conversation_id)
        if found is None:
            continue
        conversation, assignment = found
        assignment.woken = False
        round_.done += 1
        if assignment.takes_room:
            continue
        seat = await who_is_here.get_seat(round_.unit, assignment.agent_id)
        agent = await round_.agent(assignment.agent_id)
        stays = seat.since is None or (
            agent.presence in (Presence.ONLINE, Presence.BUSY)
            and seat.load + assignment.weight <= agent.capacity + MOST_RETURNED
        )
        if stays:
            assignment.rests_since = None
            conversations.set_rest(round_.unit, conversation, None)
            await who_is_here.change_load(
                round_.unit, assignment.agent_id, assignment.weight, hungry=False
            )
            await round_.read_again(assignment.agent_id)
        else:
            await send_back(
                round_,
                conversation,
                assignment,
                Ending.LOST,
                familiar_id=assignment.agent_id,
            )


async def mind_unanswered(round_: Round) -> None:
    """Given to somebody who did not answer in time: another is tried, once."""
    found_late = await what_is_due.overdue_answers(round_.unit, round_.now, limit=MOST_A_ROUND)
    for conversation_id in found_late:
        found = await _held(round_, conversation_id)
        if found is None:
            continue
        conversation, assignment = found
        assignment.answer_by = None
        round_.done += 1
        answered = assignment.first_reply_at is not None or conversation.owed_since is None
        if answered or not assignment.takes_room:
            continue
        if await who_has_what.was_tried(round_.unit, conversation_id, assignment.waited_since):
            continue
        waiting = go_on(conversation, assignment.kept).waiting(round_.now)
        others = [each for each in await round_.everybody() if each.id != assignment.agent_id]
        if any(obstacle(each, waiting, round_.now) is None for each in others):
            await send_back(round_, conversation, assignment, Ending.UNANSWERED)


async def mind_silent(round_: Round) -> None:
    """The customer owes the answer, and has for a while: the conversation rests."""
    before = round_.now - timedelta(seconds=round_.terms.plan.rests_after_seconds)
    for conversation_id in await what_is_due.silent(round_.unit, before, limit=MOST_A_ROUND):
        found = await _held(round_, conversation_id)
        if found and found[1].takes_room and found[0].owed_since is None:
            await rest(round_, *found)


async def mind_quiet(round_: Round) -> None:
    """Neither side has said anything for as long as the plan says: it is over."""
    seconds = round_.terms.plan.close_after_seconds
    if seconds is None:
        return
    before = round_.now - timedelta(seconds=seconds)
    for conversation_id in await what_is_due.quiet(round_.unit, before, limit=MOST_A_ROUND):
        conversation = await conversations.find_free(round_.unit, conversation_id)
        if conversation is None or conversation.owed_since is not None:
            continue
        await conversations.end(
            round_.unit, conversation, agent_id=None, now=round_.now, kind="closed_by_itself"
        )
        if assignment := await who_has_what.find_assignment(round_.unit, conversation_id):
            await given.end(round_.unit, assignment, Ending.CLOSED, now=round_.now)
        round_.done += 1


async def mind_wrapped(round_: Round) -> None:
    """Agents have had their time to note down what a conversation was about."""
    over = await what_is_due.wrapped_until(round_.unit, round_.now, limit=MOST_A_ROUND)
    await wrap_up.end(round_.unit, over, now=round_.now)
    round_.done += len(over)


MINDED = {
    mind_limits: {Due.LIMITS},
    mind_timers: {Due.TIMERS},
    mind_absent: {Due.GONE, Due.OFFERED, Due.HELD, Due.LEFT},
    mind_woken: {Due.WOKEN},
    mind_unanswered: {Due.UNANSWERED},
    mind_silent: {Due.SILENT},
    mind_quiet: {Due.QUIET},
    mind_wrapped: {Due.WRAPPED},
}
"""In this order, each where one of these is due."""
