"""From the customer's phone to the agent's screen and back, in two browsers."""

import asyncio
import time

from playwright.async_api import expect


async def test_what_a_customer_writes_is_answered_and_the_answer_is_on_the_phone(
    screens, shop, record_property
):
    customer = await shop.customer()
    desk, phone = await screens.desk(await shop.agent()), await screens.phone(customer)
    said = phone.get_by_label("消息", exact=True)

    await said.fill("你好，我的订单还没发货")
    sent = time.monotonic()
    await said.press("Enter")
    await expect(desk.row(customer)).to_contain_text("我的订单还没发货")
    record_property("seen_by_the_agent_after_ms", (time.monotonic() - sent) * 1000)
    await desk.page.keyboard.press("Alt+Enter")
    await expect(desk.composer).to_be_focused()
    await desk.page.keyboard.type("您好，正在为您查询。")
    await desk.page.keyboard.press("Enter")

    await expect(desk.state("正在为您查询", "已送达微信")).to_be_visible()
    await expect(phone.locator(".line:not(.me) .bubble")).to_have_text("您好，正在为您查询。")
    await said.fill("好的，谢谢")
    await said.press("Enter")
    await expect(desk.bubbles.last).to_have_text("好的，谢谢")


async def test_what_is_unread_is_counted_on_the_row_and_in_the_title_until_it_is_seen(
    screens, shop
):
    customer = await shop.waiting("你好")
    desk = await screens.desk(await shop.agent())
    await desk.take(customer)
    await desk.page.goto("/conversations")
    await expect(desk.page).to_have_title("接待 · wxdesk")

    await customer.writes("在吗")
    await customer.writes("急")

    await expect(desk.page).to_have_title("(2) 接待 · wxdesk")
    await expect(desk.row(customer).get_by_label("2 条未读")).to_be_visible()
    await desk.row(customer).click()
    await expect(desk.page).to_have_title("接待 · wxdesk")


async def test_of_two_who_take_one_wins_and_the_other_is_told_who(screens, shop):
    customer = await shop.waiting("有人吗")
    winner, loser = await shop.agent(), await shop.agent()
    first, second = await screens.desk(winner), await screens.desk(loser)
    screens.expect("409")
    first_has_it = asyncio.Event()

    async def come_late(route):
        await first_has_it.wait()
        await route.continue_()

    await second.page.route("**/take", come_late)
    await second.row(customer).click()
    await second.page.get_by_role("main").get_by_role("button", name="接入").click()
    await first.take(customer)
    first_has_it.set()

    await expect(second.toast).to_have_text(f"已由 {winner.name} 接入。")
    await expect(second.page.get_by_role("main")).to_contain_text(f"{winner.name} 正在接待")
    await expect(second.composer).to_have_count(0)


async def test_a_remark_made_on_one_screen_is_on_the_other(screens, shop):
    customer = await shop.waiting("你好")
    desk, other = await screens.desk(await shop.agent()), await screens.desk(await shop.agent())
    await desk.row(customer).click()

    await desk.remark.fill("林小满 老客户")
    await desk.remark.press("Enter")

    await expect(other.list.get_by_role("link").first).to_contain_text("林小满 老客户")
    await desk.toast.get_by_role("button", name="撤销").click()
    await expect(other.row(customer)).to_be_visible()
