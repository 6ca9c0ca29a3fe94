"""Saved views: one's own, those that are shared, their order, and what is refused."""

import pytest

from wxdesk.desk import saved_views
from wxdesk.desk.agents import Role
from wxdesk.desk.saved_views import MOST_OF_ONE

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OWED = {"name": "我的欠账", "filter": {"whose": "mine", "owed": True}, "sort": "waiting"}


@pytest.fixture
async def boss(visit, desk):
    return await visit(token=await desk.token(await desk.agent(role=Role.SUPERVISOR)))


@pytest.fixture
async def other(visit, desk):
    return await visit(token=await desk.token(await desk.agent()))


async def names(who):
    return [each["name"] for each in (await who.get("/api/saved-views")).body["items"]]


async def test_a_view_is_kept_changed_and_thrown_away(lihua, other):
    made = await lihua.post("/api/saved-views", **OWED)
    assert made.status == 201
    assert (made.body["filter"]["owed"], made.body["sort"], made.body["mine"]) == (
        True,
        "waiting",
        True,
    )
    assert made.body["filter"]["tag_ids"] == []
    assert await names(other) == []

    path = f"/api/saved-views/{made.body['id']}"
    wish = OWED | {"name": "欠账", "filter": {"state": "waiting"}}
    changed = await lihua.ask("PUT", path, json=wish)
    assert (changed.body["name"], changed.body["filter"]["owed"]) == ("欠账", None)
    assert await names(lihua) == ["欠账"]

    assert (await other.ask("DELETE", path)).problem == (404, "not_found")
    assert (await lihua.ask("DELETE", path)).status == 204
    assert await names(lihua) == []


async def test_of_levels_tags_and_groups_several_are_kept(lihua):
    wanted = {"level_ids": [1, 2], "tag_ids": [9], "group_ids": [3, 4]}
    made = await lihua.post("/api/saved-views", **OWED | {"filter": wanted})

    (kept,) = (await lihua.get("/api/saved-views")).body["items"]
    assert kept == made.body
    assert {name: kept["filter"][name] for name in wanted} == wanted


async def test_views_that_name_one_are_as_good_as_they_were(runtime, lihua, agent):
    old = {"level_id": 4, "tag_id": 9, "group_id": 5, "whose": "mine"}
    async with runtime.db.unit() as unit:
        values = {"name": "旧的", "filter": old, "sort": "newest", "shared": False}
        await saved_views.add(unit, values, agent_id=agent.id, leads=False)

    (kept,) = (await lihua.get("/api/saved-views")).body["items"]
    sent = await lihua.post("/api/saved-views", **OWED | {"filter": old})

    assert kept["filter"] == sent.body["filter"]
    assert (kept["filter"]["level_ids"], kept["filter"]["tag_ids"]) == ([4], [9])
    assert (kept["filter"]["group_ids"], kept["filter"]["whose"]) == ([5], "mine")


async def test_supervisors_share_and_everybody_sees_it_first(lihua, boss):
    await lihua.post("/api/saved-views", **OWED)
    shared = await boss.post("/api/saved-views", **OWED | {"name": "大家的", "shared": True})
    assert await names(lihua) == ["大家的", "我的欠账"]
    seen = (await lihua.get("/api/saved-views")).body["items"][0]
    assert (seen["shared"], seen["mine"]) == (True, False)

    path = f"/api/saved-views/{shared.body['id']}"
    assert (await lihua.ask("DELETE", path)).problem == (403, "view_forbidden")
    assert (await lihua.ask("PUT", path, json=OWED)).problem == (403, "view_forbidden")
    refused = await lihua.post("/api/saved-views", **OWED | {"shared": True})
    assert refused.problem == (403, "view_forbidden")


async def test_the_order_is_chosen(lihua):
    ids = {
        name: (await lihua.post("/api/saved-views", **OWED | {"name": name})).body["id"]
        for name in ("一", "二", "三")
    }
    wanted = [ids["三"], ids["一"], ids["二"]]
    answer = await lihua.ask("PUT", "/api/saved-views/order", json={"ids": wanted})

    assert [each["id"] for each in answer.body["items"]] == wanted
    assert await names(lihua) == ["三", "一", "二"]


@on_sqlite
async def test_nobody_moves_what_is_not_theirs(lihua, other):
    theirs = (await other.post("/api/saved-views", **OWED)).body["id"]
    answer = await lihua.ask("PUT", "/api/saved-views/order", json={"ids": [theirs]})
    assert answer.problem == (404, "not_found")


@on_sqlite
async def test_there_are_not_more_than_anybody_would_read(lihua):
    for _ in range(MOST_OF_ONE):
        assert (await lihua.post("/api/saved-views", **OWED)).status == 201
    assert (await lihua.post("/api/saved-views", **OWED)).problem == (409, "too_many_views")


@on_sqlite
@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 41},
        {"sort": "colour"},
        {"filter": {"only": "nice"}},
        {"filter": {"tag_ids": list(range(1, 60))}},
    ],
)
async def test_what_cannot_be_right_is_refused(lihua, wrong):
    assert (await lihua.post("/api/saved-views", **OWED | wrong)).problem == (422, "invalid")
