"""Pushes: what is posted, in each mode, and what the follower sees of the answer."""

import base64
import time
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from wxsim import push, xml
from wxsim.account import Account, Mode
from wxsim.envelope import Envelope, sign
from wxsim.passive import BrokenReply, read

AES_KEY = "k8Zr2QvXw5TnB0yLmE7cHs4JdPgU9aFiRtYoN3xWq1A"
APP_ID = "wx4f1d7e0b92c6a835"
TOKEN = "Sh0pCareTok3n"
ORIGINAL_ID = "gh_9a3c51e7b2d4"
FIXTURES = Path(__file__).parents[1] / "fixtures" / "pushes"
SORRY = "该公众号暂时无法提供服务，请稍后再试"


def reply_to(openid, content="稍等", **changed):
    fields = {
        "ToUserName": openid,
        "FromUserName": ORIGINAL_ID,
        "CreateTime": "1767319263",
        "MsgType": "text",
        "Content": content,
        **changed,
    }
    return xml.document([(name, value) for name, value in fields.items() if value is not None])


def sealed_reply(plain, *, nonce="7"):
    cipher = Envelope(AES_KEY, APP_ID).seal(plain)
    signature = sign(TOKEN, "1767319263", nonce, cipher)
    return xml.document(
        [
            ("Encrypt", cipher),
            ("MsgSignature", signature),
            ("TimeStamp", 1767319263),
            ("Nonce", nonce),
        ]
    )


async def texts(sim, openid):
    return [(line["from"], line.get("content")) for line in await sim.chat(openid)]


# What is posted


async def test_a_text_is_posted_signed_and_with_what_belongs_to_it(sim, server):
    openid = await sim.follower()

    answer = await sim.act(openid, "text", content="收货地址：\n<3 栋> & ]]> 😀")

    query, _ = server.requests[0]
    (pushed,) = server.pushes
    assert query["signature"] == sign(TOKEN, query["timestamp"], query["nonce"])
    assert query["openid"] == pushed["FromUserName"] == openid
    assert "encrypt_type" not in query
    assert abs(int(query["timestamp"]) - time.time()) < 5
    assert (pushed["ToUserName"], pushed["MsgType"]) == (ORIGINAL_ID, "text")
    assert pushed["Content"] == "收货地址：\n<3 栋> & ]]> 😀"
    assert answer["msg_id"] == pushed["MsgId"]
    assert 2**53 < int(pushed["MsgId"]) < 2**63
    assert (answer["attempts"], answer["status"], answer["reply"]) == (1, 200, None)


def test_a_push_is_byte_for_byte_the_documented_one():
    account = Account(app_id="wx", app_secret="s", token="t", original_id=ORIGINAL_ID)

    made = push.message(
        account,
        "oK7xT5hQ2mVbN9dLr3WcYpE8sUiA",
        "text",
        [("Content", "你好，我昨天下的订单 A20260101-77 还没发货，能帮我看一下吗？")],
        at=datetime.fromtimestamp(1767319261, UTC),
        msg_id=24811057300007919,
    )

    assert made.xml == (FIXTURES / "message-text.xml").read_bytes()


async def test_a_scan_by_a_stranger_is_a_follow(sim, server):
    openid = await sim.follower(following=False)

    await sim.act(openid, "scan", scene="7")

    (pushed,) = server.pushes
    assert (pushed["Event"], pushed["EventKey"]) == ("subscribe", "qrscene_7")


async def test_raw_goes_out_as_it_is(sim, server):
    await sim.act(await sim.follower(), "raw", xml="<xml><Odd>1</Odd></xml>")

    assert server.bodies == [b"<xml><Odd>1</Odd></xml>"]


async def test_a_picture_is_kept_and_can_be_fetched(sim, server):
    openid = await sim.follower()
    picture = b"\x89PNG\r\n\x1a\n" + b"pixels"

    await sim.act(openid, "image", file=base64.b64encode(picture).decode())

    (pushed,) = server.pushes
    async with sim.http.get(pushed["PicUrl"]) as response:
        assert await response.read() == picture
        assert response.content_type == "image/png"
    assert (await sim.chat(openid))[0]["type"] == "image"


# The three modes


@pytest.mark.parametrize("mode", [Mode.SECURE, Mode.COMPATIBLE])
async def test_a_sealed_push_opens_to_the_message(start, server, mode):
    sim = await start(mode=mode, aes_key=AES_KEY)

    await sim.act(await sim.follower(), "text", content="</xml> 保密")

    ((query, _),) = server.requests
    (pushed,) = server.pushes
    assert query["encrypt_type"] == "aes"
    assert query["msg_signature"] == sign(
        TOKEN, query["timestamp"], query["nonce"], pushed["Encrypt"]
    )
    inner = ET.fromstring(Envelope(AES_KEY, APP_ID).open(pushed["Encrypt"]))
    assert inner.findtext("Content") == "</xml> 保密"
    assert ("Content" in pushed) == (mode is Mode.COMPATIBLE)


@pytest.mark.parametrize(
    ("mode", "seals", "accepted"),
    [
        ("plain", False, True),
        ("plain", True, False),
        ("compatible", False, True),
        ("compatible", True, True),
        ("secure", False, False),
        ("secure", True, True),
    ],
)
async def test_each_mode_accepts_its_replies(start, server, mode, seals, accepted):
    sim = await start(mode=Mode(mode), aes_key=AES_KEY)
    openid = await sim.follower()
    plain = reply_to(openid)
    server.answers = [sealed_reply(plain) if seals else plain]

    answer = await sim.act(openid, "text", content="在吗")

    last = (await sim.chat(openid))[-1]
    if accepted:
        assert answer["reply"] == {"type": "text", "content": "稍等"}
        assert (last["from"], last["content"], last["via"]) == ("account", "稍等", "passive")
    else:
        assert answer["reply"] is None
        assert (last["from"], last["content"]) == ("system", SORRY)


@pytest.mark.parametrize("nothing", [b"success", b""])
@pytest.mark.parametrize("mode", list(Mode))
async def test_success_and_nothing_show_nothing(start, server, mode, nothing):
    sim = await start(mode=mode, aes_key=AES_KEY)
    openid = await sim.follower()
    server.default = nothing

    answer = await sim.act(openid, "text", content="在吗")

    assert answer["error"] is None
    assert await texts(sim, openid) == [("me", "在吗")]


ACCOUNT = Account(app_id=APP_ID, app_secret="s", token=TOKEN, original_id=ORIGINAL_ID)


@pytest.mark.parametrize(
    "body",
    [
        b"ok",
        b'{"errcode":0}',
        b"<html><body>502</body></html>",
        b'<!DOCTYPE xml [<!ENTITY a "b">]><xml>&a;</xml>',
        reply_to("o1", "")[:-8],
        reply_to("o1", ""),
        reply_to("o1", None),
        reply_to("o2"),
        reply_to("o1", FromUserName="gh_other"),
        reply_to("o1", CreateTime="now"),
        reply_to("o1", MsgType="sticker"),
        reply_to("o1", "字" * 683),
        reply_to("o1", MsgType="image"),
        b" " * 1_000_001,
        b"\xff\xfe<",
    ],
)
def test_broken_answers_are_told_from_replies(body):
    with pytest.raises(BrokenReply):
        read(body, ACCOUNT, "o1")


def test_a_sealed_reply_with_a_wrong_signature_is_broken():
    account = Account(
        app_id=APP_ID,
        app_secret="s",
        token=TOKEN,
        original_id=ORIGINAL_ID,
        mode=Mode.SECURE,
        aes_key=AES_KEY,
    )
    good = sealed_reply(reply_to("o1"))

    assert read(good, account, "o1") == {"type": "text", "content": "稍等"}
    with pytest.raises(BrokenReply, match="MsgSignature"):
        read(good.replace(b"<Nonce><![CDATA[7", b"<Nonce><![CDATA[8"), account, "o1")
