"""Far more customers than can be served at once: what gold and ordinary ones may count on."""

import random
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from desk.routing_desk import Floor
from wxdesk.desk import contacts, levels, routing
from wxdesk.desk.contacts import LevelSource
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.routing import Assignment
from wxdesk.worker.dispatch import dispatch
from wxdesk.worker.intake import understand_kept

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
AGENTS, CAPACITY = 6, 3
CUSTOMERS = 300
WORK_SECONDS = (120, 360)
TICK = timedelta(seconds=20)
"""What happens within it happens at its end: a place becomes free about as often."""

RATION = 10
"""At least one assignment in so many is for somebody who has waited four times too long."""


class Flood:
    """Customers write one after the other; each is served for a while by whoever gets them."""

    def __init__(self, floor, *, seed):
        self.floor, self.dice = floor, random.Random(seed)
        self.agents, self.coming, self.ending, self.given = [], [], [], []

    async def begin(self, *, span, gold, level):
        """Args: span: All come within so long. gold: So many of them are of the level."""
        await self.floor.plan(answer_seconds=None)  # whoever has got somebody is at work
        self.agents = [await self.floor.agent(capacity=CAPACITY) for _ in range(AGENTS)]
        account, now = await self.floor.desk.account(), self.floor.now
        people = [f"oFlood{number:022}" for number in range(CUSTOMERS)]
        async with self.floor.rt.db.unit() as unit:
            known = {each.name: each.id for each in await levels.list_levels(unit)}
            golden = [((account.id, openid), now) for openid in self.dice.sample(people, gold)]
            met = await contacts.meet(unit, golden)
            for each in met:
                source = LevelSource.HAND
                await levels.grant(unit, each.id, known[level], source=source, now=now)
        self.golden = {each.id for each in met}
        self.coming = [(now + span * self.dice.random(), openid) for openid in people]

    async def serve_all(self):
        """Until everybody was served; what was given to whom, in order."""
        while self.coming or self.ending:
            self.floor.rt.clock.forward(seconds=TICK.total_seconds())
            await self.floor.seen(*self.agents)
            for openid in self._due(self.coming):
                await self.floor.desk.push(self.floor.desk.text_xml(openid, "在吗"))
            while await understand_kept(self.floor.rt):
                pass
            await self._end(self._due(self.ending))
            while await dispatch(self.floor.rt):
                pass
            await self._begin()
        return self.given

    def _due(self, what):
        due = sorted((each for each in what if each[0] <= self.floor.now), key=lambda each: each[0])
        what[:] = [each for each in what if each[0] > self.floor.now]
        return [which for _, which in due]

    async def _end(self, done):
        async with self.floor.rt.db.unit() as unit:
            for each in done:
                who = {"agent_id": each.agent_id, "may_close_any": False}
                await routing.close(unit, each.conversation_id, **who, now=self.floor.now)

    async def _begin(self):
        last = self.given[-1].id if self.given else 0
        async with self.floor.rt.db.reading() as unit:
            query = select(Assignment).where(Assignment.id > last).order_by(Assignment.id)
            new = list(await unit.session.scalars(query))
        self.given += new
        for each in new:
            work = timedelta(seconds=self.dice.uniform(*WORK_SECONDS))
            self.ending.append((self.floor.now + work, each))

    async def golden_talks(self):
        """The conversations of gold customers; all are over."""
        async with self.floor.rt.db.reading() as unit:
            talks = list(await unit.session.scalars(select(Conversation)))
        assert {each.state for each in talks} == {ConversationState.CLOSED}
        return {each.id for each in talks if each.contact_id in self.golden}


def waited(given):
    return (given.offered_at - given.waited_since).total_seconds()


def far_too_late_from(given):
    return datetime.fromisoformat(given.kept["hard_at"])


def require_each_tenth(given):
    """How many were far too late; each of them came as soon as the ration lets those before."""
    places = [each for each in given if each.decision["room"]["load"] <= CAPACITY]
    late = [each for each in places if each.offered_at >= far_too_late_from(each)]
    for each in late:
        since = far_too_late_from(each)
        meanwhile = [one for one in places if since <= one.offered_at and one.id < each.id]
        before = [one for one in meanwhile if far_too_late_from(one) <= since]
        assert len(meanwhile) < RATION * (len(before) + 1)
    return len(late)


@pytest.fixture
async def flood(runtime, desk):
    return Flood(Floor(runtime, desk), seed=1)


async def test_gold_is_served_in_time_and_nobody_ordinary_is_forgotten(flood):
    await flood.begin(span=timedelta(minutes=40), gold=60, level="VIP2")

    given = await flood.serve_all()

    golden = await flood.golden_talks()
    assert len(given) == CUSTOMERS
    assert max(waited(each) for each in given if each.conversation_id in golden) <= 90
    assert require_each_tenth(given) > CUSTOMERS / 10


async def test_where_gold_alone_is_too_much_each_tenth_place_is_for_whoever_waits_too_long(flood):
    await flood.begin(span=timedelta(minutes=30), gold=140, level="VIP1")

    given = await flood.serve_all()

    golden = await flood.golden_talks()
    assert len(given) == CUSTOMERS
    assert require_each_tenth(given) > CUSTOMERS / 10
    while_gold_waits = max(each.id for each in given if each.conversation_id in golden)
    ordinary = [each for each in given if each.conversation_id not in golden]
    assert any(each.id < while_gold_waits and each.band == "A" for each in ordinary)
