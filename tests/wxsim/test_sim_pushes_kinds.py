"""Every act of a follower: what is posted is what WeChat documents, and the desk can read it."""

import base64
import re
from pathlib import Path

import pytest

from wxdesk.wechat import Unknown, parse
from wxsim import film

FIXTURES = Path(__file__).parents[1] / "fixtures" / "pushes"
PICTURE = base64.b64encode(film.picture()).decode()
TEMPLATES = (
    "Zt1mQ9sYkR4vLx7PwHbNcJ5eUaGf2DiOo8XtSqBvK0M",
    "Hc6dW0nTj3fZq8LyRkBvXm5PsUaGe2IiOo7YtNbQwK4",
)
ADDRESS = "https://shop.example.com/p/8842"
EAN = "EAN_13,6901234567892"

# Fixture: the act, and what it takes to say the same.
ACTS = {
    "message-text": (
        "text",
        {"content": "你好，我昨天下的订单 A20260101-77 还没发货，能帮我看一下吗？"},
    ),
    "message-text-from-article": (
        "text",
        {"content": "文章里说的活动还能参加吗", "data_id": "2247489321", "index": 1},
    ),
    "message-text-unsupported": ("unsupported", {}),
    "message-text-msgmenu-click": ("msgmenu_click", {"id": "101", "content": "满意"}),
    "message-image": ("image", {"file": PICTURE}),
    "message-voice": ("voice", {}),
    "message-video": ("video", {}),
    "message-shortvideo": ("shortvideo", {}),
    "message-location": ("location", {}),
    "message-link": (
        "link",
        {
            "title": "冬季新品上架",
            "description": "限时九折，点击查看全部款式",
            "url": "https://mp.weixin.qq.com/s/Xk3PqT9vLm2RcYw7ZbNdHg",
        },
    ),
    "message-miniprogrampage": (
        "miniprogrampage",
        {"title": "商品详情", "page_path": "pages/goods/detail.html?id=8842"},
    ),
    "message-file": ("file", {"file": base64.b64encode(bytes(48213)).decode()}),
    "event-subscribe": ("subscribe", {}),
    "event-subscribe-scene": ("subscribe", {"scene": "shop_1024"}),
    "event-subscribe-after-pay": ("subscribe", {"trade_no": "4200002567202601021234567890"}),
    "event-unsubscribe": ("unsubscribe", {}),
    "event-scan": ("scan", {"scene": "shop_1024"}),
    "event-location": ("location_report", {}),
    "event-click": ("menu_click", {"key": "MENU_CONTACT_AGENT"}),
    "event-view": ("menu_click", {"button": "view", "key": "https://shop.example.com/orders"}),
    "event-view-miniprogram": ("menu_click", {"button": "miniprogram", "key": "pages/index/index"}),
    "event-scancode-push": (
        "menu_click",
        {"button": "scancode_push", "key": "rselfmenu_0_1", "code": ADDRESS},
    ),
    "event-scancode-waitmsg": (
        "menu_click",
        {"button": "scancode_waitmsg", "key": "rselfmenu_0_0", "code": EAN},
    ),
    "event-pic-sysphoto": ("menu_click", {"button": "pic_sysphoto", "key": "rselfmenu_1_0"}),
    "event-pic-photo-or-album": (
        "menu_click",
        {"button": "pic_photo_or_album", "key": "rselfmenu_1_1"},
    ),
    "event-pic-weixin": (
        "menu_click",
        {"button": "pic_weixin", "key": "rselfmenu_1_2", "pictures": [PICTURE, PICTURE]},
    ),
    "event-location-select": ("menu_click", {"button": "location_select", "key": "rselfmenu_2_0"}),
    "event-merchant-order": ("pay", {"order_id": "8820461937750216649"}),
    "event-user-get-card": ("card", {}),
    "event-user-enter-session-from-card": ("card", {"event": "user_enter_session_from_card"}),
    "event-user-enter-tempsession": ("enter", {"session_from": "order=A20260101-77"}),
    "event-subscribe-msg-popup": (
        "consent",
        {
            "answers": [
                {"template_id": TEMPLATES[0], "accepted": True},
                {"template_id": TEMPLATES[1], "accepted": False},
            ]
        },
    ),
    "event-subscribe-msg-change": (
        "consent",
        {"how": "change", "answers": [{"template_id": TEMPLATES[0], "accepted": False}]},
    ),
}
CHANGING = (
    "FromUserName|CreateTime|MsgId|MediaId|MediaId16K|ThumbMediaId|PicUrl|ThumbUrl|Ticket|MenuId"
    "|PicMd5Sum|FileKey|FileMd5"
)
VALUE = re.compile(rf"<({CHANGING})>(<!\[CDATA\[)?[^<\]]*(\]\]>)?</\1>")


def without_what_changes(body):
    """The same, to the byte, but for ids and moments; CDATA or none stays visible."""
    return VALUE.sub(r"<\1>\2…\3</\1>", body.decode())


@pytest.mark.parametrize("fixture", ACTS)
async def test_every_act_is_posted_to_the_byte_as_documented(sim, server, fixture):
    kind, wish = ACTS[fixture]

    await sim.act(await sim.follower(), kind, **wish)

    documented = (FIXTURES / f"{fixture}.xml").read_bytes()
    expected = without_what_changes(documented).replace("[barcode]", "[qrcode]")
    assert without_what_changes(server.bodies[0]) == expected


@pytest.mark.parametrize("fixture", ACTS)
async def test_every_act_is_understood_by_the_desk(sim, server, fixture):
    kind, wish = ACTS[fixture]
    openid = await sim.follower()

    answer = await sim.act(openid, kind, **wish)

    pushed = parse(server.bodies[0])
    assert type(pushed.content) is type(parse((FIXTURES / f"{fixture}.xml").read_bytes()).content)
    assert not isinstance(pushed.content, Unknown)
    assert (pushed.openid, pushed.msg_id and str(pushed.msg_id)) == (openid, answer["msg_id"])


@pytest.mark.parametrize(
    "event",
    [
        "user_gifting_card",
        "user_del_card",
        "user_consume_card",
        "user_pay_from_pay_cell",
        "user_view_card",
        "update_member_card",
        "submit_membercard_user_info",
        "card_pass_check",
        "card_not_pass_check",
        "card_sku_remind",
    ],
)
async def test_every_card_event_is_understood_by_the_desk(sim, server, event):
    await sim.act(await sim.follower(), "card", event=event, card_id="pCard", code="77")

    content = parse(server.bodies[0]).content
    assert (content.event, content.card_id) == (event, "pCard")
    assert content.code in {"77", ""}


@pytest.mark.parametrize(
    ("language", "placeholder"),
    [
        ("zh_CN", "【收到不支持的消息类型，暂无法显示】"),
        ("zh_TW", "【收到不支援的訊息類型，無法顯示】"),
        ("en", "[Unsupported Message]"),
    ],
)
async def test_a_sticker_arrives_as_a_sentence_in_the_phones_language(
    sim, server, language, placeholder
):
    openid = await sim.follower()

    await sim.act(openid, "unsupported", language=language, sticker="heart")

    assert server.pushes[0]["Content"] == placeholder
    assert (await sim.chat(openid))[0]["sticker"] == "heart"


# Money


async def test_paying_grants_by_the_rule_of_the_time(start):
    today, before = await start(callback=None), await start(callback=None, policy="2021")
    for sim, left in ((today, 0), (before, 20)):
        openid = await sim.follower()

        await sim.act(openid, "pay", order_id="WG1")

        assert (await sim.allowance(openid))["sends_left"] == left
        assert (await sim.chat(openid))[0]["order_id"] == "WG1"


async def test_whoever_pays_may_follow_afterwards(sim, server):
    openid = await sim.follower(following=False)

    answer = await sim.act(openid, "pay", order_id="WG1", trade_no="42", follow_after=True)

    assert [push["Event"] for push in server.pushes] == ["merchant_order", "subscribe"]
    assert server.pushes[1]["EventKey"] == "last_trade_no_42"
    assert [push["kind"] for push in answer["pushes"]] == [
        "event/merchant_order",
        "event/subscribe",
    ]
    assert (await sim.get(f"/sim/followers/{openid}"))["following"] is True
