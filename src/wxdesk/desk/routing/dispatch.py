"""What is decided, carried out on values: places given, taken and timed, in memory.

The events that lead to it are those of ``floor``.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from heapq import heappop, heappush
from itertools import count

from wxdesk.desk.routing import choose, order
from wxdesk.desk.routing.chats import Chat, Chats, State
from wxdesk.desk.routing.decision import Decision, Room, Rule, Turn
from wxdesk.desk.routing.eligible import standing_exclusions
from wxdesk.desk.routing.promise import NEVER, Due, wall_time
from wxdesk.desk.routing.queue import Queue
from wxdesk.desk.routing.rates import Gaps
from wxdesk.desk.routing.relax import widened
from wxdesk.desk.routing.snapshot import Agent, Id, Moment, Presence, Waiting
from wxdesk.desk.routing.staff import Staff

MOST_RETURNED = 2
"""So far beyond their capacity an agent takes back what was theirs already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a floor is run.

    Attributes:
        ration: Of so many assignments one is for band A.
        guard: Fixed; None: measured by pool.
        release_gap: Expected until it is measured: seconds between two places that become free
            while somebody waits.
        accept: So long an agent has to accept an offer; None: they need not.
        exclude: So long who let a conversation pass is left out; None: while it waits.
        due: Of the calendar that counts.
    """

    ration: int = 10
    guard: timedelta | None = timedelta(0)
    release_gap: float = 0.0
    accept: timedelta | None = None
    exclude: timedelta | None = None
    due: Due = wall_time


class _Timer(StrEnum):
    STICKY = "sticky"
    RING = "ring"
    ACCEPT = "accept"
    EXCLUSION = "exclusion"


class Dispatch:
    """Agents, those who wait, chats and timers.

    Attributes:
        now: Of the last event or timer.
        since_a: Assignments since the last one of a conversation in band A.
        gaps: The measured pace of each pool, where the guard is measured.
    """

    def __init__(
        self, agents: Iterable[Agent], settings: Settings, record: Callable[[Decision], None]
    ) -> None:
        self.staff = Staff(agents)
        self.queue = Queue()
        self.chats = Chats()
        self.settings = settings
        self.now = datetime.min.replace(tzinfo=UTC)
        self.since_a = 0
        self.gaps: dict[str, Gaps] = {}
        self._record = record
        self._timers: list[tuple[datetime, int, _Timer, Id, Id]] = []
        self._numbers = count()
        self._guards: dict[str, timedelta] = {}
        self._most_extra = 0
        self._uncovered = False
        usual = timedelta(seconds=settings.release_gap)
        self._usual_guard = (
            order.guard(usual, timedelta(0)) if settings.guard is None else settings.guard
        )

    def moment(self) -> Moment:
        """The desk as decisions see it."""
        return Moment(
            now=self.now,
            since_a=self.since_a,
            ration=self.settings.ration,
            guards=self._guards,
            usual_guard=self._usual_guard,
        )

    # --- the two directions

    def place(self, waiting: Waiting, *, shared: bool = False) -> None:
        """It looks for an agent, or waits.

        Args:
            waiting: Not in the queue now.
            shared: Without asking the agent the customer knows before others.
        """
        waiting = self._fresh(waiting)
        moment = self.moment()
        sticky = None if shared or waiting.sticky is None else self.staff.get(waiting.sticky)
        decision = choose.place(
            waiting,
            self.staff.best(waiting, self.now),
            moment,
            sticky=sticky,
            pressed=sticky is not None and order.is_pressed(self.queue.heads(), moment),
        )
        if decision.room:
            self.claim(waiting, decision.room.agent, decision)
        else:
            self.wait(replace(waiting, held_until=decision.held_until))
        self._settle()

    def _fresh(self, waiting: Waiting) -> Waiting:
        """As it looks for an agent now."""
        excluded = waiting.excluded and standing_exclusions(waiting, self.staff, self.now)
        return widened(replace(waiting, held_until=None, excluded=excluded), self.now)

    def feed(self, agent: Id) -> None:
        """An agent looks for conversations until they have no room, or nothing fits."""
        while (known := self.staff[agent]).load < known.capacity + self._most_extra:
            if not known.is_here(self.now):
                break
            decision = choose.feed(
                known,
                self.queue.heads_for(known),
                self.moment(),
                lambda head: self.queue.behind(head, agent),
            )
            if decision.turn is None:
                break
            self.claim(self.take(decision.turn.conversation), agent, decision)
        self._settle()

    def claim(self, waiting: Waiting, agent: Id, decision: Decision) -> Chat:
        """The agent has it from now on, or the offer of it."""
        returned = decision.rule is Rule.RETURNED
        known = self.staff[agent]
        self.change(
            replace(
                known,
                load=known.load + waiting.weight,
                last_assigned_at=known.last_assigned_at if returned else self.now,
            )
        )
        asked = self.settings.accept is not None and not returned
        chat = Chat(
            waiting=waiting,
            agent=agent,
            state=State.OFFERED if asked else State.ACTIVE,
            offer=next(self._numbers),
            unanswered_since=waiting.waiting_since,
        )
        self.chats.add(chat)
        if self.settings.accept is not None and asked:
            self._set(_Timer.ACCEPT, self.now + self.settings.accept, waiting.id, chat.offer)
        if not returned and decision.turn:
            self.since_a = order.since_a_after(self.since_a, decision.turn.band)
        self._record(decision)
        return chat

    def give_back(self, waiting: Waiting, agent: Id) -> Chat | None:
        """To an agent who had it already, a little beyond their capacity if need be."""
        known = self.staff[agent]
        here = known.presence in {Presence.ONLINE, Presence.BUSY} and not known.is_paused(self.now)
        if not here or known.load + waiting.weight > known.capacity + MOST_RETURNED:
            return None
        return self.claim(waiting, agent, self.decided(Rule.RETURNED, waiting, known))

    def decided(self, rule: Rule, waiting: Waiting, agent: Agent) -> Decision:
        """By somebody, rather than by the order."""
        moment = self.moment()
        return Decision(
            rule=rule,
            at=self.now,
            turn=Turn.of(waiting, moment),
            room=Room.of(agent, waiting),
            since_a=self.since_a,
        )

    # --- what follows from events

    def wait(self, waiting: Waiting) -> None:
        """Into the queue, with its timers."""
        self.queue.add(waiting)
        self._most_extra = max(self._most_extra, waiting.extra_slots)
        if waiting.held_until:
            self._set(_Timer.STICKY, waiting.held_until, waiting.id)
        if waiting.rings:
            self._set(_Timer.RING, waiting.rings[0].at, waiting.id)

    def take(self, conversation: Id) -> Waiting:
        """Out of the queue. A heavy one may have hidden others behind it."""
        waiting = self.queue.take(conversation)
        self._uncovered |= waiting.weight > 1
        return waiting

    def leave(self, conversation: Id) -> None:
        """It waits no more, and nobody has it."""
        self.take(conversation)
        self._settle()

    def _settle(self) -> None:
        while self._uncovered:
            self._uncovered = False
            for head in list(self.queue.heads()):
                for agent in self.staff.best(head, self.now, most=1):
                    self.feed(agent.id)

    def release(self, chat: Chat) -> None:
        """Its agent has it no more."""
        self.chats.take(chat.waiting.id)
        if chat.state is not State.PARKED:
            agent = self.staff[chat.agent]
            self.change(replace(agent, load=agent.load - chat.waiting.weight))
            self._measure(agent)

    def change(self, agent: Agent) -> None:
        self.staff.put(agent, self.now)

    def pass_on(self, chat: Chat) -> None:
        """Its agent let it pass: back to who handed it over, else to others at its old place."""
        self.release(chat)
        if not self.back_to_sender(chat):
            self.place_for_others(chat.waiting, chat.agent)

    def back_to_sender(self, chat: Chat) -> bool:
        """If a colleague handed it over who can have it back."""
        if chat.sender is None:
            return False
        back = self.give_back(chat.waiting, chat.sender)
        if back:
            back.unanswered_since, back.replied = chat.unanswered_since, chat.replied
        return back is not None

    def place_for_others(self, waiting: Waiting, agent: Id) -> None:
        """It looks for others than this agent, who looks for work of their own afterwards.

        Where that would leave out everybody, it waits at its old place for whoever comes to it.
        """
        left = self.left_out(waiting, agent)
        if standing_exclusions(left, self.staff, self.now):
            self.place(left)
            return
        self.wait(replace(left, held_until=None, excluded=frozenset()))
        for other in left.excluded - {agent}:
            self.feed(other)

    def left_out(self, waiting: Waiting, agent: Id) -> Waiting:
        """The conversation, not for this agent for a while."""
        if self.settings.exclude is not None:
            self._set(_Timer.EXCLUSION, self.now + self.settings.exclude, waiting.id, agent)
        return replace(waiting, excluded=waiting.excluded | {agent})

    def lifted(self) -> list[Id]:
        """Forget the exclusions of those who would leave out everybody; which they are.

        Those held for somebody are not among them: they leave out nobody whom they wait for.
        """
        found = []
        for waiting in self.queue.excluding():
            if waiting.held_until:
                continue
            excluded = standing_exclusions(waiting, self.staff, self.now)
            if excluded != waiting.excluded:
                self.queue.take(waiting.id)
                self.queue.add(replace(waiting, excluded=excluded))
                found.append(waiting.id)
        return found

    def place_again(self, conversations: Sequence[Id]) -> None:
        """Those of them that still wait, and for nobody in particular, in their order."""
        waiting = [found for each in conversations if (found := self.queue.get(each))]
        for one in order.in_order(waiting, self.moment()):
            if self.queue.get(one.id):
                self.place(self.take(one.id), shared=True)

    # --- time

    def advance(self, now: datetime) -> None:
        """Run the timers that are due by then, in the order in which they were set."""
        while self._timers and self._timers[0][0] <= now:
            at, _number, timer, conversation, of = heappop(self._timers)
            self.now = max(self.now, at)
            self._ring(timer, conversation, of)
        self.now = max(self.now, now)

    @property
    def next_timer_at(self) -> datetime:
        return self._timers[0][0] if self._timers else NEVER

    def _set(self, timer: _Timer, at: datetime, conversation: Id, of: Id = 0) -> None:
        heappush(self._timers, (at, next(self._numbers), timer, conversation, of))

    def _ring(self, timer: _Timer, conversation: Id, of: Id) -> None:
        """A timer is a hint: what it was set for may be over."""
        chat, waiting = self.chats.get(conversation), self.queue.get(conversation)
        if chat and timer is _Timer.ACCEPT:
            self._missed(chat, of)
        elif chat and timer is _Timer.EXCLUSION:
            chat.waiting = replace(chat.waiting, excluded=chat.waiting.excluded - {of})
        elif waiting:
            self._ring_waiting(timer, waiting, of)

    def _ring_waiting(self, timer: _Timer, waiting: Waiting, of: Id) -> None:
        match timer:
            case _Timer.STICKY if waiting.held_until and not waiting.is_held(self.now):
                changed = waiting
            case _Timer.RING:
                changed = widened(waiting, self.now)
                if changed is waiting:
                    return
            case _Timer.EXCLUSION if of in waiting.excluded:
                changed = replace(waiting, excluded=waiting.excluded - {of})
            case _:
                return
        self.take(waiting.id)
        if changed.is_held(self.now):
            self.wait(changed)
        else:
            self.place(changed, shared=True)

    def _missed(self, chat: Chat, offer: Id) -> None:
        if chat.state is State.OFFERED and chat.offer == offer:
            self.change(replace(self.staff[chat.agent], paused_until=NEVER))
            held = [each.id for each in self.queue.held_for(chat.agent)]
            self.place_again([*held, *self.lifted()])  # they wait, before what is passed on now
            self.pass_on(chat)
            self.place_again(self.lifted())

    def _measure(self, agent: Agent) -> None:
        """A place became free: while somebody waits, that is the pace of their pool."""
        if self.settings.guard is not None or not agent.is_here(self.now):
            return
        served = {head.pool for head in self.queue.heads_for(agent)}
        waiting = {head.pool for head in self.queue.heads()}
        for pool in served:
            gaps = self.gaps.get(pool, Gaps(self.settings.release_gap)).after(self.now)
            self.gaps[pool] = gaps
            self._guards[pool] = order.guard(timedelta(seconds=gaps.mean), timedelta(0))
        for pool in self.gaps.keys() - waiting:
            self.gaps[pool] = self.gaps[pool].after_calm()
