"""The pages of levels, groups, seats, calendars and routing: what is made there holds."""

from datetime import UTC, datetime

import pytest_asyncio
from playwright.async_api import expect

from browser.screens import NARROW
from browser.shop import Customer, shop_open
from journeys.processes import until
from wxdesk.desk.agents import Role

PAGES = ("座席与技能", "技能组", "客户等级", "客户字段", "工作日历", "分配规则")
WEEK = "一二三四五六日"
YEAR = datetime.now(UTC).year


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def lasting_shop(chromium, tmp_path_factory):
    """A desk of its own: what is set here holds for all of it."""
    async with shop_open(tmp_path_factory.mktemp("team")) as team:
        yield team


async def settings(screens, shop, page, role=Role.ADMIN, **options):
    desk = await screens.desk(await shop.agent(role), f"/admin/{page}", **options)
    return desk.page


async def go(page, name):
    await page.get_by_role("navigation", name="设置").get_by_role("link", name=name).click()
    await expect(page.get_by_role("main").get_by_role("heading", level=1)).to_have_text(name)


def button(page, name):
    return page.get_by_role("main").get_by_role("button", name=name, exact=True)


def part(page, name):
    return page.get_by_role("region", name=name, exact=True)


def listed(page, name, text=""):
    """What stands in the list of that name, in its order."""
    items = page.get_by_role("list", name=name, exact=True).locator("> li")
    return items.filter(has_text=text)


def told(page, text):
    return page.locator(".toast").filter(has_text=text).last


async def save(page, said):
    await button(page, "保存").click()
    await expect(told(page, said)).to_be_visible()


async def make_level(page, name, *, seconds, scene):
    await button(page, "新建等级").click()
    await page.get_by_label("名称", exact=True).fill(name)
    await page.get_by_text("金", exact=True).click()
    await page.get_by_label("首次回复", exact=True).fill(str(seconds))
    await page.get_by_label("首次回复的单位").select_option("秒")
    await page.get_by_label("扫这些二维码之一关注的（场景值）").fill(scene)
    await page.keyboard.press("Enter")
    await save(page, "等级已创建")


async def make_calendar(page, name):
    """Always open, but for holidays."""
    await button(page, "新建日历").first.click()
    await page.get_by_label("名称", exact=True).fill(name)
    await button(page, "给星期六加一段").click()
    await button(page, "给星期日加一段").click()
    for day in WEEK:
        await page.get_by_label(f"星期{day}第 1 段开始").fill("00:00")
        await page.get_by_label(f"星期{day}第 1 段结束").fill("00:00")


async def take_holidays(page):
    """All of the year that are known; how many days that is."""
    await button(page, f"导入 {YEAR} 年放假安排").click()
    proposal = part(page, f"{YEAR} 年放假安排")
    await expect(proposal.get_by_role("checkbox").first).to_be_checked()
    await proposal.get_by_role("checkbox").first.uncheck()
    days = await proposal.get_by_role("checkbox").count() - 1
    await proposal.get_by_role("button", name=f"加入 {days} 天").click()
    await expect(proposal).to_have_count(0)
    return days


async def make_group(page, name, agent, *, calendar):
    await button(page, "新建技能组").first.click()
    await page.get_by_label("名称", exact=True).fill(name)
    await page.get_by_role("checkbox", name=agent.name, exact=True).check()
    await page.get_by_label("工作日历", exact=True).select_option(calendar)
    await save(page, "技能组已创建")


async def make_rule(page, name, keyword, *, group=None):
    await button(page, "新建规则").click()
    await page.get_by_label("规则名称").fill(name)
    await page.get_by_label("关键词").fill(keyword)
    await page.keyboard.press("Enter")
    if group:
        await page.get_by_label("技能组", exact=True).select_option(group)
    await button(page, "完成").click()
    await expect(listed(page, "规则", name)).to_be_visible()


async def publish(page):
    await button(page, "发布…").click()
    asked = page.get_by_role("dialog")
    await asked.get_by_role("button", name="发布", exact=True).click()
    await expect(told(page, "已发布")).to_be_visible()
    await expect(page.get_by_role("main")).not_to_contain_text("处不同")


async def try_out(page, text):
    sample = part(page, "试一试")
    await sample.get_by_label("客户说的话").fill(text)
    await sample.get_by_role("button", name="试一试").click()
    return sample.get_by_role("status")


async def drag(page, item, *, below):
    """By its handle, with the mouse."""
    await item.get_by_role("button", name="按上下键").hover()
    await page.mouse.down()
    box = await below.bounding_box()
    await page.mouse.move(box["x"] + 10, box["y"] + box["height"] - 4, steps=4)
    await page.mouse.up()


async def follows_by(shop, scene):
    """Somebody new, who comes by a code."""
    known = await shop.sim_post("/sim/followers", following=False)
    customer = Customer(shop, known["openid"])
    await customer.does(type="scan", scene=scene)
    return customer


async def test_a_customer_lands_in_the_group_and_level_that_were_made_here(screens, shop, floor):
    fei = await shop.agent()
    await floor.here(fei, "offline")
    page = await settings(screens, shop, "levels")
    await make_level(page, "金牌", seconds=45, scene="gold-card")
    await expect(listed(page, "客户等级", "金牌")).to_contain_text("45 秒")
    await expect(listed(page, "客户等级", "金牌")).to_contain_text("二维码 gold-card")
    await go(page, "工作日历")
    await make_calendar(page, "全年")
    days = await take_holidays(page)
    await save(page, "日历已创建")
    kept = page.get_by_role("row").filter(has_text="全年")
    await expect(kept).to_contain_text("星期一至星期日 00:00–24:00")
    await expect(kept).to_contain_text(f"{days} 天")
    await go(page, "技能组")
    await make_group(page, "退款组", fei, calendar="全年")
    await expect(listed(page, "技能组", "退款组")).to_contain_text(fei.name)
    await go(page, "分配规则")
    await make_rule(page, "退款", "退款", group="退款组")

    result = await try_out(page, "我要退款")
    await expect(result).to_contain_text("规则“退款”决定。")
    await expect(result).to_contain_text("技能组“退款组”")
    await expect(result).to_contain_text(f"{fei.name} 离线")
    await publish(page)
    await expect(page.get_by_role("main")).to_contain_text("生效中：")

    customer = await follows_by(shop, "gold-card")
    await customer.writes("我要退款")

    async def landed():
        talk = await floor.conversation(customer)
        level, group = talk["contact"]["level"], talk["group"]
        return (level["name"], group and group["name"]) == ("金牌", "退款组")

    assert await until(landed)
    desk = await screens.desk(fei)
    await expect(desk.row(customer)).to_contain_text("金牌")
    await desk.row(customer).click()
    await expect(part(desk.page, "等级")).to_contain_text("因扫码关注得到")


async def test_a_draft_is_published_with_words_and_an_older_plan_comes_back(screens, shop, floor):
    page = await settings(screens, shop, "routing")
    await make_rule(page, "投诉", "投诉")
    await make_rule(page, "投诉二", "投诉")
    await page.get_by_label("接受方式").select_option("由客服点“接受”")
    await button(page, "发布…").click()

    asked = page.get_by_role("dialog")
    await expect(asked).to_contain_text("新增规则“投诉”：消息含“投诉” → 整个客服台")
    await expect(asked).to_contain_text("接受方式：自动接入 → 20 秒")
    await expect(asked).to_contain_text("“投诉二”永远轮不到")
    await asked.get_by_label("说明").fill("先管投诉")
    await asked.get_by_role("button", name="发布", exact=True).click()
    await expect(told(page, "已发布")).to_be_visible()
    await expect(listed(page, "规则", "投诉二")).to_contain_text("永远轮不到")
    await expect(part(page, "发布过的")).to_contain_text("先管投诉")

    second = listed(page, "规则").nth(1)
    await second.get_by_role("button", name="“投诉二”在第 2 位").press("ArrowUp")
    await expect(listed(page, "规则").first).to_contain_text("投诉二")
    await expect(page.get_by_role("main")).to_contain_text("修改还没有保存 · 与生效的有 1 处不同")
    await button(page, "放弃草稿").click()
    await page.get_by_role("dialog").get_by_role("button", name="放弃草稿").click()
    await expect(listed(page, "规则").first).not_to_contain_text("投诉二")

    await page.get_by_role("button", name="删除“投诉二”").click()
    await page.get_by_role("button", name="删除“投诉”").click()
    await publish(page)
    await expect(part(page, "规则")).to_contain_text("还没有规则")
    await part(page, "发布过的").get_by_role("button", name="重新启用").first.click()
    await page.get_by_role("dialog").get_by_role("button", name="重新启用").click()
    await expect(listed(page, "规则", "投诉二")).to_be_visible()


async def test_a_draft_that_somebody_else_changed_is_not_overwritten(screens, shop, floor):
    page = await settings(screens, shop, "routing")
    await make_rule(page, "我的", "发票")
    await floor.ask("PUT", "/api/routing/draft", doc={"routes": [{"name": "别人的"}]})
    screens.expect("status of 409")
    await button(page, "保存草稿").click()

    lost = page.get_by_role("alert").filter(has_text="改了草稿")
    await expect(lost).to_contain_text(floor.admin.name)
    await expect(lost).to_contain_text("“我的”")
    await lost.get_by_role("button", name="重新读取").click()
    await expect(listed(page, "规则", "别人的")).to_be_visible()
    await expect(listed(page, "规则", "我的")).to_have_count(0)
    await floor.ask("DELETE", "/api/routing/draft")


async def test_levels_are_put_in_order_and_retired_with_a_word(screens, shop):
    page = await settings(screens, shop, "levels")
    await make_level(page, "临时", seconds=30, scene="temporary")
    await expect(listed(page, "客户等级", "临时")).to_be_visible()
    at = await listed(page, "客户等级").count() - 2
    await expect(listed(page, "客户等级").nth(at)).to_contain_text("临时")
    await listed(page, "客户等级", "临时").get_by_role("button", name="按上下键").press("ArrowUp")
    await expect(listed(page, "客户等级").nth(at - 1)).to_contain_text("临时")
    await page.reload()
    await expect(listed(page, "客户等级").nth(at - 1)).to_contain_text("临时")

    await drag(page, listed(page, "客户等级", "临时"), below=listed(page, "客户等级").nth(at))
    await expect(listed(page, "客户等级").nth(at)).to_contain_text("临时")

    await page.get_by_role("button", name="停用“临时”").click()
    asked = page.get_by_role("dialog")
    await expect(asked).to_contain_text("现在没有客户是这个等级")
    await asked.get_by_role("button", name="停用").click()
    await expect(listed(page, "客户等级", "临时")).to_have_count(0)


async def test_what_an_agent_can_is_kept_and_asked_for(screens, shop, floor):
    lan, other = await shop.agent(), await shop.agent()
    for each in (lan, other):
        await floor.here(each)
    page = await settings(screens, shop, "seats")
    await page.get_by_role("button", name=f"修改{lan.name}的座席").click()
    await page.get_by_label("接待上限").fill("7")
    await page.get_by_label("添加到“会的技能”").fill("粤语")
    await page.keyboard.press("Enter")
    await page.get_by_role("radio", name="4 级").check(force=True)
    await save(page, "座席已保存")
    seat = page.get_by_role("row").filter(has_text=lan.name)
    await expect(seat).to_contain_text("0/7")
    await expect(seat.get_by_role("img", name="4 级")).to_be_visible()

    wants = [{"name": "粤语", "words": ["粤语"], "required": {"粤语": 4}}]
    await floor.plan(routes=wants)
    await go(page, "分配规则")
    result = await try_out(page, "可以说粤语吗")
    await expect(result).to_contain_text(f"{lan.name}（接完是 1/7）")
    await expect(result).to_contain_text(f"{other.name} 缺少技能“粤语”")


async def test_hours_that_overlap_are_refused_in_words_and_a_due_time_is_drawn(screens, shop):
    page = await settings(screens, shop, "calendars")
    await button(page, "新建日历").first.click()
    await page.get_by_label("名称", exact=True).fill("白天")
    await page.get_by_label("星期一第 1 段结束").fill("03:00")  # over midnight, into nothing
    await expect(page.get_by_role("alert")).to_have_count(0)
    await page.get_by_label("星期二第 1 段开始").fill("02:00")
    await expect(page.get_by_role("alert")).to_have_text("星期一有两段时间重叠。")
    await expect(button(page, "保存")).to_be_disabled()
    await page.get_by_label("星期一第 1 段结束").fill("18:00")
    await page.get_by_label("星期二第 1 段开始").fill("09:00")

    preview = part(page, "算一个到期时间")
    await preview.get_by_label("从（日历的时区）").fill("2026-03-06T17:00")  # a Friday
    await preview.get_by_label("时限", exact=True).fill("2")
    await preview.get_by_role("button", name="算一算").click()
    await expect(preview.get_by_role("status")).to_contain_text("2026年3月9日")
    await expect(preview.get_by_role("status")).to_contain_text("10:00 到期")
    await save(page, "日历已创建")


async def test_a_supervisor_sets_a_level_by_hand_and_takes_it_back(screens, shop):
    customer = await shop.waiting("在吗")
    desk = await screens.desk(await shop.agent(Role.SUPERVISOR))
    await desk.row(customer).click()
    level = part(desk.page, "等级")
    await level.get_by_role("button", name="设定等级").click()
    asked = desk.page.get_by_role("dialog")
    await asked.get_by_label("等级", exact=True).select_option("VIP2")
    await asked.get_by_label("说明").fill("老板的朋友")
    await asked.get_by_role("button", name="设定", exact=True).click()

    await expect(level).to_contain_text("VIP2")
    await expect(level).to_contain_text("手动设定")
    await level.get_by_text("等级记录").click()
    await expect(level).to_contain_text("老板的朋友")
    await level.get_by_role("button", name="设定等级").click()
    await asked.get_by_role("button", name="取消手动设定").click()
    await expect(level).to_contain_text("默认等级")


async def test_supervisors_see_every_page_and_may_change_none(screens, shop):
    page = await settings(screens, shop, "agents", Role.SUPERVISOR)
    for name in PAGES:
        await go(page, name)
        await expect(page.get_by_role("main").get_by_role("button", name="新建")).to_have_count(0)


async def make_field(page, name, kind, *choices):
    await page.get_by_role("button", name="新建字段").first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("名称", exact=True).fill(name)
    await dialog.get_by_label("填什么").select_option(kind)
    for choice in choices:
        await dialog.get_by_label("选项").fill(choice)
        await page.keyboard.press("Enter")
    await dialog.get_by_role("button", name="新建字段").click()
    await expect(told(page, "字段已创建")).to_be_visible()
    await expect(dialog).to_be_hidden()


async def test_a_level_is_earned_by_what_an_agent_fills_in(screens, shop, floor):
    page = await settings(screens, shop, "fields")
    await make_field(page, "累计消费", "数字")
    await make_field(page, "城市", "单选", "北京", "上海")
    await expect(listed(page, "客户字段", "城市")).to_contain_text("北京 · 上海")
    await go(page, "客户等级")
    await button(page, "新建等级").click()
    await page.get_by_label("名称", exact=True).fill("大客户")
    await page.get_by_role("button", name="加一个条件").click()
    await page.get_by_label("条件 1 的值").fill("10000")
    await save(page, "等级已创建")
    await expect(listed(page, "客户等级", "大客户")).to_contain_text("累计消费至少 10000")

    customer = await shop.waiting("在吗")
    desk = await screens.desk(await shop.agent())
    await desk.row(customer).click()
    spent = desk.page.get_by_label("累计消费")
    await spent.fill("一万")
    await spent.press("Enter")
    await expect(desk.page.get_by_role("alert").filter(has_text="要填数字")).to_be_visible()
    await spent.fill("12,000")
    await spent.press("Enter")
    await desk.page.get_by_label("城市").select_option("上海")

    await expect(part(desk.page, "等级")).to_contain_text("大客户")
    await expect(part(desk.page, "等级")).to_contain_text("按客户字段")
    await desk.page.reload()
    await expect(spent).to_have_value("12000")
    fields = part(desk.page, "客户字段")
    await fields.get_by_text("修改记录").click()
    await expect(fields).to_contain_text("城市: 空 → 上海")


async def test_a_group_has_targets_of_its_own(screens, shop, floor):
    page = await settings(screens, shop, "groups")
    await button(page, "新建技能组").first.click()
    await page.get_by_label("名称", exact=True).fill("加急组")
    await page.get_by_role("switch", name="“普通”在这个组另定").click()
    await page.get_by_label("首次回复", exact=True).fill("")
    await expect(button(page, "保存")).to_be_disabled()
    await page.get_by_label("首次回复", exact=True).fill("1")
    await save(page, "技能组已创建")

    await expect(listed(page, "技能组", "加急组")).to_contain_text("1 个等级另定时限")
    await page.get_by_role("button", name="修改“加急组”").click()
    await expect(page.get_by_label("首次回复", exact=True)).to_have_value("1")


async def test_every_page_fits_a_phone(screens, shop):
    page = await settings(screens, shop, "levels", viewport=NARROW)
    for path in ("seats", "groups", "levels", "fields", "calendars", "routing"):
        await page.goto(f"/admin/{path}")
        await page.locator("main .sheet").wait_for()
        wide = await page.evaluate("document.querySelector('main .sheet').scrollWidth")
        assert wide <= NARROW["width"], path


async def test_a_draft_is_tried_on_a_past_day_and_the_result_waits_for_whoever_comes_back(
    screens, shop, floor
):
    agent = await shop.agent()
    customer = await shop.waiting("你好")
    await shop.take(customer, agent)
    page = await settings(screens, shop, "routing")
    replay = part(page, "用过去的一天试草稿")
    await expect(replay).to_contain_text("先改一处")
    await expect(replay.get_by_role("button", name="开始比较")).to_be_disabled()
    await floor.ask("PUT", "/api/routing/draft", doc={"ration": 5})
    await page.reload()

    day = replay.get_by_label("哪一天")
    await day.fill("2020/1/5")
    await day.blur()
    await expect(day).to_have_value("2020-01-05")
    await replay.get_by_role("button", name="开始比较").click()
    await expect(replay).to_contain_text("2020-01-05 没有会话")

    await day.fill(datetime.now(UTC).date().isoformat())
    await replay.get_by_role("button", name="开始比较").click()
    await go(page, "技能组")
    await go(page, "分配规则")
    await expect(replay.get_by_role("table", name="普通")).to_contain_text("按时率")
    await expect(replay).to_contain_text("1 个会话")
    await floor.ask("DELETE", "/api/routing/draft")


async def test_a_day_is_written_the_same_way_in_every_language(screens, shop, floor):
    admin = await shop.agent(Role.ADMIN)
    for locale in ("zh-CN", "en-US"):
        desk = await screens.desk(admin, "/monitor/staffing", locale=locale)
        day = desk.page.get_by_role("textbox", name="日期")
        await day.fill("20261130")
        await day.press("Tab")
        await expect(day).to_have_value("2026-11-30")
        await day.press("ArrowUp")
        await expect(day).to_have_value("2026-12-01")
        await day.press("PageDown")
        await expect(day).to_have_value("2026-11-01")
        await day.fill("11/30/2026")
        await day.blur()
        await expect(desk.page.get_by_text("日期写成 2026-11-30 这样")).to_be_visible()
        await expect(day).to_have_attribute("aria-invalid", "true")
