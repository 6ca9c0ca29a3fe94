"""Without a mouse, and without looking: what Tab reaches, a day of work, what a reader is told."""

import json
import re

from playwright.async_api import Locator, Page, expect

from browser.screens import DeskScreen
from browser.test_every_page import UNLINKED, an_admin, conversation, go, places_of
from desk_builder import PASSWORD
from wxdesk.desk.agents import Agent, Role

MOST_TABS = 150
KEYS = """() => {
  const KINDS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, '
    + 'audio[controls], video[controls], [tabindex], [contenteditable=true]'
  const LOOK = ['outlineStyle', 'outlineWidth', 'outlineColor', 'boxShadow', 'borderColor',
    'borderWidth', 'backgroundColor', 'color', 'textDecorationLine', 'opacity']
  const styled = (each, pseudo) => {
    const style = getComputedStyle(each, pseudo)
    return LOOK.map(name => style[name]).join()
  }
  const isControl = each => each.matches(KINDS) && each.tabIndex >= 0 && !each.matches(':disabled')
    && each.checkVisibility({ visibilityProperty: true }) && !each.closest('[inert]')
  const controls = () => [...document.querySelectorAll(KINDS)].filter(isControl)
  // a ring is drawn by the control, or by what is around or within it and holds no other
  const drawers = (control) => {
    const found = [control, ...control.children]
    for (let around = control.parentElement; found.length < 12; around = around.parentElement) {
      if (!around || [...around.querySelectorAll(KINDS)].filter(isControl).length > 1) break
      found.push(around, ...around.children)
    }
    return found
  }
  const look = control => drawers(control)
    .flatMap(one => [styled(one), styled(one, '::before'), styled(one, '::after')]).join('|')
  const isRadio = each => each.type === 'radio'
  const named = control => control.outerHTML.replace(/<svg.*?<[/]svg>/g, '').slice(0, 200)
  const keys = window.keys = {
    begin() {
      keys.start()
      keys.reached = new Set()
      keys.unseen = []
      keys.looks = new Map(controls().map(control => [control, look(control)]))
    },
    start() {
      document.activeElement?.blur()
      keys.lap = new Set()
    },
    async again() {
      await new Promise(done => setTimeout(done))
      const at = document.activeElement
      if (keys.lap.has(at)) return true
      if (at === document.body) return false
      keys.lap.add(at)
      keys.reached.add(at)
      if (keys.looks.get(at) === look(at)) keys.unseen.push(named(at))
      return false
    },
    left() {
      const names = new Set([...keys.reached].filter(isRadio).map(each => each.name))
      return controls()
        .filter(each => !keys.reached.has(each) && !(isRadio(each) && names.has(each.name)))
        .map(named)
    },
  }
}"""
HEARD = """() => {
  const LIVE = '[aria-live], [role=status], [role=alert], [role=log]'
  window.heard = []
  new MutationObserver((changes) => {
    const told = new Set(changes
      .map(({ target }) => (target.nodeType === 1 ? target : target.parentElement)?.closest(LIVE))
      .filter(region => region && region.ariaLive !== 'off'))
    for (const region of told) window.heard.push(region.textContent.trim())
  }).observe(document, { childList: true, characterData: true, subtree: true })
}"""


async def walk(page: Page) -> dict[str, list[str]]:
    """Tab until it comes round; what it did not reach, and where nobody could see that it is."""
    await page.evaluate("keys.begin()")
    await go_round(page)
    if await page.evaluate("keys.left()"):  # what came in meanwhile is met the next time
        await page.evaluate("keys.start()")
        await go_round(page)
    found = {
        "not reached": await page.evaluate("keys.left()"),
        "not seen": await page.evaluate("keys.unseen"),
    }
    return {what: each for what, each in found.items() if each}


async def go_round(page: Page) -> None:
    again = False
    while not again:
        await page.keyboard.press("Tab")
        again = await page.evaluate("keys.again()")


async def test_tab_reaches_every_control_of_every_page_and_shows_where_it_is(screens, shop):
    page = (await screens.desk(await an_admin(shop), reduced_motion="reduce")).page
    await page.evaluate(KEYS)
    found = {}
    for place in [*await places_of(page), await conversation(page), *UNLINKED]:
        await go(page, place)
        if wrong := await walk(page):
            found[place] = wrong
    assert not found, json.dumps(found, indent=1, ensure_ascii=False)


async def test_an_agents_day_without_a_mouse(screens, shop, floor):
    agent, colleague = await shop.agent(Role.SUPERVISOR), await shop.agent()
    first = await shop.waiting("可以开发票吗")
    screens.expect("401")
    desk = DeskScreen(await screens.blank(), agent)
    await sign_in(desk)
    await expect(desk.row(first)).to_be_visible()
    await desk.page.keyboard.press("Alt+Enter")
    await answer(desk, "可以的")
    await leave_a_note(desk, "要专票")
    await floor.here(colleague)
    await hand_over(desk, colleague, "客户要专票")
    talk = await floor.conversation(first)
    await floor.ask("POST", f"/api/conversations/{talk['id']}/accept", by=colleague)
    await floor.here(colleague, "busy")

    second = await shop.waiting("想换货")
    await enter(desk, desk.row(second))
    await enter(desk, desk.page.get_by_role("main").get_by_role("button", name="接入"))
    await answer(desk, "可以换")
    await end(desk)

    await enter(desk, desk.page.get_by_role("navigation").get_by_role("link", name="客户"))
    customers = desk.page.get_by_role("table", name="客户")
    await enter(desk, customers.get_by_role("button", name=first.shown))
    await expect(desk.page).to_have_url(re.compile(r"/customers/\d+"))
    await expect(desk.page.get_by_role("main")).to_contain_text(first.shown)
    await desk.page.keyboard.press("Alt+Comma")
    await expect(desk.page).to_have_url(re.compile("/admin"))
    assert await first.reads() == ["可以的"]
    assert await second.reads() == ["可以换"]


async def tab_to(desk: DeskScreen, place: Locator) -> None:
    """As somebody who sees the ring does, until it is there."""
    await place.wait_for()
    for _ in range(MOST_TABS):
        if await place.evaluate("each => each === document.activeElement"):
            return
        await desk.page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {place}")


async def enter(desk: DeskScreen, place: Locator) -> None:
    await tab_to(desk, place)
    await desk.page.keyboard.press("Enter")


async def sign_in(desk: DeskScreen) -> None:
    await desk.page.goto("/")
    await expect(desk.page.get_by_label("账号")).to_be_focused()
    await desk.page.keyboard.type(desk.agent.username)
    await desk.page.keyboard.press("Tab")
    await desk.page.keyboard.type(PASSWORD)
    await desk.page.keyboard.press("Enter")
    await desk.list.wait_for()


async def answer(desk: DeskScreen, text: str) -> None:
    """What was taken is written to at once."""
    await expect(desk.composer).to_be_focused()
    await desk.page.keyboard.type(text)
    await desk.page.keyboard.press("Enter")
    await expect(desk.state(text, "已送达微信")).to_be_visible()


async def leave_a_note(desk: DeskScreen, text: str) -> None:
    await desk.page.keyboard.press("Alt+P")
    await expect(desk.page.get_by_role("textbox", name="便签")).to_be_focused()
    await desk.page.keyboard.type(text)
    await desk.page.keyboard.press("Enter")
    await expect(desk.message(text)).to_be_visible()


async def hand_over(desk: DeskScreen, colleague: Agent, text: str) -> None:
    await desk.page.keyboard.press("Alt+T")
    dialog = desk.page.get_by_role("dialog", name=re.compile("^转接"))
    person = dialog.get_by_role("radio", name=colleague.name)
    await expect(person).to_be_enabled()
    await tab_to(desk, person)
    await desk.page.keyboard.press("Space")
    await tab_to(desk, dialog.get_by_label("附言（必填）"))
    await desk.page.keyboard.type(text)
    await enter(desk, dialog.get_by_role("button", name="转接", exact=True))
    await expect(desk.page.get_by_role("main")).to_contain_text(f"等 {colleague.name} 接受")


async def end(desk: DeskScreen) -> None:
    await desk.page.keyboard.press("Alt+E")
    await expect(desk.page.get_by_role("dialog").get_by_role("button", name="结束")).to_be_focused()
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.get_by_text("会话已结束，不能再回复。")).to_be_visible()


async def test_a_reader_is_told_of_a_new_message_once(screens, shop):
    agent = await shop.agent()
    here, elsewhere = await shop.waiting("你好"), await shop.waiting("在吗")
    for customer in (here, elsewhere):
        await shop.take(customer, agent)
    desk = await screens.desk(agent)
    await desk.page.clock.install()
    await desk.page.reload()
    await desk.row(here).click()
    await expect(desk.bubbles).to_have_text(["你好"])
    await desk.page.evaluate(HEARD)

    for customer, text in ((here, "订单到了吗"), (elsewhere, "还在等")):
        await customer.writes(text)
        await expect(desk.row(customer)).to_contain_text(text)
        await desk.page.clock.fast_forward(4_000)  # no more than one in three seconds
    await expect(desk.page.locator("[aria-live=polite]").first).to_contain_text("还在等")

    heard = await desk.page.evaluate("window.heard")
    for customer, text in ((here, "订单到了吗"), (elsewhere, "还在等")):
        (told,) = [each for each in heard if text in each]
        assert customer.shown in told
