"""What a push says to an agent."""

from pathlib import Path

import pytest

from wxdesk.desk.conversations import Direction
from wxdesk.desk.intake.understand import Line, understand
from wxdesk.wechat import parse

PUSHES = Path(__file__).parents[1] / "fixtures" / "pushes"
UNDERSTOOD = {
    "message-text",
    "message-text-from-article",
    "message-text-msgmenu-click",
    "message-text-multiline-emoji",
    "message-text-unsupported",
    "event-subscribe",
    "event-subscribe-scene",
    "event-subscribe-after-pay",
    "event-unsubscribe",
}
OTHERS = sorted(
    path.stem
    for path in PUSHES.glob("*.xml")
    if path.stem not in UNDERSTOOD and not path.stem.startswith("envelope")
)


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

    assert followed == Line(Direction.SYSTEM, "subscribe", content={"scene": "shelf7"})


def test_following_after_paying_says_for_what():
    followed = understand(push(MsgType="event", Event="subscribe", EventKey="last_trade_no_42"))

    assert followed == Line(Direction.SYSTEM, "subscribe", content={"trade_no": "42"})


def test_leaving_is_a_small_line():
    left = understand(push(MsgType="event", Event="unsubscribe"))

    assert left == Line(Direction.SYSTEM, "unsubscribe")


@pytest.mark.parametrize("kind", ["image", "voice", "sticker_of_2030"])
def test_a_message_not_understood_yet_wants_an_answer_and_says_what_it_is(kind):
    sent = understand(push(MsgType=kind, MsgId=7))

    assert sent == Line(Direction.IN, kind, content={"raw_kind": kind}, opens=True)


def test_an_event_not_understood_yet_is_told_and_introduces_nobody():
    happened = understand(push(MsgType="event", Event="MASSSENDJOBFINISH"))

    assert happened == Line(
        Direction.SYSTEM, "event", content={"raw_kind": "masssendjobfinish"}, introduces=False
    )


@pytest.mark.parametrize("name", OTHERS)
def test_every_push_of_the_reference_is_one_honest_line(name):
    kind = read(name).kind.removeprefix("event/")

    said = line(name)

    assert said.content == {"raw_kind": kind}
    assert said.text == ""
    assert said.opens == said.introduces == name.startswith("message-")
