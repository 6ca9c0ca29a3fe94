"""The dispatcher on rows against its rules: random scripts, races, and the bad cases of a desk."""

import asyncio

import pytest
from sqlalchemy import update

from desk.routing_crowd import Crowd
from desk.routing_desk import Floor
from desk.routing_rows import Judge, Script
from wxdesk.desk import calendars, groups, levels, routing
from wxdesk.desk.agents import Agent
from wxdesk.desk.calendars import Calendar
from wxdesk.desk.conversations import Conversation, ConversationState
from wxdesk.desk.routing import Ending, NotHere, Presence, Route, Rule, Seat, Wait
from wxdesk.worker import dispatch as worker

WAITING, ACTIVE = ConversationState.WAITING, ConversationState.ACTIVE
ENOUGH = 5
"""Given in turn while many were at work: fewer would tell little."""


@pytest.fixture
def floor(runtime, desk):
    return Floor(runtime, desk)


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_happens_the_rules_hold_on_rows(runtime, desk, seed):
    script = Script(runtime, desk, seed=seed)
    await script.begin()
    await script.judge.look(settled=False)

    await script.play(100)

    assert script.judge.judged > 10


# Many at once


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_four_dispatchers_and_a_crowd_of_agents_never_stand_in_each_others_way(floor):
    await floor.plan(accept_seconds=20)
    crowd = Crowd(floor, [await floor.agent(capacity=2) for _ in range(5)])
    for _ in range(30):
        await floor.desk.conversation()

    while await crowd.given_in_turn() <= ENOUGH:
        await crowd.work(dispatchers=4, turns=20)

    assert not crowd.errors, [repr(each)[:300] for each in crowd.errors[:3]]
    assert crowd.repairs == 0
    await floor.dispatch()
    judge = Judge(floor.rt)
    await judge.look(settled=True)
    assert judge.seen[Rule.ORDER] + judge.seen[Rule.FREE] > ENOUGH


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_of_two_dispatchers_and_one_free_place_one_gives_it(floor, desk):
    agent = await floor.agent(capacity=1)
    talks = [await desk.conversation() for _ in range(2)]

    await asyncio.gather(*(worker.dispatch(floor.rt) for _ in range(2)))
    await floor.dispatch()

    owners = [await floor.owner(each) for each in talks]
    assert owners == [agent.id, None]
    assert (await floor.row(Seat, agent.id)).load == 1


# Bad cases


class Killed(Exception):
    """The process ended here."""


async def test_killed_between_claim_and_offer_nothing_has_happened(floor, desk, runtime):
    await floor.plan(accept_seconds=20)
    agent = await floor.agent()
    talk = await desk.conversation()

    async def dispatch_and_die():
        async with runtime.db.unit() as unit:
            assert await routing.run(unit, now=floor.now) > 0
            raise Killed

    with pytest.raises(Killed):
        await dispatch_and_die()

    assert (await floor.row(Seat, agent.id)).load == 0
    assert await floor.assignments(talk) == []
    await floor.dispatch()
    assert (await floor.row(Wait, talk.id)).offered_to == agent.id


async def test_a_browser_that_dies_with_five_open_leaves_nobody_waiting_for_it(floor, desk):
    await floor.plan(answer_seconds=None)
    lost, other = await floor.agent(capacity=5), await floor.agent(presence=Presence.BUSY)
    talks = []
    for _ in range(5):
        talks.append(await desk.conversation())
        await floor.dispatch()
        floor.rt.clock.forward(seconds=1)
    await desk.reply(talks[0], lost)
    await floor.presence(other, Presence.ONLINE)

    await floor.pass_time(other, seconds=121)
    await floor.pass_time(other, seconds=181)

    owners = [await floor.owner(each) for each in talks]
    assert owners == [lost.id, *[other.id] * 4]
    assert (await floor.row(Conversation, talks[0].id)).rests_since is not None
    given = [(await floor.assignments(each))[-1].id for each in talks[1:]]
    assert given == sorted(given)
    assert (await floor.row(Seat, lost.id)).load == 0


async def test_who_flaps_between_here_and_away_costs_nobody_their_place(floor, desk):
    await floor.plan(accept_seconds=20)
    agent = await floor.agent()
    talk = await desk.conversation()
    since = (await floor.row(Wait, talk.id)).since
    for _ in range(6):
        await floor.dispatch()
        await floor.presence(agent, Presence.AWAY)
        await floor.presence(agent, Presence.ONLINE)
        await floor.presence(agent, Presence.AWAY)
        await floor.dispatch()
        await floor.presence(agent, Presence.ONLINE)
    await floor.dispatch()

    wait = await floor.row(Wait, talk.id)
    assert (wait.offered_to, wait.since, wait.excluded) == (agent.id, since, {})
    seat = await floor.row(Seat, agent.id)
    assert (seat.load, seat.missed, seat.paused_since) == (1, 0, None)
    endings = {each.ending for each in await floor.assignments(talk)}
    assert endings == {Ending.WITHDRAWN, None}


async def test_what_waits_for_a_group_without_members_goes_to_the_whole_desk(floor, desk):
    agent = await floor.agent()
    async with floor.rt.db.unit() as unit:
        empty = await groups.add(unit, {"name": "empty"})
    await floor.plan(routes=(Route(name="all", group_id=empty.id),))
    talk = await desk.conversation()
    await floor.dispatch()
    assert await floor.owner(talk) is None

    await floor.pass_time(agent, seconds=301)

    assert await floor.owner(talk) == agent.id


async def test_who_joins_a_group_gets_what_waits_for_it(floor, desk):
    agent = await floor.agent()
    async with floor.rt.db.unit() as unit:
        empty = await groups.add(unit, {"name": "empty"})
    await floor.plan(routes=(Route(name="all", group_id=empty.id),))
    regrouper = worker.Regrouper(floor.rt)
    await regrouper.look()
    talk = await desk.conversation()
    await floor.dispatch()
    async with floor.rt.db.unit() as unit:
        await groups.set_members(unit, empty.id, [agent.id])

    await regrouper.look()
    await floor.dispatch()

    assert await floor.owner(talk) == agent.id


async def test_who_waits_for_a_group_that_is_thrown_away_waits_for_the_whole_desk(floor, desk):
    agent = await floor.agent()
    async with floor.rt.db.unit() as unit:
        gone = await groups.add(unit, {"name": "gone"})
    await floor.plan(routes=(Route(name="all", group_id=gone.id),))
    talk = await desk.conversation()
    await floor.dispatch()
    async with floor.rt.db.unit() as unit:
        await groups.remove(unit, gone.id)

    assert await worker.Regrouper(floor.rt).look() == 1
    await floor.dispatch()

    assert await floor.owner(talk) == agent.id
    assert (await floor.row(Conversation, talk.id)).group_id is None


async def test_a_skill_nobody_has_is_waited_for_until_somebody_has_it(floor, desk):
    agent = await floor.agent()
    await floor.plan(routes=(Route(name="all", required={"latin": 3}),))
    talk = await desk.conversation()
    await floor.pass_time(agent, seconds=4000)
    assert await floor.owner(talk) is None

    async with floor.rt.db.unit() as unit:
        await routing.set_up(unit, agent.id, skills={"latin": 3})
    await floor.dispatch()

    assert await floor.owner(talk) == agent.id


async def test_where_everybody_is_overdue_all_are_served_as_they_came(floor, desk):
    agent = await floor.agent(capacity=1, presence=Presence.BUSY)
    talks = []
    for _ in range(12):
        talks.append(await desk.conversation())
        floor.rt.clock.forward(seconds=1)
    floor.rt.clock.forward(hours=2)
    await floor.presence(agent, Presence.ONLINE)
    served = []
    for _ in talks:
        await floor.dispatch()
        (owned,) = [each for each in talks if await floor.owner(each) and each not in served]
        served.append(owned)
        await floor.act(routing.close, owned.id, agent_id=agent.id, may_close_any=False)

    assert [each.id for each in served] == [each.id for each in talks]


async def test_who_waits_by_a_level_that_is_retired_keeps_the_place_and_is_served(floor, desk):
    talk = await desk.conversation()
    async with floor.rt.db.unit() as unit:
        known = await levels.list_levels(unit)
        await unit.session.execute(
            update(Wait).values(level_id=known[0].id, rank=known[0].rank, looked=False)
        )
        await levels.retire(unit, known[0].id, now=floor.now)
    await floor.act(routing.relevel)
    agent = await floor.agent()
    async with floor.rt.db.unit() as unit:
        await routing.set_up(unit, agent.id, level_ids=[known[-1].id])

    assert (await floor.row(Wait, talk.id)).rank == known[0].rank
    await floor.dispatch()

    assert await floor.owner(talk) == agent.id


async def test_groups_that_help_each_other_in_a_circle_are_each_asked_once(floor, desk):
    agent = await floor.agent()
    async with floor.rt.db.unit() as unit:
        one = await groups.add(unit, {"name": "one", "overflow_seconds": 60})
        two = await groups.add(
            unit, {"name": "two", "overflow_group_id": one.id, "overflow_seconds": 60}, [agent.id]
        )
        await groups.change(unit, one.id, {"overflow_group_id": two.id})
    await floor.plan(routes=(Route(name="all", group_id=one.id),), whole_desk=False)
    talk = await desk.conversation()
    await floor.dispatch()
    assert await floor.owner(talk) is None

    await floor.pass_time(agent, seconds=61)

    assert await floor.owner(talk) == agent.id


async def test_where_the_calendar_is_never_open_whoever_is_here_answers_all_the_same(floor, desk):
    async with floor.rt.db.unit() as unit:
        never = await calendars.add(unit, "never", Calendar("Asia/Shanghai", ((),) * 7))
        group = await groups.add(unit, {"name": "nights", "calendar_id": never.id})
    await floor.plan(routes=(Route(name="all", group_id=group.id),))
    talk = await desk.conversation()
    await floor.dispatch()
    agent = await floor.agent()
    await floor.pass_time(agent, seconds=3600)
    assert await floor.owner(talk) is None

    async with floor.rt.db.unit() as unit:
        await groups.set_members(unit, group.id, [agent.id])
    await worker.Regrouper(floor.rt).look()
    await floor.dispatch()

    assert await floor.owner(talk) == agent.id


async def test_a_clock_that_is_put_back_only_makes_things_later(floor, desk):
    await floor.plan(accept_seconds=20)
    agent = await floor.agent(capacity=2)
    first = await desk.conversation()
    await floor.dispatch()
    since = (await floor.row(Wait, first.id)).since

    await floor.pass_time(agent, seconds=-1800)
    second = await desk.conversation()
    await floor.dispatch()

    assert (await floor.row(Wait, first.id)).since == since
    assert [(await floor.row(Wait, each.id)).offered_to for each in (first, second)] == [
        agent.id
    ] * 2
    await floor.act(routing.accept, first.id, agent_id=agent.id)
    await floor.pass_time(agent, seconds=1830)
    assert (await floor.row(Seat, agent.id)).load == 1
    await Judge(floor.rt).look(settled=True)


# Marks


async def test_whose_page_was_silent_for_a_while_gets_work_as_soon_as_it_is_back(floor, desk):
    agent = await floor.agent()
    await floor.pass_time(seconds=40)
    talk = await desk.conversation()
    await floor.dispatch()
    assert await floor.owner(talk) is None

    await floor.seen(agent)
    await floor.dispatch()

    assert await floor.owner(talk) == agent.id


async def test_who_takes_as_usual_again_looks_for_work(floor, desk):
    agent = await floor.agent()
    await floor.act(routing.set_limit, agent.id, 0, by_id=agent.id, reason="培训")
    talk = await desk.conversation()
    await floor.dispatch()
    assert await floor.owner(talk) is None

    await floor.pass_time(agent, seconds=12 * 3600)
    await floor.dispatch()

    assert await floor.owner(talk) == agent.id


async def test_what_is_moved_up_is_for_those_who_serve_its_level(floor, desk):
    agent = await floor.agent(capacity=0)
    async with floor.rt.db.unit() as unit:
        normal = await levels.default(unit)
        await routing.set_up(unit, agent.id, level_ids=[normal.id])
    talk = await desk.conversation()
    await floor.act(routing.move_up, talk.id, by_id=agent.id, reason="投诉过")
    await floor.dispatch()
    async with floor.rt.db.unit() as unit:
        await routing.set_up(unit, agent.id, capacity=1)
    await floor.dispatch()

    assert await floor.owner(talk) == agent.id


async def test_nothing_is_handed_to_whom_has_no_room(floor, desk):
    full, other = await floor.agent(capacity=1), await floor.agent(presence=Presence.BUSY)
    talk = await desk.conversation()
    await floor.dispatch()
    mine = await desk.conversation()
    await floor.act(routing.take, mine.id, agent_id=other.id)

    with pytest.raises(NotHere):
        await floor.act(
            routing.hand_over, mine.id, by_id=other.id, may_any=False, agent_id=full.id, message=""
        )

    assert [await floor.owner(each) for each in (talk, mine)] == [full.id, other.id]


async def test_what_is_offered_to_one_can_be_handed_to_another(floor, desk):
    await floor.plan(accept_seconds=20)
    one, other = await floor.agent(), await floor.agent()
    talk = await desk.conversation()
    await floor.dispatch()
    assert (await floor.row(Wait, talk.id)).offered_to == one.id

    await floor.act(
        routing.hand_over, talk.id, by_id=one.id, may_any=True, agent_id=other.id, message=""
    )
    await floor.dispatch()

    assert (await floor.row(Wait, talk.id)).offered_to == other.id
    assert (await floor.row(Seat, one.id)).load == 0
    endings = [each.ending for each in await floor.assignments(talk)]
    assert endings == [Ending.WITHDRAWN, None]


async def test_what_was_taken_without_ever_having_waited_goes_to_others_all_the_same(floor, desk):
    await floor.plan(answer_seconds=None)
    lost, other = await floor.agent(capacity=0), await floor.agent(capacity=0)
    talk = await desk.conversation()
    async with floor.rt.db.unit() as unit:
        await unit.session.execute(Wait.__table__.delete())
    await floor.act(routing.take, talk.id, agent_id=lost.id)
    async with floor.rt.db.unit() as unit:
        await routing.set_up(unit, other.id, capacity=4)

    await floor.pass_time(other, seconds=121)
    await floor.pass_time(other, seconds=181)

    assert await floor.owner(talk) == other.id


async def test_who_works_here_no_more_gets_nothing(floor, desk):
    await floor.plan(accept_seconds=20)
    agent = await floor.agent(capacity=2)
    talk = await desk.conversation()
    await floor.dispatch()
    async with floor.rt.db.unit() as unit:
        await unit.session.execute(update(Agent).values(active=False))

    await floor.act(routing.decline, talk.id, agent_id=agent.id, reason="")
    await desk.conversation()
    await floor.dispatch()

    assert (await floor.row(Seat, agent.id)).load == 0
