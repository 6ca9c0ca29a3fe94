"""What can be done with a message, by mouse, by keyboard, by a finger; and calling colleagues."""

import re

from playwright.async_api import Locator, expect

from browser.floor import open_floor
from browser.screens import NARROW, DeskScreen
from browser.test_notes import bell, note_box, panel
from browser.test_phone import hold, phone
from wxdesk.desk.agents import Role

SEND = "/cgi-bin/message/custom/send"


async def served(screens, shop, *lines: str, role: Role = Role.AGENT):
    """A customer's conversation, on the screen of whoever has it."""
    agent = await shop.agent(role)
    customer = await shop.waiting(*lines)
    await shop.take(customer, agent)
    desk = await screens.desk(agent)
    await desk.row(customer).click()
    await expect(desk.message(lines[-1])).to_be_visible()
    return desk, customer


def menu(desk: DeskScreen) -> Locator:
    return desk.page.get_by_role("menu", name="消息操作")


async def choose(desk: DeskScreen, text: str, action: str) -> None:
    """By the button beside a message."""
    message = desk.message(text).last
    await message.hover()
    await message.get_by_role("button", name="消息操作").click()
    await menu(desk).get_by_role("menuitem", name=action).click()
    await expect(menu(desk)).to_have_count(0)


async def test_a_message_is_copied_by_the_other_mouse_button(screens, shop):
    desk, _ = await served(screens, shop, "订单号 WG20261120")
    await desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    await desk.bubbles.first.click(button="right")
    await expect(menu(desk).get_by_role("menuitem")).to_have_text(
        ["复制", "引用", "转给同事", "存为快捷回复"]
    )
    await menu(desk).get_by_role("menuitem", name="复制").click()

    await expect(desk.toast).to_contain_text("已复制")
    assert await desk.page.evaluate("navigator.clipboard.readText()") == "订单号 WG20261120"


async def test_a_message_is_quoted_to_the_customer_and_a_note_never_is(screens, shop):
    desk, customer = await served(screens, shop, "订单还没到")
    await desk.composer.fill("马上查")
    await choose(desk, "订单还没到", "引用")

    await expect(desk.composer).to_be_focused()
    await expect(desk.composer).to_have_value("「订单还没到」\n马上查")
    await desk.page.keyboard.press("Enter")
    await expect(desk.state("马上查", "已送达微信")).to_be_visible()
    assert await customer.reads() == ["「订单还没到」\n马上查"]

    await desk.page.keyboard.press("Alt+P")
    await note_box(desk).fill("这位要小心")
    await note_box(desk).press("Enter")
    await desk.page.keyboard.press("Alt+P")
    await expect(desk.composer).to_be_focused()
    await choose(desk, "这位要小心", "引用")

    await expect(note_box(desk)).to_be_focused()
    await expect(note_box(desk)).to_have_value(f"「{desk.agent.name}：这位要小心」\n")
    assert len(await customer.reads()) == 1


async def test_a_message_goes_to_a_colleague_in_a_note_that_asks_for_whom(screens, shop):
    colleague = await shop.agent()
    desk, customer = await served(screens, shop, "发票抬头写错了")
    other = await screens.desk(colleague)
    await choose(desk, "发票抬头写错了", "转给同事")

    await expect(note_box(desk)).to_be_focused()
    await expect(note_box(desk)).to_have_value(f"「{customer.shown}：发票抬头写错了」\n@")
    await expect(desk.page.get_by_role("listbox", name="提到同事或技能组")).to_be_visible()
    await note_box(desk).press_sequentially(colleague.name)
    await expect(desk.page.get_by_role("option")).to_have_text([re.compile(colleague.name)])
    await note_box(desk).press("Enter")
    await note_box(desk).press_sequentially("麻烦看一下")
    await note_box(desk).press("Enter")

    await expect(desk.message("麻烦看一下").locator(".mention")).to_have_text(f"@{colleague.name}")
    await bell(other).click()
    await panel(other).get_by_role("button", name=re.compile("提到了你")).click()
    await expect(other.message("麻烦看一下")).to_be_visible()
    assert await customer.reads() == []


async def test_what_was_said_well_becomes_a_quick_reply(screens, shop):
    desk, _ = await served(screens, shop, "怎么退货")
    await desk.reply("七天内都可以退，运费我们出。")
    await expect(desk.state("七天内都可以退", "已送达微信")).to_be_visible()
    await choose(desk, "七天内都可以退", "存为快捷回复")

    dialog = desk.page.get_by_role("dialog", name="新建快捷回复")
    await expect(dialog.get_by_label("标题")).to_have_value("七天内都可以退")
    await expect(dialog.get_by_label("内容")).to_have_value("七天内都可以退，运费我们出。")
    await dialog.get_by_role("button", name="保存").click()
    await expect(dialog).to_be_hidden()
    await expect(desk.toast).to_contain_text("已存为快捷回复")

    await desk.composer.press_sequentially("/qtn")
    await desk.page.get_by_role("option", name=re.compile("七天内都可以退")).click()
    await expect(desk.composer).to_have_value("七天内都可以退，运费我们出。")


async def test_admins_look_at_the_original_push_and_the_customers_timeline_tells(screens, shop):
    desk, customer = await served(screens, shop, "1 < 2 & 3", role=Role.ADMIN)
    await choose(desk, "1 < 2 & 3", "查看推送原文")

    dialog = desk.page.get_by_role("dialog", name="推送原文")
    await expect(dialog.get_by_label("微信推送的内容")).to_contain_text(
        f"<FromUserName><![CDATA[{customer.openid}]]></FromUserName>"
    )
    await expect(dialog).to_contain_text("谁看过会记在客户动态里")
    await desk.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    talk = int(desk.page.url.rsplit("/", 1)[-1])
    shown = await shop.ask(desk.agent, "GET", f"/api/conversations/{talk}")
    await desk.page.goto(f"/customers/{shown['contact']['id']}")
    await expect(desk.page.get_by_role("main")).to_contain_text("查看推送原文")


async def test_a_line_of_what_happened_is_copied_and_admins_look_at_its_push(screens, shop):
    desk, customer = await served(screens, shop, "在吗", role=Role.ADMIN)
    await customer.does(type="scan", scene="counter-7")
    await desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    line = desk.thread.locator(".event").filter(has_text="counter-7")
    said = await line.locator("span").inner_text()

    await line.click(button="right")
    await expect(menu(desk).get_by_role("menuitem")).to_have_text(["复制", "查看推送原文"])
    await menu(desk).get_by_role("menuitem", name="复制").click()
    await expect(desk.toast).to_contain_text("已复制")
    assert await desk.page.evaluate("navigator.clipboard.readText()") == said

    await line.hover()
    await line.get_by_role("button", name="消息操作").click()
    await menu(desk).get_by_role("menuitem", name="查看推送原文").click()
    dialog = desk.page.get_by_role("dialog", name="推送原文")
    await expect(dialog.get_by_label("微信推送的内容")).to_contain_text("counter-7")


async def test_a_reply_that_was_refused_is_parked_until_the_customer_is_back(screens, shop):
    desk, customer = await served(screens, shop, "在吗")
    await shop.faults(fail_next=[{"path": SEND, "errcode": 45002, "times": 1}])
    await desk.reply("我查到了")
    await expect(desk.message("我查到了")).to_contain_text("发送失败")

    await choose(desk, "我查到了", "停留，等客户再来")

    await expect(desk.parked).to_contain_text("我查到了")
    await customer.writes("查到了吗")
    await desk.parked.get_by_role("button", name="发送", exact=True).click()
    await expect(desk.state("我查到了", "已送达微信")).to_be_visible()
    assert await customer.reads() == ["我查到了"]


async def test_messages_are_acted_on_by_keyboard_alone(screens, shop):
    desk, _ = await served(screens, shop, "第一句", "第二句", "第三句")
    last = desk.message("第三句").get_by_role("button", name="消息操作")

    await desk.thread.focus()
    for _ in range(3):
        await desk.page.keyboard.press("Tab")
        if await last.evaluate("each => each === document.activeElement"):
            break
    await expect(last).to_be_focused()
    await expect(last).to_have_css("opacity", "1")
    await desk.page.keyboard.press("ArrowUp")
    await desk.page.keyboard.press("ArrowUp")
    first = desk.message("第一句").get_by_role("button", name="消息操作")
    await expect(first).to_be_focused()
    await desk.page.keyboard.press("Enter")
    await expect(menu(desk).get_by_role("menuitem", name="复制")).to_be_focused()
    await desk.page.keyboard.press("Escape")
    await expect(first).to_be_focused()

    await desk.page.keyboard.press("Enter")
    await expect(menu(desk)).to_be_visible()
    await desk.page.keyboard.press("ArrowDown")
    await desk.page.keyboard.press("Enter")
    await expect(desk.composer).to_have_value("「第一句」\n")
    await expect(desk.composer).to_be_focused()


async def test_a_finger_quotes_and_forwards(screens, shop):
    await shop.agent()  # somebody to forward to
    agent, customer = await shop.agent(), await shop.waiting("尺码怎么选")
    await shop.take(customer, agent)
    desk = await phone(screens, agent)
    await desk.row(customer).click()
    await expect(desk.message("尺码怎么选")).to_be_visible()
    actions = desk.page.get_by_role("list", name="消息操作")

    await hold(desk.page, desk.bubbles.first)
    await expect(actions.get_by_role("button")).to_have_text(
        ["复制", "引用", "转给同事", "存为快捷回复"]
    )
    await actions.get_by_role("button", name="引用").click()
    await expect(desk.composer).to_have_value("「尺码怎么选」\n")
    await expect(desk.page.locator(".el-drawer:visible")).to_have_count(0)
    await expect(desk.composer).to_be_focused()

    await hold(desk.page, desk.bubbles.first)
    await actions.get_by_role("button", name="转给同事").click()
    await expect(note_box(desk)).to_be_focused()
    await expect(desk.page.get_by_role("listbox", name="提到同事或技能组")).to_be_visible()
    assert await customer.reads() == []


async def test_a_group_is_named_by_pinyin_and_everybody_in_it_hears_of_it(screens, shop):
    floor = await open_floor(shop)
    inside, outside = await shop.agent(), await shop.agent()
    await floor.group("售后组", inside)
    desk, customer = await served(screens, shop, "要投诉")
    member, stranger = await screens.desk(inside), await screens.desk(outside)
    await desk.page.keyboard.press("Alt+P")

    await note_box(desk).press_sequentially("@shz")
    await expect(desk.page.get_by_role("option")).to_contain_text("售后组")
    await expect(desk.page.get_by_role("option")).to_contain_text("技能组 · 1 人")
    await note_box(desk).press("Enter")
    await note_box(desk).press_sequentially("谁有空")
    await note_box(desk).press("Enter")

    await expect(desk.message("谁有空").locator(".mention")).to_have_text("@售后组")
    await bell(member).click()
    await panel(member).get_by_role("button", name=re.compile("提到了“售后组”")).click()
    await expect(member.message("谁有空")).to_be_visible()
    await expect(bell(stranger)).to_have_accessible_name("通知")
    assert await customer.reads() == []
    await floor.close()


async def test_whoever_looks_on_asks_for_help_and_supervisors_come(screens, shop):
    owner, boss = await shop.agent(), await shop.agent(Role.SUPERVISOR)
    customer = await shop.waiting("我要投诉")
    await shop.take(customer, owner)
    desk, leader = await screens.desk(await shop.agent()), await screens.desk(boss)
    talk = await (await open_floor(shop)).conversation(customer)
    await desk.page.goto(f"/conversations/{talk['id']}")
    await expect(desk.page.get_by_role("main")).to_contain_text(f"{owner.name} 正在接待")

    await desk.page.get_by_role("button", name="请求协助").click()
    dialog = desk.page.get_by_role("dialog", name="请求协助")
    await dialog.get_by_label("需要什么帮助").fill("客户很急，请主管看一下")
    await dialog.get_by_role("button", name="请求协助").click()

    await expect(desk.toast).to_contain_text("已通知同事")
    await expect(desk.thread.get_by_text("请求协助 · 客户看不到")).to_be_visible()
    await bell(leader).click()
    await panel(leader).get_by_role("button", name=re.compile("请求协助")).first.click()
    await expect(leader.message("客户很急，请主管看一下")).to_be_visible()
    await leader.page.get_by_role("button", name="接管").click()
    assert await customer.reads() == []


async def test_help_is_asked_for_on_a_phone(screens, shop):
    agent, customer = await shop.agent(), await shop.waiting("我要投诉")
    await shop.take(customer, agent)
    desk = await screens.desk(agent, viewport=NARROW)
    await desk.row(customer).click()
    await desk.page.get_by_role("button", name="更多操作").click()
    await desk.page.get_by_role("button", name="请求协助").click()
    dialog = desk.page.get_by_role("dialog", name="请求协助")
    await dialog.get_by_label("需要什么帮助").fill("请帮忙")
    await dialog.get_by_role("button", name="请求协助").click()

    await expect(desk.message("请帮忙")).to_have_class(re.compile("note"))
    assert await customer.reads() == []
