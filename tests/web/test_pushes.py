"""The push that a message came with: who is shown it, what of it is covered, and how long."""

import pytest

from wxdesk.desk import conversations, intake
from wxdesk.desk.agents import Role

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def talk(desk, agent):
    return await desk.conversation(openid="oCustomer", text="订单 & <b>", assignee=agent)


@pytest.fixture
async def message(runtime, talk):
    async with runtime.db.reading() as unit:
        found = await conversations.list_messages(unit, talk.id, before=None, limit=10)
    return next(each for each in found if each.direction is conversations.Direction.IN)


async def test_admins_are_shown_it_as_it_came_and_it_is_written_down(admin, lihua, talk, message):
    shown = await admin.post(f"/api/messages/{message.id}/push")

    assert shown.status == 200
    assert (shown.body["id"], shown.body["kind"]) == (message.push_id, "text")
    assert (shown.body["openid"], shown.body["msg_id"]) == ("oCustomer", shown.body["msg_id"])
    assert "<Content><![CDATA[订单 & <b>]]></Content>" in shown.body["body"]
    assert f"<MsgId>{shown.body['msg_id']}</MsgId>" in shown.body["body"]
    timeline = await lihua.get(f"/api/contacts/{talk.contact_id}/timeline", kind="change")
    (line,) = timeline.body["items"]
    assert (line["what"], line["message_id"]) == ("push_shown", message.id)
    assert line["by"] is not None


async def test_it_is_forgotten_in_time_and_then_says_so(admin, runtime, clock, message):
    clock.forward(days=intake.KEPT_FOR.days, seconds=1)
    async with runtime.db.unit() as unit:
        await intake.forget_done_before(unit, clock.now() - intake.KEPT_FOR)

    refused = await admin.post(f"/api/messages/{message.id}/push")

    assert refused.problem == (404, "push_forgotten")
    assert refused.body["days"] == 30


@on_sqlite
async def test_a_reply_came_with_none(admin, desk, talk, agent):
    said = await desk.reply(talk, agent, "您好")
    assert (await admin.post(f"/api/messages/{said.id}/push")).problem == (404, "not_found")


@on_sqlite
@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR])
async def test_nobody_else_is_shown_it(visit, desk, talk, message, lihua, role):
    other = await visit(token=await desk.token(await desk.agent(role=role)))
    refused = await other.post(f"/api/messages/{message.id}/push")
    assert refused.problem == (403, "forbidden")
    timeline = await lihua.get(f"/api/contacts/{talk.contact_id}/timeline", kind="change")
    assert timeline.body["items"] == []


@on_sqlite
async def test_what_opens_something_is_covered(admin, desk, runtime, talk):
    more = "<Ticket><![CDATA[gQHq8DwAAAAAAAAAAS5odHRw]]></Ticket>"
    kept = await desk.push(desk.event_xml("oCustomer", "SCAN", key="保修卡", more=more))
    await desk.write(talk, "在吗")
    async with runtime.db.reading() as unit:
        found = await conversations.list_messages(unit, talk.id, before=None, limit=10)
    (scan,) = [each for each in found if each.push_id == kept.id]

    shown = await admin.post(f"/api/messages/{scan.id}/push")

    assert "gQHq8Dw" not in shown.body["body"]
    assert "<Ticket><![CDATA[****]]></Ticket>" in shown.body["body"]
    assert "<![CDATA[保修卡]]>" in shown.body["body"]
