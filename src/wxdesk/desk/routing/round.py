"""One round of dispatching, in one unit and under the desk's lock: one decision after the other.

What happens to conversations and agents elsewhere only leaves marks: a wait that was not looked
at, a seat that is hungry. A round takes up the marks, decides over what it has read, and claims
what it decided by conditional updates: whoever was faster elsewhere is believed.

Locks: the desk; then conversations with their waits and assignments, of which a round changes none
without holding the conversation, and never waits for one; then seats. Whoever holds a conversation
but not the desk waits for one seat at most, as the last thing: so no two units wait for each other.

Cost: agents are read once a round, of each line only the head.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from wxdesk.desk import alerts, conversations
from wxdesk.desk.alerts import Raised
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.routing import choose, order, paces, terms, who_is_here, who_waits
from wxdesk.desk.routing.decision import Decision, Room, Rule, Turn
from wxdesk.desk.routing.eligible import standing_exclusions
from wxdesk.desk.routing.heads import Heads
from wxdesk.desk.routing.model import Assignment, Desk, Wait
from wxdesk.desk.routing.promise import NEVER
from wxdesk.desk.routing.relax import widened
from wxdesk.desk.routing.snapshot import Agent, Moment, Presence, Waiting
from wxdesk.desk.routing.terms import Terms
from wxdesk.store import Unit

OFFER_SECONDS = 60
"""So long a colleague has to accept what was handed to them."""


@dataclass(slots=True)
class Round:
    """What one round has read, and what it has done so far.

    Attributes:
        agents: Those who were read, as they are after what was done: see ``everybody``.
        most_extra: The most places beyond an agent's limit that any level has.
        held: Conversations that wait and that this unit has locked, with their waits.
        heads: The first of each line; what they pass over as busy is left for the next round.
        done: How many things were decided.
        fresh: For whom an agent was looked for the first time, and whom nobody has got.
        shared: Those whom the agent they know does not take: anybody may.
    """

    unit: Unit
    now: datetime
    desk: Desk
    terms: Terms
    most_extra: int
    heads: Heads
    agents: dict[int, Agent] = field(default_factory=dict)
    held: dict[int, Conversation] = field(default_factory=dict)
    done: int = 0
    fresh: dict[int, Wait] = field(default_factory=dict)
    shared: list[Wait] = field(default_factory=list)
    _knows_all: bool = False

    @classmethod
    async def begin(cls, unit: Unit, now: datetime) -> "Round":
        """Lock the desk, and read by what it is run."""
        desk = await who_is_here.lock_desk(unit)
        known = await terms.read(unit)
        return cls(
            unit=unit,
            now=now,
            desk=desk,
            terms=known,
            most_extra=max((each.extra_slots for each in known.levels.values()), default=0),
            heads=Heads(unit, now),
        )

    @property
    def moment(self) -> Moment:
        return Moment(
            now=self.now,
            since_a=self.desk.since_a,
            ration=self.terms.plan.ration,
            guards=paces.guards(self.desk.paces),
            usual_guard=paces.USUAL_GUARD,
        )

    async def hold(self, waits: Iterable[Wait]) -> list[Wait]:
        """Those whose conversations nobody else holds, locked, and as they are by now."""
        waits = list(waits)
        new = {each.conversation_id for each in waits} - self.held.keys() - self.heads.busy
        if new:
            self.held |= await who_waits.hold_waiting(self.unit, new)
            self.heads.busy |= new - self.held.keys()
        return [each for each in waits if each.conversation_id in self.held]

    # A conversation looks for an agent

    async def place(self, wait: Wait) -> None:
        """It looks for an agent, whoever that is, or waits."""
        wait.looked = True
        self._count_arrival(wait)
        everybody = await self.everybody()
        waiting = self._fresh(wait)
        wait.held_until = None
        wait.set_timer()
        if not any(map(self.may_have_room, everybody)):
            return
        decision = choose.place(waiting, everybody, self.moment)
        if decision.room and not await self.claim(wait, decision):
            wait.looked = False

    async def place_with_familiar(self, wait: Wait) -> bool:
        """The agent the customer knows has it, or it is held for them; False: neither."""
        await self.everybody()
        familiar = self.agents.get(wait.familiar_id or 0)
        if familiar is None:
            return False
        pressed = await self._is_pressed()
        decision = choose.place(
            self._fresh(wait), (), self.moment, sticky=familiar, pressed=pressed
        )
        if decision.rule is Rule.NOBODY:
            return False
        wait.looked = True
        self._count_arrival(wait)
        wait.held_until = decision.held_until
        wait.set_timer()
        if decision.room and not await self.claim(wait, decision):
            wait.looked = False
        return True

    def waits_still(self, wait: Wait) -> bool:
        """Whether a wait that is held was not given or offered to anybody in this round."""
        is_waiting = self.held[wait.conversation_id].state is ConversationState.WAITING
        return is_waiting and wait.offered_to is None

    def _count_arrival(self, wait: Wait) -> None:
        if wait.first_looked_at is None:
            wait.first_looked_at = self.now
            self.fresh[wait.conversation_id] = wait
            self.desk.paces = paces.after_arrival(self.desk.paces, wait.pool, wait.rank, self.now)

    def _count_start(self, wait: Wait, rule: Rule) -> None:
        """The pace of its pool; not where somebody chose, nor where it was offered before."""
        self._count_arrival(wait)
        is_fresh = self.fresh.pop(wait.conversation_id, None) is not None
        waited = not is_fresh or (rule is Rule.ORDER and self._others_wait(wait))
        if rule is not Rule.DIRECT and not wait.excluded:
            self.desk.paces = paces.after_start(self.desk.paces, wait.pool, self.now, waited=waited)

    def _others_wait(self, wait: Wait) -> bool:
        """Whether others of its pool are known to wait, or it is: an agent was looked for."""
        known = [wait, *self.heads.known()]
        return any(each.looked and each.pool == wait.pool for each in known)

    def _fresh(self, wait: Wait) -> Waiting:
        """As it looks for an agent now: widened by rings whose time has come."""
        found = replace(wait.waiting(self.now), held_until=None)
        excluded = found.excluded and standing_exclusions(found, self.agents.values(), self.now)
        if excluded != found.excluded:
            wait.excluded = {}
        found = widened(replace(found, excluded=excluded), self.now)
        if found.ring != wait.ring:
            wait.ring, wait.rings = found.ring, wait.rings[found.ring - wait.ring :]
            wait.put_in_line(found.need)
        return found

    async def anybody_free(self) -> bool:
        return any(map(self.may_have_room, await self.everybody()))

    def may_have_room(self, agent: Agent) -> bool:
        """For some level at least."""
        return agent.is_here(self.now) and agent.load < agent.capacity + self.most_extra

    async def _is_pressed(self) -> bool:
        heads = [each.waiting(self.now) for each in await self.heads.all()]
        return order.is_pressed(heads, self.moment)

    # An agent looks for a conversation

    async def feed(self, agent_id: int, *, until: int) -> bool:
        """An agent looks for conversations until they have no room, or nothing fits.

        False where so many things were decided in this round before it came to that.
        """
        while (agent := await self.agent(agent_id)).load < agent.capacity + self.most_extra:
            if not agent.is_here(self.now):
                return True
            if self.done >= until:
                return False
            rows = {each.conversation_id: each for each in await self.heads.for_agent(agent_id)}
            if not rows:
                return True
            found = [each.waiting(self.now) for each in rows.values()]
            decision = choose.feed(agent, found, self.moment)
            if decision.turn is None:
                return True
            chosen = rows[int(decision.turn.conversation)]
            behind = await self.heads.behind(chosen)
            decision = self._explained(agent, found, behind)
            if await self.claim(chosen, decision, released=found):
                self.heads.move_up(chosen.line, behind)
        return True

    def _explained(self, agent: Agent, heads: Sequence[Waiting], behind: Wait | None) -> Decision:
        """The same decision, with the runner-up, who may stand in the same line."""
        follower = behind.waiting(self.now) if behind else None
        return choose.feed(agent, heads, self.moment, lambda _head: follower)

    async def first_for(self, agent_id: int) -> Wait | None:
        """Whom an agent would be given, if they had room and were here."""
        agent = await self.agent(agent_id)
        free = replace(agent, presence=Presence.ONLINE, paused_until=None, load=0, capacity=1000)
        rows = {each.conversation_id: each for each in await self.heads.for_agent(agent_id)}
        found = [each.waiting(self.now) for each in rows.values()]
        turn = choose.feed(free, found, self.moment).turn
        return rows[int(turn.conversation)] if turn else None

    # What was decided is done

    async def claim(
        self, wait: Wait, decision: Decision, *, released: Sequence[Waiting] = ()
    ) -> bool:
        """The agent has it from now on, or is offered it; False where something has changed.

        Args:
            wait: The conversation.
            decision: Who gets it, and why.
            released: Those among whom an agent who has got room found it.
        """
        assert decision.room is not None
        version = wait.version
        if not await self.hold([wait]) or wait.version != version:
            self.heads.forget(wait)
            return False
        conversation = self.held[wait.conversation_id]
        agent = await self.agent(int(decision.room.agent))
        if not await who_is_here.claim_room(
            self.unit,
            int(agent.id),
            load=agent.load,
            weight=wait.weight,
            most=agent.capacity + wait.extra_slots,
            now=self.now,
        ):
            await self.read_again(int(agent.id))
            return False
        self._took(agent, wait.weight)
        if released:
            self.desk.paces = paces.after_release(self.desk.paces, released, self.now)
        await self._assign(conversation, wait, decision)
        return True

    async def _assign(self, conversation: Conversation, wait: Wait, decision: Decision) -> None:
        assert decision.room is not None
        agent_id = int(decision.room.agent)
        turn = decision.turn or Turn.of(wait.waiting(self.now), self.moment)
        assignment = Assignment(
            conversation_id=conversation.id,
            agent_id=agent_id,
            weight=wait.weight,
            rule=decision.rule,
            band=turn.band,
            waited_since=wait.since,
            due_at=wait.due_at if wait.due_at < NEVER else None,
            since_a=decision.since_a,
            decision=decision.as_json(),
            kept=wait.as_json(),
            by_id=wait.sender_id if decision.rule is Rule.DIRECT else None,
            reason=wait.message,
            offered_at=self.now,
        )
        self.desk.since_a = order.since_a_after(self.desk.since_a, turn.band)
        self._count_start(wait, decision.rule)
        self.unit.session.add(assignment)
        self.heads.forget(wait)
        if self.asks(decision.rule):
            await self._offer(conversation, wait, agent_id)
        else:
            assignment.accepted_at = self.now
            assignment.answer_by = self.answer_by(wait)
            await self.unit.session.delete(wait)
            await conversations.give(
                self.unit,
                conversation,
                agent_id=agent_id,
                now=self.now,
                content={"rule": decision.rule.value},
            )
            await conversations.alert_owners(self.unit, [conversation], self.now)
        await self.unit.session.flush()
        self.unit.tell("seat", agent_id)
        self.unit.tell("conversation", conversation.id)
        self.done += 1

    def asks(self, rule: Rule) -> bool:
        """Whether the agent has to accept: by the plan, and whatever a colleague hands over."""
        return self.terms.plan.accept_seconds is not None or rule is Rule.DIRECT

    async def _offer(self, conversation: Conversation, wait: Wait, agent_id: int) -> None:
        seconds = self.terms.plan.accept_seconds or OFFER_SECONDS
        wait.offered_to, wait.held_until = agent_id, None
        wait.offer_until = self.now + timedelta(seconds=seconds)
        wait.looked = True
        wait.set_timer()
        conversation.offer(agent_id, wait.offer_until)
        lasts, key = timedelta(seconds=seconds), f"offer:{conversation.id}"
        asked = Raised(agent_id, alerts.Kind.OFFER, key, lasts, conversation.id)
        await alerts.raise_all(self.unit, [asked], now=self.now)

    def answer_by(self, wait: Wait) -> datetime | None:
        """When another agent is tried, unless this one has answered."""
        seconds = self.terms.plan.answer_seconds
        if seconds is None or wait.warn_at >= NEVER:
            return None
        return max(wait.warn_at, self.now + timedelta(seconds=seconds))

    def direct(self, wait: Wait, agent: Agent) -> Decision:
        """By somebody's word rather than by the order."""
        waiting = wait.waiting(self.now)
        return Decision(
            rule=Rule.DIRECT,
            at=self.now,
            turn=Turn.of(waiting, self.moment),
            room=Room.of(agent, waiting),
            since_a=self.desk.since_a,
        )

    # The round's own picture

    async def everybody(self) -> Collection[Agent]:
        """All who may be given conversations, as they are after what was done."""
        if not self._knows_all:
            known = self.agents
            self.agents = await who_is_here.read_agents(self.unit, self.terms, self.now) | known
            self._knows_all = True
        return self.agents.values()

    async def agent(self, agent_id: int) -> Agent:
        """One of them; whoever works here no more is not here."""
        if agent_id not in self.agents:
            await self.read_again(agent_id)
        return self.agents[agent_id]

    def _took(self, agent: Agent, weight: int) -> None:
        taken = replace(agent, load=agent.load + weight, last_assigned_at=self.now)
        self.agents[int(agent.id)] = taken

    def excluded_until(self) -> datetime:
        """So long whoever lets a conversation pass now is not asked for it."""
        return self.now + timedelta(seconds=self.terms.plan.exclude_seconds)

    async def read_again(self, *agent_ids: int) -> None:
        """Something about them has changed."""
        gone = {each: Agent(id=each, presence=Presence.OFFLINE) for each in agent_ids}
        found = await who_is_here.read_agents(self.unit, self.terms, self.now, only=agent_ids)
        self.agents |= gone | found
