"""A round of dispatching: what is due is minded, who waits is placed, who has room is fed.

Running a step twice, late, or in two processes changes nothing: each looks at rows again, under
the desk's lock.
"""

from collections.abc import Sequence
from datetime import datetime

from wxdesk.desk import sla
from wxdesk.desk.routing import terms, what_is_due, who_is_here, who_waits
from wxdesk.desk.routing.eligible import has_room
from wxdesk.desk.routing.giving_back import give_back
from wxdesk.desk.routing.minding import MINDED, MOST_A_ROUND
from wxdesk.desk.routing.model import Wait
from wxdesk.desk.routing.round import Round
from wxdesk.desk.routing.waiting_time import foretell
from wxdesk.store import Unit

MOST_IN_VAIN = 500
"""Of those who wait, where nobody is free: that is quickly seen."""


async def is_due(unit: Unit, *, now: datetime) -> bool:
    """Whether a round would find anything to do; without the desk's lock, in two statements."""
    return bool(await what_is_due.what_is_due(unit, now, await terms.plan_in_force(unit)))


async def run(unit: Unit, *, now: datetime) -> int:
    """Mind everything that is due; how many things were decided: above 0, come again."""
    round_ = await Round.begin(unit, now)
    await mind_all(round_)
    return round_.done


async def mind_all(round_: Round) -> None:
    due = await what_is_due.what_is_due(round_.unit, round_.now, round_.terms.plan)
    for mind, causes in MINDED.items():
        if due & causes:
            await mind(round_)
    await place_meant(round_)
    await feed_hungry(round_)  # those who stand in line before those who arrive
    await place_unseen(round_)
    await foretell(round_)
    await sla.follow_told(round_.unit, now=round_.now)


async def place_meant(round_: Round) -> None:
    """Conversations that are meant for an agent: handed over to them, or their customer's.

    Whom that agent does not take comes after those who stand in line.
    """
    for wait in await _unseen(round_, meant=True, most=MOST_A_ROUND):
        if wait.direct_to is not None:
            await _hand_over(round_, wait)
        elif not await round_.place_with_familiar(wait):
            round_.shared.append(wait)
        round_.done += wait.looked
    round_.heads.forget_all()


async def place_unseen(round_: Round) -> None:
    """Conversations for which no agent was looked for since something about them changed."""
    is_quick = not await round_.anybody_free()
    found = await _unseen(round_, meant=False, most=MOST_IN_VAIN if is_quick else MOST_A_ROUND)
    shared = filter(round_.waits_still, round_.shared)
    placed = sorted([*shared, *found], key=lambda each: (each.since, each.conversation_id))
    for wait in placed:
        await round_.place(wait)
        round_.done += wait.looked
    round_.heads.forget_all()
    dirty = round_.unit.session.dirty
    await who_waits.update_looked(round_.unit, [wait for wait in placed if wait in dirty])


async def _unseen(round_: Round, *, meant: bool, most: int) -> Sequence[Wait]:
    """Held; who was given or offered to somebody meanwhile is seen."""
    found = await what_is_due.unseen(round_.unit, meant=meant, limit=most, but=round_.heads.busy)
    unseen = []
    for wait in await round_.hold(found):
        if wait.looked or wait.offered_to is not None:
            wait.looked = True
        else:
            unseen.append(wait)
    return unseen


async def _hand_over(round_: Round, wait: Wait) -> None:
    """To whom a colleague meant it for; where they take nothing now, back to who handed it over."""
    agent, wait.direct_to = await round_.agent(wait.direct_to or 0), None
    if agent.is_here(round_.now) and has_room(agent, wait.waiting(round_.now)):
        decision = round_.direct(wait, agent)
        if not await round_.claim(wait, decision):
            wait.direct_to = int(agent.id)
        return
    await give_back(round_, wait)


async def feed_hungry(round_: Round) -> None:
    """Agents who have got room look for conversations.

    Where somebody else held one that they might have taken, they look once more, next time.
    """
    found = await who_is_here.sate(round_.unit)
    if not found:
        return
    await round_.read_again(*found)
    enough = round_.done + MOST_A_ROUND
    later = [each for each in found if not await round_.feed(each, until=enough)]
    if again := found if round_.heads.busy else later:
        await who_is_here.let_look(round_.unit, again)
