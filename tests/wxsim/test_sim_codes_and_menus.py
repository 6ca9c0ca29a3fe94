"""QR codes with a scene, and the custom menu."""

import base64
import io

import pytest
import zxingcpp
from PIL import Image

CREATE_CODE = "/cgi-bin/qrcode/create"
CREATE_MENU = "/cgi-bin/menu/create"
CLICK = {"type": "click", "name": "客服", "key": "HELP"}
VIEW = {"type": "view", "name": "订单", "url": "https://shop.example.com/orders"}


def wanted(action, scene, **more):
    return {"action_name": action, "action_info": {"scene": scene}, **more}


async def code(sim, action, scene, **more):
    return await sim.call(CREATE_CODE, wanted(action, scene, **more))


async def picture(sim, ticket):
    async with sim.http.get(f"{sim.base}/cgi-bin/showqrcode", params={"ticket": ticket}) as got:
        return got.status, got.headers["Content-Type"], await got.read()


async def test_a_code_can_be_read_from_its_picture(sim):
    made = await code(sim, "QR_STR_SCENE", {"scene_str": "shop_1024"}, expire_seconds=604800)

    status, content_type, body = await picture(sim, made["ticket"])

    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(body)))
    assert (status, content_type) == (200, "image/jpg")
    assert body.startswith(b"\x89PNG")
    assert read.text == made["url"]
    assert made["url"].startswith("http://weixin.qq.com/q/02")
    assert made["expire_seconds"] == 604800
    assert len(made["ticket"]) == 96
    assert made["url"].encode() in base64.b64decode(made["ticket"])


async def test_a_code_ends_and_a_lasting_one_does_not(sim):
    short = await code(sim, "QR_SCENE", {"scene_id": 7})
    lasting = await code(sim, "QR_LIMIT_SCENE", {"scene_id": 7})
    again = await code(sim, "QR_LIMIT_SCENE", {"scene_id": 7})

    await sim.advance(60)

    assert short["expire_seconds"] == 60
    assert (await picture(sim, short["ticket"]))[0] == 404
    assert (await picture(sim, lasting["ticket"]))[0] == 200
    assert lasting == again
    assert "expire_seconds" not in lasting


async def test_a_code_lasts_thirty_days_at_most(sim):
    made = await code(sim, "QR_SCENE", {"scene_id": 1}, expire_seconds=9_999_999)

    assert made["expire_seconds"] == 2_592_000


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (wanted("QR_OTHER", {"scene_id": 1}), 40052),
        (wanted("QR_SCENE", {"scene_id": 0}), 40053),
        (wanted("QR_SCENE", {"scene_id": 2**32}), 40053),
        (wanted("QR_SCENE", {}), 40053),
        (wanted("QR_LIMIT_SCENE", {"scene_id": 100_001}), 40053),
        (wanted("QR_STR_SCENE", {"scene_str": ""}), 40053),
        (wanted("QR_LIMIT_STR_SCENE", {"scene_str": "x" * 65}), 40053),
        (wanted("QR_SCENE", {"scene_id": 1}, expire_seconds="soon"), 40053),
        ({"action_name": "QR_SCENE"}, 40053),
    ],
)
async def test_a_code_that_cannot_be_is_refused(sim, body, errcode):
    assert (await sim.call(CREATE_CODE, body))["errcode"] == errcode


# Menus


async def test_a_menu_comes_back_with_places_for_sub_buttons(sim):
    none = await sim.call("/cgi-bin/menu/get")
    program = {
        "type": "miniprogram",
        "name": "商城",
        "url": "https://shop.example.com",
        "appid": "wx0c8e5b7a1f3d2946",
        "pagepath": "pages/index",
    }
    await sim.call(
        CREATE_MENU, {"button": [CLICK, {"name": "服务", "sub_button": [VIEW, program]}]}
    )

    got = await sim.call("/cgi-bin/menu/get")
    current = await sim.call("/cgi-bin/get_current_selfmenu_info")
    await sim.call("/cgi-bin/menu/delete")

    assert none["errcode"] == 46003
    below = [{**VIEW, "sub_button": []}, {**program, "sub_button": []}]
    assert got["menu"]["button"] == [
        {**CLICK, "sub_button": []},
        {"name": "服务", "sub_button": below},
    ]
    assert isinstance(got["menu"]["menuid"], int)
    assert "conditionalmenu" not in got
    assert current["selfmenu_info"]["button"][1]["sub_button"] == {"list": [VIEW, program]}
    assert (await sim.call("/cgi-bin/menu/get"))["errcode"] == 46003
    assert (await sim.call("/cgi-bin/get_current_selfmenu_info"))["is_menu_open"] == 0


@pytest.mark.parametrize(
    ("button", "errcode"),
    [
        ([], 40016),
        ([CLICK] * 4, 40016),
        (["x"], 47001),
        ([{"type": "jump", "name": "x"}], 40017),
        ([{**CLICK, "name": "字" * 6}], 40018),
        ([{**CLICK, "name": ""}], 40018),
        ([{**CLICK, "key": "k" * 129}], 40019),
        ([{**VIEW, "url": "https://" + "x" * 1024}], 40020),
        ([{**VIEW, "url": "ftp://x"}], 40055),
        ([{"type": "miniprogram", "name": "x", "url": "http://x", "appid": "wx1"}], 40166),
        ([{"type": "media_id", "name": "x"}], 40117),
        ([{"type": "media_id", "name": "x", "media_id": "unknown"}], 40007),
        ([{"name": "x", "sub_button": [CLICK] * 6}], 40023),
        ([{"name": "x", "sub_button": [{"name": "y", "sub_button": [CLICK]}]}], 40022),
        ([{"name": "x", "sub_button": [{"type": "jump", "name": "x"}]}], 40024),
        ([{"name": "x", "sub_button": [{**CLICK, "name": "字" * 21}]}], 40025),
        ([{"name": "x", "sub_button": [{**CLICK, "key": ""}]}], 40026),
        ([{"name": "x", "sub_button": [{**VIEW, "url": ""}]}], 40027),
        ([{"name": "x", "sub_button": [{**VIEW, "url": "x"}]}], 40054),
        ([{"name": "x", "sub_button": [{"type": "media_id", "name": "y"}]}], 40118),
    ],
)
async def test_a_menu_that_cannot_be_is_refused(sim, button, errcode):
    assert (await sim.call(CREATE_MENU, {"button": button}))["errcode"] == errcode


async def test_a_personalised_menu_is_for_those_with_its_tag(sim):
    one, other = [await sim.follower() for _ in range(2)]
    tag = (await sim.call("/cgi-bin/tags/create", {"tag": {"name": "VIP"}}))["tag"]["id"]
    await sim.call("/cgi-bin/tags/members/batchtagging", {"openid_list": [one], "tagid": tag})
    rule = {"button": [VIEW], "matchrule": {"tag_id": str(tag)}}
    path = "/cgi-bin/menu/addconditional"
    too_early = await sim.call(path, rule)
    await sim.call(CREATE_MENU, {"button": [CLICK]})
    empty = await sim.call(path, {"button": [VIEW], "matchrule": {"tag_id": ""}})
    made = await sim.call(path, rule)

    async def sees(openid):
        answer = await sim.call("/cgi-bin/menu/trymatch", {"user_id": openid})
        return answer.get("errcode") or answer["button"][0]["name"]

    seen = [await sees(openid) for openid in (one, other, "nobody")]
    listed = (await sim.call("/cgi-bin/menu/get"))["conditionalmenu"]
    deleted = await sim.call("/cgi-bin/menu/delconditional", {"menuid": made["menuid"]})
    again = await sim.call("/cgi-bin/menu/delconditional", {"menuid": made["menuid"]})

    assert (too_early["errcode"], empty["errcode"]) == (65303, 65304)
    assert seen == ["订单", "客服", 65302]
    assert [str(menu["menuid"]) for menu in listed] == [made["menuid"]]
    assert (deleted["errcode"], again["errcode"]) == (0, 65301)
    assert await sees(one) == "客服"
