"""Notes: who may leave one, what they change (nothing but the thread), and who hears of them."""

import pytest
from sqlalchemy import func, select

from wxdesk.desk import agents, conversations, groups, notes, notices, routing
from wxdesk.desk.agents import Agent, Role
from wxdesk.desk.outbox import Delivery

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def note(text="先别退款", **more):
    return {"text": text, "client_id": f"a note of {text}"} | more


async def leave(browser, talk, *args, **more):
    return await browser.post(f"/api/conversations/{talk.id}/notes", **note(*args, **more))


async def thread(browser, talk):
    return (await browser.get(f"/api/conversations/{talk.id}/messages")).body["items"]


async def deliveries(runtime):
    async with runtime.db.reading() as unit:
        return await unit.session.scalar(select(func.count(Delivery.id)))


async def test_it_stands_in_the_thread_and_goes_to_nobody(runtime, lihua, talk, agent):
    before = (await lihua.get(f"/api/conversations/{talk.id}")).body
    left = await leave(lihua, talk, " 先别退款 ")

    assert left.status == 201
    assert (left.body["direction"], left.body["kind"]) == ("note", "note")
    assert (left.body["text"], left.body["state"]) == ("先别退款", None)
    assert left.body["author"]["id"] == agent.id
    assert (await thread(lihua, talk))[-1] == left.body
    assert await deliveries(runtime) == 0
    after = (await lihua.get(f"/api/conversations/{talk.id}")).body
    for unchanged in ("owed_since", "due_at", "due_kind", "last_message", "unread"):
        assert after[unchanged] == before[unchanged]
    assert after["contact"]["allowance"] == before["contact"]["allowance"]


async def test_left_twice_it_is_kept_once(lihua, talk):
    first, again = await leave(lihua, talk), await leave(lihua, talk, text="先别退款")

    assert again.body == first.body
    assert len([each for each in await thread(lihua, talk) if each["direction"] == "note"]) == 1


async def test_whoever_may_see_it_may_leave_one_and_the_owner_hears_of_it(
    lihua, colleague, talk, wang
):
    left = await leave(colleague, talk, "他上周也问过")

    assert (left.status, left.body["author"]["id"]) == (201, wang.id)
    (heard,) = (await lihua.get("/api/notices")).body["items"]
    assert (heard["kind"], heard["text"], heard["by"]["id"]) == ("note", "他上周也问过", wang.id)
    assert (await colleague.get("/api/notices")).body["items"] == []


async def test_whom_it_names_is_told_once_and_nobody_else(lihua, colleague, talk, wang, agent):
    left = await leave(lihua, talk, "@客服2 看一下", mentions=[wang.id, wang.id, agent.id])

    assert {each["id"] for each in left.body["content"]["mentions"]} == {wang.id, agent.id}
    (heard,) = (await colleague.get("/api/notices")).body["items"]
    assert (heard["kind"], heard["conversation_id"]) == ("mention", talk.id)
    assert (heard["contact"]["id"], heard["by"]["id"]) == (talk.contact_id, agent.id)
    assert (await lihua.get("/api/notices")).body["items"] == []
    await leave(lihua, talk, "@客服2 看一下", mentions=[wang.id])
    assert len((await colleague.get("/api/notices")).body["items"]) == 1


async def test_everybody_in_a_group_that_it_names_hears_of_it_once(
    runtime, desk, lihua, colleague, talk, wang, agent
):
    gone = await desk.agent()
    async with runtime.db.unit() as unit:
        (await agents.get(unit, gone.id)).active = False
        one = await groups.add(unit, {"name": "售后"}, [wang.id, agent.id, gone.id])
        two = await groups.add(unit, {"name": "退款"}, [wang.id])

    left = await leave(
        lihua, talk, "@售后 @退款 @客服2", mentions=[wang.id], groups=[two.id, one.id, one.id]
    )

    assert left.body["content"] == {
        "mentions": [{"id": wang.id, "name": wang.name}],
        "groups": [{"id": one.id, "name": "售后"}, {"id": two.id, "name": "退款"}],
    }
    (heard,) = (await colleague.get("/api/notices")).body["items"]
    assert (heard["kind"], heard["facts"]) == ("mention", {})
    assert (await colleague.get(f"/api/conversations/{talk.id}/messages")).status == 200
    assert (await lihua.get("/api/notices")).body["items"] == []
    async with runtime.db.reading() as unit:
        assert (await notices.count_unread(unit, {gone.id}))[gone.id] == 0


async def test_whoever_is_only_in_the_group_is_told_which(runtime, lihua, colleague, talk, wang):
    async with runtime.db.unit() as unit:
        group = await groups.add(unit, {"name": "售后"}, [wang.id])
    await leave(lihua, talk, "@售后", groups=[group.id])

    (heard,) = (await colleague.get("/api/notices")).body["items"]
    assert (heard["kind"], heard["facts"]) == ("mention", {"group": "售后"})


@on_sqlite
async def test_nobody_is_told_where_a_group_is_too_large(runtime, desk, lihua, talk):
    async with runtime.db.unit() as unit:
        crowd = [
            Agent(username=f"c{n}", name=f"c{n}", role=Role.AGENT, password_hash="", created_at=now)
            for n, now in enumerate([runtime.clock.now()] * (notes.MOST_TOLD + 1))
        ]
        unit.session.add_all(crowd)
        await unit.session.flush()
        group = await groups.add(unit, {"name": "所有人"}, [each.id for each in crowd])

    refused = await leave(lihua, talk, "@所有人", groups=[group.id])

    assert refused.problem == (422, "too_many_named")
    assert refused.body["most"] == notes.MOST_TOLD
    assert not [each for each in await thread(lihua, talk) if each["direction"] == "note"]


async def test_a_call_for_help_reaches_its_agent_its_group_and_who_leads(
    runtime, desk, lihua, colleague, visit, talk, wang, agent
):
    boss = await desk.agent(role=Role.SUPERVISOR)
    leader = await visit(token=await desk.token(boss))
    member = await desk.agent()
    inside = await visit(token=await desk.token(member))
    async with runtime.db.unit() as unit:
        group = await groups.add(unit, {"name": "售后"}, [member.id, boss.id])
        (await conversations.get(unit, talk.id)).group_id = group.id
    wish = {"text": "客户要投诉，请帮忙", "client_id": "help with this"}

    asked = await colleague.post(f"/api/conversations/{talk.id}/help", **wish)
    again = await colleague.post(f"/api/conversations/{talk.id}/help", **wish)

    assert asked.status == again.status == 201
    assert (asked.body["direction"], asked.body["kind"]) == ("note", "help")
    assert again.body == asked.body
    for who in (lihua, leader, inside):
        (heard,) = (await who.get("/api/notices")).body["items"]
        assert (heard["kind"], heard["by"]["id"]) == ("help", wang.id)
        assert (heard["text"], heard["conversation_id"]) == (wish["text"], talk.id)
    assert (await colleague.get("/api/notices")).body["items"] == []
    assert await deliveries(runtime) == 0


@on_sqlite
@pytest.mark.parametrize("text", [" ", "x" * 201])
async def test_a_call_for_help_says_what_for(lihua, talk, text):
    path = f"/api/conversations/{talk.id}/help"
    answer = await lihua.post(path, text=text, client_id="help with this")
    assert answer.problem == (422, "invalid")


@on_sqlite
@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"text": "  "}, (422, "invalid")),
        ({"text": "x" * 2001}, (422, "invalid")),
        ({"text": "a\x00"}, (422, "invalid")),
        ({"client_id": "short"}, (422, "invalid")),
        ({"mentions": [9999]}, (404, "not_found")),
        ({"mentions": list(range(1, 30))}, (422, "invalid")),
        ({"groups": [9999]}, (404, "not_found")),
        ({"groups": list(range(1, 7))}, (422, "invalid")),
    ],
)
async def test_what_cannot_be_right_is_refused(lihua, talk, wrong, problem):
    assert (await leave(lihua, talk, **wrong)).problem == problem
    assert not [each for each in await thread(lihua, talk) if each["direction"] == "note"]


async def test_none_is_left_where_it_has_ended(lihua, talk):
    await lihua.post(f"/api/conversations/{talk.id}/close")
    assert (await leave(lihua, talk)).problem == (409, "conversation_closed")
    call = await lihua.post(f"/api/conversations/{talk.id}/help", **note("帮忙"))
    assert call.problem == (409, "conversation_closed")


@on_sqlite
async def test_none_is_left_with_somebody_who_is_hidden(runtime, desk, lihua):
    admin = await desk.agent(role=Role.ADMIN)
    async with runtime.db.unit() as unit:
        doc = routing.Plan(blind=True).as_json()
        now = runtime.clock.now()
        unit.session.add(
            routing.PlanVersion(made_at=now, by_id=admin.id, published_at=now, doc=doc)
        )
    waits = await desk.conversation()

    assert (await leave(lihua, waits)).problem == (403, "hidden")
    call = await lihua.post(f"/api/conversations/{waits.id}/help", **note("帮忙"))
    assert call.problem == (403, "hidden")
    async with runtime.db.reading() as unit:
        found = await conversations.list_messages(unit, waits.id, before=None, limit=10)
    assert [each.kind for each in found] == ["text"]


@on_sqlite
async def test_a_whisper_tells_whoever_has_it(visit, desk, lihua, talk):
    boss = await visit(token=await desk.token(await desk.agent(role=Role.SUPERVISOR)))
    await boss.post(f"/api/conversations/{talk.id}/whisper", text="语气缓和一点")

    (heard,) = (await lihua.get("/api/notices")).body["items"]
    assert (heard["kind"], heard["text"]) == ("note", "语气缓和一点")
