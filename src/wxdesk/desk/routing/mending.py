"""What is looked at now and then: what no mark told, and what others have set up anew."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from wxdesk.desk import contacts, conversations, sla
from wxdesk.desk.conversations import ConversationState
from wxdesk.desk.routing import choose, what_is_astray, what_is_due, who_is_here, who_waits
from wxdesk.desk.routing.begin import fresh_wait
from wxdesk.desk.routing.dispatching import mind_all
from wxdesk.desk.routing.eligible import standing_exclusions
from wxdesk.desk.routing.going_on import leave_group, raise_level, take_default_level
from wxdesk.desk.routing.minding import MOST_A_ROUND
from wxdesk.desk.routing.model import DISPATCH
from wxdesk.desk.routing.round import Round
from wxdesk.store import Unit


class Repair(NamedTuple):
    """What no event had done: an agent gets a conversation, or, without one, their right load."""

    agent_id: int
    conversation_id: int | None


async def sweep(unit: Unit, *, now: datetime) -> Sequence[Repair]:
    """Place whoever waits though somebody could take them; what that was.

    What events have marked is minded first. An event that does its work leaves nothing to repair:
    this is counted, and 0 in every test. Whom everybody leaves out who could take it is looked at
    again: that follows from what agents do, and is no repair.
    """
    round_ = await Round.begin(unit, now)
    await mind_all(round_)
    everybody = await round_.everybody()
    marked = set(await what_is_due.hungry(unit))  # since: what somebody is doing right now
    agents = [each for each in everybody if each.id not in marked]
    free = [each for each in agents if round_.may_have_room(each)]
    repaired = []
    for head in await round_.heads.all():
        waiting = head.waiting(now)
        if not head.looked:
            continue
        decision = choose.place(waiting, free, round_.moment)
        if decision.room:
            if await round_.claim(head, decision):
                repaired.append(Repair(int(decision.room.agent), head.conversation_id))
        elif waiting.excluded and await round_.hold([head]):
            standing = standing_exclusions(waiting, agents, now)
            head.looked = standing == waiting.excluded
    for agent_id, off in (await what_is_astray.wrong_loads(unit)).items():
        await who_is_here.change_load(unit, agent_id, off, hungry=off < 0)
        repaired.append(Repair(agent_id, None))
    if repaired:
        round_.desk.repairs += len(repaired)
        await sla.follow_told(unit, now=now)
    return repaired


async def regroup(unit: Unit, *, now: datetime) -> int:
    """Groups have changed: who waits for one that is no more waits for the whole desk; how many.

    And everybody who is here looks for work: they may be in another group by now.
    """
    round_ = await Round.begin(unit, now)
    found = await round_.hold(await what_is_astray.without_group(unit, limit=MOST_A_ROUND))
    for wait in found:
        conversation = round_.held[wait.conversation_id]
        leave_group(wait, conversation)
        unit.tell("conversation", conversation.id)
    await unit.session.flush()
    await who_is_here.let_all_look(unit)
    unit.wake(DISPATCH)
    return len(found)


async def adopt(unit: Unit, *, now: datetime) -> int:
    """Put in line who waits and stands in none: of a desk that did not know lines yet."""
    found = await what_is_astray.unqueued(unit, limit=MOST_A_ROUND)
    if not found:
        return 0
    round_ = await Round.begin(unit, now)
    for conversation_id in found:
        conversation = await conversations.find_free(unit, conversation_id)
        if conversation is None or conversation.state is not ConversationState.WAITING:
            continue
        if await who_waits.find_wait(unit, conversation_id):
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
    better = await what_is_astray.underrated(unit, limit=MOST_A_ROUND)
    retired = await what_is_astray.without_level(unit, limit=MOST_A_ROUND)
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
