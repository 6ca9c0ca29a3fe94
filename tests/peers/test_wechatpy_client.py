"""wechatpy's client, unchanged, against the simulator: every call it has of those simulated."""

import base64
import io

import pytest
import zxingcpp
from PIL import Image

import samples
from peers.conftest import APP_ID, SECRET

TEMPLATE = "Zt1mQ9sYkR4vLx7PwHbNcJ5eUaGf2DiOo8XtSqBvK0M"
KF = "agent01@shopcare"
BOUND = "zhou@shopcare"


@pytest.fixture
async def told(wechatpy, sim, landing):
    """What wechatpy got, and what stood on the follower's phone afterwards."""
    client = await sim(policy="2013", kf_accounts=(BOUND,))
    made = await (await client.post("/sim/followers", json={"name": "小林"})).json()
    openid = made["openid"]
    await client.post(f"/sim/followers/{openid}/send", json={"type": "text", "content": "在吗"})
    agreed = {"type": "consent", "answers": [{"template_id": TEMPLATE, "accepted": True}]}
    await client.post(f"/sim/followers/{openid}/send", json=agreed)
    consent = {"template_id": TEMPLATE, "scene": "1000", "appid": APP_ID, "redirect_url": landing}
    await client.get("/mp/subscribemsg", params={"action": "get_confirm", **consent})
    files = {
        "image": samples.picture(),
        "png": samples.picture("PNG"),
        "voice": samples.voice(2, "amr"),
        "video": samples.film(),
    }
    wish = {
        "base": str(client._base_url).rstrip("/"),
        "app_id": APP_ID,
        "secret": SECRET,
        "app_secret": SECRET,
        "openid": openid,
        "bound": BOUND,
        "consented": TEMPLATE,
        "landing": landing,
        "files": {name: base64.b64encode(body).decode() for name, body in files.items()},
    }
    told = await wechatpy.run("call_everything", wish)
    chat = await (await client.get(f"/sim/followers/{openid}/chat")).json()
    return told | {"openid_": openid, "chat": chat["items"]}


async def test_wechatpy_works_against_the_simulator(told):
    openid = told["openid_"]

    assert told["account"]["token"] == ["access_token", "expires_in"]
    assert told["account"]["ticket"] == ["errcode", "errmsg", "expires_in", "ticket"]
    assert told["account"]["ips"]
    assert told["account"]["network"] in {None, 40201}  # there is no callback here
    _check_media(told["media"])
    _check_kf(told["kf"], openid)
    _check_chat(told)
    _check_users(told, openid)
    _check_code(told["codes"])
    _check_menus(told["menus"])
    _check_templates(told["templates"])
    assert told["errors"] == {"renewed": 1, "openid": 40003, "media": 40007, "type": 40005}
    assert told["oauth"] == {"state": "s1", "openid": openid, "nickname": "小林", "good": True}


def _check_media(media):
    assert media["same"]
    headers = {name.lower(): value for name, value in media["headers"].items()}
    assert headers["content-type"] == "image/jpeg"
    assert headers["content-disposition"].startswith('attachment; filename="')
    assert list(media["video"]) == ["video_url"]
    assert media["listed"] == [True]
    assert media["film"] == ["标题", "说明", "ftyp"]
    assert media["counted"] == 1
    assert media["left"] == {
        "voice_count": 0,
        "video_count": 1,
        "image_count": 0,
        "news_count": 0,
    }


def _check_kf(kf, openid):
    by_name = {one["kf_account"]: one for one in kf["accounts"]}
    assert by_name[KF]["kf_nick"] == "客服小李"
    assert by_name[KF]["kf_headimgurl"].startswith("http")
    assert [one["kf_account"] for one in kf["online"]] == [BOUND]
    assert kf["unbound"] == 65402
    assert kf["session"]["kf_account"] == BOUND
    assert [one["openid"] for one in kf["sessions"]] == [openid]
    assert kf["waiting"] == {"count": 0, "waitcaselist": []}
    assert kf["records"]["recordlist"] == []


def _check_chat(told):
    assert set(told["messages"]) == {0}
    lines = [line for line in told["chat"] if line.get("via") == "custom"]
    kinds = ["text", "image", "voice", "video", "music", "news", "mpnews", "wxcard"]
    assert [line["type"] for line in lines][:9] == [*kinds, "miniprogrampage"]
    assert (lines[0]["content"], lines[0]["kf_name"]) == ("您好\n😀", "客服小李")
    assert lines[5]["articles"][0]["picture_url"] == "https://a.cn/p"
    if len(lines) > 9:
        assert lines[9]["items"] == [{"id": "1", "content": "好"}]


def _check_users(told, openid):
    assert told["users"]["user"]["remark"] == "老顾客"
    assert told["users"]["batch"] == [told["users"]["user"]]
    assert told["users"]["followers"] == [openid]
    tags = told["tags"]
    assert [tag["name"] for tag in tags["tags"]] == ["星标组", "贵宾"]
    assert [tag["count"] for tag in tags["tags"]] == [0, 1]
    assert tags["of"] == [tags["tags"][1]["id"]]
    assert tags["members"] == [openid]
    assert tags["blacklist"]["data"]["openid"] == [openid]
    assert tags["unlisted"] == {"total": 0, "count": 0, "next_openid": ""}


def _check_code(codes):
    picture = Image.open(io.BytesIO(base64.b64decode(codes["picture"])))
    (read,) = zxingcpp.read_barcodes(picture)
    assert read.text == codes["url"]
    assert (codes["type"], codes["bad"]) == ("image/jpg", 404)


def _check_menus(menus):
    assert menus["none"] is None
    assert menus["after"] is None
    first, second = menus["menu"]["menu"]["button"]
    assert first == {"type": "click", "name": "联系客服", "key": "HELP", "sub_button": []}
    assert [one["name"] for one in second["sub_button"]] == ["订单"]
    assert menus["info"]["is_menu_open"] == 1
    assert menus["match"]["button"] == menus["menu"]["menu"]["button"]


def _check_templates(templates):
    assert templates["added"] == 1
    assert templates["sent"] == 0
    assert templates["msgid"] > 2**53
    assert templates["once"] == [0, 43101]
    assert templates["notices"] == [0, 43101]
    assert templates["left"] == []
