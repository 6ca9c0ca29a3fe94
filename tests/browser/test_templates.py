"""Service notices: a template is picked, filled in and sent, also when nothing else may be."""

import aiohttp
from playwright.async_api import expect

from desk_builder import APP_ID, APP_SECRET

TOO_LONG = "明天下午三点到五点之间送到您家门口请您留人"  # one character more than WeChat takes


async def add_template(shop, *words, short="TM001"):
    """As the account's owner does at WeChat."""
    who = {"grant_type": "client_credential", "appid": APP_ID, "secret": APP_SECRET}
    async with aiohttp.ClientSession(shop.sim.url) as http:
        async with http.post("/cgi-bin/stable_token", json=who) as answer:
            token = (await answer.json(content_type=None))["access_token"]
        wish = {"template_id_short": short, "keyword_name_list": list(words)}
        path = f"/cgi-bin/template/api_add_template?access_token={token}"
        async with http.post(path, json=wish) as answer:
            assert (await answer.json(content_type=None))["errcode"] == 0


async def test_a_template_is_filled_in_checked_and_sent(screens, shop):
    await add_template(shop, "订单号", "送货安排")
    customer = await shop.waiting("什么时候送货")
    desk = await screens.desk(await shop.agent())
    await desk.take(customer)
    await desk.page.get_by_role("button", name="更多消息类型").click()
    await desk.page.get_by_role("button", name="模板消息").click()
    dialog = desk.page.get_by_role("dialog", name="模板消息")
    arranged = dialog.get_by_label("送货安排")
    await dialog.get_by_label("用哪个模板").select_option("服务通知 TM001")
    await dialog.get_by_label("订单号").fill("A1024")
    await arranged.fill(TOO_LONG)

    await dialog.get_by_role("button", name="发送").click()

    await expect(arranged).to_be_focused()
    await expect(arranged).to_have_accessible_description("太长了")
    await arranged.fill("明天下午送到")
    preview = dialog.get_by_role("region", name="客户看到的样子")
    await expect(preview).to_contain_text("送货安排：明天下午送到")
    await arranged.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(desk.message("明天下午送到")).to_contain_text("已送达客户")
    await expect(desk.message("明天下午送到")).to_contain_text("送货安排")
    chat = await shop.sim_get(f"/sim/followers/{customer.openid}/chat")
    assert [it["type"] for it in chat["items"] if it["from"] == "account"] == ["template"]
