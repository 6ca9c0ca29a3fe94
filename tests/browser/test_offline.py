"""Without a network: what is kept is read, and what is written waits and leaves once.

Nothing outlives the sign-in.
"""

import json

from playwright.async_api import BrowserContext, Page, expect

from browser.screens import NARROW, DeskScreen
from desk_builder import PASSWORD
from journeys.processes import until

NO_NETWORK = [
    "INTERNET_DISCONNECTED",
    "INCOMPLETE_CHUNKED",
    "Failed to load resource",
    "ERR_FAILED",
]
COPIES = """() => new Promise(resolve => {
  const asked = indexedDB.open('wxdesk')
  asked.onsuccess = () => {
    const db = asked.result
    if (!db.objectStoreNames.contains('copies')) return resolve([])
    const all = db.transaction('copies').objectStore('copies').getAll()
    all.onsuccess = () => { db.close(); resolve(all.result) }
  }
})"""
WRITTEN_EARLIER = """by => {
  for (const key of Object.keys(localStorage).filter(key => key.startsWith('wxdesk:outbox:'))) {
    const text = JSON.parse(localStorage[key])
    localStorage[key] = JSON.stringify({ ...text, at: text.at - by })
    window.dispatchEvent(new StorageEvent('storage', { key }))
  }
}"""
SHELL_KEPT = """async () => {
  const files = await (await fetch('/shell.json')).json()
  const kept = await Promise.all(files.map(file => caches.match(file)))
  return kept.every(Boolean)
}"""


async def copies(page: Page) -> list[dict]:
    return await page.evaluate(COPIES)


async def copied(page: Page, text: str) -> bool:
    """Whether a copy holds it."""
    return text in json.dumps(await copies(page), ensure_ascii=False)


async def off(context: BrowserContext) -> None:
    await context.set_offline(True)


async def test_a_minute_without_a_network_loses_nothing_and_doubles_nothing(screens, shop):
    agent = await shop.agent()
    anna, bert, carl = [await shop.waiting(f"我是{name}") for name in "甲乙丙"]
    for customer in (anna, bert, carl):
        await shop.take(customer, agent)
    desk = await screens.desk(agent)
    await desk.page.clock.install()
    await desk.page.reload()
    for customer in (bert, anna):
        await desk.row(customer).click()
        await desk.reply("在的")
        await expect(desk.state("在的", "已送达微信")).to_be_visible()
    await desk.page.evaluate("window.neverReloaded = true")
    screens.expect(*NO_NETWORK)

    await desk.reply("正在断网")  # on its way, or not
    await off(desk.page.context)
    await expect(desk.connection).to_contain_text("已离线")
    for line in ("第一句", "第二句"):
        for customer in (anna, carl):
            await customer.writes(f"客户{line}")
        await desk.reply(f"客服{line}")
    await desk.row(bert).click()
    await desk.composer.hover()  # nothing moves under the pointer
    await desk.reply("写给乙")
    await bert.writes("乙还在")
    newcomer = await shop.waiting("我是丁")
    await desk.page.clock.fast_forward(60_000)
    await expect(desk.message("写给乙")).to_contain_text("等待网络")
    await desk.page.context.set_offline(False)
    await desk.page.clock.fast_forward(5_000)

    await expect(desk.row(newcomer)).to_contain_text("我是丁")
    await expect(desk.row(carl).get_by_label("3 条未读")).to_be_visible()
    ours = {
        anna: ["在的", "正在断网", "客服第一句", "客服第二句"],
        bert: ["在的", "写给乙"],
        carl: [],
    }
    theirs = {
        anna: ["我是甲", "客户第一句", "客户第二句"],
        bert: ["我是乙", "乙还在"],
        carl: ["我是丙", "客户第一句", "客户第二句"],
    }
    for customer in (bert, anna, carl):
        await desk.row(customer).click()
        if ours[customer]:
            await expect(desk.state(ours[customer][-1], "已送达微信")).to_be_visible()
        lines = [*theirs[customer], *ours[customer]]
        await expect(desk.bubbles).to_have_count(len(lines))
        assert sorted(await desk.bubbles.all_inner_texts()) == sorted(lines)
        assert await customer.reads() == ours[customer]
    assert await desk.page.evaluate("window.neverReloaded")


async def test_a_doubled_click_and_requests_that_die_are_one_message_at_the_platform(screens, shop):
    customer = await shop.waiting("你好")
    desk = await screens.desk(await shop.agent())
    await desk.take(customer)
    screens.expect(*NO_NETWORK)
    tried = []

    async def killed(route):
        tried.append(route.request.post_data_json["client_id"])
        if len(tried) > 2:
            await route.continue_()
            return
        if len(tried) == 2:
            await route.fetch()  # the desk has it, and its answer is lost
        await route.abort()

    await desk.page.route("**/replies", killed)
    await desk.page.route("**/api/stream", lambda route: route.abort())  # nor is it told of it
    await desk.composer.fill("只发一次")
    await desk.send.dblclick()

    await expect(desk.state("只发一次", "已送达微信")).to_be_visible()
    await expect(desk.bubbles).to_have_text(["你好", "只发一次"])
    assert await customer.reads() == ["只发一次"]
    assert len(tried) > 1
    assert len(set(tried)) == 1


async def on_the_phone(screens, shop) -> tuple[DeskScreen, object]:
    """Signed in on a phone, with a conversation and all files of the page kept."""
    customer = await shop.waiting("我的订单到哪了")
    desk = await screens.desk(await shop.agent(), viewport=NARROW, service_workers="allow")
    await desk.take(customer)
    await desk.reply("马上为您查")
    await expect(desk.state("马上为您查", "已送达微信")).to_be_visible()
    await until(lambda: copied(desk.page, "马上为您查"))
    await until(lambda: desk.page.evaluate(SHELL_KEPT))
    screens.expect(*NO_NETWORK)
    return desk, customer


async def test_a_closed_page_opens_without_a_network_and_sends_once_when_it_is_back(screens, shop):
    desk, customer = await on_the_phone(screens, shop)
    context = desk.page.context
    await off(context)
    await desk.reply("在路上了")
    await expect(desk.message("在路上了")).to_contain_text("等待网络")
    await desk.page.close()

    phone = DeskScreen(await context.new_page(), desk.agent)
    await phone.page.goto("/conversations")
    await expect(phone.connection).to_contain_text("已离线")
    await expect(phone.row(customer)).to_contain_text("等待网络")
    await phone.row(customer).click()
    await expect(phone.bubbles).to_have_text(["我的订单到哪了", "马上为您查", "在路上了"])
    await phone.reply("写错了")
    await phone.message("写错了").get_by_role("button", name="编辑").click()
    await expect(phone.composer).to_have_value("写错了")
    await phone.reply("预计明天到")
    await context.set_offline(False)

    await expect(phone.state("预计明天到", "已送达微信")).to_be_visible()
    await expect(phone.connection).to_be_hidden()
    assert await customer.reads() == ["马上为您查", "在路上了", "预计明天到"]


async def test_of_two_tabs_one_sends(screens, shop):
    customer = await shop.waiting("你好")
    desk = await screens.desk(await shop.agent())
    await desk.take(customer)
    tab = await desk.tab()
    await expect(tab.bubbles).to_have_text(["你好"])
    screens.expect(*NO_NETWORK)
    sent = []
    desk.page.context.on(
        "request", lambda asked: sent.append(asked) if asked.url.endswith("/replies") else None
    )

    await off(desk.page.context)
    await expect(desk.connection).to_contain_text("已离线")
    await expect(tab.connection).to_contain_text("已离线")
    await desk.reply("一")
    await tab.reply("二")
    for one in (desk, tab):
        await expect(one.bubbles).to_have_text(["你好", "一", "二"])
    await desk.page.context.set_offline(False)

    for one in (desk, tab):
        await expect(one.state("二", "已送达微信")).to_be_visible()
        await expect(one.bubbles).to_have_text(["你好", "一", "二"])
    assert await customer.reads() == ["一", "二"]
    assert len(sent) == 2


async def test_what_is_old_is_asked_about_before_it_leaves(screens, shop):
    desk, customer = await on_the_phone(screens, shop)
    await off(desk.page.context)
    await desk.reply("早上写的")
    await expect(desk.message("早上写的")).to_contain_text("等待网络")
    await desk.page.evaluate(WRITTEN_EARLIER, 31 * 60_000)
    await expect(desk.message("早上写的")).to_contain_text("还要发送吗")
    await desk.page.context.set_offline(False)
    await customer.writes("还在吗")
    await expect(desk.thread).to_contain_text("还在吗")
    assert await customer.reads() == ["马上为您查"]

    await desk.message("早上写的").get_by_role("button", name="发送").click()

    await expect(desk.state("早上写的", "已送达微信")).to_be_visible()
    assert await customer.reads() == ["马上为您查", "早上写的"]


async def test_nothing_of_customers_outlives_the_sign_in(screens, shop):
    desk, _ = await on_the_phone(screens, shop)
    assert len(await copies(desk.page)) == 1

    await desk.page.goto("/me")
    await desk.page.get_by_role("button", name="退出登录").click()
    await desk.page.get_by_role("button", name="登录", exact=True).wait_for()

    assert await copies(desk.page) == []


async def test_another_agent_finds_nothing_of_the_one_before(screens, shop):
    desk, customer = await on_the_phone(screens, shop)
    other = await shop.agent()
    context = desk.page.context
    who = {"username": other.username, "password": PASSWORD}
    assert (await context.request.post("/api/session", data=who)).ok
    await desk.page.goto("/conversations")
    await desk.page.get_by_role("navigation").wait_for()

    assert await copies(desk.page) == []
    await off(context)
    await desk.page.goto("/conversations")
    await expect(desk.connection).to_contain_text("已离线")
    await expect(desk.row(customer)).to_have_count(0)


async def test_a_sign_in_that_the_desk_has_ended_leaves_nothing(screens, shop):
    desk, _ = await on_the_phone(screens, shop)
    screens.expect("401")
    elsewhere = await screens.desk(desk.agent)
    await elsewhere.page.goto("/me")
    await elsewhere.page.get_by_role("button", name="退出其他设备").click()
    await elsewhere.page.get_by_role("dialog").get_by_role("button", name="退出其他设备").click()

    await desk.page.get_by_role("button", name="登录", exact=True).wait_for()
    assert await copies(desk.page) == []
