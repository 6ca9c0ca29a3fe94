"""Who answers whom: the two directions of routing, as decisions. Pure.

A conversation looks for an agent (``place``), or an agent with room looks for a conversation
(``feed``). Both name what decided, who would have been next, and what stood in the way of others.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from wxdesk.desk.routing import order
from wxdesk.desk.routing.decision import Decision, PassedOver, Room, Rule, Turn
from wxdesk.desk.routing.eligible import Obstacle, Reason, is_own_work, obstacle, room_key
from wxdesk.desk.routing.order import Band
from wxdesk.desk.routing.snapshot import Agent, Moment, Waiting

MOST_NAMED = 20
"""So many candidates a decision names with what stood in their way; it counts them all."""


def place(
    waiting: Waiting,
    agents: Iterable[Agent],
    moment: Moment,
    *,
    sticky: Agent | None = None,
    pressed: bool = False,
) -> Decision:
    """A conversation looks for an agent.

    The agent the customer knows is asked first. Where only room is missing, the conversation is
    held for them, as long as its level allows and nobody at the desk is late or nearly so.

    Args:
        waiting: The conversation.
        agents: Those who might take it: all of its groups, or the first few by ``room_key``.
        moment: The desk now.
        sticky: The agent the customer knows; None: nobody, or the time to wait for them is over.
        pressed: Whether anybody waits in band A or B (``order.is_pressed``).
    """
    free = replace(waiting, held_until=None) if waiting.held_until else waiting
    if sticky is not None:
        hurdle = obstacle(sticky, free, moment.now)
        if hurdle is None:
            return _placed(Rule.STICKY, free, [sticky], moment)
        held_until = waiting.waiting_since + waiting.hold
        if hurdle.reason is Reason.FULL and not pressed and moment.now < held_until:
            return Decision(
                rule=Rule.HELD,
                at=moment.now,
                turn=Turn.of(free, moment),
                since_a=moment.since_a,
                held_until=held_until,
                passed_over=(PassedOver(sticky.id, hurdle),),
                passed_over_count=1,
            )
    fit, passed = _sorted_out(free, agents, moment)
    if fit:
        return _placed(Rule.FREE, free, fit, moment, passed)
    return Decision(
        rule=Rule.NOBODY,
        at=moment.now,
        turn=Turn.of(free, moment),
        since_a=moment.since_a,
        passed_over=tuple(passed[:MOST_NAMED]),
        passed_over_count=len(passed),
    )


def _sorted_out(
    waiting: Waiting, agents: Iterable[Agent], moment: Moment
) -> tuple[list[Agent], list[PassedOver]]:
    """Who may take it, the best first, and who may not."""
    fit: list[Agent] = []
    passed: list[PassedOver] = []
    for agent in agents:
        hurdle = obstacle(agent, waiting, moment.now)
        if hurdle is None:
            fit.append(agent)
        else:
            passed.append(PassedOver(agent.id, hurdle))
    return sorted(fit, key=lambda agent: room_key(agent, waiting)), passed


def _placed(
    rule: Rule,
    waiting: Waiting,
    fit: list[Agent],
    moment: Moment,
    passed: list[PassedOver] | None = None,
) -> Decision:
    passed = passed or []
    return Decision(
        rule=rule,
        at=moment.now,
        turn=Turn.of(waiting, moment),
        room=Room.of(fit[0], waiting),
        next_room=Room.of(fit[1], waiting) if len(fit) > 1 else None,
        since_a=moment.since_a,
        passed_over=tuple(passed[:MOST_NAMED]),
        passed_over_count=len(passed),
    )


def feed(
    agent: Agent,
    heads: Iterable[Waiting],
    moment: Moment,
    behind: Callable[[Waiting], Waiting | None] = lambda _head: None,
) -> Decision:
    """An agent with room looks for a conversation: the first in order that they may take.

    Own work goes before foreign work, unless that is far too late (band A). A head that does not
    fit hides its own line only. Ask again, with the agent as they are then, until it is NOBODY.

    Args:
        agent: Who has room, perhaps.
        heads: Of the lines, and of what is held for this agent; in each line the first that does
            not leave this agent out.
        moment: The desk now.
        behind: Who is next in the line of a head; asked once, of the chosen one, for the runner-up.
    """
    fit: list[Waiting] = []
    passed: list[PassedOver] = []
    for head in heads:
        hurdle = obstacle(agent, head, moment.now)
        if hurdle is None:
            fit.append(head)
        else:
            passed.append(PassedOver(head.id, hurdle))
    own = [head for head in fit if _may_be_first(agent, head, moment)]
    foreign = [] if len(own) == len(fit) else [head for head in fit if head not in own]
    first = order.in_order(own, moment) or order.in_order(foreign, moment)
    if not first:
        return Decision(
            rule=Rule.NOBODY,
            at=moment.now,
            since_a=moment.since_a,
            passed_over=tuple(passed[:MOST_NAMED]),
            passed_over_count=len(passed),
        )
    if own:
        passed += [PassedOver(head.id, Obstacle(Reason.FOREIGN)) for head in foreign]
    chosen, *rivals = first
    follower = behind(chosen)
    if follower and obstacle(agent, follower, moment.now) is None:
        rivals = order.in_order([*rivals[:1], follower], moment)
    rivals = rivals or order.in_order(foreign if own else [], moment)
    return Decision(
        rule=Rule.STICKY if chosen.is_held(moment.now) else Rule.ORDER,
        at=moment.now,
        turn=Turn.of(chosen, moment),
        room=Room.of(agent, chosen),
        next_turn=Turn.of(rivals[0], moment) if rivals else None,
        since_a=moment.since_a,
        passed_over=tuple(passed[:MOST_NAMED]),
        passed_over_count=len(passed),
    )


def _may_be_first(agent: Agent, head: Waiting, moment: Moment) -> bool:
    return is_own_work(agent, head) or order.band(head, moment) is Band.A
