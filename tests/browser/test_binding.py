"""An agent binds their own WeChat: a code on the screen, scanned from it by a phone."""

import base64

from playwright.async_api import expect

from browser.test_templates import add_template
from wxdesk.desk.agents import Role


async def the_dialog(desk):
    await desk.page.get_by_role("button", name="我的菜单").click()
    await desk.page.get_by_role("button", name="绑定微信").click()
    return desk.page.get_by_role("dialog", name="绑定微信")


def code_on(dialog):
    return dialog.get_by_role("img", name="绑定微信的二维码")


async def scanned(shop, code):
    """By somebody's phone, from the very pixels."""
    follower = await shop.customer()
    await expect(code).to_have_js_property("complete", value=True)
    picture = base64.b64encode(await code.screenshot()).decode()
    await follower.does(type="scan", picture=picture)
    return follower


async def test_a_follower_scans_the_code_and_is_bound_until_the_agent_unbinds(screens, shop):
    desk = await screens.desk(await shop.agent())
    dialog = await the_dialog(desk)
    await dialog.get_by_role("button", name="生成二维码").click()

    follower = await scanned(shop, code_on(dialog))

    await expect(dialog.get_by_role("status")).to_have_text("已绑定「微光生活馆」")
    assert (await follower.reads())[-1].startswith("已绑定")

    await dialog.get_by_role("button", name="解绑").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("普通粉丝")
    await dialog.get_by_role("button", name="确认解绑").click()

    await expect(dialog.get_by_role("button", name="生成二维码")).to_be_visible()
    await expect(desk.toast).to_contain_text("已解绑")
    boss = await shop.agent(Role.ADMIN)
    log = (await shop.ask(boss, "GET", "/api/bindings/log"))["items"]
    mine = [each["what"] for each in log if each["agent"]["id"] == desk.agent.id]
    assert mine == ["revoked", "bound", "asked"]


async def test_a_code_whose_time_is_over_says_so(screens, shop):
    desk = await screens.desk(await shop.agent())
    dialog = await the_dialog(desk)
    await dialog.get_by_role("button", name="生成二维码").click()
    await expect(code_on(dialog)).to_be_visible()

    await shop.expire_codes()

    await expect(dialog.get_by_text("二维码已失效")).to_be_visible()
    await expect(code_on(dialog)).to_have_count(0)
    await dialog.get_by_role("button", name="重新生成").click()
    await expect(code_on(dialog)).to_be_visible()


async def test_an_admin_reads_who_bound_and_chooses_the_template_of_last_resort(screens, shop):
    await add_template(shop, "客户", "内容", short="TM002")
    bound = await screens.desk(await shop.agent())
    dialog = await the_dialog(bound)
    await dialog.get_by_role("button", name="生成二维码").click()
    await scanned(shop, code_on(dialog))
    page = (await screens.desk(await shop.agent(Role.ADMIN), "/admin/agents")).page

    log = page.get_by_role("table", name="绑定记录").get_by_role("row")
    await expect(log.nth(1)).to_contain_text("绑定")
    await expect(log.nth(1)).to_contain_text(bound.agent.name)

    notices = page.get_by_role("table", name="额度用完时的提醒")
    await expect(notices).to_contain_text("不提醒")
    await notices.get_by_role("button", name="修改").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("模板").select_option("服务通知 TM002")
    await expect(form.get_by_role("button", name="保存")).to_be_disabled()
    await form.get_by_label("客户").fill("{客户}")
    await form.get_by_label("内容").fill("{数量} 条新消息")
    await form.get_by_role("button", name="保存").click()

    await expect(notices).to_contain_text("{客户} · {数量} 条新消息")
    await notices.get_by_role("button", name="修改").click()
    await expect(form.get_by_label("内容")).to_have_value("{数量} 条新消息")
    await form.get_by_label("模板").select_option("不提醒")
    await form.get_by_role("button", name="保存").click()
    await expect(notices).to_contain_text("不提醒")
