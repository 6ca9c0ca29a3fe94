"""Groups by the API: who may, what is refused, what is warned of."""

import asyncio

import pytest

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def put(visitor, path, **body):
    return await visitor.ask("PUT", path, json=body)


async def test_a_group_is_added_changed_and_removed(admin, lihua, agent):
    added = await admin.post("/api/groups", name="售后", agent_ids=[agent.id])
    assert (added.status, added.body) == (
        201,
        {
            "id": 1,
            "name": "售后",
            "find": "shouhou sh",
            "calendar_id": None,
            "overflow_group_id": None,
            "overflow_seconds": 300,
            "queue_cap": None,
            "targets": {},
            "needs_summary": False,
            "place": 1,
            "agent_ids": [agent.id],
            "warnings": [],
            "version": 1,
        },
    )

    changed = await admin.patch("/api/groups/1", queue_cap=50, name=None)
    assert changed.body == added.body | {"queue_cap": 50, "version": 2}
    back = await admin.patch("/api/groups/1", queue_cap=None)
    assert back.body["queue_cap"] is None

    assert (await lihua.get("/api/groups")).body["items"] == [back.body]
    assert (await admin.ask("DELETE", "/api/groups/1")).status == 204
    assert (await lihua.get("/api/groups")).body["items"] == []


async def test_what_is_odd_is_told(admin, runtime, agent):
    closed = await admin.post("/api/calendars", name="never", timezone="UTC", weekly={})
    for name in "ab":
        await admin.post("/api/groups", name=name)
    await admin.patch("/api/groups/1", overflow_group_id=2, calendar_id=closed.body["id"])
    await admin.patch("/api/groups/2", overflow_group_id=1)
    await put(admin, "/api/groups/2/members", agent_ids=[agent.id])

    found = (await admin.get("/api/groups")).body["items"]
    assert [each["warnings"] for each in found] == [
        ["no_members", "no_hours", "circle"],
        ["circle"],
    ]

    async with runtime.db.unit() as unit:
        (await unit.session.merge(agent)).active = False
    found = (await admin.get("/api/groups")).body["items"]
    assert found[1]["warnings"] == ["no_members", "circle"]


async def test_groups_are_put_in_order(admin):
    ids = [(await admin.post("/api/groups", name=name)).body["id"] for name in "abc"]

    ordered = await put(admin, "/api/groups/order", ids=ids[::-1])

    assert [each["id"] for each in ordered.body["items"]] == ids[::-1]
    assert (await put(admin, "/api/groups/order", ids=ids[:2])).problem == (409, "groups_changed")


@on_sqlite
@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 41},
        {"name": "\0"},
        {"overflow_seconds": -1},
        {"queue_cap": 0},
        {"queue_cap": 2**70},
        {"calendar_id": 99},
        {"calendar_id": 0},
        {"overflow_group_id": 99},
        {"overflow_group_id": 1},
    ],
)
async def test_a_group_that_cannot_be_right_is_refused(admin, wrong):
    await admin.post("/api/groups", name="x")

    assert (await admin.patch("/api/groups/1", **wrong)).problem[0] == 422


@on_sqlite
async def test_members_that_cannot_be_are_refused(admin, agent):
    await admin.post("/api/groups", name="x")
    for wrong in ([99], [0], ["x"], None, [agent.id] * 1001):
        answer = await put(admin, "/api/groups/1/members", agent_ids=wrong)
        assert answer.problem[0] == 422


async def test_many_who_add_one_name_at_once_add_one(admin):
    answers = await asyncio.gather(*(admin.post("/api/groups", name="售后") for _ in range(4)))

    assert sorted(each.status for each in answers) == [201, 409, 409, 409]
    assert {each.problem for each in answers if each.status == 409} == {(409, "group_name_taken")}


@on_sqlite
async def test_only_admins_change_groups(lihua):
    for answer in (
        await lihua.post("/api/groups", name="x"),
        await lihua.patch("/api/groups/1", name="x"),
        await lihua.ask("DELETE", "/api/groups/1"),
        await put(lihua, "/api/groups/order", ids=[]),
        await put(lihua, "/api/groups/1/members", agent_ids=[]),
    ):
        assert answer.problem == (403, "forbidden")
