"""A supervisor writes into a colleague's conversation: who may, what is marked, when it is over."""

import pytest

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def said(text, **more):
    return {"kind": "text", "text": text, "client_id": f"a draft of {text}"} | more


async def join(boss, talk, reason="客户着急"):
    return await boss.post(f"/api/conversations/{talk.id}/join", reason=reason)


async def reply(browser, talk, text):
    return await browser.post(f"/api/conversations/{talk.id}/replies", **said(text))


async def messages(browser, talk):
    return (await browser.get(f"/api/conversations/{talk.id}/messages")).body["items"]


async def test_whoever_joins_writes_and_it_stays_its_agents(boss, lihua, talk, agent):
    assert (await reply(boss, talk, "太早")).problem == (409, "not_assigned")

    joined = (await join(boss, talk)).body
    sent = await reply(boss, talk, "我是主管")
    owned = await reply(lihua, talk, "我来跟进")

    assert joined["assignee"]["id"] == agent.id
    assert [each["id"] for each in joined["joined"]] == [sent.body["author"]["id"]]
    assert (sent.status, sent.body["content"]) == (201, {"joined": True})
    assert (owned.status, owned.body["content"]) == (201, {})
    line = next(each for each in await messages(lihua, talk) if each["kind"] == "joined")
    assert line["content"] == {"reason": "客户着急"}
    assert line["author"]["id"] == sent.body["author"]["id"]


async def test_their_answer_is_an_answer(boss, talk):
    assert talk.owed_since is not None
    await join(boss, talk)
    await reply(boss, talk, "您好")

    seen = (await boss.get(f"/api/conversations/{talk.id}")).body
    assert (seen["owed_since"], seen["due_kind"]) == (None, None)


async def test_joining_is_kept_once_and_leaving_ends_it(boss, talk):
    before = (await join(boss, talk)).body
    again = (await join(boss, talk)).body
    left = (await boss.post(f"/api/conversations/{talk.id}/leave")).body
    twice = (await boss.post(f"/api/conversations/{talk.id}/leave")).body

    assert again == before
    assert left["joined"] == twice["joined"] == []
    assert left["version"] > before["version"]
    assert (await reply(boss, talk, "还在吗")).problem == (409, "not_assigned")
    kinds = [each["kind"] for each in await messages(boss, talk)]
    assert (kinds.count("joined"), kinds.count("left")) == (1, 1)
    acts = (await boss.get("/api/routing/log", conversation=talk.id)).body["items"]
    assert [each["act"] for each in acts] == ["left", "joined"]


async def test_what_is_not_somebody_elses_cannot_be_joined(boss, desk, runtime, talk):
    waits = await desk.conversation()
    assert (await join(boss, waits)).problem == (409, "nothing_to_join")

    await boss.post(f"/api/conversations/{talk.id}/take-over", reason="我来")
    assert (await join(boss, talk)).problem == (409, "nothing_to_join")
    await boss.post(f"/api/conversations/{talk.id}/close")
    assert (await join(boss, talk)).problem == (409, "conversation_closed")


async def test_whoever_takes_over_has_left_and_the_end_ends_it(boss, lihua, desk, talk, agent):
    await join(boss, talk)
    taken = (await boss.post(f"/api/conversations/{talk.id}/take-over", reason="我来处理")).body
    assert taken["joined"] == []
    await boss.post(f"/api/conversations/{talk.id}/assign", agent_id=agent.id, reason="还给你")
    assert (await reply(boss, talk, "不该有")).problem == (409, "not_assigned")

    await join(boss, talk)
    await lihua.post(f"/api/conversations/{talk.id}/close")
    assert (await reply(boss, talk, "晚了")).problem == (409, "conversation_closed")


async def test_whoever_joins_takes_back_only_what_they_wrote(boss, lihua, talk):
    theirs = (
        await lihua.post(f"/api/conversations/{talk.id}/replies", **said("停", park=True))
    ).body
    await join(boss, talk)
    own = (await boss.post(f"/api/conversations/{talk.id}/replies", **said("先停", park=True))).body

    async def discard(browser, message):
        return await browser.ask("DELETE", f"/api/messages/{message['id']}/parked")

    assert (await discard(boss, theirs)).problem == (409, "not_assigned")
    assert (await discard(boss, own)).status == 204
    assert (await discard(lihua, theirs)).status == 204


@on_sqlite
async def test_agents_do_not_join_and_nobody_without_a_reason(visit, desk, boss, talk):
    colleague = await visit(token=await desk.token(await desk.agent()))

    assert (await join(colleague, talk)).problem == (403, "forbidden")
    assert (await join(boss, talk, reason=" ")).problem[0] == 422
