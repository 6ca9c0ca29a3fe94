"""Search: over everything, inside a conversation, from the command bar, and by date."""

import re

from playwright.async_api import expect

from wxdesk.desk.agents import Role

LONG = [f"第{n}句，问一下" for n in range(70)]


async def remark(shop, customer, name):
    agent = await shop.agent(Role.ADMIN)
    found = await shop.ask(agent, "POST", "/api/contacts/search", text=customer.openid)
    (contact,) = found["items"]
    await shop.ask(agent, "PATCH", f"/api/contacts/{contact['id']}", remark=name)


async def find(page, words):
    """The index follows what is said a moment later: asked again until it is there."""
    field = page.get_by_role("combobox", name="搜索客户、消息和备注")
    for _ in range(20):
        await field.fill("")
        await field.fill(words)
        try:
            return await expect(page.get_by_role("option").first).to_be_visible(timeout=1_000)
        except AssertionError:
            pass
    raise AssertionError(f"{words} was not found")


async def test_a_hit_opens_the_conversation_where_it_was_said(screens, shop):
    customer = await shop.waiting("鹦鹉螺号在哪里", *LONG)
    await remark(shop, customer, "尼摩船长")
    desk = await screens.desk(await shop.agent(), "/search")
    page = desk.page
    await expect(page.get_by_text("找一句话，或一个人")).to_be_visible()

    await find(page, "鹦鹉螺")
    await expect(page.get_by_role("option").locator("mark")).to_have_text("鹦鹉螺")
    await page.keyboard.press("Enter")

    sought = desk.message("鹦鹉螺号在哪里")
    await expect(sought).to_be_in_viewport()
    await expect(sought).to_have_class("message in sought")
    await expect(desk.message("第69句")).to_have_count(0)
    await page.get_by_role("button", name="回到最新").click()
    await expect(desk.message("第69句")).to_be_in_viewport()


async def test_what_comes_in_meanwhile_is_not_shown_below_the_past(screens, shop):
    customer = await shop.waiting("最早的一句珊瑚", *LONG)
    desk = await screens.desk(await shop.agent(), "/search")
    page = desk.page
    await find(page, "珊瑚")
    await page.get_by_role("option").first.click()
    await expect(desk.message("珊瑚")).to_be_in_viewport()

    await customer.writes("刚刚到的一句")
    await expect(desk.row(customer)).to_contain_text("刚刚到的一句")
    await expect(desk.message("刚刚到的一句")).to_have_count(0)

    await page.get_by_role("button", name="回到最新").click()
    await expect(desk.message("刚刚到的一句")).to_be_in_viewport()


async def test_inside_a_conversation_one_goes_from_hit_to_hit(screens, shop):
    customer = await shop.waiting("琥珀一", *LONG, "琥珀二")
    desk = await screens.desk(await shop.agent())
    page = desk.page
    await desk.row(customer).click()
    await expect(desk.message("琥珀二")).to_be_visible()

    await page.keyboard.press("Control+f")
    field = page.get_by_role("searchbox", name="查找消息")
    await expect(field).to_be_focused()
    await field.fill("琥珀")
    bar = page.get_by_role("search", name="查找消息")
    await expect(bar).to_contain_text("第 1 条，共 2 条")
    await field.press("Enter")
    await expect(bar).to_contain_text("第 2 条，共 2 条")
    await expect(desk.message("琥珀一")).to_be_in_viewport()
    await field.press("Shift+Enter")
    await expect(desk.message("琥珀二")).to_be_in_viewport()
    await field.press("Escape")
    await expect(bar).to_have_count(0)


async def test_a_day_is_jumped_to(screens, shop):
    customer = await shop.waiting("今天的第一句", *LONG)
    desk = await screens.desk(await shop.agent())
    page = desk.page
    await desk.row(customer).click()
    await expect(desk.message("第69句")).to_be_visible()

    await page.keyboard.press("Control+f")
    await page.get_by_role("button", name="跳到日期").click()
    await page.get_by_role("dialog").get_by_role("button", name="跳过去").click()

    await expect(desk.message("今天的第一句")).to_be_in_viewport()


async def test_people_are_found_by_pinyin_from_the_command_bar(screens, shop):
    customer = await shop.waiting("有人吗")
    await remark(shop, customer, "欧阳明月")
    desk = await screens.desk(await shop.agent(), "/search")
    page = desk.page
    await find(page, "oymy")

    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox", name="搜索客户或动作").fill("oymy")
    await expect(page.get_by_role("option").filter(has_text="欧阳明月").first).to_be_visible()
    await page.get_by_role("option").filter(has_text="在全部记录里搜索").click()
    await expect(page).to_have_url(re.compile("/search.q=oymy"))


async def test_what_cannot_be_understood_is_said(screens, shop):
    screens.expect("422")
    desk = await screens.desk(await shop.agent(), "/search?q=类型:魔法")

    await expect(desk.page.get_by_role("alert")).to_contain_text("没有“魔法”这种类型")
    await desk.page.get_by_role("combobox", name="搜索客户、消息和备注").fill("绝无此话")
    await expect(desk.page.get_by_text("没有找到")).to_be_visible()
