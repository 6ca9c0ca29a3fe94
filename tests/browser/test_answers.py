"""Automatic answers: written, tried, saved; what the customer gets, and what agents see of it."""

import pytest_asyncio
from playwright.async_api import expect

from browser.screens import NARROW
from browser.shop import shop_open
from journeys.processes import until
from wxdesk.desk.agents import Role

READY = "开门了吗"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shop(chromium, tmp_path_factory):
    """An account that already says something by itself, and whose front door has heard of it."""
    async with shop_open(tmp_path_factory.mktemp("answering"), policy="2023") as answering:
        says = [{"kind": "text", "text": "开了"}]
        await answering.rule(name="门", cause="keyword", words=[READY], answers=says)
        await until(lambda: _answers_at_once(answering))
        yield answering


async def _answers_at_once(shop):
    customer = await shop.customer()
    await customer.writes(READY)
    return ("开了", "passive") in await said_to(customer)


async def said_to(customer):
    """What the account said, and the way each came."""
    chat = await customer.shop.sim_get(f"/sim/followers/{customer.openid}/chat")
    return [(it["content"], it["via"]) for it in chat["items"] if it["from"] == "account"]


async def settings(screens, shop, page, **options):
    desk = await screens.desk(await shop.agent(Role.ADMIN), f"/admin/1/{page}", **options)
    return desk.page


async def write_rule(page, name, keyword, *says, match=None):
    await page.get_by_role("button", name="新建规则").first.click()
    await page.get_by_label("名称", exact=True).fill(name)
    await page.get_by_label("触发", exact=True).select_option("消息里有关键词")
    if match:
        await page.get_by_label("怎样算有").select_option(match)
    await page.get_by_label("每行一个").fill(keyword)
    for number, text in enumerate(says, start=1):
        if number > 1:
            await page.get_by_role("button", name="再加一条").click()
        answer = page.get_by_role("region", name=f"第 {number} 条")
        await answer.get_by_label("内容", exact=True).fill(text)


def try_box(page):
    return page.get_by_role("region", name="试一试")


def save(page):
    return page.get_by_role("button", name="保存", exact=True)


def row(page, text):
    return page.get_by_role("main").get_by_role("row").filter(has_text=text)


def log_row(page, text):
    return page.get_by_role("table", name="记录").get_by_role("row").filter(has_text=text)


async def test_a_rule_is_tried_saved_and_answers_at_no_cost(screens, shop):
    page = await settings(screens, shop, "answers")
    await write_rule(page, "退货说明", "退货\n退款", "七天内可以退货。")
    sample = try_box(page)
    await sample.get_by_label("消息内容").fill("我想退款")
    await sample.get_by_role("button", name="试一试").click()
    result = sample.get_by_role("status")
    await expect(result).to_contain_text("“退货说明”会回复。 随推送即时应答 · 不占额度")
    await expect(result.get_by_role("listitem").last).to_have_text("退货说明回复")
    await save(page).click()
    await expect(row(page, "退货说明")).to_contain_text("退货 · 退款")

    customer = await shop.customer()
    await customer.writes("怎么退货？")

    assert await said_to(customer) == [("七天内可以退货。", "passive")]
    desk = await screens.desk(await shop.agent(Role.ADMIN))
    await expect(desk.row(customer)).to_contain_text("自动: 七天内可以退货。")
    await desk.row(customer).click()
    await expect(desk.thread).to_contain_text("自动回复 · 退货说明")
    await expect(desk.state("七天内可以退货。", "已送达微信")).to_be_visible()
    await desk.page.goto("/admin/1/answers")
    fired = log_row(desk.page, customer.openid[-4:])
    await expect(fired).to_contain_text("退货说明")
    await expect(fired).to_contain_text("随推送即时应答 · 不占额度")


async def test_what_would_cost_more_than_it_may_is_not_sent_and_says_so(screens, shop):
    page = await settings(screens, shop, "answers")
    await write_rule(page, "两句话", "发票", "可以开。", "请发税号。")
    await save(page).click()
    await expect(row(page, "两句话")).to_be_visible()
    customer = await shop.waiting("能开发票吗")

    desk = await screens.desk(await shop.agent())
    await desk.row(customer).click()
    for line in ("可以开。", "请发税号。"):
        await expect(desk.message(line)).to_contain_text("没有发出 · 会占用额度")
        await expect(desk.message(line).get_by_role("button", name="重发")).to_have_count(0)
    await page.reload()
    await expect(log_row(page, customer.openid[-4:])).to_contain_text("没有发出 · 会占用")
    assert await said_to(customer) == []


async def test_what_is_no_pattern_is_refused_beside_the_field_and_can_be_put_right(screens, shop):
    page = await settings(screens, shop, "answers")
    screens.expect("status of 422")
    await write_rule(page, "单号", r"(\d{6}", "查到了。", match="正则表达式")
    pattern = page.get_by_label("正则表达式，每行一个")

    await save(page).click()

    await expect(pattern).to_be_focused()
    await expect(pattern).to_have_accessible_description(r"“(\d{6}”不是可用的正则表达式。")
    sample = try_box(page)
    await sample.get_by_role("button", name="试一试").click()
    await expect(sample.get_by_role("alert")).to_contain_text("不是可用的正则表达式")
    await pattern.fill(r"\d{6}")
    await expect(pattern).to_have_attribute("aria-invalid", "false")
    await save(page).click()
    await expect(row(page, "单号")).to_contain_text(r"\d{6}")


async def test_a_card_with_a_wrong_address_cannot_be_saved_before_it_is_right(screens, shop):
    page = await settings(screens, shop, "answers")
    await write_rule(page, "新品", "新品")
    await expect(page.get_by_text("还要填：内容")).to_be_visible()
    await expect(save(page)).to_be_disabled()
    card = page.get_by_role("region", name="第 1 条")
    await card.get_by_label("类型").select_option("图文链接")
    for label, text in (("标题", "春季新品"), ("说明", "上架了"), ("网页地址", "a.example")):
        await card.get_by_label(label, exact=True).fill(text)
    await card.get_by_label("图片地址").fill("https://a.example/p.png")

    await expect(card).to_contain_text("要以 http:// 或 https:// 开头")
    await expect(save(page)).to_be_disabled()
    await card.get_by_label("网页地址").fill("https://a.example/new")
    await save(page).click()
    await expect(row(page, "春季新品")).to_be_visible()

    customer = await shop.waiting("有新品吗")
    chat = await shop.sim_get(f"/sim/followers/{customer.openid}/chat")
    assert [(it["type"], it["via"]) for it in chat["items"] if it["from"] == "account"] == [
        ("news", "passive")
    ]


async def test_rules_are_moved_and_switched_off_by_keyboard_and_left_with_a_question(screens, shop):
    page = await settings(screens, shop, "answers")
    for name in ("先", "后"):
        await write_rule(page, name, "顺序", f"{name}说的")
        await save(page).click()
        await expect(row(page, f"{name}说的")).to_be_visible()

    await row(page, "后说的").get_by_role("button", name="上移").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("table").first.get_by_role("row").last).to_contain_text("先说的")
    await row(page, "后说的").get_by_role("checkbox").focus()
    await page.keyboard.press("Space")
    await expect(row(page, "后说的").get_by_role("checkbox")).not_to_be_checked()
    customer = await shop.waiting("问个顺序")
    assert await said_to(customer) == [("先说的", "passive")]

    await row(page, "先说的").get_by_role("button", name="修改").click()
    await page.get_by_label("名称", exact=True).fill("改了一半")
    await page.get_by_role("button", name="返回规则列表").click()
    await page.get_by_role("dialog").get_by_role("button", name="取消").click()
    await expect(page.get_by_label("名称", exact=True)).to_have_value("改了一半")


async def test_office_hours_and_the_keeper_are_set_up_and_stay(screens, shop):
    page = await settings(screens, shop, "hours")
    hours, keeper = (page.get_by_role("region", name=name) for name in ("工作时间", "窗口守护"))
    await hours.get_by_role("link", name="去设置工作日历").click()
    await page.get_by_role("button", name="新建日历").first.click()
    await page.get_by_label("名称", exact=True).fill("门店")
    await save(page).first.click()
    await expect(page.locator(".toast")).to_contain_text("日历")
    await page.go_back()
    await hours.get_by_label("工作日历").select_option("门店")
    await save(hours).click()
    await expect(page.locator(".toast").last).to_contain_text("工作时间已保存")

    await keeper.get_by_role("switch", name="打开窗口守护").click()
    await keeper.get_by_label("说什么").fill("请随便回一个字。")
    await keeper.get_by_label("窗口关闭前多久").select_option("1 小时")
    await save(keeper).click()
    await expect(page.locator(".toast").last).to_contain_text("窗口守护已保存")
    await page.reload()

    await expect(hours.get_by_label("工作日历").locator("option:checked")).to_have_text("门店")
    await expect(keeper.get_by_label("说什么")).to_have_value("请随便回一个字。")
    await expect(keeper.get_by_label("窗口关闭前多久")).to_have_value("60")


async def test_on_a_phone_nothing_is_wider_than_the_page(screens, shop):
    page = await settings(screens, shop, "answers", viewport=NARROW)
    await write_rule(page, "很长的名字" * 12, "x" * 60, "好。" * 40)
    await try_box(page).get_by_role("button", name="试一试").click()
    await expect(try_box(page).get_by_role("status")).to_be_visible()
    assert await wider(page) == 0
    await save(page).click()
    await expect(row(page, "好。好。")).to_be_visible()
    assert await wider(page) == 0
    await page.goto("/admin/1/hours")
    await expect(page.get_by_role("switch").first).to_be_visible()
    assert await wider(page) == 0


async def wider(page):
    """By how many pixels the page's contents are wider than their place."""
    return await page.locator(".sheet").evaluate("it => it.scrollWidth - it.clientWidth")
