"""The list and the thread when there is much of both."""

import asyncio
import statistics

import pytest_asyncio
from playwright.async_api import expect

from browser.shop import shop_open
from journeys.processes import until

CROWD = 300
LINES = 70
A_LONG_WAY = 100_000
SCROLLED_UP = """(box, {by, text}) => {
  box.scrollBy(0, by)
  const bubbles = [...box.querySelectorAll('.bubble')]
  return bubbles.find(bubble => bubble.textContent.includes(text)).getBoundingClientRect().top
}"""

SWITCHED = """async (row, text) => {
  const drawn = () => new Promise(done => requestAnimationFrame(done))
  const began = performance.now()
  row.click()
  const thread = () => document.querySelector('[role=log][aria-label]')
  while (!thread()?.textContent.includes(text)) await drawn()
  await drawn()
  return performance.now() - began
}"""
SWITCHES = 10


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shop(chromium, tmp_path_factory):
    """A desk of its own: three hundred wait here, and nobody sends them home."""
    async with shop_open(tmp_path_factory.mktemp("crowded")) as crowded:
        for first in range(1, CROWD + 1, 50):
            numbers = range(first, first + 50)
            await asyncio.gather(*[crowded.waiting(f"第{number}位") for number in numbers])
        yield crowded


async def test_three_hundred_conversations_scroll_and_few_are_drawn(screens, shop):
    desk = await screens.desk(await shop.agent())
    rows = desk.list.get_by_role("link")
    await desk.list.get_by_role("button", name="位在排队").click()

    async def scrolled_to_the_last():
        await desk.list.evaluate("list => list.parentElement.scrollTo(0, list.scrollHeight)")
        return await desk.list.locator(f"[aria-posinset='{CROWD}']").is_visible()

    await until(scrolled_to_the_last)
    assert await rows.count() < 40


async def test_the_keyboard_walks_through_the_list(screens, shop):
    desk = await screens.desk(await shop.agent())
    rows = desk.list.get_by_role("link")
    await expect(rows.first).to_be_visible()

    for key, at in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        await desk.page.keyboard.press(f"Alt+{key}")
        await expect(rows.nth(at)).to_have_attribute("aria-current", "page")

    await expect(desk.bubbles).to_have_count(1)


async def test_rows_do_not_move_under_the_pointer(screens, shop):
    agent = await shop.agent()
    first, second = await shop.waiting("我是甲"), await shop.waiting("我是乙")
    for customer in (first, second):
        await shop.take(customer, agent)
    await second.writes("我是乙，在后")
    desk = await screens.desk(agent)
    mine = desk.list.get_by_role("link").filter(has_text="我是")
    await desk.page.get_by_role("button", name="排序：紧急程度").click()
    await desk.page.get_by_role("button", name="最新消息").click()
    await expect(mine.first).to_contain_text(second.shown)
    await desk.row(first).hover()

    await first.writes("我是甲，还有一句")

    await expect(desk.row(first)).to_contain_text("还有一句")
    await expect(mine.first).to_contain_text(second.shown)
    await expect(desk.row(first)).to_contain_text("↑1")
    await desk.page.get_by_role("button", name="顺序有变化").click()
    await expect(mine.first).to_contain_text(first.shown)


async def test_older_messages_come_in_above_without_moving_what_is_read(screens, shop):
    customer = await shop.waiting(*[f"第{number}行" for number in range(1, LINES + 1)])
    desk = await screens.desk(await shop.agent())
    await shop.take(customer, desk.agent)
    await desk.row(customer).click()
    await expect(desk.bubbles.last).to_have_text(f"第{LINES}行")
    shown = await desk.bubbles.count()

    read = f"第{LINES - shown + 4}行"
    before = await desk.thread.evaluate(SCROLLED_UP, {"by": -A_LONG_WAY, "text": read})
    await expect(desk.bubbles).to_have_count(LINES)

    after = await desk.thread.evaluate(SCROLLED_UP, {"by": 0, "text": read})
    assert abs(after - before) < 2


async def test_what_was_said_before_is_above_the_conversation_that_follows(screens, shop):
    customer = await shop.waiting("上次的问题")
    desk = await screens.desk(await shop.agent())
    await shop.take(customer, desk.agent)
    await desk.row(customer).click()
    await desk.end()
    await expect(desk.page.get_by_text("会话已结束，不能再回复。")).to_be_visible()
    await customer.writes("又有问题")
    await shop.take(customer, desk.agent)
    await expect(desk.row(customer)).to_have_count(2)

    await desk.row(customer).first.click()
    await desk.thread.get_by_role("button", name="加载更早的消息").click()

    await expect(desk.bubbles).to_have_text(["上次的问题", "又有问题"])
    await expect(desk.thread).to_contain_text("上一次会话")


async def test_how_long_a_conversation_takes_that_was_open_before(screens, shop, record_property):
    agent, talks = await shop.agent(), {}
    for name in ("春", "秋"):
        lines = [f"{name}天的第{number}行" for number in range(1, LINES + 1)]
        customer = await shop.waiting(*lines)
        await shop.take(customer, agent)
        talks[customer] = lines[-1]
    desk = await screens.desk(agent)
    for customer, last in talks.items():
        await desk.row(customer).click()
        await expect(desk.bubbles.last).to_have_text(last)

    took = []
    for _ in range(SWITCHES):
        for customer, last in talks.items():
            took.append(await desk.row(customer).evaluate(SWITCHED, last))

    record_property("switched_from_cache_ms", round(statistics.median(took)))
