"""Coming in, and coming back."""

from playwright.async_api import expect

from desk_builder import PASSWORD


async def enter(page, username, password):
    await page.get_by_label("账号").fill(username)
    await page.get_by_label("密码", exact=True).fill(password)
    await page.get_by_role("button", name="登录", exact=True).click()


async def test_whoever_has_no_account_and_whoever_mistypes_read_the_same(screens, shop):
    agent = await shop.agent()
    page = await screens.blank()
    screens.expect("401")
    await page.goto("/")

    for username, password in (("nobody", PASSWORD), (agent.username, "wrong")):
        await enter(page, username, password)
        await expect(page.get_by_role("alert")).to_have_text("账号或密码不对。")
        await page.reload()
    await enter(page, agent.username, PASSWORD)

    await expect(page.locator(".frame")).to_be_visible()


async def test_a_session_that_ended_elsewhere_resumes_at_the_same_place_with_the_draft(
    screens, shop
):
    agent, customer = await shop.agent(), await shop.waiting("你好")
    desk = await screens.desk(agent)
    await desk.take(customer)
    await desk.composer.fill("正要回答")
    place = desk.page.url
    screens.expect("401")
    elsewhere = await desk.tab()

    await elsewhere.page.get_by_role("button", name="我的菜单").click()
    await elsewhere.page.get_by_role("button", name="退出登录").click()

    await expect(desk.page.get_by_role("status").first).to_contain_text("回到原处，草稿都在")
    await expect(desk.page.get_by_label("密码", exact=True)).to_be_focused()
    await enter(desk.page, agent.username, PASSWORD)
    await expect(desk.composer).to_have_value("正要回答")
    assert desk.page.url == place
