"""The customers' page: found, kept as a segment, many changed at once, opened."""

from playwright.async_api import expect

from wxdesk.desk.agents import Role


async def remark(shop, customer, name):
    agent = await shop.agent(Role.ADMIN)
    found = await shop.ask(agent, "POST", "/api/contacts/search", text=customer.openid)
    (contact,) = found["items"]
    await shop.ask(agent, "PATCH", f"/api/contacts/{contact['id']}", remark=name)


async def test_customers_are_found_kept_as_a_segment_and_opened(screens, shop):
    wang, li = await shop.waiting("你好"), await shop.waiting("在吗")
    await remark(shop, wang, "王女士")
    await remark(shop, li, "李先生")
    desk = await screens.desk(await shop.agent(), "/customers/all")
    page = desk.page
    table = page.get_by_role("table", name="客户")
    await expect(table).to_contain_text("王女士")

    await page.get_by_label("找客户").fill("王女")
    await expect(table).not_to_contain_text("李先生")
    await expect(page.get_by_role("status").filter(has_text="1 位客户")).to_be_visible()
    await page.get_by_role("button", name="存为分组").click()
    await page.get_by_label("分组名称").fill("王家")
    await page.get_by_role("dialog").get_by_role("button", name="保存").click()
    await expect(desk.toast).to_contain_text("分组已保存")
    await page.reload()
    await expect(table).to_contain_text("李先生")
    await page.get_by_label("分组", exact=True).select_option("王家")
    await expect(table).not_to_contain_text("李先生")

    await page.get_by_role("button", name="王女士").click()
    await page.get_by_role("button", name="打开最近的会话").click()
    await expect(desk.bubbles.filter(has_text="你好")).to_be_visible()


async def test_a_field_is_filled_in_for_many(screens, shop):
    admin = await shop.agent(Role.ADMIN)
    made = await shop.ask(admin, "POST", "/api/fields", name="批次", kind="text")
    names = [f"批量{n}" for n in range(3)]
    for name in names:
        await remark(shop, await shop.waiting("x"), name)
    desk = await screens.desk(await shop.agent(), "/customers/all")
    page = desk.page
    await page.get_by_label("找客户").fill("批量")
    await expect(page.get_by_role("status").filter(has_text="3 位客户")).to_be_visible()
    await page.get_by_label("选择本页全部").check()
    await page.get_by_label("填字段").select_option("批次")
    await page.get_by_label("填成").fill("B7")

    await page.get_by_role("button", name="应用").click()

    await expect(page.get_by_role("table", name="客户").get_by_text("B7")).to_have_count(3)
    await shop.ask(admin, "DELETE", f"/api/fields/{made['id']}")


async def test_nobody_of_that_kind_is_told_with_a_way_out(screens, shop):
    await shop.waiting("你好")
    desk = await screens.desk(await shop.agent(), "/customers/all")
    await desk.page.get_by_label("找客户").fill("没有这个人")
    await expect(desk.page.get_by_text("没有这样的客户")).to_be_visible()

    await desk.page.get_by_role("button", name="清除条件").click()

    await expect(desk.page.get_by_role("table", name="客户")).to_be_visible()
