"""The list: views, many at once, menus, previews; faces; shortcuts; who else looks."""

import re

import pytest
from playwright.async_api import expect

from browser.floor import open_floor
from journeys.processes import until
from wxdesk.desk.agents import Role


async def mine(shop, agent, *lines):
    """Customers whose conversations the agent has."""
    found = [await shop.waiting(line) for line in lines]
    for customer in found:
        await shop.take(customer, agent)
    return found


async def choose_view(desk, name):
    await desk.page.get_by_role("button", name=re.compile("^视图：")).click()
    await desk.page.get_by_role("button", name=re.compile(name)).last.click()


def bar(desk):
    return desk.page.get_by_role("toolbar", name="批量操作")


async def test_a_filter_is_kept_as_a_view_shared_renamed_and_thrown_away(screens, shop):
    boss = await shop.agent(Role.SUPERVISOR)
    answered, owed = await mine(shop, boss, "已经答了", "还没有答")
    other = await shop.waiting("在排队")
    desk = await screens.desk(boss)
    await desk.row(answered).click()
    await desk.reply("好的")
    await expect(desk.state("好的", "已送达微信")).to_be_visible()

    await desk.page.get_by_role("button", name="筛选").click()
    panel = desk.page.get_by_role("search", name="筛选")
    await panel.get_by_label("归属").select_option("我的")
    await expect(desk.row(other)).to_have_count(0)
    await expect(desk.row(answered)).to_have_count(1)
    await panel.get_by_label("欠回复").select_option("欠回复")
    await expect(desk.row(answered)).to_have_count(0)
    await expect(desk.row(owed)).to_have_count(1)
    await panel.get_by_role("button", name="保存为视图").click()
    dialog = desk.page.get_by_role("dialog", name="保存为视图")
    await dialog.get_by_label("名称").fill("欠账")
    await dialog.get_by_role("switch", name="所有人可见").click()
    await dialog.get_by_role("button", name="保存").click()
    await expect(dialog).to_be_hidden()
    await expect(desk.page.get_by_role("button", name="视图：欠账")).to_be_visible()

    colleague = await screens.desk(await shop.agent())
    await choose_view(colleague, "欠账")
    await expect(colleague.page.get_by_text("这个视图里现在没有会话")).to_be_visible()
    await colleague.page.get_by_role("button", name="回到全部会话").first.click()
    await expect(colleague.row(other)).to_be_visible()

    await choose_view(desk, "管理视图")
    managing = desk.page.get_by_role("dialog", name="管理视图")
    await managing.get_by_role("button", name="改名 欠账").click()
    renaming = desk.page.get_by_role("dialog", name="视图“欠账”")
    await renaming.get_by_label("名称").fill("旧账")
    await renaming.get_by_role("button", name="保存").click()
    await expect(managing).to_contain_text("旧账")
    await managing.get_by_role("button", name="删除 旧账").click()
    await expect(managing).to_contain_text("还没有保存过视图")


async def test_any_of_several_levels_is_filtered_for_and_kept(screens, shop):
    agent, floor = await shop.agent(), await open_floor(shop)
    first, second, third = [await shop.waiting(line) for line in ("一级", "二级", "三级")]
    for customer, level in ((first, "VIP1"), (second, "VIP2"), (third, "VIP3")):
        await floor.level(customer, level)
    desk = await screens.desk(agent)

    await desk.page.get_by_role("button", name="筛选").click()
    panel = desk.page.get_by_role("search", name="筛选")
    levels = panel.get_by_role("group", name="客户等级")
    await levels.get_by_label("VIP1").check()
    await expect(desk.row(second)).to_have_count(0)
    await levels.get_by_label("VIP2").check()
    await expect(desk.row(second)).to_be_visible()
    await expect(desk.row(first)).to_be_visible()
    await expect(desk.row(third)).to_have_count(0)
    await panel.get_by_role("button", name="保存为视图").click()
    dialog = desk.page.get_by_role("dialog", name="保存为视图")
    await dialog.get_by_label("名称").fill("金银")
    await dialog.get_by_role("button", name="保存").click()
    await expect(dialog).to_be_hidden()

    fresh = await screens.desk(agent)
    await choose_view(fresh, "金银")
    await expect(fresh.list.get_by_role("link")).to_have_count(2)
    await expect(fresh.row(third)).to_have_count(0)
    await floor.close()


async def test_what_everybody_has_counts_and_shows(screens, shop):
    agent, floor = await shop.agent(), await open_floor(shop)
    answered, owed = await mine(shop, agent, "答过的", "等回复的")
    golden = await shop.waiting("我是黄金")
    await floor.level(golden, "VIP1")
    desk = await screens.desk(agent)
    await desk.row(answered).click()
    await desk.reply("好的")
    await expect(desk.state("好的", "已送达微信")).to_be_visible()

    await choose_view(desk, "待我回复")
    await expect(desk.list.get_by_role("link")).to_have_count(1)
    await expect(desk.row(owed)).to_be_visible()
    await choose_view(desk, "高等级")
    await expect(desk.list.get_by_role("link")).to_have_count(1)
    await expect(desk.row(golden)).to_be_visible()
    await choose_view(desk, "无人负责")
    await expect(desk.row(golden)).to_be_visible()
    await choose_view(desk, "全部会话")
    await expect(desk.row(owed)).to_be_visible()
    await floor.close()


async def test_many_are_ended_at_once_and_each_that_was_not_says_why(screens, shop):
    agent = await shop.agent()
    first, second, third = await mine(shop, agent, "甲", "乙", "丙")
    desk = await screens.desk(agent)
    screens.expect("403", "409")
    await desk.row(first).click(modifiers=["Control"])
    await desk.row(third).click(modifiers=["Shift"])
    await expect(bar(desk)).to_contain_text("已选 3")
    await desk.row(second).click(modifiers=["Control"])
    await expect(bar(desk)).to_contain_text("已选 2")
    await desk.row(second).click(modifiers=["Control"])
    floor = await open_floor(shop)
    talk = await floor.conversation(second)
    await floor.ask("POST", f"/api/conversations/{talk['id']}/close")
    await expect(desk.page.get_by_role("dialog")).to_have_count(0)

    await bar(desk).get_by_role("button", name="结束").click()
    dialog = desk.page.get_by_role("dialog", name="结束 3 个会话？")
    await dialog.get_by_role("button", name="结束").click()

    told = desk.page.locator(".told")
    await expect(told).to_contain_text("结束：2 个完成")
    await expect(told).to_contain_text("1 个没有完成")
    await expect(told.get_by_role("link", name=second.shown)).to_be_visible()
    await expect(bar(desk)).to_contain_text("已选 1")


async def test_rows_are_chosen_by_keyboard_alone(screens, shop):
    agent = await shop.agent()
    await mine(shop, agent, "甲", "乙", "丙")
    desk = await screens.desk(agent)
    rows = desk.list.get_by_role("link")
    await rows.first.focus()

    await desk.page.keyboard.press("Shift+ArrowDown")
    await expect(bar(desk)).to_contain_text("已选 2")
    await desk.page.keyboard.press("Space")
    await expect(bar(desk)).to_contain_text("已选 1")
    await desk.page.keyboard.press("Control+a")
    await expect(rows.locator("..").locator("input:not(:checked)")).to_have_count(0)
    await desk.page.keyboard.press("Escape")
    await expect(bar(desk)).to_have_count(0)


async def test_a_right_click_offers_what_one_may_do_and_unread_is_ones_own(screens, shop):
    agent = await shop.agent()
    [customer] = await mine(shop, agent, "在吗")
    waiting = await shop.waiting("排队中")
    desk = await screens.desk(agent)
    await desk.row(customer).click()
    await desk.reply("在")
    await expect(desk.state("在", "已送达微信")).to_be_visible()
    await desk.row(waiting).click()

    await desk.row(customer).click(button="right")
    menu = desk.page.get_by_role("menu")
    items = ["转接", "标签", "稍后提醒", "标为未读", "选择", "复制链接", "结束", "加入黑名单"]
    await expect(menu.get_by_role("menuitem")).to_have_text(items)
    await menu.get_by_role("menuitem", name="标为未读").click()
    await expect(desk.row(customer).get_by_role("img", name="已标为未读")).to_be_visible()
    other = await screens.desk(agent)
    await expect(other.row(customer).get_by_role("img", name="已标为未读")).to_be_visible()

    await desk.page.keyboard.press("Alt+U")
    await expect(desk.row(customer)).to_have_attribute("aria-current", "page")
    await expect(desk.row(customer).get_by_role("img", name="已标为未读")).to_have_count(0)
    await expect(other.row(customer).get_by_role("img", name="已标为未读")).to_have_count(0)

    await desk.row(waiting).focus()
    await desk.page.keyboard.press("Shift+F10")
    await expect(menu.get_by_role("menuitem", name="接入")).to_be_focused()
    await expect(menu.get_by_role("menuitem", name="结束")).to_have_count(0)
    await desk.page.keyboard.press("Escape")
    await expect(menu).to_have_count(0)
    await expect(desk.row(waiting)).to_be_focused()


async def test_a_preview_reads_nothing_to_the_customer_or_the_count(screens, shop):
    agent = await shop.agent()
    first, second = await mine(shop, agent, "第一位", "第二位的问题")
    desk = await screens.desk(agent)
    await desk.row(first).click()
    await expect(desk.bubbles).to_have_count(1)

    await desk.row(second).hover()
    preview = desk.page.get_by_role("tooltip", name=re.compile("最近的消息"))
    await expect(preview).to_contain_text("第二位的问题")
    await desk.composer.hover()
    await expect(preview).to_have_count(0)
    await expect(desk.row(second).get_by_label("1 条未读")).to_be_visible()

    await desk.row(second).focus()
    await desk.page.keyboard.press("Space")
    await expect(preview).to_contain_text("第二位的问题")
    await desk.page.keyboard.press("Escape")
    await expect(preview).to_have_count(0)


async def test_wechats_faces_are_found_written_and_read(screens, shop):
    agent = await shop.agent()
    [customer] = await mine(shop, agent, "谢谢[玫瑰]/::)")
    desk = await screens.desk(agent)
    await expect(desk.row(customer)).to_contain_text("谢谢🌹🙂")
    await desk.row(customer).click()
    await expect(desk.bubbles.first).to_have_text(re.compile("谢谢\\s*🌹\\s*🙂"))

    await desk.composer.fill("不客气")
    await expect(desk.page.get_by_role("button", name="表情")).to_be_visible()
    await desk.page.keyboard.press("Alt+X")
    panel = desk.page.get_by_role("dialog", name="表情")
    await panel.get_by_label("搜索名称或拼音").fill("wx")
    await desk.page.keyboard.press("Enter")
    await expect(desk.composer).to_have_value("不客气[微笑]")
    await panel.get_by_label("搜索名称或拼音").fill("baoquan")
    await panel.get_by_role("button", name="抱拳").click()
    await desk.page.keyboard.press("Escape")
    await expect(desk.composer).to_be_focused()
    await desk.page.keyboard.press("Enter")

    await expect(desk.bubbles.last).to_have_text(re.compile("不客气\\s*🙂\\s*🙏"))
    assert await until(customer.reads) == ["不客气[微笑][抱拳]"]
    await desk.page.keyboard.press("Alt+X")
    recent = panel.get_by_role("region", name="最近用过")
    await expect(recent.get_by_role("button").first).to_have_accessible_name("抱拳")


async def test_shortcuts_are_set_otherwise_and_silent_while_composing(screens, shop):
    agent = await shop.agent()
    await mine(shop, agent, "甲", "乙")
    desk = await screens.desk(agent)
    rows = desk.list.get_by_role("link")
    await rows.first.click()
    await expect(rows.first).to_have_attribute("aria-current", "page")
    await desk.page.get_by_role("main").get_by_role("heading").first.click()
    await desk.page.keyboard.press("Shift+Slash")
    listed = desk.page.get_by_role("dialog", name="快捷键")
    await listed.get_by_role("button", name="改键 下一个会话").click()
    await desk.page.keyboard.press("Alt+k")
    await expect(listed).to_contain_text("Alt+K 已用于“上一个会话”")
    await desk.page.keyboard.press("Alt+n")
    await expect(listed).to_contain_text("AltN")
    await desk.page.keyboard.press("Escape")
    await expect(listed).to_be_hidden()
    await desk.page.keyboard.press("Alt+j")
    await expect(rows.first).to_have_attribute("aria-current", "page")
    await desk.page.keyboard.press("Alt+n")
    await expect(rows.nth(1)).to_have_attribute("aria-current", "page")

    await desk.composer.click()
    keys = await desk.page.context.new_cdp_session(desk.page)
    wish = {"text": "ni", "selectionStart": 2, "selectionEnd": 2}
    await keys.send("Input.imeSetComposition", wish)
    press = {"key": "t", "code": "KeyT", "type": "rawKeyDown", "modifiers": 1}
    await keys.send("Input.dispatchKeyEvent", press | {"windowsVirtualKeyCode": 229})
    await keys.send("Input.insertText", {"text": "你"})
    await expect(desk.composer).to_have_value("你")
    await expect(desk.page.get_by_role("dialog")).to_have_count(0)
    await keys.send("Input.dispatchKeyEvent", press | {"windowsVirtualKeyCode": 84})
    await expect(desk.page.get_by_role("dialog", name=re.compile("^转接"))).to_be_visible()


async def test_who_else_looks_and_writes_is_shown_in_list_and_header(screens, shop):
    boss, agent = await shop.agent(Role.SUPERVISOR), await shop.agent()
    [customer] = await mine(shop, agent, "在吗")
    desk, other = await screens.desk(agent), await screens.desk(boss)
    await desk.row(customer).click()
    await desk.composer.wait_for()
    head = desk.page.get_by_role("banner").or_(desk.page.locator("main header")).last

    await other.page.goto(desk.page.url)
    await expect(head).to_contain_text(f"{boss.name} 也在查看")
    await desk.composer.press_sequentially("您好")
    there = other.page.locator("main header")
    await expect(there).to_contain_text(f"{agent.name} 正在输入")
    mark = desk.row(customer).get_by_role("img", name=re.compile(f"^{boss.name}"))
    await expect(mark).to_be_visible()

    await other.page.goto("/admin")
    await expect(head).not_to_contain_text("也在查看")


@pytest.mark.parametrize("key", ["ArrowLeft", "ArrowRight"])
async def test_the_list_is_as_wide_as_one_likes(screens, shop, key):
    await shop.waiting("在吗")
    desk = await screens.desk(await shop.agent())
    edge = desk.page.get_by_role("separator", name="列表宽度")
    await edge.focus()
    for _ in range(8):
        await desk.page.keyboard.press(key)
    width = {"ArrowLeft": 260, "ArrowRight": 420}[key]
    await expect(edge).to_have_attribute("aria-valuenow", str(width))
    box = await desk.page.get_by_role("region", name="会话列表").bounding_box()
    assert box is not None
    assert abs(box["width"] - width) < 3
