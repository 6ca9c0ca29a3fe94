"""What an account's sending is counted by: the table of rules, and the clock of the desk."""

import pytest_asyncio
from playwright.async_api import expect

from browser.shop import shop_open
from wxdesk.desk.agents import Role

THREE_MINUTES = 180
PUSHES_UNTIL_SURE = 3


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shop(chromium, tmp_path_factory):
    """One of its own: both change what holds for the whole account."""
    async with shop_open(tmp_path_factory.mktemp("overview"), policy="2013") as overseen:
        yield overseen


async def test_another_table_of_rules_is_chosen_and_every_window_counted_by_it(screens, shop):
    customer = await shop.waiting("你好")
    watching = await screens.desk(await shop.agent())
    await expect(watching.row(customer)).to_be_visible()
    boss = await screens.desk(await shop.agent(Role.ADMIN), "/admin/1/overview")
    rules = boss.page.get_by_role("region", name="发送规则")
    await expect(rules.get_by_label("按哪一版规则")).to_have_value("2013")

    await rules.get_by_label("按哪一版规则").select_option("2023")
    await expect(rules.get_by_label("发消息 可发条数")).to_have_value("5")
    await rules.get_by_role("button", name="保存规则").click()
    await boss.page.get_by_role("dialog").get_by_role("button", name="保存规则").click()

    await expect(boss.toast).to_contain_text("规则已保存")
    mark = watching.row(customer).get_by_role("img", name="还可发 5 条")
    await expect(mark).to_be_visible()


async def test_supervisors_are_told_that_the_clock_is_off_and_agents_are_not(screens, shop):
    await shop.faults(sign_with_moved_clock=True)
    await shop.sim_post("/sim/clock", advance_seconds=THREE_MINUTES)
    await shop.waiting(*["在吗"] * PUSHES_UNTIL_SURE)

    boss = await screens.desk(await shop.agent(Role.SUPERVISOR))

    await expect(boss.page.get_by_role("alert")).to_contain_text("客服台的时钟慢了")
    agent = await screens.desk(await shop.agent())
    await expect(agent.list).to_contain_text("在吗")
    await expect(agent.page.get_by_role("alert")).to_have_count(0)
