"""Who looks at a conversation and writes there; and what one has marked as unread."""

import pytest
from sqlalchemy import insert

from sse import following
from wxdesk.desk import contacts, conversations, groups
from wxdesk.desk.contacts import Tag
from wxdesk.web.attendance import note_once
from wxdesk.web.hub import Hub

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def look(browser, talk, method="PUT"):
    return await browser.ask(method, f"/api/conversations/{talk.id}/viewing")


async def looking(browser):
    items = (await browser.get("/api/viewing")).body["items"]
    return {each["id"]: each["conversation_id"] for each in items}


async def test_one_looks_at_one_conversation_at_a_time(lihua, colleague, agent, talk, desk):
    other = await desk.conversation(assignee=agent)
    assert (await look(lihua, talk)).status == 204
    assert await looking(colleague) == {agent.id: talk.id}

    await look(lihua, other)
    assert await looking(colleague) == {agent.id: other.id}

    await look(lihua, talk, "DELETE")  # a page that closes late changes nothing
    assert await looking(colleague) == {agent.id: other.id}
    await look(lihua, other, "DELETE")
    assert await looking(colleague) == {}


async def test_colleagues_are_told_who_looks_and_who_writes(lihua, colleague, agent, wang, talk):
    async with following(colleague.http) as stream:
        await stream.next()
        await look(lihua, talk)
        event = await stream.until(lambda event: event.kind == "viewing")
        assert (event.data["id"], event.data["conversation_id"]) == (agent.id, talk.id)

        await look(colleague, talk)
        await lihua.post(f"/api/conversations/{talk.id}/typing")
        writes = await stream.until(
            lambda event: event.kind == "viewing" and event.data["typing_until"]
        )
    assert writes.data["id"] == agent.id


async def test_while_nobody_else_looks_nothing_is_written_of_who_writes(lihua, talk, runtime):
    await look(lihua, talk)
    await lihua.post(f"/api/conversations/{talk.id}/typing")
    assert (await lihua.get("/api/viewing")).body["items"][0]["typing_until"] is None


async def test_whose_page_has_gone_looks_at_nothing(lihua, colleague, talk, runtime, clock):
    await look(lihua, talk)
    async with following(lihua.http) as stream:
        await stream.next()
        await note_once(runtime, Hub(runtime))
        assert len(await looking(colleague)) == 1
    clock.forward(minutes=3)
    await note_once(runtime, Hub(runtime))

    assert await looking(colleague) == {}


async def test_a_mark_is_ones_own_and_told_to_ones_own_screens_alone(lihua, colleague, agent, talk):
    path = f"/api/conversations/{talk.id}/unread-mark"
    async with following(lihua.http) as own, following(colleague.http) as others:
        await own.next()
        await others.next()
        assert (await lihua.ask("PUT", path)).status == 204
        assert (await lihua.ask("PUT", path)).status == 204
        told = await own.until(lambda event: event.kind == "unread_mark")
        await colleague.ask("PUT", "/api/presence", json={"presence": "online"})
        await others.until(lambda event: event.kind == "seat")

    assert (told.data["conversation_id"], told.data["unread"]) == (talk.id, True)
    assert "unread_mark" not in {each.kind for each in others.seen}
    assert len((await lihua.get("/api/unread-marks")).body["items"]) == 1
    assert (await colleague.get("/api/unread-marks")).body["items"] == []

    assert (await lihua.ask("DELETE", path)).status == 204
    assert (await lihua.get("/api/unread-marks")).body["items"] == []
    assert (await lihua.ask("PUT", path)).status == 204
    assert len((await lihua.get("/api/unread-marks")).body["items"]) == 1


@on_sqlite
async def test_the_list_is_narrowed_by_what_is_owed_by_level_and_by_tag(lihua, agent, talk, desk):
    answered = await desk.conversation(assignee=agent)
    await desk.reply(answered, agent)

    async def ids(**wanted):
        query = "&".join(f"{name}={value}" for name, value in wanted.items())
        items = (await lihua.get(f"/api/conversations?{query}")).body["items"]
        return {each["id"] for each in items}

    assert await ids(owed="true") == {talk.id}
    assert await ids(owed="false") == {answered.id}
    assert await ids(high="false") == {talk.id, answered.id}
    assert await ids(high="true") == set()
    assert await ids(tag=77) == set()
    assert await ids(account=talk.account_id, assignee="me", owed="true") == {talk.id}
    assert await ids(account=talk.account_id + 1) == set()


async def test_of_groups_levels_and_tags_any_that_is_named_will_do(runtime, lihua, desk, talk):
    account = await desk.account()
    talks = [talk, *[await desk.conversation() for _ in range(3)]]
    async with runtime.db.unit() as unit:
        made = [await groups.add(unit, {"name": name}) for name in ("一", "二", "三")]
        rows = [{"account_id": account.id, "wechat_id": 100 + n, "name": f"t{n}"} for n in range(3)]
        await unit.session.execute(insert(Tag), rows)
        tags = [each.id for each in await contacts.list_tags(unit, account.id)]
        for n, each in enumerate(talks[:3]):
            row = await conversations.get(unit, each.id)
            row.group_id, row.level_id = made[n].id, n + 1
            (await contacts.get(unit, each.contact_id)).tag_ids = [100 + n]

    async def ids(**wanted):
        query = "&".join(f"{name}={each}" for name, all_ in wanted.items() for each in all_)
        return {
            each["id"] for each in (await lihua.get(f"/api/conversations?{query}")).body["items"]
        }

    first, second, third, bare = (each.id for each in talks)
    one, two, _ = (each.id for each in made)
    assert await ids(group=[one, two]) == {first, second}
    assert await ids(level=[2, 3]) == {second, third}
    assert await ids(tag=[tags[0], tags[2]]) == {first, third}
    assert await ids(tag=[tags[0], 999]) == {first}
    assert await ids(group=[one, two], level=[2, 3], tag=tags) == {second}
    assert await ids(view=["unowned"], group=[two, made[2].id], level=[1, 2]) == {second}
    assert await ids(group=[""], level=["", 2]) == {second}
    assert await ids(group=[""]) == {first, second, third, bare}
    too_many = await lihua.get("/api/conversations?" + "&".join(f"tag={n}" for n in range(1, 60)))
    assert too_many.problem == (422, "invalid")


@on_sqlite
async def test_shortcuts_of_ones_own_are_kept_and_each_is_used_once(lihua):
    own = {"action.next": "Alt+KeyN", "action.end": ""}
    assert (await lihua.ask("PUT", "/api/session/hotkeys", json={"hotkeys": own})).status == 200
    assert (await lihua.get("/api/session")).body["hotkeys"] == own

    for wrong in ({"a": "Alt+KeyN", "b": "Alt+KeyN"}, {"a": "alt n"}, {"a b": "Alt+KeyN"}):
        answer = await lihua.ask("PUT", "/api/session/hotkeys", json={"hotkeys": wrong})
        assert answer.problem == (422, "invalid"), wrong
    assert (await lihua.get("/api/session")).body["hotkeys"] == own
