"""External cards: an admin names another system, and agents read what it says of a customer."""

from aiohttp import web
from playwright.async_api import expect

from browser.shop import ELSEWHERE
from elsewhere import elsewhere
from wxdesk.desk.agents import Role

CARD = {
    "title": "2 个订单",
    "lines": [{"label": "A1024", "text": "已发货\n预计明天到"}],
    "links": [{"label": "在订单系统打开", "url": "https://shop.example.com/A1024"}],
}


async def test_a_card_is_set_up_read_and_fails_alone(screens, shop):
    async with elsewhere(ELSEWHERE) as orders:
        orders.answer = lambda _asked: web.json_response(CARD)
        page = (await screens.desk(await shop.agent(Role.ADMIN), "/admin/hooks")).page
        for name, url in (("订单", orders.url), ("仓库", f"http://{ELSEWHERE}:9")):
            await page.get_by_role("button", name="新建卡片").click()
            dialog = page.get_by_role("dialog")
            await dialog.get_by_label("名称").fill(name)
            await dialog.get_by_label("查询地址").fill(url + "/card?openid={openid}")
            await dialog.get_by_role("button", name="新建卡片").click()
            await page.get_by_role("dialog").get_by_role("button", name="我已保存").click()
            await expect(page.get_by_role("dialog")).to_have_count(0)
        await expect(page.get_by_role("table", name="外部卡片")).to_contain_text("{openid}")

        customer = await shop.waiting("我的订单呢")
        desk = await screens.desk(await shop.agent())
        await desk.take(customer)
        await desk.page.get_by_role("tab", name="外部").click()
        card = desk.page.get_by_role("region", name="订单")

        await expect(card).to_contain_text("已发货")
        link = card.get_by_role("link", name="在订单系统打开")
        await expect(link).to_have_attribute("href", "https://shop.example.com/A1024")
        await expect(link).to_have_attribute("rel", "noopener noreferrer")
        other = desk.page.get_by_role("region", name="仓库")
        await expect(other.get_by_role("alert")).to_contain_text("拒绝连接")
        assert orders.asked[-1].query["openid"] == customer.openid
        await expect(desk.toast).to_have_count(0)

        for _ in range(2):
            await page.get_by_role("button", name="删除").last.click()
            await page.get_by_role("dialog").get_by_role("button", name="删除").click()
            await expect(page.get_by_role("dialog")).to_have_count(0)
