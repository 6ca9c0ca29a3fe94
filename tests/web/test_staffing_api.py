"""The staffing page's numbers by the API."""

from datetime import date

import pytest

from wxdesk.desk import calendars, groups, routing
from wxdesk.desk.calendars import AsWeekday, Calendar, Span
from wxdesk.desk.routing import Presence

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@on_sqlite
async def test_agents_do_not_see_it(lihua):
    assert (await lihua.get("/api/staffing")).problem == (403, "forbidden")


async def test_a_new_desk_needs_nobody_and_says_what_it_assumed(boss):
    seen = (await boss.get("/api/staffing")).body

    assert (seen["day"], seen["like_weekday"], seen["sample_days"]) == ("2026-03-02", 0, [])
    assert (seen["handle_basis"], seen["slots"], seen["patience_seconds"]) == ("assumed", 4, None)
    assert len(seen["half_hours"]) == 48
    assert {each["needed"] for each in seen["half_hours"]} == {0}
    assert {each["there"] for each in seen["half_hours"]} == {None}  # nobody kept it
    assert [each["arrived"] for each in seen["half_hours"]].count(None) == 48 - 41


async def test_measured_arrivals_become_agents_beside_those_who_were_there(
    boss, desk, runtime, clock, agent
):
    async with runtime.db.unit() as unit:
        await routing.set_presence(unit, agent.id, Presence.ONLINE, now=clock.now())
    for _ in range(6):
        await desk.conversation()
    clock.forward(minutes=30)

    past = (await boss.get("/api/staffing")).body["half_hours"][40]
    clock.forward(days=6)
    await boss.sign_in("boss")
    asked = {"day": "2026-03-09", "handle_seconds": 1200, "slots": 1, "shrinkage": 0}
    next_week = (await boss.get("/api/staffing", **asked)).body

    assert (past["clock"], past["arrived"], past["there"]) == (1200, 6, 1.0)
    half = next_week["half_hours"][40]
    assert (half["arrivals"], half["least"], half["most"]) == (6, 6, 6)
    assert half["needed"] == half["slots"] == 7
    assert half["service_level"] >= 0.8
    assert next_week["handle_basis"] == "chosen"


async def test_a_groups_calendar_says_which_days_are_alike(boss, runtime):
    overrides = {date(2026, 3, 7): AsWeekday(0)}
    calendar = Calendar("Asia/Shanghai", ((Span(540, 1080),),) * 7, overrides)
    async with runtime.db.unit() as unit:
        kept = await calendars.add(unit, "售后", calendar)
        group = await groups.add(unit, {"name": "售后", "calendar_id": kept.id})

    seen = (await boss.get("/api/staffing", day="2026-03-07", group_id=group.id)).body

    assert (seen["like_weekday"], seen["group_id"]) == (0, group.id)
    assert (await boss.get("/api/staffing", group_id=999)).problem == (404, "not_found")


@on_sqlite
@pytest.mark.parametrize(
    "asked",
    [
        {"day": "1900-01-01"},
        {"day": "9999-12-31"},
        {"day": "tomorrow"},
        {"within_seconds": "0"},
        {"goal": "1"},
        {"goal": "nan"},
        {"shrinkage": "1"},
        {"slots": "0"},
        {"slots": "51"},
        {"handle_seconds": "inf"},
        {"handle_seconds": "0"},
        {"group_id": "0"},
        {"timezone": "Mars/Olympus"},
    ],
)
async def test_assumptions_that_cannot_be_are_refused(boss, asked):
    assert (await boss.get("/api/staffing", **asked)).problem[0] == 422


@on_sqlite
@pytest.mark.parametrize("day", ["2000-01-01", "2026-03-29", "2026-10-25", "2199-12-30"])
async def test_any_day_can_be_asked_for_in_any_time_zone(boss, day):
    for zone in ("Europe/Berlin", "Pacific/Kiritimati", "Asia/Kathmandu", "Australia/Lord_Howe"):
        assert (await boss.get("/api/staffing", day=day, timezone=zone)).status == 200, zone
