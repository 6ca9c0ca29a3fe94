"""Many agents and dispatchers at work at once, each in units of its own."""

import asyncio
import random

from sqlalchemy import func, select

from wxdesk.desk import routing
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.routing import Assignment, Presence, Rule, Wait
from wxdesk.errors import DeskError
from wxdesk.worker import dispatch as worker

WAITING, ACTIVE = ConversationState.WAITING, ConversationState.ACTIVE
SHARE_OF_ACCEPTED = 0.6


class Crowd:
    """Agents who take, let pass, hand over, close, come and go, while customers come again."""

    def __init__(self, floor, agents):
        self.floor, self.rt, self.agents = floor, floor.rt, agents
        self.dice = random.Random(7)
        self.errors = []
        self.repairs = 0

    async def work(self, *, dispatchers, turns):
        """All at once, each so often; what goes wrong and is no refusal is kept in ``errors``."""
        acts = [self.takes, self.takes_next, self.answers, self.answers, self.hands_over]
        acts += [self.is_assigned, self.closes, self.comes_and_goes, self.is_seen, self.sweeps]
        acts += [self.dispatches] * dispatchers
        await asyncio.gather(*(self._again(each, turns) for each in acts))
        for agent in self.agents:
            await self.floor.presence(agent, Presence.ONLINE)

    async def given_in_turn(self):
        """How many the dispatchers have given by the order of the queue."""
        rules = [Rule.ORDER, Rule.FREE]
        async with self.rt.db.reading() as unit:
            query = select(func.count()).where(Assignment.rule.in_(rules))
            return await unit.session.scalar(query)

    async def _again(self, act, turns):
        for _ in range(turns):
            try:
                await act()
            except DeskError:
                pass
            except Exception as error:
                self.errors.append(error)
            await asyncio.sleep(0)

    async def takes(self):
        if talk := await self._some(WAITING):
            await self.floor.act(routing.take, talk.id, agent_id=self._anybody())

    async def takes_next(self):
        await self.floor.act(routing.take_next, agent_id=self._anybody())

    async def answers(self):
        async with self.rt.db.reading() as unit:
            offered = select(Wait).where(Wait.offered_to.is_not(None)).order_by(func.random())
            wait = await unit.session.scalar(offered.limit(1))
        if wait is None:
            return
        who = {"agent_id": wait.offered_to}
        if self.dice.random() < SHARE_OF_ACCEPTED:
            await self.floor.act(routing.accept, wait.conversation_id, **who)
        else:
            await self.floor.act(routing.decline, wait.conversation_id, **who, reason="")

    async def hands_over(self):
        if talk := await self._some(ACTIVE, WAITING):
            who = {"by_id": self._anybody(), "may_any": True, "agent_id": self._anybody()}
            await self.floor.act(routing.hand_over, talk.id, **who, message="")

    async def is_assigned(self):
        if talk := await self._some(ACTIVE, WAITING):
            who = {"agent_id": self._anybody(), "by_id": self._anybody()}
            await self.floor.act(routing.assign, talk.id, **who, reason="so")

    async def closes(self):
        if talk := await self._some(ACTIVE):
            await self.floor.act(routing.close, talk.id, agent_id=1, may_close_any=True)
            await self.floor.desk.write(talk, "还有")

    async def comes_and_goes(self):
        presence = self.dice.choice([Presence.ONLINE] * 3 + [Presence.AWAY, Presence.BUSY])
        await self.floor.act(routing.set_presence, self._anybody(), presence)

    async def is_seen(self):
        await self.floor.seen(*self.agents)

    async def dispatches(self):
        await worker.dispatch(self.rt)

    async def sweeps(self):
        self.repairs += len(await self.floor.act(routing.sweep))

    def _anybody(self):
        return self.dice.choice(self.agents).id

    async def _some(self, *states):
        async with self.rt.db.reading() as unit:
            query = select(Conversation).where(Conversation.state.in_(states))
            return await unit.session.scalar(query.order_by(func.random()).limit(1))
