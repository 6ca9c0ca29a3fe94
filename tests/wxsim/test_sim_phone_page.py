"""The phone page in a real browser."""

import asyncio

from playwright.async_api import expect

from patient import PATIENCE_SECONDS

HOSTILE = '<img src=x onerror="document.title=1"><a href="javascript:alert(1)">x</a>'


async def only_openid(sim):
    return (await sim.get("/sim/followers"))["items"][0]["openid"]


async def test_what_is_written_is_pushed_and_the_answer_appears(phone, sim, server):
    openid = await only_openid(sim)
    await phone.get_by_label("消息", exact=True).fill("在吗")
    await phone.keyboard.press("Enter")
    await expect(phone.locator(".line.me .bubble")).to_have_text("在吗")

    await sim.send(openid, "您好，在的")

    await expect(phone.locator(".line:not(.me) .bubble")).to_have_text("您好，在的")
    await expect(phone.locator(".left b")).to_have_text("4")
    assert server.pushes[0]["Content"] == "在吗"


async def test_a_line_is_marked_until_its_push_is_over(phone, server):
    server.default = None
    await phone.get_by_label("消息", exact=True).fill("在吗")
    await phone.keyboard.press("Enter")

    await expect(phone.locator(".line.me.under-way")).to_have_count(1)
    server.default = b"success"
    server.finish.set()
    await expect(phone.locator(".line.me.under-way")).to_have_count(0)


async def test_nobody_there_is_a_grey_line(phone, sim, server):
    await sim.faults(push_tries=1)
    server.answers = [500]
    await phone.get_by_label("消息", exact=True).fill("在吗")
    await phone.keyboard.press("Enter")

    await expect(phone.locator(".grey")).to_have_text("该公众号暂时无法提供服务，请稍后再试")


async def test_markup_is_shown_as_it_was_written(phone, sim):
    openid = await only_openid(sim)
    await sim.act(openid, "text", content=HOSTILE)
    await sim.send(openid, HOSTILE)

    await expect(phone.locator(".bubble")).to_have_text([HOSTILE, HOSTILE])
    assert await phone.locator(".bubble img, .bubble a").count() == 0
    assert await phone.title() == "模拟手机 · wxsim"


async def test_enter_that_ends_a_composition_does_not_send(phone, server):
    field = phone.get_by_label("消息", exact=True)
    await field.fill("ni hao")
    await field.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    await field.press("Shift+Enter")

    await expect(field).to_have_value("ni hao\n")
    assert server.requests == []


async def test_a_customer_is_added_by_name_and_follows(phone, server):
    await phone.get_by_role("button", name="添加顾客").click()
    await phone.get_by_label("这位顾客叫什么？").fill("林小满")
    await phone.keyboard.press("Enter")

    await expect(phone.locator(".contact[aria-current=true] .name")).to_have_text("林小满")
    assert [pushed["Event"] for pushed in server.pushes] == ["subscribe"]


async def test_unfollowing_closes_the_composer_and_following_opens_it(phone, sim, server):
    await phone.get_by_role("button", name="公众号资料").click()
    await phone.get_by_role("button", name="取消关注").click()
    await phone.get_by_role("button", name="关注", exact=True).click()

    await expect(phone.get_by_label("消息", exact=True)).to_be_visible()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(server.bodies) < 2:
            await sim.get("/sim/clock")
    assert [pushed["Event"] for pushed in server.pushes] == ["unsubscribe", "subscribe"]


async def test_the_ledger_says_what_opened_and_what_spent_a_grant(phone, sim):
    openid = (await sim.get("/sim/followers"))["items"][0]["openid"]
    await sim.act(openid, "text", content="在吗")
    for number in range(6):
        await sim.send(openid, f"第 {number + 1} 条")

    behind = phone.locator("#behind")
    await expect(behind.locator(".left b")).to_have_text("0")
    await expect(behind.locator(".grant")).to_contain_text("发消息0 / 5")
    lines = behind.locator(".entries li")
    await expect(lines.first).to_contain_text("第 6 条45047")
    await expect(lines.nth(1)).to_contain_text("第 5 条发消息 −1 → 0")
    await expect(lines.last).to_contain_text("发消息+5")


async def test_rules_and_renewal_are_changed_on_the_page(phone, sim):
    await phone.locator("#rules").click()
    await expect(phone.locator(".rules dl")).to_contain_text("点菜单、关注、扫码3 / 1 分钟")
    await phone.get_by_role("button", name="换一套规则").click()
    await phone.get_by_role("button", name="2021").click()
    await expect(phone.locator("#rules")).to_have_text("规则 2021 · 重新计数")
    await phone.get_by_role("button", name="换续期方式").click()
    await phone.get_by_role("button", name="累加").click()

    await expect(phone.locator("#rules")).to_have_text("规则 2021 · 累加")
    account = await sim.get("/sim/account")
    assert (account["policy"], account["renewal"]) == ("2021", "accumulate")


async def test_on_a_phone_the_list_comes_first_and_nothing_is_wider_than_it(browser, sim):
    await sim.follower("小林")
    page = await browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="dark")
    await page.goto(f"{sim.base}/sim/")

    await page.get_by_role("button", name="小林").click()
    await expect(page.get_by_label("消息", exact=True)).to_be_visible()
    await page.get_by_role("button", name="平台视角").click()
    await page.get_by_role("button", name="English").click()
    await page.get_by_role("button", name="Close").click()

    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    await page.get_by_role("button", name="Back").click()
    await expect(page.get_by_role("button", name="小林")).to_be_visible()
    await page.close()
