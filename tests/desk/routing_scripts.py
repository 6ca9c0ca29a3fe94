"""Random scripts of what happens on a floor, and a judge of what the router did.

The judge knows the rules of routing from the specification, in its own words: it uses none of the
router's decisions, only what waits, who is there and what was assigned. By itself, for long runs:
`PYTHONPATH=tests python -m desk.routing_scripts --events 100000`.
"""

import argparse
import random
from datetime import UTC, datetime, timedelta

from wxdesk.desk.routing.decision import Rule
from wxdesk.desk.routing.dispatch import Settings
from wxdesk.desk.routing.floor import Floor
from wxdesk.desk.routing.promise import Level
from wxdesk.desk.routing.snapshot import Agent, Need, Presence, Ring

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SKILLS = ("en", "yue", "refund")
GROUPS = ("sales", "service")
BY_ORDER = {Rule.FREE, Rule.ORDER, Rule.STICKY}

LEVELS = [
    Level(name="VIP3", rank=1, first=timedelta(seconds=30), extra_slots=1),
    Level(name="VIP2", rank=2, first=timedelta(seconds=60), extra_slots=1, head_start=0.25),
    Level(name="VIP1", rank=3, first=timedelta(seconds=120), hard_factor=3),
    Level(name="normal", rank=4, first=timedelta(seconds=300)),
]


class Judge:
    """Looks at a floor after every event and at every assignment; raises what is wrong."""

    def __init__(self, settings, *, weighty):
        self.settings, self.weighty = settings, weighty
        self.guard = settings.guard
        self.since_a = 0
        self.first_since, self.answered = {}, set()
        self.assignments = 0
        self.floor = None

    def assigned(self, decision):
        """Called while the agent has it already and before anything else happens."""
        self.assignments += 1
        agent = self.floor.staff[decision.room.agent]
        chosen = self.floor.chats.get(decision.turn.conversation).waiting
        self._is_explained(decision, chosen)
        if decision.rule is Rule.RETURNED:
            assert agent.load <= agent.capacity + 2, "I1, a return"
            return
        assert agent.load <= agent.capacity + chosen.extra_slots, "I1"
        assert agent.presence is Presence.ONLINE
        assert agent.paused_until is None
        if decision.rule in BY_ORDER:
            self._is_first(decision, chosen, agent)
        self.since_a = 0 if self._band(chosen) == "A" else self.since_a + 1

    def _is_explained(self, decision, chosen):
        """I9: every assignment names band, due date and what decided."""
        kept = decision.as_json()
        assert kept["turn"]["band"] == self._band(chosen)
        assert kept["turn"]["due_at"] == chosen.promise.due_at.isoformat()
        assert kept["rule"]
        assert kept["room"]["agent"] == decision.room.agent

    def _is_first(self, decision, chosen, agent):
        """I4 and I6: nobody whom this agent could have taken goes before."""
        before = Before(agent, chosen.weight)
        others = [one for one in self._in_sight(agent) if before.could_take(one, self.now)]
        if decision.rule is Rule.ORDER and not self.weighty:
            assert (decision.next_turn is not None) == bool(others), "I9, runner-up"
        own = [one for one in others if before.is_own(one) or self._band(one) == "A"]
        if not (before.is_own(chosen) or self._band(chosen) == "A"):
            assert not own, "own work first"
            rivals = others
        else:
            rivals = own
        for other in rivals:
            assert self._key(chosen) < self._key(other), "order"
            if self._line(other) == self._line(chosen):
                earlier = (other.waiting_since, other.id) < (chosen.waiting_since, chosen.id)
                assert not earlier or self.weighty, "I4"
        if self.since_a >= self.settings.ration - 1 and self._band(chosen) != "A":
            assert all(self._band(one) != "A" for one in others), "I6"

    def _in_sight(self, agent):
        """All who wait; where weights differ, a heavy one hides those behind it in its line."""
        if not self.weighty:
            return list(self.floor.queue)
        first, held = {}, []
        for one in sorted(self.floor.queue, key=lambda one: (one.waiting_since, one.id)):
            if one.held_until:
                held.append(one)
            elif agent.id not in one.excluded:
                first.setdefault(self._line(one), one)
        return [*first.values(), *held]

    def _line(self, one):
        return (one.need, one.wanted, one.rank, one.target)

    @property
    def now(self):
        return self.floor.dispatch.now

    def look(self):
        """After every event and timer."""
        self._everybody_is_somewhere_once()
        self._nobody_waits_beside_room()
        self._holds_are_bounded()
        self._places_are_kept()

    def _everybody_is_somewhere_once(self):
        """I2, and load is what is open."""
        waiting = {one.id for one in self.floor.queue}
        loads = dict.fromkeys((agent.id for agent in self.floor.staff), 0)
        for chat in self.floor.chats:
            assert chat.waiting.id not in waiting, "I2"
            if chat.state.value != "parked":
                loads[chat.agent] += chat.waiting.weight
        for agent in self.floor.staff:
            assert agent.load == loads[agent.id], "load"

    def _nobody_waits_beside_room(self):
        """I3."""
        for agent in self.floor.staff:
            if agent.presence is Presence.ONLINE and agent.paused_until is None:
                for one in self._in_sight(agent):
                    assert one.held_until or not Before(agent, 0).could_take(one, self.now), "I3"

    def _holds_are_bounded(self):
        """I5."""
        for one in self.floor.queue:
            if one.held_until:
                target = (one.promise.due_at - one.waiting_since).total_seconds()
                most = timedelta(seconds=min(60, target / 2))
                assert one.held_until <= one.waiting_since + most, "I5"
                assert self.floor.staff[one.sticky].presence is Presence.ONLINE, "I5"
                assert self.floor.staff[one.sticky].paused_until is None, "I5"

    def _places_are_kept(self):
        """I7; what was answered begins anew."""
        for one in [*self.floor.queue, *(chat.waiting for chat in self.floor.chats)]:
            if one.id in self.answered or one.id not in self.first_since:
                self.first_since[one.id] = one.waiting_since
            assert one.waiting_since <= self.first_since[one.id], "I7"
        self.answered = {chat.waiting.id for chat in self.floor.chats if chat.replied}

    def _band(self, one):
        now = self.now
        if now >= one.promise.hard_at:
            return "A"
        late = now >= one.promise.warn_at or now >= one.promise.due_at - self.guard
        return "B" if late else "C"

    def _key(self, one):
        band, place = self._band(one), (one.waiting_since, one.id)
        if band == "A" and self.since_a >= self.settings.ration - 1:
            return (0, one.promise.hard_at, *place)
        if band in "AB":
            return (1, one.rank, one.promise.due_at, *place)
        return (2, one.promise.due_at, one.rank, *place)


class Before:
    """An agent as they were before they took so many units more."""

    def __init__(self, agent, taken):
        self.agent, self.load = agent, agent.load - taken

    def could_take(self, one, now):
        # a hold that ends at this very instant ends with its timer, which may not have run yet
        held = one.held_until is not None and now <= one.held_until
        return (
            self._fits(one.need)
            and (self.agent.ranks is None or one.rank in self.agent.ranks)
            and self.agent.id not in one.excluded
            and (not held or one.sticky == self.agent.id)
            and self.agent.capacity > 0
            and self.load + one.weight <= self.agent.capacity + one.extra_slots
        )

    def is_own(self, one):
        return one.ring == 0 or self._fits(one.wanted)

    def _fits(self, need):
        skilled = all(self.agent.skills.get(skill, 0) >= least for skill, least in need.skills)
        return skilled and (need.groups is None or bool(need.groups & self.agent.groups))


class Script:
    """A random day: each step is one event, with the judge's look after it and every timer."""

    def __init__(self, chance: random.Random):
        self.chance = chance
        settings = Settings(
            ration=chance.choice([2, 3, 10]),
            guard=timedelta(seconds=chance.choice([0, 0, 15, 100])),
            accept=chance.choice([None, timedelta(seconds=20)]),
            exclude=chance.choice([None, timedelta(seconds=300)]),
        )
        self.weighty = chance.random() < 0.2  # in WeChat all weigh the same
        self.judge = Judge(settings, weighty=self.weighty)
        self.agents = [self._agent(number) for number in range(chance.randint(1, 6))]
        self.floor = Floor(self.agents, settings, self.judge.assigned)
        self.judge.floor = self.floor
        self.now = NOON
        self.known = 0

    def _agent(self, number):
        return Agent(
            id=number,
            capacity=self.chance.choice([0, 1, 2, 2, 3, 5]),
            skills={skill: self.chance.randint(1, 3) for skill in self._some(SKILLS)},
            groups=frozenset(self._some(GROUPS)),
            ranks=self.chance.choice([None, None, None, frozenset({1, 2}), frozenset({3, 4})]),
        )

    def _some(self, of):
        return self.chance.sample(of, self.chance.randint(0, len(of)))

    def run(self, events):
        for _ in range(events):
            self.step()

    def step(self):
        self.now += timedelta(seconds=self.chance.choice([0, 0, 1, 2, 5, 20, 60, 150]))
        while self.floor.dispatch.next_timer_at <= self.now:
            self.floor.dispatch.advance(self.floor.dispatch.next_timer_at)
            self.judge.look()
        self.chance.choices(
            [
                self._enqueue,
                self._of_queue,
                self._of_chat,
                self._of_agent,
            ],
            [35, 10, 40, 15],
        )[0]()
        self.judge.look()
        assert self.floor.sweep(self.now) == 0, "the sweeper had to repair"

    def _enqueue(self):
        self.known += 1
        need = self._need()
        self.floor.enqueue(
            self.known,
            self.chance.choice(LEVELS),
            self.now,
            need=need,
            rings=self._rings(need),
            weight=self.chance.choice([1, 1, 2]) if self.weighty else 1,
            sticky=self.chance.choice([None, None, *range(len(self.agents))]),
        )

    def _need(self):
        skills = frozenset((skill, self.chance.randint(1, 2)) for skill in self._some(SKILLS)[:1])
        groups = frozenset(self._some(GROUPS)[:1]) or None
        return Need(skills, groups)

    def _rings(self, need):
        wider = [Need(frozenset(), need.groups), Need()][: self.chance.randint(0, 2)]
        after = sorted(self.chance.choice([0, 15, 60, 200]) for _ in wider)
        return [
            Ring(self.now + timedelta(seconds=seconds), ring)
            for seconds, ring in zip(after, wider, strict=True)
        ]

    def _of_queue(self):
        waiting = sorted(one.id for one in self.floor.queue)
        if waiting:
            one = self.chance.choice(waiting)
            what = self.chance.randrange(4)
            if what == 0:
                self.floor.abandon(one, self.now)
            elif what == 1:
                self.floor.close(one, self.now)
            elif what == 2:
                self.floor.customer_wrote(one, self.now)
            else:
                self.floor.level(one, self.chance.choice(LEVELS), self.now)

    def _of_chat(self):
        chats = sorted(chat.waiting.id for chat in self.floor.chats)
        if not chats:
            return
        one = self.chance.choice(chats)
        self.chance.choices(
            [
                lambda: self.floor.close(one, self.now),
                lambda: self.floor.accept(one, self.now),
                lambda: self.floor.decline(one, self.now),
                lambda: self.floor.replied(one, self.now),
                lambda: self.floor.park(one, self.now),
                lambda: self.floor.customer_wrote(one, self.now),
                lambda: self.floor.level(one, self.chance.choice(LEVELS), self.now),
                lambda: self.floor.abandon(one, self.now),
                lambda: self.floor.transfer(one, self._any_agent(), self.now),
                lambda: self.floor.transfer_to_group(one, self._need(), self.now),
            ],
            [12, 12, 2, 6, 4, 4, 1, 1, 2, 2],
        )[0]()

    def _of_agent(self):
        agent = self._any_agent()
        if self.chance.random() < 0.2:
            self.floor.capacity(agent, self.chance.choice([0, 1, 2, 3, 5]), self.now)
        else:
            presence = self.chance.choice([*[Presence.ONLINE] * 5, *Presence])
            self.floor.presence(agent, presence, self.now)

    def _any_agent(self):
        return self.chance.randrange(len(self.agents))


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--each", type=int, default=500, help="events of one script")
    options = parser.parse_args()
    assignments = 0
    for seed in range(options.events // options.each):
        script = Script(random.Random(seed))
        try:
            script.run(options.each)
        except Exception:
            print(f"seed {seed}")  # noqa: T201
            raise
        assignments += script.judge.assignments
    print(  # noqa: T201
        f"{options.events:,} events, {assignments:,} assignments: nothing wrong, nothing repaired"
    )


if __name__ == "__main__":
    main()
