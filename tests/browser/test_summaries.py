"""Summaries and ratings: ended with a category, put off and given later, asked and rated."""

import re

import pytest_asyncio
from playwright.async_api import expect

from wxdesk.desk.agents import Role


@pytest_asyncio.fixture(loop_scope="session")
async def refund(shop):
    """售后 › 退款, until the test is over."""
    admin = await shop.agent(Role.ADMIN)
    top = await shop.ask(admin, "POST", "/api/summary-categories", name="售后")
    await shop.ask(admin, "POST", "/api/summary-categories", name="退款", parent_id=top["id"])
    await shop.ask(admin, "POST", "/api/summary-categories", name="换货", parent_id=top["id"])
    yield
    await shop.ask(admin, "DELETE", f"/api/summary-categories/{top['id']}")


@pytest_asyncio.fixture(loop_scope="session")
async def strict(shop):
    """A group that wants summaries, of all conversations, until the test is over."""
    admin = await shop.agent(Role.ADMIN)
    wish = {"name": "要小结的组", "needs_summary": True}
    group = await shop.ask(admin, "POST", "/api/groups", **wish)
    yield group
    await shop.ask(admin, "DELETE", f"/api/groups/{group['id']}")


async def test_it_is_ended_by_keys_with_a_category_found_by_pinyin(screens, shop, refund):
    customer = await shop.waiting("怎么退款")
    desk = await screens.desk(await shop.agent())
    await desk.take(customer)

    await desk.page.keyboard.press("Alt+E")
    dialog = desk.page.get_by_role("dialog")
    search = dialog.get_by_role("combobox")
    await expect(search).to_be_focused()
    await search.fill("tk")
    await expect(dialog.get_by_role("option")).to_have_count(1)
    await search.press("Enter")
    await expect(dialog.get_by_role("button", name="结束", exact=True)).to_be_focused()
    await dialog.get_by_text("未解决").click()
    await dialog.get_by_label("备注").fill("等仓库确认")
    await dialog.get_by_role("button", name="结束", exact=True).press("Enter")

    await expect(dialog).to_be_hidden()
    summary = desk.thread.locator(".summary")
    await expect(summary).to_contain_text("售后 › 退款")
    await expect(summary).to_contain_text("未解决")
    await expect(summary).to_contain_text("等仓库确认")


async def test_a_summary_is_put_off_and_given_from_the_list(screens, shop, refund, strict):
    agent = await shop.agent()
    customer = await shop.waiting("你好")
    await shop.take(customer, agent)
    boss = await shop.agent(Role.ADMIN)
    mine = await shop.ask(agent, "GET", "/api/conversations?assignee=me")
    await shop.ask(
        boss,
        "POST",
        f"/api/conversations/{mine['items'][0]['id']}/transfer",
        group_id=strict["id"],
        message="",
    )
    await shop.take(customer, agent)
    desk = await screens.desk(agent)
    await desk.row(customer).click()

    await desk.page.get_by_role("button", name="结束", exact=True).click()
    await desk.page.get_by_role("button", name="结束，稍后小结").click()
    pending = desk.page.get_by_role("region", name="待小结")
    await expect(pending).to_contain_text("1")
    await pending.get_by_role("button", name="待小结").click()
    await pending.get_by_role("button", name=re.compile(customer.shown)).click()
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_role("option", name="换货").click()
    await dialog.get_by_role("button", name="保存").click()

    await expect(pending).to_be_hidden()
    await expect(desk.thread.locator(".summary")).to_contain_text("售后 › 换货")


async def test_a_customer_is_asked_and_their_tap_is_shown(screens, shop):
    customer = await shop.waiting("谢谢")
    desk = await screens.desk(await shop.agent())
    await desk.take(customer)
    await desk.page.keyboard.press("Alt+R")
    dialog = desk.page.get_by_role("dialog")
    gets = dialog.get_by_role("group", name="客户收到的内容")
    await expect(gets).to_contain_text("请问您对这次服务满意吗？")
    await expect(gets.get_by_role("listitem")).to_have_text(["满意", "一般", "不满意"])
    await dialog.get_by_role("button", name="发送邀请").click()
    await expect(desk.message("满意吗")).to_be_visible()

    phone = await screens.phone(customer)
    await phone.get_by_text("不满意", exact=True).click()
    await expect(desk.thread).to_contain_text("客户评价：不满意")
    await expect(phone.locator(".bubble").filter(has_text="哪里没做好")).to_be_visible()

    await desk.page.get_by_role("tab", name="历史").click()
    await expect(desk.page.get_by_text("这是第一次会话")).to_be_visible()
    await desk.end()
    await customer.writes("等太久了")  # asked for, so it opens nothing
    await expect(desk.thread).to_contain_text("评价意见：等太久了")
    await customer.writes("还有一件事")
    await shop.take(customer, desk.agent)
    await desk.list.get_by_role("link").filter(has_text="还有一件事").click()
    history = desk.page.get_by_role("tabpanel", name="历史")
    await expect(history.get_by_role("listitem")).to_have_count(2)
    await expect(history).to_contain_text("不满意")
    here = desk.page.url
    await history.get_by_role("button", expanded=False).last.click()
    await expect(history.get_by_role("link", name="打开这个会话")).to_be_visible()
    await expect(history).to_contain_text("满意吗")
    assert desk.page.url == here


async def test_ending_can_ask_and_says_why_not(screens, shop):
    customer = await shop.waiting("好的")
    desk = await screens.desk(await shop.agent(), viewport={"width": 390, "height": 844})
    await desk.row(customer).click()
    await desk.page.get_by_role("main").get_by_role("button", name="接入").click()
    await desk.page.get_by_role("button", name="更多操作").click()
    await desk.page.get_by_role("button", name="结束", exact=True).click()
    dialog = desk.page.get_by_role("dialog")
    ask = dialog.get_by_role("switch", name="邀请评价")
    await ask.click()
    await expect(ask).to_be_checked()
    await dialog.get_by_role("button", name="结束", exact=True).click()

    await expect(desk.message("满意吗")).to_be_visible()


async def test_categories_are_kept_by_administrators(screens, shop):
    desk = await screens.desk(await shop.agent(Role.ADMIN), "/admin/summaries")
    page = desk.page
    await page.get_by_role("button", name="新建分类").first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("名称").fill("咨询")
    await dialog.get_by_role("button", name="添加").click()
    await expect(dialog).to_be_hidden()
    await page.get_by_role("button", name="在“咨询”下添加").click()
    await dialog.get_by_label("名称").fill("尺码")
    await dialog.get_by_role("button", name="添加").click()
    await expect(page.get_by_role("list", name="咨询")).to_contain_text("尺码")

    await page.get_by_role("button", name="停用“咨询”").click()
    await page.get_by_role("dialog").get_by_role("button", name="停用").click()
    await expect(page.get_by_text("还没有小结分类")).to_be_visible()
