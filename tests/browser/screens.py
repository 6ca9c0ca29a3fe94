"""What people look at: the desk's page and the phone page, each person's in a browser profile."""

from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from browser.shop import Customer
from desk_builder import PASSWORD
from wxdesk.desk.agents import Agent

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}


class DeskScreen:
    """An agent's screen, in Chinese: the places on it by their names."""

    def __init__(self, page: Page, agent: Agent):
        self.page, self.agent = page, agent
        self.list = page.get_by_role("list", name="会话列表")
        self.thread = page.get_by_role("log", name="消息记录")
        self.composer = page.get_by_label("回复", exact=True)
        self.send = page.get_by_role("button", name="发送", exact=True)
        self.parked = page.get_by_role("region", name="停留的回复")
        self.allowance = page.get_by_role("button", name="的发送额度")
        self.meter = page.locator(".meter")
        self.remark = page.get_by_label("备注名")
        self.connection = page.locator("p.mark")
        self.toast = page.locator(".toast")

    def row(self, customer: Customer) -> Locator:
        return self.list.get_by_role("link").filter(has_text=customer.shown)

    @property
    def bubbles(self) -> Locator:
        return self.thread.locator(".bubble")

    def message(self, text: str) -> Locator:
        """A bubble with what stands beside or below it."""
        return self.thread.locator(".message").filter(has_text=text)

    def state(self, text: str, name: str) -> Locator:
        return self.message(text).get_by_role("img", name=name)

    async def take(self, customer: Customer) -> None:
        await self.row(customer).click()
        await self.page.get_by_role("main").get_by_role("button", name="接入").click()
        await self.composer.wait_for()

    async def reply(self, text: str) -> None:
        await self.composer.fill(text)
        await self.composer.press("Enter")

    async def end(self) -> None:
        await self.page.get_by_role("button", name="结束", exact=True).click()
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_role("button", name="结束").click()
        await expect(dialog).to_be_hidden()

    async def tab(self) -> "DeskScreen":
        """Another tab of the same browser, at the same place."""
        page = await self.page.context.new_page()
        await page.goto(self.page.url)
        return DeskScreen(page, self.agent)


class Screens:
    """Opens pages and listens to what they complain of."""

    def __init__(self, browser: Browser, desk: str, sim: str):
        self._browser, self._desk, self._sim = browser, desk, sim
        self._contexts: list[BrowserContext] = []
        self._heard: list[str] = []
        self._expected: list[str] = ["Service Worker registration blocked"]  # as asked below

    async def blank(self, **options: Any) -> Page:
        """A page in a profile of its own."""
        options = {
            "viewport": WIDE,
            "locale": "zh-CN",
            "color_scheme": "light",
            "service_workers": "block",  # each profile is new: it would fetch everything twice
        } | options
        context = await self._browser.new_context(base_url=self._desk, **options)
        context.on("page", self._listen)
        self._contexts.append(context)
        return await context.new_page()

    async def desk(self, agent: Agent, path: str = "/", **options: Any) -> DeskScreen:
        """Signed in already; signing in by hand has tests of its own."""
        page = await self.blank(**options)
        who = {"username": agent.username, "password": PASSWORD}
        signed_in = await page.context.request.post("/api/session", data=who)
        assert signed_in.ok
        await page.goto(path)
        await page.locator(".frame").wait_for()
        return DeskScreen(page, agent)

    async def phone(self, customer: Customer) -> Page:
        page = await self.blank()
        await page.goto(f"{self._sim}/sim/#{customer.openid}")
        return page

    def expect(self, *complaints: str) -> None:
        """These belong to the test: a refused request is an error to the browser's console."""
        self._expected += complaints

    def complaints(self) -> list[str]:
        return [
            heard
            for heard in self._heard
            if not any(expected in heard for expected in self._expected)
        ]

    async def close(self) -> None:
        for context in self._contexts:
            await context.close()

    def _listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self._heard.append(f"page: {error}"))
        page.on("console", self._hear)

    def _hear(self, line: Any) -> None:
        if line.type in {"error", "warning"}:
            self._heard.append(f"console: {line.text} {line.location['url']}")
