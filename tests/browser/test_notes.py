"""Colleagues among themselves: notes and who is named in them, the bell, later, drafts."""

import re
from datetime import UTC, datetime

import pytest
from playwright.async_api import Locator, expect

from browser.screens import NARROW, DeskScreen
from wxdesk.desk.agents import Role

WIDTHS = pytest.mark.parametrize("viewport", [None, NARROW], ids=["wide", "390"])


def note_box(desk: DeskScreen) -> Locator:
    return desk.page.get_by_role("textbox", name="便签")


def bell(desk: DeskScreen) -> Locator:
    return desk.page.get_by_role("button", name=re.compile("^通知"))


def panel(desk: DeskScreen) -> Locator:
    return desk.page.get_by_role("region", name="通知")


def where_it_is_noon() -> str:
    """A time zone: to whoever works late at night the next morning is of the same day."""
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"  # east of Greenwich it is called minus


async def begin_note(desk: DeskScreen) -> None:
    await desk.page.keyboard.press("Alt+P")
    await expect(note_box(desk)).to_be_focused()


@WIDTHS
async def test_a_note_is_for_colleagues_only_and_names_one_by_the_keyboard(screens, shop, viewport):
    customer = await shop.waiting("可以退吗")
    colleague = await shop.agent()
    desk = await screens.desk(await shop.agent(), **({"viewport": viewport} if viewport else {}))
    other = await screens.desk(colleague)
    await desk.take(customer)

    await begin_note(desk)
    await expect(desk.send).to_have_count(0)
    await note_box(desk).press_sequentially(f"他上周也问过 @{colleague.name[:-1]}")
    await expect(desk.page.get_by_role("option").first).to_be_visible()
    await note_box(desk).fill(f"他上周也问过 @{colleague.name}")
    await expect(desk.page.get_by_role("option", name=colleague.name)).to_be_visible()
    await note_box(desk).press("Enter")
    await expect(note_box(desk)).to_have_value(f"他上周也问过 @{colleague.name} ")
    await note_box(desk).press("Enter")

    await expect(desk.message("他上周也问过")).to_have_class(re.compile("note"))
    await expect(desk.message("他上周也问过").locator(".mention")).to_have_text(
        f"@{colleague.name}"
    )
    await expect(note_box(desk)).to_have_value("")
    assert await customer.reads() == []

    await expect(bell(other)).to_have_accessible_name("通知，1 条未读")
    await bell(other).click()
    await panel(other).get_by_role("button", name=re.compile("提到了你")).click()
    await expect(other.message("他上周也问过")).to_be_visible()
    await expect(bell(other)).to_have_accessible_name("通知")
    await other.page.get_by_role("button", name="留便签").click()
    await note_box(other).fill("收到")
    await note_box(other).press("Enter")
    await expect(desk.message("收到")).to_be_visible()

    await desk.page.keyboard.press("Alt+P")
    await desk.reply("可以退")
    await expect(desk.message("可以退").last).to_be_visible()


async def test_what_is_read_on_one_device_is_read_on_the_other_and_kinds_are_muted(screens, shop):
    agent, customer = await shop.agent(), await shop.waiting("在吗")
    boss = await shop.agent(Role.SUPERVISOR)
    await shop.take(customer, agent)
    first, second = await screens.desk(agent), await screens.desk(agent)
    await first.row(customer).click()
    talk = first.page.url.rsplit("/", 1)[-1]
    for text in ("一", "二"):
        await shop.ask(
            boss, "POST", f"/api/conversations/{talk}/notes", text=text, client_id=f"note {text} !"
        )
    await expect(bell(second)).to_have_accessible_name("通知，2 条未读")

    await bell(first).press("Enter")
    await expect(panel(first).get_by_role("listitem")).to_have_count(2)
    await panel(first).get_by_role("button", name="全部已读").click()
    await expect(bell(second)).to_have_accessible_name("通知")

    await panel(first).get_by_role("button", name="接收哪些通知").click()
    await panel(first).get_by_label("同事在我的会话里留便签").uncheck()
    await expect(panel(first).get_by_label("同事在我的会话里留便签")).not_to_be_checked()
    await shop.ask(
        boss, "POST", f"/api/conversations/{talk}/notes", text="三", client_id="note three!"
    )
    await expect(first.message("三")).to_be_visible()
    await expect(bell(second)).to_have_accessible_name("通知")
    await first.page.keyboard.press("Escape")
    await expect(panel(first)).to_be_hidden()


async def test_later_takes_it_out_of_the_order_and_the_customer_brings_it_back(screens, shop):
    customer = await shop.waiting("明天再说")
    desk = await screens.desk(await shop.agent(), timezone_id=where_it_is_noon())
    await desk.take(customer)
    await desk.reply("好的")
    await expect(desk.state("好的", "已送达微信")).to_be_visible()

    await desk.page.keyboard.press("Alt+M")
    dialog = desk.page.get_by_role("dialog", name=re.compile("稍后提醒"))
    await expect(dialog).to_contain_text("轮到客户回复")
    await dialog.get_by_label("明早 9:00").check()
    await dialog.get_by_role("button", name="到时提醒").click()

    await expect(dialog).to_be_hidden()
    later = desk.list.get_by_role("button", name=re.compile("^稍后"))
    await expect(later).to_contain_text("1")
    await expect(desk.row(customer)).to_contain_text("明天 09:00")
    await expect(desk.page.get_by_role("button", name="现在处理")).to_be_visible()

    await customer.writes("现在有空了")
    await expect(later).to_have_count(0)
    await expect(desk.row(customer)).to_contain_text("现在有空了")


async def test_an_own_time_is_asked_of_the_desk_and_one_that_cannot_be_is_refused(screens, shop):
    customer = await shop.waiting("等一下")
    desk = await screens.desk(await shop.agent(), viewport=NARROW)
    screens.expect("422")
    await desk.take(customer)
    await desk.page.get_by_role("button", name="更多操作").click()
    await desk.page.get_by_role("button", name="稍后", exact=True).click()
    dialog = desk.page.get_by_role("dialog", name=re.compile("稍后提醒"))
    await expect(dialog).to_contain_text("应答计时不会停")

    await dialog.locator("input[type=datetime-local]").fill("2040-01-01T09:00")
    await expect(dialog.get_by_role("status")).to_be_visible()  # beyond the window
    await dialog.get_by_role("button", name="到时提醒").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("30 天以内")
    await dialog.get_by_label("1 小时后").check()
    await dialog.get_by_role("button", name="到时提醒").click()
    await expect(dialog).to_be_hidden()
    await expect(desk.page.get_by_role("main")).to_contain_text("提醒")


async def test_what_is_written_here_goes_on_on_another_device(screens, shop):
    agent, customer = await shop.agent(), await shop.waiting("在吗")
    await shop.take(customer, agent)
    first, second = await screens.desk(agent), await screens.desk(agent)
    await first.row(customer).click()
    await first.composer.fill("写了一半")
    await expect(second.row(customer)).to_contain_text("草稿：写了一半")

    await second.row(customer).click()
    await expect(second.composer).to_have_value("写了一半")
    await second.composer.press_sequentially("，写完了")
    await expect(first.composer).to_have_value("写了一半，写完了")
    await second.composer.press("Enter")

    await expect(first.composer).to_have_value("")
    await expect(first.row(customer)).not_to_contain_text("草稿")
    fresh = await screens.desk(agent)
    await expect(fresh.row(customer)).not_to_contain_text("草稿")
