"""What other programs are told: who, when, in which order, signed how; on real sockets."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from standardwebhooks.webhooks import Webhook

from wxdesk.desk import agents, conversations, events, ratings, routing, summaries, webhooks
from wxdesk.desk.agents import Role
from wxdesk.desk.conversations import NotAssigned
from wxdesk.desk.events import Happening
from wxdesk.desk.webhooks import TellingState
from wxdesk.desk.webhooks.model import Endpoint, Telling, WebhookEvent
from wxdesk.worker.delivery import Sender
from wxdesk.worker.retention import forget_old
from wxdesk.worker.webhooks import LEASE, MOST_OF_ONE, Teller, write_down

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def settings():
    """The program that is told stands on this machine."""
    return {"outbound_allow": "127.0.0.1"}


@pytest.fixture
async def hook(admin, there):
    """An endpoint that is told everything."""
    return await subscribed(admin, there)


async def subscribed(admin, there, **wish):
    made = await admin.post("/api/webhooks", name="机器人", url=f"{there.url}/hook", **wish)
    assert made.status == 201
    return made.body


async def tell(runtime):
    """All that is due now."""
    while await write_down(runtime):
        pass
    teller = Teller(runtime)
    while await teller.tell_due():
        await teller.finish()


def told(there):
    return [each.json["type"] for each in there.asked]


async def log(admin, hook, **query):
    return (await admin.get(f"/api/webhooks/{hook['id']}/deliveries", **query)).body["items"]


async def test_the_whole_life_of_a_conversation_is_told_in_order(
    runtime, desk, admin, there, hook, agent, clock
):
    talk = await desk.conversation(text="怎么退款？", assignee=agent)
    await desk.reply(talk, agent, "您好")
    sender = Sender(runtime)
    await sender.send_due()
    await sender.finish()
    async with runtime.db.unit() as unit:
        category = await summaries.add(unit, "退款", parent_id=None)
        given = summaries.Given(category.id, summaries.Result.SOLVED, "已退")
        await summaries.close(
            unit,
            talk.id,
            agent_id=agent.id,
            may_close_any=False,
            now=clock.now(),
            base_url="",
            given=given,
        )
    await tell(runtime)

    assert told(there) == [
        *("conversation.opened", "message.received", "conversation.assigned", "message.sent"),
        *("conversation.closed", "conversation.summarized"),
    ]
    opened, received, assigned, sent, closed, _ = [each.json["data"] for each in there.asked]
    assert received["message"]["text"] == "怎么退款？"
    assert "怎么退款？".encode() in there.asked[1].body
    assert assigned["deed"]["agent"] == {"id": agent.id, "name": agent.name}
    assert (assigned["deed"]["how"], opened["deed"]) == ("taken", None)
    assert (sent["message"]["text"], sent["message"]["state"]) == ("您好", "sent")
    assert sent["message"]["author"]["name"] == agent.name
    assert closed["summary"]["category"] == ["退款"]
    assert closed["summary"]["result"] == "solved"
    assert closed["conversation"]["state"] == "closed"
    assert {each.json["data"]["conversation"]["id"] for each in there.asked} == {talk.id}


async def test_who_has_it_and_who_does_not_is_told(runtime, desk, there, hook, agent, clock):
    talk = await desk.conversation(assignee=agent)
    boss = await desk.agent(role=Role.SUPERVISOR)
    async with runtime.db.unit() as unit:
        await routing.assign(
            unit, talk.id, agent_id=boss.id, by_id=boss.id, reason="急", now=clock.now()
        )
    await tell(runtime)
    there.asked.clear()
    async with runtime.db.unit() as unit:
        await routing.set_presence(unit, agent.id, routing.Presence.ONLINE, now=clock.now())
        await routing.hand_over(
            unit,
            talk.id,
            by_id=boss.id,
            may_any=True,
            agent_id=agent.id,
            message="你熟",
            now=clock.now(),
        )
    await tell(runtime)

    assert told(there) == ["conversation.transferred"]
    deed = there.asked[0].json["data"]["deed"]
    assert (deed["agent"]["id"], deed["to_agent"]["id"]) == (boss.id, agent.id)
    assert (deed["reason"], deed["to_group"]) == ("你熟", None)


async def test_a_rating_is_told(runtime, desk, there, admin, agent, clock):
    talk = await desk.conversation(assignee=agent)
    async with runtime.db.unit() as unit:
        await ratings.invite(
            unit, talk.id, agent_id=agent.id, leads=False, base_url="", now=clock.now()
        )
    await subscribed(admin, there, kinds=["rating.given", "rating.changed"])
    async with runtime.db.unit() as unit:
        conversation = await conversations.get(unit, talk.id)
        rating = (await ratings.of(unit, [talk.id]))[talk.id]
        for score in (ratings.Score.GOOD, ratings.Score.BAD):
            await ratings.record(unit, rating, conversation, score, at=clock.now(), now=clock.now())
    await tell(runtime)

    assert told(there) == ["rating.given", "rating.changed"]
    assert there.asked[1].json["data"]["rating"]["score"] == 1


async def test_what_is_told_is_signed_as_the_standard_says(runtime, desk, there, hook):
    await desk.conversation()
    await tell(runtime)

    asked = there.asked[0]
    assert signed_by(asked, hook["secret"])
    assert not signed_by(asked, "whsec_" + "A" * 43 + "=")
    assert asked.headers["webhook-id"] == asked.json["id"]
    assert asked.headers["content-type"] == "application/json"


def signed_by(asked, secret):
    """Whether the standard's own library makes the same signature."""
    moment = datetime.fromtimestamp(int(asked.headers["webhook-timestamp"]), UTC)
    made = Webhook(secret).sign(asked.headers["webhook-id"], moment, asked.body.decode())
    return made in asked.headers["webhook-signature"].split(" ")


async def test_while_a_secret_is_changed_both_hold(runtime, desk, there, admin, hook, clock):
    fresh = (await admin.post(f"/api/webhooks/{hook['id']}/rotate")).body
    await desk.conversation(text="一")
    await tell(runtime)
    clock.forward(hours=25)
    await desk.conversation(text="二")
    await tell(runtime)

    assert fresh["secret"] != hook["secret"]
    first, last = there.asked[0], there.asked[-1]
    assert [signed_by(first, each["secret"]) for each in (hook, fresh)] == [True, True]
    assert [signed_by(last, each["secret"]) for each in (hook, fresh)] == [False, True]


async def test_a_secret_is_shown_once_and_sealed(runtime, admin, hook):
    listed = (await admin.get("/api/webhooks")).body["items"]
    async with runtime.db.reading() as unit:
        sealed = await unit.session.scalar(select(Endpoint.sealed))

    assert "secret" not in listed[0]
    assert hook["secret"].encode() not in sealed


async def test_a_later_event_waits_for_the_one_before_and_others_do_not(
    runtime, desk, there, hook, clock
):
    slow = await desk.conversation(text="一")
    there.statuses = [500]
    await tell(runtime)
    await desk.write(slow, "二")
    await desk.conversation(text="三")
    await tell(runtime)

    heard = [each.json["data"]["conversation"]["id"] for each in there.asked[1:]]
    assert slow.id not in heard
    assert len(heard) == 2

    clock.forward(seconds=6)
    await tell(runtime)
    again = [each for each in there.asked if each.json["data"]["conversation"]["id"] == slow.id]
    said = [each.json["data"]["message"] for each in again]
    assert [each and each["text"] for each in said] == [None, None, "一", "二"]
    assert again[0].headers["webhook-id"] == again[1].headers["webhook-id"]
    assert again[0].body == again[1].body


async def test_what_happens_is_written_down_once_however_often_is_looked(
    runtime, desk, there, hook
):
    await desk.conversation()
    for _ in range(3):
        await write_down(runtime)
    await tell(runtime)

    assert told(there) == ["conversation.opened", "message.received"]


async def test_nothing_is_told_of_what_was_undone(runtime, desk, there, hook, agent, clock):
    talk = await desk.conversation(assignee=agent)
    await tell(runtime)
    there.asked.clear()

    with pytest.raises(NotAssigned):
        await close_and_fail(runtime, talk, agent, clock.now())
    await tell(runtime)

    assert there.asked == []


async def close_and_fail(runtime, talk, agent, now):
    async with runtime.db.unit() as unit:
        await conversations.close(unit, talk.id, agent_id=agent.id, may_close_any=False, now=now)
        raise NotAssigned("whatever comes after it in the unit")


async def test_a_sender_that_dies_is_followed_by_another(runtime, desk, there, hook, clock):
    await desk.conversation()
    await write_down(runtime)
    async with runtime.db.unit() as unit:
        dead = await webhooks.claim_due(unit, now=clock.now(), lease=LEASE, busy={}, most=9)
    assert len(dead) == 1  # and then the process is killed

    await tell(runtime)
    assert there.asked == []
    clock.forward(seconds=LEASE.total_seconds())
    await tell(runtime)

    assert told(there) == ["conversation.opened", "message.received"]
    late = webhooks.Outcome(500)
    async with runtime.db.unit() as unit:
        await webhooks.record(unit, dead[0], late, now=clock.now())
        states = set(await unit.session.scalars(select(Telling.state)))
    assert states == {TellingState.DELIVERED}


async def test_an_endpoint_learns_of_what_happens_after_it_was_added(runtime, desk, there, admin):
    other = await subscribed(admin, there)
    await desk.conversation(text="before")
    await subscribed(admin, there)
    await desk.conversation(text="after")
    await tell(runtime)

    said = [each.json["data"]["message"] for each in there.asked]
    texts = [each["text"] for each in said if each]
    assert sorted(texts) == ["after", "after", "before"]
    await admin.ask("DELETE", f"/api/webhooks/{other['id']}")
    assert len((await admin.get("/api/webhooks")).body["items"]) == 1


async def test_only_chosen_kinds_are_told(runtime, desk, there, admin):
    await subscribed(admin, there, kinds=["message.received"])
    await desk.conversation()
    await tell(runtime)

    assert told(there) == ["message.received"]


@on_sqlite
@pytest.mark.parametrize("status", [301, 400, 404, 429, 500, 503])
async def test_whatever_is_no_success_is_tried_again(
    runtime, desk, there, admin, hook, clock, status
):
    there.statuses = [status]
    await desk.conversation()
    await tell(runtime)
    (waiting,) = await log(admin, hook, state="waiting", kind="conversation.opened")
    clock.forward(seconds=7)
    await tell(runtime)
    (done,) = await log(admin, hook, kind="conversation.opened")

    assert (waiting["status"], waiting["attempts"], waiting["excerpt"]) == (status, 1, "no")
    assert (done["state"], done["status"], done["attempts"]) == ("delivered", 200, 2)
    assert len(there.asked) == 3


@on_sqlite
async def test_an_endpoint_may_ask_for_a_rest(runtime, desk, there, hook, clock):
    there.statuses, there.headers = [429], {"retry-after": "600"}
    await desk.conversation()
    await tell(runtime)
    clock.forward(seconds=599)
    await tell(runtime)
    asked = len(there.asked)
    clock.forward(seconds=2)
    await tell(runtime)

    assert (asked, len(there.asked)) == (1, 3)


@on_sqlite
async def test_one_that_fails_is_left_alone_for_a_while(runtime, desk, there, admin, hook, clock):
    there.statuses = [500] * 100
    for _ in range(30):
        await desk.conversation()
    await tell(runtime)
    tried = len(there.asked)
    resting = (await admin.get("/api/webhooks")).body["items"][0]

    assert tried <= MOST_OF_ONE
    assert resting["rest_until"] is not None
    assert resting["failures"] == tried
    there.statuses = []
    for _ in range(10):
        clock.forward(minutes=5)
        await tell(runtime)
    well = (await admin.get("/api/webhooks")).body["items"][0]
    assert (well["failures"], well["waiting"], well["rest_until"]) == (0, 0, None)
    assert well["delivered"] == 60


async def test_after_a_day_of_failures_it_is_given_up_and_admins_hear_of_it(
    runtime, desk, there, admin, hook, clock
):
    there.answer = None
    there.statuses = [500] * 10_000
    for _ in range(4):
        await desk.conversation()
    for _ in range(100):  # tries are hours apart by then
        clock.forward(minutes=30)
        await tell(runtime)
    (given_up,) = (await admin.get("/api/webhooks")).body["items"]
    asked = len(there.asked)
    bell = (await admin.get("/api/notices")).body
    await desk.conversation()
    clock.forward(days=1)
    await tell(runtime)

    assert (given_up["state"], given_up["why"]) == ("disabled", "failing")
    assert [each["kind"] for each in bell["items"]] == ["webhook"]
    assert len(there.asked) == asked

    there.statuses = []
    assert (await admin.post(f"/api/webhooks/{hook['id']}/resume")).status == 200
    await tell(runtime)
    (well,) = (await admin.get("/api/webhooks")).body["items"]
    assert (well["state"], well["waiting"]) == ("active", 0)
    assert len(there.asked) > asked


@on_sqlite
async def test_gone_is_gone(runtime, desk, there, admin, hook):
    there.statuses = [410]
    await desk.conversation()
    await tell(runtime)

    (given_up,) = (await admin.get("/api/webhooks")).body["items"]
    assert (given_up["state"], given_up["why"]) == ("disabled", "gone")
    assert len(there.asked) == 1


@on_sqlite
async def test_what_happens_in_a_pause_is_told_after_it(runtime, desk, there, admin, hook):
    await admin.post(f"/api/webhooks/{hook['id']}/pause")
    await desk.conversation()
    await tell(runtime)
    asked = list(there.asked)
    await admin.post(f"/api/webhooks/{hook['id']}/resume")
    await tell(runtime)

    assert asked == []
    assert told(there) == ["conversation.opened", "message.received"]


async def test_one_is_told_once_more_and_all_that_failed(runtime, desk, there, admin, hook):
    there.statuses = [410]
    await desk.conversation()
    await tell(runtime)
    await admin.post(f"/api/webhooks/{hook['id']}/resume")
    await tell(runtime)
    failed, done = [await log(admin, hook, state=state) for state in ("failed", "delivered")]
    path = f"/api/webhooks/{hook['id']}"
    again = await admin.post(f"{path}/deliveries/{done[0]['id']}/replay")
    twice = await admin.post(f"{path}/deliveries/{done[0]['id']}/replay")
    rest = await admin.post(f"{path}/replay", since="2026-01-01T00:00:00Z")
    await tell(runtime)

    assert ([each["status"] for each in failed], again.status) == ([410], 200)
    assert twice.problem == (409, "webhook_waiting")
    assert rest.body == {"replayed": 1}
    assert told(there)[-2:] == ["conversation.opened", "message.received"]
    assert {each["state"] for each in await log(admin, hook)} == {"delivered"}


@on_sqlite
async def test_trying_an_endpoint_shows_in_its_log(runtime, there, admin, hook):
    tried = await admin.post(f"/api/webhooks/{hook['id']}/test")
    await tell(runtime)
    (line,) = await log(admin, hook)
    body = await admin.get(f"/api/webhooks/{hook['id']}/deliveries/{line['id']}")

    assert (tried.status, tried.body["state"]) == (201, "waiting")
    assert (line["kind"], line["state"], line["excerpt"]) == ("webhook.test", "delivered", "ok")
    assert body.body["body"].encode() == there.asked[0].body


@on_sqlite
async def test_the_log_is_read_in_pages(runtime, desk, admin, hook):
    for _ in range(3):
        await desk.conversation()
    await write_down(runtime)
    path = f"/api/webhooks/{hook['id']}/deliveries"
    first = (await admin.get(path, limit=4)).body
    second = (await admin.get(path, limit=4, cursor=first["next"])).body

    ids = [each["id"] for each in first["items"] + second["items"]]
    assert (len(ids), second["next"]) == (6, None)
    assert ids == sorted(ids, reverse=True)


@on_sqlite
@pytest.mark.parametrize("settings", [{}])
async def test_nothing_of_the_desks_own_network_is_told(runtime, desk, there, admin, hook):
    await desk.conversation()
    await tell(runtime)

    (line,) = await log(admin, hook, kind="conversation.opened")
    assert (line["why"], line["state"], line["status"]) == ("address_forbidden", "waiting", None)
    assert there.asked == []


async def test_what_nobody_has_read_yet_is_not_forgotten(runtime, desk, there, hook, clock):
    await desk.conversation()
    clock.forward(days=4)
    async with runtime.db.unit() as unit:
        await unit.session.execute(events.Event.__table__.update().values(at=clock.now()))
    clock.forward(days=4)
    await forget_old(runtime)
    await tell(runtime)
    clock.forward(days=4)
    await forget_old(runtime)
    async with runtime.db.reading() as unit:
        kept = await unit.session.scalar(select(func.count()).select_from(events.Event))

    assert told(there) == ["conversation.opened", "message.received"]
    assert kept < 3


async def test_the_log_is_forgotten_after_a_while(runtime, desk, there, hook, clock):
    await desk.conversation()
    await tell(runtime)
    clock.forward(days=13)
    await forget_old(runtime)
    async with runtime.db.reading() as unit:
        kept = await unit.session.scalar(select(func.count()).select_from(Telling))
    clock.forward(days=2)
    await forget_old(runtime)
    async with runtime.db.reading() as unit:
        left = [
            await unit.session.scalar(select(func.count()).select_from(each))
            for each in (Telling, WebhookEvent)
        ]

    assert (kept, left) == (2, [0, 0])


@on_sqlite
async def test_only_admins_see_webhooks_and_tokens(lihua):
    assert (await lihua.get("/api/webhooks")).problem == (403, "forbidden")
    assert (await lihua.get("/api/tokens")).problem == (403, "forbidden")


@on_sqlite
@pytest.mark.parametrize("url", ["ftp://shop.example", "shop", "http://u:p@shop.example/"])
async def test_an_address_that_cannot_be_asked_is_invalid(admin, url):
    assert (await admin.post("/api/webhooks", name="x", url=url)).problem == (422, "invalid")


@on_sqlite
async def test_there_are_not_too_many(admin, there):
    for _ in range(20):
        await subscribed(admin, there)

    more = await admin.post("/api/webhooks", name="x", url=there.url)

    assert more.problem == (409, "too_many_webhooks")


@on_sqlite
async def test_every_kind_is_described_and_told_to_new_endpoints(hook):
    assert set(hook["kinds"]) == set(Happening)


async def test_a_token_that_only_reads_changes_nothing(admin, visit, agent, runtime, clock):
    made = (await admin.post("/api/tokens", name="报表", agent_id=agent.id, read_only=True)).body
    program = await visit(token=made["token"])

    assert (await program.get("/api/agents")).status == 200
    refused = await program.ask("PUT", "/api/presence", json={"presence": "online"})
    assert refused.problem == (403, "forbidden")
    listed = (await admin.get("/api/tokens")).body["items"]
    shown = next(each for each in listed if each["id"] == made["id"])
    assert shown["last_used_at"] is not None
    assert "token" not in shown

    assert (await admin.ask("DELETE", f"/api/tokens/{made['id']}")).status == 204
    assert (await program.get("/api/agents")).problem == (401, "not_signed_in")
    async with runtime.db.reading() as unit:
        assert len(await agents.list_tokens(unit)) == 1
