"""The page in a real Chromium, before a desk that holds much: what an agent waits for."""

import shutil
import time
from statistics import median

from playwright.async_api import Error, Page, async_playwright

CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
WIDE = {"width": 1440, "height": 900}
OPENED = 10
PATIENCE_MS = 120_000

OPENED_BY = """async (row) => {
  const drawn = () => new Promise(done => requestAnimationFrame(done))
  const thread = () => document.querySelector('[role=log][aria-label]')
  const before = thread()
  const began = performance.now()
  row.click()
  while (thread() === before || !thread()?.querySelector('.bubble')) await drawn()
  await drawn()
  return performance.now() - began
}"""
SCROLLED = """async ({ list, steps, by }) => {
  const drawn = () => new Promise(done => requestAnimationFrame(done))
  const box = document.querySelector(list).parentElement
  const frames = [], rows = []
  for (let step = 0, at = performance.now(); step < steps; step++) {
    box.scrollBy(0, by)
    await drawn()
    frames.push(performance.now() - at)
    at = performance.now()
    rows.push(box.querySelectorAll('[role=listitem]').length)
  }
  return { frames, rows, height: box.scrollHeight }
}"""
LIST = "[role=list]"


async def look_at(url: str, username: str, password: str) -> dict[str, float | str]:
    """Times in ms, and how many rows were drawn at most; nothing where there is no Chromium.

    ``failed``: why there are none.
    """
    path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if path is None:
        return {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=[*QUIET])
        context = await browser.new_context(base_url=url, viewport=WIDE, service_workers="block")
        context.set_default_timeout(PATIENCE_MS)
        who = {"username": username, "password": password}
        signed_in = await context.request.post("/api/session", data=who)
        assert signed_in.ok, await signed_in.text()
        try:
            seen = await _seen(await context.new_page())
        except Error as error:
            return {"failed": str(error)}
        finally:
            await browser.close()
    return {name: round(value, 1) for name, value in seen.items()}


async def _seen(page: Page) -> dict[str, float]:
    began = time.perf_counter()
    await page.goto("/conversations")
    rows = page.locator("a[data-conversation]")
    await rows.first.wait_for()
    listed = (time.perf_counter() - began) * 1e3
    cold = [await rows.nth(at).evaluate(OPENED_BY) for at in range(OPENED)]
    cached = [await rows.nth(at).evaluate(OPENED_BY) for at in range(OPENED)]
    scrolled = await page.evaluate(SCROLLED, {"list": LIST, "steps": 300, "by": 600})
    frames = sorted(scrolled["frames"])
    return {
        "listed_ms": listed,
        "opened_first_ms": cold[0],
        "opened_ms": median(cold[1:]),
        "opened_again_ms": median(cached),
        "frame_p50_ms": median(frames),
        "frame_p99_ms": frames[int(len(frames) * 0.99)],
        "rows_drawn_at_most": max(scrolled["rows"]),
        "list_px": scrolled["height"],
    }
