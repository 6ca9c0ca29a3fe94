"""Takes the README's pictures of a demo at work: ``.venv/bin/python docs/pictures/take.py``."""
# ruff: noqa: INP001

import asyncio
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

HERE = Path(__file__).parent
PORT, SIM_PORT = 9780, 9781
DESK, SIM = f"http://127.0.0.1:{PORT}", f"http://127.0.0.1:{SIM_PORT}"
SIZE = {"width": 1440, "height": 900}
PEOPLE_COME_SECONDS = 18
TALK = (
    ("苏晚晴", ["您好，165、52 公斤建议穿 M，肩线更合身。"]),
    (
        "林小满",
        [
            "您好，已经为您查到：仓库今天下午发货，明天上午更新单号。",
            "顺丰到您那里一般两天，周四前能到，不会耽误周五使用。",
        ],
    ),
)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        demo = await start_demo(Path(folder))
        try:
            secrets = json.loads((Path(folder) / "demo" / "demo.json").read_text())
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=["--no-sandbox"]
                )
                await take_pictures(browser, secrets["passwords"]["lihua"])
                await browser.close()
        finally:
            demo.terminate()
            await demo.wait()


async def start_demo(folder: Path) -> asyncio.subprocess.Process:
    """It welcomes once desk and simulator answer; a little later the customers have written."""
    environment = {
        "WXDESK_DATA_DIR": str(folder),
        "WXDESK_PORT": str(PORT),
        "WXSIM_PORT": str(SIM_PORT),
    }
    demo = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("wxdesk"),
        "demo",
        env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE,
    )
    assert demo.stdout
    while SIM not in (await demo.stdout.readline()).decode():
        pass
    await asyncio.sleep(PEOPLE_COME_SECONDS)
    return demo


async def take_pictures(browser: Browser, password: str) -> None:
    context = await browser.new_context(viewport=SIZE, locale="zh-CN", base_url=DESK)
    page = await context.new_page()
    await context.request.post("/api/session", data={"username": "lihua", "password": password})
    followers = await (await context.request.get(f"{SIM}/sim/followers")).json()
    openids = {follower["name"]: follower["openid"] for follower in followers["items"]}
    await name_everybody(page, openids)
    for name, lines in TALK:
        await serve(page, name, lines)
    await page.mouse.move(900, 200)
    await page.screenshot(path=HERE / "desk.png")

    await page.goto(f"{SIM}/sim/#{openids[TALK[-1][0]]}")
    await page.get_by_text("条客服消息可发").wait_for()
    await page.screenshot(path=HERE / "phone.png")


async def name_everybody(page: Page, openids: dict[str, str]) -> None:
    """WeChat tells a desk no names: agents remark them."""
    await page.goto("/conversations")
    for name, openid in openids.items():
        row = page.get_by_role("link").filter(has_text=f"·{openid[-4:]}")
        await row.click()
        await page.get_by_label("备注名").fill(name)
        await page.get_by_label("备注名").press("Enter")
        await page.get_by_role("link").filter(has_text=name).wait_for()


async def serve(page: Page, name: str, lines: list[str]) -> None:
    """Each line is answered by the scripted customer before the next is written."""
    await page.get_by_role("link").filter(has_text=name).click()
    await page.get_by_role("main").get_by_role("button", name="接入").click()
    customers = page.locator(".message.in")
    for line in lines:
        before = await customers.count()
        await page.get_by_label("回复", exact=True).fill(line)
        await page.get_by_label("回复", exact=True).press("Enter")
        await customers.nth(before).wait_for()


asyncio.run(main())
