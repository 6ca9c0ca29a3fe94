"""Paying, complaining about it, and cards.

Source: the old shop's "order paid" (微信小店), "User rights protection" (用户维权, pay v2 of 2014),
"Card events" (卡券事件推送).
"""

import secrets
from collections.abc import Mapping
from typing import Any

from wxdesk.wechat.policies import Trigger
from wxsim import lines, push
from wxsim.acts.doing import Doing, Done
from wxsim.acts.errors import BadAct
from wxsim.acts.files import picture_type
from wxsim.acts.following import follow_after_paying
from wxsim.xml import Element, as_number

_CODE = "418822660157"
_STAGES = ("request", "confirm", "reject")

# What each card event has behind CardId; the default says its type.
_CARD_EVENTS: Mapping[str, Mapping[str, str | int]] = {
    "user_get_card": {
        "IsGiveByFriend": 0,
        "UserCardCode": _CODE,
        "FriendUserName": "",
        "OuterId": 0,
        "OldUserCardCode": "",
        "OuterStr": "menu",
        "IsRestoreMemberCard": 0,
        "IsRecommendByFriend": 0,
    },
    "user_gifting_card": {
        "UserCardCode": _CODE,
        "IsReturnBack": 0,
        "FriendUserName": "",
        "IsChatRoom": 0,
    },
    "user_del_card": {"UserCardCode": _CODE},
    "user_consume_card": {
        "UserCardCode": _CODE,
        "ConsumeSource": "FROM_MOBILE_HELPER",
        "LocationName": "",
        "StaffOpenId": "",
        "VerifyCode": "",
        "RemarkAmount": "",
        "OuterStr": "",
    },
    "user_pay_from_pay_cell": {
        "UserCardCode": _CODE,
        "TransId": "4200002567202601021234567890",
        "LocationId": 0,
        "Fee": "10000",
        "OriginalFee": "10000",
    },
    "user_view_card": {"UserCardCode": _CODE, "OuterStr": ""},
    "user_enter_session_from_card": {"UserCardCode": _CODE},
    "update_member_card": {"UserCardCode": _CODE, "ModifyBonus": 0, "ModifyBalance": 0},
    "submit_membercard_user_info": {"UserCardCode": _CODE},
    "card_pass_check": {},
    "card_not_pass_check": {"RefuseReason": "非法代制"},
    "card_sku_remind": {"Detail": "the card's quantity is equal to 0"},
}


def pay(doing: Doing) -> Done:
    """``follow_after``: and then follows, as the page that says "paid" proposes."""
    order_id = doing.text("order_id")
    trade_no = doing.text("trade_no", f"42000025672026{secrets.randbelow(10**14):014d}")
    event = doing.event(
        "merchant_order",
        ("OrderId", order_id),
        ("OrderStatus", 2),
        ("ProductId", doing.text("product_id", "pK7xT5mZ0aQ4eW8rT2yU6iO1sDfG")),
        ("SkuInfo", doing.text("sku_info", "20011:2000134;20012:200107")),
        answered=False,
    )
    follow_after = doing.flag("follow_after")
    doing.grant(Trigger.PAYMENT)
    doing.note("payment", f"支付成功，订单号 {order_id}", order_id=order_id, trade_no=trade_no)
    return Done([event, follow_after_paying(doing, trade_no)] if follow_after else [event])


def complain(doing: Doing) -> Done:
    """Goes to the account's pay-feedback URL, unsealed and without a signed query."""
    stage = doing.choice("stage", _STAGES)
    about = _opened(doing) if stage == "request" else _settled(doing)
    body = push.pay_feedback(doing.platform.account, doing.openid, stage, about, at=doing.now)
    if stage == "request":
        doing.grant(Trigger.COMPLAINT)
    facts = dict(about)
    number, reason = str(facts["FeedBackId"]), str(facts["Reason"])
    words = {"request": "已发起维权", "confirm": "已确认解决", "reject": "不接受处理结果"}[stage]
    content = f"{words}（{number}）：{reason}"
    doing.note("complaint", content, feedback_id=number, stage=stage, reason=reason)
    return Done([body])


def card(doing: Doing) -> Done:
    """Facts of the event go by the names of its elements."""
    name = doing.choice("event", tuple(_CARD_EVENTS))
    elements: list[Element] = [("CardId", doing.text("card_id", "pK7xT5kQm2VbN9dLr3WcYpE8sUiA"))]
    for element, default in _CARD_EVENTS[name].items():
        given = doing.text("code", _CODE) if element == "UserCardCode" else None
        elements.append((element, given if given is not None else _fact(doing, element, default)))
    return Done([doing.event(name, *elements, answered=False)])


def _fact(doing: Doing, name: str, default: str | int) -> str | int:
    return doing.text(name, default) if isinstance(default, str) else doing.whole(name, default)


def _opened(doing: Doing) -> list[Element]:
    number = doing.text("feedback_id", str(secrets.randbelow(9 * 10**18) + 10**18))
    for body in doing.files.pictures:
        picture_type(body)
    kept = [doing.keep(body, picture_type(body)) for body in doing.files.pictures]
    urls = [doing.origin + lines.media_url(media_id) for media_id in kept] or [""]
    return [
        ("FeedBackId", as_number(number)),
        ("TransId", doing.text("trade_no", "1217752501202601023321470598")),
        ("Reason", doing.text("reason", "商品质量有问题")),
        ("Solution", doing.text("solution", "补发货给我")),
        ("ExtInfo", doing.text("contact", "手机号 13800000000")),
        ("PicInfo", [("item", [("PicUrl", url)]) for url in urls]),
    ]


def _settled(doing: Doing) -> list[Element]:
    """The complaint named, or the follower's last one."""
    chat: list[dict[str, Any]] = doing.platform.chat(doing.openid)
    last = next((line for line in reversed(chat) if line["type"] == "complaint"), None)
    number = doing.text("feedback_id", last["feedback_id"] if last else "")
    if not number:
        raise BadAct("there is no complaint to confirm or reject; request one first")
    reason = doing.text("reason", last["reason"] if last else "商品质量有问题")
    return [("FeedBackId", as_number(number)), ("Reason", reason)]
