"""Every push of the reference, with every field."""

from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from wxdesk.wechat import (
    Article,
    AuthorizationChanged,
    CardEvent,
    CodeScanned,
    Consent,
    ConsentGiven,
    Debugged,
    EnteredSession,
    File,
    Image,
    Link,
    Location,
    LocationReported,
    MassFinished,
    MenuClicked,
    MiniProgramPage,
    MiniProgramViewed,
    NoticeResult,
    NoticeSent,
    OrderPaid,
    PageViewed,
    PicturesChosen,
    PlaceChosen,
    Published,
    RenewalDue,
    Scanned,
    SessionClosed,
    SessionOpened,
    SessionSwitched,
    Subscribed,
    TemplateFinished,
    Text,
    Unsubscribed,
    Unsupported,
    VerificationExpired,
    Verified,
    VerifyFailed,
    Video,
    Voice,
    parse,
)

PUSHES = Path(__file__).parents[1] / "fixtures" / "pushes"

MEDIA = "Qm3sV8kT1xPz0LrYw6HbNcJ5eUaGf2DiOo9XtSqBvKy7RhMdEjWlZuC4pAnIgF"
OTHER_MEDIA = "hT5yB2nWq8ZrC0kVxLm7PsDgJ4eUaYf1RiOoN9tXbQvKz6HwMdEjSlGuA3pIcF"
THIRD_MEDIA = "bN9cX4vLq7ZtR2kWsYm0PgDhJ5eUaQf8TiOoB1rVxKzM6HwCdEjSlGuA3pInyF"
TICKET = (
    "gQHq8DwAAAAAAAAAAS5odHRwOi8vd2VpeGluLnFxLmNvbS9xLzAyZkRyT1ZOTkpkVzAxeFFkTjFBY2QAAgTzQ1JnAwSA"
    "OgkA"
)
ADDRESS = "广东省广州市天河区体育西路1号"
FOLLOWER = "oK7xT5jD0fGtH6wZq1XeMvB4nRkC"
APP = "wx4f1d7e0b92c6a835"
TEMPLATE = "Zt1mQ9sYkR4vLx7PwHbNcJ5eUaGf2DiOo8XtSqBvK0M"
CARD = "pK7xT5kQm2VbN9dLr3WcYpE8sUiA"
FAILED_AT = datetime.fromtimestamp(1767319200, UTC)
VERIFIED_UNTIL = datetime.fromtimestamp(1798855200, UTC)

KINDS = {
    "message-text": Text("你好，我昨天下的订单 A20260101-77 还没发货，能帮我看一下吗？"),
    "message-text-from-article": Text("文章里说的活动还能参加吗", article=Article("2247489321", 1)),
    "message-text-multiline-emoji": Text(
        "收货地址改一下：\n广州市天河区体育西路 1 号 <3 栋>\n谢谢 & 辛苦了 😀[微笑]"
    ),
    "message-text-msgmenu-click": Text("满意", menu_id="101"),
    "message-text-unsupported": Unsupported("【收到不支持的消息类型，暂无法显示】"),
    "message-image": Image(
        MEDIA, "http://mmbiz.qpic.cn/mmbiz_jpg/T7kd0Qx3rNicPvL9wZ2hYgEoB5sUaMfJ1iaCtqVnX6/0"
    ),
    "message-voice": Voice(OTHER_MEDIA, "amr", media_id_16k=THIRD_MEDIA),
    "message-voice-recognition": Voice(OTHER_MEDIA, "amr"),
    "message-video": Video(THIRD_MEDIA, MEDIA),
    "message-shortvideo": Video(MEDIA, OTHER_MEDIA, short=True),
    "message-location": Location(23.130997, 113.327002, 15, ADDRESS),
    "message-link": Link(
        "冬季新品上架",
        "限时九折，点击查看全部款式",
        "https://mp.weixin.qq.com/s/Xk3PqT9vLm2RcYw7ZbNdHg",
    ),
    "message-miniprogrampage": MiniProgramPage(
        title="商品详情",
        app_id="wx0c8e5b7a1f3d2946",
        page_path="pages/goods/detail.html?id=8842",
        thumb_url="http://mmbiz.qpic.cn/mmbiz_png/V2pQ8sYkR0/0",
        thumb_media_id=OTHER_MEDIA,
    ),
    "message-file": File(
        title="对账单-2025-12.xlsx",
        key="8f2c0d7ab94e31",
        md5="d41d8cd98f00b204e9800998ecf8427e",
        size_bytes=48213,
    ),
    "event-subscribe": Subscribed(),
    "event-subscribe-scene": Subscribed(scene="shop_1024", ticket=TICKET),
    "event-subscribe-after-pay": Subscribed(trade_no="4200002567202601021234567890"),
    "event-unsubscribe": Unsubscribed(),
    "event-scan": Scanned("shop_1024", TICKET),
    "event-location": LocationReported(23.130997, 113.327002, 65.0),
    "event-click": MenuClicked("MENU_CONTACT_AGENT"),
    "event-view": PageViewed("https://shop.example.com/orders", "433851207"),
    "event-view-miniprogram": MiniProgramViewed("pages/index/index", "433851207"),
    "event-scancode-push": CodeScanned(
        "rselfmenu_0_1", "qrcode", "https://shop.example.com/p/8842", waits=False
    ),
    "event-scancode-waitmsg": CodeScanned(
        "rselfmenu_0_0", "barcode", "EAN_13,6901234567892", waits=True
    ),
    "event-pic-sysphoto": PicturesChosen(
        "rselfmenu_1_0", "sysphoto", 1, ("3f9c0be1d27a4856a0e1c7b25d94f813",)
    ),
    "event-pic-photo-or-album": PicturesChosen(
        "rselfmenu_1_1", "photo_or_album", 1, ("b6e1d70f42c958a3917f0c6de8a24b5c",)
    ),
    "event-pic-weixin": PicturesChosen(
        "rselfmenu_1_2",
        "weixin",
        2,
        ("0d2b9e61f7c834a5b1908e3f6ca7d254", "c75a8f10e3b24d96972f5e0b1d68ca43"),
    ),
    "event-location-select": PlaceChosen("rselfmenu_2_0", 23.130997, 113.327002, 15, ADDRESS, ""),
    "event-templatesendjobfinish-success": TemplateFinished(3921047718265298944, "success"),
    "event-templatesendjobfinish-user-block": TemplateFinished(
        3921047718265298944, "failed:user block"
    ),
    "event-templatesendjobfinish-system-failed": TemplateFinished(
        3921047718265298944, "failed: system failed"
    ),
    "event-masssendjobfinish": MassFinished(
        msg_id=1000002741,
        status="send success",
        total=1200,
        filtered=1180,
        sent=1171,
        failed=9,
        articles=(
            (
                1,
                "http://mp.weixin.qq.com/s?__biz=MzI0MTU3&mid=2247489321&idx=1&sn=a1b2c3",
            ),
        ),
        check_state=0,
    ),
    "event-publishjobfinish": Published(
        publish_id="2247489330",
        status=0,
        article_id="Vn4ZkQ0sYtW7Lr2PxHbNcJ5eUaGf1DiOo9XtSqBvK0M",
        urls=("http://mp.weixin.qq.com/s/Xk3PqT9vLm2RcYw7ZbNdHg",),
    ),
    "event-publishjobfinish-failed": Published("2247489331", 2, failed_indexes=(1,)),
    "event-kf-create-session": SessionOpened("agent01@shopcare"),
    "event-kf-close-session": SessionClosed("agent01@shopcare"),
    "event-kf-switch-session": SessionSwitched("agent01@shopcare", "agent02@shopcare"),
    "event-merchant-order": OrderPaid(
        "8820461937750216649",
        2,
        "pK7xT5mZ0aQ4eW8rT2yU6iO1sDfG",
        "20011:2000134;20012:200107",
    ),
    "event-subscribe-msg-popup": ConsentGiven(
        (
            Consent(TEMPLATE, accepted=True, scene="2"),
            Consent("Hc6dW0nTj3fZq8LyRkBvXm5PsUaGe2IiOo7YtNbQwK4", accepted=False, scene="2"),
        ),
        "popup",
    ),
    "event-subscribe-msg-change": ConsentGiven((Consent(TEMPLATE, accepted=False),), "change"),
    "event-subscribe-msg-sent": NoticeSent(
        (NoticeResult(TEMPLATE, 2981047718265298944, 0, "success"),)
    ),
    "event-user-authorization-revoke": AuthorizationChanged("revoke", FOLLOWER, APP, "1"),
    "event-user-authorization-cancellation": AuthorizationChanged(
        "cancellation", FOLLOWER, APP, "1"
    ),
    "event-user-info-modified": AuthorizationChanged("modified", FOLLOWER, APP, "1"),
    "event-qualification-verify-success": Verified("qualification", VERIFIED_UNTIL),
    "event-qualification-verify-fail": VerifyFailed("qualification", FAILED_AT, "by time"),
    "event-naming-verify-success": Verified("naming", VERIFIED_UNTIL),
    "event-naming-verify-fail": VerifyFailed("naming", FAILED_AT, "by time"),
    "event-annual-renew": RenewalDue(datetime.fromtimestamp(1769911200, UTC)),
    "event-verify-expired": VerificationExpired(FAILED_AT),
    "event-user-get-card": CardEvent(
        event="user_get_card",
        card_id=CARD,
        code="418822660157",
        outer="menu",
        facts={
            "IsGiveByFriend": "0",
            "OuterId": "0",
            "IsRestoreMemberCard": "0",
            "IsRecommendByFriend": "0",
        },
    ),
    "event-user-enter-session-from-card": CardEvent(
        "user_enter_session_from_card", CARD, "418822660157"
    ),
    "event-user-enter-tempsession": EnteredSession("order=A20260101-77"),
    "event-debug-demo": Debugged("hello world"),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_has_its_content(name):
    push = parse((PUSHES / f"{name}.xml").read_bytes())

    assert push.content == KINDS[name]
    assert push.extra == {}


def test_no_documented_push_is_left_out():
    documented = {path.stem for path in PUSHES.iterdir()}

    assert documented - set(KINDS) == {"envelope-compatible", "envelope-secure"}


def places(element):
    """Where something new may stand: in the root, and in whatever holds other elements."""
    yield element
    for child in element:
        if len(child):
            yield from places(child)


@pytest.mark.parametrize("name", KINDS)
def test_an_element_that_is_new_is_kept_wherever_it_stands(name):
    plain = (PUSHES / f"{name}.xml").read_bytes()
    for number, _ in enumerate(places(ET.fromstring(plain))):
        root = ET.fromstring(plain)
        new = ET.SubElement(list(places(root))[number], "Hue")
        new.text = "blue"

        push = parse(ET.tostring(root))

        kept = push.extra | getattr(push.content, "facts", {})
        assert [path.rpartition("/")[2] for path, text in kept.items() if text == "blue"] == ["Hue"]
        assert type(push.content) is type(KINDS[name])


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("success", "delivered"),
        ("failed:user block", "blocked"),
        ("failed: user block", "blocked"),
        ("failed: system failed", "failed"),
        ("failed:system failed", "failed"),
        ("", "failed"),
    ],
)
def test_what_became_of_a_template_message(status, outcome):
    assert TemplateFinished(1, status).outcome == outcome
