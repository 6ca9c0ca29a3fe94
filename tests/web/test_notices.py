"""The bell: who is told of what, read on one screen and everywhere, and by nobody else."""

import pytest

from sse import following
from wxdesk.desk import notices, routing
from wxdesk.desk.notices import Kind, Notice
from wxdesk.desk.routing import Presence
from wxdesk.worker.clocks import notice_due
from wxdesk.worker.retention import forget_old

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def wang(desk, runtime):
    """A colleague who is here."""
    agent = await desk.agent("wangmin")
    async with runtime.db.unit() as unit:
        await routing.set_presence(unit, agent.id, Presence.ONLINE, now=runtime.clock.now())
    return agent


async def heard(browser):
    items = (await browser.get("/api/notices")).body["items"]
    return [(each["kind"], each["text"]) for each in items]


async def tell(runtime, agent, count=1):
    async with runtime.db.unit() as unit:
        rows = [
            Notice(agent_id=agent.id, kind=Kind.NOTE, text=str(at), at=runtime.clock.now())
            for at in range(count)
        ]
        await notices.add(unit, rows)
    return [each.id for each in rows]


async def test_to_whom_it_is_handed_over_is_told(lihua, colleague, talk, wang):
    path = f"/api/conversations/{talk.id}/transfer"
    assert (await lihua.post(path, agent_id=wang.id, message="他要发票")).status == 200

    assert await heard(colleague) == [("handed_over", "他要发票")]
    assert await heard(lihua) == []


async def test_whose_it_was_is_told_who_has_it_now_and_why(
    boss, lihua, colleague, desk, wang, agent
):
    first, second, third = [await desk.conversation(assignee=agent) for _ in range(3)]
    await boss.post(f"/api/conversations/{first.id}/take-over", reason="我来处理")
    await boss.post(f"/api/conversations/{second.id}/assign", agent_id=wang.id, reason="她懂")
    await boss.post(f"/api/conversations/{third.id}/force-close", reason="广告")

    assert await heard(lihua) == [
        ("closed", "广告"),
        ("taken_over", "她懂"),
        ("taken_over", "我来处理"),
    ]
    assert await heard(colleague) == [("handed_over", "她懂")]
    assert await heard(boss) == []


async def test_ones_own_clocks_are_told_once_and_nobody_elses(
    runtime, clock, lihua, colleague, talk, desk
):
    await desk.conversation()  # nobody has it: nobody is told
    for _ in range(3):
        clock.forward(seconds=130)
        while await notice_due(runtime):
            pass

    assert await heard(lihua) == [("breach", ""), ("warning", "")]
    (late, early) = (await lihua.get("/api/notices")).body["items"]
    assert late["facts"] == early["facts"] == {"clock": "first"}
    assert (late["conversation_id"], late["by"]) == (talk.id, None)
    assert await heard(colleague) == []


async def test_they_are_read_in_pages_and_counted(runtime, lihua, agent):
    ids = await tell(runtime, agent, 5)

    first = (await lihua.get("/api/notices", limit=2)).body
    second = (await lihua.get("/api/notices", limit=2, cursor=first["next"])).body
    last = (await lihua.get("/api/notices", limit=2, cursor=second["next"])).body

    seen = [each["id"] for page in (first, second, last) for each in page["items"]]
    assert seen == sorted(ids, reverse=True)
    assert (last["next"], first["bell"]["unread"]) == (None, 5)


async def test_read_here_they_are_read_everywhere(runtime, lihua, agent):
    first, second, third = await tell(runtime, agent, 3)
    async with following(lihua.http) as stream:
        await stream.next()
        some = await lihua.post("/api/notices/read", ids=[second])
        told = await stream.until(lambda event: event.kind == "bell")
        assert some.body == told.data == {"id": agent.id, "unread": 2, "muted": []}
        rest = await lihua.post("/api/notices/read", up_to=third)
        told = await stream.until(lambda event: event.kind == "bell")

    assert rest.body["unread"] == told.data["unread"] == 0
    read = {each.data["id"] for each in stream.seen if each.kind == "notice"}
    assert read == {first, second, third}
    assert all(each.data["read_at"] for each in stream.seen if each.kind == "notice")
    assert (await lihua.post("/api/notices/read")).status == 422


async def test_nobody_else_reads_them_supervisors_included(runtime, lihua, boss, agent):
    (notice,) = await tell(runtime, agent)
    assert (await boss.post("/api/notices/read", ids=[notice])).body["unread"] == 0
    assert (await lihua.get("/api/notices")).body["bell"]["unread"] == 1

    async with following(boss.http) as others, following(lihua.http) as own:
        await others.next()
        await own.next()
        await tell(runtime, agent)
        heard_of = await own.until(lambda event: event.kind == "bell")
        await boss.ask("PUT", "/api/presence", json={"presence": "online"})
        await others.until(lambda event: event.kind == "seat")
    assert heard_of.data["unread"] == 2
    assert not {each.kind for each in others.seen} & {"notice", "bell"}

    async with following(boss.http, after=0) as replayed:
        await replayed.until(lambda event: event.kind in ("seat", "reset"))
    assert not {each.kind for each in replayed.seen} & {"notice", "bell"}


async def test_what_is_muted_is_not_kept(runtime, lihua, agent):
    muted = await lihua.ask("PUT", "/api/notices/muted", json={"kinds": ["note", "warning"]})
    assert muted.body == {"id": agent.id, "unread": 0, "muted": ["note", "warning"]}
    await tell(runtime, agent)
    assert await heard(lihua) == []

    await lihua.ask("PUT", "/api/notices/muted", json={"kinds": []})
    await tell(runtime, agent)
    assert len(await heard(lihua)) == 1


async def test_what_is_muted_counts_no_more_on_any_screen(runtime, lihua, visit, agent):
    phone = await visit()
    await phone.sign_in("lihua")
    await tell(runtime, agent, 2)
    async with following(phone.http) as stream:
        await stream.next()
        muted = await lihua.ask("PUT", "/api/notices/muted", json={"kinds": ["note"]})
        told = await stream.until(lambda event: event.kind == "bell")

    assert muted.body == told.data == {"id": agent.id, "unread": 0, "muted": ["note"]}
    assert (await phone.get("/api/notices")).body["bell"] == told.data
    loud = await lihua.ask("PUT", "/api/notices/muted", json={"kinds": ["mention"]})
    assert loud.body["unread"] == 2


@on_sqlite
async def test_old_ones_are_forgotten(runtime, clock, visit, desk, agent):
    await tell(runtime, agent, 2)
    clock.forward(days=29)
    (kept,) = await tell(runtime, agent)
    clock.forward(days=2)
    await forget_old(runtime)

    program = await visit(token=await desk.token(agent))
    page = (await program.get("/api/notices")).body
    assert [each["id"] for each in page["items"]] == [kept]
    assert page["bell"]["unread"] == 1
