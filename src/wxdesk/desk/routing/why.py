"""Why somebody still waits, read from rows; and what a plan would decide for a made-up customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from wxdesk.desk import conversations
from wxdesk.desk.conversations import ConversationState
from wxdesk.desk.routing import choose, order, paces, terms, who_is_first, who_is_here, who_waits
from wxdesk.desk.routing.decision import Decision
from wxdesk.desk.routing.explain import Fact, foretold_fact
from wxdesk.desk.routing.explain import why_waiting as explain_wait
from wxdesk.desk.routing.plan import Arrival, Plan, Route, wish_of
from wxdesk.desk.routing.promise import Promise, Target, promised
from wxdesk.desk.routing.relax import needs
from wxdesk.desk.routing.snapshot import Moment, Waiting
from wxdesk.desk.routing.terms import Terms
from wxdesk.desk.routing.waiting_time import predict_for
from wxdesk.desk.routing.who_is_here import read_agents
from wxdesk.store import Unit


@dataclass(frozen=True, slots=True)
class Waits:
    """Facts as pages put them into words, and the agents that they name."""

    facts: Sequence[Mapping[str, Any]]
    agent_ids: frozenset[int] = frozenset()


async def why_waiting(unit: Unit, conversation_id: int, *, now: datetime) -> Waits:
    """Why nobody has a conversation yet; nothing where somebody has.

    Raises:
        NotFound: There is no such conversation.
    """
    conversation = await conversations.get(unit, conversation_id)
    wait = await who_waits.find_wait(unit, conversation_id)
    if wait is None:
        lost = conversation.state is ConversationState.WAITING
        return Waits([Fact("not_queued", {}).as_json()] if lost else [])
    if wait.offered_to is not None and wait.offer_until:
        offer = Fact("offered", {"agent": wait.offered_to, "until": wait.offer_until.isoformat()})
        return Waits([offer.as_json()], frozenset({wait.offered_to}))
    known = await terms.read(unit)
    agents = await read_agents(unit, known, now)
    ahead = await who_is_first.count_before(unit, wait)
    facts = explain_wait(
        wait.waiting(now), agents.values(), ahead, await moment_of(unit, known, now)
    )
    foretold = await predict_for(unit, [conversation_id], now)
    facts += [foretold_fact(each) for each in foretold.values()]
    named = {value for each in facts for name, value in each.values.items() if name == "agent"}
    return Waits([each.as_json() for each in facts], frozenset(map(int, named)))


async def moment_of(unit: Unit, known: Terms, now: datetime) -> Moment:
    """The desk now, without its lock."""
    desk = await who_is_here.read_desk(unit)
    return Moment(
        now=now,
        since_a=desk.since_a,
        ration=known.plan.ration,
        guards=paces.guards(desk.paces),
        usual_guard=paces.USUAL_GUARD,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a plan decides for a made-up customer, now.

    Attributes:
        verdicts: Of each rule in order, whether it fits.
        decision: Who would get it.
        place: How many who wait would be served before.
    """

    route: Route | None
    verdicts: Sequence[tuple[Route, bool]]
    group_id: int | None
    target: Target
    promise: Promise
    decision: Decision
    place: int


async def try_out(
    unit: Unit, plan: Plan | None, arrival: Arrival, level_id: int, *, now: datetime
) -> Tried:
    """What would happen with a customer, without anything happening.

    Args:
        unit: Reads are enough.
        plan: A draft; None: the one in force.
        arrival: What they begin with.
        level_id: Their level.
        now: When.
    """
    known = await terms.read(unit, plan=plan)
    route = known.plan.route(arrival, known.calendars, now)
    group_id = route.group_id if route and route.group_id in known.groups else None
    level = known.level(level_id, group_id)
    is_open = known.is_open(group_id, arrival.account_id, now)
    target = Target.FIRST if is_open else Target.LEFT_MESSAGE
    promise = promised(level, now, known.due(group_id, arrival.account_id), target=target)
    first = needs(wish_of(route, known.helpers(group_id), whole_desk=known.plan.whole_desk))[0]
    waiting = Waiting(
        id=0,
        pool=f"{arrival.account_id}|{group_id or '*'}",
        rank=level.rank,
        waiting_since=now,
        promise=promise,
        need=first,
        wanted=first,
        extra_slots=level.extra_slots,
    )
    moment = await moment_of(unit, known, now)
    agents = await read_agents(unit, known, now)
    heads = [
        head.waiting(now)
        for line in await who_is_first.lines(unit)
        if (head := await who_is_first.head(unit, line, now=now))
    ]
    before = order.in_order([*heads, waiting], moment).index(waiting)
    return Tried(
        route=route,
        verdicts=[(each, each.fits(arrival, known.calendars, now)) for each in known.plan.routes],
        group_id=group_id,
        target=target,
        promise=replace(promise),
        decision=choose.place(waiting, agents.values(), moment),
        place=before,
    )
