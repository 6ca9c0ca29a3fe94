"""Screens on walls: their tokens, and the numbers they read."""

import pytest

from wxdesk.desk import routing
from wxdesk.desk.routing import Presence

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def hang_up(boss, visit, **wish):
    """A new screen; what was told about it, and somebody who has its token."""
    told = await boss.post("/api/wallboards", **({"name": "前台"} | wish))
    assert told.status == 201, told
    return told.body, await visit(token=told.body["token"])


async def test_a_screen_reads_numbers_with_its_token_and_nothing_else(boss, visit, desk, agent):
    await desk.conversation(openid="oFollowerAnna")
    told, screen = await hang_up(boss, visit)

    seen = await screen.get("/api/wallboard")

    assert (seen.status, seen.body["figures"]["waiting"]) == (200, 1)
    assert [each["waiting"] for each in seen.body["levels"]] == [0, 0, 0, 1]
    assert [each["kind"] for each in seen.body["tiles"]][:2] == ["waiting", "oldest"]
    assert "oFollowerAnna" not in str(seen.body)
    for path in ("/api/conversations", "/api/monitor", "/api/wallboards", "/api/seats"):
        assert (await screen.get(path)).problem == (401, "not_signed_in")
    assert told["token"].startswith("wxb_")


async def test_a_token_is_told_once_and_ends_when_it_is_taken_away(boss, visit):
    told, screen = await hang_up(boss, visit)
    listed = (await boss.get("/api/wallboards")).body["items"]
    assert [each["name"] for each in listed] == ["前台"]
    assert told["token"] not in str(listed)
    assert "token" not in listed[0]

    assert (await boss.ask("DELETE", f"/api/wallboards/{told['id']}")).status == 204

    assert (await screen.get("/api/wallboard")).problem == (401, "not_signed_in")
    assert (await boss.get("/api/wallboards")).body["items"] == []
    gone = await boss.ask("DELETE", f"/api/wallboards/{told['id']}")
    assert gone.problem == (404, "not_found")


async def test_names_are_on_the_wall_only_where_they_may(boss, visit, desk, runtime, clock):
    agent = await desk.agent()
    async with runtime.db.unit() as unit:
        await routing.set_presence(unit, agent.id, Presence.ONLINE, now=clock.now())
    told, screen = await hang_up(boss, visit)
    hidden = (await screen.get("/api/wallboard")).body["agents"]

    wish = {"name": "前台", "tiles": [{"kind": "agents"}], "shows_names": True}
    changed = await boss.ask("PUT", f"/api/wallboards/{told['id']}", json=wish)
    shown = (await screen.get("/api/wallboard")).body

    assert changed.status == 200
    assert [each["name"] for each in hidden] == [None]
    assert [each["name"] for each in shown["agents"]] == [agent.name]
    assert shown["tiles"] == [{"kind": "agents", "amber": None, "red": None}]


async def test_figures_are_a_second_old_at_most(boss, visit, desk, clock):
    _, screen = await hang_up(boss, visit)
    before = (await screen.get("/api/wallboard")).body
    await desk.conversation()
    kept = (await screen.get("/api/wallboard")).body
    clock.forward(seconds=1)
    later = (await screen.get("/api/wallboard")).body

    assert [each["figures"]["waiting"] for each in (before, kept, later)] == [0, 0, 1]


@on_sqlite
async def test_who_asks_too_often_waits_and_others_do_not(boss, visit, clock):
    _, screen = await hang_up(boss, visit)
    _, other = await hang_up(boss, visit)
    for _ in range(5):
        assert (await screen.get("/api/wallboard")).status == 200

    refused = await screen.get("/api/wallboard")

    assert refused.problem == (429, "too_often")
    assert refused.headers["retry-after"] == "1"
    assert (await other.get("/api/wallboard")).status == 200
    clock.forward(seconds=1)
    assert (await screen.get("/api/wallboard")).status == 200


@on_sqlite
async def test_it_is_known_when_a_screen_last_asked(boss, visit, clock):
    _, screen = await hang_up(boss, visit)
    assert (await boss.get("/api/wallboards")).body["items"][0]["last_seen_at"] is None

    await screen.get("/api/wallboard")

    seen = (await boss.get("/api/wallboards")).body["items"][0]["last_seen_at"]
    assert seen == "2026-03-02T12:00:00Z"


@on_sqlite
async def test_only_supervisors_hang_screens_up(lihua, boss):
    for answer in (
        await lihua.get("/api/wallboards"),
        await lihua.post("/api/wallboards", name="x"),
        await lihua.ask("DELETE", "/api/wallboards/1"),
        await lihua.get("/api/wallboard"),
    ):
        assert answer.problem == (403, "forbidden")
    assert (await boss.get("/api/wallboard")).status == 200


@on_sqlite
@pytest.mark.parametrize("rest", ["", "x", "x" * 43, "\u00e9", "y" * 4000])
async def test_a_token_nobody_was_given_opens_nothing(shop, visit, rest):
    screen = await visit(token=f"wxb_{rest}")

    assert (await screen.get("/api/wallboard")).problem == (401, "not_signed_in")


@on_sqlite
@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 41},
        {"name": "a\0"},
        {"tiles": []},
        {"tiles": [{"kind": "secrets"}]},
        {"tiles": [{"kind": "waiting"}] * 13},
        {"tiles": [{"kind": "waiting", "red": -1}]},
        {"tiles": [{"kind": "waiting", "red": 1e300}]},
        {"timezone": "Mars/Olympus"},
        {"shows_names": "perhaps"},
    ],
)
async def test_a_screen_that_cannot_be_right_is_refused(boss, wrong):
    assert (await boss.post("/api/wallboards", **({"name": "x"} | wrong))).problem[0] == 422


@on_sqlite
async def test_there_are_only_so_many_screens(boss):
    for number in range(100):
        assert (await boss.post("/api/wallboards", name=f"屏{number}")).status == 201

    assert (await boss.post("/api/wallboards", name="x")).problem == (409, "too_many_wallboards")
