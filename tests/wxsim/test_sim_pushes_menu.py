"""Pressing the account's own menu, scanning real codes."""

import base64
import hashlib
import io

import aiohttp
import pytest
import pytest_asyncio
import segno
import zxingcpp
from PIL import Image

from wxdesk.wechat import parse
from wxsim import film

APP_ID = "wx0c8e5b7a1f3d2946"
PICTURE = film.picture()
PAGE = "https://shop.example.com/orders"
BUTTONS = [
    {"type": "click", "name": "联系客服", "key": "CONTACT"},
    {
        "name": "服务",
        "sub_button": [
            {"type": "view", "name": "我的订单", "url": PAGE},
            {"type": "scancode_push", "name": "扫码打开", "key": "SCAN"},
            {"type": "pic_weixin", "name": "拍照退换", "key": "PIC"},
            {"type": "location_select", "name": "附近门店", "key": "PLACE"},
            {
                "type": "miniprogram",
                "name": "商城",
                "url": PAGE,
                "appid": APP_ID,
                "pagepath": "pages/index",
            },
        ],
    },
    {"name": "发现", "sub_button": [{"type": "article_id", "name": "好文", "article_id": "ART"}]},
]


def encoded(picture):
    return base64.b64encode(picture).decode()


def qr(text):
    sink = io.BytesIO()
    segno.make(text).save(sink, kind="png", scale=6)
    return sink.getvalue()


@pytest_asyncio.fixture(loop_scope="session")
async def shop(sim):
    """The simulator with a menu set through the API; ``shop.token`` speaks to it."""
    sim.token = (await sim.stable())["access_token"]
    answer = await sim.post("/cgi-bin/menu/create", {"button": BUTTONS}, access_token=sim.token)
    assert answer["errcode"] == 0
    return sim


async def test_the_phone_sees_the_accounts_menu(shop):
    openid = await shop.follower()

    seen = (await shop.get(f"/sim/followers/{openid}/menu"))["items"]

    assert [button["name"] for button in seen] == ["联系客服", "服务", "发现"]
    assert seen[1]["sub_button"][0]["name"] == "我的订单"


async def test_a_button_is_pressed_by_its_place(shop, server):
    openid = await shop.follower()

    answers = [await shop.act(openid, "menu_click", path=path) for path in ([0], [1, 0], [1, 4])]

    told = [(push["Event"], push["EventKey"]) for push in server.pushes]
    assert told == [("CLICK", "CONTACT"), ("VIEW", PAGE), ("view_miniprogram", "pages/index")]
    assert [answer["opens"] for answer in answers] == [None, PAGE, f"weapp://{APP_ID}/pages/index"]
    menu = await shop.get("/cgi-bin/menu/get", access_token=shop.token)
    assert server.pushes[1]["MenuId"] == str(menu["menu"]["menuid"])


async def test_a_key_of_the_menu_presses_the_button_that_has_it(shop, server):
    await shop.act(await shop.follower(), "menu_click", key="PLACE")

    assert server.pushes[0]["Event"] == "location_select"


@pytest.mark.parametrize(
    "path", [[], [3], [-1], [True], ["0"], [0, 0], [1, 9], [1], [1, 0, 0], "0", None]
)
async def test_a_place_where_no_button_is_cannot_be_pressed(shop, server, path):
    answer = await shop.act(await shop.follower(), "menu_click", path=path)

    assert answer["error"]
    assert server.requests == []


async def test_pictures_chosen_are_told_first_and_then_sent_one_by_one(shop, server):
    openid = await shop.follower()
    other = PICTURE + b"\n"

    answer = await shop.act(
        openid, "menu_click", path=[1, 2], pictures=[encoded(PICTURE), encoded(other)]
    )

    event, *images = [parse(body).content for body in server.bodies]
    sums = [hashlib.md5(body).hexdigest() for body in (PICTURE, other)]
    assert (event.source, event.count, list(event.md5s)) == ("weixin", 2, sums)
    fetched = []
    for image in images:
        async with shop.http.get(image.pic_url) as response:
            fetched.append(hashlib.md5(await response.read()).hexdigest())
    assert fetched == sums
    assert [push["kind"] for push in answer["pushes"]] == ["event/pic_weixin", "image", "image"]
    # The event grants nothing, the messages do.
    assert [g["trigger"] for g in (await shop.allowance(openid))["grants"]] == ["message"]


async def test_a_place_chosen_is_told_first_and_then_sent(shop, server):
    place = {"latitude": 31.2, "longitude": 121.5, "label": "人民大道", "poi_name": "人民广场"}

    await shop.act(await shop.follower(), "menu_click", path=[1, 3], **place)

    chosen, sent = [parse(body).content for body in server.bodies]
    assert (chosen.poi_name, chosen.latitude, chosen.label) == ("人民广场", 31.2, "人民大道")
    assert (sent.latitude, sent.longitude, sent.label) == (31.2, 121.5, "人民大道")


async def test_an_article_is_sent_by_the_platform_and_nobody_is_told(shop, server):
    openid = await shop.follower()

    answer = await shop.act(openid, "menu_click", path=[2, 0])

    (line,) = await shop.chat(openid)
    assert (line["from"], line["type"], line["article_id"]) == ("account", "mpnewsarticle", "ART")
    assert (answer["attempts"], server.requests) == (0, [])


async def test_material_is_sent_by_the_platform_or_opened(shop, server):
    form = aiohttp.FormData()
    form.add_field("media", PICTURE, filename="a.jpg")
    address = shop.base + "/cgi-bin/material/add_material"
    query = {"access_token": shop.token, "type": "image"}
    async with shop.http.post(address, params=query, data=form) as response:
        media_id = (await response.json(content_type=None))["media_id"]
    openid = await shop.follower()

    await shop.act(openid, "menu_click", button="media_id", key=media_id)
    opened = await shop.act(openid, "menu_click", button="article_view_limited", key="ART")
    gone = await shop.act(openid, "menu_click", button="media_id", key="unknown")

    (line,) = await shop.chat(openid)
    assert (line["from"], line["type"], line["media_id"]) == ("account", "image", media_id)
    assert opened["opens"] == "https://mp.weixin.qq.com/s/ART"
    assert "gone" in gone["error"]
    assert server.requests == []


# Codes


async def test_a_code_that_is_looked_at_is_read(shop, server):
    openid = await shop.follower()

    answer = await shop.act(openid, "menu_click", path=[1, 1], picture=encoded(qr(PAGE)))

    scanned = parse(server.bodies[0]).content
    assert (scanned.scan_type, scanned.result, answer["opens"]) == ("qrcode", PAGE, PAGE)


async def test_a_bar_code_says_its_sort(shop, server):
    drawn = zxingcpp.create_barcode("6901234567892", zxingcpp.BarcodeFormat.EAN13)
    picture = io.BytesIO()
    raw = drawn.to_image(scale=4)
    Image.frombytes("L", raw.shape[1::-1], bytes(raw)).save(picture, "PNG")

    answer = await shop.act(
        await shop.follower(), "menu_click", path=[1, 1], picture=encoded(picture.getvalue())
    )

    scanned = parse(server.bodies[0]).content
    assert (scanned.scan_type, scanned.result) == ("barcode", "EAN_13,6901234567892")
    assert (answer["opens"], answer["reads"]) == (None, "EAN_13,6901234567892")


async def test_a_code_made_by_the_account_is_scanned_from_its_picture(shop, server):
    wanted = {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "shop_1024"}}}
    made = await shop.post("/cgi-bin/qrcode/create", wanted, access_token=shop.token)
    async with shop.http.get(
        shop.base + "/cgi-bin/showqrcode", params={"ticket": made["ticket"]}
    ) as response:
        picture = await response.read()
    known, stranger = await shop.follower(), await shop.follower(following=False)

    for openid in (known, stranger):
        await shop.act(openid, "scan", picture=encoded(picture))

    told = [(push["Event"], push["EventKey"], push["Ticket"]) for push in server.pushes]
    assert told == [
        ("SCAN", "shop_1024", made["ticket"]),
        ("subscribe", "qrscene_shop_1024", made["ticket"]),
    ]


async def test_an_expired_code_leads_nowhere(shop, server):
    wanted = {"action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 7}}}
    made = await shop.post("/cgi-bin/qrcode/create", wanted, access_token=shop.token)
    await shop.advance(61)

    answer = await shop.act(await shop.follower(), "scan", code=made["url"])

    assert "expired" in answer["error"]
    assert server.requests == []


@pytest.mark.parametrize(
    ("text", "opens", "reads"), [(PAGE, PAGE, None), ("随便写的", None, "随便写的")]
)
async def test_any_other_code_opens_a_page_or_is_just_read(sim, server, text, opens, reads):
    answer = await sim.act(await sim.follower(), "scan", code=text)

    assert (answer["opens"], answer["reads"], server.requests) == (opens, reads, [])
