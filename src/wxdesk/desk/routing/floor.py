"""A floor in memory: the events of routing, one method each, driven through its decisions.

What the desk does with rows, this does with values: the lab, the replay of draft rules, the tests
and the simulations run on it. Every event first runs the timers that were due by then. An event
that does not fit what is, changes nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from wxdesk.desk.routing.chats import Chat, State
from wxdesk.desk.routing.decision import Decision, Rule
from wxdesk.desk.routing.dispatch import Dispatch, Settings
from wxdesk.desk.routing.eligible import has_room
from wxdesk.desk.routing.line import place_of
from wxdesk.desk.routing.promise import Due, Level, Target, after_level_change, promised
from wxdesk.desk.routing.snapshot import ANYBODY, Agent, Id, Need, Presence, Ring, Waiting


class Floor:
    """All that routing knows at one moment.

    The ``now`` of an event is at or after that of the one before.

    Args:
        agents: Everybody who may ever be here.
        settings: How it is run.
        record: Told of every assignment and offer.
    """

    def __init__(
        self,
        agents: Iterable[Agent],
        settings: Settings | None = None,
        record: Callable[[Decision], None] = lambda _decision: None,
    ) -> None:
        self.settings = settings or Settings()
        self.dispatch = Dispatch(agents, self.settings, record)
        self.queue, self.chats = self.dispatch.queue, self.dispatch.chats
        self.staff = self.dispatch.staff
        self._levels: dict[Id, Level] = {}

    # --- conversations

    def enqueue(
        self,
        conversation: Id,
        level: Level,
        now: datetime,
        *,
        need: Need = ANYBODY,
        rings: Sequence[Ring] = (),
        weight: int = 1,
        sticky: Id | None = None,
        target: Target = Target.FIRST,
        window_until: datetime | None = None,
        pool: str = "",
        due: Due | None = None,
    ) -> None:
        """A customer begins to wait for a person (E1); ``due``: by a calendar of its own."""
        self.dispatch.advance(now)
        if conversation in self._levels:
            return
        self._levels[conversation] = level
        due = due or self.settings.due
        self.dispatch.place(
            Waiting(
                id=conversation,
                pool=pool,
                rank=level.rank,
                waiting_since=now,
                promise=promised(level, now, due, target=target, window_until=window_until),
                target=target,
                need=need,
                wanted=need,
                rings=tuple(rings),
                weight=weight,
                extra_slots=level.extra_slots,
                sticky=sticky,
                hold=level.hold,
            )
        )

    def close(self, conversation: Id, now: datetime) -> None:
        """It is over, wherever it was (E2)."""
        self.dispatch.advance(now)
        self._levels.pop(conversation, None)
        if self.queue.get(conversation):
            self.dispatch.leave(conversation)
        elif chat := self.chats.get(conversation):
            self.dispatch.release(chat)
            self.dispatch.feed(chat.agent)

    def abandon(self, conversation: Id, now: datetime) -> None:
        """The customer gives up waiting (E14); whoever has an agent waits no more."""
        self.dispatch.advance(now)
        chat = self.chats.get(conversation)
        if chat is None or chat.state is State.OFFERED:
            self.close(conversation, now)

    def accept(self, conversation: Id, now: datetime) -> None:
        self.dispatch.advance(now)
        chat = self.chats.get(conversation)
        if chat and chat.state is State.OFFERED:
            chat.state, chat.sender = State.ACTIVE, None

    def decline(self, conversation: Id, now: datetime) -> None:
        """The agent lets it pass (E7), before they took it; where all is taken, before a reply."""
        self.dispatch.advance(now)
        chat = self.chats.get(conversation)
        if chat and (chat.state is State.OFFERED or self._is_untouched(chat)):
            self.dispatch.pass_on(chat)
            self.dispatch.feed(chat.agent)

    def level(self, conversation: Id, level: Level, now: datetime) -> None:
        """The customer's level is another (E9); a worse one changes nothing here."""
        self.dispatch.advance(now)
        if waiting := self.queue.get(conversation):
            if level.rank <= waiting.rank:
                self.dispatch.place(self._levelled(self.dispatch.take(conversation), level))
        elif (chat := self.chats.get(conversation)) and level.rank <= chat.waiting.rank:
            chat.waiting = self._levelled(chat.waiting, level)

    def customer_wrote(self, conversation: Id, now: datetime) -> None:
        """Where it waits or is open nothing moves; parked, it goes back to its agent (E13)."""
        self.dispatch.advance(now)
        chat = self.chats.get(conversation)
        if chat is None:
            return
        chat.unanswered_since = chat.unanswered_since or now
        if chat.state is State.PARKED:
            self.dispatch.release(chat)
            again = replace(self._again(chat), sticky=chat.agent)
            if back := self.dispatch.give_back(again, chat.agent):
                back.replied = chat.replied
            else:
                self.dispatch.place(again)

    def replied(self, conversation: Id, now: datetime) -> None:
        """A person answered: that takes it, too."""
        self.accept(conversation, now)
        if chat := self.chats.get(conversation):
            chat.unanswered_since, chat.replied = None, True

    def park(self, conversation: Id, now: datetime) -> None:
        """The ball is with the customer: it takes no room, its agent stays (E2)."""
        self.dispatch.advance(now)
        chat = self.chats.get(conversation)
        if chat and chat.state is State.ACTIVE and chat.unanswered_since is None:
            self._park(chat)
            self.dispatch.feed(chat.agent)

    def transfer(self, conversation: Id, to: Id, now: datetime) -> bool:
        """Hand it to a person (E15); who lets it pass, gives it back.

        False, and nothing moves, where that agent is not here or has no room.
        """
        self.dispatch.advance(now)
        chat, agent = self.chats.get(conversation), self.staff.get(to)
        if chat is None or chat.state is not State.ACTIVE or agent is None or to == chat.agent:
            return False
        if not agent.is_here(now) or not has_room(agent, chat.waiting):
            return False
        self.dispatch.release(chat)
        decision = self.dispatch.decided(Rule.DIRECT, chat.waiting, agent)
        taken = self.dispatch.claim(chat.waiting, to, decision)
        taken.sender = chat.agent if taken.state is State.OFFERED else None
        taken.unanswered_since, taken.replied = chat.unanswered_since, chat.replied
        self.dispatch.feed(chat.agent)
        return True

    def transfer_to_group(
        self, conversation: Id, need: Need, now: datetime, *, rings: Sequence[Ring] = ()
    ) -> None:
        """To others than its agent, at its old place (E15)."""
        self.dispatch.advance(now)
        chat = self.chats.get(conversation)
        if chat is None or chat.state is not State.ACTIVE:
            return
        self.dispatch.release(chat)
        waiting = replace(
            chat.waiting, need=need, wanted=need, ring=0, rings=tuple(rings), sticky=None
        )
        self.dispatch.place_for_others(waiting, chat.agent)
        self.dispatch.feed(chat.agent)

    # --- agents

    def presence(self, agent: Id, presence: Presence, now: datetime) -> None:
        """What an agent says they are, or what their silence says (E4, E5, E6)."""
        self.dispatch.advance(now)
        known = self.staff[agent]
        online = presence is Presence.ONLINE
        paused_until = None if online else known.paused_until
        self.dispatch.change(replace(known, presence=presence, paused_until=paused_until))
        match presence:
            case Presence.ONLINE:
                lifted = self.dispatch.lifted()
                self.dispatch.feed(agent)
                self.dispatch.place_again(lifted)
            case Presence.OFFLINE:
                self._leave(agent, self.chats.of(agent))
            case Presence.AWAY:
                offers = [one for one in self.chats.of(agent) if one.state is State.OFFERED]
                self._leave(agent, offers)
            case Presence.BUSY:
                self._leave(agent, [])

    def capacity(self, agent: Id, capacity: int, now: datetime) -> None:
        """How much they take (E3); what they have is never taken away."""
        self.dispatch.advance(now)
        self.dispatch.change(replace(self.staff[agent], capacity=capacity))
        lifted = self.dispatch.lifted()
        self.dispatch.feed(agent)
        self.dispatch.place_again(lifted)

    def sweep(self, now: datetime) -> int:
        """Place whoever waits though an agent could take them (E18); how many that were.

        An event that does its work leaves nothing to repair.
        """
        self.dispatch.advance(now)
        repaired = 0
        for head in list(self.queue.heads()):
            for agent in self.staff.best(head, now, most=1):
                repaired += 1
                self.dispatch.feed(agent.id)
        return repaired

    # --- steps

    def _leave(self, agent: Id, chats: Iterable[Chat]) -> None:
        """What the agent leaves behind looks for others, longest waiting first."""
        moved = []
        for chat in chats:
            if chat.state is State.PARKED:
                continue
            if chat.unanswered_since is None:
                self._park(chat)
                continue
            self.dispatch.release(chat)
            if not self.dispatch.back_to_sender(chat):
                moved.append(replace(self._again(chat), sticky=None))
        stuck = [held.id for held in self.queue.held_for(agent)] + self.dispatch.lifted()
        moved += [self.dispatch.take(each) for each in dict.fromkeys(stuck)]
        for waiting in sorted(moved, key=place_of):
            self.dispatch.place(waiting, shared=True)

    def _park(self, chat: Chat) -> None:
        self.dispatch.release(chat)
        chat.state = State.PARKED
        self.chats.add(chat)

    def _again(self, chat: Chat) -> Waiting:
        """As it waits once more: without an answer yet at its old place, else for the next one."""
        since = chat.unanswered_since
        if since is None or not chat.replied:
            return chat.waiting
        level = self._levels[chat.waiting.id]
        promise = promised(level, since, self.settings.due, target=Target.NEXT)
        return replace(chat.waiting, waiting_since=since, promise=promise, target=Target.NEXT)

    def _levelled(self, waiting: Waiting, level: Level) -> Waiting:
        self._levels[waiting.id] = level
        offered = promised(level, waiting.waiting_since, self.settings.due, target=waiting.target)
        rank, promise = after_level_change(waiting.rank, waiting.promise, level, offered)
        return replace(
            waiting,
            rank=rank,
            promise=promise,
            extra_slots=max(waiting.extra_slots, level.extra_slots),
            hold=level.hold,
        )

    def _is_untouched(self, chat: Chat) -> bool:
        return self.settings.accept is None and chat.state is State.ACTIVE and not chat.replied
