"""Binding one's WeChat over HTTP, and signing in within it: codes, states, who may what."""

import asyncio
from functools import partial
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select

from patient import PATIENCE_SECONDS
from simulated import simulating
from wxdesk.bus import end, forever
from wxdesk.desk import accounts, agents, bindings, contacts, intake
from wxdesk.desk.agents import Role
from wxdesk.desk.bindings import Binding
from wxdesk.worker.intake import understand_kept

PHONE = "oAgentLihuaPhone"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def settings():
    """Longer than WeChat would wait: no machine is too slow for an answer in time."""
    return {"passive_wait_seconds": 60}


@pytest.fixture
async def sim():
    async with simulating() as simulated:
        yield simulated


@pytest.fixture
async def shop(desk, mode, runtime, sim):
    account = await desk.account(mode=mode, policy="2023")
    async with runtime.db.unit() as unit:
        kept = await accounts.lock(unit, account.id)
        kept.api_base = sim.url
    return account


@pytest.fixture
async def boss(visit, desk):
    return await visit(token=await desk.token(await desk.agent(role=Role.ADMIN)))


@pytest.fixture
async def understanding(runtime):
    loop = asyncio.create_task(forever(runtime.bus, intake.LOOP, partial(understand_kept, runtime)))
    yield
    await end([loop])


async def asked(who, shop):
    made = await who.post("/api/binding/codes", account_id=shop.id)
    assert made.status == 201, made.body
    return made.body


async def bind(runtime, agent, shop, openid=PHONE):
    """As after a scan."""
    now = runtime.clock.now()
    async with runtime.db.unit() as unit:
        code = await bindings.ask(
            unit, agent.id, shop.id, scene=bindings.new_scene(), url="u", now=now
        )
        (contact,) = await contacts.meet(unit, [((shop.id, openid), now)])
        await bindings.redeem(unit, contact, code.scene, at=now, now=now)


@pytest.mark.usefixtures("understanding")
async def test_a_scan_of_the_code_on_the_screen_binds_and_is_answered(
    lihua, shop, door, desk, runtime
):
    before = (await lihua.get("/api/binding")).body
    assert (before["binding"], before["code"]) == (None, None)
    assert [each["name"] for each in before["accounts"]] == ["微光生活馆"]
    code = await asked(lihua, shop)
    assert code["state"] == "open"
    picture = await lihua.get(f"/api/binding/codes/{code['id']}/picture")
    assert (picture.status, picture.headers["content-type"]) == (200, "image/png")
    async with runtime.db.reading() as unit:
        scene = (await bindings.newest_code(unit, 1)).scene

    status, answer = await door.push(desk.event_xml(PHONE, "SCAN", key=scene))

    assert status == 200
    assert ET.fromstring(answer).findtext("Content").startswith("已绑定")
    after = (await lihua.get("/api/binding")).body
    assert after["code"]["state"] == "used"
    assert after["binding"]["account"]["name"] == "微光生活馆"
    answer = "success"
    async with asyncio.timeout(PATIENCE_SECONDS):
        while answer == "success":  # until the front door has learnt of its new agent
            await asyncio.sleep(0.02)
            _, answer = await door.push(desk.text_xml(PHONE, "?"))
    assert "回复当前客户" in ET.fromstring(answer).findtext("Content")


async def test_a_code_expires_and_a_new_one_withdraws_it(lihua, shop, clock):
    first = await asked(lihua, shop)
    await asked(lihua, shop)
    assert (await lihua.get("/api/binding")).body["code"]["state"] == "open"
    assert first["expires_at"] > "2026"
    clock.forward(minutes=10)

    assert (await lihua.get("/api/binding")).body["code"]["state"] == "expired"


@on_sqlite
async def test_a_code_is_shown_to_nobody_else(lihua, boss, shop):
    code = await asked(lihua, shop)

    assert (await boss.get(f"/api/binding/codes/{code['id']}/picture")).status == 404


@on_sqlite
async def test_who_may_see_and_end_what(lihua, boss, shop, agent, runtime):
    await bind(runtime, agent, shop)
    assert (await lihua.get("/api/bindings")).status == 403
    assert (await lihua.get("/api/bindings/log")).status == 403
    (listed,) = (await boss.get("/api/bindings")).body["items"]
    assert listed["agent"]["name"] == agent.name
    assert (await lihua.ask("DELETE", f"/api/bindings/{listed['id']}")).status == 403

    assert (await boss.ask("DELETE", f"/api/bindings/{listed['id']}")).status == 204
    again = await boss.ask("DELETE", f"/api/bindings/{listed['id']}")
    assert again.problem == (404, "not_found")
    assert (await lihua.get("/api/binding")).body["binding"] is None
    log = (await boss.get("/api/bindings/log")).body["items"]
    assert [each["what"] for each in log] == ["revoked", "bound", "asked"]
    assert log[0]["by"]["id"] != agent.id


async def test_one_ends_ones_own_binding_and_withdraws_the_code(lihua, shop, agent, runtime):
    await bind(runtime, agent, shop)
    await asked(lihua, shop)

    after = await lihua.ask("DELETE", "/api/binding", json={})

    assert after.body["binding"] is None
    assert after.body["code"]["state"] == "withdrawn"


@on_sqlite
async def test_a_template_for_when_sends_are_spent_is_chosen_and_dropped(lihua, boss, shop):
    path = f"/api/accounts/{shop.id}/agent-notice"
    wish = {"template_id": "T", "values": {"thing1": "{客户}"}}
    assert (await lihua.ask("PUT", path, json=wish)).status == 403
    assert (await boss.ask("PUT", path, json=wish)).body == wish
    assert (await boss.get(path)).body == wish
    nothing = {"template_id": None, "values": {}}
    assert (await boss.ask("PUT", path, json=nothing)).body == nothing
    assert (await boss.get(path)).body == nothing


# Signing in within WeChat


class Phone:
    """WeChat's own browser on somebody's phone."""

    def __init__(self, browser, openid):
        self.browser, self.openid = browser, openid

    async def begin(self, slug="shop"):
        """Where WeChat sends them back to."""
        first = await self.browser.ask("GET", f"/wechat-login/{slug}")
        assert first.status == 302, first
        to = first.headers["location"].replace("#wechat_redirect", "")
        url = f"{to}&sim_openid={self.openid}"
        async with self.browser.http.get(url, allow_redirects=False) as page:
            back = urlsplit(page.headers["Location"])
        return f"{back.path}?{back.query}"

    async def open(self, slug="shop"):
        return await self.browser.ask("GET", await self.begin(slug))

    async def who(self):
        answer = await self.browser.get("/api/session")
        return answer.body["agent"]["username"] if answer.status == 200 else None


@pytest.fixture
async def bound_openid(sim, runtime, agent, shop):
    openid = await sim.follower("李华")
    await bind(runtime, agent, shop, openid)
    return openid


async def test_a_bound_agent_is_signed_in_without_a_word(visit, bound_openid, boss):
    phone = Phone(await visit(), bound_openid)

    opened = await phone.open()

    assert (opened.status, opened.headers["location"]) == (303, "/")
    assert await phone.who() == "lihua"
    assert (await boss.get("/api/bindings/log")).body["items"][0]["what"] == "signed_in"


async def refused(phone, answer):
    assert answer.status == 403
    assert answer.headers["content-type"].startswith("text/html")
    assert await phone.who() is None


async def test_whoever_is_not_bound_is_told_how_to_bind(visit, bound_openid, sim):
    phone = Phone(await visit(), await sim.follower("路人"))

    back = await phone.begin()
    async with phone.browser.http.get(back, allow_redirects=False) as page:
        assert page.status == 403
        said = await page.text()

    assert "还没有绑定客服" in said
    assert "绑定微信" in said
    assert await phone.who() is None


async def test_whoever_works_here_no_more_or_is_bound_no_more_is_refused(
    visit, bound_openid, runtime, agent, clock
):
    phone = Phone(await visit(), bound_openid)
    async with runtime.db.unit() as unit:
        (await agents.by_ids(unit, [agent.id]))[agent.id].active = False
    await refused(phone, await phone.open())
    async with runtime.db.unit() as unit:
        (await agents.by_ids(unit, [agent.id]))[agent.id].active = True
        (binding,) = await unit.session.scalars(select(Binding))
        await bindings.revoke(unit, binding, by_id=None, now=clock.now())
    await refused(phone, await phone.open())


async def test_a_state_is_good_once_for_one_browser_one_account_and_ten_minutes(
    visit, bound_openid, clock, desk
):
    phone, other = Phone(await visit(), bound_openid), Phone(await visit(), bound_openid)
    back = await phone.begin()
    await other.begin()
    await refused(other, await other.browser.ask("GET", back))
    query = parse_qs(urlsplit(back).query)
    code, state = query["code"][0], query["state"][0]
    for wrong in ("", "x", state[:-1], state[:-1] + "0" * 2, "f" * len(state), "é" * 104):
        answer = await phone.browser.get("/wechat-login/shop/back", code=code, state=wrong)
        await refused(phone, answer)
    await desk.account("second", app_id="wx00000000000000ab")
    answer = await phone.browser.get("/wechat-login/second/back", code=code, state=state)
    await refused(phone, answer)
    clock.forward(minutes=10)
    await refused(phone, await phone.browser.ask("GET", back))


async def test_who_comes_back_twice_is_signed_in_once(visit, bound_openid):
    phone = Phone(await visit(), bound_openid)
    back = await phone.begin()
    nonce = phone.browser.cookie("wxdesk_wechat_login")

    first = await phone.browser.ask("GET", back)
    again = await phone.browser.ask("GET", back, headers={"cookie": f"wxdesk_wechat_login={nonce}"})

    assert (first.status, again.status) == (303, 403)


@on_sqlite
async def test_a_code_that_wechat_does_not_know_signs_nobody_in(visit, bound_openid):
    phone = Phone(await visit(), bound_openid)
    back = await phone.begin()
    state = parse_qs(urlsplit(back).query)["state"][0]

    answer = await phone.browser.get("/wechat-login/shop/back", code="made-up", state=state)

    await refused(phone, answer)


@on_sqlite
async def test_an_account_that_there_is_not_is_told(visit, shop):
    browser = await visit()
    assert (await browser.ask("GET", "/wechat-login/nowhere")).status == 404
    assert (await browser.ask("GET", "/wechat-login/nowhere/back")).status == 404
