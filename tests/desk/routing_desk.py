"""A desk as tests of the dispatcher drive it: verbs in units of their own, rounds until done."""

from wxdesk.desk import routing
from wxdesk.desk.conversations import Conversation
from wxdesk.desk.routing import Plan, Presence
from wxdesk.desk.routing.model import PlanVersion


class Floor:
    """The desk as these tests drive it."""

    def __init__(self, runtime, desk):
        self.rt, self.desk = runtime, desk

    @property
    def now(self):
        return self.rt.clock.now()

    async def agent(self, *, capacity=4, presence=Presence.ONLINE, skills=None):
        agent = await self.desk.agent()
        async with self.rt.db.unit() as unit:
            await routing.set_up(unit, agent.id, capacity=capacity, skills=skills or {})
        await self.presence(agent, presence)
        return agent

    async def presence(self, agent, presence):
        async with self.rt.db.unit() as unit:
            await routing.set_presence(unit, agent.id, presence, now=self.now)

    async def seen(self, *agents):
        async with self.rt.db.unit() as unit:
            await routing.record_seen(unit, [each.id for each in agents], self.now)

    async def plan(self, **settings):
        async with self.rt.db.unit() as unit:
            unit.session.add(
                PlanVersion(
                    made_at=self.now,
                    by_id=1,
                    published_at=self.now,
                    doc=Plan(**settings).as_json(),
                )
            )

    async def dispatch(self):
        """Rounds until nothing is left to do; then the sweeper finds nothing either."""
        for _ in range(50):
            async with self.rt.db.unit() as unit:
                if not await routing.run(unit, now=self.now):
                    break
        async with self.rt.db.unit() as unit:
            assert await routing.sweep(unit, now=self.now) == []

    async def pass_time(self, *here, seconds):
        """Time goes by; these agents are seen all the while."""
        self.rt.clock.forward(seconds=seconds)
        await self.seen(*here)
        await self.dispatch()

    async def owner(self, talk):
        async with self.rt.db.reading() as unit:
            return (await unit.session.get(Conversation, talk.id)).assignee_id

    async def row(self, kind, key):
        async with self.rt.db.reading() as unit:
            return await unit.session.get(kind, key)

    async def assignments(self, talk):
        async with self.rt.db.reading() as unit:
            return list(reversed(await routing.history(unit, talk.id, limit=50)))

    async def act(self, verb, *args, **kwargs):
        async with self.rt.db.unit() as unit:
            return await verb(unit, *args, **kwargs, now=self.now)
