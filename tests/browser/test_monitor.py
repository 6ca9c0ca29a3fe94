"""Supervisors: the live monitor, what they do there, a screen on a wall, the staffing page."""

import re

import pytest_asyncio
from playwright.async_api import expect

from browser.screens import NARROW
from browser.shop import shop_open
from browser.test_connection import LINE_BROKEN
from wxdesk.desk.agents import Role


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shop(chromium, tmp_path_factory):
    """One of its own: the figures of others would be counted, too."""
    async with shop_open(tmp_path_factory.mktemp("monitor")) as watched:
        yield watched


@pytest_asyncio.fixture(loop_scope="session")
async def boss(screens, shop):
    desk = await screens.desk(await shop.agent(Role.SUPERVISOR), "/monitor/live")
    await expect(card(desk, "排队")).to_be_visible()
    yield desk
    await shop.clear()


def queue(desk):
    return desk.page.get_by_role("table", name="排队顺序")


def queued(desk, customer):
    return queue(desk).get_by_role("row").filter(has_text=customer.shown)


def card(desk, name):
    return desk.page.get_by_role("button", name=re.compile(f"^{name} "))


async def because(desk, reason, yes, **chosen):
    """Fill in the dialog that asks why."""
    dialog = desk.page.get_by_role("dialog")
    for label, value in chosen.items():
        field = dialog.get_by_label(label)
        option = field.locator("option").filter(has_text=value)
        await field.select_option(await option.get_attribute("value"))
    await dialog.get_by_role("textbox").fill(reason)
    await dialog.get_by_role("button", name=yes, exact=True).click()
    await expect(dialog).to_have_count(0)


async def test_a_supervisor_sees_who_comes_moves_them_up_and_gives_them_to_somebody(
    screens, shop, boss
):
    agent = await screens.desk(await shop.agent())
    first, second = await shop.waiting("第一位"), await shop.waiting("第二位")

    await expect(queue(boss).get_by_role("row")).to_have_count(3)
    await expect(card(boss, "排队")).to_contain_text("2")
    await expect(boss.page.get_by_role("alert")).to_contain_text("没有客服在线接待")
    await expect(queue(boss).get_by_role("row").nth(1)).to_contain_text(first.shown)

    await queued(boss, second).get_by_role("button", name="提前").click()
    await because(boss, "老客户，等了两次", "提前")
    await expect(queue(boss).get_by_role("row").nth(1)).to_contain_text(second.shown)
    await expect(queued(boss, second)).to_contain_text("已提前")

    await queued(boss, second).get_by_role("button", name="分配给…").click()
    await because(boss, "你熟悉这单", "分配", 客服=agent.agent.name)
    await expect(queued(boss, second)).to_have_count(0)
    await agent.row(second).click()
    await expect(agent.thread).to_contain_text("你熟悉这单")
    await expect(agent.composer).to_be_visible()


async def test_a_supervisor_reads_along_whispers_takes_over_and_ends(screens, shop, boss):
    agent = await screens.desk(await shop.agent())
    customer = await shop.waiting("我要退款")
    await agent.take(customer)
    await boss.page.goto("/monitor/live")
    await card(boss, "接待中").click()
    await boss.page.get_by_role("link").filter(has_text=customer.shown).click()
    bar = boss.page.get_by_role("region", name="主管操作")
    await expect(bar).to_contain_text(f"{agent.agent.name} 正在接待")

    await bar.get_by_role("button", name="便签给客服").click()
    await because(boss, "先查一下物流再答", "留下便签")
    await expect(agent.thread).to_contain_text("先查一下物流再答")
    assert await customer.reads() == []

    await bar.get_by_role("button", name="接管").click()
    await because(boss, "我来处理这单", "接管")
    await expect(boss.composer).to_be_visible()
    await expect(bar).to_have_count(0)
    await expect(agent.thread).to_contain_text("我来处理这单")
    await boss.reply("您好，我来为您处理")
    await expect(boss.state("我来为您处理", "已送达微信")).to_be_visible()

    other = await shop.waiting("在吗")
    await boss.page.goto("/monitor/live")
    await queued(boss, other).get_by_role("button", name="更多").click()
    await boss.page.get_by_role("button", name="结束…").click()
    await because(boss, "重复进线", "结束")
    await expect(queue(boss)).to_have_count(0)
    await expect(boss.page.get_by_text("没有人排队")).to_be_visible()


async def test_a_supervisor_says_what_an_agent_is_and_takes(screens, shop, boss):
    agent = await screens.desk(await shop.agent())
    await shop.ask(agent.agent, "PUT", "/api/presence", presence="online")
    await boss.page.get_by_role("button", name=agent.agent.name).click()
    drawer = boss.page.get_by_role("dialog", name=agent.agent.name, exact=True)

    await drawer.get_by_role("button", name="今日上限…").click()
    limit = boss.page.get_by_role("dialog", name="今天的接待上限")
    await limit.get_by_label("同时接待").fill("1")
    await limit.get_by_label("原因").fill("新人第一天")
    await limit.get_by_role("button", name="修改").click()
    await expect(drawer).to_contain_text("0/1")

    await drawer.get_by_role("button", name="改状态…").click()
    presence = boss.page.get_by_role("dialog", name="的状态")
    await presence.get_by_label("原因").fill("先培训")
    await presence.get_by_role("button", name="修改").click()
    await expect(drawer).to_contain_text("忙碌")
    await expect(agent.page.locator(".seat")).to_contain_text("忙碌")


BEYOND_THEIR_TILES = """values => values
  .filter(it => it.parentElement.scrollWidth > it.parentElement.clientWidth)
  .map(it => it.innerText)"""


async def new_wall(boss, name):
    """The address that a screen opens; it is shown once."""
    await boss.page.goto("/monitor/walls")
    await boss.page.get_by_role("button", name="添加大屏").first.click()
    dialog = boss.page.get_by_role("dialog")
    await dialog.get_by_label("名称").fill(name)
    await dialog.get_by_role("button", name="添加大屏").click()
    return await boss.page.get_by_role("region", name="大屏已添加").locator("code").inner_text()


async def test_a_screen_on_a_wall_shows_the_number_and_says_when_it_is_old(screens, shop, boss):
    address = await new_wall(boss, "东墙")
    await shop.waiting("你好")

    wall = await screens.blank(viewport={"width": 1920, "height": 1080})
    await wall.goto(address)
    waiting = wall.get_by_role("region", name="排队")
    await expect(waiting.locator(".value")).to_have_text("1")
    assert "wxb_" not in wall.url
    await shop.waiting("在吗")
    await expect(waiting.locator(".value")).to_have_text("2")

    screens.expect("ERR_FAILED", "429", "503")
    await wall.route("**/api/wallboard", lambda route: route.abort())
    await expect(wall.get_by_role("status")).to_contain_text("前")
    await expect(waiting.locator(".value")).to_have_text("2")
    await wall.unroute("**/api/wallboard")
    await expect(wall.get_by_role("status")).not_to_contain_text("前")

    await wall.reload()
    await expect(waiting.locator(".value")).to_have_text("2")


async def test_the_widest_numbers_fit_on_a_wall(screens, shop, boss):
    address = await new_wall(boss, "北墙")
    agent = await screens.desk(await shop.agent())
    await agent.take(await shop.waiting("你好"))
    await agent.reply("在的")
    await shop.waiting("在吗")

    for viewport in ({"width": 1920, "height": 1080}, NARROW):
        wall = await screens.blank(viewport=viewport)
        await wall.goto(address)
        kept = wall.get_by_role("region", name="首响达标").locator(".value")
        await expect(kept).to_have_text("100%")
        assert await wall.locator(".value").evaluate_all(BEYOND_THEIR_TILES) == []


async def test_a_screen_whose_desk_is_away_for_an_hour_recovers_without_a_hand(screens, shop, boss):
    address = await new_wall(boss, "南墙")
    await shop.waiting("你好")
    wall = await screens.blank(viewport={"width": 1920, "height": 1080})
    await wall.clock.install()
    await wall.goto(address)
    waiting = wall.get_by_role("region", name="排队").locator(".value")
    await expect(waiting).to_have_text("1")
    await wall.evaluate("window.neverReloaded = true")
    screens.expect(*LINE_BROKEN)

    async with shop.desk_dead():
        await wall.clock.fast_forward("01:00:00")
        await expect(wall.get_by_role("status")).to_contain_text("1:00:0")
        await expect(waiting).to_have_text("1")
    await shop.waiting("在吗")
    await wall.clock.fast_forward("00:10")

    await expect(waiting).to_have_text("2")
    await expect(wall.get_by_role("status")).not_to_contain_text("前")
    assert await wall.evaluate("window.neverReloaded")


async def test_a_screen_whose_token_was_taken_away_says_so(screens, shop, boss):
    screens.expect("401")
    address = await new_wall(boss, "西墙")
    row = boss.page.get_by_role("row").filter(has_text="西墙")
    await row.get_by_role("button", name="停用").click()
    await boss.page.get_by_role("dialog").get_by_role("button", name="停用").click()
    await expect(row).to_have_count(0)

    wall = await screens.blank()
    await wall.goto(address)

    await expect(wall.get_by_role("alert")).to_contain_text("口令已停用")


async def test_the_staffing_page_says_where_its_numbers_come_from(screens, shop, boss):
    await boss.page.goto("/monitor/staffing")

    told = boss.page.get_by_role("region", name="这些数字怎么来的")
    await expect(told).to_contain_text("先用假设")
    await boss.page.get_by_label("占用时长").fill("300")
    await expect(told).to_contain_text("你填的")


async def test_agents_are_not_shown_the_monitor_and_supervisors_have_it_on_a_phone(screens, shop):
    agent = await screens.desk(await shop.agent(), "/monitor/live")
    await expect(agent.page.get_by_role("main")).to_contain_text("给主管和管理员使用")
    await expect(agent.page.get_by_role("link", name="监控")).to_have_count(0)
    customer = await shop.waiting("你好")

    boss = await screens.desk(await shop.agent(Role.SUPERVISOR), "/monitor/live", viewport=NARROW)

    await expect(queued(boss, customer)).to_be_visible()
    wide = await boss.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= NARROW["width"]
    await shop.clear()


async def test_a_supervisor_joins_writes_beside_the_agent_and_leaves(screens, shop, boss):
    agent = await screens.desk(await shop.agent())
    customer = await shop.waiting("订单怎么还没到")
    await agent.take(customer)
    talk = agent.page.url.rpartition("/")[2]
    await boss.page.goto(f"/conversations/{talk}")
    bar = boss.page.get_by_role("region", name="主管操作")
    await expect(boss.composer).to_have_count(0)

    await bar.get_by_role("button", name="插话…").click()
    await because(boss, "客户催了三次", "开始插话")
    await expect(bar).to_contain_text("你在插话")
    await expect(boss.composer).to_be_focused()
    await boss.reply("我是主管，马上为您查")

    await expect(boss.state("我是主管，马上为您查", "已送达微信")).to_be_visible()
    assert await customer.reads() == ["我是主管，马上为您查"]
    await expect(agent.thread).to_contain_text("客户催了三次")
    await expect(agent.thread).to_contain_text(f"插话 · {boss.agent.name}")
    await agent.reply("已经在派送了")
    await expect(agent.state("已经在派送了", "已送达微信")).to_be_visible()

    await bar.get_by_role("button", name="退出插话").click()
    await expect(boss.composer).to_have_count(0)
    await expect(agent.thread).to_contain_text("退出了插话")


async def test_what_supervisors_did_is_on_record_with_why(screens, shop, boss):
    agent = await screens.desk(await shop.agent())
    customer, other = await shop.waiting("我要投诉"), await shop.waiting("在吗")
    await agent.take(customer)
    talk = int(agent.page.url.rpartition("/")[2])
    for path, wish in (
        (f"/api/conversations/{talk}/assign", {"agent_id": boss.agent.id, "reason": "投诉升级"}),
        (f"/api/seats/{agent.agent.id}/limit", {"limit": 2, "reason": "新人第二天"}),
    ):
        await shop.ask(boss.agent, "PUT" if path.endswith("limit") else "POST", path, **wish)

    await boss.page.get_by_role("link", name="操作记录").click()
    record = boss.page.get_by_role("table", name="操作记录")
    taken = record.get_by_role("row").filter(has_text="投诉升级")
    await expect(taken).to_contain_text(f"接管，原来由 {agent.agent.name} 接待")
    await expect(record.get_by_role("row").filter(has_text="新人第二天")).to_contain_text("改为 2")

    await boss.page.get_by_label("涉及的客服").select_option(label=agent.agent.name)
    await expect(record.get_by_role("row")).to_have_count(3)
    await expect(boss.page).to_have_url(re.compile(f"agent={agent.agent.id}$"))
    await taken.get_by_role("link").click()
    await expect(boss.thread).to_contain_text("投诉升级")
    assert other.openid


async def test_expected_waits_and_delays_stand_beside_the_figures(screens, shop, boss):
    await shop.waiting("你好")
    await expect(card(boss, "预计等待")).to_contain_text("没有人在线")
    await expect(card(boss, "推送延迟")).to_contain_text("最慢")

    await card(boss, "预计等待").click()
    drawer = boss.page.get_by_role("dialog", name="预计等待")
    await expect(drawer).to_contain_text("普通 · 未分组")
    await boss.page.keyboard.press("Escape")
    await expect(drawer).to_have_count(0)


async def test_the_record_fits_on_a_phone(screens, shop, boss):
    talk = await shop.waiting("你好")
    await boss.page.goto("/monitor/live")
    await queued(boss, talk).get_by_role("button", name="提前").click()
    await because(boss, "一个很长的原因" * 20, "提前")

    phone = await screens.desk(boss.agent, "/monitor/record", viewport=NARROW)
    await expect(phone.page.get_by_role("table", name="操作记录")).to_contain_text("提前到最前")
    assert await phone.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
