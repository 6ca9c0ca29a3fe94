"""The API's description, as a page that people read."""

import re

import pytest
from playwright.async_api import expect

from browser.screens import NARROW, WIDE
from wxdesk.desk.agents import Role

GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(24, 29, 27)"}


@pytest.mark.parametrize("scheme", GROUNDS)
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_it_opens_for_anybody_and_shows_how_to_reply(screens, shop, scheme, viewport):
    page = await screens.blank(color_scheme=scheme, viewport=viewport)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto("/api/docs")
    subjects = page.get_by_role("heading", level=3)
    await expect(subjects.first).to_contain_text("Who talks with whom")
    await expect(page.locator("body")).to_have_css("background-color", GROUNDS[scheme])
    await subjects.filter(has_text=re.compile("^messages")).click()
    await (
        page.get_by_role("button", name="POST /api/conversations/{")
        .filter(has_text="Send Reply")
        .click()
    )

    shown = page.locator(".opblock.is-open")
    await expect(shown).to_contain_text('-d \'{"kind": "text", "text": "您好，今天下午发出"')
    await expect(shown).to_contain_text("an uploaded picture")
    await expect(page.get_by_role("button", name="Try it out")).to_have_count(0)
    assert all(url.startswith((shop.desk.url, "data:")) for url in asked)
    assert await page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


async def test_it_is_linked_from_the_page_about_programs(screens, shop):
    desk = await screens.desk(await shop.agent(Role.ADMIN), "/admin/hooks")

    async with desk.page.context.expect_page() as opened:
        await desk.page.get_by_role("link", name="接口文档").click()

    await expect(await opened.value).to_have_title("wxdesk API")


async def test_what_only_reads_is_tried_with_a_token_that_is_not_kept(screens, shop):
    screens.expect("status of 401")
    agent = await shop.agent(Role.ADMIN)
    page = (await screens.desk(agent)).page  # signed in: the page must not ask for them
    wish = {"name": "docs", "agent_id": agent.id, "read_only": True}
    token = (await shop.ask(agent, "POST", "/api/tokens", **wish))["token"]
    await page.goto("/api/docs#/agents")
    operation = page.locator("#operations-agents-list_agents_api_agents_get")
    await operation.locator(".opblock-summary-control").click(timeout=30_000)
    await operation.get_by_role("button", name="Try it out").click()
    answer = operation.locator(".live-responses-table tbody .response-col_status")

    await operation.get_by_role("button", name="Execute").click()
    await expect(answer).to_have_text("401")
    await page.get_by_role("button", name="Authorize", exact=True).click()
    signing_in = page.locator(".dialog-ux")
    await signing_in.get_by_role("textbox").fill(token)
    await signing_in.get_by_role("button", name="Apply credentials").click()
    await signing_in.get_by_role("button", name="Close").last.click()
    await operation.get_by_role("button", name="Execute").click()
    await expect(answer).to_have_text("200")

    kept = "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])"
    assert token not in await page.evaluate(kept)
    assert token not in await page.evaluate("document.cookie")
    await page.goto("about:blank")
    await page.goto("/api/docs#/agents")
    await operation.locator(".opblock-summary-control").click(timeout=30_000)
    await operation.get_by_role("button", name="Try it out").click()
    await operation.get_by_role("button", name="Execute").click()
    await expect(answer).to_have_text("401")


async def test_what_changes_something_or_never_ends_is_not_tried(screens):
    page = await screens.blank()
    await page.goto("/api/docs#/stream")
    for subject, method in (("stream", "get"), ("tokens", "post")):
        operations = page.locator(f"[id^=operations-{subject}-].opblock-{method}")
        if subject != "stream":  # whose subject the address has opened
            await page.locator(f"#operations-tag-{subject}").click()
        await operations.first.locator(".opblock-summary-control").click(timeout=30_000)

    await expect(page.locator(".opblock.is-open")).to_have_count(2)
    await expect(page.get_by_role("button", name="Try it out")).to_have_count(0)
