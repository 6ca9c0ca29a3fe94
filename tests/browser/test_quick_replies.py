"""Quick replies: kept, found by pinyin after a slash, filled in, at hand by Alt and a digit."""

from playwright.async_api import expect


async def keep(page, title, text, folder=""):
    await page.get_by_role("button", name="新建快捷回复").first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("标题").fill(title)
    await dialog.get_by_label("放在哪里").fill(folder)
    await dialog.get_by_label("内容").fill(text)
    await dialog.get_by_role("button", name="保存").click()
    await expect(dialog).to_be_hidden()


async def open_quick(page):
    await page.get_by_role("tab", name="快捷回复").click()


async def test_a_quick_reply_is_kept_found_by_pinyin_filled_in_and_sent(screens, shop):
    customer = await shop.waiting("可以退吗")
    desk = await screens.desk(await shop.agent())
    await desk.take(customer)
    await open_quick(desk.page)
    await keep(desk.page, "退款进度", "{称呼}，订单 {订单号} 已退款。", "售后/退款")
    await keep(desk.page, "问好", "您好！")
    quick = desk.page.get_by_role("region", name="快捷回复")
    await expect(quick).to_contain_text("售后")

    await desk.composer.fill("/tkjd")
    await expect(desk.page.get_by_role("option")).to_have_count(1)
    await desk.composer.press("Enter")
    await expect(desk.composer).to_have_value("您，订单 {订单号} 已退款。")
    await expect(desk.page.get_by_role("status").filter(has_text="{订单号} 没填")).to_be_visible()
    await desk.composer.press("Enter")
    await expect(desk.bubbles.filter(has_text="已退款")).to_have_count(0)
    await desk.page.keyboard.type("A1024")  # what is to be filled in was chosen
    await expect(desk.composer).to_have_value("您，订单 A1024 已退款。")
    await desk.composer.press("Enter")

    await expect(desk.message("订单 A1024 已退款")).to_be_visible()
    await expect(desk.composer).to_have_value("")


async def test_the_slash_menu_is_walked_by_keys_and_closed_by_escape(screens, shop):
    customer = await shop.waiting("在吗")
    desk = await screens.desk(await shop.agent())
    await desk.take(customer)
    await open_quick(desk.page)
    await keep(desk.page, "发货一", "今天发货。")
    await keep(desk.page, "发货二", "明天发货。")
    menu = desk.page.get_by_role("listbox", name="快捷回复")

    await desk.composer.fill("/fh")
    await expect(menu.get_by_role("option")).to_have_count(2)
    await desk.composer.press("Escape")
    await expect(menu).to_be_hidden()
    await expect(desk.composer).to_have_value("/fh")
    await desk.composer.press("Backspace")
    await expect(menu).to_be_visible()
    await desk.composer.press("ArrowDown")
    second = await menu.get_by_role("option", selected=True).inner_text()
    await desk.composer.press("Control+Enter")

    await expect(desk.message("明天发货。" if "二" in second else "今天发货。")).to_be_visible()


async def test_alt_and_a_digit_write_what_is_kept_there(screens, shop):
    customer = await shop.waiting("你好")
    desk = await screens.desk(await shop.agent())
    await desk.take(customer)
    await open_quick(desk.page)
    await keep(desk.page, "问好", "您好，请讲。")
    await desk.page.get_by_role("button", name="问好").click()
    await expect(desk.composer).to_have_value("您好，请讲。")
    await desk.page.get_by_label("插入用的键").select_option("Alt+3")
    await desk.composer.fill("")

    await desk.composer.press("Alt+3")
    await expect(desk.composer).to_have_value("您好，请讲。")
    await desk.page.reload()
    await desk.composer.fill("")
    await desk.composer.press("Alt+3")

    await expect(desk.composer).to_have_value("您好，请讲。")
