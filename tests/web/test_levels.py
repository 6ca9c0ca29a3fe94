"""Levels by the API: who may, what is refused, what is told about a contact."""

import asyncio
from datetime import timedelta

import pytest

from wxdesk.desk.contacts import Tag

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def program(visit, desk, shop):
    return await visit(token=await desk.token(await desk.agent()))


@pytest.fixture
async def anna(desk, shop):
    return (await desk.conversation(openid="oFollowerAnna")).contact_id


async def put(visitor, path, **body):
    return await visitor.ask("PUT", path, json=body)


async def give(visitor, contact_id, level_id, **more):
    return await put(visitor, f"/api/contacts/{contact_id}/level", level_id=level_id, **more)


async def test_levels_are_read_by_all_and_counted_for_supervisors(lihua, boss, anna):
    mine = (await lihua.get("/api/levels")).body["items"]
    theirs = (await boss.get("/api/levels")).body["items"]

    assert [each["name"] for each in mine] == ["VIP3", "VIP2", "VIP1", "普通"]
    assert [each["contacts"] for each in mine] == [None] * 4
    assert [each["contacts"] for each in theirs] == [0, 0, 0, 1]
    assert mine[0] == {
        "id": 1,
        "name": "VIP3",
        "rank": 1,
        "colour": "purple",
        "first_seconds": 60,
        "next_seconds": None,
        "resolution_seconds": 86400,
        "left_message_seconds": 3600,
        "head_start": 0.5,
        "hard_factor": 4.0,
        "extra_slots": 1,
        "sticky_seconds": 60,
        "is_default": False,
        "earned": {"tag_ids": [], "scenes": [], "conditions": []},
        "pause_resolution": True,
        "contacts": None,
        "version": 1,
    }


async def test_a_level_is_added_changed_ordered_and_retired(admin):
    added = await admin.post("/api/levels", name="会员", first_seconds=200, next_seconds=500)
    assert (added.status, added.body["rank"], added.body["colour"]) == (201, 4, "blue")
    path = f"/api/levels/{added.body['id']}"

    changed = await admin.patch(path, name="老会员", next_seconds=None, first_seconds=None)
    assert (changed.status, changed.body["name"]) == (200, "老会员")
    assert (changed.body["next_seconds"], changed.body["first_seconds"]) == (None, 200)

    ids = [each["id"] for each in (await admin.get("/api/levels")).body["items"]]
    ordered = await put(admin, "/api/levels/order", ids=ids[::-1])
    assert [(each["id"], each["rank"]) for each in ordered.body["items"]] == list(
        zip(ids[::-1], range(1, 6), strict=True)
    )
    assert (await put(admin, "/api/levels/order", ids=ids[:3])).problem == (409, "levels_changed")

    assert (await admin.ask("DELETE", path)).status == 204
    assert (await admin.ask("DELETE", path)).problem == (404, "not_found")
    assert (await admin.patch(path, name="x")).problem == (404, "not_found")
    default = next(each for each in ordered.body["items"] if each["is_default"])
    gone = await admin.ask("DELETE", f"/api/levels/{default['id']}")
    assert gone.problem == (409, "default_level")


@on_sqlite
@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 21},
        {"name": "a\0"},
        {"colour": "mauve"},
        {"first_seconds": 0},
        {"first_seconds": 1e300},
        {"next_seconds": -1},
        {"head_start": 2},
        {"hard_factor": 0},
        {"extra_slots": 6},
        {"sticky_seconds": -1},
        {"is_default": "perhaps"},
        {"earned": {"tag_ids": [0]}},
        {"earned": {"tag_ids": [99]}},
        {"earned": {"tag_ids": list(range(1, 102))}},
        {"earned": {"scenes": [""]}},
        {"earned": {"scenes": ["x" * 65]}},
        {"earned": {"scenes": ["\0"]}},
    ],
)
async def test_a_level_that_cannot_be_right_is_refused(admin, wrong):
    as_new = await admin.post("/api/levels", **{"name": "x", "first_seconds": 60} | wrong)
    as_change = await admin.patch("/api/levels/1", **wrong)

    assert as_new.problem[0] == as_change.problem[0] == 422


@on_sqlite
async def test_infinite_targets_are_refused(admin):
    for number in ("NaN", "Infinity", "1e999"):
        body = f'{{"name": "x", "first_seconds": 60, "hard_factor": {number}}}'
        answer = await admin.ask(
            "POST", "/api/levels", data=body, headers={"content-type": "application/json"}
        )
        assert answer.problem[0] == 422


@on_sqlite
async def test_only_admins_change_levels(boss, lihua):
    for visitor in (boss, lihua):
        for answer in (
            await visitor.post("/api/levels", name="x", first_seconds=60),
            await visitor.patch("/api/levels/1", name="x"),
            await visitor.ask("DELETE", "/api/levels/1"),
            await put(visitor, "/api/levels/order", ids=[]),
        ):
            assert answer.problem == (403, "forbidden")


@on_sqlite
async def test_of_two_who_change_one_copy_one_does(admin):
    answers = await asyncio.gather(
        *(admin.patch("/api/levels/1", first_seconds=n, version=1) for n in (30, 40, 50))
    )

    assert sorted(each.status for each in answers) == [200, 409, 409]
    assert {each.problem for each in answers if each.status == 409} == {(409, "levels_changed")}


async def test_a_supervisor_gives_a_level_by_hand(boss, lihua, anna, clock):
    until = (clock.now() + timedelta(days=30)).isoformat()
    given = await give(boss, anna, 2, until=until, note="老客户")

    level = given.body["level"]
    assert (level["name"], level["source"], level["rank"]) == ("VIP2", "hand", 2)
    assert (await lihua.get(f"/api/contacts/{anna}")).body["level"] == level
    (talk,) = (await lihua.get("/api/conversations", state="waiting")).body["items"]
    assert talk["contact"]["level"] == level
    told = (await lihua.get(f"/api/contacts/{anna}/levels")).body
    assert (
        told["items"]
        == told["given"]
        == [
            {
                "id": 1,
                "level": {"id": 2, "name": "VIP2", "colour": "gold"},
                "source": "hand",
                "until": level["until"],
                "note": "老客户",
                "by": {"id": told["items"][0]["by"]["id"], "name": told["items"][0]["by"]["name"]},
                "at": told["items"][0]["at"],
            }
        ]
    )

    back = await give(boss, anna, None)
    assert (back.body["level"]["name"], back.body["level"]["source"]) == ("普通", "default")
    told = (await lihua.get(f"/api/contacts/{anna}/levels", limit=1)).body
    assert ([each["source"] for each in told["items"]], told["given"]) == (["default"], [])
    older = (await lihua.get(f"/api/contacts/{anna}/levels", cursor=told["next"])).body
    assert ([each["source"] for each in older["items"]], older["next"]) == (["hand"], None)


async def test_a_program_gives_a_level_that_a_person_overrides(boss, program, anna):
    assert (await give(program, anna, 1)).body["level"]["source"] == "api"
    assert (await give(boss, anna, 4)).body["level"] | {"until": 0} == {
        "id": 4,
        "name": "普通",
        "rank": 4,
        "colour": "grey",
        "source": "hand",
        "until": 0,
    }
    assert (await give(program, anna, 2)).body["level"]["source"] == "hand"
    assert (await give(boss, anna, None)).body["level"]["name"] == "VIP2"


@on_sqlite
async def test_an_agent_at_a_browser_gives_no_level(lihua, anna):
    assert (await give(lihua, anna, 1)).problem == (403, "forbidden")


@on_sqlite
@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({}, (422, "invalid")),
        ({"level_id": 0}, (422, "invalid")),
        ({"level_id": 2**63}, (422, "invalid")),
        ({"level_id": 99}, (404, "not_found")),
        ({"level_id": 1, "until": "2026-03-02T11:59:59Z"}, (422, "level_invalid")),
        ({"level_id": 1, "until": "2026-04-02T12:00:00"}, (422, "invalid")),
        ({"level_id": 1, "until": "9999-12-31T23:59:59-12:00"}, (422, "level_invalid")),
        ({"level_id": 1, "until": "0001-01-01T00:00:00+12:00"}, (422, "level_invalid")),
        ({"level_id": 1, "note": "x" * 201}, (422, "invalid")),
        ({"level_id": 1, "note": "\0"}, (422, "invalid")),
    ],
)
async def test_a_grant_that_cannot_be_is_refused(boss, anna, body, problem):
    assert (await put(boss, f"/api/contacts/{anna}/level", **body)).problem == problem


async def test_a_rule_asks_for_levels(admin, boss, desk, anna):
    answers = "/api/accounts/1/answers"
    said = {"cause": "message", "answers": [{"kind": "text", "text": "尊贵的客户"}]}
    assert (await admin.post(answers, name="x", level_ids=[99], **said)).problem == (
        422,
        "rule_invalid",
    )
    rule = (await admin.post(answers, name="x", level_ids=[2, 1], **said)).body
    assert rule["level_ids"] == [1, 2]

    sample = {"what": "message", "text": "在吗"}
    for level_id, verdict in ((None, "level"), (4, "level"), (1, "answers")):
        tried = await boss.post(f"{answers}/try", sample=sample, level_id=level_id)
        assert [each["verdict"] for each in tried.body["rules"]] == [verdict]


async def test_a_tag_gives_its_level(admin, runtime, desk, anna):
    account = await desk.account()
    async with runtime.db.unit() as unit:
        unit.session.add(tag := Tag(account_id=account.id, wechat_id=100, name="会员"))
    await admin.patch("/api/levels/3", earned={"tag_ids": [tag.id], "scenes": []})
    await admin.patch(f"/api/accounts/{account.id}", settings={"sync_tags": True})

    tagged = await put(admin, f"/api/contacts/{anna}/tags", tag_ids=[tag.id])

    assert (tagged.body["level"]["name"], tagged.body["level"]["source"]) == ("VIP1", "tag")
