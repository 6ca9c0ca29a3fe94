"""The customers' page: found, kept as a segment, many changed at once, opened."""

from playwright.async_api import expect

from browser.floor import open_floor
from wxdesk.desk.agents import Role


async def remark(shop, customer, name):
    """Returns their number."""
    agent = await shop.agent(Role.ADMIN)
    found = await shop.ask(agent, "POST", "/api/contacts/search", text=customer.openid)
    (contact,) = found["items"]
    await shop.ask(agent, "PATCH", f"/api/contacts/{contact['id']}", remark=name)
    return contact["id"]


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


async def test_any_of_several_levels_is_asked_for_and_kept(screens, shop):
    floor = await open_floor(shop)
    for n in range(1, 4):
        customer = await shop.waiting("你好")
        await remark(shop, customer, f"等级客户{n}")
        await floor.level(customer, f"VIP{n}")
    desk = await screens.desk(await shop.agent(), "/customers/all")
    page = desk.page
    table = page.get_by_role("table", name="客户")
    await expect(table).to_contain_text("等级客户3")

    await page.get_by_role("button", name="等级 不限").click()
    box = page.get_by_role("dialog", name="等级")
    await box.get_by_label("VIP1").check()
    await expect(table).not_to_contain_text("等级客户2")
    await box.get_by_label("VIP2").check()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="等级 VIP2，VIP1")).to_be_focused()
    await expect(page.get_by_role("status").filter(has_text="2 位客户")).to_be_visible()
    await page.get_by_role("button", name="存为分组").click()
    await page.get_by_label("分组名称").fill("金银")
    await page.get_by_role("dialog").get_by_role("button", name="保存").click()
    await expect(desk.toast).to_contain_text("分组已保存")
    await page.reload()
    await expect(table).to_contain_text("等级客户3")
    await page.get_by_label("分组", exact=True).select_option("金银")

    await expect(page.get_by_role("button", name="等级 VIP2，VIP1")).to_be_visible()
    await expect(table).not_to_contain_text("等级客户3")
    await expect(table).to_contain_text("等级客户1")
    await floor.close()


async def test_who_was_not_changed_is_told_by_name_and_stays_chosen(screens, shop):
    admin = await shop.agent(Role.ADMIN)
    await shop.ask(admin, "PATCH", "/api/accounts/1", settings={"sync_tags": True})
    tags = [
        (await shop.ask(admin, "POST", "/api/accounts/1/tags", name=f"标{n}"))["id"]
        for n in range(21)
    ]
    full, free = [
        await remark(shop, await shop.waiting("你好"), name) for name in ("标签满了", "标签空着")
    ]
    await shop.ask(admin, "PUT", f"/api/contacts/{full}/tags", tag_ids=tags[:20])
    desk = await screens.desk(admin, "/customers/all")
    page = desk.page
    await page.get_by_label("找客户").fill("标签")
    await expect(page.get_by_role("status").filter(has_text="2 位客户")).to_be_visible()
    await page.get_by_label("选择本页全部").check()
    await page.get_by_label("标签", exact=True).select_option("标20")

    await page.get_by_role("button", name="应用").click()

    told = page.get_by_role("dialog", name="1 位没有改成")
    await expect(told.get_by_role("listitem")).to_have_count(1)
    await expect(told).to_contain_text("标签满了")
    await expect(told).to_contain_text("标签已经到了微信的上限")
    await expect(desk.toast).to_contain_text("1 位已改好")
    await page.keyboard.press("Escape")
    await expect(page.get_by_label("选择 标签满了")).to_be_checked()
    await expect(page.get_by_label("选择 标签空着")).not_to_be_checked()
    given = (await shop.ask(admin, "GET", f"/api/contacts/{free}"))["tags"]
    assert [each["name"] for each in given] == ["标20"]
    for each in tags:
        await shop.ask(admin, "DELETE", f"/api/tags/{each}")
    await shop.ask(admin, "PATCH", "/api/accounts/1", settings={"sync_tags": False})


async def test_nobody_is_chosen_where_there_is_nothing_to_do(screens, shop):
    await remark(shop, await shop.waiting("你好"), "王女士")
    page = (await screens.desk(await shop.agent(), "/customers/all")).page
    await expect(page.get_by_role("table", name="客户")).to_contain_text("王女士")

    await expect(page.get_by_role("checkbox")).to_have_count(0)


async def test_nobody_of_that_kind_is_told_with_a_way_out(screens, shop):
    await shop.waiting("你好")
    desk = await screens.desk(await shop.agent(), "/customers/all")
    await desk.page.get_by_label("找客户").fill("没有这个人")
    await expect(desk.page.get_by_text("没有这样的客户")).to_be_visible()

    await desk.page.get_by_role("button", name="清除条件").click()

    await expect(desk.page.get_by_role("table", name="客户")).to_be_visible()
