"""What minutes and hours bring about: the clock of desk and WeChat is moved, never waited for."""

import json
import re

import pytest_asyncio
from playwright.async_api import expect

from browser.moved import moved_shop_open
from browser.screens import NARROW
from browser.test_queue import go_online, mine, offer
from journeys.processes import until
from push_service import push_service_running

SUBSCRIBED = """
  // no system and no push service of a browser's vendor is asked here: this is what they would say
  Object.defineProperty(Notification, 'permission', { get: () => 'granted' })
  Notification.requestPermission = async () => 'granted'
  const { endpoint, keys } = %s
  const made = { endpoint, options: {}, toJSON: () => ({ endpoint, keys }) }
  let kept = null
  PushManager.prototype.subscribe = async () => (kept = made)
  PushManager.prototype.getSubscription = async () => kept
"""
ACCEPT_SECONDS = 40


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def service():
    async with push_service_running() as service:
        yield service


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def lasting_shop(chromium, service, tmp_path_factory):
    async with moved_shop_open(tmp_path_factory.mktemp("time"), push_origins=service.url) as shop:
        yield shop


async def test_a_minute_after_a_tap_on_the_menu_nothing_is_sent_and_the_page_says_why(
    screens, shop
):
    agent, customer = await shop.agent(), await shop.waiting("在吗")
    await shop.take(customer, agent)
    await shop.forward(hours=49)
    desk = await screens.desk(agent)
    await desk.row(customer).click()
    await customer.does(type="menu_click", key="MY_ORDER")
    await expect(desk.meter).to_have_text("剩 3 条")
    await desk.reply("请稍等")
    await expect(desk.state("请稍等", "已送达微信")).to_be_visible()

    await shop.forward(seconds=61)
    screens.expect("status of 409")  # the page's own clock was not moved: the desk refuses
    await desk.reply("查到了")
    asking = desk.page.get_by_role("dialog", name="没有发出：窗口刚刚关闭")
    await expect(asking).to_contain_text("查到了")
    await asking.get_by_role("button", name="停留").click()

    await expect(desk.parked.get_by_role("listitem")).to_have_text(re.compile("查到了"))
    assert await customer.reads() == ["请稍等"]
    theirs = await shop.sim_get(f"/sim/followers/{customer.openid}/allowance")
    assert theirs["sends_left"] == 0

    await desk.page.clock.install()
    await desk.page.clock.fast_forward(61_000)
    await desk.page.reload()
    await expect(desk.page.get_by_text("窗口已关闭：")).to_be_visible()
    await expect(desk.page.get_by_role("button", name="停留", exact=True)).to_be_visible()


async def test_an_offer_finds_a_phone_whose_page_is_closed_and_is_accepted_in_time(
    screens, shop, floor, service
):
    await floor.plan(accept_seconds=ACCEPT_SECONDS)
    agent, browser = await shop.agent(), service.browser()
    desk = await screens.desk(agent, viewport=NARROW, service_workers="allow")
    phone = desk.page.context
    await phone.add_init_script(SUBSCRIBED % json.dumps(browser.subscription))
    await desk.page.goto("/me/settings")
    await desk.page.get_by_role("button", name="开启", exact=True).click()
    await expect(desk.page.get_by_text("推送：正常")).to_be_visible()
    await desk.page.goto("/conversations")
    await go_online(desk)
    await desk.page.close()
    await shop.forward(minutes=20)

    customer = await shop.waiting("会员卡 6222 0000 不能用了")

    async def told():
        return service.read()

    (note,) = await until(told)
    assert (note["kind"], note["title"]) == ("offer", "新会话，等你接入")
    assert "6222" not in str(note)
    await shop.forward(seconds=ACCEPT_SECONDS / 2)
    opened = type(desk)(await phone.new_page(), agent)
    await opened.page.goto(note["url"])
    await offer(opened).get_by_role("button", name="接受").click()
    await expect(opened.composer).to_be_visible()
    await opened.reply("您好，我来看一下")
    await expect(opened.state("我来看一下", "已送达微信")).to_be_visible()
    assert await customer.reads() == ["您好，我来看一下"]
    assert [each["kind"] for each in await until(told)] == ["clear"]


async def test_whoever_goes_home_without_a_word_leaves_nobody_waiting(screens, shop, floor):
    gone, colleague = await screens.desk(await shop.agent()), await screens.desk(await shop.agent())
    await go_online(gone)
    owed, answered = await shop.waiting("想退货"), await shop.waiting("想换货")
    await expect(mine(gone)).to_contain_text("2")
    await gone.row(answered).click()
    await gone.reply("已经换好了")
    await expect(gone.state("已经换好了", "已送达微信")).to_be_visible()
    await go_online(colleague)

    await gone.page.context.close()
    await shop.forward(colleague.agent, minutes=6)

    await expect(mine(colleague)).to_contain_text("1")
    await colleague.row(owed).click()
    await expect(colleague.thread).to_contain_text(f"分配给 {colleague.agent.name}")
    await colleague.composer.hover()  # nothing moves under the pointer
    await answered.writes("还有一个问题")
    await expect(mine(colleague)).to_contain_text("2")
    await colleague.row(answered).click()
    await colleague.reply("请讲")
    await expect(colleague.state("请讲", "已送达微信")).to_be_visible()
    seats = (await floor.ask("GET", "/api/seats"))["items"]
    assert next(each for each in seats if each["id"] == gone.agent.id)["presence"] == "offline"
