"""The Chromium of this machine; one that was built without windows does a third of the work."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
DEVICES = (  # a camera and a microphone that every machine has, and that pages may use
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)


@asynccontextmanager
async def chromium_running(*more: str) -> AsyncIterator[Browser]:
    """One browser; each test opens profiles of its own. Where there is none the test is skipped."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    require(path is not None, "there is no Chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=[*QUIET, *more])
        yield browser
        await browser.close()


def require(there: bool, reason: str) -> None:
    if not there and os.environ.get("WXDESK_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    if not there:
        pytest.skip(reason)
