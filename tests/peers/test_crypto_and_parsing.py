"""Envelopes, pushes and passive replies: what wechatpy writes we read, and the other way round."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from wxdesk.wechat import (
    Callback,
    Forged,
    Image,
    ImageReply,
    Mode,
    MusicReply,
    NewsReply,
    PassiveArticle,
    Text,
    TextReply,
    TransferReply,
    VideoReply,
    VoiceReply,
    parse,
    passive_xml,
    read_elements,
)

PUSHES = Path(__file__).parents[1] / "fixtures" / "pushes"
WRITTEN = sorted(path for path in PUSHES.iterdir() if not path.name.startswith("envelope"))

TOKEN = "Sh0pCareTok3n"
AES_KEY = "k8Zr2QvXw5TnB0yLmE7cHs4JdPgU9aFiRtYoN3xWq1A"
APP_ID = "wx4f1d7e0b92c6a835"
NOW = datetime.fromtimestamp(1767319262, UTC)
NONCE = "1372623149"
CALLBACK = Callback(TOKEN, APP_ID, Mode.SECURE, (AES_KEY,))
TEXT = parse((PUSHES / "message-text.xml").read_bytes())
CLICK = parse((PUSHES / "event-click.xml").read_bytes())  # of the same follower
TO = {"source": TEXT.account, "target": TEXT.openid}
ARTICLE = PassiveArticle("标题", "摘要", "https://a.cn/p.jpg", "https://a.cn/p")
READ_ARTICLE = {
    "title": "标题",
    "description": "摘要",
    "image": "https://a.cn/p.jpg",
    "url": "https://a.cn/p",
}

REPLIES = {
    TextReply("您好]]>，<b>已收到</b> & 谢谢\n😀"): {
        "type": "text",
        "content": "您好]]>，<b>已收到</b> & 谢谢\n😀",
    },
    ImageReply("m"): {"type": "image", "media_id": "m"},
    VoiceReply("m"): {"type": "voice", "media_id": "m"},
    VideoReply("m", "标题", "说明"): {
        "type": "video",
        "media_id": "m",
        "title": "标题",
        "description": "说明",
    },
    MusicReply("m", "歌名", "说明", "https://a.cn/a.mp3", "https://a.cn/hq.mp3"): {
        "type": "music",
        "thumb_media_id": "m",
        "title": "歌名",
        "description": "说明",
        "music_url": "https://a.cn/a.mp3",
        "hq_music_url": "https://a.cn/hq.mp3",
    },
    NewsReply((ARTICLE, ARTICLE)): {"type": "news", "articles": [READ_ARTICLE] * 2},
    TransferReply(): {"type": "transfer_customer_service"},
}


def wish(pushes=(), answers=()):
    return {
        "token": TOKEN,
        "aes_key": AES_KEY,
        "app_id": APP_ID,
        "nonce": NONCE,
        "now": str(int(NOW.timestamp())),
        "pushes": [path.read_text() for path in pushes],
        "answers": list(answers),
    }


def as_posted(envelope):
    """Query and body of a push in the envelope that wechatpy made."""
    query = {
        "timestamp": str(int(NOW.timestamp())),
        "nonce": NONCE,
        "encrypt_type": "aes",
        "msg_signature": read_elements(envelope.encode())["MsgSignature"],
    }
    return query, envelope.encode()


def sealed_answer(reply):
    push = CLICK if isinstance(reply, NewsReply) else TEXT  # wechatpy stumbles over one article
    xml = passive_xml(reply, push, NOW)
    answer = CALLBACK.answer({"encrypt_type": "aes", "nonce": NONCE}, xml, NOW)
    elements = read_elements(answer)
    return {
        "xml": answer.decode(),
        "signature": elements["MsgSignature"],
        "timestamp": elements["TimeStamp"],
    }


async def test_what_wechatpy_seals_is_opened_and_understood(wechatpy):
    told = await wechatpy.run("envelopes", wish(WRITTEN))

    for path, envelope in zip(WRITTEN, told["sealed"], strict=True):
        opened = CALLBACK.unwrap(*as_posted(envelope), NOW)
        assert opened == path.read_bytes()
        assert parse(opened) == parse(path.read_bytes())


async def test_what_wechatpy_seals_for_another_account_stays_closed(wechatpy):
    told = await wechatpy.run("envelopes", wish(WRITTEN[:1]) | {"app_id": "wx0000000000000000"})

    with pytest.raises(Forged, match="foreign AppID"):
        CALLBACK.unwrap(*as_posted(told["sealed"][0]), NOW)


async def test_both_read_the_same_from_every_documented_push(wechatpy):
    told = await wechatpy.run("envelopes", wish(WRITTEN))

    for path, theirs in zip(WRITTEN, told["read"], strict=True):
        ours = parse(path.read_bytes())
        assert (ours.account, ours.openid) == (theirs["account"], theirs["openid"]), path.name
        assert ours.sent_at.timestamp() == theirs["sent"], path.name
        about = ours.msg_id or getattr(ours.content, "msg_id", 0)
        assert about == theirs["msg_id"], path.name
        match ours.content:
            case Text(text):
                assert text == theirs["text"], path.name
            case Image(media_id):
                assert media_id == theirs["media_id"], path.name


async def test_what_we_answer_is_opened_and_understood_by_wechatpy(wechatpy):
    answers = [sealed_answer(reply) for reply in REPLIES]

    told = await wechatpy.run("envelopes", wish(answers=answers))

    assert told["answers"] == [TO | said for said in REPLIES.values()]
