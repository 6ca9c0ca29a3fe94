"""The administration pages: what supervisors see, and what admins change, here and at WeChat."""

import aiohttp
from playwright.async_api import expect

from browser.screens import NARROW
from desk_builder import APP_ID, APP_SECRET
from journeys.processes import until
from wxdesk.desk.agents import Role

PAGES = (
    "概览与检查",
    "客服账号",
    "粉丝导入",
    "标签",
    "二维码",
    "菜单",
    "自动回复",
    "工作时间与窗口守护",
    "动态",
)


async def admin(screens, shop, path="/admin", **options):
    desk = await screens.desk(await shop.agent(Role.ADMIN), path, **options)
    return desk.page


def nav(page):
    return page.get_by_role("navigation", name="设置")


async def go(page, name):
    await nav(page).get_by_role("link", name=name, exact=True).click()
    await expect(page.get_by_role("main").get_by_role("heading", level=1)).to_have_text(name)


def row(page, text):
    return page.get_by_role("main").get_by_role("row").filter(has_text=text)


def dialog(page):
    return page.get_by_role("dialog")


async def at_wechat(shop, call):
    """Ask the simulated WeChat as the account's own programs do."""
    who = {"grant_type": "client_credential", "appid": APP_ID, "secret": APP_SECRET}
    async with aiohttp.ClientSession(shop.sim.url) as http:
        async with http.post("/cgi-bin/stable_token", json=who) as answer:
            token = (await answer.json(content_type=None))["access_token"]
        async with http.get(call, params={"access_token": token}) as answer:
            return await answer.json(content_type=None)


async def test_supervisors_see_every_page_and_may_change_none(screens, shop):
    desk = await screens.desk(await shop.agent(Role.SUPERVISOR))
    await desk.page.keyboard.press("Alt+Comma")
    for name in PAGES:
        await go(desk.page, name)
        await expect(desk.page.get_by_role("alert")).to_have_count(0)
        for verb in ("新建", "发布", "开始", "保存", "删除"):
            buttons = desk.page.get_by_role("main").get_by_role("button", name=verb)
            await expect(buttons).to_have_count(0)

    await go(desk.page, "概览与检查")
    await expect(desk.page.get_by_role("switch").first).to_be_disabled()


async def test_agents_find_no_way_in(screens, shop):
    desk = await screens.desk(await shop.agent(), "/admin/agents")

    await expect(desk.page.get_by_text("这里只对主管和管理员开放")).to_be_visible()
    await expect(desk.page.get_by_role("link", name="设置")).to_have_count(0)


async def test_a_code_is_made_shown_and_counts_who_scans_it(screens, shop):
    page = await admin(screens, shop)
    customer = await shop.customer()
    await go(page, "二维码")
    await page.get_by_role("button", name="新建二维码").first.click()
    await dialog(page).get_by_label("名称").fill("保修卡")
    await dialog(page).get_by_label("场景值").fill("warranty-card")
    await dialog(page).get_by_role("button", name="新建二维码").click()

    picture = page.get_by_role("img", name="“保修卡”的二维码")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") >= 430
    await page.keyboard.press("Escape")
    await expect(row(page, "warranty-card").get_by_role("cell").nth(1)).to_have_text("0")

    await customer.does(type="scan", scene="warranty-card")

    async def counted():
        await page.reload()
        return await row(page, "warranty-card").get_by_role("cell").nth(1).inner_text() == "1"

    assert await until(counted)


async def test_a_scene_that_is_taken_is_refused_in_words_and_the_form_stays(screens, shop):
    screens.expect("409")
    page = await admin(screens, shop, "/admin/1/codes")
    for name in ("柜台", "又一个"):
        await page.get_by_role("button", name="新建二维码").first.click()
        await dialog(page).get_by_label("名称").fill(name)
        await dialog(page).get_by_label("场景值").fill("counter")
        await dialog(page).get_by_role("button", name="新建二维码").click()
        if name == "柜台":
            await expect(page.get_by_role("img", name="“柜台”的二维码")).to_be_visible()
            await page.keyboard.press("Escape")
            await expect(dialog(page)).to_be_hidden()

    await expect(dialog(page).get_by_role("alert")).to_contain_text("这个场景值已经有二维码了")
    await expect(dialog(page).get_by_label("名称")).to_have_value("又一个")


async def test_a_tag_is_made_renamed_and_removed(screens, shop):
    page = await admin(screens, shop, "/admin/1/tags")
    await page.get_by_role("button", name="新建标签").first.click()
    await dialog(page).get_by_label("标签名").fill("老客户")
    await page.keyboard.press("Enter")
    await row(page, "老客户").get_by_role("button", name="改名").click()
    await dialog(page).get_by_label("标签名").fill("常客")
    await page.keyboard.press("Enter")

    await expect(row(page, "常客")).to_be_visible()
    tags = (await at_wechat(shop, "/cgi-bin/tags/get"))["tags"]
    assert "常客" in [tag["name"] for tag in tags]

    await row(page, "常客").get_by_role("button", name="删除").click()
    await dialog(page).get_by_role("button", name="删除").click()

    await expect(row(page, "常客")).to_have_count(0)
    tags = (await at_wechat(shop, "/cgi-bin/tags/get"))["tags"]
    assert "常客" not in [tag["name"] for tag in tags]


async def test_a_menu_is_written_published_and_at_wechat(screens, shop):
    page = await admin(screens, shop, "/admin/1/menu")
    phone = page.get_by_role("region", name="手机上的样子")
    publish = page.locator("main").get_by_role("button", name="发布", exact=True)
    await phone.get_by_role("button", name="加按钮").click()
    await page.get_by_label("按钮名").fill("联系我们的客服")
    await page.get_by_label("键值").fill("desk")
    await expect(page.get_by_text("按钮名超过 16 字节。").last).to_be_visible()
    await expect(publish).to_be_disabled()
    await page.get_by_label("按钮名").fill("联系客服")

    await phone.get_by_role("button", name="加按钮").click()
    await page.get_by_label("按钮名").fill("更多")
    await page.get_by_label("点了之后").select_option("打开子菜单")
    await page.get_by_role("main").get_by_role("button", name="加子按钮").last.click()
    await page.get_by_label("按钮名").fill("官网")
    await page.get_by_label("点了之后").select_option("打开网页")
    await page.get_by_label("网页地址").fill("https://example.com")
    await phone.get_by_role("button", name="更多").click()
    await page.get_by_role("button", name="前移").click()

    await publish.click()
    await dialog(page).get_by_role("button", name="发布").click()
    await expect(page.locator(".toast")).to_contain_text("菜单已发布")
    await expect(publish).to_be_disabled()

    more, talk = (await at_wechat(shop, "/cgi-bin/menu/get"))["menu"]["button"]
    assert (talk["name"], talk["key"]) == ("联系客服", "desk")
    assert [(one["name"], one["url"]) for one in more["sub_button"]] == [
        ("官网", "https://example.com")
    ]


async def test_a_menu_that_is_not_published_is_not_left_by_accident(screens, shop):
    page = await admin(screens, shop, "/admin/1/menu")
    await page.get_by_role("button", name="加按钮").last.click()
    await expect(page.get_by_text("修改还没有发布")).to_be_visible()

    await nav(page).get_by_role("link", name="标签").click()
    await dialog(page).get_by_role("button", name="取消").click()
    await expect(page.get_by_text("修改还没有发布")).to_be_visible()

    await nav(page).get_by_role("link", name="标签").click()
    await dialog(page).get_by_role("button", name="放弃修改").click()
    await expect(page.get_by_role("main").get_by_role("heading", level=1)).to_have_text("标签")


async def test_an_agent_is_given_a_name_that_was_lost_and_is_repaired(screens, shop):
    agent = await shop.agent()
    page = await admin(screens, shop, "/admin/1/overview")
    await page.get_by_label("公众号的微信号").fill("weiguang-life")
    await page.get_by_role("button", name="保存").click()
    await expect(page.locator(".toast")).to_contain_text("已保存")

    await go(page, "客服")
    await row(page, agent.username).get_by_role("button", name=f"给{agent.name}").click()
    await dialog(page).get_by_label("昵称").fill("小雨")
    await dialog(page).get_by_label("账号前缀").fill("xiaoyu")
    await dialog(page).get_by_role("button", name="新建客服账号").click()

    await expect(row(page, agent.username)).to_contain_text("小雨")
    [kf] = (await shop.sim_get("/sim/kf"))["items"]
    assert (kf["kf_account"], kf["nickname"]) == ("xiaoyu@weiguang-life", "小雨")

    await at_wechat(shop, "/customservice/kfaccount/del?kf_account=xiaoyu@weiguang-life")
    await page.reload()
    await expect(row(page, agent.username)).to_contain_text("微信上没有")
    await row(page, agent.username).get_by_role("button", name="与微信核对").click()

    await expect(row(page, agent.username)).not_to_contain_text("微信上没有")
    assert len((await shop.sim_get("/sim/kf"))["items"]) == 1


async def test_an_import_tells_how_far_it_is_until_it_is_done(screens, shop):
    for _ in range(3):
        await shop.customer()
    page = await admin(screens, shop, "/admin/1/import")
    await page.get_by_role("button", name="开始导入").click()

    await expect(page.get_by_role("status").filter(has_text="导入完成")).to_be_visible()

    bar = page.get_by_role("progressbar", name="导入进度")
    await expect(bar).to_have_attribute("aria-valuenow", "100")
    await expect(page.get_by_role("button", name="重新导入")).to_be_visible()


async def test_what_the_check_finds_is_told_with_what_to_do(screens, shop):
    page = await admin(screens, shop, "/admin/1/overview")

    await page.get_by_role("button", name="开始检查").click()

    await expect(page.get_by_role("listitem").filter(has_text="凭证")).to_be_visible()
    await expect(page.get_by_role("button", name="再检查一次")).to_be_visible()


async def test_on_a_phone_the_pages_come_one_at_a_time(screens, shop):
    page = await admin(screens, shop, "/conversations", viewport=NARROW)
    await page.get_by_role("navigation", name="主导航").get_by_role("link", name="我").click()
    await page.get_by_role("link", name="管理设置").click()
    await nav(page).get_by_role("link", name="标签").click()
    await expect(nav(page)).to_be_hidden()
    await expect(page.get_by_role("heading", level=1, name="标签")).to_be_visible()
    wide = await page.evaluate("document.documentElement.scrollWidth")

    await page.get_by_role("main").get_by_role("link", name="返回列表").click()

    await expect(nav(page)).to_be_visible()
    assert wide <= NARROW["width"]


async def test_a_webhook_is_added_tried_and_its_log_says_what_came_of_it(screens, shop):
    page = await admin(screens, shop)
    await go(page, "接口与回调")
    await page.get_by_role("button", name="新建回调").click()
    await dialog(page).get_by_label("名称").fill("机器人")
    await dialog(page).get_by_label("地址").fill("http://127.0.0.1:9/hook")
    await dialog(page).get_by_role("button", name="新建回调").click()
    await expect(dialog(page).get_by_text("whsec_")).to_be_visible()
    await dialog(page).get_by_role("button", name="我已保存").click()
    await row(page, "机器人").get_by_role("button", name="发送测试").click()

    log = page.get_by_role("region", name="“机器人”的发送记录")
    await expect(log.get_by_role("row").filter(has_text="内网地址，未放行")).to_be_visible()
    await expect(row(page, "127.0.0.1:9")).to_contain_text("连续失败")
    await row(page, "127.0.0.1:9").get_by_role("button", name="暂停").click()
    await expect(row(page, "127.0.0.1:9")).to_contain_text("已暂停")


async def test_a_token_is_shown_once_and_revoked(screens, shop):
    page = await admin(screens, shop, "/admin/hooks")
    await page.get_by_role("button", name="新建令牌").click()
    await dialog(page).get_by_label("名称").fill("订单系统")
    await dialog(page).get_by_label("身份").select_option(index=0)
    await dialog(page).get_by_label("权限").select_option("read")
    await dialog(page).get_by_role("button", name="新建令牌").click()
    await expect(dialog(page).get_by_text("wxd_")).to_be_visible()
    await dialog(page).get_by_role("button", name="我已保存").click()
    await expect(row(page, "订单系统")).to_contain_text("只读")
    await row(page, "订单系统").get_by_role("button").click()
    await dialog(page).get_by_role("button", name="停用").click()

    await expect(page.get_by_text("令牌已停用")).to_be_visible()
    await expect(row(page, "订单系统")).to_have_count(0)
