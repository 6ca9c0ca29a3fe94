"""What WeChat still takes: shown, spent wisely, and what is parked when it takes nothing."""

import pytest_asyncio
from playwright.async_api import expect

from browser.shop import shop_open
from journeys.processes import until

HELD = 2  # seconds


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shop(chromium, tmp_path_factory):
    """A desk that knows the rules of 2023, as WeChat does here."""
    async with shop_open(tmp_path_factory.mktemp("counted"), policy="2023") as counted:
        yield counted


async def served(screens, shop, *, undo_seconds=0):
    customer = await shop.waiting("你好")
    desk = await screens.desk(await shop.agent(undo_seconds=undo_seconds))
    await desk.take(customer)
    return desk, customer


async def use_up(desk, sends):
    for number in range(1, sends + 1):
        await desk.reply(f"第{number}句")
        await expect(desk.state(f"第{number}句", "已送达微信")).to_be_visible()


async def test_the_clock_and_the_sends_left_are_on_the_row_and_in_the_header(screens, shop):
    desk, customer = await served(screens, shop)
    mark = desk.row(customer).get_by_role("img", name="还可发")
    await expect(mark).to_have_accessible_name("还可发 5 条，窗口剩 47小时")
    await expect(desk.allowance).to_have_accessible_name(
        f"{customer.shown}的发送额度：还可发 5 条，窗口剩 47小时"
    )
    await expect(desk.meter).to_have_text("剩 5 条")

    await use_up(desk, 2)

    await expect(mark).to_have_accessible_name("还可发 3 条，窗口剩 47小时")
    await expect(desk.meter).to_have_text("剩 3 条")


async def test_the_ledger_tells_what_opened_and_what_spent_and_leads_to_it(screens, shop):
    desk, _ = await served(screens, shop)
    await use_up(desk, 1)

    await desk.allowance.focus()
    await desk.page.keyboard.press("Enter")
    ledger = desk.page.get_by_role("dialog", name="的发送额度")
    await expect(ledger).to_contain_text("还可发 4 条")
    await expect(ledger.get_by_role("listitem").first).to_contain_text("剩 4 / 5")
    entries = ledger.get_by_role("list").last.get_by_role("listitem")
    await expect(entries).to_contain_text(["发出 第1句", "客户发来消息"])
    await entries.first.get_by_role("button").click()

    await expect(ledger).to_be_hidden()
    await expect(desk.message("第1句")).to_be_in_viewport()


async def test_what_is_spent_is_parked_and_leaves_with_one_tap_when_the_customer_is_back(
    screens, shop
):
    desk, customer = await served(screens, shop)
    screens.expect("status of 409")  # the desk asks about the last one
    await use_up(desk, 4)
    await desk.reply("第5句")
    await desk.page.get_by_role("dialog").get_by_role("button", name="发送").click()
    await expect(desk.state("第5句", "已送达微信")).to_be_visible()

    await expect(desk.row(customer)).to_contain_text("已用完")
    await expect(desk.page.get_by_text("这一轮的条数已用完：")).to_be_visible()
    await desk.composer.fill("查到了")
    await desk.page.get_by_role("button", name="停留", exact=True).click()
    await desk.reply("明天送到")
    await expect(desk.parked.get_by_role("listitem")).to_contain_text(["查到了", "明天送到"])
    await desk.parked.get_by_role("button", name="上移").last.click()
    await expect(desk.parked.get_by_role("listitem")).to_contain_text(["明天送到", "查到了"])
    assert len(await customer.reads()) == 5

    await customer.writes("好了吗")
    await expect(desk.parked).to_contain_text("客户回来了：发送停留内容？")
    await desk.parked.get_by_role("button", name="发送", exact=True).click()

    await expect(desk.state("查到了", "已送达微信")).to_be_visible()
    await expect(desk.parked).to_be_hidden()
    assert (await customer.reads())[5:] == ["明天送到", "查到了"]
    await expect(desk.meter).to_have_text("剩 3 条")
    await desk.allowance.click()
    ledger = desk.page.get_by_role("dialog", name="的发送额度")
    await expect(ledger).to_contain_text("还可发 3 条")
    theirs = await shop.sim_get(f"/sim/followers/{customer.openid}/allowance")
    assert theirs["sends_left"] == 3


async def test_undo_puts_the_words_back_and_the_phone_never_shows_them(screens, shop):
    desk, customer = await served(screens, shop, undo_seconds=HELD)
    await desk.reply("发错了")
    await desk.composer.fill("还在写")
    await desk.message("发错了").get_by_role("button", name="撤回").click()

    await expect(desk.composer).to_have_value("发错了\n还在写")
    await expect(desk.message("发错了")).to_have_count(0)
    await desk.composer.fill("")
    await desk.reply("再错一次")
    await expect(desk.message("再错一次").get_by_role("button", name="撤回")).to_be_visible()
    await desk.page.keyboard.press("Alt+z")
    await expect(desk.composer).to_have_value("再错一次")

    await desk.composer.fill("这回对了")
    await desk.composer.press("Enter")
    await expect(desk.state("这回对了", "已送达微信")).to_be_visible()
    assert await customer.reads() == ["这回对了"]


async def test_lines_in_quick_succession_arrive_as_one_message(screens, shop):
    desk, customer = await served(screens, shop, undo_seconds=HELD)
    for line in ("您好", "请问订单号", "是多少"):
        await desk.reply(line)

    await expect(desk.thread).to_contain_text("3 行 → 1 条")
    await expect(desk.state("是多少", "已送达微信")).to_be_visible()
    assert await customer.reads() == ["您好\n请问订单号\n是多少"]
    await expect(desk.meter).to_have_text("剩 4 条")


async def test_the_last_one_is_asked_about_and_can_end_the_conversation(screens, shop):
    desk, customer = await served(screens, shop)
    screens.expect("status of 409")  # the desk asks
    await use_up(desk, 4)

    await desk.reply("还有一句")
    asking = desk.page.get_by_role("dialog", name="这是本窗口最后一条")
    await expect(asking.get_by_role("button", name="发送")).to_be_focused()
    await desk.page.keyboard.press("Escape")
    await expect(asking).to_be_hidden()
    await expect(desk.composer).to_have_value("还有一句")
    assert len(await customer.reads()) == 4

    await desk.composer.press("Enter")
    await asking.get_by_role("button", name="改为结束语").click()

    await expect(desk.page.get_by_text("会话已结束，不能再回复。")).to_be_visible()
    assert (await customer.reads())[4:] == ["还有一句"]


async def test_a_long_text_tells_its_cost_before_and_costs_that(screens, shop):
    desk, customer = await served(screens, shop)

    await desk.composer.fill("今天下午三点以前付款的订单当天发出。" * 50)
    await expect(desk.page.get_by_text("这次要分 2 条发出，还剩 5 条。")).to_be_visible()
    await desk.send.click()

    await until(lambda: _arrived(customer, 2))
    await expect(desk.meter).to_have_text("剩 3 条")


async def _arrived(customer, count):
    return len(await customer.reads()) == count


async def test_one_send_left_is_a_view_of_its_own(screens, shop):
    desk, customer = await served(screens, shop)
    await use_up(desk, 4)

    await desk.list.get_by_role("button", name="只剩一条").click()

    await expect(desk.row(customer)).to_be_visible()
    await customer.writes("还在吗")
    await desk.composer.hover()  # nothing moves under the pointer
    await expect(desk.row(customer)).to_have_count(0)
    await desk.page.get_by_role("button", name="回到全部会话").first.click()
    await expect(desk.row(customer)).to_be_visible()


async def test_what_other_senders_used_up_is_corrected_by_wechat_and_told(screens, shop):
    desk, customer = await served(screens, shop)
    await shop.faults(
        fail_next=[{"path": "/cgi-bin/message/custom/send", "errcode": 45047, "times": 1}]
    )

    await desk.reply("查到了")

    await expect(desk.parked).to_contain_text("微信没有收")
    await desk.allowance.click()
    ledger = desk.page.get_by_role("dialog", name="的发送额度")
    await expect(ledger).to_contain_text("微信纠正：条数已用完（45047）")
    assert await customer.reads() == []
