"""What browsers are told of promises."""

from datetime import datetime, timedelta

import pytest

from wxdesk.worker.clocks import notice_due

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def shown(visitor, talk):
    return (await visitor.get(f"/api/conversations/{talk.id}")).body


async def test_a_conversation_says_what_is_promised(runtime, desk, supervisor, clock):
    talk = await desk.conversation()
    due_at = clock.now() + timedelta(seconds=300)

    before = await shown(supervisor, talk)
    assert datetime.fromisoformat(before["due_at"]) == due_at
    assert (before["due_kind"], before["breached"]) == ("first", False)

    clock.forward(seconds=301)
    await notice_due(runtime)

    after = await shown(supervisor, talk)
    assert (after["due_at"], after["breached"]) == (before["due_at"], True)
    assert after["version"] >= before["version"]


async def test_where_nothing_is_owed_nothing_is_promised(desk, supervisor):
    agent = await desk.agent()
    talk = await desk.conversation(assignee=agent)
    await desk.reply(talk, agent)

    found = await shown(supervisor, talk)
    assert [found[name] for name in ("due_at", "due_kind", "warn_at")] == [None] * 3
    clocks = (await supervisor.get(f"/api/conversations/{talk.id}/clocks")).body["items"]
    assert [(each["kind"], each["state"]) for each in clocks] == [
        ("first", "kept"),
        ("resolution", "paused"),
    ]


async def test_clocks_of_no_conversation_are_not_found(supervisor, shop):
    assert (await supervisor.get("/api/conversations/9/clocks")).problem == (404, "not_found")


async def test_how_many_are_to_be_reckoned_anew(supervisor, shop, lihua):
    assert (await supervisor.get("/api/clocks/outdated")).body == {"clocks": 0}
    assert (await lihua.get("/api/clocks/outdated")).status == 403
