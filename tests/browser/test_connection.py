"""Many tabs on one connection, and a desk that dies and comes back."""

import asyncio

from playwright.async_api import expect

from browser.screens import NARROW
from journeys.processes import until

LINE_BROKEN = [
    *("REFUSED", "INCOMPLETE_CHUNKED", "CONNECTION_RESET", "INTERNET_DISCONNECTED"),
    "SOCKET_NOT_CONNECTED",
]


async def test_eight_tabs_share_one_connection_and_outlive_their_leader(screens, shop):
    customer = await shop.waiting("你好")
    leader = await screens.desk(await shop.agent())
    await leader.take(customer)
    others = [await leader.tab() for _ in range(7)]
    for tab in others:
        await expect(tab.bubbles).to_have_text(["你好"])
    await customer.writes("第一句")
    for tab in (leader, *others):
        await expect(tab.bubbles).to_have_text(["你好", "第一句"])
    await until(lambda: has_streams(shop, 1))

    await asyncio.gather(leader.page.close(), customer.writes("第二句"))
    await customer.writes("第三句")

    for tab in others:
        await expect(tab.bubbles).to_have_text(["你好", "第一句", "第二句", "第三句"])
    await until(lambda: has_streams(shop, 1))


async def has_streams(shop, count):
    return await shop.streams() == count


async def test_a_desk_that_died_is_caught_up_with_nothing_missing_or_doubled(screens, shop):
    customer = await shop.waiting("你好")
    desk = await screens.desk(await shop.agent())
    await desk.page.clock.install()
    await desk.page.reload()
    await desk.take(customer)
    await desk.reply("在的")
    await expect(desk.state("在的", "已送达微信")).to_be_visible()
    await desk.page.evaluate("window.neverReloaded = true")
    screens.expect(*LINE_BROKEN)
    await shop.faults(push_tries=10, push_spacing_s=2)

    async with shop.desk_dead():
        meanwhile = asyncio.create_task(customer.writes("还在吗"))
        await expect(desk.connection).to_have_text("正在重新连接…")
        await desk.page.clock.fast_forward(20_000)
        await expect(desk.connection).to_contain_text("已离线")
        await desk.reply("先排着队")
        await expect(desk.message("先排着队")).to_contain_text("等待网络")
        await desk.composer.fill("写了一半")
        await expect(
            desk.page.get_by_text("已离线：文字会排队，恢复后按顺序发送。")
        ).to_be_visible()
    await desk.page.clock.fast_forward(15_000)

    await expect(desk.connection).to_be_hidden()
    await meanwhile
    await expect(desk.state("先排着队", "已送达微信")).to_be_visible()
    await expect(desk.bubbles).to_have_count(4)  # the last two stand as they arrived
    assert set(await desk.bubbles.all_inner_texts()) == {"你好", "在的", "还在吗", "先排着队"}
    await expect(desk.composer).to_have_value("写了一半")
    await desk.composer.press("Enter")
    await expect(desk.state("写了一半", "已送达微信")).to_be_visible()
    assert await desk.page.evaluate("window.neverReloaded")
    assert "刷新" not in await desk.page.inner_text("body")
    assert await customer.reads() == ["在的", "先排着队", "写了一半"]


async def test_a_phone_without_a_network_says_so_in_the_chat_and_comes_back(screens, shop):
    customer = await shop.waiting("你好")
    desk = await screens.desk(await shop.agent(), viewport=NARROW)
    await desk.take(customer)
    screens.expect(*LINE_BROKEN)

    await desk.page.context.set_offline(True)
    await expect(desk.connection).to_contain_text("已离线")
    await customer.writes("还在吗")
    await desk.page.context.set_offline(False)

    await expect(desk.bubbles).to_have_text(["你好", "还在吗"])
    await expect(desk.connection).to_be_hidden()


async def test_a_part_of_the_page_that_did_not_arrive_is_fetched_again(screens, shop):
    customer = await shop.waiting("你好")
    await customer.does(type="scan", scene="warranty-card")
    desk = await screens.desk(await shop.agent())
    await desk.page.clock.install()
    await desk.page.reload()
    screens.expect("ERR_FAILED")
    lost = []

    async def lose(route):
        kind = route.request.url.rpartition(".")[2]
        if lost.count(kind) < 2:
            lost.append(kind)
            await route.abort()
        else:
            await route.continue_()

    await desk.page.route("**/assets/JourneyStrip-*", lose)
    await desk.take(customer)
    for count, wait in ((2, 1_000), (3, 2_000), (4, 4_000)):
        await until(lambda count=count: are_so_many(lost, count))
        await desk.page.clock.fast_forward(wait)

    await expect(desk.page.get_by_role("navigation", name="客户动态")).to_be_visible()


async def are_so_many(things, count):
    return len(things) >= count
