"""The agent's side of the queue: who is here, what they are given, offered, asked and handed."""

import re
from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Locator, expect

from browser.floor import Floor, open_floor
from browser.screens import NARROW, DeskScreen
from wxdesk.desk.agents import Role

BESIDE_THE_LIST = (900, 500)  # there the order may change
OFFER_SECONDS = 5  # the shortest that a plan may say


@pytest_asyncio.fixture(loop_scope="session")
async def floor(shop) -> AsyncIterator[Floor]:
    """The settings of routing; after the test nobody is here any more, and all is as usual."""
    floor = await open_floor(shop)
    yield floor
    await floor.close()


def status(desk: DeskScreen) -> Locator:
    return desk.page.get_by_role("button", name=re.compile("^我的状态"))


async def choose(desk: DeskScreen, presence: str) -> None:
    await status(desk).click()
    menu = desk.page.get_by_role("group", name="我的状态")
    await menu.get_by_role("button", name=presence).click()


async def go_online(desk: DeskScreen) -> None:
    await choose(desk, "在线")
    await expect(status(desk)).to_have_accessible_name(re.compile("在线"))


def offer(desk: DeskScreen) -> Locator:
    return desk.page.get_by_role("region", name=re.compile("^新会话"))


def mine(desk: DeskScreen) -> Locator:
    return desk.page.get_by_role("button", name=re.compile("^接待中"))


async def test_going_online_gets_the_waiting_customer_by_itself(screens, shop, floor):
    agent = await shop.agent()
    customer = await shop.waiting("你好，我的订单还没发货")
    desk = await screens.desk(agent)
    await expect(status(desk)).to_have_accessible_name("我的状态：离线")
    await expect(desk.list).to_contain_text("你处于离线")

    await desk.list.get_by_role("button", name="上线").click()

    await expect(mine(desk)).to_contain_text("1")
    await expect(desk.row(customer)).to_contain_text("新分配")
    await expect(desk.page.locator("[aria-live=polite]")).to_contain_text("分配给你")
    await expect(desk.page.get_by_role("img", name="接待 1，上限 4")).to_be_visible()
    await desk.row(customer).click()
    await expect(desk.thread).to_contain_text(f"分配给 {agent.name}")
    await desk.reply("您好，正在为您查询")
    await expect(desk.state("正在为您查询", "已送达微信")).to_be_visible()


async def test_an_offer_is_accepted_by_a_key(screens, shop, floor):
    await floor.plan(accept_seconds=60)
    desk = await screens.desk(await shop.agent())
    await go_online(desk)

    customer = await shop.waiting("会员卡不能用了")
    await expect(offer(desk)).to_contain_text("会员卡不能用了")
    await expect(offer(desk)).to_contain_text("你有空位，负载最低")
    await expect(offer(desk).get_by_role("timer")).to_be_visible()
    await desk.page.keyboard.press("Alt+Enter")

    await expect(desk.composer).to_be_focused()
    await expect(offer(desk)).to_have_count(0)
    await expect(desk.row(customer)).to_have_attribute("aria-current", "page")


async def test_an_offer_that_is_declined_goes_to_a_colleague(screens, shop, floor):
    await floor.plan(accept_seconds=60)
    first, second = await screens.desk(await shop.agent()), await screens.desk(await shop.agent())
    await go_online(first)
    customer = await shop.waiting("可以开发票吗")
    await expect(offer(first)).to_be_visible()
    await go_online(second)

    await offer(first).get_by_role("button", name="稍后").click()
    await offer(first).get_by_role("button", name="不熟悉这类问题").click()

    await expect(offer(second)).to_contain_text("可以开发票吗")
    await expect(offer(first)).to_have_count(0)
    await offer(second).get_by_role("button", name="接受").click()
    await expect(second.composer).to_be_focused()
    await first.page.mouse.move(*BESIDE_THE_LIST)
    await expect(first.row(customer)).to_have_count(0)


async def test_a_missed_offer_pauses_until_one_is_back(screens, shop, floor):
    await floor.plan(accept_seconds=OFFER_SECONDS)
    desk = await screens.desk(await shop.agent())
    await go_online(desk)
    await shop.waiting("有人吗")
    await expect(offer(desk)).to_be_visible()

    await expect(status(desk)).to_have_accessible_name(re.compile("已暂停"))
    await expect(offer(desk)).to_have_count(0)
    await desk.page.get_by_role("button", name="恢复在线").click()

    await expect(status(desk)).to_have_accessible_name(re.compile("在线"))
    await expect(offer(desk)).to_be_visible()


async def test_a_conversation_is_handed_to_a_colleague_who_accepts(screens, shop, floor):
    giver, taker = await shop.agent(), await shop.agent()
    first, second = await screens.desk(giver), await screens.desk(taker)
    await go_online(second)
    await choose(second, "忙碌")
    customer = await shop.waiting("英文说明书有吗")
    await first.take(customer)
    dialog = first.page.get_by_role("dialog", name=re.compile("^转接"))

    await first.page.keyboard.press("Alt+T")
    await expect(dialog.get_by_role("radio", name=taker.name)).to_be_disabled()
    await go_online(second)
    await dialog.get_by_role("radio", name=taker.name).check()
    await expect(dialog.get_by_role("button", name="转接", exact=True)).to_be_disabled()
    await dialog.get_by_label("附言（必填）").fill("客户要英文说明书")
    await dialog.get_by_role("button", name="转接", exact=True).click()

    await expect(first.toast).to_contain_text("60 秒没有接受会回到你这里")
    await expect(first.page.get_by_role("main")).to_contain_text(f"等 {taker.name} 接受")
    await expect(offer(second)).to_contain_text(f"{giver.name} 转给你")
    await expect(offer(second)).to_contain_text("客户要英文说明书")
    await offer(second).get_by_role("button", name="接受").click()
    await expect(second.thread).to_contain_text("客户要英文说明书")
    await expect(second.composer).to_be_focused()
    await expect(first.page.get_by_role("main")).to_contain_text(f"{taker.name} 正在接待")


async def test_what_is_not_accepted_comes_back(screens, shop, floor):
    await floor.plan(accept_seconds=OFFER_SECONDS)
    giver, taker = await shop.agent(), await shop.agent()
    first, second = await screens.desk(giver), await screens.desk(taker)
    customer = await shop.waiting("想改地址")
    await first.take(customer)
    await go_online(second)

    await first.page.get_by_role("button", name="转接", exact=True).click()
    dialog = first.page.get_by_role("dialog", name=re.compile("^转接"))
    await dialog.get_by_role("radio", name=taker.name).check()
    await dialog.get_by_label("附言（必填）").fill("请接手")
    await dialog.get_by_role("button", name="转接", exact=True).click()
    await expect(offer(second)).to_be_visible()

    await expect(first.thread).to_contain_text(f"没有被接受，回到 {giver.name}")
    await expect(first.composer).to_be_visible()


async def test_a_level_is_a_badge_and_a_promise_runs_on_the_row(screens, shop, floor):
    customer = await shop.waiting("在吗")
    desk = await screens.desk(await shop.agent())
    await expect(desk.row(customer)).to_contain_text("首答04:")

    await floor.level(customer, "VIP2")

    await expect(desk.row(customer)).to_contain_text("VIP2")
    await expect(desk.row(customer)).to_contain_text(re.compile("首答0[01]:"))
    await expect(desk.row(customer).get_by_role("img", name="首次回复还剩")).to_be_visible()
    await desk.row(customer).click()
    await desk.page.get_by_role("button", name=re.compile("^时限")).click()
    clocks = desk.page.get_by_role("dialog", name="时限")
    await expect(clocks).to_contain_text("首次回复")
    await expect(clocks).to_contain_text("还剩")


async def test_why_somebody_waits_and_went_to_somebody_is_told(screens, shop, floor):
    agent = await shop.agent()
    customer = await shop.waiting("你好")
    desk = await screens.desk(agent)

    await desk.row(customer).hover()
    await desk.list.get_by_role("button", name="为什么还在等").click()
    drawer = desk.page.get_by_role("dialog", name=re.compile("^分配说明"))
    await expect(drawer).to_contain_text("起等待，应在")
    await expect(drawer).to_contain_text("人离线。")
    await expect(drawer).to_contain_text("还没有给过任何人。")
    await desk.page.keyboard.press("Escape")
    await go_online(desk)
    await desk.row(customer).click()
    await desk.page.get_by_role("button", name="更多操作").click()
    await desk.page.get_by_role("button", name="分配说明").click()

    await expect(drawer).to_contain_text(agent.name)
    await expect(drawer).to_contain_text("空出位置时，这个会话排在最前")
    await expect(drawer).to_contain_text("现在由其接待")


async def test_whoever_leaves_hands_over_what_waits(screens, shop, floor):
    agent, colleague = await shop.agent(), await shop.agent()
    await floor.group("售后组", colleague)
    customer, other = await shop.waiting("想退货"), await shop.waiting("想换货")
    desk = await screens.desk(agent)
    await go_online(desk)
    await expect(mine(desk)).to_contain_text("2")

    await choose(desk, "离线")
    sheet = desk.page.get_by_role("dialog", name="离线前交接")
    await expect(sheet).to_contain_text("欠回复（2）")
    await sheet.get_by_label(f"{customer.shown} 交给谁").select_option(label="售后组（在线 0 人）")
    await sheet.get_by_role("button", name="转出 1 个并离线").click()

    await expect(sheet).to_have_count(0)
    await expect(status(desk)).to_have_accessible_name(re.compile("离线"))
    await expect(mine(desk)).to_contain_text("1")
    await expect(desk.row(customer)).to_contain_text("售后组")
    await expect(desk.row(other)).to_be_visible()
    await floor.here(colleague)
    await expect(desk.row(customer)).to_have_count(0)


async def test_a_break_has_a_reason_and_an_end(screens, shop, floor):
    desk = await screens.desk(await shop.agent())
    await go_online(desk)

    await choose(desk, "小休")
    dialog = desk.page.get_by_role("dialog", name="小休")
    await dialog.get_by_label("用餐").check()
    await expect(dialog.get_by_label("40 分钟")).to_be_checked()
    await dialog.get_by_role("button", name="开始小休").click()

    await expect(status(desk)).to_have_accessible_name(re.compile("小休 · 用餐"))
    await desk.page.reload()
    await expect(status(desk)).to_have_accessible_name(re.compile("小休 · 用餐"))


async def test_the_queue_is_taken_from_the_top_by_one_button(screens, shop, floor):
    first = await shop.waiting("第一位")
    await shop.waiting("第二位")
    desk = await screens.desk(await shop.agent())

    await desk.list.get_by_role("button", name="接入下一位").first.click()

    await expect(desk.row(first)).to_have_attribute("aria-current", "page")
    await expect(desk.composer).to_be_focused()


async def test_on_a_phone_an_offer_is_taken_from_inside_a_conversation(screens, shop, floor):
    await floor.plan(accept_seconds=60)
    agent = await shop.agent()
    customer = await shop.waiting("第一位")
    await shop.take(customer, agent)
    desk = await screens.desk(agent, viewport=NARROW)
    await go_online(desk)
    await desk.row(customer).click()
    await expect(desk.composer).to_be_visible()

    await shop.waiting("第二位")
    await offer(desk).get_by_role("button", name="接受").click()

    await expect(desk.thread).to_contain_text("第二位")
    wide = await desk.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= NARROW["width"]


async def test_a_whisper_is_a_note_that_the_customer_does_not_see(screens, shop, floor):
    agent, supervisor = await shop.agent(), await shop.agent(Role.SUPERVISOR)
    customer = await shop.waiting("你好")
    await shop.take(customer, agent)
    desk = await screens.desk(agent)
    await desk.row(customer).click()
    talk = await floor.conversation(customer)

    path = f"/api/conversations/{talk['id']}/whisper"
    await floor.ask("POST", path, by=supervisor, text="先安抚客户")

    await expect(desk.message("先安抚客户")).to_be_visible()
    await expect(desk.thread).to_contain_text("主管便签")
    assert await customer.reads() == []


async def test_blind_agents_see_how_long_and_how_important_and_take_whoever_it_is(
    screens, shop, floor
):
    await floor.plan(blind=True)
    customer = await shop.waiting("银行卡号发给你")
    await floor.level(customer, "VIP1")
    desk = await screens.desk(await shop.agent())
    row = desk.list.get_by_role("link").filter(has_text="接入后才看得到")

    await expect(row).to_contain_text("客户")
    await expect(row).to_contain_text("VIP1")
    await row.click()
    await expect(desk.page.get_by_role("main")).to_contain_text("一位 VIP1 客户")
    for secret in ("银行卡号", customer.shown, customer.openid):
        assert secret not in await desk.page.content()

    await desk.page.get_by_role("main").get_by_role("button", name="接入").click()
    await expect(desk.thread).to_contain_text("银行卡号发给你")
    await expect(desk.row(customer)).to_be_visible()
    await desk.reply("已收到")
    await expect(desk.state("已收到", "已送达微信")).to_be_visible()


async def test_what_cannot_be_handed_over_is_told_and_nothing_is_lost(screens, shop, floor):
    agent, colleague = await shop.agent(), await shop.agent()
    customer = await shop.waiting("想退货")
    desk = await screens.desk(agent)
    await floor.ask("PUT", f"/api/seats/{colleague.id}/limit", limit=0, reason="培训")
    await floor.here(colleague)
    await go_online(desk)
    await expect(mine(desk)).to_contain_text("1")

    await choose(desk, "离线")
    sheet = desk.page.get_by_role("dialog", name="离线前交接")
    where = sheet.get_by_label(f"{customer.shown} 交给谁")
    option = where.locator("option").filter(has_text=colleague.name)
    await where.select_option(await option.get_attribute("value"))
    await sheet.get_by_label("附言").fill("请跟进")
    await sheet.get_by_role("button", name="转出 1 个并离线").click()

    await expect(sheet.get_by_role("alert")).to_contain_text("对方现在不接新会话")
    await expect(mine(desk)).to_contain_text("1")
    await sheet.get_by_role("button", name="其余留着，离线").click()
    await expect(sheet).to_have_count(0)
    await expect(status(desk)).to_have_accessible_name(re.compile("离线"))


async def test_how_long_a_colleague_has_is_told_as_the_plan_says(screens, shop, floor):
    await floor.plan(accept_seconds=25)
    colleague = await shop.agent()
    customer = await shop.waiting("想换货")
    desk = await screens.desk(await shop.agent())
    await desk.take(customer)
    await floor.here(colleague)

    await desk.page.get_by_role("button", name="转接").click()
    dialog = desk.page.get_by_role("dialog", name="转接")
    await dialog.get_by_role("radio", name=colleague.name).check()
    await dialog.get_by_label("附言").fill("请跟进")
    await expect(dialog).to_contain_text("有 25 秒接受")
