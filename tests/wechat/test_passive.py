from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxdesk.wechat import (
    Callback,
    Envelope,
    ImageReply,
    Mode,
    MusicReply,
    NewsReply,
    NoReply,
    PassiveArticle,
    TextReply,
    TransferReply,
    VideoReply,
    VoiceReply,
    parse,
    passive_xml,
    read_elements,
)

NOW = datetime.fromtimestamp(1767319263, UTC)
PUSH = parse(
    b"<xml><ToUserName>gh_9a3c51e7b2d4</ToUserName>"
    b"<FromUserName>oK7xT5hQ2mVbN9dLr3WcYpE8sUiA</FromUserName>"
    b"<CreateTime>1767319261</CreateTime><MsgType>text</MsgType><Content>?</Content>"
    b"<MsgId>24811057300007919</MsgId></xml>"
)
CLICK = replace(PUSH, kind="event/click", msg_id=None)
HEADER = (
    "<xml><ToUserName><![CDATA[oK7xT5hQ2mVbN9dLr3WcYpE8sUiA]]></ToUserName>"
    "<FromUserName><![CDATA[gh_9a3c51e7b2d4]]></FromUserName>"
    "<CreateTime>1767319263</CreateTime>"
)
ARTICLE = PassiveArticle(
    "标题", "摘要", "https://cdn.example.com/p.jpg", "https://shop.example.com/p"
)
ITEM = (
    "<item><Title><![CDATA[标题]]></Title><Description><![CDATA[摘要]]></Description>"
    "<PicUrl><![CDATA[https://cdn.example.com/p.jpg]]></PicUrl>"
    "<Url><![CDATA[https://shop.example.com/p]]></Url></item>"
)


@pytest.mark.parametrize(
    ("reply", "xml"),
    [
        (
            TextReply("您好，已收到，客服马上回复。"),
            (
                "<MsgType><![CDATA[text]]></MsgType>"
                "<Content><![CDATA[您好，已收到，客服马上回复。]]></Content></xml>"
            ),
        ),
        (
            ImageReply("MEDIA_ID"),
            (
                "<MsgType><![CDATA[image]]></MsgType>"
                "<Image><MediaId><![CDATA[MEDIA_ID]]></MediaId></Image></xml>"
            ),
        ),
        (
            VoiceReply("MEDIA_ID"),
            (
                "<MsgType><![CDATA[voice]]></MsgType>"
                "<Voice><MediaId><![CDATA[MEDIA_ID]]></MediaId></Voice></xml>"
            ),
        ),
        (
            VideoReply("MEDIA_ID", "标题", "说明"),
            (
                "<MsgType><![CDATA[video]]></MsgType>"
                "<Video><MediaId><![CDATA[MEDIA_ID]]></MediaId><Title><![CDATA[标题]]></Title>"
                "<Description><![CDATA[说明]]></Description></Video></xml>"
            ),
        ),
        (
            MusicReply(
                "MEDIA_ID",
                "歌名",
                "说明",
                "https://cdn.example.com/a.mp3",
                "https://cdn.example.com/a-hq.mp3",
            ),
            (
                "<MsgType><![CDATA[music]]></MsgType>"
                "<Music><Title><![CDATA[歌名]]></Title><Description><![CDATA[说明]]></Description>"
                "<MusicUrl><![CDATA[https://cdn.example.com/a.mp3]]></MusicUrl>"
                "<HQMusicUrl><![CDATA[https://cdn.example.com/a-hq.mp3]]></HQMusicUrl>"
                "<ThumbMediaId><![CDATA[MEDIA_ID]]></ThumbMediaId></Music></xml>"
            ),
        ),
        (
            NewsReply((ARTICLE,)),
            (
                "<MsgType><![CDATA[news]]></MsgType><ArticleCount>1</ArticleCount>"
                f"<Articles>{ITEM}</Articles></xml>"
            ),
        ),
        (
            TransferReply(),
            "<MsgType><![CDATA[transfer_customer_service]]></MsgType></xml>",
        ),
        (
            TransferReply("agent01@shopcare"),
            (
                "<MsgType><![CDATA[transfer_customer_service]]></MsgType>"
                "<TransInfo><KfAccount><![CDATA[agent01@shopcare]]></KfAccount></TransInfo></xml>"
            ),
        ),
    ],
)
def test_each_kind_is_the_documented_answer(reply, xml):
    assert passive_xml(reply, PUSH, NOW).decode() == HEADER + xml


def test_an_event_may_be_answered_with_up_to_eight_articles():
    xml = passive_xml(NewsReply((ARTICLE,) * 8), CLICK, NOW).decode()

    assert f"<ArticleCount>8</ArticleCount><Articles>{ITEM * 8}</Articles>" in xml


@pytest.mark.parametrize(
    ("reply", "push", "why"),
    [
        (TextReply(""), PUSH, "no text"),
        (TextReply(" \n\t　"), PUSH, "no text"),
        (TextReply("字" * 683), PUSH, "text too long"),
        (ImageReply(""), PUSH, "no media id"),
        (VoiceReply(""), PUSH, "no media id"),
        (VideoReply(""), PUSH, "no media id"),
        (MusicReply(""), PUSH, "no media id"),
        (NewsReply(()), CLICK, "no article"),
        (NewsReply((ARTICLE,) * 2), PUSH, "too many articles"),
        (NewsReply((ARTICLE,) * 9), CLICK, "too many articles"),
        (NewsReply((replace(ARTICLE, url=""),)), PUSH, "no address"),
        (TransferReply(), CLICK, "an event cannot be transferred"),
    ],
)
def test_what_wechat_would_not_show_is_refused(reply, push, why):
    with pytest.raises(NoReply) as raised:
        passive_xml(reply, push, NOW)

    assert raised.value.why == why


def test_a_text_of_just_the_limit_may_be_answered():
    assert b"a" * 2048 in passive_xml(TextReply("a" * 2048), PUSH, NOW)


def test_a_reply_holds_the_end_of_a_cdata_section():
    xml = passive_xml(TextReply("a]]>b<![CDATA[c"), PUSH, NOW)

    assert read_elements(xml)["Content"] == "a]]>b<![CDATA[c"


def test_a_reply_to_a_sealed_push_is_sealed():
    key = "k8Zr2QvXw5TnB0yLmE7cHs4JdPgU9aFiRtYoN3xWq1A"
    callback = Callback("Sh0pCareTok3n", "wx4f1d7e0b92c6a835", Mode.SECURE, (key,))
    xml = passive_xml(TextReply("您好]]>"), PUSH, NOW)

    answer = callback.answer({"encrypt_type": "aes", "nonce": "1372623149"}, xml, NOW)

    sealed = read_elements(answer)["Encrypt"]
    assert Envelope(key, "wx4f1d7e0b92c6a835").open(sealed) == xml


ANY = st.text(max_size=40) | st.sampled_from(["]]>", "\0", "\ud800", "</xml>", "&lol;", "\ufffe"])
REPLIES = (
    st.builds(TextReply, ANY)
    | st.builds(ImageReply, ANY)
    | st.builds(VideoReply, ANY, ANY, ANY)
    | st.builds(MusicReply, ANY, ANY, ANY, ANY, ANY)
    | st.builds(
        NewsReply, st.lists(st.builds(PassiveArticle, ANY, ANY, ANY, ANY), max_size=9).map(tuple)
    )
    | st.builds(TransferReply, st.none() | ANY)
)


@given(REPLIES, st.sampled_from([PUSH, CLICK]))
def test_whatever_is_said_is_xml_or_no_reply(reply, push):
    try:
        xml = passive_xml(reply, push, NOW)
    except NoReply:
        return
    assert ET.fromstring(xml).findtext("ToUserName") == PUSH.openid
    assert read_elements(xml).keys() >= {"ToUserName", "FromUserName", "CreateTime", "MsgType"}
