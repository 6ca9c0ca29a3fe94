"""The dispatcher on rows of both databases: who is given what, offered what, and gets it back."""

import asyncio
import contextlib
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from desk.routing_desk import Floor
from wxdesk.desk import conversations, events, groups, levels, routing
from wxdesk.desk.contacts import LevelSource
from wxdesk.desk.conversations import AlreadyTaken, Conversation, ConversationState
from wxdesk.desk.routing import (
    Assignment,
    Ending,
    NothingWaits,
    Presence,
    Route,
    Rule,
    Seat,
    Wait,
)
from wxdesk.worker.intake import understand_kept

WAITING, ACTIVE = ConversationState.WAITING, ConversationState.ACTIVE


@pytest.fixture
def floor(runtime, desk):
    return Floor(runtime, desk)


async def test_who_writes_is_given_to_an_agent_who_is_here(floor, desk):
    agent = await floor.agent()
    await floor.dispatch()
    talk = await desk.conversation()
    assert await floor.owner(talk) is None

    await floor.dispatch()

    assert await floor.owner(talk) == agent.id
    assert (await floor.row(Seat, agent.id)).load == 1
    assert await floor.row(Wait, talk.id) is None
    (assignment,) = await floor.assignments(talk)
    assert (assignment.rule, assignment.ended_at) == (Rule.FREE, None)
    assert assignment.decision["room"]["agent"] == agent.id
    assert assignment.decision["turn"]["band"] == "C"


async def test_nobody_is_given_to_whom_nothing_may_be_given(floor, desk):
    await floor.agent(presence=Presence.BUSY)
    await floor.agent(presence=Presence.AWAY)
    await floor.agent(presence=Presence.OFFLINE)
    await desk.agent()
    talk = await desk.conversation()

    await floor.dispatch()

    assert await floor.owner(talk) is None
    assert (await floor.row(Wait, talk.id)).looked


async def test_never_more_than_the_limit_and_the_first_to_come_is_the_next(floor, desk):
    agent = await floor.agent(capacity=1)
    first = await desk.conversation()
    await floor.dispatch()
    second = await desk.conversation()
    floor.rt.clock.forward(seconds=1)
    third = await desk.conversation()
    await floor.dispatch()
    assert await floor.owner(second) is None

    await floor.act(routing.close, first.id, agent_id=agent.id, may_close_any=False)
    await floor.dispatch()

    assert await floor.owner(second) == agent.id
    assert await floor.owner(third) is None
    (assignment,) = await floor.assignments(second)
    assert assignment.rule is Rule.ORDER
    assert assignment.decision["next_turn"]["conversation"] == third.id


async def test_the_least_loaded_is_chosen_then_who_has_waited_longest(floor, desk):
    small, large = await floor.agent(capacity=2), await floor.agent(capacity=4)
    await floor.dispatch()
    owners = []
    for _ in range(6):
        talk = await desk.conversation()
        await floor.dispatch()
        owners.append(await floor.owner(talk))
        floor.rt.clock.forward(seconds=1)
    assert owners == [large.id, small.id, large.id, large.id, small.id, large.id]


async def test_a_better_level_goes_first_and_has_a_place_beyond_the_limit(floor, desk, runtime):
    agent = await floor.agent(capacity=1)
    await desk.conversation()
    await floor.dispatch()
    plain = await desk.conversation()
    async with runtime.db.unit() as unit:
        await unit.session.execute(
            Wait.__table__.update()
            .where(Wait.conversation_id == plain.id)
            .values(extra_slots=1, looked=False)
        )

    await floor.dispatch()

    assert await floor.owner(plain) == agent.id
    assert (await floor.row(Seat, agent.id)).load == 2


# Offers


async def test_an_offer_is_accepted(floor, desk):
    await floor.plan(accept_seconds=20)
    agent = await floor.agent()
    talk = await desk.conversation()
    await floor.dispatch()
    assert (await floor.row(Wait, talk.id)).offered_to == agent.id
    assert await floor.owner(talk) is None
    assert (await floor.row(Seat, agent.id)).load == 1

    await floor.act(routing.accept, talk.id, agent_id=agent.id)

    assert await floor.owner(talk) == agent.id
    assert (await floor.row(Seat, agent.id)).load == 1
    assert await floor.row(Wait, talk.id) is None


async def test_an_offer_nobody_takes_goes_to_another_and_pauses_who_missed_it(floor, desk):
    await floor.plan(accept_seconds=20)
    one, other = await floor.agent(), await floor.agent()
    talk = await desk.conversation()
    await floor.dispatch()
    since = (await floor.row(Wait, talk.id)).since

    await floor.pass_time(one, other, seconds=21)

    wait = await floor.row(Wait, talk.id)
    assert (wait.offered_to, wait.since) == (other.id, since)
    missed = await floor.row(Seat, one.id)
    assert missed.paused_since is not None
    assert (missed.load, missed.missed) == (0, 1)
    first, second = await floor.assignments(talk)
    assert (first.ending, second.ending) == (Ending.TIMED_OUT, None)


async def test_who_says_that_they_are_here_is_not_paused_any_more(floor, desk):
    await floor.plan(accept_seconds=20)
    agent = await floor.agent()
    talk = await desk.conversation()
    await floor.dispatch()
    await floor.pass_time(agent, seconds=21)
    assert (await floor.row(Wait, talk.id)).offered_to is None

    await floor.presence(agent, Presence.ONLINE)
    await floor.dispatch()

    assert (await floor.row(Wait, talk.id)).offered_to == agent.id


async def test_who_says_again_that_they_are_here_is_seen_and_nobody_is_told(floor, runtime, clock):
    agent = await floor.agent()
    told = await numbers_of_events(runtime)

    clock.forward(seconds=40)
    await floor.presence(agent, Presence.ONLINE)

    assert await numbers_of_events(runtime) == told
    assert (await floor.row(Seat, agent.id)).seen_at == clock.now()


async def numbers_of_events(runtime):
    async with runtime.db.reading() as unit:
        return await events.bounds(unit)


async def test_nobody_is_passed_over_for_a_silence_that_only_a_round_has_seen(floor, desk):
    agent = await floor.agent()
    talk = await desk.conversation()
    came_back_at = floor.now + timedelta(seconds=29)
    await floor.pass_time(seconds=31)
    assert await floor.owner(talk) is None

    async with floor.rt.db.unit() as unit:  # a request that came before, and was held up
        await routing.record_seen(unit, [agent.id], came_back_at)
    await floor.dispatch()

    assert await floor.owner(talk) == agent.id


async def test_who_declines_is_left_out_but_not_paused(floor, desk):
    await floor.plan(accept_seconds=20)
    one, other = await floor.agent(), await floor.agent()
    talk = await desk.conversation()
    await floor.dispatch()

    await floor.act(routing.decline, talk.id, agent_id=one.id, reason="在开会")
    await floor.dispatch()

    assert (await floor.row(Wait, talk.id)).offered_to == other.id
    assert (await floor.row(Seat, one.id)).paused_since is None


async def test_an_offer_to_somebody_who_goes_away_goes_to_others(floor, desk):
    await floor.plan(accept_seconds=20)
    one, other = await floor.agent(), await floor.agent()
    talk = await desk.conversation()
    await floor.dispatch()

    await floor.presence(one, Presence.AWAY)
    await floor.dispatch()

    assert (await floor.row(Wait, talk.id)).offered_to == other.id
    assert (await floor.row(Seat, one.id)).paused_since is None


# By hand


async def test_taking_by_hand_ends_the_wait_and_counts(floor, desk):
    agent = await desk.agent()
    talk = await desk.conversation()

    await floor.act(routing.take, talk.id, agent_id=agent.id)

    assert await floor.row(Wait, talk.id) is None
    assert (await floor.row(Seat, agent.id)).load == 1
    (assignment,) = await floor.assignments(talk)
    assert assignment.rule is Rule.TAKEN


async def test_the_next_is_whom_the_desk_would_give(floor, desk):
    agent = await desk.agent()
    first = await desk.conversation()
    floor.rt.clock.forward(seconds=1)
    await desk.conversation()

    taken = await floor.act(routing.take_next, agent_id=agent.id)

    assert taken.id == first.id


async def test_where_nobody_waits_nobody_is_next(floor, desk):
    agent = await desk.agent()
    with pytest.raises(NothingWaits):
        await floor.act(routing.take_next, agent_id=agent.id)


async def test_what_is_offered_to_another_is_taken(floor, desk):
    await floor.plan(accept_seconds=20)
    await floor.agent()
    talk = await desk.conversation()
    await floor.dispatch()
    with pytest.raises(AlreadyTaken):
        await floor.act(routing.take, talk.id, agent_id=(await desk.agent()).id)


async def test_handed_over_it_is_offered_and_comes_back_unless_accepted(floor, desk):
    one, other = await floor.agent(), await floor.agent(presence=Presence.BUSY)
    talk = await desk.conversation()
    await floor.dispatch()
    assert await floor.owner(talk) == one.id
    await floor.presence(other, Presence.ONLINE)

    await floor.act(
        routing.hand_over, talk.id, by_id=one.id, may_any=False, agent_id=other.id, message="懂这个"
    )
    await floor.dispatch()
    assert (await floor.row(Wait, talk.id)).offered_to == other.id
    await floor.pass_time(one, seconds=61)

    assert await floor.owner(talk) == one.id
    assert (await floor.row(Seat, one.id)).load == 1
    assert (await floor.row(Seat, other.id)).load == 0


async def test_handed_over_and_accepted_it_is_theirs(floor, desk):
    one, other = await floor.agent(), await floor.agent(presence=Presence.BUSY)
    talk = await desk.conversation()
    await floor.dispatch()
    await floor.presence(other, Presence.ONLINE)
    await floor.act(
        routing.hand_over, talk.id, by_id=one.id, may_any=False, agent_id=other.id, message=""
    )
    await floor.dispatch()

    await floor.act(routing.accept, talk.id, agent_id=other.id)

    assert await floor.owner(talk) == other.id
    assert [each.ending for each in await floor.assignments(talk)] == [Ending.HANDED_OVER, None]


# Silence and absence


async def test_a_conversation_whose_customer_owes_the_answer_takes_no_room(floor, desk):
    agent = await floor.agent(capacity=1)
    talk = await desk.conversation()
    await floor.dispatch()
    await desk.reply(talk, agent)
    waiting = await desk.conversation()

    await floor.pass_time(agent, seconds=301)

    assert (await floor.row(Conversation, talk.id)).rests_since is not None
    assert await floor.owner(talk) == agent.id
    assert await floor.owner(waiting) == agent.id

    await desk.write(talk, "还有个问题")
    await floor.dispatch()

    assert (await floor.row(Conversation, talk.id)).rests_since is None
    assert (await floor.row(Seat, agent.id)).load == 2


async def test_what_a_lost_agent_has_not_answered_goes_to_others_after_a_grace(floor, desk):
    lost, other = await floor.agent(), await floor.agent(presence=Presence.BUSY)
    answered, unanswered = await desk.conversation(), await desk.conversation()
    await floor.dispatch()
    await desk.reply(answered, lost)
    since = floor.now
    await floor.presence(other, Presence.ONLINE)

    await floor.pass_time(other, seconds=121)
    assert (await floor.row(Seat, lost.id)).presence is Presence.OFFLINE
    assert await floor.owner(unanswered) == lost.id
    await floor.pass_time(other, seconds=181)

    assert await floor.owner(unanswered) == other.id
    assert await floor.owner(answered) == lost.id
    assert (await floor.row(Conversation, answered.id)).rests_since is not None
    assert (await floor.row(Seat, lost.id)).load == 0
    first, second = await floor.assignments(unanswered)
    assert (first.ending, second.waited_since) == (Ending.LOST, since)


async def test_who_never_said_that_they_are_here_keeps_what_they_took(floor, desk):
    agent = await desk.agent()
    talk = await desk.conversation(assignee=agent)
    await desk.reply(talk, agent)
    await floor.pass_time(seconds=3600)

    await desk.write(talk, "在吗")
    await floor.dispatch()

    assert await floor.owner(talk) == agent.id


async def test_who_does_not_answer_in_time_loses_it_to_another_once(floor, desk):
    slow, other = await floor.agent(), await floor.agent(presence=Presence.BUSY)
    talk = await desk.conversation()
    await floor.dispatch()
    await floor.presence(other, Presence.ONLINE)

    await floor.pass_time(slow, other, seconds=100)
    assert await floor.owner(talk) == slow.id
    await floor.pass_time(slow, other, seconds=60)

    assert await floor.owner(talk) == other.id


async def test_the_agent_a_customer_knows_is_waited_for(floor, desk):
    known = await floor.agent(capacity=1)
    before = await desk.conversation(openid="oFollowerAnna")
    await floor.dispatch()
    await floor.act(routing.close, before.id, agent_id=known.id, may_close_any=False)
    await desk.conversation()
    await floor.dispatch()
    other = await floor.agent()

    talk = await desk.conversation(openid="oFollowerAnna")
    await floor.dispatch()
    assert (await floor.row(Wait, talk.id)).held_until is not None
    await floor.pass_time(known, other, seconds=61)

    assert await floor.owner(talk) == other.id


async def test_whom_their_agent_does_not_take_comes_after_those_in_line(floor, desk):
    known = await floor.agent()
    before = await desk.conversation(openid="oFollowerAnna")
    await floor.dispatch()
    await floor.act(routing.close, before.id, agent_id=known.id, may_close_any=False)
    await floor.presence(known, Presence.OFFLINE)
    first = await desk.conversation()
    await floor.dispatch()

    other = await floor.agent(capacity=1)  # in the same round as who comes last
    talk = await desk.conversation(openid="oFollowerAnna")
    await floor.dispatch()

    assert await floor.owner(first) == other.id
    assert await floor.owner(talk) is None


# Many at once


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_many_dispatchers_never_give_twice_or_too_much(floor, desk, runtime):
    agents = [await floor.agent(capacity=3) for _ in range(5)]
    talks = [await desk.conversation() for _ in range(40)]

    async def dispatch():
        for _ in range(30):
            async with runtime.db.unit() as unit:
                await routing.run(unit, now=floor.now)

    async def close():
        for _ in range(60):
            async with runtime.db.reading() as unit:
                query = select(Conversation).where(Conversation.state == ACTIVE).limit(1)
                talk = await unit.session.scalar(query.order_by(func.random()))
            if talk:
                with contextlib.suppress(conversations.ConversationClosed):
                    await floor.act(
                        routing.close, talk.id, agent_id=talk.assignee_id, may_close_any=True
                    )
            await asyncio.sleep(0)

    await asyncio.gather(*(dispatch() for _ in range(4)), *(close() for _ in range(3)))
    await floor.dispatch()

    async with runtime.db.reading() as unit:
        rows = list(await unit.session.scalars(select(Assignment)))
        seats = {each.agent_id: each for each in await routing.list_seats(unit)}
    assert sorted(each.conversation_id for each in rows) == sorted(
        {each.conversation_id for each in rows}
    )
    for agent in agents:
        mine = [each for each in rows if each.agent_id == agent.id and each.ended_at is None]
        assert len(mine) == seats[agent.id].load <= 3
    assert len(rows) >= min(len(talks), 15)


async def test_a_wait_that_begins_keeps_its_place_by_when_it_began(floor, desk):
    talk = await desk.conversation()
    wait = await floor.row(Wait, talk.id)
    assert wait.due_at == wait.since + timedelta(seconds=300)
    assert wait.warn_at == wait.since + timedelta(seconds=150)
    assert (await floor.row(Conversation, talk.id)).state is WAITING


# Groups, rules


def over(helping, seconds):
    """A group whose conversations go over to another."""
    return {"name": "售后", "overflow_group_id": helping.id, "overflow_seconds": seconds}


async def test_a_rule_sends_a_conversation_to_a_group_and_its_helpers_come_later(floor, desk):
    inside, outside = await floor.agent(presence=Presence.BUSY), await floor.agent()
    async with floor.rt.db.unit() as unit:
        helping = await groups.add(unit, {"name": "售前"})
        await groups.set_members(unit, helping.id, [outside.id])
        after_sales = await groups.add(unit, over(helping, 60))
        await groups.set_members(unit, after_sales.id, [inside.id])
    route = Route(name="退款", words=("退款",), group_id=after_sales.id)
    await floor.plan(routes=(route,))
    talk = await desk.conversation(text="我要退款")
    await floor.dispatch()
    assert (await floor.row(Conversation, talk.id)).group_id == after_sales.id
    assert await floor.owner(talk) is None

    await floor.pass_time(inside, outside, seconds=61)

    assert await floor.owner(talk) == outside.id


async def test_where_a_group_is_full_its_helper_gets_the_next(floor, desk):
    async with floor.rt.db.unit() as unit:
        helping = await groups.add(unit, {"name": "售前"})
        small = await groups.add(
            unit,
            {
                "name": "售后",
                "overflow_group_id": helping.id,
                "overflow_seconds": 600,
                "queue_cap": 1,
            },
        )
    await floor.plan(routes=(Route(name="all", group_id=small.id),))

    first, second = await desk.conversation(), await desk.conversation()

    homes = [(await floor.row(Wait, each.id)).group_id for each in (first, second)]
    assert homes == [small.id, helping.id]


async def test_a_better_level_is_promised_from_when_the_wait_began(floor, desk):
    talk = await desk.conversation()
    await floor.dispatch()
    before = await floor.row(Wait, talk.id)
    floor.rt.clock.forward(seconds=30)
    async with floor.rt.db.unit() as unit:
        best = (await levels.list_levels(unit))[0]
        await levels.grant(unit, talk.contact_id, best.id, source=LevelSource.HAND, now=floor.now)

    assert await floor.act(routing.relevel) == 1
    assert await floor.act(routing.relevel) == 0

    after = await floor.row(Wait, talk.id)
    assert (after.since, after.rank) == (before.since, 1)
    assert after.due_at == before.since + timedelta(seconds=60)
    assert (await floor.row(Conversation, talk.id)).due_at == after.due_at


async def test_who_waited_before_there_were_lines_is_put_in_one(floor, desk, runtime):
    talk = await desk.conversation()
    since = (await floor.row(Wait, talk.id)).since
    async with runtime.db.unit() as unit:
        await unit.session.execute(Wait.__table__.delete())

    assert await floor.act(routing.adopt) == 1

    assert (await floor.row(Wait, talk.id)).since == since


async def test_a_supervisor_moves_somebody_up(floor, desk):
    agent = await floor.agent(capacity=1)
    blocking = await desk.conversation()
    await floor.dispatch()
    await desk.conversation()
    floor.rt.clock.forward(seconds=1)
    last = await desk.conversation()
    await floor.act(routing.move_up, last.id, by_id=agent.id, reason="投诉过")

    await floor.act(routing.close, blocking.id, agent_id=agent.id, may_close_any=False)
    await floor.dispatch()
    assert await floor.owner(last) == agent.id


async def test_who_leaves_the_account_while_they_wait_has_given_up(floor, desk):
    talk = await desk.conversation(openid="oFollowerAnna")
    floor.rt.clock.forward(seconds=40)
    await desk.push(desk.event_xml("oFollowerAnna", "unsubscribe"))
    while await understand_kept(floor.rt):
        pass

    assert (await floor.row(Conversation, talk.id)).state is ConversationState.CLOSED
    assert await floor.row(Wait, talk.id) is None
    async with floor.rt.db.reading() as unit:
        (note,) = await routing.list_notes(unit, limit=10)
    assert (note.kind, note.facts["waited_seconds"]) == ("abandoned", 40)


async def test_several_who_leave_at_once_wait_for_a_round_and_no_round_waits_for_them(
    floor, desk, until_somebody_waits
):
    if floor.rt.db.is_sqlite:
        return  # one writer: nobody holds anything meanwhile
    await floor.plan(accept_seconds=60)
    asked = {}
    for openid in ("oFollowerAnna", "oFollowerBo"):
        agent = await floor.agent(capacity=1)
        talk = await desk.conversation(openid=openid)
        await floor.dispatch()
        assert (await floor.row(Wait, talk.id)).offered_to == agent.id
        asked[talk.id] = agent.id
    for openid in ("oFollowerAnna", "oFollowerBo"):
        await desk.push(desk.event_xml(openid, "unsubscribe"))
    first, second = asked.values()

    async with floor.rt.db.unit() as unit:  # a round, which may take seats in any order
        await routing.lock_desk(unit)
        await routing.get_seat(unit, second)
        leaving = asyncio.create_task(understand_kept(floor.rt))
        await until_somebody_waits()
        await routing.get_seat(unit, first)
    await leaving

    for talk_id, agent_id in asked.items():
        assert (await floor.row(Conversation, talk_id)).state is ConversationState.CLOSED
        assert (await floor.row(Seat, agent_id)).load == 0


async def closed_by(floor, desk, agent):
    """A conversation that its agent has answered and ended."""
    talk = await desk.conversation()
    await floor.dispatch()
    await floor.act(routing.close, talk.id, agent_id=agent.id, may_close_any=False)
    return talk


async def test_while_a_conversation_is_wrapped_up_its_place_is_not_free(floor, desk):
    await floor.plan(wrap_up_seconds=30)
    agent = await floor.agent(capacity=1)
    done = await closed_by(floor, desk, agent)
    following = await desk.conversation()
    await floor.dispatch()
    assert await floor.owner(following) is None
    assert (await floor.row(Seat, agent.id)).load == 1

    await floor.pass_time(agent, seconds=29)
    assert await floor.owner(following) is None
    await floor.pass_time(agent, seconds=1)

    assert await floor.owner(following) == agent.id
    (assignment,) = await floor.assignments(done)
    assert (assignment.ending, assignment.wrap_until) == (Ending.CLOSED, None)


async def test_who_says_that_they_are_done_gets_the_next_at_once(floor, desk):
    await floor.plan(wrap_up_seconds=30)
    agent = await floor.agent(capacity=1)
    await closed_by(floor, desk, agent)
    following = await desk.conversation()
    async with floor.rt.db.reading() as unit:
        until = (await routing.wrapping(unit, [agent.id]))[agent.id]
    assert until == floor.now + timedelta(seconds=30)

    await floor.act(routing.finish_wrap_up, agent.id)
    await floor.dispatch()

    assert await floor.owner(following) == agent.id
    async with floor.rt.db.reading() as unit:
        assert await routing.wrapping(unit, [agent.id]) == {}


async def test_who_leaves_wraps_nothing_up(floor, desk):
    await floor.plan(wrap_up_seconds=30)
    agent = await floor.agent(capacity=1)
    talk = await desk.conversation()
    await floor.dispatch()
    await floor.presence(agent, Presence.OFFLINE)

    await floor.act(routing.close, talk.id, agent_id=agent.id, may_close_any=False)
    await floor.dispatch()

    (assignment,) = await floor.assignments(talk)
    assert (assignment.ending, assignment.wrap_until) == (Ending.CLOSED, None)
    assert (await floor.row(Seat, agent.id)).load == 0


async def test_who_leaves_while_they_wrap_something_up_leaves_nothing_behind(floor, desk):
    await floor.plan(wrap_up_seconds=30)
    agent = await floor.agent(capacity=1)
    await closed_by(floor, desk, agent)

    await floor.presence(agent, Presence.OFFLINE)
    await floor.pass_time(seconds=600)

    assert (await floor.row(Seat, agent.id)).load == 0


async def test_a_group_promises_a_level_what_it_says_itself(floor, desk, runtime):
    async with runtime.db.unit() as unit:
        usual = next(each for each in await levels.list_levels(unit) if each.is_default)
        own = {"first_seconds": 90, "next_seconds": 45, "resolution_seconds": None}
        group = await groups.add(unit, {"name": "急", "targets": {str(usual.id): own}})
    await floor.plan(routes=(Route(name="急", words=("急",), group_id=group.id),))

    talk = await desk.conversation(text="很急")

    wait = await floor.row(Wait, talk.id)
    assert wait.group_id == group.id
    assert wait.due_at == wait.since + timedelta(seconds=90)
