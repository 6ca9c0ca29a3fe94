"""Quick replies: whose they are, who changes them, how they are found, what is at hand."""

import pytest

from wxdesk.desk import groups
from wxdesk.desk.agents import Role

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
REFUND = {
    "scope": "public",
    "folder": "售后 / 退款",
    "title": "七天无理由",
    "text": "可以的，{称呼}。",
}


@pytest.fixture
async def boss(visit, desk):
    return await visit(token=await desk.token(await desk.agent(role=Role.SUPERVISOR)))


@pytest.fixture
async def other(visit, desk):
    return await visit(token=await desk.token(await desk.agent()))


async def listed(who):
    return (await who.get("/api/quick-replies")).body["items"]


async def test_a_public_one_is_kept_found_changed_and_thrown_away(boss, lihua):
    made = await boss.post("/api/quick-replies", **REFUND)
    assert (made.status, made.body["folder"]) == (201, "售后/退款")
    assert made.body["find"] == "qitianwuliyou qtwly"
    assert await listed(lihua) == [made.body]

    path = f"/api/quick-replies/{made.body['id']}"
    changed = await boss.patch(path, title="换货", folder="")

    assert (changed.body["find"], changed.body["text"]) == ("huanhuo hh", REFUND["text"])
    assert (await boss.ask("DELETE", path)).status == 204
    assert await listed(lihua) == []


async def test_each_sees_the_public_ones_those_of_their_groups_and_their_own(
    boss, lihua, other, agent, runtime
):
    async with runtime.db.unit() as unit:
        group = await groups.add(unit, {"name": "售后"}, [agent.id])
    await boss.post("/api/quick-replies", **REFUND)
    ours = REFUND | {"scope": "group", "group_id": group.id, "title": "组"}
    await boss.post("/api/quick-replies", **ours)
    await lihua.post("/api/quick-replies", **REFUND | {"scope": "own", "title": "我"})

    assert {each["title"] for each in await listed(lihua)} == {"七天无理由", "组", "我"}
    assert {each["title"] for each in await listed(other)} == {"七天无理由"}
    kept = (await boss.get("/api/quick-replies/kept")).body["items"]
    assert {each["title"] for each in kept} == {"七天无理由", "组"}


@on_sqlite
async def test_who_may_change_what(boss, lihua, other):
    public = (await boss.post("/api/quick-replies", **REFUND)).body["id"]
    own = (await lihua.post("/api/quick-replies", **REFUND | {"scope": "own"})).body["id"]

    refused = await lihua.post("/api/quick-replies", **REFUND)
    assert refused.problem == (403, "quick_reply_forbidden")
    changed = await lihua.patch(f"/api/quick-replies/{public}", title="x")
    assert changed.problem == (403, "quick_reply_forbidden")
    for stranger in (other, boss):
        assert (await stranger.patch(f"/api/quick-replies/{own}", title="x")).status == 404
    assert (await lihua.get("/api/quick-replies/kept")).status == 403


@on_sqlite
@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"text": ""},
        {"scope": "theirs"},
        {"scope": "group"},
        {"scope": "group", "group_id": 77},
        {"group_id": 1},
        {"text": "x" * 2001},
        {"title": "a\x00"},
    ],
)
async def test_what_cannot_be_right_is_refused(boss, wrong):
    assert (await boss.post("/api/quick-replies", **REFUND | wrong)).status == 422
    assert await listed(boss) == []


async def test_uses_are_counted_and_nobody_else_counts_them(boss, lihua, other):
    own = (await lihua.post("/api/quick-replies", **REFUND | {"scope": "own"})).body
    for _ in range(2):
        await lihua.post(f"/api/quick-replies/{own['id']}/used")
    assert (await other.post(f"/api/quick-replies/{own['id']}/used")).status == 404

    (shown,) = await listed(lihua)
    assert (shown["used"], shown["version"]) == (2, own["version"])


async def test_favourites_are_ones_own_and_go_with_what_is_thrown_away(boss, lihua, other):
    public = (await boss.post("/api/quick-replies", **REFUND)).body["id"]
    own = (await lihua.post("/api/quick-replies", **REFUND | {"scope": "own"})).body["id"]
    wish = {"favourites": {"1": public, "9": own}}
    assert (await lihua.ask("PUT", "/api/quick-replies/favourites", json=wish)).body == wish
    theirs = await other.ask("PUT", "/api/quick-replies/favourites", json=wish)
    assert theirs.problem == (404, "not_found")
    far = await lihua.ask("PUT", "/api/quick-replies/favourites", json={"favourites": {"10": own}})
    assert far.problem == (422, "invalid")

    await boss.ask("DELETE", f"/api/quick-replies/{public}")

    assert (await lihua.get("/api/quick-replies")).body["favourites"] == {"9": own}
    assert (await other.get("/api/quick-replies")).body["favourites"] == {}
