"""Drafts: one's own, the same on all one's screens, the newer one wins, gone when sent."""

from datetime import timedelta

import pytest

from sse import following
from wxdesk.desk.agents import Role
from wxdesk.worker.retention import forget_old

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def phone(visit, agent):
    """Another screen of the same agent."""
    browser = await visit()
    assert (await browser.sign_in("lihua")).status == 200
    return browser


async def write(browser, talk, text, mode="reply", **more):
    wish = {"text": text, "mode": mode} | more
    return await browser.ask("PUT", f"/api/conversations/{talk.id}/draft", json=wish)


async def drafts(browser):
    items = (await browser.get("/api/drafts")).body["items"]
    return {(each["conversation_id"], each["mode"]): each["text"] for each in items}


async def test_each_mode_has_its_own_and_all_screens_show_it(lihua, phone, talk):
    kept = await write(lihua, talk, "您好，")
    await write(lihua, talk, "别退", mode="note")
    assert (kept.status, kept.body["text"]) == (200, "您好，")

    assert await drafts(phone) == {(talk.id, "reply"): "您好，", (talk.id, "note"): "别退"}


async def test_the_newer_one_wins_whoever_comes_last(lihua, phone, talk, clock):
    now = clock.now()
    clock.forward(minutes=1)
    newer = await write(phone, talk, "新", written_at=(now + timedelta(seconds=9)).isoformat())
    older = await write(lihua, talk, "旧", written_at=(now + timedelta(seconds=5)).isoformat())
    assert older.body == newer.body

    ahead = await write(lihua, talk, "快钟", written_at=(now + timedelta(days=9)).isoformat())
    assert (ahead.body["text"], ahead.body["version"]) == ("快钟", 2)
    assert ahead.body["written_at"] <= clock.now().isoformat().replace("+00:00", "Z")


async def test_it_is_told_to_ones_own_screens_and_to_nobody_else(visit, desk, lihua, talk, agent):
    await desk.agent("boss", role=Role.SUPERVISOR)
    boss = await visit()
    await boss.sign_in("boss")
    async with following(lihua.http) as own, following(boss.http) as others:
        await own.next()
        await others.next()
        kept = await write(lihua, talk, "您好")
        told = await own.until(lambda event: event.kind == "draft")
        await boss.ask("PUT", "/api/presence", json={"presence": "online"})
        await others.until(lambda event: event.kind == "seat")

    assert told.data == kept.body
    assert "draft" not in {each.kind for each in others.seen}
    assert await drafts(boss) == {}


@pytest.mark.parametrize(("of", "place"), [("reply", "replies"), ("note", "notes")])
async def test_what_was_sent_is_a_draft_no_more_and_anything_else_stays(lihua, talk, of, place):
    await write(lihua, talk, "您好 ", mode=of)
    other = "note" if of == "reply" else "reply"
    await write(lihua, talk, "您好", mode=other)

    said = {"kind": "text"} if of == "reply" else {}
    path = f"/api/conversations/{talk.id}/{place}"
    assert (await lihua.post(path, text="别的", client_id="another line", **said)).status == 201
    assert (await drafts(lihua))[talk.id, of] == "您好 "
    assert (await lihua.post(path, text="您好", client_id="the line itself", **said)).status == 201

    assert await drafts(lihua) == {(talk.id, of): "", (talk.id, other): "您好"}


@on_sqlite
@pytest.mark.parametrize("wrong", [{"text": "x" * 10_001}, {"text": "a\x00"}, {"mode": "shout"}])
async def test_what_cannot_be_right_is_refused(lihua, talk, wrong):
    answer = await write(lihua, talk, **{"text": "好", "mode": "reply"} | wrong)
    assert answer.problem == (422, "invalid")


@on_sqlite
async def test_nothing_is_written_where_there_is_no_conversation(lihua, talk):
    talk.id = 9999
    assert (await write(lihua, talk, "好")).problem == (404, "not_found")


@on_sqlite
async def test_what_was_sent_long_ago_is_forgotten_and_nothing_else(
    runtime, clock, lihua, talk, visit, desk, agent
):
    await write(lihua, talk, "写了一半")
    await write(lihua, talk, "发了", mode="note")
    await write(lihua, talk, "", mode="note")
    clock.forward(days=8)
    await forget_old(runtime)

    program = await visit(token=await desk.token(agent))
    assert await drafts(program) == {(talk.id, "reply"): "写了一半"}
