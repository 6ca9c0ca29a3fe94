from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wxdesk.wechat import Malformed, Push, Subscribed, Text, parse
from wxdesk.wechat.push.push import _READERS

FIXTURES = Path(__file__).parents[1] / "fixtures"
PUSHES = sorted(
    path.name for path in (FIXTURES / "pushes").iterdir() if not path.name.startswith("envelope")
)


def push(without=(), **changed):
    elements = {
        "ToUserName": "gh_9a3c51e7b2d4",
        "FromUserName": "oK7xT5hQ2mVbN9dLr3WcYpE8sUiA",
        "CreateTime": "1767319261",
        "MsgType": "text",
        "Content": "在吗",
        "MsgId": "24811057300007919",
    }
    elements |= changed
    inside = (f"<{name}>{value}</{name}>" for name, value in elements.items())
    dropped = {f"<{name}>" for name in without}
    kept = (one for one in inside if one[: one.index(">") + 1] not in dropped)
    return f"<xml>{''.join(kept)}</xml>".encode()


def event(name, **changed):
    return push(MsgType="event", Event=name, without=("Content", "MsgId"), **changed)


def test_a_text_is_read_whole(fixture):
    assert parse(fixture("pushes/message-text.xml")) == Push(
        account="gh_9a3c51e7b2d4",
        openid="oK7xT5hQ2mVbN9dLr3WcYpE8sUiA",
        sent_at=datetime(2026, 1, 2, 2, 1, 1, tzinfo=UTC),
        kind="text",
        msg_id=24811057300007919,
        key="m24811057300007919",
        content=Text("你好，我昨天下的订单 A20260101-77 还没发货，能帮我看一下吗？"),
    )


def test_the_documented_pushes_are_all_different():
    bodies = [(FIXTURES / "pushes" / name).read_bytes() for name in PUSHES]

    assert len({parse(body).key for body in bodies}) == len(PUSHES)


def test_the_case_of_a_kind_does_not_matter():
    assert parse(event("SubScribe")).content == Subscribed()
    assert parse(push(MsgType="TEXT")).content == Text("在吗")


def test_an_event_is_told_apart_by_second_name_and_key():
    keys = [
        parse(event("CLICK", EventKey="A")).key,
        parse(event("CLICK", EventKey="B")).key,
        parse(event("CLICK", EventKey="A", CreateTime="1767319262")).key,
        parse(event("VIEW", EventKey="A")).key,
    ]

    assert keys == [
        "e1767319261:click:A",
        "e1767319261:click:B",
        "e1767319262:click:A",
        "e1767319261:view:A",
    ]


def test_two_reports_of_one_second_are_told_apart_by_the_message_they_report_on():
    one = parse(event("TEMPLATESENDJOBFINISH", MsgID="200163836"))
    other = parse(event("TEMPLATESENDJOBFINISH", MsgID="200163837"))

    assert one.key != other.key
    assert one.msg_id is None


def test_a_long_key_is_bounded_and_still_tells_apart():
    one = parse(event("VIEW", EventKey="https://shop.example.com/" + "a" * 2000 + "1"))
    other = parse(event("VIEW", EventKey="https://shop.example.com/" + "a" * 2000 + "2"))

    assert len(one.key) == len(other.key) == 120
    assert one.key != other.key


def test_a_message_without_an_id_is_known_by_its_body():
    one = parse(push(without=["MsgId"]))
    again = parse(push(without=["MsgId"]))
    other = parse(push(without=["MsgId"], Content="在？"))

    assert one.msg_id is None
    assert one.key == again.key != other.key


def test_an_id_beyond_what_a_float_holds_is_exact():
    assert parse(push(MsgId="9007199254740993")).msg_id == 9007199254740993


def test_an_empty_text_is_a_text():
    assert parse(push(Content="")).content == Text("")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (push(without=["ToUserName"]), "no ToUserName"),
        (push(without=["FromUserName"]), "no FromUserName"),
        (push(without=["CreateTime"]), "no CreateTime"),
        (push(without=["MsgType"]), "no MsgType"),
        (push(MsgType="event"), "no Event"),
        (push(MsgType="event", Event=""), "odd Event"),
        (push(MsgType=""), "odd MsgType"),
        (push(MsgType="event/subscribe"), "odd MsgType"),
        (push(MsgType="k" * 65), "odd MsgType"),
        (push(FromUserName=""), "odd FromUserName"),
        (push(FromUserName="o" * 65), "odd FromUserName"),
        (push(FromUserName="粉丝"), "odd FromUserName"),
        (push(FromUserName="o\n1"), "odd FromUserName"),
        (push(MsgId=""), "odd MsgId"),
        (push(MsgId="1e16"), "odd MsgId"),
        (push(MsgId="-1"), "odd MsgId"),
        (push(MsgId=" 1"), "odd MsgId"),
        (push(MsgId="1_0"), "odd MsgId"),
        (push(MsgId="１２"), "odd MsgId"),
        (push(MsgId="9" * 21), "odd MsgId"),
        (push(MsgId="9" * 5000), "odd MsgId"),
        (push(CreateTime="0"), "odd CreateTime"),
        (push(CreateTime="1767319261000"), "odd CreateTime"),
        (push(CreateTime="9" * 20), "odd CreateTime"),
        (push(CreateTime="2026-01-02"), "odd CreateTime"),
    ],
)
def test_what_is_missing_or_odd_is_malformed(body, why):
    with pytest.raises(Malformed) as raised:
        parse(body)

    assert raised.value.why == why


VALUES = st.text(st.characters(exclude_characters="<&", codec="utf-8"), max_size=40)


@given(
    st.dictionaries(
        st.sampled_from(
            ["ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "Event", "EventKey"]
        ),
        VALUES
        | st.integers().map(str)
        | st.sampled_from(["text", "event", "subscribe", "UNSUBSCRIBE", "qrscene_"]),
    )
)
def test_any_values_are_a_push_or_malformed(changed):
    try:
        read = parse(push(**changed))
    except Malformed:
        return
    assert 0 < len(read.key) <= 120
    assert read.sent_at.tzinfo is UTC


MESSAGES = [kind for kind in _READERS if "/" not in kind]
EVENTS = [kind.removeprefix("event/") for kind in _READERS if "/" in kind]
NAMES = st.sampled_from(
    [
        *("Content", "MediaId", "PicUrl", "Location_X", "Location_Y", "Scale", "Title", "Url"),
        *("EventKey", "Ticket", "Latitude", "Longitude", "Precision", "MenuId", "ScanCodeInfo"),
        *("ScanResult", "SendPicsInfo", "Count", "PicList", "item", "PicMd5Sum", "MsgID", "Status"),
        *("SendLocationInfo", "ArticleUrlResult", "ResultList", "ArticleIdx", "ArticleUrl"),
        *("PublishEventInfo", "publish_id", "publish_status", "fail_idx", "List", "TemplateId"),
        *("SubscribeMsgPopupEvent", "SubscribeStatusString", "SubscribeMsgSentEvent", "ErrorCode"),
        *("KfAccount", "OrderId", "OrderStatus", "CardId", "OpenID", "ExpiredTime", "FailTime"),
    ]
)
LEGIBLE = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<&\ufffe\uffff"), max_size=20
)
NESTED = st.recursive(
    LEGIBLE | st.integers().map(str) | st.floats().map(str),
    lambda inside: st.lists(st.tuples(NAMES, inside), max_size=4).map(
        lambda found: "".join(f"<{name}>{text}</{name}>" for name, text in found)
    ),
    max_leaves=12,
)


@settings(max_examples=300)
@given(
    st.sampled_from(MESSAGES).map(lambda kind: {"MsgType": kind})
    | st.sampled_from(EVENTS).map(lambda name: {"MsgType": "event", "Event": name}),
    st.dictionaries(NAMES, NESTED, max_size=6),
)
def test_a_known_kind_with_any_content_is_never_lost(kind, elements):
    read = parse(push(**elements, **kind))

    assert read.content is not None
    outermost = {name.partition("/")[0] for name in read.extra}
    assert outermost <= {*elements, "Content", "MsgId"}
    hash(read)
