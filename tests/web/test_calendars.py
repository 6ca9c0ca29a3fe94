"""Calendars by the API: kept as given, holidays proposed, deadlines shown."""

import asyncio

import pytest

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OFFICE = {
    "name": "客服时间",
    "timezone": "Asia/Shanghai",
    "weekly": {str(day): [["09:00", "12:00"], ["13:00", "18:00"]] for day in range(5)},
    "overrides": {
        "2026-10-01": [],
        "2026-10-10": {"as_weekday": 0},
        "2026-02-16": [["09:00", "15:00"]],
    },
}


async def put(visitor, path, **body):
    return await visitor.ask("PUT", path, json=body)


async def due(visitor, **wish):
    return await visitor.post("/api/calendars/due", **wish)


async def test_a_calendar_is_read_as_it_was_written(admin, supervisor):
    added = await admin.post("/api/calendars", **OFFICE)
    assert (added.status, added.body) == (201, OFFICE | {"id": 1, "version": 1})
    assert (await supervisor.get("/api/calendars")).body["items"] == [added.body]
    assert (await supervisor.get("/api/calendars/1")).body == added.body

    changed = await put(admin, "/api/calendars/1", **OFFICE | {"weekly": {}, "name": "y"})
    assert changed.body == added.body | {"weekly": {}, "name": "y", "version": 2}
    assert (await admin.ask("DELETE", "/api/calendars/1")).status == 204
    assert (await supervisor.get("/api/calendars/1")).problem == (404, "not_found")


async def test_a_calendar_in_use_is_not_removed(admin):
    await admin.post("/api/calendars", **OFFICE)
    await admin.post("/api/groups", name="售后", calendar_id=1)

    assert (await admin.ask("DELETE", "/api/calendars/1")).problem == (409, "calendar_in_use")


async def test_of_two_who_change_one_copy_one_does(admin):
    await admin.post("/api/calendars", **OFFICE)

    answers = await asyncio.gather(
        *(put(admin, "/api/calendars/1", **OFFICE | {"name": n, "version": 1}) for n in "ab")
    )

    assert sorted(each.status for each in answers) == [200, 409]
    assert next(each for each in answers if each.status == 409).problem == (409, "calendar_changed")


@on_sqlite
@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"timezone": "Mars/Olympus"},
        {"timezone": "../etc/passwd"},
        {"timezone": "x" * 65},
        {"weekly": {"7": []}},
        {"weekly": {"0": [["09:00", "25:00"]]}},
        {"weekly": {"0": [["24:00", "09:00"]]}},
        {"weekly": {"0": [["09:00"]]}},
        {"weekly": {"0": [["09:00", "10:00"]] * 9}},
        {"weekly": {"0": [["09:00", "12:00"], ["11:00", "13:00"]]}},
        {"weekly": []},
        {"overrides": {"2026-02-30": []}},
        {"overrides": {"20260201": []}},
        {"overrides": {"２０２６-02-01": []}},
        {"overrides": {"2026-02-01": {"as_weekday": 7}}},
        {"overrides": {"2026-02-01": "weekday:0"}},
        {"overrides": {"2026-02-01": None}},
        {"overrides": {f"{1000 + year}-01-01": [] for year in range(1001)}},
    ],
)
async def test_a_calendar_that_cannot_be_right_is_refused(admin, wrong):
    answer = await admin.post("/api/calendars", **OFFICE | wrong)

    assert answer.problem in {(422, "invalid"), (422, "calendar_invalid")}
    assert (await admin.get("/api/calendars")).body["items"] == []


async def test_holidays_are_proposed(supervisor):
    found = (await supervisor.get("/api/calendars/holidays/2026")).body
    by_date = {each["date"]: each for each in found["items"]}

    assert (found["year"], found["known"]) == (2026, True)
    assert by_date["2026-10-01"] == {
        "date": "2026-10-01",
        "name": "国庆节",
        "name_en": "National Day",
        "closed": True,
        "as_weekday": None,
    }
    assert (by_date["2026-10-10"]["closed"], by_date["2026-10-10"]["as_weekday"]) == (False, 0)
    unknown = (await supervisor.get("/api/calendars/holidays/2099")).body
    assert unknown == {"year": 2099, "known": False, "items": []}
    for year in ("1", "1989", "2101", "99999999"):
        answer = await supervisor.get(f"/api/calendars/holidays/{year}")
        assert answer.problem == (404, "not_found")


async def test_a_deadline_is_shown_with_the_time_that_is_used_up(admin, supervisor):
    await admin.post("/api/calendars", **OFFICE)
    friday = "2026-03-06T17:00:00+08:00"
    expected = {
        "due": "2026-03-09T02:00:00Z",
        "spans": [
            ["2026-03-06T09:00:00Z", "2026-03-06T10:00:00Z"],
            ["2026-03-09T01:00:00Z", "2026-03-09T02:00:00Z"],
        ],
    }

    kept = await due(supervisor, calendar_id=1, **{"from": friday}, seconds=7200)
    hours = {name: OFFICE[name] for name in ("timezone", "weekly", "overrides")}
    given = await due(supervisor, calendar=hours, **{"from": friday}, seconds=7200)

    assert kept.body == given.body == expected


@on_sqlite
async def test_the_edges_of_a_deadline(supervisor):
    never = {"timezone": "UTC", "weekly": {}}
    always = {"timezone": "UTC", "weekly": {str(day): [["00:00", "24:00"]] for day in range(7)}}
    minutes = {
        "timezone": "UTC",
        "weekly": {str(d): [[f"0{h}:00", f"0{h}:01"] for h in range(8)] for d in range(7)},
    }
    at = {"from": "2026-03-02T12:00:00Z"}

    assert (await due(supervisor, calendar=never, seconds=1, **at)).body == {
        "due": None,
        "spans": [],
    }
    at_once = await due(supervisor, calendar=never, seconds=0, **at)
    assert at_once.body == {"due": "2026-03-02T12:00:00Z", "spans": []}
    day = await due(supervisor, calendar=always, seconds=86400, **at)
    assert day.body["spans"] == [["2026-03-02T12:00:00Z", "2026-03-03T12:00:00Z"]]
    many = await due(supervisor, calendar=minutes, seconds=86400, **at)
    assert len(many.body["spans"]) == 100


@on_sqlite
@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"calendar_id": 99}, 404),
        ({}, 422),
        ({"calendar_id": 1, "calendar": {"timezone": "UTC", "weekly": {}}}, 422),
        ({"calendar": {"timezone": "x", "weekly": {}}}, 422),
        ({"calendar_id": 1, "seconds": -1}, 422),
        ({"calendar_id": 1, "seconds": 1e18}, 422),
        ({"calendar_id": 1, "from": "0001-01-01T00:00:00+14:00"}, 422),
        ({"calendar_id": 1, "from": "9999-12-31T23:59:59-14:00"}, 422),
        ({"calendar_id": 1, "from": "2026-03-02T12:00:00"}, 422),
    ],
)
async def test_a_deadline_that_cannot_be_shown_is_refused(supervisor, wish, status):
    asked = {"from": "2026-03-02T12:00:00Z", "seconds": 60} | wish

    assert (await due(supervisor, **asked)).problem[0] == status


@on_sqlite
async def test_supervisors_read_and_admins_change(supervisor, lihua):
    for path in ("", "/1", "/holidays/2026"):
        assert (await lihua.get(f"/api/calendars{path}")).problem == (403, "forbidden")
    for answer in (
        await supervisor.post("/api/calendars", **OFFICE),
        await put(supervisor, "/api/calendars/1", **OFFICE),
        await supervisor.ask("DELETE", "/api/calendars/1"),
    ):
        assert answer.problem == (403, "forbidden")
