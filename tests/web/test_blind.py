"""A blind plan by the API: what agents are shown of who waits, and what they are not, anywhere."""

import json

import pytest

from sse import following
from wxdesk.desk import accounts, contacts, conversations, media, routing
from wxdesk.desk.agents import Role
from wxdesk.desk.routing import Presence, Pull

ANNA = "oFollowerAnna0001"
SECRETS = (ANNA, "安娜", "我要退款")


@pytest.fixture
async def blind(runtime, desk, shop):
    """The plan in force hides who waits; ``await blind(accept_seconds=20)`` changes more of it."""
    admin = await desk.agent(role=Role.ADMIN)

    async def publish(**doc):
        async with runtime.db.unit() as unit:
            unit.session.add(
                routing.PlanVersion(
                    made_at=runtime.clock.now(),
                    by_id=admin.id,
                    published_at=runtime.clock.now(),
                    doc=routing.Plan(blind=True, **doc).as_json(),
                )
            )

    await publish()
    return publish


@pytest.fixture
async def anna(desk, runtime):
    """A conversation in which a known customer waits."""
    talk = await desk.conversation(openid=ANNA, text="我要退款")
    async with runtime.db.unit() as unit:
        await contacts.set_remark(unit, talk.contact_id, "安娜", now=runtime.clock.now())
    return talk


async def answers(browser, talk):
    """Whatever an agent may ask about a conversation and its customer."""
    contact, conversation = f"/api/contacts/{talk.contact_id}", f"/api/conversations/{talk.id}"
    return {
        path: await browser.get(path)
        for path in (
            "/api/conversations",
            "/api/conversations?state=waiting",
            "/api/conversations?view=unowned",
            "/api/conversations?view=overdue",
            "/api/conversations?view=closing",
            conversation,
            f"{conversation}/messages",
            f"{conversation}/parked",
            f"{conversation}/why",
            f"{conversation}/clocks",
            contact,
            f"{contact}/allowance",
            f"{contact}/levels",
        )
    }


def told(answer):
    return json.dumps(answer.body, ensure_ascii=False)


async def test_agents_are_told_the_level_and_how_long_and_nothing_else(blind, lihua, anna):
    found = await answers(lihua, anna)

    for path, answer in found.items():
        assert not [secret for secret in SECRETS if secret in told(answer)], path
    (row,) = found["/api/conversations?state=waiting"].body["items"]
    assert row == found[f"/api/conversations/{anna.id}"].body
    assert (row["hidden"], row["last_message"], row["unread"], row["group"]) == (
        True,
        None,
        0,
        None,
    )
    assert row["contact"]["level"]["name"] == "普通"
    assert row["waiting_since"] is not None
    assert row["contact"]["id"] < 0
    refused = {
        path.rpartition("/")[2]
        for path, answer in found.items()
        if answer.body.get("code") == "hidden"
    }
    assert refused == {"messages", "parked", str(anna.contact_id), "allowance", "levels"}


async def test_searching_tells_nobody_who_waits(blind, lihua, boss, desk, agent, anna):
    other = await desk.conversation(openid="oFollowerBert0002", assignee=agent)

    async def found(browser, words):
        page = (await browser.get("/api/conversations", q=words)).body
        return [each["id"] for each in page["items"]]

    assert await found(lihua, "安娜") == await found(lihua, "Anna") == []
    assert await found(boss, "安娜") == [anna.id]
    assert await found(lihua, "Bert") == [other.id]


async def test_supervisors_and_whoever_takes_it_see_all(blind, lihua, boss, anna):
    for browser in (boss, lihua):
        if browser is lihua:
            taken = (await lihua.post(f"/api/conversations/{anna.id}/take")).body
            assert (taken["hidden"], taken["contact"]["remark"]) == (False, "安娜")
        found = await answers(browser, anna)
        assert {answer.status for answer in found.values()} == {200}
        assert "我要退款" in told(found[f"/api/conversations/{anna.id}/messages"])


async def test_whoever_is_asked_sees_whom_and_nobody_else_does(
    blind, lihua, visit, desk, runtime, agent, anna
):
    colleague = await visit(token=await desk.token(await desk.agent()))
    await blind(accept_seconds=20, pull=Pull.NONE)
    async with runtime.db.unit() as unit:
        await routing.set_presence(unit, agent.id, Presence.ONLINE, now=runtime.clock.now())
    async with runtime.db.unit() as unit:
        await routing.run(unit, now=runtime.clock.now())

    path = f"/api/conversations/{anna.id}"
    assert (await lihua.get(path)).body["contact"]["remark"] == "安娜"
    assert (await lihua.get(f"{path}/messages")).status == 200
    assert (await colleague.get(path)).body["hidden"] is True
    assert (await colleague.get(f"{path}/messages")).problem == (403, "hidden")

    await lihua.post(f"{path}/decline", reason="busy")
    assert (await lihua.get(path)).body["hidden"] is True


async def test_the_stream_tells_agents_no_more_than_the_lists(blind, lihua, boss, desk, anna):
    await desk.write(anna, "在吗")
    last = await desk.conversation(openid="oFollowerBert0002", text="第二位")

    def ends(event):
        return event.kind == "conversation" and event.data["id"] == last.id

    for browser, live in ((lihua, False), (lihua, True), (boss, False)):
        async with following(browser.http, after=None if live else 1) as stream:
            if live:
                await stream.next()
                await desk.write(last, "还在吗")
            await stream.until(ends)
        read = json.dumps([each.data for each in stream.seen], ensure_ascii=False)
        kinds = {each.kind for each in stream.seen} - {"hello"}
        if browser is lihua:
            assert not kinds & {"message", "contact"}
            assert not [each for each in (*SECRETS, "在吗", "第二位", "Bert") if each in read]
        else:
            assert {"conversation", "message"} <= kinds
            assert "我要退款" in read


async def test_what_they_sent_is_hidden_with_them(blind, lihua, boss, runtime, anna):
    async with runtime.db.unit() as unit:
        line = (await conversations.list_messages(unit, anna.id, before=None, limit=1))[0]
        account = (await accounts.list_all(unit))[0]
        now = runtime.clock.now()
        file = media.File(
            sha256="a" * 64,
            content_type="image/png",
            size_bytes=1,
            playable=False,
            created_at=now,
            used_at=now,
        )
        unit.session.add(file)
        await unit.session.flush()
        await media.attach(unit, line.id, account.id, {"media": file}, now=now)

    assert (await lihua.get(f"/api/media/{file.id}")).problem == (403, "hidden")
    assert (await boss.get(f"/api/media/{file.id}")).status != 403


async def test_the_customers_page_does_not_tell_of_who_waits(blind, lihua, boss, anna):
    found = await lihua.post("/api/contacts/search", text="安娜")
    many = await lihua.post("/api/contacts/change", ids=[anna.contact_id], values={})

    assert (found.body["items"], found.body["count"]) == ([], None)
    assert many.body["items"] == [{"id": anna.contact_id, "code": "hidden"}]
    kept = await lihua.ask("PUT", f"/api/contacts/{anna.contact_id}/fields", json={"values": {}})
    assert kept.problem == (403, "hidden")
    told = await lihua.get(f"/api/contacts/{anna.contact_id}/fields/history")
    assert told.problem == (403, "hidden")
    assert len((await boss.post("/api/contacts/search", text="安娜")).body["items"]) == 1
