"""Pages of another system, of an origin of its own, beside a conversation: shown, hostile, gone."""

import re
import socket

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import expect

from browser.screens import NARROW
from browser.shop import ELSEWHERE
from elsewhere import elsewhere
from wxdesk.desk.agents import Role

ORDERS = """<!doctype html><meta charset="utf-8"><h1>2 个订单</h1>
<p id="who"></p><button>告诉客户</button>
<script>
document.querySelector('#who').textContent = new URLSearchParams(location.search).get('openid')
document.querySelector('button').onclick = () =>
  parent.postMessage({ wxdesk: 'insert', text: ' 您的包裹明天到 ' }, '*')
</script>"""

HOSTILE = """<!doctype html><meta charset="utf-8"><pre id="log"></pre><button>在新窗口打开</button>
<script>
const said = []
function attempt(name, act) {
  let outcome
  try { outcome = act() } catch (error) { outcome = error.name }
  said.push(name + ': ' + outcome)
  document.querySelector('#log').textContent = said.join('\\n')
}
attempt('read the desk', () => top.document.title)
attempt('read the frame', () => parent.document.title)
attempt('read its cookies', () => document.cookie)
attempt('ask', () => window.confirm('?'))
attempt('lead the window away', () => { top.location = 'https://evil.invalid/' })
attempt('lead the frame away', () => { parent.location = 'https://evil.invalid/' })
for (const text of ['a'.repeat(1001), '  ', 5, null, ['x']])
  attempt('offer', () => parent.postMessage({ wxdesk: 'insert', text }, '*'))
attempt('speak to the desk', () => top.postMessage({ wxdesk: 'insert', text: '直接写入' }, '*'))
attempt('fail', () => top.postMessage({ wxdesk: 'unreachable' }, '*'))
document.querySelector('button').onclick = () => {
  const other = window.open('about:blank')
  attempt('from elsewhere', () => { other.opener.top.location = 'https://evil.invalid/' })
}
</script>"""


@pytest_asyncio.fixture(loop_scope="session")
async def orders():
    """The other system; what it shows is a test's to say."""
    async with elsewhere(ELSEWHERE) as there:
        there.page = ORDERS
        there.answer = lambda _asked: web.Response(
            text=there.page, content_type="text/html", headers=there.headers
        )
        yield there


@pytest_asyncio.fixture(loop_scope="session")
async def card(shop):
    """Makes cards that are pages, and takes them away again."""
    boss = await shop.agent(Role.ADMIN)

    async def make(url, name="订单", *, looked_at=False):
        made = await shop.ask(boss, "POST", "/api/cards", name=name, url=url, kind="page")
        if looked_at:
            await shop.ask(boss, "POST", f"/api/cards/{made['id']}/look")

    yield make
    for each in (await shop.ask(boss, "GET", "/api/cards"))["items"]:
        await shop.ask(boss, "DELETE", f"/api/cards/{each['id']}")


async def opened(screens, shop, **options):
    """An agent with a conversation, before the cards beside it."""
    customer, agent = await shop.waiting("我的订单呢"), await shop.agent()
    await shop.take(customer, agent)
    desk = await screens.desk(agent, **options)
    await desk.row(customer).click()
    await desk.composer.wait_for()
    if options:
        await desk.page.keyboard.press("Alt+o")
    await desk.page.get_by_role("tab", name="外部").click()
    return desk, customer


def inside(desk, name="订单"):
    """The page within the frame of the desk."""
    return desk.page.frame_locator(f'iframe[title="{name}"]').frame_locator("iframe")


async def test_a_page_is_shown_for_the_customer_and_its_text_is_taken_by_hand(
    screens, shop, orders, card
):
    await card(orders.url + "/o?openid={openid}")
    desk, customer = await opened(screens, shop)
    box = desk.page.get_by_role("region", name="订单")

    await expect(inside(desk).get_by_text(customer.openid)).to_be_visible()
    await expect(box).to_have_attribute("aria-busy", "false")
    await inside(desk).get_by_role("button", name="告诉客户").click()
    offer = box.get_by_role("group", name="这个页面提供了一段文字")
    await expect(offer).to_contain_text("您的包裹明天到")
    await expect(desk.composer).to_have_value("")
    await offer.get_by_role("button", name="写入回复框").click()

    await expect(desk.composer).to_have_value("您的包裹明天到")
    await expect(offer).to_have_count(0)
    shown = [each for each in orders.asked if "wxdesk_signature" in each.query]
    assert shown
    assert all("referer" not in each.headers for each in shown)


async def test_a_new_card_is_shown_without_a_new_page(screens, shop, orders, card):
    """Nobody reloads: which origins are framed is decided when a frame is opened."""
    desk, _ = await opened(screens, shop)
    await expect(desk.page.get_by_text("还没有外部卡片")).to_be_visible()

    await card(orders.url)
    await desk.page.get_by_role("tab", name="历史").click()
    await desk.page.get_by_role("tab", name="外部").click()

    await expect(inside(desk).get_by_role("heading", name="2 个订单")).to_be_visible()


async def test_a_hostile_page_stays_in_its_frame(screens, shop, orders, card):
    screens.expect("Unsafe attempt", "sandboxed", "allow-modals", "evil.invalid", "Blocked")
    screens.expect("Failed to execute 'postMessage'", "SecurityError", "DataCloneError")
    orders.page = HOSTILE
    await card(orders.url)
    desk, _ = await opened(screens, shop)
    at = desk.page.url

    log = inside(desk).locator("#log")
    await expect(log).to_contain_text("fail: undefined")
    said = (await log.inner_text()).splitlines()
    async with desk.page.context.expect_page() as other:
        await inside(desk).get_by_role("button", name="在新窗口打开").click()
    await (await other.value).close()

    assert said[0] == "read the desk: SecurityError"
    assert said[1] == "read the frame: SecurityError"
    assert "read its cookies: " in said
    assert "ask: false" in said
    assert desk.page.url == at
    await expect(log).to_be_visible()
    await expect(desk.page.get_by_text("这个页面提供了一段文字")).to_have_count(0)
    await expect(desk.composer).to_have_value("")
    await desk.reply("还在")
    await expect(desk.message("还在")).to_be_visible()


@pytest.mark.parametrize("way", ["redirected", "linked"])
async def test_a_frame_stays_with_the_origin_that_was_named(screens, shop, orders, card, way):
    screens.expect("violates the following Content Security Policy", "ERR_BLOCKED_BY_CSP")
    async with elsewhere(ELSEWHERE) as evil:
        if way == "redirected":
            orders.answer = lambda _asked: web.Response(
                status=302, headers={"location": evil.url + "/caught"}
            )
        else:
            orders.page = f'<meta charset="utf-8"><a href="{evil.url}/caught">继续</a>'
        await card(orders.url)
        desk, _ = await opened(screens, shop)
        if way == "linked":
            await inside(desk).get_by_role("link", name="继续").click()
            await desk.page.get_by_role("button", name="刷新").click()
            await expect(inside(desk).get_by_role("link", name="继续")).to_be_visible()
        else:
            alert = desk.page.get_by_role("region", name="订单").get_by_role("alert")
            await expect(alert).to_contain_text("这个页面打不开")

        assert evil.asked == []


async def test_nobody_there_is_told_in_the_card_alone(screens, shop, card):
    screens.expect("ERR_CONNECTION_REFUSED", "Failed to load resource")
    await card(f"http://{ELSEWHERE}:9/", name="仓库")
    desk, _ = await opened(screens, shop)
    alert = desk.page.get_by_role("region", name="仓库").get_by_role("alert")

    await expect(alert).to_contain_text("这个页面打不开")
    link = alert.get_by_role("link", name="在新标签页打开")
    await expect(link).to_have_attribute("href", re.compile(r"/conversations/\d+/cards/\d+/open"))
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(desk.toast).to_have_count(0)
    await desk.reply("您好")
    await expect(desk.message("您好")).to_be_visible()


async def test_a_page_that_takes_long_says_so_and_is_waited_for(screens, shop, orders, card):
    screens.expect("ERR_CONNECTION_RESET", "ERR_CONNECTION_REFUSED")  # once the silent one is gone
    with socket.create_server((ELSEWHERE, 0)) as silent:
        await card(orders.url)
        await card(f"http://{ELSEWHERE}:{silent.getsockname()[1]}/", name="仓库")
        desk, _ = await opened(screens, shop)
        box = desk.page.get_by_role("region", name="仓库")
        await desk.page.clock.install()
        await box.get_by_role("button", name="刷新").click()
        await expect(box).to_have_attribute("aria-busy", "true")

        await desk.page.clock.fast_forward(8_000)

        await expect(box).to_contain_text("这个页面还没有打开")
        await expect(box.get_by_role("link", name="在新标签页打开", exact=True)).to_be_visible()
        await expect(inside(desk).get_by_role("heading", name="2 个订单")).to_be_visible()


async def test_a_page_that_is_gone_says_so_and_comes_back(screens, shop, orders, card):
    screens.expect("status of 404")
    await card(orders.url)
    desk, _ = await opened(screens, shop)
    await expect(inside(desk).get_by_role("heading", name="2 个订单")).to_be_visible()
    await desk.page.route("**/page", lambda route: route.fulfill(status=404, body="{}"))

    await desk.page.get_by_role("button", name="刷新").click()
    alert = desk.page.get_by_role("region", name="订单").get_by_role("alert")
    await expect(alert).to_contain_text("这个页面打不开")
    await desk.page.unroute("**/page")
    await alert.get_by_role("button", name="重试").click()

    await expect(inside(desk).get_by_role("heading", name="2 个订单")).to_be_visible()


async def test_the_frame_is_framed_by_the_desk_alone(screens, shop, orders, card):
    screens.expect("frame-ancestors", "X-Frame-Options", "ERR_BLOCKED_BY_RESPONSE")
    await card(orders.url)
    desk, _ = await opened(screens, shop)
    src = await desk.page.locator('iframe[title="订单"]').get_attribute("src")
    await expect(inside(desk).get_by_role("heading", name="2 个订单")).to_be_visible()
    framing = f'<iframe id="stolen" src="{shop.desk.url}{src}"></iframe>'

    async with elsewhere() as neighbour:  # of the same site: the agent's cookie goes along
        neighbour.answer = lambda _: web.Response(text=framing, content_type="text/html")
        page = await desk.page.context.new_page()
        async with page.expect_response(shop.desk.url + src) as refused:
            await page.goto(neighbour.url)

    assert (await refused.value).status == 200
    assert await page.locator("#stolen").evaluate("frame => frame.contentDocument") is None
    assert "iframe" not in await page.frames[1].content()


async def test_on_a_phone_a_text_is_taken_and_the_sheet_gives_way(screens, shop, orders, card):
    await card(orders.url + "/o?openid={openid}")
    desk, _ = await opened(screens, shop, viewport=NARROW)

    await inside(desk).get_by_role("button", name="告诉客户").click()
    await desk.page.get_by_role("button", name="写入回复框").click()

    await expect(desk.page.get_by_role("tab", name="外部")).to_have_count(0)
    await expect(desk.composer).to_have_value("您的包裹明天到")
    assert await desk.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


async def test_a_page_known_to_refuse_frames_is_opened_in_a_tab(screens, shop, orders, card):
    orders.headers = {"X-Frame-Options": "DENY"}
    await card(orders.url, looked_at=True)
    desk, _ = await opened(screens, shop)
    box = desk.page.get_by_role("region", name="订单")

    await expect(box).to_contain_text("不允许把这个页面嵌在客服台里")
    await expect(box.locator("iframe")).to_have_count(0)
    await expect(box).to_have_attribute("aria-busy", "false")
    async with desk.page.context.expect_page() as tab:
        await box.get_by_role("link", name="在新标签页打开").click()

    await expect((await tab.value).get_by_role("heading", name="2 个订单")).to_be_visible()


async def test_beside_a_page_that_refuses_unasked_stands_what_to_do(screens, shop, orders, card):
    """Nothing tells the desk's page of it: so the words stand there whatever is shown."""
    screens.expect("X-Frame-Options", "ERR_BLOCKED_BY_RESPONSE")
    orders.headers = {"X-Frame-Options": "DENY"}
    await card(orders.url)
    desk, _ = await opened(screens, shop)
    box = desk.page.get_by_role("region", name="订单")

    await expect(box).to_contain_text("一直空白或提示拒绝连接？")
    await expect(box.get_by_role("link", name="在新标签页打开", exact=True)).to_be_visible()


async def test_beside_a_page_that_was_asked_stands_nothing(screens, shop, orders, card):
    await card(orders.url, looked_at=True)
    desk, _ = await opened(screens, shop)
    box = desk.page.get_by_role("region", name="订单")

    await expect(inside(desk).get_by_role("heading", name="2 个订单")).to_be_visible()
    await expect(box).to_have_attribute("aria-busy", "false")
    await expect(box).not_to_contain_text("空白")


async def test_an_admin_is_told_which_header_refuses_and_looks_again(screens, shop, orders, card):
    orders.headers = {"Content-Security-Policy": "frame-ancestors 'self'"}
    await card(orders.url)
    page = (await screens.desk(await shop.agent(Role.ADMIN), "/admin/hooks")).page
    row = page.get_by_role("table", name="外部卡片").get_by_role("row", name="订单")
    await expect(row).to_contain_text("还没有检查能不能嵌入")

    await row.get_by_role("button", name="检查“订单”能不能嵌在客服台里").click()
    await expect(row).to_contain_text(
        "不允许嵌入（Content-Security-Policy: frame-ancestors 'self'）"
    )
    orders.headers = {}
    await row.get_by_role("button", name="修改卡片“订单”").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("网页地址").fill(orders.url + "/framed")
    await dialog.get_by_role("button", name="保存").click()

    await expect(row).to_contain_text("可以嵌在客服台里")
    assert [each.path for each in orders.asked] == ["/", "/framed"]


@pytest.mark.usefixtures("card")
async def test_an_admin_adds_a_page_and_changes_its_secret(screens, shop, orders):
    page = (await screens.desk(await shop.agent(Role.ADMIN), "/admin/hooks")).page
    await page.get_by_role("button", name="新建卡片").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("名称").fill("订单")
    await dialog.get_by_label("方式").select_option("显示对方的网页")
    await dialog.get_by_label("网页地址").fill("http://crm.invalid/")
    screens.expect("status of 422")
    await dialog.get_by_role("button", name="新建卡片").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("https://")
    await dialog.get_by_label("网页地址").fill(orders.url)
    await dialog.get_by_role("button", name="新建卡片").click()
    secret = page.get_by_role("dialog").locator("code")
    first = await secret.inner_text()
    await page.get_by_role("dialog").get_by_role("button", name="我已保存").click()
    table = page.get_by_role("table", name="外部卡片")
    await expect(table).to_contain_text("显示对方的网页")
    await expect(table).to_contain_text("可以嵌在客服台里")

    await page.get_by_role("button", name="更换“订单”的密钥").click()
    asking = page.get_by_role("dialog", name="更换卡片“订单”的密钥？")
    await expect(asking).to_contain_text("旧密钥马上作废")
    await asking.get_by_role("button", name="更换密钥").click()
    told = page.get_by_role("dialog", name="只显示这一次")
    await expect(told).to_contain_text("这是新的签名密钥")

    assert await told.locator("code").inner_text() != first
