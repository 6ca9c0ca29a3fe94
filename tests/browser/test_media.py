"""Pictures, voices, cards and events: seen, sent, and told in words when they cannot be."""

import base64
from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, expect

import strange_files as strange
from browser.screens import Screens
from browser.tray import PASTE, file, kinds_read, noise, pick, picture, served, tray
from chromium import DEVICES, chromium_running


async def test_a_picture_of_a_customer_is_seen_and_looked_at_closely(screens, shop):
    desk, customer = await served(screens, shop)
    for height in (480, 320):
        await customer.does(type="image", file=base64.b64encode(picture(640, height)).decode())

    seen = desk.thread.get_by_role("button", name="查看图片")
    await expect(seen).to_have_count(2)
    await expect(seen.first.locator("img")).to_have_js_property("complete", True)
    await expect(desk.row(customer)).to_contain_text("[图片]")

    await seen.first.click()
    viewer = desk.page.get_by_role("dialog", name="图片查看")
    large = viewer.get_by_role("img", name="图片")
    await expect(large).to_have_js_property("naturalHeight", 480)
    await desk.page.keyboard.press("r")
    await expect(large).to_have_attribute(
        "style", "transform: translate(0px, 0px) rotate(90deg) scale(1);"
    )
    await desk.page.keyboard.press("ArrowRight")
    await expect(large).to_have_js_property("naturalHeight", 320)
    await desk.page.keyboard.press("Escape")

    await expect(viewer).to_be_hidden()
    await expect(desk.composer).to_be_visible()


async def test_a_picture_is_copied_and_the_viewer_says_so(screens, shop):
    desk, customer = await served(screens, shop)
    await desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await customer.does(type="image", file=base64.b64encode(picture()).decode())
    await desk.thread.get_by_role("button", name="查看图片").click()
    viewer = desk.page.get_by_role("dialog", name="图片查看")

    await viewer.get_by_role("button", name="复制图片").click()

    await expect(viewer.get_by_text("图片已复制")).to_be_visible()
    kinds = "async () => (await navigator.clipboard.read()).flatMap(item => item.types)"
    assert await desk.page.evaluate(kinds) == ["image/png"]


async def test_what_no_page_may_show_can_be_saved(screens, shop):
    desk, customer = await served(screens, shop)
    sent = base64.b64encode(strange.page_in_a_gif()).decode()
    await customer.does(type="image", file=sent)
    await expect(desk.thread).to_contain_text("这个文件不能在这里显示")

    async with desk.page.expect_download() as saving:
        await desk.thread.get_by_role("link", name="下载").click()

    assert (await (await saving.value).path()).read_bytes() == strange.page_in_a_gif()


async def test_a_voice_plays_and_is_heard_from_then_on(screens, shop):
    desk, customer = await served(screens, shop)
    await customer.does(type="voice", seconds=3)
    unheard = desk.thread.get_by_role("img", name="未听")
    await expect(unheard).to_be_visible()

    await desk.thread.get_by_role("button", name="播放语音").click()

    await expect(desk.thread.get_by_role("button", name="暂停")).to_be_visible()
    await expect(unheard).to_be_hidden()
    await expect(desk.row(customer)).to_contain_text("[语音")


async def test_what_happened_to_a_customer_is_told_and_leads_the_way(screens, shop):
    desk, customer = await served(screens, shop)
    await customer.does(type="location", latitude=30.27, longitude=120.15, label="文三路 90 号")
    await customer.does(type="link", title="安装教程", description="", url="https://example.com/x")
    await customer.does(type="complain", reason="商品有质量问题", solution="换货")

    await expect(desk.thread.get_by_role("link", name="打开地图").first).to_be_visible()
    await expect(desk.thread).to_contain_text("安装教程")
    complaint = desk.thread.get_by_role("region", name="提交了维权")
    await expect(complaint).to_contain_text("商品有质量问题")
    strip = desk.page.get_by_role("navigation", name="客户动态")
    await expect(strip).to_contain_text("维权")

    await strip.get_by_role("button", name="全部动态").click()

    await desk.page.get_by_role("tooltip").get_by_role("button", name="提交了维权").click()
    await expect(complaint).to_be_in_viewport()


async def test_pictures_and_words_arrive_in_the_order_they_were_sent(screens, shop):
    desk, customer = await served(screens, shop)
    await desk.reply("稍等，我拍给您")
    await pick(desk, file("一.png", picture()), file("二.png", picture(320, 320)))
    await expect(tray(desk)).to_have_count(2)

    await desk.reply("您看")

    assert await kinds_read(customer, 4) == ["text", "image", "image", "text"]
    await expect(tray(desk)).to_have_count(0)
    await expect(desk.thread.get_by_role("button", name="查看图片")).to_have_count(2)


async def test_a_picture_too_large_for_wechat_is_offered_smaller(screens, shop):
    desk, customer = await served(screens, shop)

    await pick(desk, file("大图.png", noise(2100, 1700)))
    offer = tray(desk).get_by_role("button", name="缩小后发送")
    await expect(offer).to_be_visible()
    send = desk.page.get_by_role("button", name="发送", exact=True)
    await expect(send).to_be_disabled()
    await offer.click()
    await send.click()

    assert await kinds_read(customer, 1) == ["image"]


async def test_a_picture_of_another_type_is_sent_without_asking(screens, shop):
    desk, customer = await served(screens, shop)

    await pick(desk, file("截图.webp", strange.picture(kind="WEBP"), "image/webp"))
    await expect(desk.send).to_be_enabled()
    await desk.send.click()

    assert await kinds_read(customer, 1) == ["image"]


async def test_a_voice_that_is_too_long_is_refused_before_it_travels(screens, shop):
    desk, _ = await served(screens, shop)
    asked = []
    desk.page.on("request", lambda request: asked.append((request.method, request.url)))

    await pick(desk, file("留言.mp3", strange.mp3(75), "audio/mpeg"))

    await expect(tray(desk)).to_contain_text("超过 60 秒")
    assert [url for method, url in asked if method == "POST" and "/api/media" in url] == []


async def test_a_document_is_refused_in_words_and_what_was_pasted_is_kept(screens, shop):
    desk, _ = await served(screens, shop)
    await pick(desk, file("合同.pdf", b"%PDF-1.7", "application/pdf"))
    await expect(tray(desk)).to_contain_text("只能发图片、语音和视频")
    await desk.page.get_by_role("button", name="移除 合同.pdf").click()

    await desk.composer.evaluate(PASTE, base64.b64encode(picture()).decode())

    await expect(tray(desk)).to_contain_text("image.png")
    await expect(desk.send).to_be_enabled()


async def test_files_wait_in_their_conversation_while_another_is_open(screens, shop):
    desk, customer = await served(screens, shop)
    other = await shop.waiting("还有人吗")
    await pick(desk, file("一.png", picture()))
    await expect(tray(desk)).to_have_count(1)

    await desk.row(other).click()
    await expect(desk.thread).to_contain_text("还有人吗")
    await expect(tray(desk)).to_have_count(0)
    await desk.row(customer).click()

    await expect(tray(desk)).to_contain_text("一.png")


async def test_a_menu_is_written_and_the_line_that_was_tapped_says_so(screens, shop):
    desk, customer = await served(screens, shop)
    await desk.page.get_by_role("button", name="更多消息类型").click()
    await desk.page.get_by_role("button", name="菜单消息").click()
    form = desk.page.get_by_role("dialog", name="菜单消息")
    await form.get_by_role("button", name="发送").click()
    await expect(form).to_contain_text("至少一行")

    await form.get_by_label("开头一句").fill("您想了解什么？")
    await form.get_by_role("textbox", name="第 1 行").fill("物流进度")
    await form.get_by_role("button", name="发送").click()

    await kinds_read(customer, 1)
    await expect(desk.thread).to_contain_text("您想了解什么？")
    await customer.does(type="msgmenu_click", id="1", content="物流进度")
    await expect(desk.message("物流进度").last).to_contain_text("菜单")


async def test_a_voice_recorded_in_the_page_arrives(shop, microphone):
    desk, customer = await served(microphone, shop)
    await desk.page.get_by_role("button", name="录一段语音").click()
    await expect(desk.page.get_by_role("timer")).to_contain_text("0:01")
    await desk.page.get_by_role("button", name="完成").click()
    await expect(tray(desk).get_by_role("button", name="播放语音")).to_be_visible()

    await desk.send.click()

    assert await kinds_read(customer, 1) == ["voice"]


async def test_a_customer_on_the_blacklist_is_marked_with_the_reason(screens, shop):
    desk, _ = await served(screens, shop)
    await desk.page.get_by_role("button", name="加入黑名单").click()
    asked = desk.page.get_by_role("dialog")
    await asked.get_by_label("原因").fill("反复骚扰")
    await asked.get_by_role("button", name="加入黑名单").click()

    details = desk.page.get_by_role("complementary", name="客户资料")
    await expect(details).to_contain_text("已拉黑")
    await expect(details).to_contain_text("反复骚扰")


@pytest_asyncio.fixture(loop_scope="session")
async def microphone(chromium: Browser, shop) -> AsyncIterator[Screens]:
    """A browser that hears a beep each second, and may."""
    async with chromium_running(*DEVICES) as browser:
        screens = Screens(browser, shop.desk.url, shop.sim.url)
        yield screens
        await screens.close()
        assert screens.complaints() == []
