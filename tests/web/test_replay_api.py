"""Replays by the API: who may ask, what is refused, what is told."""

import asyncio

import pytest

from patient import PATIENCE_SECONDS
from wxdesk.desk.agents import Role
from wxdesk.worker.replays import Replayer

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY = "2026-03-01"


@pytest.fixture
async def supervisor(visit, desk):
    await desk.account()
    return await visit(token=await desk.token(await desk.agent(role=Role.SUPERVISOR)))


@pytest.fixture
async def somebody(visit, desk):
    return await visit(token=await desk.token(await desk.agent()))


async def test_a_replay_is_asked_for_and_read(supervisor, runtime):
    asked = await supervisor.post("/api/routing/replay", day=DAY, doc={})
    assert asked.status == 202
    path = f"/api/routing/replay/{asked.body['id']}"
    begun = (await supervisor.get(path)).body
    assert (begun["progress"], begun["result"], begun["error"]) == (0, None, None)
    assert (await supervisor.get("/api/routing/replay")).body["items"] == [begun]
    assert begun["doc"]["pull"] == "any"
    assert (begun["since"], begun["until"]) == ("2026-02-28T16:00:00Z", "2026-03-01T16:00:00Z")
    again = await supervisor.post("/api/routing/replay", day=DAY, doc={})
    assert again.problem == (409, "replay_runs")

    replayer = Replayer(runtime)
    await replayer.begin_due()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await supervisor.get(path)).body["result"] is None:
            await asyncio.sleep(0.02)
    await replayer.finish()

    assert (await supervisor.get(path)).body["progress"] == 1
    assert (await supervisor.post("/api/routing/replay", day=DAY, doc={})).status == 202


@on_sqlite
async def test_what_cannot_be_replayed_is_refused(supervisor, somebody):
    async def refused(**wish):
        return (await supervisor.post("/api/routing/replay", **wish)).problem

    assert await refused(day=DAY) == (404, "no_draft")
    assert (await refused(day="2026-03-03", doc={}))[0] == 422
    assert (await refused(day="x", doc={}))[0] == 422
    assert (await refused(day=DAY, doc={}, timezone="Mars"))[0] == 422
    bad = {"routes": [{"name": "a", "match": "regex", "words": ["("]}]}
    assert await refused(day=DAY, doc=bad) == (422, "plan_invalid")
    assert (await supervisor.get("/api/routing/replay/9")).problem == (404, "not_found")
    assert (await somebody.get("/api/routing/replay")).problem == (403, "forbidden")
    answer = await somebody.post("/api/routing/replay", day=DAY, doc={})
    assert answer.problem == (403, "forbidden")
