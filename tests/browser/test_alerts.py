"""What is told beside the page: sounds, marks, pushes at the service worker, one's settings."""

import json
import re

from playwright.async_api import expect

from journeys.processes import until
from wxdesk.desk.agents import Role

PLATFORM = """() => {
  // this Chromium shows no notices of the system: what it would be asked to show is kept instead
  self.shown = []
  registration.showNotification = async (title, { tag, body, data, silent }) => {
    self.shown = self.shown.filter(one => one.tag !== tag)
    const close = () => { self.shown = self.shown.filter(one => one.tag !== tag) }
    self.shown.push({ title, tag, body, data, silent, close })
  }
  registration.getNotifications = async ({ tag }) => self.shown.filter(one => one.tag === tag)
}"""
CLICK = """url => {
  const event = new ExtendableEvent('notificationclick')
  event.notification = { data: { url }, close() {} }
  self.dispatchEvent(event)
}"""


class Worker:
    """The page's service worker, pushed to as by the browser."""

    def __init__(self, page, worker, cdp, number):
        self.page, self._worker, self._cdp, self._number = page, worker, cdp, number

    async def push(self, **note):
        told = {"body": "", "again": False, "at": "2026-11-30T15:00:00Z"} | note
        origin = await self.page.evaluate("location.origin")
        await self._cdp.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": origin, "registrationId": self._number, "data": json.dumps(told)},
        )

    async def shown(self):
        return await self._worker.evaluate("() => self.shown.map(one => [one.tag, one.title])")

    async def click(self, url):
        await self._worker.evaluate(CLICK, url)


async def worker_of(desk):
    page = desk.page
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    cdp = await page.context.new_cdp_session(page)
    numbers = []
    cdp.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: numbers.extend(each["registrationId"] for each in told["registrations"]),
    )
    await cdp.send("ServiceWorker.enable")
    (worker,) = page.context.service_workers
    await worker.evaluate(PLATFORM)
    return Worker(page, worker, cdp, numbers[0])


async def comes_to(worker, wanted):
    async def is_so():
        return await worker.shown() == wanted

    await until(is_so)


async def test_a_push_is_shown_replaced_taken_away_and_leads_to_its_conversation(
    screens, shop, floor
):
    owner, agent = await shop.agent(), await shop.agent()
    customer = await shop.waiting("在吗")
    await shop.take(customer, owner)
    talk = await floor.conversation(customer)
    desk = await screens.desk(agent, service_workers="allow")
    worker = await worker_of(desk)
    tag, url = f"conversation-{talk['id']}", f"/conversations/{talk['id']}?from=notice"

    await worker.push(kind="offer", title="新会话", tag=tag, url=url)
    await comes_to(worker, [[tag, "新会话"]])
    await worker.push(kind="message", title="客户发来消息", tag=tag, url=url)
    await comes_to(worker, [[tag, "客户发来消息"]])
    await worker.push(kind="clear", title=f"已由 {owner.name} 接待", tag=tag, url=url)
    await comes_to(worker, [[tag, f"已由 {owner.name} 接待"]])
    await worker.push(kind="clear", title="", tag=tag, url=url)
    await comes_to(worker, [])

    screens.expect("Not allowed to focus a window")  # nobody has really clicked
    await worker.click(url)
    await expect(desk.page).to_have_url(re.compile(rf"/conversations/{talk['id']}$"))
    await expect(desk.toast).to_contain_text(f"这个会话已由 {owner.name} 接待")


async def test_an_offer_is_heard_and_marked_once_the_page_was_touched(screens, shop, floor):
    await floor.plan(accept_seconds=60)
    agent = await shop.agent()
    desk = await screens.desk(agent)
    page = desk.page
    chip = page.get_by_role("button", name="声音未开启")
    await page.mouse.click(700, 500)
    await expect(chip).to_be_hidden()
    await floor.here(agent)

    await shop.waiting("会员卡不能用了")

    await expect(page).to_have_title(re.compile("^● "))
    await expect(page.locator("link[rel=icon]")).to_have_attribute("href", "/favicon-marked.svg")
    await expect(page.locator("html")).to_have_attribute("data-sounded", "offer")


async def test_ones_own_settings_are_kept_at_the_desk_and_in_the_browser(screens, shop):
    desk = await screens.desk(await shop.agent(), "/me/settings")
    page = desk.page
    await page.locator("#sound-message").select_option("never")
    await page.get_by_role("checkbox", name="便签里提到我").uncheck()
    await page.get_by_role("switch", name="免打扰时段").click()
    await expect(page.get_by_label("开始")).to_have_value("22:00")
    screens.expect("422")
    await page.get_by_label("地址").fill("barks://192.168.1.2/key")
    await page.get_by_role("button", name="添加").click()
    await expect(page.get_by_text("不能发到这个主机")).to_be_visible()

    await page.reload()

    await expect(page.locator("#sound-message")).to_have_value("never")
    await expect(page.get_by_role("checkbox", name="便签里提到我")).not_to_be_checked()
    await expect(page.get_by_label("结束")).to_have_value("08:00")


async def test_with_the_other_key_enter_begins_a_line(screens, shop):
    customer = await shop.waiting("在吗")
    desk = await screens.desk(await shop.agent(), "/me/settings")
    await desk.page.get_by_label("发送键").select_option("main")
    await desk.page.goto("/conversations")
    await desk.take(customer)
    await desk.composer.fill("您好")
    await desk.composer.press("Enter")
    await desk.composer.press_sequentially("请讲")
    await expect(desk.bubbles).to_have_count(1)
    await desk.composer.press("Control+Enter")

    await expect(desk.message("请讲")).to_contain_text("您好")


async def test_an_owed_answer_is_heard_an_hour_before_its_window_closes(screens, shop):
    agent, customer = await shop.agent(), await shop.waiting("还在吗")
    await shop.take(customer, agent)
    desk = await screens.desk(agent)
    page = desk.page
    await page.clock.install()
    await page.reload()
    await expect(desk.row(customer)).to_be_visible()
    await page.mouse.click(700, 500)  # browsers sound nothing before
    await expect(page.get_by_role("button", name="声音未开启")).to_be_hidden()

    await page.clock.fast_forward("46:50:00")
    await expect(desk.row(customer)).to_contain_text(re.compile("分钟|小时"))
    assert await page.locator("html").get_attribute("data-sounded") != "window"
    await page.clock.fast_forward("00:20:00")

    await expect(page.locator("html")).to_have_attribute("data-sounded", "window")


async def test_what_is_muted_in_the_bell_is_counted_on_no_screen(screens, shop):
    agent, customer = await shop.agent(), await shop.waiting("在吗")
    boss = await shop.agent(Role.SUPERVISOR)
    await shop.take(customer, agent)
    first, second = await screens.desk(agent), await screens.desk(agent)
    await first.row(customer).click()
    talk = first.page.url.rsplit("/", 1)[-1]
    note = {"text": "看一下", "client_id": "muted note 1"}
    await shop.ask(boss, "POST", f"/api/conversations/{talk}/notes", **note)
    bells = [each.page.get_by_role("button", name=re.compile("^通知")) for each in (first, second)]
    await expect(bells[1]).to_have_accessible_name("通知，1 条未读")

    await bells[0].click()
    bell = first.page.get_by_role("region", name="通知")
    await bell.get_by_role("button", name="接收哪些通知").click()
    await bell.get_by_label("同事在我的会话里留便签").uncheck()

    for each in bells:
        await expect(each).to_have_accessible_name("通知")
    await bell.get_by_label("同事在我的会话里留便签").check()
    await expect(bells[1]).to_have_accessible_name("通知，1 条未读")
