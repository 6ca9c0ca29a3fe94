"""Leaving by the API: all of one's work is handed over in one act, or nothing is."""

import pytest

from wxdesk.desk import routing
from wxdesk.desk.agents import Role
from wxdesk.desk.routing import Presence

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
GONE = 9999


@pytest.fixture
async def group(visit, desk):
    admin = await visit(token=await desk.token(await desk.agent(role=Role.ADMIN)))
    return (await admin.post("/api/groups", name="售后")).body["id"]


@pytest.fixture
async def other(desk, runtime):
    """A colleague who is here, and takes two at once."""
    agent = await desk.agent("wangmin")
    async with runtime.db.unit() as unit:
        await routing.set_up(unit, agent.id, capacity=2)
        await routing.set_presence(unit, agent.id, Presence.ONLINE, now=runtime.clock.now())
    return agent


async def leave(browser, *items, **more):
    wish = {"items": list(items), "message": "请接手"} | more
    return (await browser.post("/api/presence/handover", **wish)).body


async def states(browser, talks):
    found = [(await browser.get(f"/api/conversations/{each.id}")).body for each in talks]
    return [each["state"] for each in found]


async def test_all_is_handed_over_and_one_is_gone(lihua, desk, agent, group, other):
    talks = [await desk.conversation(assignee=agent) for _ in range(3)]

    left = await leave(
        lihua,
        {"conversation_id": talks[0].id, "group_id": group},
        {"conversation_id": talks[2].id, "agent_id": other.id},
    )

    assert (left["done"], left["refused"]) == (True, [])
    assert left["seat"]["presence"] == "offline"
    assert await states(lihua, talks) == ["waiting", "active", "waiting"]


async def test_where_one_cannot_be_handed_over_nothing_is(lihua, desk, agent, group, other):
    talks = [await desk.conversation(assignee=agent) for _ in range(5)]
    items = [
        {"conversation_id": talks[0].id, "group_id": group},
        {"conversation_id": talks[1].id, "group_id": GONE},
        *({"conversation_id": each.id, "agent_id": other.id} for each in talks[2:]),
    ]

    kept = await leave(lihua, *items)

    assert not kept["done"]
    assert kept["refused"] == [
        {"conversation_id": talks[1].id, "code": "not_found"},
        {"conversation_id": talks[4].id, "code": "not_here"},  # they have room for two
    ]
    assert await states(lihua, talks) == ["active"] * 5

    left = await leave(lihua, *items, anyway=True)
    assert left["done"]
    assert await states(lihua, talks) == ["waiting", "active", "waiting", "waiting", "active"]


async def test_what_is_not_ones_own_is_refused(lihua, desk, other, group):
    theirs = await desk.conversation(assignee=other)

    left = await leave(lihua, {"conversation_id": theirs.id, "group_id": group})

    assert [each["code"] for each in left["refused"]] == ["not_assigned"]
    assert left["seat"]["presence"] == "offline"  # as before


@on_sqlite
async def test_what_makes_no_sense_is_refused(lihua):
    async def refused(*items):
        answer = await lihua.post("/api/presence/handover", items=list(items))
        return answer.problem[0]

    assert await refused({"conversation_id": 1}) == 422
    assert await refused({"conversation_id": 1, "agent_id": 1, "group_id": 1}) == 422
    twice = {"conversation_id": 1, "group_id": 1}
    assert await refused(twice, twice) == 422


@on_sqlite
async def test_how_many_wait_is_told_whatever_is_listed(lihua, desk, agent):
    assert (await lihua.get("/api/queue")).body == {"waiting": 0}
    for _ in range(3):
        await desk.conversation()
    await desk.conversation(assignee=agent)
    assert (await lihua.get("/api/queue")).body == {"waiting": 3}
    assert (await lihua.get("/api/presence")).body["offer_seconds"] == 60
