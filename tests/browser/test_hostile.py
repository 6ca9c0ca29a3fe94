"""Whatever a customer writes stays text, and nothing becomes wider than its screen."""

import pytest
from playwright.async_api import expect

from browser.screens import NARROW, WIDE

MARKUP = "<img src=x onerror=\"document.title='broken'\"><script>alert(1)</script>"
LINK = "[点我](javascript:alert(1)) javascript:alert(2) data:text/html,<script>alert(3)</script>"
BACKWARDS = "\u202egnp.exe\u202c \u2066倒着\u2069 https://example.com/\u202egnp.exe"
ENDLESS = "w" * 2000
OPENID_LIKE = "oABCD_-1234567890abcdefghijk"
WRITTEN = [MARKUP, LINK, BACKWARDS, ENDLESS, OPENID_LIKE]

WIDER_THAN_ITS_BOX = """() => [document.documentElement, ...document.querySelectorAll(
  '[role=log], [role=list], [role=dialog], aside, main, header, form')]
  .filter(box => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
  .map(box => box.outerHTML.slice(0, 120))"""


async def test_markup_and_addresses_are_shown_as_they_were_written(screens, shop):
    customer = await shop.waiting(*WRITTEN)
    desk = await screens.desk(await shop.agent())
    await desk.take(customer)

    await desk.remark.fill("<b>粗体</b>")
    await desk.remark.press("Enter")
    await expect(desk.bubbles).to_have_text(WRITTEN)
    await expect(desk.page.get_by_role("heading", level=1)).to_have_text("<b>粗体</b>")

    assert await desk.bubbles.locator("img, script").count() == 0
    links = desk.bubbles.get_by_role("link")
    assert await links.evaluate_all("all => all.map(a => a.href)") == ["https://example.com/"]
    assert await desk.page.title() == "接待 · wxdesk"


async def test_a_link_of_a_customers_is_opened_only_after_asking(screens, shop):
    customer = await shop.waiting("看这里 https://example.invalid/a?b=1")
    desk = await screens.desk(await shop.agent())
    await desk.row(customer).click()

    await desk.bubbles.get_by_role("link").click()

    asking = desk.page.get_by_role("dialog", name="打开客户发来的链接？")
    await expect(asking).to_contain_text("https://example.invalid/a?b=1")
    await asking.get_by_role("button", name="取消").click()
    assert len(desk.page.context.pages) == 1


@pytest.mark.parametrize("language", ["简体中文", "English"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_nothing_is_wider_than_its_screen(screens, shop, viewport, language):
    customer = await shop.waiting(*WRITTEN)
    agent = await shop.agent()
    await shop.take(customer, agent)
    desk = await screens.desk(agent, viewport=viewport)
    page = desk.page
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox").fill(language)
    await page.keyboard.press("Enter")

    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await page.goto("/conversations")
        await expect(page.locator(".row").first).to_be_visible()
        assert await page.evaluate(WIDER_THAN_ITS_BOX) == []
        await page.locator(".row").filter(has_text=customer.openid[-4:]).click()
        await expect(page.locator(".bubble")).to_have_count(len(WRITTEN))
        assert await page.evaluate(WIDER_THAN_ITS_BOX) == []
        await page.keyboard.press("Control+k")
        await expect(page.get_by_role("combobox")).to_be_focused()
        assert await page.evaluate(WIDER_THAN_ITS_BOX) == []
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("combobox")).to_be_hidden()
