"""A real Chromium before the real desk and the simulator, both as processes, on SQLite.

One browser, one desk and one simulator serve the whole run; each test gets agents, customers and
browser profiles of its own, and leaves no conversation open.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from browser.floor import Floor, open_floor
from browser.screens import Screens
from browser.shop import Shop, shop_open
from chromium import chromium_running, require
from patient import PATIENCE_SECONDS
from wxdesk.web.pages import BUILT

HERE = Path(__file__).parent
expect.set_options(timeout=PATIENCE_SECONDS * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One loop for all: browser and desk outlive a test."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    require((BUILT / "index.html").exists(), "the web app is not built: make app")
    async with chromium_running() as browser:
        yield browser


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
async def floor(shop: Shop) -> AsyncIterator[Floor]:
    """The desk's settings of routing; afterwards they are as usual again."""
    floor = await open_floor(shop)
    yield floor
    await floor.close()


@pytest_asyncio.fixture(loop_scope="session")
async def screens(chromium: Browser, shop: Shop) -> AsyncIterator[Screens]:
    """Opens pages; what any of them complains of fails the test, unless it was expected."""
    screens = Screens(chromium, shop.desk.url, shop.sim.url)
    yield screens
    complaints = screens.complaints()  # not of what closing cuts off
    await screens.close()
    assert complaints == []
