"""A real Chromium before the real desk and the simulator, both as processes, on SQLite.

One browser, one desk and one simulator serve the whole run; each test gets agents, customers and
browser profiles of its own, and leaves no conversation open.
"""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from browser.screens import Screens
from browser.shop import Shop, shop_open
from wxdesk.web.pages import BUILT

HERE = Path(__file__).parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
expect.set_options(timeout=10_000)  # a claim about time says its own
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One loop for all: browser and desk outlive a test."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    require(CHROMIUM is not None, "there is no Chromium")
    require((BUILT / "index.html").exists(), "the web app is not built: make app")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        await browser.close()


def require(there: bool, reason: str) -> None:
    if not there and os.environ.get("WXDESK_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    if not there:
        pytest.skip(reason)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lasting_shop(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Shop]:
    async with shop_open(tmp_path_factory.mktemp("shop")) as shop:
        yield shop


@pytest_asyncio.fixture(loop_scope="session")
async def shop(lasting_shop: Shop) -> AsyncIterator[Shop]:
    yield lasting_shop
    await lasting_shop.clear()


@pytest_asyncio.fixture(loop_scope="session")
async def screens(chromium: Browser, shop: Shop) -> AsyncIterator[Screens]:
    """Opens pages; what any of them complains of fails the test, unless it was expected."""
    screens = Screens(chromium, shop.desk.url, shop.sim.url)
    yield screens
    await screens.close()
    assert screens.complaints() == []
