"""Put off until later: what it changes meanwhile, and that it comes back, once, whoever dies."""

from datetime import timedelta

import pytest

from wxdesk.desk import accounts, calendars, routing
from wxdesk.desk.agents import Role
from wxdesk.desk.calendars import Calendar, Span
from wxdesk.desk.routing import Presence
from wxdesk.worker.clocks import notice_due
from wxdesk.worker.dispatch import dispatch
from wxdesk.worker.snoozes import bring_back_due

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def agent(desk, runtime):
    """Here, with room for two."""
    made = await desk.agent("lihua")
    async with runtime.db.unit() as unit:
        await routing.set_up(unit, made.id, capacity=2)
        await routing.set_presence(unit, made.id, Presence.ONLINE, now=runtime.clock.now())
    return made


@pytest.fixture
async def talk(desk, agent):
    """The desk owes an answer."""
    return await desk.conversation(assignee=agent)


@pytest.fixture
async def answered(desk, agent, talk):
    """The customer owes the answer."""
    await desk.reply(talk, agent)
    return talk


async def put_off(browser, talk, now, **by):
    until = (now + timedelta(**by or {"hours": 1})).isoformat()
    return await browser.ask("PUT", f"/api/conversations/{talk.id}/snooze", json={"until": until})


async def shown(browser, talk):
    return (await browser.get(f"/api/conversations/{talk.id}")).body


async def load(browser):
    return (await browser.get("/api/presence")).body["load"]


async def die_with_what_is_due(runtime, now):
    async with runtime.db.unit() as unit:
        assert await routing.bring_back(unit, now=now, limit=10) == 1
        raise RuntimeError("killed before it was committed")


async def heard(browser):
    return [each["kind"] for each in (await browser.get("/api/notices")).body["items"]]


async def test_where_the_customer_owes_the_answer_it_takes_no_room(lihua, answered, clock):
    assert await load(lihua) == 1

    off = (await put_off(lihua, answered, clock.now())).body

    assert off["snoozed_until"] == (clock.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert off["rests_since"] is not None
    assert await load(lihua) == 0


async def test_where_an_answer_is_owed_its_clock_runs_on_and_it_takes_room(
    runtime, lihua, talk, clock
):
    due_at = (await shown(lihua, talk))["due_at"]
    off = (await put_off(lihua, talk, clock.now())).body
    assert (off["due_at"], off["rests_since"]) == (due_at, None)
    assert await load(lihua) == 1

    for _ in range(2):
        clock.forward(minutes=4)
        while await notice_due(runtime):
            pass
    assert await heard(lihua) == ["breach", "warning"]
    assert (await shown(lihua, talk))["snoozed_until"] is not None


async def test_it_leaves_the_order_of_what_is_urgent(lihua, talk, clock):
    async def urgent():
        page = await lihua.get("/api/conversations", view="urgent", assignee="me")
        return [each["id"] for each in page.body["items"]]

    assert await urgent() == [talk.id]
    await put_off(lihua, talk, clock.now())
    assert await urgent() == []


async def test_when_it_is_due_it_is_back_unread_with_one_notice(runtime, lihua, answered, clock):
    newest = (await shown(lihua, answered))["last_message"]["id"]
    await lihua.post(f"/api/conversations/{answered.id}/read", up_to=newest)
    await put_off(lihua, answered, clock.now())
    clock.forward(minutes=59)
    assert await bring_back_due(runtime) == 0
    clock.forward(minutes=1)
    assert (await bring_back_due(runtime), await bring_back_due(runtime)) == (1, 0)

    back = await shown(lihua, answered)
    assert (back["snoozed_until"], back["unread"]) == (None, 1)
    assert await heard(lihua) == ["later"]
    await lihua.post(f"/api/conversations/{answered.id}/read", up_to=newest)
    assert (await shown(lihua, answered))["unread"] == 0


async def test_a_worker_that_dies_loses_nothing(runtime, lihua, answered, clock):
    await put_off(lihua, answered, clock.now())
    clock.forward(hours=2)
    with pytest.raises(RuntimeError):
        await die_with_what_is_due(runtime, clock.now())
    assert await heard(lihua) == []

    assert await bring_back_due(runtime) == 1
    assert await heard(lihua) == ["later"]


async def test_whatever_the_customer_writes_brings_it_back(runtime, desk, lihua, answered, clock):
    await put_off(lihua, answered, clock.now())
    await desk.write(answered, "好了吗")
    while await dispatch(runtime):
        pass

    back = await shown(lihua, answered)
    assert (back["snoozed_until"], back["rests_since"]) == (None, None)
    assert back["assignee"] is not None
    assert await load(lihua) == 1
    clock.forward(hours=2)
    assert await bring_back_due(runtime) == 0


async def test_it_is_had_back_before_and_may_be_put_off_anew(lihua, talk, clock):
    await put_off(lihua, talk, clock.now())
    longer = (await put_off(lihua, talk, clock.now(), hours=3)).body
    back = (await lihua.ask("DELETE", f"/api/conversations/{talk.id}/snooze")).body

    assert longer["snoozed_until"] == (clock.now() + timedelta(hours=3)).strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )
    assert back["snoozed_until"] is None


async def test_whoever_gets_it_has_it_at_once(visit, desk, lihua, talk, clock):
    boss = await visit(token=await desk.token(await desk.agent(role=Role.SUPERVISOR)))
    await put_off(lihua, talk, clock.now())
    taken = await boss.post(f"/api/conversations/{talk.id}/take-over", reason="我来")
    assert taken.body["snoozed_until"] is None


@on_sqlite
async def test_only_ones_own_and_only_until_a_moment_that_can_be(visit, desk, lihua, talk, clock):
    other = await visit(token=await desk.token(await desk.agent()))
    assert (await put_off(other, talk, clock.now())).problem == (409, "not_assigned")
    for by in ({"seconds": 30}, {"hours": -1}, {"days": 31}):
        assert (await put_off(lihua, talk, clock.now(), **by)).problem == (422, "snooze_invalid")
    await lihua.post(f"/api/conversations/{talk.id}/close")
    assert (await put_off(lihua, talk, clock.now())).problem == (409, "conversation_closed")


async def test_what_is_proposed_goes_by_the_hours_of_the_account(runtime, shop, lihua, talk):
    path = f"/api/conversations/{talk.id}/snooze"

    async def proposed():
        found = (await lihua.get(path, tz="Asia/Shanghai")).body
        return {each["preset"]: each["at"] for each in found["presets"]}

    # noon of UTC is eight in the evening there: 18:00 has passed
    assert await proposed() == {"hour": "2026-03-02T13:00:00Z", "morning": "2026-03-03T01:00:00Z"}
    late = Calendar("Asia/Shanghai", ((Span(9 * 60, 22 * 60),),) * 7)
    async with runtime.db.unit() as unit:
        kept = await calendars.add(unit, name="晚班", calendar=late)
        account = await accounts.lock(unit, shop.id)
        account.calendar_id = kept.id
    assert (await proposed())["close"] == "2026-03-02T14:00:00Z"
    assert (await lihua.get(path, tz="Nowhere")).status == 422
