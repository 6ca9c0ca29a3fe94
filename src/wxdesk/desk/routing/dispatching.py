"""What a round of dispatching minds, one thing after the other; each finds its marks in rows.

Running a step twice, late, or in two processes changes nothing: each looks at rows again, under
the desk's lock.
"""

from datetime import datetime, timedelta

from wxdesk.desk import contacts, conversations, sla
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.routing import choose, given, queries, terms
from wxdesk.desk.routing.begin import (
    again,
    fresh_wait,
    go_on,
    leave_group,
    raise_level,
    take_default_level,
)
from wxdesk.desk.routing.decision import Rule
from wxdesk.desk.routing.eligible import has_room, obstacle, standing_exclusions
from wxdesk.desk.routing.model import DISPATCH, Assignment, Ending, Wait
from wxdesk.desk.routing.presence_log import note_presence
from wxdesk.desk.routing.queries import Due
from wxdesk.desk.routing.round import Round
from wxdesk.desk.routing.snapshot import Presence
from wxdesk.desk.routing.waiting_time import foretell
from wxdesk.store import Unit

MOST_A_ROUND = 50
"""Of each kind of thing: a round is short, and comes again at once where more is to be done."""

MOST_RETURNED = 2
"""So far beyond their capacity an agent takes back what was theirs already."""


async def is_due(unit: Unit, *, now: datetime) -> bool:
    """Whether a round would find anything to do; without the desk's lock, in two statements."""
    return bool(await queries.what_is_due(unit, now, await terms.plan_in_force(unit)))


async def run(unit: Unit, *, now: datetime) -> int:
    """Mind everything that is due; how many things were decided: above 0, come again."""
    round_ = await Round.begin(unit, now)
    await mind_all(round_)
    return round_.done


async def mind_all(round_: Round) -> None:
    due = await queries.what_is_due(round_.unit, round_.now, round_.terms.plan)
    for mind, causes in _MINDED.items():
        if due & causes:
            await mind(round_)
    await place_meant(round_)
    await feed_hungry(round_)  # those who stand in line before those who arrive
    await place_unseen(round_)
    await foretell(round_)
    await sla.follow_told(round_.unit, now=round_.now)


async def mind_limits(round_: Round) -> None:
    """Agents who take as usual again."""
    for agent_id in await queries.end_limits(round_.unit, round_.now):
        round_.unit.tell("seat", agent_id)


async def mind_timers(round_: Round) -> None:
    """Offers nobody accepted, holds and exclusions that are over, rings."""
    now = round_.now
    for wait in await round_.hold(await queries.timed_out(round_.unit, now, limit=MOST_A_ROUND)):
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
    round_.forget_heads()


async def mind_absent(round_: Round) -> None:
    """Agents who are not here: what was offered to them, or held for them, goes to others.

    Who was silent for long counts as gone; what they have not answered is given to others after a
    grace, the rest stays theirs and rests.
    """
    await _count_as_gone(round_)
    absent = await queries.with_absent(round_.unit, limit=MOST_A_ROUND)
    for wait in await round_.hold(absent):
        if wait.offered_to is not None:
            await end_offer(round_, wait, Ending.WITHDRAWN)
        elif wait.held_until is not None:
            wait.held_until, wait.looked = None, False
            wait.set_timer()
            round_.done += 1
    grace = round_.now - timedelta(seconds=round_.terms.plan.return_seconds)
    for agent_id in await queries.left_before(round_.unit, grace):
        await _leave_behind(round_, agent_id)
    round_.forget_heads()


async def _count_as_gone(round_: Round) -> None:
    now = round_.now
    lost = timedelta(seconds=round_.terms.plan.lost_seconds)
    for agent_id in await queries.gone_quiet(round_.unit, now - lost):
        seat = await queries.get_seat(round_.unit, agent_id)
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
    for kept in await queries.open_of(round_.unit, agent_id):
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
    assignment = await queries.find_assignment(round_.unit, conversation_id)
    return (conversation, assignment) if assignment else None


async def mind_woken(round_: Round) -> None:
    """Customers wrote in conversations that rested: back to their agents, or to others."""
    for conversation_id in await queries.woken(round_.unit, limit=MOST_A_ROUND):
        found = await _held(round_, conversation_id)
        if found is None:
            continue
        conversation, assignment = found
        assignment.woken = False
        round_.done += 1
        if assignment.takes_room:
            continue
        seat = await queries.get_seat(round_.unit, assignment.agent_id)
        agent = await round_.agent(assignment.agent_id)
        stays = seat.since is None or (
            agent.presence in (Presence.ONLINE, Presence.BUSY)
            and seat.load + assignment.weight <= agent.capacity + MOST_RETURNED
        )
        if stays:
            assignment.rests_since = None
            conversations.set_rest(round_.unit, conversation, None)
            await queries.change_load(
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
    found_late = await queries.overdue_answers(round_.unit, round_.now, limit=MOST_A_ROUND)
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
        if await queries.was_tried(round_.unit, conversation_id, assignment.waited_since):
            continue
        waiting = go_on(conversation, assignment.kept).waiting(round_.now)
        others = [each for each in await round_.everybody() if each.id != assignment.agent_id]
        if any(obstacle(each, waiting, round_.now) is None for each in others):
            await send_back(round_, conversation, assignment, Ending.UNANSWERED)


async def mind_silent(round_: Round) -> None:
    """The customer owes the answer, and has for a while: the conversation rests."""
    before = round_.now - timedelta(seconds=round_.terms.plan.rests_after_seconds)
    for conversation_id in await queries.silent(round_.unit, before, limit=MOST_A_ROUND):
        found = await _held(round_, conversation_id)
        if found and found[1].takes_room and found[0].owed_since is None:
            await rest(round_, *found)


async def mind_quiet(round_: Round) -> None:
    """Neither side has said anything for as long as the plan says: it is over."""
    seconds = round_.terms.plan.close_after_seconds
    if seconds is None:
        return
    before = round_.now - timedelta(seconds=seconds)
    for conversation_id in await queries.quiet(round_.unit, before, limit=MOST_A_ROUND):
        conversation = await conversations.find_free(round_.unit, conversation_id)
        if conversation is None or conversation.owed_since is not None:
            continue
        await conversations.end(
            round_.unit, conversation, agent_id=None, now=round_.now, kind="closed_by_itself"
        )
        if assignment := await queries.find_assignment(round_.unit, conversation_id):
            await given.end(round_.unit, assignment, Ending.CLOSED, now=round_.now)
        round_.done += 1


_MINDED = {
    mind_limits: {Due.LIMITS},
    mind_timers: {Due.TIMERS},
    mind_absent: {Due.GONE, Due.OFFERED, Due.HELD, Due.LEFT},
    mind_woken: {Due.WOKEN},
    mind_unanswered: {Due.UNANSWERED},
    mind_silent: {Due.SILENT},
    mind_quiet: {Due.QUIET},
}
"""In this order, each where one of these is due."""


async def place_meant(round_: Round) -> None:
    """Conversations that are meant for an agent: handed over to them, or their customer's."""
    await _place(round_, meant=True)


async def place_unseen(round_: Round) -> None:
    """Conversations for which no agent was looked for since something about them changed."""
    await _place(round_, meant=False)


async def _place(round_: Round, *, meant: bool) -> None:
    found = await queries.unseen(round_.unit, meant=meant, limit=MOST_A_ROUND, but=round_.busy)
    for wait in await round_.hold(found):
        if wait.looked or wait.offered_to is not None:
            wait.looked = True
            continue
        if wait.direct_to is not None:
            await _hand_over(round_, wait)
        else:
            await round_.place(wait, shared=wait.familiar_id is None)
        round_.done += wait.looked
    round_.forget_heads()


async def _hand_over(round_: Round, wait: Wait) -> None:
    """To whom a colleague meant it for; where they take nothing now, back to who handed it over."""
    agent, wait.direct_to = await round_.agent(wait.direct_to or 0), None
    if agent.is_here(round_.now) and has_room(agent, wait.waiting(round_.now)):
        decision = round_.direct(wait, agent)
        if not await round_.claim(wait, decision):
            wait.direct_to = int(agent.id)
        return
    await _give_back(round_, wait)


async def feed_hungry(round_: Round) -> None:
    """Agents who have got room look for conversations.

    Where somebody else held one that they might have taken, they look once more, next time.
    """
    found = await queries.sate(round_.unit)
    if not found:
        return
    await round_.read_again(*found)
    enough = round_.done + MOST_A_ROUND
    later = [each for each in found if not await round_.feed(each, until=enough)]
    if again := found if round_.busy else later:
        await queries.let_look(round_.unit, again)


async def sweep(unit: Unit, *, now: datetime) -> int:
    """Place whoever waits though somebody could take them; how many that were.

    What events have marked is minded first. An event that does its work leaves nothing to repair:
    this is counted, and 0 in every test. Whom everybody leaves out who could take it is looked at
    again: that follows from what agents do, and is no repair.
    """
    round_ = await Round.begin(unit, now)
    await mind_all(round_)
    everybody = await round_.everybody()
    marked = set(await queries.hungry(unit))  # since: what somebody is doing right now
    agents = [each for each in everybody if each.id not in marked]
    free = [each for each in agents if round_.may_have_room(each)]
    repaired = 0
    for head in await round_.heads():
        waiting = head.waiting(now)
        if not head.looked:
            continue
        decision = choose.place(waiting, free, round_.moment)
        if decision.room:
            repaired += await round_.claim(head, decision)
        elif waiting.excluded and await round_.hold([head]):
            standing = standing_exclusions(waiting, agents, now)
            head.looked = standing == waiting.excluded
    for agent_id, off in (await queries.wrong_loads(unit)).items():
        await queries.change_load(unit, agent_id, off, hungry=off < 0)
        repaired += 1
    if repaired:
        round_.desk.repairs += repaired
        await sla.follow_told(unit, now=now)
    return repaired


async def regroup(unit: Unit, *, now: datetime) -> int:
    """Groups have changed: who waits for one that is no more waits for the whole desk; how many.

    And everybody who is here looks for work: they may be in another group by now.
    """
    round_ = await Round.begin(unit, now)
    found = await round_.hold(await queries.without_group(unit, limit=MOST_A_ROUND))
    for wait in found:
        conversation = round_.held[wait.conversation_id]
        leave_group(wait, conversation)
        unit.tell("conversation", conversation.id)
    await unit.session.flush()
    await queries.let_all_look(unit)
    unit.wake(DISPATCH)
    return len(found)


async def adopt(unit: Unit, *, now: datetime) -> int:
    """Put in line who waits and stands in none: of a desk that did not know lines yet."""
    found = await queries.unqueued(unit, limit=MOST_A_ROUND)
    if not found:
        return 0
    round_ = await Round.begin(unit, now)
    for conversation_id in found:
        conversation = await conversations.find_free(unit, conversation_id)
        if conversation is None or conversation.state is not ConversationState.WAITING:
            continue
        if await queries.find_wait(unit, conversation_id):
            continue
        people = await contacts.by_ids(unit, [conversation.contact_id])
        contact = people[conversation.contact_id]
        unit.session.add(await fresh_wait(unit, conversation, contact, round_.terms, now))
    unit.wake(DISPATCH)
    return len(found)


async def relevel(unit: Unit, *, now: datetime) -> int:
    """Promise those anew who wait and whose level has become better; how many.

    From when they began to wait, and never later than before: nobody's place gets worse. Who waits
    by a level that was retired keeps what it promised, and is served as the default level is.
    """
    better = await queries.underrated(unit, limit=MOST_A_ROUND)
    retired = await queries.without_level(unit, limit=MOST_A_ROUND)
    if not better and not retired:
        return 0
    round_ = await Round.begin(unit, now)
    await round_.hold([*better, *retired])
    changed = []
    for wait, level_id in better.items():
        if wait.conversation_id in round_.held and level_id in round_.terms.levels:
            round_.held[wait.conversation_id].level_id = level_id
            raise_level(wait, level_id, round_.terms)
            changed.append(round_.held[wait.conversation_id])
    for wait in retired:
        if wait.conversation_id in round_.held and wait.level_id not in round_.terms.levels:
            take_default_level(wait, round_.terms)
    await sla.repromise(unit, changed, now=now)
    for conversation in changed:
        unit.tell("conversation", conversation.id)
    unit.wake(DISPATCH)
    return len(better) + len(retired)


# What follows from these


async def end_offer(round_: Round, wait: Wait, ending: Ending) -> None:
    """An offer is over; the conversation waits at its old place, or goes back to a colleague."""
    conversation = round_.held[wait.conversation_id]
    assignment = await queries.find_assignment(round_.unit, wait.conversation_id)
    if assignment is None or wait.offered_to is None:
        return
    agent_id, now = wait.offered_to, round_.now
    await given.end(round_.unit, assignment, ending, now=now)
    if ending is Ending.TIMED_OUT:
        seat = await queries.get_seat(round_.unit, agent_id)
        seat.paused_since, seat.missed = now, seat.missed + 1
        note_presence(round_.unit, seat, now)
        await round_.unit.session.flush()
    await round_.read_again(agent_id)
    take_back_offer(
        conversation,
        wait,
        agent_id,
        None if ending is Ending.WITHDRAWN else round_.excluded_until(),
    )
    if wait.sender_id is not None:
        await _give_back(round_, wait)
    round_.unit.tell("conversation", conversation.id)
    round_.done += 1


def take_back_offer(
    conversation: Conversation, wait: Wait, agent_id: int, excluded_until: datetime | None
) -> None:
    """It waits as before, for that agent only after a while."""
    conversation.offer(None, None)
    wait.offered_to = wait.offer_until = None
    if excluded_until:
        wait.excluded = wait.excluded | {str(agent_id): excluded_until.isoformat()}
    wait.looked = False
    wait.set_timer()


async def _give_back(round_: Round, wait: Wait) -> None:
    """What was handed over was not accepted: back to who handed it over, room or not."""
    sender_id, wait.sender_id, wait.looked = wait.sender_id, None, False
    if sender_id is None:
        return
    sender = await round_.agent(sender_id)
    seat = await queries.get_seat(round_.unit, sender_id)
    if seat.since is not None and not sender.is_here(round_.now):
        return
    conversation = round_.held.pop(wait.conversation_id)
    kept = wait.as_json()
    await round_.unit.session.delete(wait)
    await given.give(
        round_.unit,
        conversation,
        agent_id=sender_id,
        kept=kept,
        now=round_.now,
        rule=Rule.RETURNED,
        kind="given_back",
    )
    await round_.read_again(sender_id)
    round_.forget_heads()
    round_.done += 1


async def rest(round_: Round, conversation: Conversation, assignment: Assignment) -> None:
    """It takes no room any more; its agent stays, and looks for others."""
    await queries.change_load(round_.unit, assignment.agent_id, -assignment.weight, hungry=True)
    assignment.rests_since = round_.now
    conversations.set_rest(round_.unit, conversation, round_.now)
    round_.unit.tell("seat", assignment.agent_id)
    await round_.read_again(assignment.agent_id)
    round_.done += 1


async def send_back(
    round_: Round,
    conversation: Conversation,
    assignment: Assignment,
    ending: Ending,
    *,
    familiar_id: int | None = None,
) -> None:
    """It waits for somebody else: without a reply yet at its old place, else for the next one."""
    untouched = assignment.first_reply_at is None and assignment.rests_since is None
    await given.end(round_.unit, assignment, ending, now=round_.now)
    await round_.read_again(assignment.agent_id)
    people = await contacts.by_ids(round_.unit, [conversation.contact_id])
    contact = people[conversation.contact_id]
    if not assignment.kept:
        wait = await fresh_wait(round_.unit, conversation, contact, round_.terms, round_.now)
    elif untouched:
        wait = go_on(conversation, assignment.kept)
    else:
        wait = again(
            conversation,
            contact,
            assignment.kept,
            round_.terms,
            since=conversation.owed_since or round_.now,
            familiar_id=familiar_id,
        )
    if ending is Ending.UNANSWERED:
        take_back_offer(conversation, wait, assignment.agent_id, round_.excluded_until())
    round_.unit.session.add(wait)
    await conversations.put_back(
        round_.unit,
        conversation,
        since=wait.since,
        now=round_.now,
        agent_id=assignment.agent_id,
        content={"ending": ending.value},
    )
    round_.done += 1
