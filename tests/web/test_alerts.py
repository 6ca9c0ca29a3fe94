"""Agents are reached beside their pages: devices, other services, and who counts as here."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from patient import settings_of
from push_service import push_service_running
from wxdesk.desk import alerts, reaching, routing
from wxdesk.desk.agents import Role
from wxdesk.desk.contacts import Contact
from wxdesk.desk.routing import Presence
from wxdesk.runtime import running
from wxdesk.worker.alerts import Reacher, notice_times
from wxdesk.worker.clocks import notice_due
from wxdesk.worker.dispatch import dispatch

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAGE = "page-0001"


@pytest.fixture
async def service():
    async with push_service_running() as service:
        yield service


@pytest.fixture
async def runtime(database_url, tmp_path, clock, service, settings):
    own = settings_of(
        data_dir=tmp_path,
        database_url=database_url,
        push_origins=service.url,
        alert_schemes="json",
        alert_hosts="127.0.0.1",
        **settings,
    )
    async with running(own, clock=clock) as rt:
        yield rt


@pytest.fixture
async def agent(desk, runtime):
    """Online, by a page that was open just now."""
    made = await desk.agent("lihua")
    async with runtime.db.unit() as unit:
        await routing.set_presence(unit, made.id, Presence.ONLINE, now=runtime.clock.now())
    return made


@pytest.fixture
async def phone(lihua, service):
    """A browser of the agent's that takes pushes."""
    browser = service.browser()
    answer = await lihua.post("/api/alerts/devices", name="Pixel", **browser.subscription)
    assert answer.status == 201, answer
    return browser


@pytest.fixture
def reach(runtime):
    """Whatever is due is sent, as by the worker."""

    async def all_due():
        reacher = Reacher(runtime)
        while await reacher.reach_due():
            await reacher.finish()

    return all_due


async def look(browser, *, visible):
    wish = {"page": PAGE, "visible": visible}
    assert (await browser.ask("PUT", "/api/alerts/screen", json=wish)).status == 204


async def hook(browser, service, path="/api/alerts/addresses"):
    url = service.url.replace("http", "json") + "/hook"
    answer = await browser.post(path, url=url, name="群")
    assert answer.status == 201, answer
    return answer.body


async def written(desk, agent, text="在吗"):
    """A customer of the agent's has written once more."""
    talk = await desk.conversation(assignee=agent)
    await desk.write(talk, text)
    return talk


async def desk_asks(runtime):
    """Agents are asked before they are given anything, and have 40 s."""
    now = runtime.clock.now()
    async with runtime.db.unit() as unit:
        plan = routing.Plan(accept_seconds=40).as_json()
        unit.session.add(routing.PlanVersion(made_at=now, by_id=1, published_at=now, doc=plan))


async def presence(runtime, agent):
    async with runtime.db.reading() as unit:
        (seat,) = await routing.seats_by_ids(unit, [agent.id])
    return seat.presence, seat.paused_since is not None


async def test_an_offer_reaches_a_phone_whose_page_is_closed_and_is_taken_in_time(
    desk, runtime, clock, lihua, agent, phone, service, reach
):
    await desk_asks(runtime)
    clock.forward(minutes=20)  # no page, for long
    await dispatch(runtime)
    talk = await desk.conversation(text="我的卡号是 6222 0000")
    await dispatch(runtime)
    await reach()

    (note,) = service.read()
    assert (note["kind"], note["title"]) == ("offer", "新会话，等你接入")
    assert note["url"].startswith(f"/conversations/{talk.id}")
    assert "6222" not in str(note)

    clock.forward(seconds=20)
    assert (await lihua.post(f"/api/conversations/{talk.id}/accept")).status == 200
    await reach()
    assert [each["kind"] for each in service.read()] == ["clear"]


async def test_who_leaves_after_a_missed_offer_is_gone_and_not_paused(
    desk, runtime, clock, lihua, agent
):
    await desk_asks(runtime)
    await lihua.ask("PUT", "/api/presence", json={"presence": "online"})
    await desk.conversation()
    await dispatch(runtime)
    clock.forward(seconds=41)
    await dispatch(runtime)
    assert (await lihua.get("/api/presence")).body["paused"]

    gone = await lihua.ask("PUT", "/api/presence", json={"presence": "offline"})

    assert (gone.body["presence"], gone.body["paused"]) == ("offline", False)


async def test_who_took_what_was_offered_is_said_where_it_was_shown(
    desk, runtime, clock, visit, agent, phone, service, reach
):
    await desk_asks(runtime)
    await desk.agent("boss", role=Role.SUPERVISOR)
    boss = await visit()
    await boss.sign_in("boss")
    talk = await desk.conversation()
    await dispatch(runtime)
    await reach()
    taken = await boss.post(f"/api/conversations/{talk.id}/take-over", reason="我来")
    assert taken.status == 200, taken
    await reach()

    offered, cleared = service.read()
    assert offered["tag"] == cleared["tag"]
    assert (cleared["kind"], cleared["title"][:2]) == ("clear", "已由")


async def test_a_missed_offer_pauses_whoever_is_only_reached_and_then_they_are_gone(
    desk, runtime, clock, agent, phone, service, reach
):
    await desk_asks(runtime)
    clock.forward(minutes=20)
    await dispatch(runtime)
    assert await presence(runtime, agent) == (Presence.ONLINE, False)
    await desk.conversation()
    await dispatch(runtime)
    await reach()
    clock.forward(seconds=45)
    await dispatch(runtime)

    assert (await presence(runtime, agent))[1]
    await dispatch(runtime)
    assert (await presence(runtime, agent))[0] is Presence.OFFLINE


async def test_without_a_way_silence_takes_them_offline_as_ever(
    runtime, clock, lihua, agent, phone, service
):
    body = (await lihua.get("/api/alerts")).body
    (device,) = body["devices"]
    await lihua.ask("DELETE", f"/api/alerts/devices/{device['id']}")
    clock.forward(minutes=3)
    await dispatch(runtime)

    assert (await presence(runtime, agent))[0] is Presence.OFFLINE


async def test_whoever_does_not_want_offers_there_signs_out_or_was_not_seen_all_day_is_not_reached(
    runtime, clock, lihua, agent, phone
):
    muted = {"muted": ["offer"], "timezone": "Asia/Shanghai"}
    await lihua.ask("PUT", "/api/alerts/wishes", json=muted)
    clock.forward(minutes=3)
    await dispatch(runtime)
    assert (await presence(runtime, agent))[0] is Presence.OFFLINE

    await lihua.ask("PUT", "/api/alerts/wishes", json={"muted": [], "timezone": "Asia/Shanghai"})
    await lihua.ask("PUT", "/api/seat", json={"presence": "online"})
    async with runtime.db.unit() as unit:
        await routing.set_presence(unit, agent.id, Presence.ONLINE, now=runtime.clock.now())
    clock.forward(hours=11)
    await dispatch(runtime)
    assert (await presence(runtime, agent))[0] is Presence.ONLINE
    assert (await lihua.ask("DELETE", "/api/session")).status == 204
    await dispatch(runtime)
    assert (await presence(runtime, agent))[0] is Presence.OFFLINE


async def test_a_message_is_pushed_once_nobody_looks_and_taken_away_when_it_is_read(
    desk, runtime, clock, lihua, agent, phone, service, reach
):
    talk = await desk.conversation(assignee=agent)
    await lihua.post(f"/api/conversations/{talk.id}/read", up_to=10_000)
    await look(lihua, visible=True)
    await desk.write(talk, "在吗")
    await reach()
    assert service.read() == []

    await look(lihua, visible=False)
    clock.forward(seconds=4)
    await reach()
    assert service.read() == []
    clock.forward(seconds=1)
    await reach()
    assert [each["kind"] for each in service.read()] == ["message"]

    await desk.write(talk, "在吗？")
    await desk.write(talk, "人呢")
    await reach()
    assert service.read() == []  # too soon after the first
    clock.forward(seconds=30)
    await reach()
    (again,) = service.read()
    assert "3" in again["body"]
    assert again["again"]

    assert (await lihua.post(f"/api/conversations/{talk.id}/read", up_to=10_000)).status == 204
    await reach()
    assert [(each["kind"], each["tag"]) for each in service.read()] == [("clear", again["tag"])]


@pytest.mark.parametrize("settings", [{"alert_contents": "text"}])
@on_sqlite
async def test_what_customers_wrote_is_in_it_only_where_the_operator_says_so(
    desk, clock, agent, phone, service, reach
):
    await written(desk, agent, "我的订单到哪了")
    clock.forward(minutes=5)
    await reach()

    assert "我的订单到哪了" in service.read()[0]["body"]


async def test_a_browser_that_is_gone_is_forgotten(
    desk, clock, lihua, agent, phone, service, reach
):
    service.statuses = [410]
    await written(desk, agent)
    clock.forward(minutes=5)
    await reach()

    assert (await lihua.get("/api/alerts")).body["devices"] == []


async def test_a_service_that_is_away_is_tried_again_and_an_old_offer_given_up(
    desk, runtime, clock, agent, phone, service, reach
):
    await desk_asks(runtime)
    await desk.conversation()
    await dispatch(runtime)
    service.statuses = [503, 503, 503, 503]
    await reach()
    clock.forward(seconds=2)
    await reach()
    assert len(service.pushed) == 2
    clock.forward(seconds=30)
    await reach()
    assert len(service.pushed) == 3
    clock.forward(seconds=30)
    await reach()
    assert len(service.pushed) == 3  # it is worthless by now


async def test_what_a_dead_worker_had_claimed_is_sent_by_another_and_two_send_it_once(
    desk, runtime, clock, agent, phone, service, reach
):
    await written(desk, agent)
    clock.forward(minutes=5)
    async with runtime.db.unit() as unit:
        await reaching.look(unit, now=clock.now(), limit=9)
    async with runtime.db.unit() as unit:
        assert len(await alerts.claim(unit, now=clock.now(), limit=9)) == 1
    await reach()
    assert service.pushed == []
    clock.forward(minutes=2)
    one, other = Reacher(runtime), Reacher(runtime)
    await one.reach_due()
    await other.reach_due()
    await one.finish()
    await other.finish()

    assert len(service.pushed) == 1


async def test_a_test_tells_whether_it_arrives(lihua, phone, service):
    (device,) = (await lihua.get("/api/alerts")).body["devices"]
    path = f"/api/alerts/devices/{device['id']}/test"
    assert (await lihua.post(path)).body == {"sent": True, "why": ""}
    assert [each["kind"] for each in service.read()] == ["test"]

    service.statuses = [400]
    assert (await lihua.post(path)).body == {"sent": False, "why": "http_400"}
    (device,) = (await lihua.get("/api/alerts")).body["devices"]
    assert device["problem"] == "http_400"


async def test_a_device_is_its_agents_own_and_belongs_to_a_sign_in(
    visit, desk, lihua, agent, phone, service
):
    (device,) = (await lihua.get("/api/alerts")).body["devices"]
    await desk.agent("wangmin")
    wang = await visit()
    await wang.sign_in("wangmin")
    path = f"/api/alerts/devices/{device['id']}"
    assert (await wang.ask("DELETE", path)).problem == (404, "not_found")
    assert (await wang.post(f"{path}/test")).problem == (404, "not_found")

    program = await visit(token=await desk.token(agent))
    refused = await program.post("/api/alerts/devices", **service.browser().subscription)
    assert refused.problem == (403, "only_at_a_page")

    # somebody else sits at the same browser now
    assert (await wang.post("/api/alerts/devices", **phone.subscription)).status == 201
    assert (await lihua.get("/api/alerts")).body["devices"] == []


async def test_there_is_an_end_to_devices_and_to_addresses(lihua, agent, service):
    for _ in range(alerts.MOST_PLACES):
        answer = await lihua.post("/api/alerts/devices", **service.browser().subscription)
        assert answer.status == 201
        await hook(lihua, service)
    more = await lihua.post("/api/alerts/devices", **service.browser().subscription)
    assert more.problem == (409, "too_many_places")
    url = service.url.replace("http", "json") + "/hook"
    assert (await lihua.post("/api/alerts/addresses", url=url)).problem[1] == "too_many_places"


@pytest.mark.parametrize(
    "endpoint", ["https://169.254.169.254/latest", "http://127.0.0.1:1/to/1", "file:///etc/passwd"]
)
@on_sqlite
async def test_what_is_no_push_service_is_never_asked(lihua, service, endpoint):
    told = service.browser().subscription | {"endpoint": endpoint}
    answer = await lihua.post("/api/alerts/devices", **told)
    assert answer.problem == (422, "push_endpoint_refused")


async def test_an_address_is_told_at_last_and_never_shown(
    desk, clock, lihua, agent, service, reach
):
    added = await hook(lihua, service)
    assert "hook" not in added["shown"].removesuffix("ook")
    tested = await lihua.post(f"/api/alerts/addresses/{added['id']}/test")
    assert tested.body == {"sent": True, "why": ""}
    await written(desk, agent)
    clock.forward(seconds=59)
    await reach()
    assert len(service.said) == 1
    clock.forward(seconds=2)
    await reach()

    assert service.said[1]["title"] == "客户发来消息"
    assert "/conversations/" in service.said[1]["message"]


async def test_whoever_supervises_hears_of_broken_promises_together_and_admins_keep_where(
    desk, runtime, clock, visit, lihua, agent, service, reach
):
    await desk.agent("root", role=Role.ADMIN)
    root = await visit()
    await root.sign_in("root")
    common = await hook(root, service, "/api/alerts/common")
    refused = await lihua.get("/api/alerts/common")
    assert refused.problem == (403, "forbidden")
    for _ in range(3):
        await desk.conversation(assignee=agent)
    clock.forward(hours=2)
    while await notice_due(runtime):
        pass
    clock.forward(seconds=10)
    await reach()

    (said,) = service.said
    assert said["title"] == "有会话已超时"
    assert "3" in said["message"]
    assert (await root.ask("DELETE", f"/api/alerts/common/{common['id']}")).status == 204


async def test_who_waits_long_is_told_to_them_once(desk, runtime, clock, visit, service, reach):
    await desk.account()
    await desk.agent("root", role=Role.ADMIN)
    root = await visit()
    await root.sign_in("root")
    await hook(root, service, "/api/alerts/common")
    await desk.conversation()
    for _ in range(3):
        clock.forward(minutes=4)
        await notice_times(runtime)
        await reach()

    assert [each["title"] for each in service.said] == ["有客户等待，无人接待"]


async def test_a_window_that_closes_on_an_answer_is_told_an_hour_before_once(
    desk, runtime, clock, agent, phone, service, reach
):
    talk = await desk.conversation(assignee=agent)
    async with runtime.db.unit() as unit:
        contact = await unit.session.scalar(select(Contact).where(Contact.id == talk.contact_id))
        contact.window_closes_at = clock.now() + timedelta(minutes=50)
    for _ in range(2):
        await notice_times(runtime)
        await reach()

    assert [each["kind"] for each in service.read()].count("window") == 1


async def test_in_quiet_hours_nothing_comes_but_what_one_has_asked_for(
    desk, runtime, clock, lihua, agent, phone, service, reach
):
    quiet = {"muted": [], "quiet_from": "18:00", "quiet_to": "08:00", "timezone": "Asia/Shanghai"}
    assert (await lihua.ask("PUT", "/api/alerts/wishes", json=quiet)).body["quiet_to"] == "08:00:00"
    await written(desk, agent)
    async with runtime.db.unit() as unit:
        await routing.set_presence(unit, agent.id, Presence.BUSY, now=runtime.clock.now())
    clock.forward(minutes=5)
    await reach()

    assert service.read() == []


async def test_the_desks_keys_stay_the_same(lihua, phone, service):
    first = (await lihua.get("/api/alerts")).body["push_key"]
    (device,) = (await lihua.get("/api/alerts")).body["devices"]
    await lihua.post(f"/api/alerts/devices/{device['id']}/test")

    assert (await lihua.get("/api/alerts")).body["push_key"] == first
    service.pushed[0].signed_by(first)
