"""Random scripts of what happens at a desk, on real rows, and a judge who looks at the tables.

The judge knows the rules from the specification, in its own words, and uses nothing of the router.
By itself, for long runs: `PYTHONPATH=tests python -m desk.routing_rows --steps 20000`.
"""

import argparse
import asyncio
import contextlib
import json
import random
import tempfile
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from desk_builder import DeskBuilder
from wxdesk.desk import groups, levels, routing
from wxdesk.desk.contacts import LevelSource
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.groups import Membership
from wxdesk.desk.routing import Assignment, Plan, Presence, Route, Rule, Seat, Wait
from wxdesk.desk.routing.model import PlanVersion
from wxdesk.errors import DeskError
from wxdesk.runtime import running
from wxdesk.settings import Settings
from wxdesk.store import schema

WAITING, ACTIVE = ConversationState.WAITING, ConversationState.ACTIVE
IN_TURN = {Rule.FREE, Rule.ORDER}
SILENCE = timedelta(seconds=30)
MOST_ROUNDS = 200
TEXTS = ("你好", "我要退款", "english please", "VIP 退款", "在吗")


class Judge:
    """Looks at the tables after every step; raises what is wrong."""

    def __init__(self, runtime):
        self.rt = runtime
        self.since, self.judged = {}, 0
        self.before = {}
        self.seen = Counter()

    async def look(self, *, settled):
        """Args: settled: the dispatcher has done all there was to do."""
        async with self.rt.db.reading() as unit:
            rows = unit.session.scalars
            self.talks = {each.id: each for each in await rows(select(Conversation))}
            self.waits = {each.conversation_id: each for each in await rows(select(Wait))}
            self.given = given = list(await rows(select(Assignment).order_by(Assignment.id)))
            self.seats = {each.agent_id: each for each in await rows(select(Seat))}
            self.groups = defaultdict(set)
            for each in await rows(select(Membership)):
                self.groups[each.agent_id].add(each.group_id)
        self._one_open_each()
        self._states_agree()
        self._loads_agree()
        self._places_are_kept()
        new, self.judged = given[self.judged :], len(given)
        for each in new:
            self._within_room(each)
        if settled:
            for each in new:
                self._in_turn(each)
            self._nobody_waits_beside_room()
        self.before = {
            each.conversation_id: (each.line, each.since, dict(each.excluded), each.held_until)
            for each in self.waits.values()
            if each.offered_to is None
        }

    def _one_open_each(self):
        self.open = {}
        for each in self.given:
            if each.ended_at is None:
                assert each.conversation_id not in self.open, "I2"
                self.open[each.conversation_id] = each

    def _states_agree(self):
        for talk in self.talks.values():
            wait, given = self.waits.get(talk.id), self.open.get(talk.id)
            assert (wait is not None) == (talk.state is WAITING), (talk.id, talk.state)
            if talk.state is ACTIVE:
                assert given is not None, talk.id
                assert given.accepted_at is not None
                assert given.agent_id == talk.assignee_id
                assert (given.rests_since is None) == (talk.rests_since is None)
            elif talk.state is WAITING:
                assert talk.assignee_id is None
                assert wait.offered_to == talk.offered_to == (given and given.agent_id)
                assert given is None or given.accepted_at is None
            else:
                assert given is None, talk.id

    def _loads_agree(self):
        loads = Counter()
        for each in self.open.values():
            loads[each.agent_id] += each.weight if each.rests_since is None else 0
        for agent_id, seat in self.seats.items():
            assert seat.load == loads[agent_id], f"load of {agent_id}"

    def _places_are_kept(self):
        """I7; what was answered, or rested, begins anew."""
        again = {
            each.conversation_id
            for each in self.given
            if each.first_reply_at is not None or each.rests_since is not None
        }
        for wait in self.waits.values():
            known = self.since.setdefault(wait.conversation_id, wait.since)
            assert wait.since <= known or wait.conversation_id in again, "I7"
            self.since[wait.conversation_id] = wait.since

    def _within_room(self, given):
        self.seen[given.rule] += 1
        if given.decision:
            room = given.decision["room"]
            assert given.band is not None, "I9"
            assert given.decision["turn"]["due_at"], "I9"
            assert room["load"] <= room["capacity"] + given.kept["extra_slots"], "I1"

    def _in_turn(self, given):
        """I4, among those who stood in a line before and stand there still."""
        if given.rule not in IN_TURN or given.conversation_id not in self.before:
            return
        line, since, _, _ = self.before[given.conversation_id]
        for other, (its_line, its_since, excluded, held) in self.before.items():
            wait = self.waits.get(other)
            if its_line != line or held or wait is None or wait.line != line or wait.held_until:
                continue
            if wait.offered_to is None and str(given.agent_id) not in {**excluded, **wait.excluded}:
                assert (since, given.conversation_id) < (its_since, other), "I4"

    def _nobody_waits_beside_room(self):
        """I3."""
        now = self.rt.clock.now()
        for seat in self.seats.values():
            if seat.presence is not Presence.ONLINE or seat.paused_since:
                continue
            if seat.seen_at is None or seat.seen_at < now - SILENCE:
                continue
            for wait in self.waits.values():
                if wait.offered_to is None and not (wait.held_until and wait.held_until > now):
                    assert not self._could_take(seat, wait, now), f"I3: {seat.agent_id}"

    def _could_take(self, seat, wait, now):
        limited = seat.limit is not None and seat.limit_until > now
        room = seat.limit if limited else seat.capacity
        wanted = wait.need["groups"]
        return (
            room > 0
            and seat.load + wait.weight <= room + wait.extra_slots
            and (wanted is None or bool(self.groups[seat.agent_id] & set(wanted)))
            and all(seat.skills.get(name, 0) >= least for name, least in wait.need["skills"])
            and (seat.level_ids is None or wait.level_id in seat.level_ids)
            and str(seat.agent_id) not in wait.excluded
        )


class Script:
    """One desk to which things happen by dice."""

    def __init__(self, runtime, desk, *, seed):
        self.rt, self.desk, self.dice = runtime, desk, random.Random(seed)
        self.judge = Judge(runtime)
        self.agents, self.done = [], Counter()
        self.followers = 0

    async def begin(self):
        now = self.now
        for number in range(6):
            agent = await self.desk.agent()
            self.agents.append(agent.id)
            skills = {"refund": 1 + number % 4} if number % 2 else {"english": 2}
            async with self.rt.db.unit() as unit:
                await routing.set_up(unit, agent.id, capacity=1 + number % 3, skills=skills)
                await routing.set_presence(unit, agent.id, Presence.ONLINE, now=now)
        async with self.rt.db.unit() as unit:
            known = await levels.list_levels(unit)
            self.levels = [each.id for each in known]
            await routing.set_up(unit, self.agents[5], level_ids=self.levels[:2])
            helping = await groups.add(unit, {"name": "helping"}, self.agents[:3])
            values = {"name": "refunds", "overflow_group_id": helping.id, "overflow_seconds": 90}
            refunds = await groups.add(unit, values, self.agents[2:])
            self.groups = [helping.id, refunds.id]
            unit.session.add(self._plan(refunds.id))

    def _plan(self, group_id):
        routes = (
            Route(name="refunds", words=("退款",), group_id=group_id, optional={"refund": 3}),
            Route(name="english", words=("english",), required={"english": 1}),
        )
        asked = self.dice.choice((None, 20))
        plan = Plan(routes=routes, accept_seconds=asked, close_after_seconds=3600)
        now = self.now
        return PlanVersion(made_at=now, by_id=1, published_at=now, doc=plan.as_json())

    @property
    def now(self):
        return self.rt.clock.now()

    async def play(self, steps):
        """So many steps, each judged."""
        for _ in range(steps):
            (name,) = self.dice.choices(list(STEPS), list(STEPS.values()))
            try:
                await getattr(self, name)()
                self.done[name] += 1
            except DeskError:
                self.done[f"{name} refused"] += 1
            await self.judge.look(settled=False)
            if self.dice.random() < SETTLING:
                await self.settle()
        await self.settle()

    async def settle(self):
        """Rounds until nothing is left; then the sweeper finds nothing, and all is in order."""
        for _ in range(MOST_ROUNDS):
            if not await self.act(routing.run):
                break
        else:
            raise AssertionError("the rounds never end")
        await self.judge.look(settled=True)
        assert await self.act(routing.sweep) == [], "the sweeper repaired something"

    async def act(self, verb, *args, **kwargs):
        async with self.rt.db.unit() as unit:
            return await verb(unit, *args, **kwargs, now=self.now)

    def agent(self):
        return self.dice.choice(self.agents)

    def talk(self, *states):
        found = [each for each in self.judge.talks.values() if each.state in states]
        return self.dice.choice(found) if found else None

    # --- what happens

    async def arrives(self):
        self.followers += 1
        openid = f"oScript{self.followers:021}"
        talk = await self.desk.conversation(openid=openid, text=self.dice.choice(TEXTS))
        if self.dice.random() < SHARE_OF_VIPS:
            await self._level(talk.contact_id)

    async def writes(self):
        if self.judge.talks:
            await self.desk.write(self.dice.choice(list(self.judge.talks.values())), "还有")

    async def replies(self):
        if talk := self.talk(ACTIVE):
            agent_id = talk.assignee_id
            with contextlib.suppress(DeskError):
                await self.desk.reply(talk, _Person(agent_id))

    async def closes(self):
        if talk := self.talk(ACTIVE, WAITING):
            agent_id = talk.assignee_id or self.agents[0]
            await self.act(routing.close, talk.id, agent_id=agent_id, may_close_any=True)

    async def presence(self):
        states = [Presence.ONLINE] * 4 + [Presence.BUSY, Presence.AWAY, Presence.OFFLINE]
        await self.act(routing.set_presence, self.agent(), self.dice.choice(states))

    async def answers_offer(self):
        offered = [each for each in self.judge.waits.values() if each.offered_to is not None]
        if offered:
            wait = self.dice.choice(offered)
            who = {"agent_id": wait.offered_to}
            if self.dice.random() < SHARE_OF_ACCEPTED:
                await self.act(routing.accept, wait.conversation_id, **who)
            else:
                await self.act(routing.decline, wait.conversation_id, **who, reason="")

    async def takes(self):
        if talk := self.talk(WAITING):
            await self.act(routing.take, talk.id, agent_id=self.agent())

    async def takes_next(self):
        await self.act(routing.take_next, agent_id=self.agent())

    async def hands_over(self):
        if talk := self.talk(ACTIVE, WAITING):
            group_id = self.dice.choice(self.groups)
            to = self.dice.choice(({"agent_id": self.agent()}, {"group_id": group_id}))
            by_id = talk.assignee_id or self.agent()
            await self.act(routing.hand_over, talk.id, by_id=by_id, may_any=True, message="", **to)

    async def is_assigned(self):
        if talk := self.talk(ACTIVE, WAITING):
            who = {"agent_id": self.agent(), "by_id": self.agent(), "reason": "so"}
            await self.act(routing.assign, talk.id, **who)

    async def moves_up(self):
        if talk := self.talk(WAITING):
            await self.act(routing.move_up, talk.id, by_id=self.agents[0], reason="so")

    async def rests(self):
        if talk := self.talk(ACTIVE):
            await self.act(routing.rest, talk.id, agent_id=talk.assignee_id)

    async def is_set_up(self):
        async with self.rt.db.unit() as unit:
            await routing.set_up(unit, self.agent(), capacity=self.dice.randrange(4))

    async def is_limited(self):
        limit = self.dice.choice((None, 0, 1, 5))
        await self.act(routing.set_limit, self.agent(), limit, by_id=1, reason="so")

    async def is_promoted(self):
        if talk := self.talk(WAITING):
            await self._level(talk.contact_id)

    async def _level(self, contact_id):
        level_id = self.dice.choice(self.levels)
        await self.act(levels.grant, contact_id, level_id, source=LevelSource.HAND)
        await self.act(routing.relevel)

    async def time_goes_by(self):
        self.rt.clock.forward(seconds=self.dice.choice((1, 5, 15, 25, 40, 90, 200)))
        await self._are_seen()

    async def a_night_goes_by(self):
        self.rt.clock.forward(hours=self.dice.choice((0.5, 13)))
        await self._are_seen()

    async def _are_seen(self):
        here = self.dice.sample(self.agents, self.dice.randrange(3, len(self.agents) + 1))
        async with self.rt.db.unit() as unit:
            await routing.record_seen(unit, here, self.now)


class _Person:
    """An agent, as far as the builder of rows asks."""

    def __init__(self, agent_id):
        self.id = agent_id


SETTLING = 0.7
SHARE_OF_VIPS, SHARE_OF_ACCEPTED = 0.3, 0.7
STEPS = {
    "arrives": 12,
    "writes": 8,
    "replies": 12,
    "closes": 7,
    "presence": 6,
    "answers_offer": 10,
    "takes": 2,
    "takes_next": 2,
    "hands_over": 5,
    "is_assigned": 2,
    "moves_up": 1,
    "rests": 3,
    "is_set_up": 2,
    "is_limited": 2,
    "is_promoted": 2,
    "time_goes_by": 12,
    "a_night_goes_by": 0.3,
}


class HandClock:
    """A clock that is moved by hand."""

    def __init__(self):
        self._now = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def now(self):
        return self._now

    def forward(self, **by):
        self._now += timedelta(**by)


async def soak(steps, first_seed, a_script=400):
    """Scripts on fresh SQLite desks, until there were as many steps."""
    for number in range(-(-steps // a_script)):
        seed = first_seed + number
        with tempfile.TemporaryDirectory() as name:
            url = f"sqlite:///{name}/desk"
            settings = Settings(data_dir=Path(name), database_url=url, secret_key="for tests only")
            async with running(settings, clock=HandClock()) as rt:
                await schema.upgrade(rt.db)
                script = Script(rt, DeskBuilder(rt, "http://127.0.0.1:9"), seed=seed)
                await script.begin()
                await script.judge.look(settled=False)
                await script.play(a_script)
        rules = {str(rule): count for rule, count in script.judge.seen.items()}
        print(f"seed {seed}: {json.dumps(rules)}", flush=True)  # noqa: T201


def main():
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--steps", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    asyncio.run(soak(chosen.steps, chosen.seed))


if __name__ == "__main__":
    main()
