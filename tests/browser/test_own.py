"""What agents choose for themselves: alias, password, devices, how dense a list is."""

import re

from playwright.async_api import expect

import strange_files as files
from browser.screens import NARROW
from desk_builder import PASSWORD
from wxdesk.desk.agents import Role

BETTER = "春眠不觉晓处处闻"


def devices(desk):
    return desk.page.get_by_role("list", name="登录的设备").get_by_role("listitem")


async def signed_out(desk):
    await expect(desk.page.get_by_role("button", name="登录", exact=True)).to_be_visible()


async def test_customers_read_the_alias_and_colleagues_the_name(screens, shop):
    agent, customer = await shop.agent(), await shop.waiting("在吗")
    await shop.take(customer, agent)
    await shop.ask(
        agent, "POST", "/api/quick-replies", scope="own", title="问好", text="我是{我的昵称}。"
    )
    chat = await screens.desk(agent)
    await chat.row(customer).click()
    desk = await screens.desk(agent, "/me/settings")
    alias = desk.page.get_by_label("昵称", exact=True)
    save = desk.page.get_by_role("button", name="保存", exact=True)
    part = desk.page.get_by_role("region", name="对外昵称")
    await expect(part).to_contain_text(f"我是{agent.name}，")
    await expect(save).to_be_disabled()

    await alias.fill("小李")
    await expect(part).to_contain_text("我是小李，")
    await alias.press("Enter")
    await expect(desk.toast).to_contain_text("已保存")

    await chat.composer.fill("/wh")
    await expect(chat.page.get_by_role("option")).to_have_count(1)
    await chat.composer.press("Enter")
    await expect(chat.composer).to_have_value("我是小李。")
    boss = await screens.desk(await shop.agent(Role.SUPERVISOR), "/admin/agents")
    row = boss.page.get_by_role("row").filter(has_text=agent.name)
    await expect(row).to_contain_text("对外：小李")


async def test_a_password_is_changed_by_whoever_knows_it_and_signs_out_elsewhere(screens, shop):
    agent = await shop.agent()
    desk, elsewhere = await screens.desk(agent, "/me/settings"), await screens.desk(agent)
    screens.expect("403", "401")
    page = desk.page
    await page.get_by_role("button", name="修改密码").click()
    dialog = page.get_by_role("dialog")
    submit = dialog.get_by_role("button", name="修改密码")
    known, wanted, again = (
        dialog.get_by_label(name, exact=True) for name in ("现在的密码", "新密码", "再输一次新密码")
    )
    await expect(known).to_be_focused()
    await expect(dialog).to_contain_text("至少 8 个字符")

    await known.fill("wrong horse")
    await wanted.fill("短了")
    await again.fill("短了")
    await expect(submit).to_be_disabled()
    await wanted.fill(BETTER)
    await expect(dialog).to_contain_text("两次输入的不一样")
    await again.fill(BETTER)
    await submit.click()
    await expect(known).to_have_accessible_description("现在的密码不对。")
    await expect(known).to_be_focused()
    await known.fill(PASSWORD)
    await known.press("Enter")

    await expect(desk.toast).to_contain_text("密码已修改")
    await expect(dialog).to_be_hidden()
    await signed_out(elsewhere)
    await expect(devices(desk)).to_have_count(1)
    await elsewhere.page.get_by_label("密码", exact=True).fill(BETTER)
    await elsewhere.page.get_by_role("button", name="登录", exact=True).click()
    await expect(elsewhere.page.locator(".frame")).to_be_visible()


async def test_a_device_is_known_by_its_name_and_signed_out(screens, shop):
    agent = await shop.agent()
    iphone = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.49(0x18003137) NetType/WIFI"
    )
    phone = await screens.desk(agent, viewport=NARROW, user_agent=iphone)
    tablet = await screens.desk(agent)
    screens.expect("401")
    desk = await screens.desk(agent, "/me/settings")
    await expect(devices(desk)).to_have_count(3)
    here = devices(desk).filter(has_text="本机")
    await expect(here).to_contain_text(re.compile("Chrome · Linux.*正在使用.*127.0.0.\\*"))
    await expect(here.get_by_role("button")).to_have_count(0)

    await devices(desk).filter(has_text="微信 · iPhone").get_by_role("button").click()
    dialog = desk.page.get_by_role("dialog", name="退出 微信 · iPhone？")
    await dialog.get_by_role("button", name="退出").click()

    await signed_out(phone)
    await expect(devices(desk)).to_have_count(2)
    await expect(tablet.page.locator(".frame")).to_be_visible()


async def test_how_dense_the_list_is_is_one_choice_in_both_places(screens, shop):
    agent, customer = await shop.agent(), await shop.waiting("你好")
    await shop.take(customer, agent)
    desk = await screens.desk(agent, "/me/settings")
    await desk.page.get_by_label("会话列表").select_option("compact")

    await desk.page.goto("/conversations")

    row = desk.list.get_by_role("listitem").filter(has_text=customer.shown)
    await expect(row).to_have_class(re.compile("compact"))
    await desk.page.get_by_role("button", name=re.compile("视图")).first.click()
    await desk.page.get_by_role("button", name="舒适").click()
    await expect(row).not_to_have_class(re.compile("compact"))
    await desk.page.goto("/me/settings")
    await expect(desk.page.get_by_label("会话列表")).to_have_value("comfortable")


async def test_colleagues_see_ones_picture_at_once_and_no_more_when_it_is_removed(screens, shop):
    agent, boss = await shop.agent(), await shop.agent(Role.SUPERVISOR)
    await shop.ask(agent, "PUT", "/api/presence", presence="busy")
    watching = (await screens.desk(boss, "/monitor")).page
    row = watching.get_by_role("row").filter(has_text=agent.name)
    await expect(row).to_be_visible()
    await expect(row.locator(".avatar img")).to_have_count(0)
    page = (await screens.desk(agent, "/me/settings")).page

    await page.locator("input[type=file]").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": files.picture(600, 400, "PNG")}
    )

    await expect(page.locator(".toast")).to_contain_text("头像已更换")
    shown = row.locator(".avatar img")
    await expect(shown).to_be_visible()
    await expect(shown).to_have_js_property("naturalWidth", 480)
    await page.get_by_role("button", name="移除").click()
    await expect(row.locator(".avatar img")).to_have_count(0)
    await expect(row.locator(".avatar")).to_have_text(agent.name[0])


async def test_what_is_no_picture_is_refused_in_words(screens, shop):
    screens.expect("status of 422")
    page = (await screens.desk(await shop.agent(), "/me/settings")).page

    await page.locator("input[type=file]").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": b"<html>"}
    )

    await expect(page.locator(".toast")).to_contain_text("这不是图片")
    await expect(page.get_by_role("button", name="上传头像")).to_be_enabled()
