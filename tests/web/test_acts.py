"""What supervisors did, by the API: kept with why, read by supervisors, told to the agent."""

import pytest

from wxdesk.desk import routing
from wxdesk.desk.agents import Role
from wxdesk.desk.routing import Presence

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def other(desk, runtime):
    """A colleague who is here."""
    agent = await desk.agent("wangmin")
    async with runtime.db.unit() as unit:
        await routing.set_presence(unit, agent.id, Presence.ONLINE, now=runtime.clock.now())
    return agent


async def acts(boss, **asked):
    return (await boss.get("/api/routing/log", **asked)).body["items"]


async def lines(browser, talk):
    found = (await browser.get(f"/api/conversations/{talk.id}/messages")).body["items"]
    return [(each["kind"], each["content"]) for each in found if each["direction"] == "system"]


async def test_every_act_is_kept_with_who_whom_and_why(boss, lihua, desk, agent, other):
    talk = await desk.conversation(assignee=agent)
    waits = await desk.conversation()
    path = f"/api/conversations/{talk.id}"

    await boss.post(f"/api/conversations/{waits.id}/move-up", reason="老客户")
    await boss.post(f"{path}/assign", agent_id=other.id, reason="熟悉这单")
    await boss.post(f"{path}/take-over", reason="投诉升级")
    await boss.post(f"{path}/whisper", text="先查物流")
    seat = f"/api/seats/{agent.id}"
    await boss.ask("PUT", f"{seat}/limit", json={"limit": 2, "reason": "新人"})
    await boss.ask("PUT", f"{seat}/presence", json={"presence": "busy", "reason": "培训"})
    await boss.post(f"/api/conversations/{waits.id}/force-close", reason="重复进线")

    told = await acts(boss)

    assert [(each["act"], each["reason"]) for each in told] == [
        ("force_close", "重复进线"),
        ("presence", "培训"),
        ("limit", "新人"),
        ("whisper", ""),
        ("taken_over", "投诉升级"),
        ("assigned", "熟悉这单"),
        ("move_up", "老客户"),
    ]
    by_act = {each["act"]: each for each in told}
    assert by_act["assigned"]["had_by"]["id"] == agent.id
    assert by_act["assigned"]["agent"]["id"] == other.id
    assert by_act["taken_over"]["had_by"]["id"] == other.id
    assert by_act["assigned"]["conversation"]["id"] == talk.id
    assert (by_act["limit"]["limit"], by_act["presence"]["presence"]) == (2, "busy")
    assert by_act["limit"]["agent"]["id"] == agent.id
    assert {each["by"]["name"] for each in told} == {by_act["limit"]["by"]["name"]}


async def test_ending_somebody_elses_conversation_is_kept_and_told_in_its_thread(
    boss, lihua, desk, agent
):
    talk = await desk.conversation(assignee=agent)

    await boss.post(f"/api/conversations/{talk.id}/force-close", reason="重复进线")

    (kept,) = await acts(boss)
    assert (kept["act"], kept["had_by"]["id"]) == ("force_close", agent.id)
    assert ("closed", {"reason": "重复进线"}) in await lines(lihua, talk)


async def test_what_an_agent_does_with_their_own_is_no_act(boss, lihua, desk, agent, other):
    talk, ended = [await desk.conversation(assignee=agent) for _ in range(2)]

    handed = await lihua.post(
        f"/api/conversations/{talk.id}/transfer", agent_id=other.id, message="请接手"
    )
    await lihua.post(f"/api/conversations/{ended.id}/close")

    assert handed.status == 200
    assert await acts(boss) == []


async def test_handing_over_what_is_somebody_elses_is_kept(boss, desk, agent):
    talk = await desk.conversation(assignee=agent)
    group = (await _group(boss, desk))["id"]

    await boss.post(f"/api/conversations/{talk.id}/transfer", group_id=group, message="售后来")

    (kept,) = await acts(boss)
    assert (kept["act"], kept["reason"], kept["group"]["name"]) == ("handed_over", "售后来", "售后")
    assert kept["had_by"]["id"] == agent.id


async def _group(boss, desk):
    admin = await desk.agent(role=Role.ADMIN)
    token = await desk.token(admin)
    headers = {"authorization": f"Bearer {token}"}
    asked = await boss.ask("POST", "/api/groups", json={"name": "售后"}, headers=headers)
    return asked.body


async def test_acts_are_narrowed_and_paged(boss, desk, agent, other):
    first, second = await desk.conversation(assignee=agent), await desk.conversation(assignee=other)
    for talk in (first, second, first):
        await boss.post(f"/api/conversations/{talk.id}/whisper", text="看一下")
    await boss.post(f"/api/conversations/{first.id}/take-over", reason="我来")

    assert len(await acts(boss, conversation=first.id)) == 3
    (kept,) = await acts(boss, agent=agent.id)
    assert kept["act"] == "taken_over"
    assert await acts(boss, agent=other.id) == []
    seen, cursor = [], ""
    while cursor is not None:
        page = (await boss.get("/api/routing/log", limit=3, cursor=cursor)).body
        seen += [each["id"] for each in page["items"]]
        cursor = page["next"]
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 4


@on_sqlite
async def test_agents_do_not_read_the_record(lihua):
    assert (await lihua.get("/api/routing/log")).problem == (403, "forbidden")


@on_sqlite
@pytest.mark.parametrize("asked", [{"agent": "0"}, {"limit": "101"}, {"cursor": "x"}])
async def test_what_cannot_be_asked_is_refused(boss, asked):
    assert (await boss.get("/api/routing/log", **asked)).problem[0] == 422
