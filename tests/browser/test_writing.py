"""The reply box: input methods, double clicks, and what becomes of a reply."""

from playwright.async_api import expect


async def served(screens, shop, *lines):
    customer = await shop.waiting(*lines or ["你好"])
    desk = await screens.desk(await shop.agent())
    await desk.take(customer)
    return desk, customer


async def test_enter_that_confirms_a_candidate_never_sends(screens, shop):
    desk, customer = await served(screens, shop)
    await desk.composer.click()
    keys = await desk.page.context.new_cdp_session(desk.page)
    enter = {"key": "Enter", "code": "Enter", "type": "rawKeyDown"}

    for typed in ("n", "ni", "ni hao"):
        wish = {"text": typed, "selectionStart": len(typed), "selectionEnd": len(typed)}
        await keys.send("Input.imeSetComposition", wish)
    await keys.send("Input.dispatchKeyEvent", enter | {"windowsVirtualKeyCode": 13})
    await expect(desk.composer).to_have_value("ni hao")
    await keys.send("Input.insertText", {"text": "您好"})
    # Safari reports the Enter when the composition is over already; only its key code tells.
    await keys.send("Input.dispatchKeyEvent", enter | {"windowsVirtualKeyCode": 229})
    await expect(desk.composer).to_have_value("您好")
    await desk.page.keyboard.press("Shift+Enter")
    await desk.page.keyboard.type("在的")
    await expect(desk.composer).to_have_value("您好\n在的")
    await expect(desk.bubbles).to_have_text(["你好"])

    await desk.page.keyboard.press("Enter")

    await expect(desk.state("在的", "已送达微信")).to_be_visible()
    assert await customer.reads() == ["您好\n在的"]


async def test_enter_that_confirms_a_candidate_keeps_no_note_and_runs_no_command(screens, shop):
    desk, customer = await served(screens, shop)
    keys = await desk.page.context.new_cdp_session(desk.page)
    enter = {"key": "Enter", "code": "Enter", "type": "rawKeyDown"}
    note = desk.page.get_by_role("textbox", name="便签")
    command = desk.page.get_by_role("combobox", name="搜索客户或动作")

    for shortcut, field in (("Alt+P", note), ("Control+K", command)):
        await desk.page.keyboard.press(shortcut)
        await expect(field).to_be_focused()
        wish = {"text": "jie shu", "selectionStart": 7, "selectionEnd": 7}
        await keys.send("Input.imeSetComposition", wish)
        await keys.send("Input.dispatchKeyEvent", enter | {"windowsVirtualKeyCode": 13})
        await expect(field).to_have_value("jie shu")
        await keys.send("Input.insertText", {"text": "结束"})
        await keys.send("Input.dispatchKeyEvent", enter | {"windowsVirtualKeyCode": 229})
        await expect(field).to_have_value("结束")

    await expect(desk.page.get_by_role("dialog")).to_have_count(1)
    await desk.page.keyboard.press("Escape")
    await expect(desk.bubbles).to_have_text(["你好"])
    assert await customer.reads() == []


async def test_a_double_click_on_send_sends_once(screens, shop):
    desk, customer = await served(screens, shop)
    await desk.composer.fill("稍等")

    await desk.send.dblclick()

    await expect(desk.state("稍等", "已送达微信")).to_be_visible()
    await desk.reply("好了")
    await expect(desk.state("好了", "已送达微信")).to_be_visible()
    assert await customer.reads() == ["稍等", "好了"]


async def test_a_reply_that_wechat_refuses_is_parked_and_says_why_in_words(screens, shop):
    desk, customer = await served(screens, shop)
    for number in range(1, 6):
        await desk.reply(f"第{number}句")
        await expect(desk.state(f"第{number}句", "已送达微信")).to_be_visible()

    await desk.reply("还有一句")

    await expect(desk.parked).to_contain_text("微信没有收：这一轮的回复条数已用完，等客户再发言")
    await expect(desk.message("还有一句")).to_have_count(0)
    await customer.writes("请讲")
    await desk.parked.get_by_role("button", name="发送", exact=True).click()
    await expect(desk.state("还有一句", "已送达微信")).to_be_visible()
    assert len(await customer.reads()) == 6


async def test_a_reply_that_may_have_arrived_is_resent_only_after_asking(screens, shop):
    desk, customer = await served(screens, shop)
    await shop.faults(lose_answer=1)

    await desk.reply("马上查")

    lost = desk.message("马上查")
    await expect(lost).to_contain_text("可能已送达")
    await expect(desk.row(customer)).to_contain_text("可能已送达")
    await lost.get_by_role("button", name="重发").click()
    asking = desk.page.get_by_role("dialog", name="仍要重发？")
    await asking.get_by_role("button", name="取消").click()
    await expect(asking).to_be_hidden()
    assert await customer.reads() == ["马上查"]
    await lost.get_by_role("button", name="重发").click()
    await asking.get_by_role("button", name="重发").click()
    await expect(desk.state("马上查", "已送达微信")).to_be_visible()
    assert await customer.reads() == ["马上查", "马上查"]
