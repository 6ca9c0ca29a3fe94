"""The page as an app: it can be installed, and opens without a network."""

import struct

from playwright.async_api import expect


async def test_it_can_be_installed(screens, shop):
    page = await screens.blank()
    screens.expect("401")  # nobody has signed in
    await page.goto("/")
    address = await page.locator("link[rel=manifest]").get_attribute("href")
    answer = await page.request.get(address)
    manifest = await answer.json()

    assert answer.headers["content-type"].startswith("application/json")
    assert (manifest["display"], manifest["start_url"]) == ("standalone", "/conversations")
    for icon in manifest["icons"]:
        picture = await page.request.get(icon["src"])
        assert picture.headers["content-type"] == icon["type"]
        if icon["type"] == "image/png":
            size = struct.unpack(">II", (await picture.body())[16:24])
            assert icon["sizes"] == f"{size[0]}x{size[1]}"


async def test_it_opens_without_a_network_and_keeps_nothing_of_the_desk(screens, shop):
    page = await screens.blank(service_workers="allow")
    await page.goto("/conversations")
    await page.evaluate("navigator.serviceWorker.ready")
    await page.reload()  # from now on what is loaded is kept
    await expect(page.get_by_role("button", name="登录")).to_be_visible()
    screens.expect("ERR_INTERNET_DISCONNECTED", "Failed to load resource")

    await page.context.set_offline(True)
    await page.reload()

    await expect(page.get_by_role("button", name="登录")).to_be_visible()
    kept = await page.evaluate(
        "caches.open('wxdesk-page-1').then(it => it.keys()).then(all => all.map(it => it.url))"
    )
    assert kept
    assert not [address for address in kept if "/api/" in address or "/media/" in address]
    await page.context.set_offline(False)
