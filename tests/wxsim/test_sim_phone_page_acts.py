"""Everything a follower can do, done once from the phone page in a real browser."""

import re

import pytest
from playwright.async_api import expect

from wxdesk.wechat import parse, parse_pay_feedback
from wxsim import film, sound

PICTURE = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": film.picture()}
FILM = {"name": "a.mp4", "mimeType": "video/mp4", "buffer": film.sample().mp4}
VOICE = {"name": "a.mp3", "mimeType": "audio/mpeg", "buffer": sound.as_mp3(sound.hum(2).amr)}
PAGE = "https://shop.example.com/orders"
BUTTONS = [
    {"type": "click", "name": "联系客服", "key": "CONTACT"},
    {
        "name": "服务",
        "sub_button": [
            {"type": "view", "name": "我的订单", "url": PAGE},
            {"type": "scancode_waitmsg", "name": "扫码查物流", "key": "SCAN"},
            {"type": "pic_photo_or_album", "name": "拍照退换", "key": "PIC"},
            {"type": "location_select", "name": "附近门店", "key": "PLACE"},
        ],
    },
]


def told(server):
    """The pushes, as the kinds of the desk's typed values."""
    return [type(parse(body).content).__name__ for body in server.bodies]


async def tile(phone, name):
    """Open the panel behind the plus and press one of its tiles."""
    await phone.get_by_role("button", name="更多", exact=True).first.click()
    await phone.locator(".plus-panel").get_by_role("button", name=name, exact=True).click()


async def confirm(phone, **answers):
    """Fill in the form that stands there, by label, and say yes."""
    form = phone.locator("#ask")
    for label, answer in answers.items():
        field = form.get_by_label(label, exact=True)
        if await field.evaluate("node => node.tagName") == "SELECT":
            await field.select_option(label=answer)
        else:
            await field.fill(answer)
    await form.get_by_role("button", name="确定").click()


async def choose_files(phone, name, *files):
    async with phone.expect_file_chooser() as choosing:
        await tile(phone, name)
    await (await choosing.value).set_files(list(files))


async def shown(phone, selector, count=1):
    await expect(phone.locator(f".line.me {selector}")).to_have_count(count)


async def over(phone):
    """Every push has been answered."""
    await expect(phone.locator(".under-way")).to_have_count(0)


async def test_pictures_of_the_album(phone, server):
    await choose_files(phone, "相册", PICTURE, PICTURE)

    await shown(phone, ".picture img", 2)
    await over(phone)
    assert told(server) == ["Image", "Image"]


async def test_a_photo_and_a_film_taken_with_the_camera(phone, server):
    await tile(phone, "拍摄")
    finder = phone.get_by_label("取景")
    await finder.evaluate("node => node.videoWidth || new Promise(go => node.onplaying = go)")
    await phone.get_by_role("button", name="拍照").click()
    await shown(phone, ".picture img")

    await tile(phone, "拍摄")
    await phone.get_by_role("button", name="录像").click()
    await phone.wait_for_timeout(400)  # what is filmed
    await phone.get_by_role("button", name="停止").click()
    await shown(phone, ".film")
    await over(phone)
    assert told(server) == ["Image", "Video"]


async def test_a_camera_that_is_closed_sends_nothing(phone, server):
    await tile(phone, "拍摄")
    await phone.get_by_role("button", name="录像").click()
    await expect(phone.get_by_role("button", name="停止")).to_be_visible()
    await phone.keyboard.press("Escape")

    await phone.get_by_label("消息", exact=True).fill("还在")
    await phone.keyboard.press("Enter")
    await shown(phone, ".bubble")
    await over(phone)
    assert told(server) == ["Text"]


async def test_a_video_and_a_voice_from_a_file(phone, server):
    await choose_files(phone, "视频", FILM)
    await shown(phone, ".film")
    await tile(phone, "更多")
    async with phone.expect_file_chooser() as choosing:
        await phone.get_by_role("button", name="语音文件").click()
    await (await choosing.value).set_files([VOICE])

    await expect(phone.locator(".line.me .talking")).to_have_text("2″")
    await over(phone)
    assert told(server) == ["Video", "Voice"]


@pytest.mark.parametrize("by_keyboard", [True, False])
async def test_a_voice_is_recorded_while_the_button_is_held(phone, server, by_keyboard):
    await phone.get_by_role("button", name="语音", exact=True).click()
    talk = phone.get_by_role("button", name="按住 说话")
    await talk.hover()
    await talk.focus()
    down, up = (
        (phone.keyboard.down("Space"), phone.keyboard.up("Space"))
        if by_keyboard
        else (phone.mouse.down(), phone.mouse.up())
    )
    await down
    await expect(phone.locator("#talk")).to_have_text("松开 发送")
    await phone.wait_for_timeout(600)  # what is said
    await up

    await shown(phone, ".talking")
    await over(phone)
    assert told(server) == ["Voice"]


async def test_a_recording_that_slides_away_is_not_sent(phone, server):
    await phone.get_by_role("button", name="语音", exact=True).click()
    await phone.get_by_role("button", name="按住 说话").hover()
    await phone.mouse.down()
    await phone.mouse.move(720, 200)
    await phone.mouse.up()

    await expect(phone.locator("#talk")).to_have_text("按住 说话")
    assert server.requests == []


async def test_a_press_that_is_too_short_says_so(phone, server):
    await phone.get_by_role("button", name="语音", exact=True).click()
    await phone.get_by_role("button", name="按住 说话").press("Space")

    await expect(phone.locator("#toast")).to_have_text("说话时间太短")
    assert server.requests == []


async def test_places_links_cards_and_files(phone, server):
    await tile(phone, "位置")
    await confirm(phone, 地点="浙江省杭州市西湖区龙井路1号")
    await expect(phone.locator(".line.me .card").last).to_contain_text("龙井路1号")
    await tile(phone, "收藏")
    await confirm(phone, 标题="新品", 链接地址=PAGE)
    await expect(phone.locator(".line.me .card").last).to_contain_text("新品")
    await tile(phone, "小程序")
    await confirm(phone, 标题="商品页")
    await expect(phone.locator(".line.me .card").last).to_contain_text("商品页")
    await tile(phone, "文件")
    await confirm(phone, 文件名="对账单.xlsx")
    await expect(phone.locator(".line.me .card").last).to_contain_text("对账单.xlsx")
    await tile(phone, "贴纸")
    await phone.get_by_role("button", name="爱心").click()
    await shown(phone, ".sticker")

    await over(phone)
    assert told(server) == ["Location", "Link", "MiniProgramPage", "File", "Unsupported"]


async def test_scanning_paying_and_cards(phone, server):
    await tile(phone, "扫一扫")
    await confirm(phone, 场景值或内容="shop_7")
    await tile(phone, "支付")
    await confirm(phone, 订单号="WG77")
    await expect(phone.locator(".grey")).to_have_text("支付成功，订单号 WG77")
    await tile(phone, "卡券")
    await confirm(phone, 卡券动作="核销")
    await expect(phone.locator(".log .what").filter(has_text="user_consume_card")).to_be_visible()

    assert told(server) == ["Scanned", "OrderPaid", "CardEvent"]


async def test_a_code_that_is_no_scene_says_what_it_says(phone, server):
    for value, title in (("随便写的", "扫码结果"), (PAGE, "网页")):
        await tile(phone, "扫一扫")
        await confirm(phone, 扫什么="码的内容", 场景值或内容=value)
        sheet = phone.locator("#sheet")
        await expect(sheet.locator(".sheet-kind")).to_have_text(title)
        await expect(sheet.locator(".address")).to_have_text(value)
        await phone.keyboard.press("Escape")

    assert server.requests == []


async def test_what_is_behind_more(phone, server):
    async def another(name, **answers):
        await tile(phone, "更多")
        await phone.locator("#choose").get_by_role("button", name=name).click()
        await confirm(phone, **answers)

    await another("投诉维权", 原因="袖口开线")
    await expect(phone.locator(".grey")).to_contain_text("已发起维权 · 袖口开线")
    await over(phone)
    (complaint,) = server.bodies
    assert parse_pay_feedback(complaint).reason == "袖口开线"
    server.requests.clear()
    await another("文章留言", 留言="还有吗")
    await another("订阅通知")
    await another("上报位置")
    await another("从小程序进入", 来源="order=1")
    kinds = ["Text", "ConsentGiven", "LocationReported", "EnteredSession"]
    await expect(phone.locator(".log .what").filter(has_text="tempsession")).to_be_visible()
    await over(phone)
    assert sorted(told(server)) == sorted(kinds)
    await another("原始推送", XML="<xml><Odd>1</Odd></xml>")
    await expect(phone.locator(".log .what").filter(has_text="raw")).to_be_visible()
    assert server.bodies[-1] == b"<xml><Odd>1</Odd></xml>"


async def test_the_accounts_menu(phone, sim, server):
    token = (await sim.stable())["access_token"]
    await sim.post("/cgi-bin/menu/create", {"button": BUTTONS}, access_token=token)
    await phone.get_by_role("button", name="菜单", exact=True).click()

    async def press(name):
        await phone.get_by_role("button", name="服务").click()
        await phone.get_by_role("menuitem", name=name).click()

    await phone.get_by_role("button", name="联系客服").click()
    await press("我的订单")
    await expect(phone.locator("#sheet .address")).to_have_text(PAGE)
    await phone.keyboard.press("Escape")
    await press("扫码查物流")
    await confirm(phone, 码的内容="SF1390027754681")
    await press("拍照退换")
    await phone.get_by_label("选择图片").set_input_files([PICTURE])
    await confirm(phone)
    await shown(phone, ".picture img")
    await press("附近门店")
    await confirm(phone)
    await shown(phone, ".map")
    await phone.get_by_role("button", name="键盘", exact=True).click()
    await expect(phone.get_by_label("消息", exact=True)).to_be_focused()

    await over(phone)
    kinds = ["MenuClicked", "PageViewed", "CodeScanned", "PicturesChosen", "Image"]
    assert told(server) == [*kinds, "PlaceChosen", "Location"]


async def test_the_menu_is_gone_through_by_keyboard(phone, sim, server):
    token = (await sim.stable())["access_token"]
    await sim.post("/cgi-bin/menu/create", {"button": BUTTONS}, access_token=token)
    await phone.get_by_role("button", name="菜单", exact=True).press("Enter")
    await phone.get_by_role("button", name="服务").press("Enter")

    await expect(phone.get_by_role("menuitem", name="我的订单")).to_be_focused()
    for key, name in (("ArrowUp", "附近门店"), ("ArrowDown", "我的订单")):
        await phone.keyboard.press(key)
        await expect(phone.get_by_role("menuitem", name=name)).to_be_focused()
    await phone.keyboard.press("Escape")
    await expect(phone.get_by_role("button", name="服务")).to_be_focused()
    await expect(phone.get_by_role("menuitem")).to_have_count(0)


async def test_a_page_that_asks_who_one_is_leads_through_the_simulator(phone, sim):
    back = "https://shop.example.com/back"
    url = f"https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx4f1d7e0b92c6a835&redirect_uri={back}&response_type=code&scope=snsapi_base&state=7#wechat_redirect"
    openid = (await sim.get("/sim/followers"))["items"][0]["openid"]
    await sim.act(openid, "text", content="在吗")
    await sim.send(openid, f'<a href="{url}">登录</a>')
    await phone.get_by_role("button", name="登录", exact=True).click()

    link = phone.get_by_role("link", name="以这位顾客的身份授权并打开")
    address = await link.get_attribute("href")
    async with sim.http.get(address, allow_redirects=False) as response:
        location = response.headers["Location"]

    assert re.fullmatch(re.escape(back) + r"\?code=\w+&state=7", location)
    code = re.search(r"code=(\w+)", location)[1]
    grant = await sim.get(
        "/sns/oauth2/access_token",
        appid="wx4f1d7e0b92c6a835",
        secret="0123456789abcdef0123456789abcdef",
        code=code,
        grant_type="authorization_code",
    )
    assert grant["openid"] == openid


async def test_messages_are_blocked_and_let_in_again(phone, sim):
    openid = (await sim.get("/sim/followers"))["items"][0]["openid"]
    for name, muted in (("不再接收消息", True), ("恢复接收消息", False)):
        await phone.get_by_role("button", name="公众号资料").click()
        await phone.locator("#choose").get_by_role("button", name=name).click()
        await expect(phone.locator("#toast")).to_be_visible()
        await expect(phone.locator("#choose")).to_be_hidden()

        async def is_muted():
            return (await sim.get(f"/sim/followers/{openid}"))["muted"]

        while await is_muted() is not muted:
            await phone.wait_for_timeout(20)
