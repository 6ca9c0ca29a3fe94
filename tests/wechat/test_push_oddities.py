"""Pushes as they come beside the documented ones: nothing WeChat sends is lost."""

import json
import tracemalloc

import pytest

from wxdesk.wechat import (
    CardEvent,
    CodeScanned,
    Consent,
    ConsentGiven,
    Image,
    Location,
    MassFinished,
    MenuClicked,
    PicturesChosen,
    Published,
    Scanned,
    Subscribed,
    TemplateFinished,
    Text,
    Unknown,
    Unsupported,
    Voice,
    parse,
)

ENVELOPE = {
    "ToUserName": "gh_9a3c51e7b2d4",
    "FromUserName": "oK7xT5hQ2mVbN9dLr3WcYpE8sUiA",
    "CreateTime": "1767319261",
}


def push(inside="", **elements):
    texts = "".join(f"<{name}>{text}</{name}>" for name, text in (ENVELOPE | elements).items())
    return parse(f"<xml>{texts}{inside}</xml>".encode())


def message(kind, inside="", **elements):
    return push(inside, MsgType=kind, MsgId="24811057300007919", **elements)


def event(name, inside="", **elements):
    return push(inside, MsgType="event", Event=name, **elements)


def in_json(**members):
    return parse(json.dumps(ENVELOPE | members, ensure_ascii=False).encode())


@pytest.mark.parametrize("spelt", ["CLICK", "click", "Click"])
def test_the_case_of_an_event_does_not_matter(spelt):
    assert event(spelt, EventKey="A").content == MenuClicked("A")


def test_a_published_article_by_its_other_name():
    inside = (
        "<PublishEventInfo><publish_id>1</publish_id><publish_status>4</publish_status>"
        "<fail_idx>1</fail_idx><fail_idx>3</fail_idx></PublishEventInfo>"
    )

    content = event("FREEPUBLISHJOBFINISH", inside).content

    assert content == Published("1", 4, failed_indexes=(1, 3))


def test_every_article_of_a_mass_message_has_its_address():
    items = "".join(
        f"<item><ArticleIdx>{index}</ArticleIdx><ArticleUrl>http://a/{index}</ArticleUrl></item>"
        for index in (1, 2)
    )
    inside = (
        f"<ArticleUrlResult><Count>2</Count><ResultList>{items}</ResultList></ArticleUrlResult>"
    )

    content = event("MASSSENDJOBFINISH", inside, MsgID="7", Status="err(10001)").content

    assert content == MassFinished(7, "err(10001)", articles=((1, "http://a/1"), (2, "http://a/2")))


@pytest.mark.parametrize("text", ["【收到不支援的訊息類型，無法顯示】", "[Unsupported Message]"])
def test_what_wechat_does_not_pass_on_is_told_apart(text):
    assert message("text", Content=text).content == Unsupported(text)


def test_a_text_that_quotes_the_placeholder_is_a_text():
    assert message("text", Content="[Unsupported Message]?").content == Text(
        "[Unsupported Message]?"
    )


def test_the_id_of_a_report_may_be_spelt_like_that_of_a_message():
    content = event("TEMPLATESENDJOBFINISH", MsgId="200163836", Status="success").content

    assert content == TemplateFinished(200163836, "success")


def test_numbers_may_come_as_cdata():
    content = message(
        "location",
        Location_X="<![CDATA[23.1]]>",
        Location_Y="<![CDATA[-113.3]]>",
        Scale="<![CDATA[15]]>",
    ).content

    assert content == Location(23.1, -113.3, 15)


@pytest.mark.parametrize("key", [None, ""])
def test_who_follows_without_a_code_comes_from_no_scene(key):
    assert event("subscribe", **({} if key is None else {"EventKey": key})).content == Subscribed()


def test_a_scene_that_is_a_number_is_kept_as_it_is_written():
    assert event("subscribe", EventKey="qrscene_007").content == Subscribed(scene="007")
    assert event("SCAN", EventKey="007").content == Scanned("007")


def test_a_key_longer_than_any_row_is_whole_in_the_content():
    key = "k" * 5000

    push = event("CLICK", EventKey=key)

    assert push.content == MenuClicked(key)
    assert len(push.key) == 120


def test_pictures_are_counted_where_wechat_does_not():
    inside = (
        "<SendPicsInfo><PicList><item><PicMd5Sum>a</PicMd5Sum></item>"
        "<item><PicMd5Sum>b</PicMd5Sum></item></PicList></SendPicsInfo>"
    )

    assert event("pic_weixin", inside).content == PicturesChosen("", "weixin", 2, ("a", "b"))


def test_speech_that_was_recognised_is_told():
    content = message("voice", MediaId="m", Format="AMR", Recognition="在吗").content

    assert content == Voice("m", "amr", recognition="在吗")


def test_paying_with_a_card_keeps_all_the_facts():
    content = event(
        "user_pay_from_pay_cell", CardId="c", UserCardCode="1", TransId="42", Fee="10000"
    ).content

    assert content == CardEvent(
        "user_pay_from_pay_cell", "c", "1", facts={"TransId": "42", "Fee": "10000"}
    )


def test_an_unknown_kind_keeps_its_texts():
    push = event(
        "open_product_order_pay", "<order_info><order_id>9</order_id></order_info>", Fee="1"
    )

    assert push.content == Unknown("event/open_product_order_pay")
    assert push.extra == {"Fee": "1", "order_info/order_id": "9"}


def test_nested_elements_that_are_new_are_kept_by_their_path():
    inside = (
        "<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>r</ScanResult>"
        "<Angle>7</Angle><At><X>1</X><X>2</X></At></ScanCodeInfo>"
    )

    push = event("scancode_push", inside, EventKey="k")

    assert push.content == CodeScanned("k", "qrcode", "r", waits=False)
    assert push.extra == {
        "ScanCodeInfo/Angle": "7",
        "ScanCodeInfo/At/X": "1",
        "ScanCodeInfo/At/X[2]": "2",
    }


def test_what_is_nested_in_a_json_push_is_kept_too():
    push = in_json(MsgType="event", Event="later", Info={"Places": [{"Id": 1}, {"Id": 2}]})

    assert push.extra == {"Info/Places/Id": "1", "Info/Places[2]/Id": "2"}


def test_an_event_that_cannot_be_read_keeps_what_was_read_before_it_could_not():
    inside = "<PublishEventInfo><publish_id>1</publish_id><fail_idx>3</fail_idx></PublishEventInfo>"

    push = event("PUBLISHJOBFINISH", inside)

    assert push.content == Unknown("event/publishjobfinish")
    assert push.extra == {"PublishEventInfo/publish_id": "1", "PublishEventInfo/fail_idx": "3"}


def test_names_without_end_do_not_multiply():
    name = "n" * 300_000
    inside = f"<{name}>{'<a>1</a>' * 1900}</{name}>"

    tracemalloc.start()
    push = event("later", inside)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert push.extra == {}
    assert peak < 20_000_000


def test_elements_that_are_new_are_kept_beside_the_content():
    push = message("image", MediaId="m", PicUrl="http://p", Hue="blue")

    assert push.content == Image("m", "http://p")
    assert push.extra == {"Hue": "blue"}


@pytest.mark.parametrize(
    ("kind", "elements"),
    [
        ("text", {"Says": "hello"}),
        ("image", {"PicUrl": "http://p"}),
        ("location", {"Location_X": "91", "Location_Y": "0"}),
        ("location", {"Location_X": "nan", "Location_Y": "0"}),
        ("location", {"Location_X": "1", "Location_Y": "-180.1"}),
        ("location", {"Location_X": "1", "Location_Y": "inf"}),
        ("location", {"Location_X": "north", "Location_Y": "0"}),
        ("location", {"Location_X": "9" * 5000, "Location_Y": "0"}),
        ("link", {"Title": "t"}),
        ("file", {"FileKey": "k"}),
    ],
)
def test_a_message_that_cannot_be_read_is_unknown_with_all_its_texts(kind, elements):
    push = message(kind, **elements)

    assert push.content == Unknown(kind)
    assert push.extra == elements
    assert push.key == "m24811057300007919"


@pytest.mark.parametrize(
    ("name", "elements", "inside"),
    [
        ("SCAN", {}, ""),
        ("CLICK", {}, ""),
        ("LOCATION", {"Latitude": "1"}, ""),
        ("scancode_push", {"EventKey": "k"}, ""),
        ("scancode_push", {"EventKey": "k"}, "<ScanCodeInfo>here</ScanCodeInfo>"),
        ("location_select", {}, "<SendLocationInfo><Location_X>1</Location_X></SendLocationInfo>"),
        ("TEMPLATESENDJOBFINISH", {"MsgID": "1"}, ""),
        ("TEMPLATESENDJOBFINISH", {"MsgID": "1.5", "Status": "success"}, ""),
        ("MASSSENDJOBFINISH", {"Status": "send success"}, ""),
        ("PUBLISHJOBFINISH", {}, ""),
        ("subscribe_msg_popup_event", {}, "<SubscribeMsgPopupEvent></SubscribeMsgPopupEvent>"),
        ("subscribe_msg_sent_event", {}, "<List><TemplateId>t</TemplateId></List>"),
        ("merchant_order", {"OrderId": "1"}, ""),
        ("user_get_card", {"UserCardCode": "1"}, ""),
        ("user_info_modified", {"OpenID": "粉丝"}, ""),
        ("verify_expired", {"ExpiredTime": "0"}, ""),
        ("verify_expired", {"ExpiredTime": "9" * 20}, ""),
        ("kf_create_session", {}, ""),
    ],
)
def test_an_event_that_cannot_be_read_is_unknown(name, elements, inside):
    assert event(name, inside, **elements).content == Unknown(f"event/{name.lower()}")


def test_a_number_that_cannot_be_read_takes_nothing_else_with_it():
    content = message(
        "location", Location_X="1", Location_Y="2", Scale="near", Label="here"
    ).content

    assert content == Location(1.0, 2.0, None, "here")


def test_names_in_namespaces_are_no_reason_to_lose_a_push():
    inside = "<a:ScanCodeInfo><ScanResult>1</ScanResult></a:ScanCodeInfo>"

    assert event("scancode_push", inside).content == Unknown("event/scancode_push")


def test_the_json_of_mini_programs_says_the_same():
    push = in_json(CreateTime=1767319261, MsgType="text", Content="在吗", MsgId=9007199254740993)

    assert push == parse(
        "<xml><ToUserName>gh_9a3c51e7b2d4</ToUserName>"
        "<FromUserName>oK7xT5hQ2mVbN9dLr3WcYpE8sUiA</FromUserName>"
        "<CreateTime>1767319261</CreateTime><MsgType>text</MsgType><Content>在吗</Content>"
        "<MsgId>9007199254740993</MsgId></xml>".encode()
    )


@pytest.mark.parametrize("listed", [list, lambda one: one[0]])
def test_the_list_of_a_json_push_stands_by_itself_and_may_be_one(listed):
    answers = [{"TemplateId": "t", "SubscribeStatusString": "accept", "PopupScene": "0"}]

    push = in_json(MsgType="event", Event="subscribe_msg_popup_event", List=listed(answers))

    assert push.content == ConsentGiven((Consent("t", accepted=True, scene="0"),), "popup")


def test_what_no_database_takes_does_not_come_in_by_json():
    push = in_json(MsgType="text", Content="a\0b", MsgId=1, **{"Odd\0": "x"})

    assert push.content == Text("a b")
    assert push.extra == {"Odd ": "x"}


def test_half_an_emoji_does_not_come_in_by_json():
    body = json.dumps(ENVELOPE | {"MsgType": "text", "MsgId": 1, "Content": "a\ud83d"}).encode()

    assert parse(body).content == Text("a?")
