"""Every page that a link of the frame leads to: what axe finds, and whether it fits its screen.

Pages are found by following the links of the navigation: a new one needs no line here.
"""

import json
from pathlib import Path

import pytest

from wxdesk.desk.agents import Role

AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
SERIOUS = {"serious", "critical"}
UNLINKED = ("/customers/files", "/customers/1")
"""Pages that buttons lead to."""

WIDTHS = (320, 390, 720, 1024, 1440, 2560)
"""720 is also a screen of 1440 at 200 %."""

LINKS = """() => [...document.querySelectorAll('nav a[href]')]
  .map(link => link.getAttribute('href'))"""
LOADED = """() => document.querySelector('main')?.checkVisibility()
  && !document.querySelector('.skeleton, [aria-busy=true]')"""
AT_REST = """() => document.getAnimations().every(({playState, effect}) =>
  playState !== 'running' || effect.getComputedTiming().iterations === Infinity)"""
WIDER = """() => {
  const width = document.documentElement.clientWidth
  const right = each => Math.round(each.getBoundingClientRect().right)
  const mayBeWide = (each) => {
    if (!each) return false
    const {overflowX, textOverflow} = getComputedStyle(each)
    return /auto|scroll/.test(overflowX) || textOverflow === 'ellipsis'
      || mayBeWide(each.parentElement)
  }
  return [...document.querySelectorAll('body *')]
    .filter(each => right(each) > width + 1 && each.checkVisibility()
      && !mayBeWide(each.parentElement))
    .slice(0, 5)
    .map(each => `${each.outerHTML.slice(0, 100)} ends at ${right(each)}`)
}"""
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
GO = """place =>
  document.querySelector('#app').__vue_app__.config.globalProperties.$router.push(place)"""


async def an_admin(shop):
    """Somebody who may see all of it; there is something to see."""
    agent = await shop.agent(Role.ADMIN)
    await shop.waiting("还没有人回复我")
    await shop.take(await shop.waiting("你好", "我的订单到哪里了？"), agent)
    return agent


async def places_of(page):
    """The addresses of all pages, in the order in which they are found."""
    found, looked = ["/conversations"], 0
    while looked < len(found):
        await go(page, found[looked])
        looked += 1
        for link in await page.evaluate(LINKS):
            if link.startswith("/") and link not in found:
                found.append(link)
    assert len(found) > 20
    return found


async def go(page, place):
    """Until nothing is loading any more."""
    await page.evaluate(GO, place)
    await page.wait_for_function("place => location.pathname.startsWith(place)", arg=place)
    await page.wait_for_function(LOADED)
    await page.wait_for_function(AT_REST)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_serious(screens, shop, scheme):
    page = (
        await screens.desk(await an_admin(shop), color_scheme=scheme, reduced_motion="reduce")
    ).page
    await page.evaluate(AXE.read_text())
    found = {}
    for place in [*await places_of(page), await conversation(page), *UNLINKED]:
        await go(page, place)
        result = await page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        for each in result["violations"]:
            if each["impact"] in SERIOUS:
                nodes = [
                    node["html"][:160] + " | " + node["failureSummary"][:200]
                    for node in each["nodes"][:3]
                ]
                found.setdefault(f"{each['id']}: {each['help']}", {})[place] = nodes
    assert not found, json.dumps(found, indent=1, ensure_ascii=False)


async def conversation(page):
    await go(page, "/conversations")
    return await page.locator(".row").first.get_attribute("href")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
async def test_every_page_fits_its_screen(screens, shop, locale):
    page = (await screens.desk(await an_admin(shop), locale=locale, reduced_motion="reduce")).page
    found = {}
    for place in [*await places_of(page), await conversation(page), *UNLINKED]:
        await page.set_viewport_size({"width": 1440, "height": 900})
        await go(page, place)
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 800})
            await page.evaluate(DRAWN)
            await page.wait_for_function(AT_REST)
            if wider := await page.evaluate(WIDER):
                found[f"{place} at {width}"] = wider
    assert not found, json.dumps(found, indent=1, ensure_ascii=False)
