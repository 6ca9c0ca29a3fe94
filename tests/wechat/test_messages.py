import json

import pytest

from wxdesk.wechat import TextMessage

OPENID = "oK7xT5hQ2mVbN9dLr3WcYpE8sUiA"


@pytest.mark.parametrize(
    ("name", "text", "kf_account"),
    [
        (
            "text",
            "您好，您的订单 A20260101-77 今天下午发出。\n有问题随时找我们。",
            None,
        ),
        ("text-kf-account", "您好，我是客服小周。", "agent01@shopcare"),
        (
            "text-link",
            '点这里查看物流：<a href="https://shop.example.com/o/A20260101-77">订单详情</a>',
            None,
        ),
    ],
)
def test_a_text_is_the_documented_body(fixture, name, text, kf_account):
    body = TextMessage(text).body(OPENID, kf_account)

    assert json.loads(body) == json.loads(fixture(f"custom-send/{name}.json"))


def test_chinese_and_emoji_go_out_as_utf_8_and_a_newline_as_one():
    body = TextMessage("谢谢😀\n再见").body(OPENID)

    assert "谢谢😀\\n再见".encode() in body
    assert b"\\u" not in body
