import json

import pytest

from wxdesk.wechat import (
    ArticleMessage,
    CardMessage,
    ImageMessage,
    MenuItem,
    MenuMessage,
    MiniProgramMessage,
    MpNewsMessage,
    MusicMessage,
    NewsMessage,
    Problem,
    TextMessage,
    VideoMessage,
    VoiceMessage,
    problems_of,
)

OPENID = "oK7xT5hQ2mVbN9dLr3WcYpE8sUiA"
MEDIA = "Qm3sV8kT1xPz0LrYw6HbNcJ5eUaGf2DiOo9XtSqBvKy7RhMdEjWlZuC4pAnIgF"
OTHER_MEDIA = "hT5yB2nWq8ZrC0kVxLm7PsDgJ4eUaYf1RiOoN9tXbQvKz6HwMdEjSlGuA3pIcF"
FILM = "bN9cX4vLq7ZtR2kWsYm0PgDhJ5eUaQf8TiOoB1rVxKzM6HwCdEjSlGuA3pInyF"

MESSAGES = {
    "text": TextMessage("您好，您的订单 A20260101-77 今天下午发出。\n有问题随时找我们。"),
    "text-link": TextMessage(
        '点这里查看物流：<a href="https://shop.example.com/o/A20260101-77">订单详情</a>'
    ),
    "text-miniprogram-link": TextMessage(
        '<a href="https://shop.example.com" data-miniprogram-appid="wx0c8e5b7a1f3d2946"'
        ' data-miniprogram-path="pages/order/detail?id=77">点击打开小程序查看</a>'
    ),
    "image": ImageMessage(MEDIA),
    "voice": VoiceMessage(OTHER_MEDIA),
    "video": VideoMessage(FILM, MEDIA, "安装步骤", "三分钟装好"),
    "music": MusicMessage(
        title="等待音乐",
        description="请稍候",
        url="https://cdn.example.com/hold.mp3",
        hq_url="https://cdn.example.com/hold-hq.mp3",
        thumb_media_id=MEDIA,
    ),
    "news": NewsMessage(
        title="冬季新品上架",
        description="限时九折",
        url="https://shop.example.com/winter",
        picture_url="https://cdn.example.com/winter.jpg",
    ),
    "mpnews": MpNewsMessage(OTHER_MEDIA),
    "mpnewsarticle": ArticleMessage("Vn4ZkQ0sYtW7Lr2PxHbNcJ5eUaGf1DiOo9XtSqBvK0M"),
    "msgmenu": MenuMessage(
        "您对本次服务是否满意？",
        (MenuItem("101", "满意"), MenuItem("102", "不满意")),
        "感谢您的反馈",
    ),
    "wxcard": CardMessage("pK7xT5kQm2VbN9dLr3WcYpE8sUiA"),
    "miniprogrampage": MiniProgramMessage(
        "订单详情", "wx0c8e5b7a1f3d2946", "pages/order/detail?id=77", MEDIA
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_each_kind_is_the_documented_body(fixture, name):
    message = MESSAGES[name]
    body = json.loads(message.body(OPENID))

    assert body == json.loads(fixture(f"custom-send/{name}.json"))
    assert body["msgtype"] == message.kind


def test_a_message_may_be_in_the_name_of_an_agent(fixture):
    body = TextMessage("您好，我是客服小周。").body(OPENID, "agent01@shopcare")

    assert json.loads(body) == json.loads(fixture("custom-send/text-kf-account.json"))


def test_a_message_may_say_that_an_ai_wrote_it(fixture):
    body = TextMessage("根据您的问题，订单预计明天送达。").body(OPENID, ai=True)

    assert json.loads(body) == json.loads(fixture("custom-send/text-ai.json"))


@pytest.mark.parametrize("name", MESSAGES)
def test_every_kind_may_be_in_a_name_and_by_an_ai(name):
    body = json.loads(MESSAGES[name].body(OPENID, "agent01@shopcare", ai=True))

    assert body["customservice"] == {"kf_account": "agent01@shopcare"}
    assert body["aimsgcontext"] == {"is_ai_msg": 1}


def test_chinese_and_emoji_go_out_as_utf_8_and_a_newline_as_one():
    body = TextMessage("谢谢😀\n再见").body(OPENID)

    assert "谢谢😀\\n再见".encode() in body
    assert b"\\u" not in body


def test_half_an_emoji_is_a_question_mark():
    assert json.loads(TextMessage("a\ud83d").body(OPENID))["text"] == {"content": "a?"}


def test_what_may_be_left_out_is_left_out():
    assert json.loads(VideoMessage("m").body(OPENID))["video"] == {"media_id": "m"}
    menu = MenuMessage("", (MenuItem("1", "满意"),))
    assert json.loads(menu.body(OPENID))["msgmenu"] == {"list": [{"id": "1", "content": "满意"}]}


@pytest.mark.parametrize("name", MESSAGES)
def test_what_is_documented_is_no_problem(name):
    assert problems_of(MESSAGES[name]) == []


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        (TextMessage(""), Problem("text", "empty")),
        (TextMessage("字" * 683), Problem("text", "too_long")),
        (TextMessage("a" * 2049), Problem("text", "too_long")),
        (ImageMessage(""), Problem("media_id", "empty")),
        (VideoMessage("m"), Problem("thumb_media_id", "empty")),
        (MusicMessage("t", "d", "", "", "m"), Problem("url", "empty")),
        (NewsMessage("t", "d", "u", ""), Problem("picture_url", "empty")),
        (MenuMessage("满意吗？", ()), Problem("items", "empty")),
        (MenuMessage("", (MenuItem("", "满意"),)), Problem("items", "empty")),
        (MenuMessage("", (MenuItem("1", ""),)), Problem("items", "empty")),
        (MiniProgramMessage("t", "a", "", "m"), Problem("page_path", "empty")),
    ],
)
def test_a_problem_is_known_before_wechat_is_asked(message, problem):
    assert problems_of(message) == [problem]


@pytest.mark.parametrize("text", ["a" * 2048, "字" * 682 + "ab"])
def test_a_text_of_just_the_limit_is_no_problem(text):
    assert problems_of(TextMessage(text)) == []
