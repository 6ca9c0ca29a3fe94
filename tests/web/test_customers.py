"""Customers: found by what they are, many changed at once, filters that are kept."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from wxdesk.desk import contacts, levels
from wxdesk.desk.contacts import Contact, Tag

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def other(visit, desk):
    return await visit(token=await desk.token(await desk.agent()))


@pytest.fixture
async def people(desk, runtime, clock):
    """王女士, 李先生, 张三, seen one after the other."""
    account = await desk.account()
    found = []
    for name in ("王女士", "李先生", "张三"):
        clock.forward(seconds=60)
        talk = await desk.conversation()
        found.append(talk.contact_id)
        async with runtime.db.unit() as unit:
            await contacts.set_remark(unit, talk.contact_id, name, now=clock.now())
    async with runtime.db.unit() as unit:
        unit.session.add(Tag(account_id=account.id, wechat_id=101, name="老客"))
    return found


async def search(who, **wanted):
    answer = await who.post("/api/contacts/search", **wanted)
    assert answer.status == 200, answer.body
    return [each["remark"] for each in answer.body["items"]]


async def set_(runtime, contact_id, **values):
    async with runtime.db.unit() as unit:
        await unit.session.execute(update(Contact).where(Contact.id == contact_id).values(**values))


async def test_all_are_found_newest_seen_first(lihua, people):
    answer = await lihua.post("/api/contacts/search")

    assert [each["remark"] for each in answer.body["items"]] == ["张三", "李先生", "王女士"]
    assert (answer.body["count"], answer.body["next"]) == (3, None)


async def test_they_are_found_by_what_they_are(lihua, admin, people, runtime, clock):
    wang, li, zhang = people
    async with runtime.db.reading() as unit:
        best, *_, usual = await levels.list_levels(unit)
    await set_(runtime, wang, level_id=best.id, tag_ids=[7, 101])
    await set_(runtime, li, following=False)
    await set_(runtime, zhang, blacklisted_at=clock.now())
    number = (await admin.post("/api/fields", name="消费", kind="number")).body["id"]
    await set_(runtime, li, fields={str(number): 12000})
    await set_(runtime, wang, fields={str(number): 300.5})

    assert await search(lihua, text="女士") == ["王女士"]
    assert await search(lihua, text="%") == []
    assert await search(lihua, level_ids=[best.id]) == ["王女士"]
    assert await search(lihua, level_ids=[usual.id]) == ["张三", "李先生"]
    assert await search(lihua, tag_ids=[1]) == ["王女士"]
    assert await search(lihua, tag_ids=[99]) == []
    assert await search(lihua, following=False) == ["李先生"]
    assert await search(lihua, blacklisted=True) == ["张三"]
    assert await search(lihua, blacklisted=False) == ["李先生", "王女士"]
    rich = {"field_id": number, "test": "at_least", "value": 10000}
    assert await search(lihua, conditions=[rich]) == ["李先生"]
    assert await search(lihua, conditions=[rich | {"test": "at_most"}]) == ["王女士"]
    assert await search(lihua, conditions=[rich | {"test": "is", "value": 300.5}]) == ["王女士"]
    since = (clock.now() - timedelta(seconds=90)).isoformat()
    assert await search(lihua, seen_since=since) == ["张三", "李先生"]
    assert await search(lihua, seen_until=since, following=True) == ["王女士"]


async def test_a_text_of_a_field_is_one_condition(lihua, admin, people, runtime):
    number = (await admin.post("/api/fields", name="城市", kind="text")).body["id"]
    await set_(runtime, people[0], fields={str(number): "上海"})

    wish = {"field_id": number, "test": "is", "value": "上海"}
    assert await search(lihua, conditions=[wish]) == ["王女士"]
    assert await search(lihua, conditions=[wish | {"value": "北京"}]) == []


async def test_pages_follow_each_other_without_a_gap(lihua, desk, clock):
    await desk.account()
    for _ in range(53):
        clock.forward(seconds=1)
        await desk.conversation()

    first = (await lihua.post("/api/contacts/search")).body
    second = (await lihua.post("/api/contacts/search", after=first["next"])).body

    ids = [each["id"] for each in (*first["items"], *second["items"])]
    assert ids == sorted(ids, reverse=True)
    assert (len(first["items"]), len(second["items"]), second["next"]) == (50, 3, None)
    assert (first["count"], second["count"]) == (53, None)


async def test_many_are_changed_and_each_is_told(lihua, admin, people):
    number = (await admin.post("/api/fields", name="城市", kind="text")).body["id"]

    done = await lihua.post(
        "/api/contacts/change", ids=[*people, 999], values={str(number): "上海"}
    )

    told = {each["id"]: each["code"] for each in done.body["items"]}
    assert told == dict.fromkeys(people) | {999: "not_found"}
    wish = {"field_id": number, "test": "is", "value": "上海"}
    assert len(await search(lihua, conditions=[wish])) == 3
    refused = await lihua.post("/api/contacts/change", ids=people[:1], add_tag_ids=[1])
    assert refused.body["items"] == [{"id": people[0], "code": "tags_not_synced"}]


async def test_tags_are_added_and_taken_where_they_may_be(lihua, admin, people, runtime):
    await admin.patch("/api/accounts/1", settings={"sync_tags": True})

    await lihua.post("/api/contacts/change", ids=people, add_tag_ids=[1])
    await lihua.post("/api/contacts/change", ids=people[:1], remove_tag_ids=[1])

    assert await search(lihua, tag_ids=[1]) == ["张三", "李先生"]


async def test_filters_are_kept_shared_and_thrown_away(lihua, other, admin):
    wanted = {"text": "女士", "following": True}
    own = await lihua.post("/api/segments", name="女士们", wanted=wanted)
    shared = await lihua.post("/api/segments", name="共享", wanted=wanted, shared=True)

    mine = (await lihua.get("/api/segments")).body["items"]
    theirs = (await other.get("/api/segments")).body["items"]
    assert {each["name"] for each in mine} == {"女士们", "共享"}
    assert [(each["name"], each["mine"]) for each in theirs] == [("共享", False)]
    assert mine[0]["wanted"]["text"] == "女士"
    refused = await other.ask("DELETE", f"/api/segments/{shared.body['id']}")
    assert refused.problem == (403, "segment_forbidden")
    assert (await other.ask("DELETE", f"/api/segments/{own.body['id']}")).status == 404
    assert (await admin.ask("DELETE", f"/api/segments/{shared.body['id']}")).status == 204
    assert (await other.get("/api/segments")).body["items"] == []


@on_sqlite
@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "x" * 65},
        {"text": "a\x00"},
        {"conditions": [{"field_id": 1, "test": "like", "value": "x"}]},
        {"after": {"last_seen_at": "gestern", "id": 1}},
        {"seen_since": "2026-03-02"},
    ],
)
async def test_a_search_that_cannot_be_right_is_refused(lihua, wrong):
    assert (await lihua.post("/api/contacts/search", **wrong)).status == 422
