"""What is old is forgotten, and nothing else."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update

from wxdesk.desk import agents, events
from wxdesk.desk.agents.model import SignInTries
from wxdesk.desk.conversations import Message
from wxdesk.desk.events import Event
from wxdesk.desk.intake import KeptPush, PushState
from wxdesk.worker.retention import forget_old


async def count(runtime, kind):
    async with runtime.db.reading() as unit:
        return await unit.session.scalar(select(func.count()).select_from(kind))


async def bounds(runtime):
    async with runtime.db.reading() as unit:
        return await events.bounds(unit)


@pytest.fixture
def today(clock):
    """Events carry the database's own time, so the clock is set to it."""
    clock.forward(seconds=(datetime.now(UTC) - clock.now()).total_seconds())
    return clock


async def test_events_are_kept_as_long_as_browsers_may_resume(runtime, desk, today):
    await desk.conversation()
    before = await bounds(runtime)
    assert before[0] < before[1]
    today.forward(hours=71)

    await forget_old(runtime)

    assert await bounds(runtime) == before


async def test_old_events_are_forgotten_but_the_newest_says_where_the_log_stands(
    runtime, desk, today
):
    await desk.conversation()
    _, newest = await bounds(runtime)
    today.forward(hours=73)

    await forget_old(runtime)

    assert await bounds(runtime) == (newest, newest)
    assert await count(runtime, Event) == 1


async def test_a_number_is_never_given_twice(runtime, desk, today):
    await desk.conversation()
    _, newest = await bounds(runtime)
    today.forward(hours=73)
    await forget_old(runtime)

    await desk.conversation()

    assert (await bounds(runtime))[1] > newest


async def test_pushes_understood_long_ago_are_forgotten_and_their_messages_are_not(
    runtime, desk, clock
):
    await desk.conversation()
    clock.forward(days=29)
    await forget_old(runtime)
    assert await count(runtime, KeptPush) == 1
    clock.forward(days=2)

    await forget_old(runtime)

    assert await count(runtime, KeptPush) == 0
    assert await count(runtime, Message) == 1


@pytest.mark.parametrize("state", [PushState.KEPT, PushState.PARKED])
async def test_a_push_not_understood_is_never_forgotten(runtime, desk, clock, state):
    await desk.push(desk.text_xml("oFollowerAnna", "你好"))
    async with runtime.db.unit() as unit:
        await unit.session.execute(update(KeptPush).values(state=state))
    clock.forward(days=400)

    await forget_old(runtime)

    assert await count(runtime, KeptPush) == 1


async def test_wrong_passwords_of_yesterday_are_forgotten(runtime, clock):
    async with runtime.db.unit() as unit:
        await agents.record_sign_in_failure(unit, "lihua", clock.now())
    clock.forward(hours=23)
    await forget_old(runtime)
    assert await count(runtime, SignInTries) == 1
    clock.forward(hours=2)

    await forget_old(runtime)

    assert await count(runtime, SignInTries) == 0


async def test_forgetting_twice_is_forgetting_once(runtime, desk, today):
    await desk.conversation()
    today.forward(days=31)

    await forget_old(runtime)
    once = await bounds(runtime)
    await forget_old(runtime)

    assert await bounds(runtime) == once
    assert once[1] - once[0] == 0
