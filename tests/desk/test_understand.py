"""What a push says to an agent."""

import json
from pathlib import Path

import pytest

from wxdesk.desk.account_log import Note
from wxdesk.desk.conversations import Direction
from wxdesk.desk.intake.understand import Line, note_of, understand, understand_feedback
from wxdesk.desk.media import Wanted
from wxdesk.wechat import parse, parse_pay_feedback

PUSHES = Path(__file__).parents[1] / "fixtures" / "pushes"
FIXTURES = sorted(path for path in PUSHES.glob("*.xml") if "envelope" not in path.name)
WAITING = {"id": None, "state": "waiting"}


def read(name):
    return parse((PUSHES / f"{name}.xml").read_bytes())


def line(xml_name):
    return understand(read(xml_name))


def push(**elements):
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in elements.items())
    head = "<ToUserName>gh_9a3c51e7b2d4</ToUserName><FromUserName>oFollower1</FromUserName>"
    return parse(f"<xml>{head}<CreateTime>1772452800</CreateTime>{inside}</xml>".encode())


def test_a_text_wants_an_answer():
    text = understand(push(MsgType="text", Content="在吗", MsgId=7))

    assert text == Line(Direction.IN, "text", "在吗", opens=True)


def test_a_line_of_a_menu_message_says_which_one_was_touched():
    touched = line("message-text-msgmenu-click")

    assert touched.kind == "text"
    assert touched.opens
    assert touched.content == {"menu_id": read("message-text-msgmenu-click").content.menu_id}


def test_following_is_a_small_line_that_opens_nothing():
    followed = understand(push(MsgType="event", Event="subscribe", EventKey=""))

    assert followed == Line(Direction.SYSTEM, "subscribe")


def test_following_by_a_qr_code_says_which():
    followed = understand(push(MsgType="event", Event="subscribe", EventKey="qrscene_shelf7"))

    assert followed == Line(Direction.SYSTEM, "subscribe", "shelf7", {"scene": "shelf7"})


def test_following_after_paying_says_for_what():
    followed = understand(push(MsgType="event", Event="subscribe", EventKey="last_trade_no_42"))

    assert followed == Line(Direction.SYSTEM, "subscribe", content={"trade_no": "42"})


def test_leaving_is_a_small_line():
    left = understand(push(MsgType="event", Event="unsubscribe"))

    assert left == Line(Direction.SYSTEM, "unsubscribe")


def test_a_message_not_understood_yet_wants_an_answer_and_says_what_it_is():
    sent = understand(push(MsgType="sticker_of_2030", MsgId=7))

    kind = "sticker_of_2030"
    assert sent == Line(Direction.IN, kind, content={"raw_kind": kind}, opens=True)


def test_an_event_not_understood_yet_is_told_and_introduces_nobody():
    happened = understand(push(MsgType="event", Event="event_of_2030"))

    assert happened == Line(
        Direction.SYSTEM, "event", content={"raw_kind": "event_of_2030"}, introduces=False
    )


READ_AS = {
    "message-text-from-article": ("text", {"article": {"data_id": "2247489321", "index": 1}}),
    "message-text-unsupported": ("unsupported", {}),
    "message-image": ("image", {"media": WAITING}),
    "message-voice": ("voice", {"format": "amr", "media": WAITING}),
    "message-voice-recognition": ("voice", {"format": "amr", "media": WAITING}),
    "message-video": ("video", {"short": False, "media": WAITING, "thumb": WAITING}),
    "message-shortvideo": ("video", {"short": True, "media": WAITING, "thumb": WAITING}),
    "message-location": (
        "location",
        {"latitude": 23.130997, "longitude": 113.327002, "label": "广东省广州市天河区体育西路1号"},
    ),
    "message-link": ("link", {"title": "冬季新品上架"}),
    "message-miniprogrampage": ("miniprogrampage", {"app_id": "wx0c8e5b7a1f3d2946"}),
    "message-file": ("file", {"title": "对账单-2025-12.xlsx", "size_bytes": 48213}),
    "event-subscribe-scene": ("subscribe", {"scene": "shop_1024"}),
    "event-scan": ("scan", {"scene": "shop_1024"}),
    "event-click": ("menu_click", {"key": "MENU_CONTACT_AGENT"}),
    "event-view": ("menu_view", {"url": "https://shop.example.com/orders"}),
    "event-view-miniprogram": ("menu_miniprogram", {"page_path": "pages/index/index"}),
    "event-scancode-push": ("menu_scan", {"result": "https://shop.example.com/p/8842"}),
    "event-scancode-waitmsg": ("menu_scan", {"scan_type": "barcode"}),
    "event-pic-sysphoto": ("menu_pictures", {"source": "sysphoto", "count": 1}),
    "event-pic-photo-or-album": ("menu_pictures", {"source": "photo_or_album"}),
    "event-pic-weixin": ("menu_pictures", {"source": "weixin", "count": 2}),
    "event-location-select": ("menu_location", {"latitude": 23.130997}),
    "event-merchant-order": ("payment", {"order_id": "8820461937750216649"}),
    "event-user-get-card": ("card", {"event": "user_get_card", "code": "418822660157"}),
    "event-user-enter-session-from-card": ("card", {"event": "user_enter_session_from_card"}),
    "event-user-enter-tempsession": ("enter_session", {"session_from": "order=A20260101-77"}),
    "event-kf-create-session": (
        "native_session",
        {"action": "opened", "kf_account": "agent01@shopcare"},
    ),
    "event-kf-close-session": (
        "native_session",
        {"action": "closed", "kf_account": "agent01@shopcare"},
    ),
    "event-kf-switch-session": (
        "native_session",
        {"action": "switched", "kf_account": "agent01@shopcare", "to": "agent02@shopcare"},
    ),
}


@pytest.mark.parametrize("name", READ_AS)
def test_every_kind_has_its_own_form(name):
    kind, facts = READ_AS[name]

    said = line(name)

    assert said.kind == kind
    assert said.content.items() >= facts.items()
    assert said.opens == name.startswith("message-")
    assert said.introduces


def test_what_agents_read_holds_no_media_id_and_no_ticket():
    for path in FIXTURES:
        push = parse(path.read_bytes())
        said = understand(push)
        for secret in ("media_id", "media_id_16k", "thumb_media_id", "ticket"):
            hidden = getattr(push.content, secret, None)
            assert said is None or not hidden or hidden not in json.dumps(said.content)


def test_every_line_can_be_stored_as_json():
    for path in FIXTURES:
        if said := line(path.stem):
            assert json.loads(json.dumps(said.content)) == said.content


def test_of_a_voice_the_finer_one_is_wanted_first():
    (wanted,) = line("message-voice").wanted
    voice = read("message-voice").content

    assert wanted == Wanted("media", (voice.media_id_16k, voice.media_id), "voice")


def test_a_picture_may_also_be_had_where_it_is_shown():
    (wanted,) = line("message-image").wanted
    picture = read("message-image").content

    assert wanted == Wanted("media", (picture.media_id,), "image", picture.pic_url)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("event-masssendjobfinish", "mass_result"),
        ("event-publishjobfinish", "published"),
        ("event-publishjobfinish-failed", "published"),
        ("event-qualification-verify-success", "verification"),
        ("event-naming-verify-fail", "verification"),
        ("event-annual-renew", "verification"),
        ("event-verify-expired", "verification"),
        ("event-user-authorization-revoke", "authorization"),
        ("event-debug-demo", "debug"),
    ],
)
def test_what_concerns_the_account_itself_is_noted_and_stands_in_no_thread(name, kind):
    noted = note_of(read(name))

    assert noted.kind == kind
    assert json.loads(json.dumps(noted.content)) == noted.content
    assert line(name) is None


def test_another_system_that_answers_a_follower_is_told_to_agents_and_noted():
    opened = read("event-kf-create-session")

    assert note_of(opened) == Note("native_session", understand(opened).content)


def test_what_a_customer_says_concerns_no_account_log():
    assert note_of(read("message-text")) is None
    assert note_of(read("event-subscribe")) is None


@pytest.mark.parametrize(
    ("stage", "opens"), [("request", True), ("reject", True), ("confirm", False)]
)
def test_a_complaint_wants_an_answer_until_it_is_settled(stage, opens):
    complaint = understand_feedback(feedback(stage))

    assert complaint.opens == opens
    assert complaint.kind == "complaint"
    assert complaint.content["stage"] == stage
    assert complaint.content["pictures"] == ["http://mmbiz.qpic.cn/1"]
    assert not complaint.introduces


def feedback(stage):
    return parse_pay_feedback(
        f"<xml><OpenId>oA</OpenId><AppId>wx1</AppId><TimeStamp>1767323200</TimeStamp>"
        f"<MsgType>{stage}</MsgType><FeedBackId>9038172645501928374</FeedBackId>"
        "<Reason>商品质量有问题</Reason><PicInfo><item><PicUrl>http://mmbiz.qpic.cn/1</PicUrl></item>"
        "<item><PicUrl></PicUrl></item></PicInfo></xml>".encode()
    )
