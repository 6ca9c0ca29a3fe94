"""Passive replies: every kind is read strictly, and shown with all that is in it."""

from datetime import UTC, datetime

import aiohttp
import pytest

from wxdesk.wechat import parse
from wxdesk.wechat.passive import (
    ImageReply,
    MusicReply,
    NewsReply,
    PassiveArticle,
    TextReply,
    TransferReply,
    VideoReply,
    VoiceReply,
    passive_xml,
)
from wxsim import film, sound, xml
from wxsim.account import Account
from wxsim.passive import BrokenReply, read

ORIGINAL_ID = "gh_9a3c51e7b2d4"
ACCOUNT = Account(app_id="wx", app_secret="s", token="t", original_id=ORIGINAL_ID)
ARTICLE = [("Title", "新品"), ("Description", "九折"), ("PicUrl", ""), ("Url", "https://s.example")]


def reply(kind, *elements, openid="o1"):
    head = [("ToUserName", openid), ("FromUserName", ORIGINAL_ID), ("CreateTime", 1767319263)]
    return xml.document([*head, ("MsgType", kind), *elements])


def news(*titles, count=None, **kind):
    items = [("item", [("Title", title), *ARTICLE[1:]]) for title in titles]
    return reply("news", ("ArticleCount", count or len(titles)), ("Articles", items), **kind)


MUSIC = [
    ("Title", "歌"),
    ("Description", "曲"),
    ("MusicUrl", "https://m.example/a.mp3"),
    ("HQMusicUrl", "https://m.example/b.mp3"),
    ("ThumbMediaId", "M"),
]
SHOWN = {
    "text": (reply("text", ("Content", "您好")), {"content": "您好"}),
    "image": (
        reply("image", ("Image", [("MediaId", "M")])),
        {"media_id": "M", "url": "/sim/media/M"},
    ),
    "voice": (
        reply("voice", ("Voice", [("MediaId", "M")])),
        {
            "media_id": "M",
            "url": "/sim/media/M",
            "play": "/sim/media/M?as=mp3",
            "seconds": None,
        },
    ),
    "video": (
        reply("video", ("Video", [("MediaId", "M"), ("Title", "标题"), ("Description", "说明")])),
        {
            "media_id": "M",
            "url": "/sim/media/M",
            "thumb_url": "/sim/media/M?as=jpeg",
            "title": "标题",
            "description": "说明",
        },
    ),
    "music": (
        reply("music", ("Music", MUSIC)),
        {
            "title": "歌",
            "description": "曲",
            "url": "https://m.example/a.mp3",
            "hq_url": "https://m.example/b.mp3",
            "thumb_url": "/sim/media/M",
        },
    ),
    "news": (
        news("新品"),
        {
            "articles": [
                {
                    "title": "新品",
                    "description": "九折",
                    "url": "https://s.example",
                    "picture_url": "",
                }
            ]
        },
    ),
    "transfer_customer_service": (
        reply("transfer_customer_service", ("TransInfo", [("KfAccount", "a@b")])),
        {"kf_account": "a@b"},
    ),
}


@pytest.mark.parametrize("kind", SHOWN)
def test_every_kind_is_read_with_all_that_is_in_it(kind):
    body, shown = SHOWN[kind]

    assert read(body, ACCOUNT, "o1", to="text") == {"type": kind, **shown}


def test_it_may_be_handed_to_anybody():
    body = reply("transfer_customer_service")

    assert read(body, ACCOUNT, "o1", to="text") == {
        "type": "transfer_customer_service",
        "kf_account": None,
    }


@pytest.mark.parametrize(
    "body",
    [
        reply("image"),
        reply("image", ("Image", [("MediaId", "")])),
        reply("image", ("MediaId", "M")),
        reply("voice", ("Image", [("MediaId", "M")])),
        reply("video", ("Video", [("Title", "标题")])),
        reply("music", ("Music", MUSIC[:-1])),
        reply("news"),
        news(),
        news("a", count=2),
        news("a", count="x"),
        news(""),
        reply("news", ("ArticleCount", 1), ("Articles", [("item", ARTICLE[:2])])),
        reply("transfer_customer_service", ("TransInfo", [("KfAccount", "")])),
    ],
)
def test_what_lacks_something_is_broken(body):
    with pytest.raises(BrokenReply):
        read(body, ACCOUNT, "o1", to="text")


def test_a_media_id_that_is_not_the_accounts_is_broken():
    with pytest.raises(BrokenReply, match="media id"):
        read(SHOWN["image"][0], ACCOUNT, "o1", has_media=lambda _: False)


def test_an_event_cannot_be_handed_to_the_native_tool():
    with pytest.raises(BrokenReply, match="event"):
        read(SHOWN["transfer_customer_service"][0], ACCOUNT, "o1", to="event/click")


@pytest.mark.parametrize(
    ("to", "shown"),
    [("text", 1), ("voice", 1), ("link", 1), ("location", 1), ("event/click", 8), ("file", 8)],
)
def test_articles_beyond_what_may_answer_are_cut_off(to, shown):
    body = news(*(f"第{n}篇" for n in range(10)))

    answer = read(body, ACCOUNT, "o1", to=to)

    assert [one["title"] for one in answer["articles"]] == [f"第{n}篇" for n in range(shown)]


# On the phone, answered by the desk's own code


async def upload(sim, kind, body, name):
    """The media id the account gets for a file of its own."""
    form = aiohttp.FormData()
    form.add_field("media", body, filename=name)
    query = {"access_token": (await sim.stable())["access_token"], "type": kind}
    address = sim.base + "/cgi-bin/media/upload"
    async with sim.http.post(address, params=query, data=form) as response:
        answer = await response.json(content_type=None)
    return answer.get("media_id") or answer["thumb_media_id"]


def answering(made):
    """Answers a push with the desk's own reply to it."""

    def answer(_request, body):
        return passive_xml(made, parse(body), datetime.fromtimestamp(1767319263, UTC))

    return answer


async def test_what_the_desk_answers_stands_on_the_phone(sim, server):
    openid = await sim.follower()
    picture = await upload(sim, "image", film.picture(), "a.jpg")
    voice = await upload(sim, "voice", sound.hum(2).amr, "a.amr")
    video = await upload(sim, "video", film.sample().mp4, "a.mp4")
    thumb = await upload(sim, "thumb", film.picture(), "a.jpg")
    replies = [
        TextReply("第一行\n]]> <b>"),
        ImageReply(picture),
        VoiceReply(voice),
        VideoReply(video, "标题", "说明"),
        MusicReply(thumb, "歌", "曲", "https://m.example/a.mp3"),
        NewsReply(
            (PassiveArticle("新品", "九折", "https://s.example/p.jpg", "https://s.example"),)
        ),
    ]
    server.answers = [answering(made) for made in replies]

    for _ in replies:
        await sim.act(openid, "text", content="在吗")

    shown = [line for line in await sim.chat(openid) if line["from"] == "account"]
    assert [line["type"] for line in shown] == ["text", "image", "voice", "video", "music", "news"]
    assert {line["via"] for line in shown} == {"passive"}
    assert shown[0]["content"] == "第一行\n]]> <b>"
    assert shown[5]["articles"][0]["title"] == "新品"
    for address, kind in [
        (shown[1]["url"], "image/jpeg"),
        (shown[2]["play"], "audio/mpeg"),
        (shown[3]["thumb_url"], "image/jpeg"),
        (shown[4]["thumb_url"], "image/jpeg"),
    ]:
        async with sim.http.get(sim.base + address) as response:
            assert (response.status, response.content_type) == (200, kind)


async def test_a_media_id_that_has_expired_is_answered_with_an_apology(sim, server):
    openid = await sim.follower()
    picture = await upload(sim, "image", film.picture(), "a.jpg")
    await sim.advance(3 * 24 * 3600)
    server.answers = [answering(ImageReply(picture))]

    answer = await sim.act(openid, "text", content="在吗")

    assert "expired" in answer["error"]
    assert (await sim.chat(openid))[-1]["from"] == "system"


async def test_an_event_is_answered_with_eight_articles_a_message_with_one(sim, server):
    openid = await sim.follower()

    def answer(_request, body):
        return news(*"一二三四五六七八九", openid=openid)

    server.default = answer
    await sim.act(openid, "menu_click", key="K")
    await sim.act(openid, "text", content="在吗")

    shown = [line for line in await sim.chat(openid) if line["type"] == "news"]
    assert [len(line["articles"]) for line in shown] == [8, 1]


async def test_what_is_handed_over_is_not_shown(sim, server):
    openid = await sim.follower()
    server.answers = [answering(TransferReply())]

    answer = await sim.act(openid, "text", content="找人工")

    assert answer["reply"] == {"type": "transfer_customer_service", "kf_account": None}
    assert [line["from"] for line in await sim.chat(openid)] == ["me"]
