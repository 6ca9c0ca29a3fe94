"""What WeChat still allows, as browsers and programs are told it, and what they may do about it."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import event

from delivering import deliver
from patient import PATIENCE_SECONDS
from wxdesk.desk import contacts
from wxdesk.web.skew import ENOUGH
from wxdesk.wechat import POLICIES
from wxdesk.worker.recount import recount_changed

OPENID = "oK7xT5hQ2mVbN9dLr3WcYpE8sUiA"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = on_sqlite


@pytest.fixture
async def shop(desk, mode):
    return await desk.account(mode=mode, policy="2023")


@pytest.fixture
async def mine(shop, desk, agent):
    return await desk.conversation(openid=OPENID, text="还没发货", assignee=agent)


@pytest.fixture
async def program(visit, desk, agent):
    return await visit(token=await desk.token(agent))


@pytest.fixture
def say(mine, lihua):
    """Reply as lihua in her browser."""
    numbers = iter(range(1000))

    async def said(text="您好", *, visitor=lihua, **more):
        return await visitor.post(
            f"/api/conversations/{mine.id}/replies",
            kind="text",
            text=text,
            client_id=f"draft-{next(numbers):08}",
            **more,
        )

    return said


async def test_the_ledger_tells_what_is_left_and_how_it_came_to_that(
    mine, lihua, say, runtime, clock, wechat
):
    opened = clock.now()
    clock.forward(seconds=5)
    for text in ("一", "二"):
        await say(text)
    await deliver(runtime)
    await say("三")

    ledger = (await lihua.get(f"/api/contacts/{mine.contact_id}/allowance")).body

    assert (ledger["left"], ledger["is_spent"], ledger["allowance"]["reserved"]) == (2, False, 1)
    assert ledger["closes_at"].startswith((opened + timedelta(hours=48)).isoformat()[:19])
    (grant,) = ledger["allowance"]["grants"]
    assert (grant["trigger"], grant["count"], grant["left"]) == ("message", 5, 3)
    assert [
        (e["turn"], e["trigger"], e["message"] and e["message"]["text"]) for e in ledger["entries"]
    ] == [
        ("sent", None, "二"),
        ("sent", None, "一"),
        ("act", "message", None),
    ]


async def test_a_conversation_carries_what_is_left_and_since_when_an_answer_is_owed(
    mine, lihua, say
):
    before = (await lihua.get(f"/api/conversations/{mine.id}")).body
    await say()
    after = (await lihua.get(f"/api/conversations/{mine.id}")).body

    assert before["owed_since"] is not None
    assert after["owed_since"] is None
    assert [c["contact"]["allowance"]["reserved"] for c in (before, after)] == [0, 1]
    assert after["contact"]["version"] > before["contact"]["version"]


async def test_what_would_be_refused_is_refused_with_what_is_left(say, program, clock):
    for _ in range(4):
        assert (await say()).status == 201

    last = await say(keep_last=True)
    assert last.problem == (409, "last_send")
    assert (await say("说很久。" * 1000)).body["code"] == "replies_spent"
    assert (await say()).status == 201
    spent = await say()
    assert (spent.problem, spent.body["left"], spent.body["needed"]) == (
        (409, "replies_spent"),
        0,
        1,
    )
    clock.forward(hours=48)
    assert (await say(visitor=program)).problem == (409, "window_closed")
    assert (await say(visitor=program, anyway=True)).status == 201


async def test_what_a_person_sends_is_held_and_what_a_program_sends_is_not(
    say, lihua, program, runtime, wechat, clock
):
    preferences = (await lihua.patch("/api/session", undo_seconds=3, join_lines=True)).body
    assert preferences["preferences"] == {"undo_seconds": 3, "join_lines": True}

    held = (await say("人写的")).body
    await deliver(runtime)
    assert wechat.texts == []
    assert held["held_until"] is not None

    back = await lihua.post(f"/api/messages/{held['id']}/withdraw")
    assert back.body["state"] == "withdrawn"
    sent = (await say("程序写的", visitor=program)).body
    await deliver(runtime)

    assert (wechat.texts, sent["held_until"]) == (["程序写的"], None)
    assert (await lihua.post(f"/api/messages/{sent['id']}/withdraw")).problem == (
        409,
        "already_left",
    )


@pytest.mark.parametrize(
    "wish", [{"undo_seconds": 11}, {"undo_seconds": -1}, {"undo_seconds": "x"}]
)
async def test_how_long_one_may_hold_is_bounded(lihua, wish):
    answer = await lihua.patch("/api/session", **{"join_lines": True} | wish)

    assert answer.status == 422


async def test_parked_answers_are_listed_changed_moved_sent_and_thrown_away(
    mine, say, program, desk, runtime, wechat, clock
):
    clock.forward(hours=49)
    one, two, three = [
        (await say(text, park=True, visitor=program)).body["id"] for text in "一二三"
    ]
    here = f"/api/conversations/{mine.id}/parked"

    assert (await program.patch(f"/api/messages/{three}/parked", before=one)).status == 200
    assert (await program.patch(f"/api/messages/{one}/parked", text="壹")).body["text"] == "壹"
    assert (await program.ask("DELETE", f"/api/messages/{two}/parked")).status == 204
    assert [each["text"] for each in (await program.get(here)).body["items"]] == ["三", "壹"]
    assert (await program.post(f"/api/messages/{three}/release")).problem == (409, "window_closed")

    await desk.write(mine, "在吗")
    assert (await program.post(f"/api/messages/{three}/release")).body["state"] == "queued"
    await deliver(runtime)

    assert wechat.texts == ["三"]
    assert [each["text"] for each in (await program.get(here)).body["items"]] == ["壹"]
    page = (await program.get(f"/api/conversations/{mine.id}/messages")).body["items"]
    assert [each["text"] for each in page if each["direction"] == "out"] == ["三"]


async def test_what_is_somebody_elses_is_theirs(mine, say, visit, desk):
    parked = (await say("等您", park=True)).body["id"]
    other = await visit(token=await desk.token(await desk.agent()))

    for ask in (
        other.post(f"/api/messages/{parked}/release"),
        other.patch(f"/api/messages/{parked}/parked", text="不对"),
        other.ask("DELETE", f"/api/messages/{parked}/parked"),
        other.post(f"/api/messages/{parked}/withdraw"),
    ):
        assert (await ask).problem == (409, "not_assigned")


async def test_the_views_page_by_the_moment_the_window_closes(program, desk, agent, mine, clock):
    for _ in range(4):
        clock.forward(seconds=1)
        await desk.conversation(assignee=agent)
    clock.forward(hours=46, minutes=30)

    first = (await program.get("/api/conversations", view="closing", limit=3)).body
    rest = (
        await program.get("/api/conversations", view="closing", limit=3, cursor=first["next"])
    ).body

    assert [each["id"] for each in first["items"] + rest["items"]] == [1, 2, 3, 4, 5]
    assert rest["next"] is None
    assert (await program.get("/api/conversations", view="last_send")).body["items"] == []


@pytest.mark.parametrize("people", [3, 30])
async def test_a_list_with_its_allowances_costs_no_statement_a_row(
    lihua, desk, agent, runtime, shop, people
):
    for _ in range(people):
        await desk.conversation(assignee=agent)
    statements = []
    engine = runtime.db._reader.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    page = (await lihua.get("/api/conversations", limit=50)).body

    assert len(page["items"]) == people
    assert all(each["contact"]["allowance"]["grants"] for each in page["items"])
    asked = [each for each in statements if each.startswith("SELECT") and "FROM events" not in each]
    assert len(asked) <= 12


async def test_the_rules_are_read_edited_and_put_back(admin, shop, mine, lihua, runtime):
    here = f"/api/accounts/{shop.id}/policy"
    found = (await admin.get(here)).body
    assert (found["name"], found["edited"]) == ("2023", False)
    assert {each["name"] for each in found["known"]} == set(POLICIES)
    assert all(each["source"] and each["since"] for each in found["known"])

    table = found["table"]
    table["rules"].append(
        {"grant": "payment", "triggers": ["payment"], "count": None, "seconds": 172800}
    )
    edited = await admin.ask("PUT", here, json={"name": "2023", "table": table})
    assert edited.body["edited"]
    while await recount_changed(runtime):
        pass
    assert (await admin.ask("PUT", here, json={"name": "2023"})).body["edited"] is False

    for wrong in ({"name": "1999"}, {"name": "2023", "table": {"rules": "none"}}):
        assert (await admin.ask("PUT", here, json=wrong)).status == 422
    assert (await lihua.get(here)).status == 403


async def test_typing_is_shown_now_and_then_and_never_waited_for(
    mine, lihua, wechat, clock, visit, desk
):
    other = await visit(token=await desk.token(await desk.agent()))
    for visitor in (lihua, lihua, other):
        assert (await visitor.post(f"/api/conversations/{mine.id}/typing")).status == 204
    clock.forward(seconds=5)
    assert (await lihua.post(f"/api/conversations/{mine.id}/typing")).status == 204

    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(wechat.typing) < 2:
            await asyncio.sleep(0.01)
    assert len(wechat.typing) == 2


async def test_a_clock_that_is_wrong_is_noticed(door, desk, lihua, clock, runtime):
    """WeChat says in each push's address what time it is, also where that is why it is refused."""
    an_hour_ago = f"{clock.now().timestamp() - 3600:.0f}"
    for number in range(ENOUGH):
        status, _ = await door.push(desk.text_xml(OPENID, f"{number}"), timestamp=an_hour_ago)
        assert status == 403

    async with lihua.http.get("/api/stream") as stream:
        await stream.content.readline()
        assert b'"clock_off_seconds": 3600' in await stream.content.readline()


async def test_a_contact_is_shown_with_what_is_left_when_anything_of_it_changes(
    mine, runtime, say, lihua
):
    async with runtime.db.reading() as unit:
        before = (await contacts.by_ids(unit, {mine.contact_id}))[mine.contact_id].version
    await say()
    async with runtime.db.reading() as unit:
        after = (await contacts.by_ids(unit, {mine.contact_id}))[mine.contact_id].version

    assert after > before


async def test_what_may_be_sent_after_the_window_is_listed_with_what_fits(
    mine, lihua, shop, wechat
):
    (template,) = (await lihua.get(f"/api/accounts/{shop.id}/templates")).body["items"]

    assert template["title"] == "退款通知"
    assert template["fields"] == [
        {"key": "character_string1", "kind": "character_string", "longest": 32},
        {"key": "thing2", "kind": "thing", "longest": 20},
    ]


async def test_a_value_that_wechat_would_refuse_is_refused_here(mine, lihua):
    answer = await lihua.post(
        f"/api/conversations/{mine.id}/replies",
        kind="template",
        template_id="T",
        data={"thing2": "字" * 21},
        client_id="template-00001",
    )

    assert answer.status == 422
