"""Searching by the API: what is found, by whom, page by page, and what is refused."""

import asyncio

import pytest

from wxdesk.desk import notes, routing
from wxdesk.worker.search import Indexer

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def indexed(runtime):
    """Called: all that was said until now can be found."""

    async def look():
        indexer = Indexer(runtime)
        while await indexer.look():
            pass

    return look


def said(page):
    return ["".join(part["text"] for part in hit["parts"]) for hit in page["items"]]


async def test_people_messages_and_notes_are_found(lihua, desk, agent, runtime, clock, indexed):
    talk = await desk.conversation(text="我要退款，谢谢", assignee=agent)
    await lihua.patch(f"/api/contacts/{talk.contact_id}", remark="退款王女士")
    async with runtime.db.unit() as unit:
        await notes.leave(unit, talk.id, agent_id=agent.id, text="退款已批", now=clock.now())
    await indexed()

    found = (await lihua.get("/api/search?q=退款")).body

    (person,) = found["people"]["items"]
    assert (person["contact"]["remark"], person["conversation_id"]) == ("退款王女士", talk.id)
    (hit,) = found["messages"]["items"]
    assert hit["conversation"]["id"] == talk.id
    assert hit["conversation"]["assignee"]["name"] == agent.name
    assert hit["contact"]["remark"] == "退款王女士"
    assert [part for part in hit["parts"] if part["hit"]] == [{"text": "退款", "hit": True}]
    assert said(found["notes"]) == ["退款已批"]
    assert found["notes"]["items"][0]["author"]["name"] == agent.name
    assert [found[group]["count"] for group in ("people", "messages", "notes")] == [1, 1, 1]
    assert found["messages"]["kinds"] == {"text": 1}
    assert found["unindexed"] == 0


async def test_pages_follow_each_other(lihua, desk, indexed):
    for n in range(5):
        await desk.conversation(text=f"退款{n}")
    await indexed()

    first = (await lihua.get("/api/search?q=退款&of=messages&limit=3")).body
    second = (
        await lihua.get(
            f"/api/search?q=退款&of=messages&limit=3&cursor={first['messages']['next']}"
        )
    ).body

    assert first["people"] is None
    assert said(first["messages"]) == ["退款4", "退款3", "退款2"]
    assert first["messages"]["count"] == 5
    assert said(second["messages"]) == ["退款1", "退款0"]
    assert (second["messages"]["next"], second["messages"]["count"]) == (None, None)


async def test_people_are_paged_by_when_they_were_seen(lihua, desk, clock, indexed):
    for n in range(3):
        clock.forward(seconds=60)
        talk = await desk.conversation()
        await lihua.patch(f"/api/contacts/{talk.contact_id}", remark=f"王{n}")
    await indexed()

    names, cursor = [], ""
    while cursor is not None:
        page = (await lihua.get(f"/api/search?q=王&of=people&limit=1&cursor={cursor}")).body
        names += [each["contact"]["remark"] for each in page["people"]["items"]]
        cursor = page["people"]["next"]

    assert names == ["王2", "王1", "王0"]


async def test_inside_a_conversation_messages_and_notes_are_found(lihua, desk, agent, indexed):
    talk = await desk.conversation(text="退款一", assignee=agent)
    await desk.conversation(text="退款二")
    await indexed()

    found = await lihua.get(f"/api/conversations/{talk.id}/search?q=退款")

    assert (said(found.body), found.body["count"]) == (["退款一"], 1)
    gone = await lihua.get("/api/conversations/999/search?q=退款")
    assert gone.problem == (404, "not_found")


async def test_who_may_not_see_who_waits_does_not_find_them(
    lihua, desk, agent, runtime, clock, indexed
):
    talk = await desk.conversation(text="我在等退款")
    await lihua.patch(f"/api/contacts/{talk.contact_id}", remark="等退款的人")
    await indexed()

    async with runtime.db.unit() as unit:
        unit.session.add(
            routing.PlanVersion(
                made_at=clock.now(),
                by_id=agent.id,
                published_at=clock.now(),
                doc=routing.Plan(blind=True).as_json(),
            )
        )
    hidden = (await lihua.get("/api/search?q=退款")).body
    inside = await lihua.get(f"/api/conversations/{talk.id}/search?q=退款")

    for group in ("people", "messages", "notes"):
        assert (hidden[group]["items"], hidden[group]["count"]) == ([], 0)
    assert inside.problem == (403, "hidden")


@on_sqlite
@pytest.mark.parametrize(
    ("asked", "why"),
    [("", "nothing"), ("类型:魔法", "unknown_type"), ("日期:明年", "bad_date"), ("客户:", "empty")],
)
async def test_what_cannot_be_understood_is_refused(lihua, asked, why):
    answer = await lihua.get(f"/api/search?q={asked}")

    assert answer.problem == (422, "search_unclear")
    assert answer.body["why"] == why


@on_sqlite
async def test_searches_wait_for_each_other_and_are_refused_when_it_takes_too_long(
    lihua, desk, monkeypatch
):
    from wxdesk.web import searching  # noqa: PLC0415  its limits are shortened here

    monkeypatch.setattr(searching, "LONGEST_WAIT", searching.LONGEST / 100)
    await desk.conversation()
    began = asyncio.Event()

    async def stuck(*_args, **_more):
        began.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("wxdesk.web.api.search.search.prepare", stuck)
    waiting = [asyncio.create_task(lihua.get("/api/search?q=退款")) for _ in range(2)]
    await began.wait()
    answer = await lihua.get("/api/search?q=退款")
    for each in waiting:
        each.cancel()

    assert answer.problem == (503, "search_busy")
    assert (await lihua.get("/api/conversations")).status == 200


async def test_a_thread_is_read_around_a_message_and_towards_the_present(lihua, desk, agent, clock):
    talk = await desk.conversation(text="0", assignee=agent)
    for n in range(1, 9):
        clock.forward(seconds=1)
        await desk.write(talk, str(n))
    everything = (await lihua.get(f"/api/conversations/{talk.id}/messages")).body["items"]
    ids = {each["text"]: each["id"] for each in everything}

    async def page(query):
        found = (await lihua.get(f"/api/conversations/{talk.id}/messages?{query}")).body
        return [each["text"] for each in found["items"] if each["text"]], found

    texts, around = await page(f"around={ids['4']}&limit=4")
    assert texts == ["2", "3", "4", "5"]
    assert (around["next"], around["newer"]) == (ids["2"], ids["5"])
    texts, later = await page(f"after={ids['5']}&limit=2")
    assert (texts, later["newer"]) == (["6", "7"], ids["7"])
    texts, last = await page(f"after={ids['7']}&limit=2")
    assert (texts, last["newer"]) == (["8"], None)
    texts, _ = await page(f"before={ids['2']}&limit=2")
    assert texts == ["0", "1"] or texts[-1] == "1"
    missing = await lihua.get(f"/api/conversations/{talk.id}/messages?around=99999")
    assert missing.problem == (404, "not_found")


async def test_a_day_is_found_in_whichever_conversation_it_stands(lihua, desk, agent, clock):
    first = await desk.conversation(openid="oSame", text="早", assignee=agent)
    assert (await lihua.post(f"/api/conversations/{first.id}/close")).status == 200
    clock.forward(hours=1)
    second = await desk.conversation(openid="oSame", text="晚", assignee=agent)
    assert second.id != first.id

    async def at(moment):
        answer = await lihua.get(f"/api/conversations/{second.id}/at", moment=moment)
        assert answer.status == 200, answer.body
        return answer.body["conversation_id"]

    assert await at("2020-01-01T00:00:00Z") == first.id
    assert await at((clock.now()).isoformat().replace("+00:00", "Z")) == second.id
    assert await at("2199-01-01T00:00:00Z") == second.id
