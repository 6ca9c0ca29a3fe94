"""What browsers and programs ask of the desk, and the shapes they get."""

import asyncio
from datetime import timedelta

import pytest

from patient import PATIENCE_SECONDS
from wxdesk.desk.agents import Role
from wxdesk.worker.delivery import Sender
from wxdesk.worker.intake import understand_kept

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OPENID = "oK7xT5hQ2mVbN9dLr3WcYpE8sUiA"
DRAFT = {"kind": "text", "text": "您好", "client_id": "draft-00000001"}


def iso(moment):
    return moment.isoformat().replace("+00:00", "Z")


async def understand(runtime, desk, xml):
    await desk.push(xml)
    while await understand_kept(runtime):
        pass


@pytest.fixture
async def mine(desk, agent):
    """A conversation that is the agent's."""
    return await desk.conversation(openid=OPENID, text="还没发货", assignee=agent)


@pytest.fixture
async def other(visit, desk):
    """Another agent, as a program."""
    return await visit(token=await desk.token(await desk.agent()))


async def test_a_conversation_has_the_shape_that_was_agreed(shop, desk, lihua, clock):
    await desk.conversation(openid=OPENID, text="还没发货")
    now = iso(clock.now())

    found = (await lihua.get("/api/conversations")).body

    assert found == {
        "items": [
            {
                "id": 1,
                "state": "waiting",
                "account": {
                    "id": shop.id,
                    "slug": "shop",
                    "name": shop.name,
                    "simulated": True,
                    "sync_tags": False,
                    "blacklist_at_wechat": False,
                },
                "contact": {
                    "id": 1,
                    "openid": OPENID,
                    "name": None,
                    "remark": "",
                    "level": {
                        "id": 4,
                        "name": "普通",
                        "rank": 4,
                        "colour": "grey",
                        "source": "default",
                        "until": None,
                    },
                    "following": True,
                    "first_seen_at": now,
                    "last_seen_at": now,
                    "subscribe_scene": None,
                    "subscribed_at": None,
                    "qr_scene": None,
                    "language": None,
                    "unionid": None,
                    "platform_remark": None,
                    "tags": [],
                    "location": None,
                    "blacklisted": False,
                    "blacklist_reason": None,
                    "refreshed_at": None,
                    "fields": {},
                    "person_id": None,
                    "allowance": {
                        "grants": [
                            {
                                "name": "message",
                                "trigger": "message",
                                "count": None,
                                "left": None,
                                "opened_at": now,
                                "expires_at": iso(clock.now() + timedelta(hours=48)),
                            }
                        ],
                        "reserved": 0,
                        "margin_seconds": 60,
                    },
                    "version": found["items"][0]["contact"]["version"],
                },
                "assignee": None,
                "joined": [],
                "group": None,
                "offer": None,
                "unread": 1,
                "waiting_since": now,
                "rests_since": None,
                "snoozed_until": None,
                "owed_since": now,
                "due_at": iso(clock.now() + timedelta(seconds=300)),
                "due_kind": "first",
                "warn_at": iso(clock.now() + timedelta(seconds=225)),
                "breached": False,
                "opened_at": now,
                "closed_at": None,
                "previous_id": None,
                "last_message": {
                    "id": 1,
                    "direction": "in",
                    "kind": "text",
                    "text": "还没发货",
                    "state": None,
                    "sent_at": now,
                    "author": None,
                },
                "summary": None,
                "needs_summary": False,
                "rating": None,
                "handed": False,
                "hidden": False,
                "version": found["items"][0]["version"],
            }
        ],
        "next": None,
    }
    assert (await lihua.get("/api/conversations/1")).body == found["items"][0]


async def test_a_message_has_the_shape_that_was_agreed(desk, agent, lihua, mine, clock):
    sent = await lihua.post(f"/api/conversations/{mine.id}/replies", **DRAFT)
    now = iso(clock.now())

    assert sent.status == 201
    assert sent.body == {
        "id": sent.body["id"],
        "conversation_id": mine.id,
        "direction": "out",
        "kind": "text",
        "text": "您好",
        "content": {},
        "state": "queued",
        "reason": None,
        "errcode": None,
        "client_id": "draft-00000001",
        "author": {"id": agent.id, "name": agent.name},
        "held_until": None,
        "joined_to": None,
        "place": None,
        "sent_at": now,
        "received_at": now,
        "version": 1,
    }
    page = (await lihua.get(f"/api/conversations/{mine.id}/messages")).body
    assert [(each["direction"], each["kind"]) for each in page["items"]] == [
        ("in", "text"),
        ("system", "taken"),
        ("out", "text"),
    ]
    assert page["items"][-1] == sent.body
    assert page["next"] is None


@on_sqlite
async def test_everybody_who_works_here_is_listed(desk, agent, lihua):
    boss = await desk.agent("boss", role=Role.ADMIN)

    listed = (await lihua.get("/api/agents")).body

    assert listed["next"] is None
    assert {(each["id"], each["role"]) for each in listed["items"]} == {
        (agent.id, "agent"),
        (boss.id, "admin"),
    }
    assert listed["items"][0].keys() == {
        *("id", "username", "name", "alias", "picture", "role", "find", "version")
    }


async def test_pages_of_conversations_are_complete_and_hold_none_twice(desk, lihua, clock):
    for _ in range(7):
        await desk.conversation()
        clock.forward(seconds=1)

    for query in ({}, {"state": "waiting"}):
        seen, cursor = [], {}
        while True:
            page = (await lihua.get("/api/conversations", limit=3, **query, **cursor)).body
            seen += [each["id"] for each in page["items"]]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert sorted(seen) == list(range(1, 8))
        assert seen == sorted(seen, reverse=not query), "waiting: the longest waiting first"


async def test_pages_of_messages_lead_back_to_the_first(runtime, desk, lihua, mine, clock):
    for number in range(6):
        clock.forward(seconds=1)
        await understand(runtime, desk, desk.text_xml(OPENID, f"第{number}句"))

    seen, before = [], {}
    while True:
        page = (await lihua.get(f"/api/conversations/{mine.id}/messages", limit=3, **before)).body
        seen = page["items"] + seen
        if page["next"] is None:
            break
        before = {"before": page["next"]}

    texts = [each["text"] for each in seen if each["kind"] == "text"]
    assert texts == ["还没发货", *(f"第{number}句" for number in range(6))]
    assert len({each["id"] for each in seen}) == len(seen) == 8


async def test_lists_are_narrowed_by_state_owner_and_words(desk, agent, lihua, mine):
    await desk.conversation()

    async def ids(**query):
        return [
            each["id"] for each in (await lihua.get("/api/conversations", **query)).body["items"]
        ]

    assert await ids(state="waiting") == [2]
    assert await ids(state="active") == [mine.id]
    assert await ids(state="closed") == []
    assert await ids(assignee="me") == await ids(assignee=agent.id) == [mine.id]
    assert await ids(assignee=999) == []
    assert await ids(q=OPENID[5:20]) == [mine.id]
    assert await ids(q="100%") == await ids(q="_") == []


@on_sqlite
@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "x"},
        {"state": "open"},
        {"assignee": "him"},
        {"assignee": "9223372036854775808"},
        {"q": "\0"},
        {"q": "x" * 101},
        {"cursor": "x"},
        {"cursor": "1"},
        {"cursor": "1.2.3"},
        {"cursor": "9" * 59},
        {"cursor": "1." + "9" * 40},
        {"cursor": "9" * 30 + ".1"},
        {"cursor": "-" + "9" * 17 + ".1"},
        {"cursor": "1.-1"},
        {"cursor": "\0"},
        {"cursor": "x" * 61},
    ],
)
async def test_a_list_that_cannot_be_asked_for_is_invalid(lihua, mine, query):
    assert (await lihua.get("/api/conversations", **query)).problem == (422, "invalid")


@pytest.mark.parametrize("cursor", ["0.1", "-62135596800000000.1", "253402300799999999.1"])
async def test_the_ends_of_time_are_cursors(lihua, mine, cursor):
    assert (await lihua.get("/api/conversations", cursor=cursor)).status == 200


@on_sqlite
@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "101"}, {"before": "x"}])
async def test_messages_that_cannot_be_asked_for_are_invalid(lihua, mine, query):
    path = f"/api/conversations/{mine.id}/messages"

    assert (await lihua.get(path, **query)).problem == (422, "invalid")


async def test_of_ten_who_take_at_once_one_becomes_the_owner(desk, visit):
    conversation = await desk.conversation()
    programs = [await visit(token=await desk.token(await desk.agent())) for _ in range(10)]

    path = f"/api/conversations/{conversation.id}/take"
    answers = await asyncio.gather(*(program.post(path) for program in programs))

    won = [answer for answer in answers if answer.status == 200]
    assert len(won) == 1
    owner = won[0].body["assignee"]["name"]
    lost = [answer for answer in answers if answer.status != 200]
    assert {answer.problem for answer in lost} == {(409, "taken")}
    assert {answer.body["assignee"] for answer in lost} == {owner}


async def test_only_the_owner_answers_and_only_while_it_is_open(lihua, other, mine):
    path = f"/api/conversations/{mine.id}"

    assert (await other.post(f"{path}/replies", **DRAFT)).problem == (409, "not_assigned")
    assert (await other.post(f"{path}/close")).problem == (409, "not_assigned")
    assert (await lihua.post(f"{path}/close")).body["state"] == "closed"
    assert (await lihua.post(f"{path}/replies", **DRAFT)).problem == (409, "conversation_closed")
    assert (await lihua.post(f"{path}/close")).problem == (409, "conversation_closed")
    assert (await other.post(f"{path}/take")).problem == (409, "conversation_closed")


@on_sqlite
async def test_a_supervisor_closes_what_is_somebody_elses(desk, visit, mine):
    boss = await visit(token=await desk.token(await desk.agent(role=Role.SUPERVISOR)))

    assert (await boss.post(f"/api/conversations/{mine.id}/close")).body["state"] == "closed"


async def test_a_reply_posted_again_is_the_same_reply(runtime, lihua, mine, wechat):
    path = f"/api/conversations/{mine.id}/replies"

    answers = await asyncio.gather(*(lihua.post(path, **DRAFT) for _ in range(5)))
    again = await lihua.post(path, **DRAFT)
    sender = Sender(runtime)
    while await sender.send_due():
        await sender.finish()

    assert {answer.status for answer in (*answers, again)} == {201}
    assert len({answer.body["id"] for answer in (*answers, again)}) == 1
    assert wechat.texts == ["您好"]


@on_sqlite
@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "image"},
        {"kind": None},
        {"text": ""},
        {"text": " \n　"},
        {"text": "x" * 10_001},
        {"text": "a\0b"},
        {"text": 1},
        {"client_id": "short"},
        {"client_id": "x" * 65},
        {"client_id": "12345678\0"},
    ],
)
async def test_what_is_no_reply_is_invalid(lihua, mine, changed):
    answer = await lihua.post(f"/api/conversations/{mine.id}/replies", **DRAFT | changed)

    assert answer.problem == (422, "invalid")


async def test_a_reply_of_unknown_outcome_is_sent_again_on_the_agents_word(
    runtime, lihua, other, mine, wechat
):
    wechat.lose_answers = 1
    reply = (await lihua.post(f"/api/conversations/{mine.id}/replies", **DRAFT)).body
    sender = Sender(runtime)
    await sender.send_due()
    await sender.finish()
    path = f"/api/messages/{reply['id']}/resend"

    assert (await other.post(path)).problem == (409, "not_assigned")
    again = await lihua.post(path)
    assert (again.status, again.body["state"]) == (200, "queued")
    assert (await lihua.post(path)).problem == (409, "nothing_to_resend")

    while await sender.send_due():
        await sender.finish()
    assert wechat.texts == ["您好", "您好"]
    assert (await lihua.post(path)).problem == (409, "nothing_to_resend")


async def test_only_the_owners_reading_clears_what_is_unread(
    runtime, desk, lihua, other, mine, clock
):
    clock.forward(seconds=1)
    await understand(runtime, desk, desk.text_xml(OPENID, "在吗"))

    async def unread():
        return (await lihua.get(f"/api/conversations/{mine.id}")).body["unread"]

    newest = (await lihua.get(f"/api/conversations/{mine.id}")).body["last_message"]["id"]
    path = f"/api/conversations/{mine.id}/read"

    assert await unread() == 2
    assert (await other.post(path, up_to=newest)).status == 204
    assert (await lihua.post(path, up_to=newest - 1)).status == 204
    assert await unread() == 2
    assert (await lihua.post(path, up_to=newest)).status == 204
    assert await unread() == 0


async def test_a_remark_is_what_the_contact_is_called(lihua, mine):
    before = (await lihua.get("/api/conversations")).body["items"][0]["contact"]
    changed = await lihua.patch("/api/contacts/1", remark="  王女士（常客） ")

    assert (changed.body["name"], changed.body["remark"]) == ("王女士（常客）", "王女士（常客）")
    assert changed.body["version"] > before["version"]
    shown = (await lihua.get("/api/conversations", q="王女士")).body["items"]
    assert [each["contact"]["name"] for each in shown] == ["王女士（常客）"]
    assert (await lihua.patch("/api/contacts/1", remark="")).body["name"] is None


@on_sqlite
@pytest.mark.parametrize("remark", ["x" * 61, "\0", None, 1])
async def test_what_is_no_remark_is_invalid(lihua, mine, remark):
    assert (await lihua.patch("/api/contacts/1", remark=remark)).problem == (422, "invalid")


@on_sqlite
@pytest.mark.parametrize(
    ("method", "path", "body", "where"),
    [
        ("PATCH", "/api/contacts/1", {"remak": "王女士"}, ["body.remak"]),
        ("PATCH", "/api/contacts/1", {"remark": "王女士", "name": "王"}, ["body.name"]),
        (
            "POST",
            "/api/conversations/1/replies",
            {"kind": "text", "text": "在", "client_id": "c" * 8, "clientid": 1},
            ["body.text.clientid"],
        ),
        (
            "POST",
            "/api/presence/handover",
            {"items": [{"conversation_id": 1, "agnet_id": 2}]},
            ["body.items.0.agnet_id"],
        ),
        (
            "POST",
            "/api/conversations/1/close",
            {"categori": 1, "x": 2},
            ["body.categori", "body.x"],
        ),
    ],
)
async def test_what_nobody_understands_is_refused_by_its_name(
    lihua, mine, method, path, body, where
):
    answer = await lihua.ask(method, path, json=body)

    assert answer.problem == (422, "invalid")
    assert [each["where"] for each in answer.body["errors"]] == where
    assert (await lihua.get("/api/conversations/1")).body["state"] == "active"


async def test_who_may_not_is_told_so_before_what_is_unknown(lihua, mine):
    answer = await lihua.post("/api/groups", nme="售后")

    assert answer.problem == (403, "forbidden")


async def test_reading_waits_for_nobody_who_writes(runtime, lihua, mine):
    async with runtime.db.unit() as unit:
        row = await unit.session.get(type(mine), mine.id)
        await unit.session.refresh(row, with_for_update=True)

        async with asyncio.timeout(PATIENCE_SECONDS):
            assert (await lihua.get(f"/api/conversations/{mine.id}")).status == 200
            assert (await lihua.get(f"/api/conversations/{mine.id}/messages")).status == 200
            assert (await lihua.get("/api/conversations")).status == 200


async def test_a_customer_who_comes_back_gets_a_new_conversation_that_knows_the_last(
    runtime, desk, lihua, mine, clock
):
    await lihua.post(f"/api/conversations/{mine.id}/close")
    clock.forward(hours=1)

    await understand(runtime, desk, desk.text_xml(OPENID, "又来了", sent_at=clock.now()))

    newest = (await lihua.get("/api/conversations", state="waiting")).body["items"][0]
    assert newest["previous_id"] == mine.id
    assert newest["waiting_since"] == iso(clock.now())
    assert clock.now() - mine.opened_at == timedelta(hours=1)
