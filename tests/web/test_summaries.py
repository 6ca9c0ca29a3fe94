"""Summaries: the tree of categories, ending with one, putting it off, giving it later."""

import pytest

from wxdesk.desk import groups
from wxdesk.desk.agents import Role
from wxdesk.desk.routing import Plan, PlanVersion

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def boss(visit, desk):
    return await visit(token=await desk.token(await desk.agent(role=Role.SUPERVISOR)))


@pytest.fixture
async def other(visit, desk):
    return await visit(token=await desk.token(await desk.agent()))


@pytest.fixture
async def refund(admin):
    """售后 › 退款, which somebody can choose."""
    top = (await add(admin, "售后")).body
    return (await add(admin, "退款", below=top)).body


@pytest.fixture
async def strict(runtime, agent):
    """A group that wants summaries."""
    async with runtime.db.unit() as unit:
        return await groups.add(unit, {"name": "售后组", "needs_summary": True}, [agent.id])


async def add(admin, name, *, below=None):
    parent = below["id"] if below else None
    return await admin.post("/api/summary-categories", name=name, parent_id=parent)


async def categories(who):
    return (await who.get("/api/summary-categories")).body


def path(talk, act):
    return f"/api/conversations/{talk.id}/{act}"


def summed(category, result="solved", note=""):
    return {"category_id": category["id"], "result": result, "note": note}


async def of_group(runtime, desk, group, agent):
    """A conversation of the agent's that belongs to the group."""
    talk = await desk.conversation(assignee=agent)
    async with runtime.db.unit() as unit:
        kept = await unit.session.get(type(talk), talk.id)
        kept.group_id = group.id
    return talk


async def pending(who):
    return [each["id"] for each in (await who.get("/api/summaries/pending")).body["items"]]


async def test_a_conversation_is_ended_and_summed_up(lihua, desk, agent, refund):
    talk = await desk.conversation(assignee=agent)
    ended = (await lihua.post(path(talk, "close"), summary=summed(refund, note=" 已退 "))).body

    assert (ended["state"], ended["needs_summary"]) == ("closed", False)
    given = ended["summary"]
    assert (given["category"], given["result"], given["note"]) == (
        ["售后", "退款"],
        "solved",
        "已退",
    )
    assert given["by"]["id"] == agent.id
    assert (await lihua.get(f"/api/conversations/{talk.id}")).body == ended
    assert (await categories(lihua))["recent"] == [refund["id"]]
    assert await pending(lihua) == []


async def test_ending_without_one_is_as_it_was(lihua, desk, agent):
    talk = await desk.conversation(assignee=agent)
    ended = (await lihua.post(path(talk, "close"))).body

    assert (ended["state"], ended["summary"], ended["needs_summary"]) == ("closed", None, False)
    assert await pending(lihua) == []


async def test_where_it_is_wanted_it_may_be_put_off_five_times(
    lihua, desk, agent, runtime, strict, refund
):
    talks = [await of_group(runtime, desk, strict, agent) for _ in range(6)]
    for talk in talks[:5]:
        before = (await lihua.get(f"/api/conversations/{talk.id}")).body
        ended = (await lihua.post(path(talk, "close"))).body
        assert (before["needs_summary"], ended["needs_summary"]) == (True, True)
    assert await pending(lihua) == [each.id for each in talks[:5]]

    refused = await lihua.post(path(talks[5], "close"))
    assert refused.problem == (409, "summary_required")
    assert (await lihua.get(f"/api/conversations/{talks[5].id}")).body["state"] == "active"

    given = await lihua.ask("PUT", path(talks[0], "summary"), json=summed(refund, "unsolved"))
    assert (given.status, given.body["needs_summary"]) == (200, False)
    assert given.body["version"] > 1
    assert (await lihua.post(path(talks[5], "close"))).status == 200
    assert await pending(lihua) == [each.id for each in talks[1:]]


async def test_nobody_owes_one_for_what_somebody_else_had(
    lihua, boss, desk, agent, runtime, strict
):
    talk = await of_group(runtime, desk, strict, agent)
    ended = (await boss.post(path(talk, "close"))).body

    assert (ended["needs_summary"], ended["summary"]) == (False, None)
    assert await pending(lihua) == await pending(boss) == []


async def test_whoever_had_it_sums_it_up_later_and_supervisors_do(
    lihua, boss, other, desk, agent, refund
):
    talk = await desk.conversation(assignee=agent)
    early = await lihua.ask("PUT", path(talk, "summary"), json=summed(refund))
    assert early.problem == (409, "conversation_open")
    await lihua.post(path(talk, "close"))

    refused = await other.ask("PUT", path(talk, "summary"), json=summed(refund))
    mine = (await lihua.ask("PUT", path(talk, "summary"), json=summed(refund))).body
    theirs = (await boss.ask("PUT", path(talk, "summary"), json=summed(refund, "passed_on"))).body

    assert refused.problem == (403, "summary_forbidden")
    assert (mine["summary"]["result"], theirs["summary"]["result"]) == ("solved", "passed_on")
    assert theirs["summary"]["by"]["id"] != agent.id
    assert theirs["version"] > mine["version"]


async def test_giving_it_ends_the_wrap_up(lihua, desk, agent, runtime, clock, refund):
    async with runtime.db.unit() as unit:
        now, doc = clock.now(), Plan(wrap_up_seconds=60).as_json()
        unit.session.add(PlanVersion(made_at=now, by_id=agent.id, published_at=now, doc=doc))
    await lihua.ask("PUT", "/api/presence", json={"presence": "online"})
    for at_once in (True, False):
        talk = await desk.conversation(assignee=agent)
        await desk.reply(talk, agent)
        wish = {"summary": summed(refund)} if at_once else {}
        await lihua.post(path(talk, "close"), **wish)
        seat = (await lihua.get("/api/presence")).body
        assert (seat["wraps_up_until"] is None) == at_once
        await lihua.ask("PUT", path(talk, "summary"), json=summed(refund))
        seat = (await lihua.get("/api/presence")).body
        assert (seat["wraps_up_until"], seat["load"]) == (None, 0)


@on_sqlite
@pytest.mark.parametrize(
    "wrong", [{"category_id": 77}, {"result": "maybe"}, {"note": "x" * 501}, {"note": "\x00"}]
)
async def test_what_cannot_be_right_leaves_it_open(lihua, desk, agent, refund, wrong):
    talk = await desk.conversation(assignee=agent)
    refused = await lihua.post(path(talk, "close"), summary=summed(refund) | wrong)

    assert refused.status == 422
    assert (await lihua.get(f"/api/conversations/{talk.id}")).body["state"] == "active"


@on_sqlite
async def test_one_chooses_as_exactly_as_they_go(lihua, desk, agent, refund):
    talk = await desk.conversation(assignee=agent)
    vague = {"id": refund["parent_id"]}
    refused = await lihua.post(path(talk, "close"), summary=summed(vague))
    assert (refused.problem, refused.body["problem"]) == ((422, "summary_invalid"), "not_exact")


async def test_categories_are_found_by_pinyin_ordered_renamed_and_at_most_three_deep(
    admin, lihua, refund
):
    deep = (await add(admin, "未发货", below=refund)).body
    first = (await add(admin, "咨询")).body
    assert deep["find"] == "weifahuo wfh"
    assert (await add(admin, "太深", below=deep)).problem == (422, "category_invalid")
    assert (await add(admin, "咨询")).problem == (409, "category_name_taken")
    assert (await lihua.post("/api/summary-categories", name="我的")).status == 403

    top = [refund["parent_id"], first["id"]]
    order = {"parent_id": None, "ids": top[::-1]}
    await admin.ask("PUT", "/api/summary-categories/order", json=order)
    stale = await admin.ask(
        "PUT", "/api/summary-categories/order", json={"parent_id": None, "ids": top[:1]}
    )
    await admin.patch(f"/api/summary-categories/{first['id']}", name="售前")

    assert stale.problem == (409, "categories_changed")
    items = (await categories(lihua))["items"]
    assert [each["name"] for each in items if each["parent_id"] is None] == ["售前", "售后"]


async def test_what_was_used_is_retired_and_the_rest_is_gone(admin, lihua, desk, agent, refund):
    never = (await add(admin, "换货", below={"id": refund["parent_id"]})).body
    talk = await desk.conversation(assignee=agent)
    await lihua.post(path(talk, "close"), summary=summed(refund))

    retired = await admin.ask("DELETE", f"/api/summary-categories/{refund['parent_id']}")
    assert retired.status == 204
    assert await categories(lihua) == {"items": [], "recent": []}
    kept = (await admin.get("/api/summary-categories/kept")).body["items"]
    assert {each["name"]: each["used"] for each in kept} == {"售后": 0, "退款": 1}
    assert never["id"] not in {each["id"] for each in kept}
    shown = (await lihua.get(f"/api/conversations/{talk.id}")).body["summary"]
    assert shown["category"] == ["售后", "退款"]
    again = await lihua.ask("PUT", path(talk, "summary"), json=summed(refund, note="补充"))
    assert again.body["summary"]["note"] == "补充"

    await admin.post(f"/api/summary-categories/{refund['id']}/bring-back")
    assert [each["name"] for each in (await categories(lihua))["items"]] == ["售后", "退款"]
