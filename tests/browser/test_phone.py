"""The desk in a hand: four places below, rows that are pushed aside, a chat above a keyboard."""

import gzip
import json
import re
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from browser.screens import NARROW, DeskScreen
from journeys.processes import until
from wxdesk.desk.agents import Role

AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
PHONE = {"viewport": NARROW, "has_touch": True, "is_mobile": True}
PLACES = ("/conversations", "/queue", "/customers/all", "/me")
FIRST_SCRIPT_KB = 50
UNTIL_THE_LIST_KB = 205
SMALLEST_PX = 44
SMALL_TARGETS = """smallest => ["a[href]", "button", "[role=button]", "[role=tab]"]
  .flatMap(kind => [...document.querySelectorAll(kind)])
  .filter(each => each.checkVisibility())
  .filter(each => !each.closest('.el-popper, .top, .message, table, p'))
  .map(each => [each, each.getBoundingClientRect()])
  .filter(([, { width }]) => width > 1)
  .filter(([, { width, height }]) => Math.min(width, height) < smallest - 1)
  .map(([each, { width, height }]) =>
    `${each.ariaLabel || each.innerText} ${Math.round(width)}x${Math.round(height)}`)"""
GO = """place =>
  document.querySelector("#app").__vue_app__.config.globalProperties.$router.push(place)"""
SCRIPTS = """() => performance.getEntriesByType("resource")
  .map(({ name }) => new URL(name).pathname)
  .filter(path => /assets.*[.]js$/.test(path))"""
SAYS = """words => [...document.querySelectorAll("[role=status]")]
  .some(({ innerText }) => innerText.includes(words))"""
"""Looked for with each frame: it does not stay."""
WIDER = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""


async def phone(screens, agent, path="/conversations", **options) -> DeskScreen:
    return await screens.desk(agent, path, **PHONE | options)


def bar(desk: DeskScreen) -> Locator:
    return desk.page.get_by_role("navigation", name="主导航")


async def push_aside(page: Page, row: Locator, x: int, y: int = 0) -> None:
    """A finger on the row goes so far and lets go."""
    box = await row.bounding_box()
    assert box
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    touch = await page.context.new_cdp_session(page)
    steps = 12

    async def say(kind: str, *points: dict[str, float]) -> None:
        await touch.send(
            "Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": list(points)}
        )

    await say("Start", at)
    for step in range(1, steps + 1):
        await say("Move", {"x": at["x"] + x * step / steps, "y": at["y"] + y * step / steps})
    await say("End")


@asynccontextmanager
async def pulled_down(page: Page, place: Locator, y: int) -> AsyncIterator[None]:
    """A finger pulls the place down so far, stays for the block, and lets go."""
    box = await place.bounding_box()
    assert box
    x, top = box["x"] + box["width"] / 2, box["y"] + 20
    touch = await page.context.new_cdp_session(page)
    for kind, down in [("Start", 0), *(("Move", y * step / 12) for step in range(1, 13))]:
        points = [{"x": x, "y": top + down}]
        await touch.send(
            "Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points}
        )
    yield
    await touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


async def hold(page: Page, place: Locator) -> None:
    """A finger stays until something comes of it; what still moves it does not hit."""
    await place.click(trial=True)
    box = await place.bounding_box()
    assert box
    point = {"x": box["x"] + 40, "y": box["y"] + box["height"] / 2}
    touch = await page.context.new_cdp_session(page)
    await touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    await page.locator(".el-drawer:visible").wait_for()
    await touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


async def test_four_places_are_below_and_give_way_to_a_chat(screens, shop):
    agent = await shop.agent(Role.SUPERVISOR)
    customer = await shop.waiting("你好", "在吗")
    await shop.waiting("第二位")
    await shop.take(customer, agent)
    desk = await phone(screens, agent)

    await expect(bar(desk).get_by_role("link")).to_have_text(["2 会话", "1 排队", "客户", "我"])
    await bar(desk).get_by_role("link", name="客户").click()
    await expect(desk.page.get_by_role("heading", name="客户", exact=True)).to_be_visible()
    await bar(desk).get_by_role("link", name="我", exact=True).click()
    await expect(desk.page.get_by_role("heading", name=agent.name)).to_be_visible()
    await expect(desk.page.get_by_role("region", name="今天")).to_contain_text(
        re.compile(r"接待\d")
    )
    await expect(desk.page.get_by_role("link", name="监控")).to_be_visible()
    await bar(desk).get_by_role("link", name="会话").click()
    await desk.row(customer).click()

    await expect(desk.composer).to_be_visible()
    await expect(bar(desk)).to_be_hidden()


async def test_the_first_who_waits_is_taken_from_the_queue(screens, shop):
    first = await shop.waiting("我先来的")
    await shop.waiting("我后来的")
    desk = await phone(screens, await shop.agent(), "/queue")

    await expect(desk.page.get_by_role("main")).to_contain_text("人在排队2")
    await expect(desk.page.get_by_role("region", name="各组")).to_contain_text("未分组2 人")
    await desk.page.get_by_role("button", name="接入第一位").click()

    await expect(desk.thread).to_contain_text("我先来的")
    await expect(desk.composer).to_be_visible()
    assert first.shown in await desk.page.get_by_role("heading", level=1).inner_text()


async def test_a_row_pushed_to_the_left_shows_what_can_be_done_and_scrolling_does_not(
    screens, shop
):
    agent = await shop.agent()
    customer = await shop.waiting("你好")
    await shop.take(customer, agent)
    desk = await phone(screens, agent)
    row = desk.row(customer)
    await expect(row).to_be_visible()

    await push_aside(desk.page, row, -30, 160)
    await expect(desk.page.get_by_role("button", name="转接")).to_have_count(0)
    await push_aside(desk.page, row, -180)
    await desk.page.get_by_role("button", name="稍后").click()
    await expect(desk.page.get_by_role("dialog")).to_be_visible()
    assert desk.page.url.endswith("/conversations")
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.get_by_role("dialog")).to_be_hidden()

    await push_aside(desk.page, row, 120)
    await until(lambda: marked(shop, agent))
    await push_aside(desk.page, row, -180)
    await desk.page.get_by_role("button", name="结束", exact=True).click()
    await desk.page.get_by_role("dialog").get_by_role("button", name="结束").click()
    await expect(desk.composer).to_be_hidden()


async def marked(shop, agent):
    """What the agent has marked as unread, at the desk."""
    return (await shop.ask(agent, "GET", "/api/unread-marks"))["items"]


async def test_chips_narrow_the_list_to_what_is_owed(screens, shop):
    agent = await shop.agent()
    owed, answered = await shop.waiting("等回复"), await shop.waiting("已回复")
    for customer in (owed, answered):
        await shop.take(customer, agent)
    desk = await phone(screens, agent)
    await desk.row(answered).click()
    await desk.reply("好的")
    await expect(desk.state("好的", "已送达微信")).to_be_visible()
    await desk.page.get_by_role("link", name="返回列表").click()

    await desk.page.get_by_role("button", name="待回复").click()

    await expect(desk.row(owed)).to_be_visible()
    await expect(desk.row(answered)).to_have_count(0)
    await desk.page.get_by_role("button", name="待回复").click()
    await expect(desk.row(answered)).to_be_visible()


@pytest.mark.parametrize(
    ("path", "list_", "shown", "asked"),
    [
        ("/conversations", ".inbox .scroller", "等着", "/api/conversations?state=waiting"),
        ("/queue", "main", "未分组", "/api/queue/groups"),
    ],
)
async def test_a_list_pulled_down_is_fetched_and_says_how_fresh_it_is(
    screens, shop, path, list_, shown, asked
):
    await shop.waiting("等着")
    desk = await phone(screens, await shop.agent(), path)
    page = desk.page
    place = page.locator(list_)
    await expect(place).to_contain_text(shown)
    said = page.get_by_role("status").filter(has_text=re.compile("刷新|最新"))

    async with pulled_down(page, place, 40):
        await expect(said).to_contain_text("下拉刷新")
    await expect(said).to_have_count(0)

    fresh = re.compile(r"松开刷新.*实时更新中 · \d+ 秒前有回应", re.DOTALL)
    fetched = page.expect_request(lambda request: asked in request.url)
    async with fetched, pulled_down(page, place, 220):
        await expect(said).to_contain_text(fresh)
    await page.wait_for_function(SAYS, arg="已是最新")
    await expect(said).to_have_count(0)


async def test_without_a_network_a_pull_says_since_when(screens, shop):
    customer = await shop.waiting("等着")
    desk = await phone(screens, await shop.agent())
    await desk.row(customer).wait_for()
    screens.expect("ERR_INTERNET_DISCONNECTED", "Failed to load resource")
    await desk.page.context.set_offline(True)
    await expect(desk.connection).to_contain_text("已离线")

    async with pulled_down(desk.page, desk.page.locator(".inbox .scroller"), 220):
        said = desk.page.get_by_role("status").filter(has_text="松开刷新")
        await expect(said).to_contain_text(re.compile("已离线 · .*回应"))

    await desk.page.wait_for_function(SAYS, arg="没能刷新")
    await expect(desk.row(customer)).to_be_visible()
    await expect(desk.page.get_by_role("alert")).to_have_count(0)


async def test_what_was_sent_is_taken_back_from_above_the_keyboard(screens, shop):
    customer = await shop.waiting("你好")
    desk = await phone(screens, await shop.agent(undo_seconds=10))
    await desk.take(customer)
    await desk.reply("写错了的话")
    undo = desk.page.locator(".undo-bar")

    await expect(undo).to_contain_text("写错了的话")
    await undo.get_by_role("button", name="撤回").click()

    await expect(desk.composer).to_have_value("写错了的话")
    assert await customer.reads() == []


async def test_a_long_press_shows_what_can_be_done_with_a_message(screens, shop):
    customer = await shop.waiting("订单号 WG20261120")
    desk = await phone(screens, await shop.agent())
    await desk.take(customer)
    await desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await expect(desk.thread).to_contain_text("接入了会话")

    await hold(desk.page, desk.bubbles.first)
    await desk.page.get_by_role("list", name="消息操作").get_by_role("button", name="复制").click()

    await expect(desk.toast).to_contain_text("已复制")
    assert await desk.page.evaluate("navigator.clipboard.readText()") == "订单号 WG20261120"


async def test_the_camera_and_quick_replies_are_behind_the_plus(screens, shop):
    agent = await shop.agent()
    await shop.ask(
        agent, "POST", "/api/quick-replies", scope="own", title="问候", text="您好，很高兴为您服务"
    )
    customer = await shop.waiting("你好")
    desk = await phone(screens, agent)
    await desk.take(customer)

    await desk.page.get_by_role("button", name="添加内容").click()
    async with desk.page.expect_file_chooser():
        await desk.page.get_by_role("button", name="拍照").click()
    picker = desk.page.locator("input[type=file]")
    assert await picker.get_attribute("capture") is not None
    assert await picker.get_attribute("accept") == "image/*"
    await desk.page.get_by_role("button", name="添加内容").click()
    await desk.page.get_by_role("button", name="快捷回复").click()
    await desk.page.get_by_role("list", name="快捷回复").get_by_role("button", name="问候").click()

    await expect(desk.composer).to_have_value("您好，很高兴为您服务")


async def test_a_keyboard_never_covers_the_last_line(screens, shop):
    customer = await shop.waiting(*[f"第{n}句" for n in range(1, 20)])
    desk = await phone(screens, await shop.agent())
    await desk.take(customer)
    await expect(desk.bubbles.last).to_be_in_viewport(ratio=1)

    for size in ({"width": 390, "height": 480}, {"width": 844, "height": 390}, NARROW):
        await desk.page.set_viewport_size(size)
        await expect(desk.bubbles.last).to_be_in_viewport(ratio=1)
        await expect(desk.composer).to_be_in_viewport(ratio=1)
        await expect(desk.page.get_by_role("heading", level=1)).to_be_in_viewport()


@pytest.mark.parametrize("width", [320, 360, 390])
async def test_every_place_fits_a_phone_and_is_large_enough_for_fingers(screens, shop, width):
    agent = await shop.agent(Role.ADMIN)
    await shop.waiting("等着的人")
    customer = await shop.waiting("你好，我的订单到哪里了？")
    await shop.take(customer, agent)
    desk = await phone(screens, agent, viewport={"width": width, "height": 640})
    await desk.page.evaluate(AXE.read_text())
    await desk.row(customer).wait_for()
    chat = await desk.row(customer).get_attribute("href")
    found = {}
    for place in (*PLACES, chat):
        await desk.page.evaluate(GO, place)
        await desk.page.wait_for_function("place => location.pathname === place", arg=place)
        await desk.page.locator("main:visible, .inbox:visible").first.wait_for()
        await desk.page.wait_for_function("() => !document.querySelector('.skeleton')")
        if wider := await desk.page.evaluate(WIDER):
            found[f"{place} is wider"] = wider
        if small := await desk.page.evaluate(SMALL_TARGETS, SMALLEST_PX):
            found[f"{place} is small"] = small
        result = await desk.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        for each in result["violations"]:
            if each["impact"] in {"serious", "critical"}:
                found[f"{place} {each['id']}"] = [node["html"][:200] for node in each["nodes"][:3]]
    assert not found, json.dumps(found, indent=1, ensure_ascii=False)


async def test_text_twice_as_large_still_fits(screens, shop):
    agent = await shop.agent()
    customer = await shop.waiting("你好")
    await shop.take(customer, agent)
    desk = await phone(screens, agent, viewport={"width": 640, "height": 1136})
    await desk.row(customer).wait_for()
    chat = await desk.row(customer).get_attribute("href")
    for place in (*PLACES, chat):
        await desk.page.goto(place)
        await desk.page.locator(".frame").wait_for()
        await desk.page.evaluate("document.documentElement.style.zoom = 2")
        assert await desk.page.evaluate(WIDER) <= 0, place
    await expect(desk.composer).to_be_visible()


async def test_it_can_be_installed_and_its_first_scripts_are_small(screens, shop, record_property):
    desk = await phone(screens, await shop.agent())
    page = desk.page
    manifest = await (await page.request.get("/manifest.json")).json()
    assert {"name", "short_name", "start_url", "scope", "display", "theme_color"} <= manifest.keys()
    sizes = []
    for icon in manifest["icons"]:
        if icon["type"] == "image/png":
            body = await (await page.request.get(icon["src"])).body()
            width, height = struct.unpack(">II", body[16:24])
            assert icon["sizes"] == f"{width}x{height}"
            sizes.append((width, icon.get("purpose", "any")))
    assert {(192, "any"), (512, "any"), (512, "maskable")} <= set(sizes)
    assert await page.locator("link[rel=apple-touch-icon]").get_attribute("href")
    assert "width=device-width" in (
        await page.locator("meta[name=viewport]").get_attribute("content") or ""
    )

    html = await (await page.request.get("/")).text()
    loaded = await page.evaluate(SCRIPTS)
    bodies = {each: await (await page.request.get(each)).body() for each in loaded}
    kilobytes = {each: len(gzip.compress(body)) / 1024 for each, body in bodies.items()}
    first = sum(size for each, size in kilobytes.items() if each in html)
    everything = sum(kilobytes.values())
    paint = await page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    )
    record_property("first_contentful_paint_ms", paint)
    record_property("until_the_list_kb", everything)
    assert 0 < first <= FIRST_SCRIPT_KB
    assert first < everything <= UNTIL_THE_LIST_KB
