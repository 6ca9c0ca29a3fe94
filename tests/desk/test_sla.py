"""Clocks on both databases, through what agents and customers really do."""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, update

from delivering import deliver
from wxdesk.desk import accounts, answers, calendars, conversations, groups, levels, replies, sla
from wxdesk.desk.calendars import Calendar, Span
from wxdesk.desk.conversations import Conversation, Message
from wxdesk.desk.replies import Manner
from wxdesk.desk.sla import Clock, ClockState, Kind
from wxdesk.worker.clocks import recompute_outdated
from wxdesk.worker.intake import understand_kept

HELD = Manner(hold=timedelta(seconds=3))
PARK = Manner(park=True)
OFFICE = Calendar("UTC", ((Span(9 * 60, 18 * 60),),) * 7)
MORNINGS = Calendar("UTC", ((Span(9 * 60, 12 * 60 + 3),),) * 7)


@pytest.fixture
async def agent(desk):
    await desk.account(policy="2023")
    return await desk.agent()


@pytest.fixture
async def talk(desk, agent):
    return await desk.conversation(openid="oFollowerAnna", assignee=agent)


async def clocks(runtime, talk, kind=None):
    async with runtime.db.reading() as unit:
        found = await sla.list_clocks(unit, talk.id, limit=100)
        return [each for each in found if kind in (None, each.kind)]


async def first(runtime, talk):
    (clock,) = await clocks(runtime, talk, Kind.FIRST)
    return clock


async def due(runtime, talk):
    """What lists are sorted by, which is what the running clock says."""
    async with runtime.db.reading() as unit:
        kept = await unit.session.get(Conversation, talk.id)
        runs = (await sla.running(unit, {talk.id})).get(talk.id)
        assert kept.due_at == (runs.due_at if runs else None)
        return kept.due_at


async def close(runtime, talk, agent):
    async with runtime.db.unit() as unit:
        await answers.close(
            unit, talk.id, agent_id=agent.id, may_close_any=True, now=runtime.clock.now()
        )


async def test_a_new_conversation_is_promised_an_answer(runtime, talk, clock):
    found = await first(runtime, talk)

    assert found.due_at == clock.now() + timedelta(seconds=300)
    assert found.warn_at == clock.now() + timedelta(seconds=225)
    assert await due(runtime, talk) == found.due_at
    assert [each.kind for each in await clocks(runtime, talk)] == [Kind.FIRST, Kind.RESOLUTION]


async def test_a_person_keeps_the_promise(runtime, desk, talk, agent, clock):
    clock.forward(seconds=60)
    reply = await desk.reply(talk, agent)

    found = await first(runtime, talk)
    assert (found.state, found.stopped_at) == (ClockState.KEPT, clock.now())
    assert (found.reply_id, found.agent_id) == (reply.id, agent.id)
    assert await due(runtime, talk) is None


async def test_the_desk_itself_does_not(runtime, desk, agent, clock):
    await desk.rule(answers.Cause.KEYWORD, "稍等", words=("在吗",))
    talk = await desk.conversation(text="在吗")
    await deliver(runtime)

    assert await due(runtime, talk) == clock.now() + timedelta(seconds=300)


async def test_more_messages_do_not_restart_a_clock(runtime, desk, talk, clock):
    promised = await due(runtime, talk)
    clock.forward(seconds=100)
    await desk.write(talk, "在吗")

    assert await due(runtime, talk) == promised
    assert len(await clocks(runtime, talk)) == 2


async def test_a_later_message_has_the_next_clock(runtime, desk, talk, agent, clock):
    await desk.reply(talk, agent)
    clock.forward(seconds=100)
    await desk.write(talk, "谢谢")
    asked_at = clock.now()
    clock.forward(seconds=10)
    await desk.write(talk, "还有")

    (found,) = await clocks(runtime, talk, Kind.NEXT)
    assert found.started_at == asked_at
    assert await due(runtime, talk) == asked_at + timedelta(seconds=600)


async def test_a_reply_that_wechat_refuses_stopped_nothing(
    runtime, desk, talk, agent, wechat, clock
):
    promised = await due(runtime, talk)
    wechat.errcodes = [48002]
    await desk.reply(talk, agent)
    assert await due(runtime, talk) is None
    clock.forward(seconds=10)
    await deliver(runtime)

    assert await due(runtime, talk) == promised

    clock.forward(seconds=400)
    async with runtime.db.unit() as unit:
        sent = await unit.session.scalar(select(Message).where(Message.state.is_not(None)))
        await replies.resend(unit, message_id=sent.id, agent_id=agent.id, now=clock.now())
    found = await first(runtime, talk)
    assert (found.state, found.breached_at, found.stopped_at) == (
        ClockState.LATE,
        promised,
        clock.now(),
    )


async def test_a_reply_that_is_taken_back_stopped_nothing(runtime, desk, talk, agent, clock):
    promised = await due(runtime, talk)
    held = await desk.reply(talk, agent, manner=HELD)
    assert await due(runtime, talk) is None

    async with runtime.db.unit() as unit:
        await replies.take_back(unit, message_id=held.id, agent_id=agent.id, now=clock.now())

    assert await due(runtime, talk) == promised


async def test_a_reply_that_is_parked_stops_the_clock_when_it_leaves(
    runtime, desk, talk, agent, clock
):
    promised = await due(runtime, talk)
    parked = await desk.reply(talk, agent, manner=PARK)
    assert await due(runtime, talk) == promised

    clock.forward(seconds=50)
    async with runtime.db.unit() as unit:
        await replies.release(unit, message_id=parked.id, agent_id=agent.id, now=clock.now())

    found = await first(runtime, talk)
    assert (found.reply_id, found.stopped_at) == (parked.id, clock.now())


async def test_what_wechat_takes_no_more_brings_all_of_it_back(
    runtime, desk, talk, agent, wechat, clock
):
    promised = await due(runtime, talk)
    wechat.errcodes = [45047]
    await desk.reply(talk, agent, "第一句")
    clock.forward(seconds=5)
    await desk.write(talk, "快点")
    await desk.reply(talk, agent, "第二句")
    await deliver(runtime)

    assert await due(runtime, talk) == promised
    assert await clocks(runtime, talk, Kind.NEXT) == []


async def test_parked_answers_that_the_intake_sends_stop_the_clock(
    runtime, desk, talk, agent, clock
):
    await desk.reply(talk, agent, "回头见", manner=PARK)
    clock.forward(seconds=20)
    async with runtime.db.unit() as unit:
        account = await desk.account()
        await unit.session.execute(
            update(type(account)).where(type(account).id == account.id).values(send_parked=True)
        )
    await desk.write(talk, "在吗")

    found = await first(runtime, talk)
    assert found.stopped_at == clock.now()
    assert await due(runtime, talk) is None


async def test_closing_ends_all_clocks(runtime, talk, agent, clock):
    clock.forward(seconds=400)
    await close(runtime, talk, agent)

    found = await first(runtime, talk)
    assert (found.state, found.breached_at) == (ClockState.UNANSWERED, found.due_at)
    (resolution,) = await clocks(runtime, talk, Kind.RESOLUTION)
    assert (resolution.state, resolution.stopped_at) == (ClockState.KEPT, clock.now())
    assert await due(runtime, talk) is None


@pytest.mark.parametrize(("hours", "returns"), [(23, True), (25, False)])
async def test_whoever_comes_back_within_a_day_has_come_back(
    runtime, desk, talk, agent, clock, hours, returns
):
    await close(runtime, talk, agent)
    clock.forward(hours=hours)
    again = await desk.conversation(openid="oFollowerAnna")

    assert again.previous_id == talk.id
    assert (await first(runtime, again)).is_reentry is returns


async def test_the_resolution_stands_still_while_the_customer_is_to_answer(
    runtime, desk, talk, agent, clock
):
    clock.forward(hours=1)
    await desk.reply(talk, agent)
    (found,) = await clocks(runtime, talk, Kind.RESOLUTION)
    assert (found.state, found.left_seconds, found.due_at) == (ClockState.PAUSED, 23 * 3600, None)

    clock.forward(hours=40)
    await desk.write(talk, "回来了")

    (found,) = await clocks(runtime, talk, Kind.RESOLUTION)
    assert found.due_at == clock.now() + timedelta(hours=23)


async def test_following_again_changes_nothing(runtime, desk, talk, agent, clock):
    await desk.reply(talk, agent)
    await desk.write(talk, "还有")
    before = [(each.id, each.version) for each in await clocks(runtime, talk)]
    clock.forward(seconds=100)

    async with runtime.db.unit() as unit:
        kept = await conversations.get(unit, talk.id)
        version = kept.version
        await sla.follow(unit, [kept], now=clock.now())
        assert unit.told == {}

    assert [(each.id, each.version) for each in await clocks(runtime, talk)] == before
    async with runtime.db.reading() as unit:
        assert (await conversations.get(unit, talk.id)).version == version


async def test_the_cost_does_not_grow_with_the_conversations(runtime, desk, agent):
    async def statements(people):
        for number in range(people):
            await desk.push(desk.text_xml(f"oFollower{people}x{number}", "你好"))
        seen = []
        engine = runtime.db.engine.sync_engine
        event.listen(engine, "before_cursor_execute", count := lambda *facts: seen.append(facts[2]))
        while await understand_kept(runtime):
            pass
        event.remove(engine, "before_cursor_execute", count)
        return sum("clocks" in each for each in seen)

    assert await statements(3) == await statements(60)


async def promise_in(runtime, talk, **facts):
    """Let the terms of a conversation be others."""
    async with runtime.db.unit() as unit:
        kept = await conversations.get(unit, talk.id)
        for name, value in facts.items():
            setattr(kept, name, value)
        await sla.repromise(unit, [kept], now=runtime.clock.now())


async def level(runtime, name):
    async with runtime.db.reading() as unit:
        return next(each for each in await levels.list_levels(unit) if each.name == name)


async def test_a_better_level_promises_anew_and_a_worse_one_changes_nothing(runtime, talk, clock):
    began = (await first(runtime, talk)).started_at
    clock.forward(seconds=30)
    best, usual = await level(runtime, "VIP3"), await level(runtime, "普通")
    await promise_in(runtime, talk, level_id=best.id)
    assert await due(runtime, talk) == began + timedelta(seconds=60)
    assert (await first(runtime, talk)).level_id == best.id

    await promise_in(runtime, talk, level_id=usual.id)

    assert await due(runtime, talk) == began + timedelta(seconds=60)
    assert (await first(runtime, talk)).level_id == best.id


async def group_open(runtime, calendar):
    async with runtime.db.unit() as unit:
        kept = await calendars.add(unit, "班", calendar)
        return await groups.add(unit, {"name": "售后", "calendar_id": kept.id})


async def in_group(runtime, desk, calendar):
    """A conversation whose clocks go by the hours of a group, begun at noon."""
    group = await group_open(runtime, calendar)
    talk = await desk.conversation()
    async with runtime.db.unit() as unit:
        await unit.session.execute(
            update(Clock).where(Clock.conversation_id == talk.id).values(group_id=group.id)
        )
    while await recompute_outdated(runtime):
        pass
    return talk, group


async def change_hours(runtime, group, calendar):
    async with runtime.db.unit() as unit:
        await calendars.change(unit, group.calendar_id, "班", calendar)


async def test_changed_hours_reach_every_clock_that_runs(runtime, desk, agent, clock):
    talk, group = await in_group(runtime, desk, OFFICE)
    noon = (await first(runtime, talk)).started_at
    assert await due(runtime, talk) == noon + timedelta(seconds=300)

    await change_hours(runtime, group, MORNINGS)
    async with runtime.db.reading() as unit:
        assert await sla.count_outdated(unit) == 2
    assert await recompute_outdated(runtime, page=1) == 2
    async with runtime.db.reading() as unit:
        assert await sla.count_outdated(unit) == 0

    # three minutes until closing time, two from nine the next morning
    assert await due(runtime, talk) == noon + timedelta(hours=21, minutes=2)
    assert await recompute_outdated(runtime) == 0


async def test_changed_hours_change_nothing_that_has_ended_or_is_late(runtime, desk, agent, clock):
    talk, group = await in_group(runtime, desk, OFFICE)
    clock.forward(seconds=301)
    async with runtime.db.unit() as unit:
        await sla.notice(unit, now=clock.now(), limit=10)
    before = await first(runtime, talk)

    await change_hours(runtime, group, MORNINGS)
    while await recompute_outdated(runtime):
        pass

    after = await first(runtime, talk)
    assert (after.due_at, after.breached_at) == (before.due_at, before.breached_at)
    assert after.course == before.course


async def test_a_level_that_promises_more_promises_it_to_those_who_wait(runtime, talk):
    usual = await level(runtime, "普通")
    began = (await first(runtime, talk)).started_at

    for seconds, promised in ((100, 100), (900, 100)):
        async with runtime.db.unit() as unit:
            await levels.change(unit, usual.id, {"first_seconds": seconds})
        while await recompute_outdated(runtime):
            pass
        assert await due(runtime, talk) == began + timedelta(seconds=promised)


async def test_what_was_open_before_there_were_clocks_gets_them(runtime, desk, talk, clock):
    async with runtime.db.unit() as unit:
        await unit.session.execute(Clock.__table__.delete())
        await unit.session.execute(update(Conversation).values(due_at=None))

    assert await recompute_outdated(runtime) == 1
    assert await recompute_outdated(runtime) == 0

    assert await due(runtime, talk) == clock.now() + timedelta(seconds=300)


async def test_what_became_of_promises_is_counted(runtime, desk, agent, clock):
    morning = clock.now()
    talks = [await desk.conversation(assignee=agent) for _ in range(5)]
    await desk.reply(talks[0], agent)
    await close(runtime, talks[1], agent)
    clock.forward(seconds=301)
    await desk.reply(talks[2], agent)
    await close(runtime, talks[3], agent)

    async with runtime.db.reading() as unit:
        found = await sla.outcomes(unit, since=morning, until=clock.now() + timedelta(seconds=1))
        (firsts,) = [each for each in found if each.kind is Kind.FIRST]
        assert (firsts.kept, firsts.late, firsts.gone, firsts.gone_late) == (1, 1, 1, 1)
        assert firsts.attainment == pytest.approx(1 / 3)
        assert sum((await sla.overdue(unit, now=clock.now())).values()) == 1
        assert await sla.breached(unit, since=morning, now=clock.now()) == 3
        assert await unit.session.scalar(select(func.count()).select_from(Clock)) == 10


async def test_an_account_without_hours_for_its_group_goes_by_its_own(runtime, desk, talk, clock):
    noon = clock.now()
    async with runtime.db.unit() as unit:
        kept = await calendars.add(unit, "班", MORNINGS)
        await accounts.set_hours(unit, talk.account_id, timezone="UTC", calendar_id=kept.id)
    while await recompute_outdated(runtime):
        pass

    assert await due(runtime, talk) == noon + timedelta(hours=21, minutes=2)
    clock.forward(hours=2)
    late = await desk.conversation()  # while nobody is there: a message that is left
    assert await due(runtime, late) == noon + timedelta(hours=22)


async def test_a_group_may_promise_a_level_something_else(runtime, desk, agent):
    usual = await level(runtime, "普通")
    talk, group = await in_group(runtime, desk, OFFICE)
    began = (await first(runtime, talk)).started_at
    own = {"first_seconds": 90, "next_seconds": None, "resolution_seconds": 7200}

    async with runtime.db.unit() as unit:
        await groups.change(unit, group.id, {"targets": {str(usual.id): own}})
    while await recompute_outdated(runtime):
        pass

    assert await due(runtime, talk) == began + timedelta(seconds=90)
    (resolution,) = await clocks(runtime, talk, Kind.RESOLUTION)
    assert resolution.due_at == began + timedelta(hours=2)


async def test_a_level_may_let_the_resolution_run_on(runtime, desk, agent, clock):
    async with runtime.db.unit() as unit:
        usual = next(each for each in await levels.list_levels(unit) if each.is_default)
        await levels.change(unit, usual.id, {"pause_resolution": False})
    talk = await desk.conversation(assignee=agent)
    began = clock.now()
    clock.forward(hours=1)

    await desk.reply(talk, agent)

    (found,) = await clocks(runtime, talk, Kind.RESOLUTION)
    assert (found.state, found.due_at) == (ClockState.RUNNING, began + timedelta(hours=24))
