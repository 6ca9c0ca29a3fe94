"""Conversations on both databases: taken, closed, opened again, read, listed."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from wxdesk.desk import contacts, conversations, routing
from wxdesk.desk.conversations import (
    AlreadyTaken,
    Conversation,
    ConversationClosed,
    ConversationState,
    Direction,
    NotAssigned,
)
from wxdesk.errors import NotFound
from wxdesk.worker.intake import understand_kept

ANNA = "oFollowerAnna"
WAITING = ConversationState.WAITING


async def take(runtime, conversation, agent):
    async with runtime.db.unit() as unit:
        return await routing.take(unit, conversation.id, agent_id=agent.id, now=runtime.clock.now())


async def close(runtime, conversation, agent, *, may_close_any=False):
    async with runtime.db.unit() as unit:
        return await conversations.close(
            unit,
            conversation.id,
            agent_id=agent.id,
            may_close_any=may_close_any,
            now=runtime.clock.now(),
        )


async def now_of(runtime, conversation):
    async with runtime.db.reading() as unit:
        return await unit.session.get(Conversation, conversation.id)


async def thread(runtime, conversation):
    async with runtime.db.reading() as unit:
        return await conversations.list_messages(unit, conversation.id, before=None, limit=100)


async def happen(runtime, desk, *pushes):
    for xml in pushes:
        await desk.push(xml)
    while await understand_kept(runtime):
        pass


async def test_of_ten_who_take_at_once_exactly_one_owns_it(runtime, desk):
    agents = [await desk.agent() for _ in range(10)]
    waiting = await desk.conversation()

    outcomes = await asyncio.gather(
        *(take(runtime, waiting, agent) for agent in agents), return_exceptions=True
    )

    winners = [each for each in outcomes if isinstance(each, Conversation)]
    assert len(winners) == 1
    assert [type(each) for each in outcomes].count(AlreadyTaken) == 9
    assert (await now_of(runtime, waiting)).assignee_id == winners[0].assignee_id


async def test_taking_is_told_once_in_the_thread(runtime, desk):
    agent = await desk.agent()
    waiting = await desk.conversation()

    await asyncio.gather(*(take(runtime, waiting, agent) for _ in range(3)))

    lines = await thread(runtime, waiting)
    assert [(line.direction, line.kind) for line in lines] == [
        (Direction.IN, "text"),
        (Direction.SYSTEM, "taken"),
    ]
    assert lines[1].author_id == agent.id


async def test_only_its_owner_closes_a_conversation(runtime, desk):
    owner, other = await desk.agent(), await desk.agent()
    mine = await desk.conversation(assignee=owner)

    with pytest.raises(NotAssigned):
        await close(runtime, mine, other)

    assert (await now_of(runtime, mine)).state is ConversationState.ACTIVE


async def test_a_supervisor_closes_any_conversation_but_only_once(runtime, desk):
    supervisor = await desk.agent()
    waiting = await desk.conversation()

    await close(runtime, waiting, supervisor, may_close_any=True)

    assert (await now_of(runtime, waiting)).state is ConversationState.CLOSED
    with pytest.raises(ConversationClosed):
        await close(runtime, waiting, supervisor, may_close_any=True)


async def test_what_comes_in_goes_on_with_the_open_conversation(runtime, desk):
    first = await desk.conversation(openid=ANNA, text="在吗")

    second = await desk.conversation(openid=ANNA, text="有货吗")

    assert second.id == first.id
    assert [line.text for line in await thread(runtime, first)] == ["在吗", "有货吗"]


async def test_what_comes_in_after_closing_opens_another_that_knows_the_one_before(runtime, desk):
    agent = await desk.agent()
    first = await desk.conversation(openid=ANNA, assignee=agent)
    await close(runtime, first, agent)

    second = await desk.conversation(openid=ANNA, text="还有一个问题")

    assert second.previous_id == first.id
    assert (second.state, second.assignee_id) == (WAITING, None)
    assert [line.text for line in await thread(runtime, second)] == ["还有一个问题"]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_push_and_the_closing_at_once_leave_the_push_in_one_conversation(runtime, desk):
    agent = await desk.agent()
    for number in range(20):
        first = await desk.conversation(openid=f"oFollower{number}", assignee=agent)
        kept = await desk.push(desk.text_xml(f"oFollower{number}", "还在吗"))

        await asyncio.gather(close(runtime, first, agent), understand_kept(runtime))

        async with runtime.db.unit() as unit:
            where = await desk._of_push(unit, kept.id)
        assert first.id in (where.id, where.previous_id)


async def test_following_before_the_first_words_is_shown_in_the_conversation_they_open(
    runtime, desk, clock
):
    await happen(runtime, desk, desk.event_xml(ANNA, "subscribe"))
    clock.forward(minutes=1)

    talk = await desk.conversation(openid=ANNA, text="你好")

    assert [line.kind for line in await thread(runtime, talk)] == ["subscribe", "text"]
    assert talk.last_text == "你好"


async def test_following_opens_no_conversation(runtime, desk):
    await happen(runtime, desk, desk.event_xml(ANNA, "subscribe"))

    async with runtime.db.reading() as unit:
        assert await unit.session.scalar(select(func.count()).select_from(Conversation)) == 0


async def test_following_is_not_unread(runtime, desk, clock):
    talk = await desk.conversation(openid=ANNA)
    clock.forward(seconds=5)

    await happen(runtime, desk, desk.event_xml(ANNA, "subscribe"))

    assert (await now_of(runtime, talk)).unread == 1


async def test_leaving_and_coming_back_show_on_the_contact(runtime, desk, clock):
    talk = await desk.conversation(openid=ANNA)

    async def following():
        async with runtime.db.reading() as unit:
            return (await contacts.by_ids(unit, [talk.contact_id]))[talk.contact_id].following

    clock.forward(seconds=5)
    await happen(runtime, desk, desk.event_xml(ANNA, "unsubscribe"))
    assert await following() is False
    clock.forward(seconds=5)
    await happen(runtime, desk, desk.event_xml(ANNA, "subscribe"))
    assert await following() is True
    assert [line.kind for line in await thread(runtime, talk)] == [
        "text",
        "unsubscribe",
        "abandoned",
    ]


async def test_an_old_event_that_comes_late_does_not_undo_a_newer_one(runtime, desk, clock):
    old = desk.event_xml(ANNA, "unsubscribe")
    clock.forward(minutes=1)
    talk = await desk.conversation(openid=ANNA, text="我又关注了")

    await happen(runtime, desk, old)

    async with runtime.db.reading() as unit:
        assert (await contacts.by_ids(unit, [talk.contact_id]))[talk.contact_id].following


async def test_what_the_follower_wrote_is_unread_until_the_owner_has_read_the_newest(runtime, desk):
    agent = await desk.agent()
    talk = await desk.conversation(openid=ANNA, assignee=agent)
    talk = await desk.conversation(openid=ANNA, text="在吗")
    assert talk.unread == 2

    async def read(by, up_to):
        async with runtime.db.unit() as unit:
            await conversations.mark_read(unit, talk.id, agent_id=by.id, up_to=up_to)
        return (await now_of(runtime, talk)).unread

    assert await read(await desk.agent(), talk.last_message_id) == 2
    assert await read(agent, talk.last_message_id - 1) == 2
    assert await read(agent, talk.last_message_id) == 0


async def test_a_contact_is_called_what_the_agents_call_it(runtime, desk, clock):
    talk = await desk.conversation(openid=ANNA)

    async with runtime.db.unit() as unit:
        await contacts.set_remark(unit, talk.contact_id, "  王姐，老客户 ", now=clock.now())
        told = list(unit.told)

    async with runtime.db.reading() as unit:
        found = await contacts.by_ids(unit, [talk.contact_id])
    assert found[talk.contact_id].remark == "王姐，老客户"
    assert told == [("contact", talk.contact_id)]


async def test_nobody_unknown_has_a_remark(runtime, clock):
    async with runtime.db.unit() as unit:
        with pytest.raises(NotFound):
            await contacts.set_remark(unit, 404, "谁", now=clock.now())


async def test_remarks_and_openids_are_found_as_they_are_written(runtime, desk, clock):
    talks = {}
    for openid, remark in [("oAbC_1", "100% 棉"), ("oabc21", "Anna"), ("oXyZ", "1000 棉")]:
        talks[openid] = await desk.conversation(openid=openid)
        async with runtime.db.unit() as unit:
            await contacts.set_remark(unit, talks[openid].contact_id, remark, now=clock.now())

    async def found(words):
        async with runtime.db.reading() as unit:
            page = await conversations.list_conversations(
                unit, state=None, assignee_id=None, words=words, after=None, limit=10
            )
        return {each.id for each in page}

    assert await found("100%") == {talks["oAbC_1"].id}  # no wildcard
    assert await found("C_1") == {talks["oAbC_1"].id}
    assert await found("anna") == {talks["oabc21"].id}  # a remark in any case


async def pages(runtime, *, state, limit, between):
    """Walk the list to its end; something happens between any two pages."""
    seen, after = [], None
    while True:
        async with runtime.db.reading() as unit:
            page = await conversations.list_conversations(
                unit, state=state, assignee_id=None, words="", after=after, limit=limit
            )
        seen += [each.id for each in page]
        if len(page) < limit:
            return seen
        last = page[-1]
        after = (last.waiting_since if state is WAITING else last.last_at), last.id
        await between()


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    limit=st.integers(1, 5),
    moved=st.lists(st.integers(0, 6), max_size=5),
    state=st.sampled_from([WAITING, None]),
)
async def test_paging_shows_what_stays_in_place_once_and_nothing_twice(
    runtime, desk, clock, limit, moved, state
):
    talks = [(await desk.conversation(openid=f"oFollower{number}")).id for number in range(7)]
    moves = iter(moved)

    async def somebody_writes():
        clock.forward(seconds=1)
        if (number := next(moves, None)) is not None:
            await desk.conversation(openid=f"oFollower{number}", text="还在吗")

    seen = await pages(runtime, state=state, limit=limit, between=somebody_writes)

    assert len(seen) == len(set(seen))
    moving = set() if state is WAITING else {talks[number] for number in moved}
    assert set(talks) - moving <= set(seen)
