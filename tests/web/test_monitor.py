"""The monitor by the API: who may, what it tells, what is refused."""

from datetime import timedelta

import pytest

from wxdesk.desk import routing
from wxdesk.desk.routing import Presence

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def be_here(runtime, agent, presence=Presence.ONLINE, capacity=4):
    async with runtime.db.unit() as unit:
        await routing.set_up(unit, agent.id, capacity=capacity)
        await routing.set_presence(unit, agent.id, presence, now=runtime.clock.now())


@on_sqlite
async def test_agents_see_no_monitor(lihua):
    assert (await lihua.get("/api/monitor")).problem == (403, "forbidden")


async def test_a_supervisor_sees_who_waits_why_and_what_is_wrong(boss, desk, runtime, agent):
    talk = await desk.conversation(openid="oFollowerAnna")
    await be_here(runtime, agent, Presence.AWAY)

    seen = (await boss.get("/api/monitor")).body

    assert seen["total"]["waiting"] == seen["total"]["opened"] == 1
    assert seen["people"]["away"] == 1
    assert [each["kind"] for each in seen["alarms"]] == ["nobody_online"]
    (queued,) = seen["queue"]
    assert queued["id"] == talk.id
    assert queued["customer"]["openid"] == "oFollowerAnna"
    assert queued["customer"]["level"] == "普通"
    assert queued["why"] == {"code": "agents_away", "values": {"count": 1}}
    assert seen["slices"] == [
        {"level_id": 4, "group_id": None, "figures": seen["total"] | {"attainment": None}}
    ]


async def test_what_was_today_is_a_few_seconds_old_and_what_is_now_is_not(boss, desk, clock):
    before = (await boss.get("/api/monitor")).body
    await desk.conversation()
    at_once = (await boss.get("/api/monitor")).body
    clock.forward(seconds=11)
    later = (await boss.get("/api/monitor")).body

    assert [each["total"]["waiting"] for each in (before, at_once, later)] == [0, 1, 1]
    assert [each["total"]["opened"] for each in (before, at_once, later)] == [0, 0, 1]
    assert at_once["today_at"] == before["today_at"] != later["today_at"]


async def test_an_offer_names_who_is_asked(boss, desk, runtime, clock):
    asked = await desk.agent()
    await desk.conversation()
    await be_here(runtime, asked)
    async with runtime.db.unit() as unit:
        unit.session.add(
            routing.PlanVersion(
                made_at=clock.now(),
                by_id=1,
                published_at=clock.now(),
                doc=routing.Plan(accept_seconds=20).as_json(),
            )
        )
    async with runtime.db.unit() as unit:
        await routing.run(unit, now=clock.now())

    seen = (await boss.get("/api/monitor")).body

    assert seen["queue"][0]["why"]["code"] == "offered"
    assert seen["agents"] == [{"id": asked.id, "name": asked.name}]


async def test_every_figure_leads_to_a_list(boss, desk, agent, clock):
    await desk.conversation()
    owed = await desk.conversation(assignee=agent)
    clock.forward(hours=1)
    seen = (await boss.get("/api/monitor")).body["total"]

    for figure, asked in (
        ("waiting", {"state": "waiting"}),
        ("active", {"state": "active"}),
        ("owed", {"view": "owed"}),
        ("overdue", {"view": "overdue"}),
        ("closing", {"view": "closing"}),
        ("last_send", {"view": "last_send"}),
        ("opened", {"view": "today", "since": "2026-03-01T16:00:00Z"}),
    ):
        found = (await boss.get("/api/conversations", **asked)).body["items"]
        assert len(found) == seen[figure], figure
    (found,) = (await boss.get("/api/conversations", view="owed", level="4")).body["items"]
    assert found["id"] == owed.id
    assert (await boss.get("/api/conversations", view="owed", group="1")).body["items"] == []


async def test_views_are_paged(boss, desk, clock):
    for _ in range(3):
        await desk.conversation()
        clock.forward(seconds=1)

    for view in ("urgent", "unowned", "today"):
        seen, cursor = [], ""
        while cursor is not None:
            page = (await boss.get("/api/conversations", view=view, limit=1, cursor=cursor)).body
            seen += [each["id"] for each in page["items"]]
            cursor = page["next"]
        assert sorted(seen) == seen if view != "today" else seen == sorted(seen, reverse=True)
        assert len(seen) == 3


@on_sqlite
@pytest.mark.parametrize(
    "asked",
    [
        {"view": "today", "since": "0001-01-01T00:00:00+14:00"},
        {"view": "today", "since": "9999-12-31T23:59:59-14:00"},
        {"view": "today", "since": "2026-03-01"},
        {"view": "secret"},
        {"view": "urgent", "cursor": "99999999999999999999999.1"},
        {"group": "0"},
        {"level": "x"},
        {"level": "9" * 30},
    ],
)
async def test_lists_that_cannot_be_are_refused(boss, asked):
    assert (await boss.get("/api/conversations", **asked)).problem[0] == 422


@on_sqlite
@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "x" * 500, "\0"])
async def test_a_time_zone_that_is_none_is_refused(boss, zone):
    assert (await boss.get("/api/monitor", timezone=zone)).problem[0] == 422


@on_sqlite
async def test_a_day_begins_by_the_midnight_of_its_place(boss):
    shanghai = (await boss.get("/api/monitor")).body["today_since"]
    berlin = (await boss.get("/api/monitor", timezone="Europe/Berlin")).body["today_since"]

    assert (shanghai, berlin) == ("2026-03-01T16:00:00Z", "2026-03-01T23:00:00Z")


async def test_what_somebody_would_wait_is_told_by_level(boss, desk, runtime, agent):
    assert (await read_ahead(boss))["expected"] == []

    await desk.conversation()
    await be_here(runtime, agent, capacity=2)
    runtime.clock.forward(seconds=6)
    free = (await read_ahead(boss))["expected"]
    assert {(each["level_id"], each["group_id"]) for each in free} == {
        (number, None) for number in (1, 2, 3, 4)
    }
    assert [each["mean"] for each in free if each["level_id"] == 4] == [0]

    await be_here(runtime, agent, Presence.AWAY)
    runtime.clock.forward(seconds=6)
    gone = (await read_ahead(boss))["expected"]
    assert {(each["mean"], each["why_not"]) for each in gone} == {(None, "nobody_online")}


async def read_ahead(boss):
    seen = (await boss.get("/api/monitor")).body
    return {"expected": seen["expected"], "delays": seen["delays"]}


async def test_how_late_pushes_come_is_told_for_five_minutes(boss, desk, clock):
    assert (await read_ahead(boss))["delays"] == {"count": 0, "median": None, "worst": None}
    sent_at = clock.now()
    clock.forward(seconds=8)
    for late in (8, 2, 0):
        xml = desk.text_xml("oFollowerAnna", "在吗", sent_at=sent_at + timedelta(seconds=8 - late))
        await desk.push(xml)

    assert (await read_ahead(boss))["delays"] == {"count": 3, "median": 2, "worst": 8}
    clock.forward(minutes=6)
    assert (await read_ahead(boss))["delays"]["count"] == 0
