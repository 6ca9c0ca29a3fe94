"""A customer's own page, customers as files, and contacts that are one person."""

import asyncio
from pathlib import Path

from playwright.async_api import expect

from browser.screens import NARROW
from journeys.processes import until
from wxdesk.desk.agents import Role


async def contact_of(shop, agent, customer):
    async def met():
        found = await shop.ask(agent, "POST", "/api/contacts/search", text=customer.openid)
        return found["items"]

    [contact] = await until(met)
    return contact


async def named(shop, agent, customer, name):
    contact = await contact_of(shop, agent, customer)
    await shop.ask(agent, "PATCH", f"/api/contacts/{contact['id']}", remark=name)
    return contact


async def test_a_profile_tells_all_and_leads_to_the_conversation(screens, shop):
    chief = await shop.agent(Role.ADMIN)
    first, second = await shop.waiting("表带断了"), await shop.waiting("在吗")
    contact = await named(shop, chief, first, "档案甲")
    await named(shop, chief, second, "档案乙")
    made = await shop.ask(chief, "POST", "/api/fields", name="档案手机", kind="phone")
    desk = await screens.desk(chief, "/customers/all")
    page = desk.page
    await page.get_by_label("找客户").fill("档案")
    await expect(page.get_by_role("status").filter(has_text="2 位客户")).to_be_visible()

    await page.get_by_role("button", name="档案甲").click()

    timeline = page.get_by_role("region", name="时间线")
    await expect(timeline.get_by_text("表带断了")).to_be_visible()
    await expect(timeline.get_by_text("空 → 档案甲")).to_be_visible()
    await page.get_by_label("档案手机", exact=True).fill("13812345678")
    await page.get_by_label("档案手机", exact=True).press("Enter")
    await expect(timeline.get_by_text("空 → 138****5678")).to_be_visible()
    await expect(page.get_by_label("档案手机", exact=True)).to_have_value("138****5678")
    await page.get_by_role("button", name="显示完整的档案手机").click()
    await expect(page.get_by_label("档案手机", exact=True)).to_have_value("13812345678")
    await timeline.get_by_role("button", name="会话", exact=True).click()
    await expect(timeline.get_by_text("空 → 档案甲")).not_to_be_visible()
    await page.keyboard.press("Alt+ArrowUp")
    await expect(page.get_by_role("heading", name="档案乙")).to_be_visible()
    await page.keyboard.press("Alt+ArrowDown")
    await expect(page).to_have_url(f"{shop.desk.url}/customers/{contact['id']}")
    await page.get_by_role("button", name="打开最近的会话").click()
    await expect(desk.bubbles.filter(has_text="表带断了")).to_be_visible()
    await shop.ask(chief, "DELETE", f"/api/fields/{made['id']}")


async def test_on_a_phone_facts_and_timeline_take_turns(screens, shop):
    agent = await shop.agent()
    contact = await contact_of(shop, agent, await shop.waiting("手机上看"))
    desk = await screens.desk(agent, f"/customers/{contact['id']}", viewport=NARROW)
    page = desk.page
    await expect(page.get_by_text("手机上看")).to_be_visible()

    await page.get_by_role("tab", name="资料").click()

    await expect(page.get_by_label("备注名")).to_be_visible()
    await expect(page.get_by_text("手机上看")).not_to_be_visible()
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW["width"]


async def test_a_condition_of_a_field_is_a_chip_and_stays_in_the_segment(screens, shop):
    chief = await shop.agent(Role.ADMIN)
    made = await shop.ask(chief, "POST", "/api/fields", name="累计", kind="number")
    rich = await named(shop, chief, await shop.waiting("x"), "富甲")
    await named(shop, chief, await shop.waiting("x"), "富乙")
    path = f"/api/contacts/{rich['id']}/fields"
    await shop.ask(chief, "PUT", path, values={str(made["id"]): 900})
    desk = await screens.desk(chief, "/customers/all")
    page = desk.page
    await page.get_by_label("找客户").fill("富")
    table = page.get_by_role("table", name="客户")
    await expect(table).to_contain_text("富乙")

    await page.get_by_role("button", name="字段条件").click()
    await page.get_by_label("字段", exact=True).select_option("累计")
    await page.get_by_label("比较").select_option("不小于")
    await page.get_by_label("值", exact=True).fill("500")
    await page.get_by_role("button", name="添加").click()

    await expect(table).not_to_contain_text("富乙")
    await page.get_by_role("button", name="存为分组").click()
    await page.get_by_label("分组名称").fill("大户")
    await page.get_by_role("dialog").get_by_role("button", name="保存").click()
    await expect(desk.toast).to_contain_text("分组已保存")
    await page.get_by_role("button", name="去掉条件").click()
    await expect(table).to_contain_text("富乙")
    await page.get_by_label("分组", exact=True).select_option("")
    await page.get_by_label("分组", exact=True).select_option("大户")
    await expect(page.get_by_text("累计 不小于 500")).to_be_visible()
    await expect(table).not_to_contain_text("富乙")
    await shop.ask(chief, "DELETE", f"/api/fields/{made['id']}")


async def test_customers_are_exported_and_come_back_corrected(screens, shop, tmp_path):
    chief = await shop.agent(Role.SUPERVISOR)
    one = await shop.waiting("x")
    await named(shop, chief, one, "导出甲")
    desk = await screens.desk(chief, "/customers/all")
    page = desk.page
    await page.get_by_label("找客户").fill("导出甲")
    await expect(page.get_by_role("status").filter(has_text="1 位客户")).to_be_visible()
    await page.get_by_role("button", name="导出", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="导出").click()
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="下载").click()
    exported = Path(await (await downloading.value).path()).read_text("utf-8-sig")
    assert one.openid in exported

    file = tmp_path / "back.csv"
    broken = f"{exported.replace('导出甲', '导入甲')}oNobody,,,谁,,,,,,\r\n"
    await asyncio.to_thread(file.write_bytes, broken.encode("gb18030"))
    await page.get_by_label("导入 CSV").set_input_files(file)
    row = page.get_by_role("listitem", name="back.csv")
    await row.get_by_label("“等级”是什么").select_option("不导入")
    await row.get_by_role("button", name="检查").click()
    await expect(row.get_by_text("将修改 1 行")).to_be_visible()
    await row.get_by_text("哪些行有错").click()
    await expect(row.get_by_text("没有这位客户")).to_be_visible()
    await row.get_by_role("button", name="修改这 1 行").click()

    await expect(row.get_by_text("已修改 1 行")).to_be_visible()
    assert (await contact_of(shop, chief, one))["remark"] == "导入甲"


async def test_what_is_no_table_is_refused_in_words(screens, shop):
    desk = await screens.desk(await shop.agent(Role.SUPERVISOR), "/customers/files")
    screens.expect("422")
    picture = {"name": "a.csv", "mimeType": "text/csv", "buffer": b"\x89PNG\x00\x00"}

    await desk.page.get_by_label("导入 CSV").set_input_files(picture)

    await expect(desk.page.get_by_role("alert")).to_contain_text("这不是文本文件")


async def test_agents_find_no_way_to_export(screens, shop):
    await shop.waiting("x")
    desk = await screens.desk(await shop.agent(), "/customers/all")
    await expect(desk.page.get_by_role("table", name="客户")).to_be_visible()

    await expect(desk.page.get_by_role("button", name="导出")).to_have_count(0)


async def test_two_are_joined_as_one_and_parted_again(screens, shop):
    chief = await shop.agent(Role.SUPERVISOR)
    contact = await named(shop, chief, await shop.waiting("第一个号"), "合并甲")
    await named(shop, chief, await shop.waiting("第二个号"), "合并乙")
    desk = await screens.desk(chief, f"/customers/{contact['id']}")
    page = desk.page
    await page.get_by_role("button", name="与其他客户合并").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("和谁合并").fill("合并乙")
    await dialog.get_by_role("button", name="合并乙").click()
    await dialog.get_by_label("合并乙").check()
    await dialog.get_by_role("button", name="合并", exact=True).click()

    await expect(page.get_by_role("heading", name="合并乙")).to_be_visible()
    timeline = page.get_by_role("region", name="时间线")
    await expect(timeline.get_by_text("第二个号")).to_be_visible()
    await page.get_by_role("button", name="拆分").click()
    await page.get_by_role("dialog").get_by_role("button", name="拆分").click()

    await expect(page.get_by_role("heading", name="合并甲")).to_be_visible()
    await expect(timeline.get_by_text("第二个号")).not_to_be_visible()
