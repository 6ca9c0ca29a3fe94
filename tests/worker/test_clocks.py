"""What is noticed of clocks, once, however many look; the clock on the wall is moved by hand."""

import asyncio

import pytest
from sqlalchemy import func, select, update

from wxdesk.desk import calendars, groups
from wxdesk.desk.calendars import Calendar, Span
from wxdesk.desk.events import Event
from wxdesk.desk.sla import Clock, Kind
from wxdesk.worker.clocks import notice_due, recompute_outdated

PEOPLE = 40


@pytest.fixture
async def agent(desk):
    return await desk.agent()


async def waiting(desk, people=PEOPLE):
    return [await desk.conversation() for _ in range(people)]


async def look(runtime, workers=4, page=7):
    """Several workers look until none of them finds anything; how much they noticed together."""

    async def work():
        done = 0
        while found := await notice_due(runtime, page=page):
            done += found
        return done

    return sum(await asyncio.gather(*(work() for _ in range(workers))))


async def count(runtime, *conditions):
    async with runtime.db.reading() as unit:
        return await unit.session.scalar(select(func.count(Clock.id)).where(*conditions))


async def told(runtime):
    async with runtime.db.reading() as unit:
        query = select(func.count()).where(Event.kind == "conversation")
        return await unit.session.scalar(query)


async def test_nothing_is_noticed_before_its_time(runtime, desk, clock):
    await waiting(desk, 2)
    clock.forward(seconds=225)

    assert await look(runtime) == 0


async def test_each_warning_and_each_breach_is_noticed_once(runtime, desk, clock):
    await waiting(desk)
    events = await told(runtime)

    clock.forward(seconds=226)
    assert await look(runtime) == PEOPLE
    assert await look(runtime) == 0
    assert await count(runtime, Clock.warned_at == clock.now()) == PEOPLE
    assert await told(runtime) == events + PEOPLE

    clock.forward(seconds=75)
    assert await look(runtime) == PEOPLE
    assert await look(runtime) == 0
    assert await count(runtime, Clock.breached_at == Clock.due_at) == PEOPLE
    assert await told(runtime) == events + 2 * PEOPLE


async def test_who_looks_late_notices_both_at_once(runtime, desk, clock):
    await waiting(desk, 3)
    clock.forward(hours=3)

    assert await look(runtime) == 3
    assert await count(runtime, Clock.breached_at == Clock.due_at) == 3


async def test_what_was_answered_is_not_noticed(runtime, desk, agent, clock):
    talk = await desk.conversation(assignee=agent)
    clock.forward(seconds=100)
    await desk.reply(talk, agent)
    clock.forward(hours=30)

    assert await look(runtime) == 0
    assert await count(runtime, Clock.warned_at.is_not(None)) == 0


async def test_answers_and_looks_at_once_agree(runtime, desk, agent, clock):
    """Each clock is either answered late or noticed late, and says so either way."""
    talks = [await desk.conversation(assignee=agent) for _ in range(12)]
    clock.forward(seconds=400)

    await asyncio.gather(
        look(runtime, workers=3, page=2), *(desk.reply(talk, agent) for talk in talks)
    )

    first = Clock.kind == Kind.FIRST
    assert await count(runtime, first, Clock.breached_at == Clock.due_at) == len(talks)
    assert await count(runtime, first, Clock.stopped_at == clock.now()) == len(talks)
    assert await look(runtime) == 0


async def test_several_reckon_anew_and_each_clock_once(runtime, desk, clock):
    await waiting(desk, 12)
    async with runtime.db.unit() as unit:
        hours = Calendar("UTC", ((Span(13 * 60, 14 * 60),),) * 7)
        kept = await calendars.add(unit, "午后", hours)
        group = await groups.add(unit, {"name": "售后", "calendar_id": kept.id})
        await unit.session.execute(update(Clock).values(group_id=group.id))

    async def work():
        while await recompute_outdated(runtime, page=3):
            pass

    await asyncio.gather(*(work() for _ in range(3)))

    first = Clock.kind == Kind.FIRST
    assert await count(runtime, first, Clock.version == 2) == 12
    assert await count(runtime, first, Clock.calendar_id == kept.id) == 12
