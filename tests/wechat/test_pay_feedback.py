from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha1

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxdesk.wechat import BadPush, Forged, Malformed, PayFeedback, parse_pay_feedback

APP_ID = "wx4f1d7e0b92c6a835"
PICTURE = "http://mmbiz.qpic.cn/mmbiz/T7kd0Qx3rNicPvL9wZ2hYgEoB5sUaMfJ1iaCtqVnX6/0"
REQUEST = {
    "OpenId": "<![CDATA[oK7xT5hQ2mVbN9dLr3WcYpE8sUiA]]>",
    "AppId": f"<![CDATA[{APP_ID}]]>",
    "TimeStamp": "1767323200",
    "MsgType": "<![CDATA[request]]>",
    "FeedBackId": "9038172645501928374",
    "TransId": "<![CDATA[1217752501202601023321470598]]>",
    "Reason": "<![CDATA[商品质量有问题]]>",
    "Solution": "<![CDATA[补发货给我]]>",
    "ExtInfo": "<![CDATA[手机号 13800000000]]>",
    "PicInfo": f"<item><PicUrl><![CDATA[{PICTURE}]]></PicUrl></item>\n"
    "<item><PicUrl><![CDATA[]]></PicUrl></item>",
    "AppSignature": "<![CDATA[8c2f1d7e90ab43c6f5d07e1b9264a83c5de0f712]]>",
    "SignMethod": "<![CDATA[sha1]]>",
}


def feedback(*, without=(), app_id=APP_ID, **changed):
    elements = {name: value for name, value in (REQUEST | changed).items() if name not in without}
    inside = "\n".join(f"<{name}>{value}</{name}>" for name, value in elements.items())
    return parse_pay_feedback(f"<xml>{inside}</xml>".encode(), app_id=app_id)


def step(stage):
    return feedback(MsgType=stage, without=["TransId", "Solution", "ExtInfo", "PicInfo"])


def test_a_complaint_is_read_whole():
    assert feedback() == PayFeedback(
        openid="oK7xT5hQ2mVbN9dLr3WcYpE8sUiA",
        app_id=APP_ID,
        at=datetime.fromtimestamp(1767323200, UTC),
        stage="request",
        feedback_id="9038172645501928374",
        trade_no="1217752501202601023321470598",
        reason="商品质量有问题",
        solution="补发货给我",
        contact="手机号 13800000000",
        pictures=(PICTURE,),
        key="f9038172645501928374:request:1767323200",
        signature="8c2f1d7e90ab43c6f5d07e1b9264a83c5de0f712",
    )


@pytest.mark.parametrize("stage", ["confirm", "reject"])
def test_a_later_step_says_less(stage):
    read = step(stage)

    assert (read.stage, read.reason) == (stage, "商品质量有问题")
    assert (read.trade_no, read.solution, read.contact, read.pictures) == ("", "", "", ())


def test_each_step_of_a_complaint_is_kept_once():
    keys = [
        step("confirm").key,
        step("confirm").key,
        step("reject").key,
        feedback().key,
        feedback(FeedBackId="9038172645501928375").key,
        feedback(TimeStamp="1767323201").key,
    ]

    assert keys[0] == keys[1]
    assert len(set(keys)) == 5


def test_a_complaint_to_another_account_is_forged():
    with pytest.raises(Forged, match="foreign AppID"):
        feedback(app_id="wx0000000000000000")


def test_where_the_account_is_known_already_any_is_read():
    assert feedback(app_id=None).app_id == APP_ID


@pytest.mark.parametrize("name", ["OpenId", "AppId", "TimeStamp", "MsgType", "FeedBackId"])
@pytest.mark.parametrize("value", [None, "", "你好", "x" * 65])
def test_who_when_and_which_has_to_be_said(name, value):
    with pytest.raises(BadPush):
        feedback(without=[name]) if value is None else feedback(**{name: value})


@pytest.mark.parametrize("kind", ["event", "text", "REQUESTS"])
def test_another_kind_is_no_complaint(kind):
    with pytest.raises(Malformed, match="odd MsgType"):
        feedback(MsgType=kind)


SIGNED = sha1(
    b"appid=wx4f1d7e0b92c6a835&appkey=a-pay-sign-key"
    b"&openid=oK7xT5hQ2mVbN9dLr3WcYpE8sUiA&timestamp=1767323200"
).hexdigest()


def test_who_has_the_key_of_wechat_pay_can_verify():
    feedback(AppSignature=SIGNED).verify("a-pay-sign-key")
    feedback(AppSignature=SIGNED.upper()).verify("a-pay-sign-key")


@pytest.mark.parametrize(
    "changed",
    [
        {"AppSignature": ""},
        {"AppSignature": "0" * 40},
        {"AppSignature": "签名"},
        {"OpenId": "oK7xT5hQ2mVbN9dLr3WcYpE8sUiB"},
        {"TimeStamp": "1767323201"},
    ],
)
def test_what_is_not_signed_with_it_is_forged(changed):
    with pytest.raises(Forged, match="AppSignature"):
        feedback(**{"AppSignature": SIGNED} | changed).verify("a-pay-sign-key")
    with pytest.raises(Forged, match="AppSignature"):
        feedback(AppSignature=SIGNED).verify("another-key")


def test_the_signature_is_not_shown():
    assert SIGNED not in repr(feedback(AppSignature=SIGNED))


@given(
    st.dictionaries(
        st.sampled_from(list(REQUEST)),
        st.text(st.characters(exclude_characters="<&", codec="utf-8"), max_size=40)
        | st.sampled_from(["confirm", "<item/>", "<a><b/></a>", APP_ID]),
    )
)
def test_any_values_are_a_complaint_or_a_bad_push(changed):
    with suppress(BadPush):
        assert len(feedback(**changed).key) <= 120
