"""Replies of every kind over HTTP: one shape each, and nothing that could do harm."""

import io

import pytest

import strange_files as files
from wxdesk.worker.delivery import Sender
from wxdesk.worker.uploads import Uploader

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PAGE = "https://shop.example.com/o/77"
NEWS = {"title": "冬季新品", "description": "九折", "url": PAGE, "picture_url": PAGE}
MUSIC = {"title": "歌", "description": "歌手", "url": PAGE}
PROGRAM = {"title": "订单", "app_id": "wx0c8e5b7a1f3d2946", "page_path": "pages/order?id=77"}
MENU = {"head": "请评价", "items": [{"id": "101", "content": "满意"}], "tail": "谢谢"}
TEMPLATE = {"template_id": "ngqIpbwh8bUf", "data": {"thing1": "已发货"}, "title": "发货通知"}


@pytest.fixture
async def talk(desk, agent):
    return await desk.conversation(openid="oFollowerAnna", assignee=agent)


@pytest.fixture
def reply(lihua, talk):
    numbers = iter(range(100))

    async def sent(kind, **words):
        words = {"client_id": f"draft-number-{next(numbers)}"} | words
        return await lihua.post(f"/api/conversations/{talk.id}/replies", kind=kind, **words)

    return sent


@pytest.fixture
def bring(lihua):
    async def uploaded(content, kind):
        body = io.BytesIO(content)
        answer = await lihua.ask("POST", "/api/media", data=body, params={"kind": kind})
        return answer.body["id"]

    return uploaded


async def work(runtime):
    """Two messages that show the same file wait a second for each other's upload."""
    uploader, sender = Uploader(runtime), Sender(runtime)
    for _ in range(3):
        while await uploader.upload_due() + await sender.send_due():
            await uploader.finish()
            await sender.finish()
        runtime.clock.forward(seconds=1)


@pytest.mark.parametrize(
    ("kind", "words", "text"),
    [
        ("news", NEWS, "冬季新品"),
        ("mpnewsarticle", {"article_id": "Art-1"}, ""),
        ("mpnews", {"media_id": "Kept-1"}, ""),
        ("msgmenu", MENU, "请评价"),
        ("wxcard", {"card_id": "pCard-1"}, ""),
    ],
)
async def test_what_shows_no_file_is_answered_as_it_was_said(reply, kind, words, text):
    answer = await reply(kind, **words)

    assert answer.status == 201
    assert (answer.body["kind"], answer.body["text"]) == (kind, text)
    assert answer.body["content"] == words
    assert answer.body["state"] == "queued"


async def test_a_template_message_shows_its_title_or_its_values(reply):
    titled = await reply("template", **TEMPLATE)
    plain = await reply("template", **TEMPLATE | {"title": ""})

    assert (titled.body["text"], plain.body["text"]) == ("发货通知", "已发货")
    assert titled.body["content"] == TEMPLATE | {"labels": {}, "url": None, "mini_program": None}


async def test_every_kind_that_shows_files_reaches_the_follower(runtime, wechat, reply, bring):
    picture, thumb = await bring(files.picture(), "image"), await bring(files.picture(), "thumb")
    voice, video = await bring(files.mp3(), "voice"), await bring(files.video(), "video")

    answers = [
        await reply("image", media=picture),
        await reply("voice", media=voice),
        await reply("video", media=video, thumb=None, title="开箱", description=""),
        await reply("video", media=video, thumb=thumb),
        await reply("music", thumb=thumb, **MUSIC),
        await reply("miniprogrampage", thumb=thumb, **PROGRAM),
    ]
    await work(runtime)

    assert [answer.status for answer in answers] == [201] * 6
    assert [each["msgtype"] for each in wechat.messages] == [
        *("image", "voice", "video", "video", "music", "miniprogrampage")
    ]
    assert answers[0].body["content"]["media"]["id"] == picture
    assert answers[1].body["content"]["media"]["play"] is True
    assert answers[2].body["content"] == {
        "title": "开箱",
        "description": "",
        "media": answers[2].body["content"]["media"],
    }
    assert answers[3].body["content"]["thumb"]["id"] == thumb
    first, second = wechat.messages[2]["video"], wechat.messages[3]["video"]
    assert first["media_id"] == second["media_id"]
    assert first["thumb_media_id"] != second["thumb_media_id"]


async def test_a_reply_with_a_picture_sent_twice_is_kept_once(runtime, wechat, reply, bring):
    picture = await bring(files.picture(), "image")

    first = await reply("image", media=picture, client_id="tab-1-draft-1")
    again = await reply("image", media=picture, client_id="tab-1-draft-1")
    await work(runtime)

    assert first.body["id"] == again.body["id"]
    assert len(wechat.messages) == 1


async def test_a_file_that_does_not_fit_is_refused_with_the_reason(reply, bring):
    voice = await bring(files.mp3(), "voice")

    answer = await reply("image", media=voice)

    assert answer.problem == (422, "media_unusable")
    assert {name: answer.body[name] for name in ("media", "role", "problem")} == {
        "media": voice,
        "role": "media",
        "problem": "type",
    }


async def test_a_video_may_not_show_a_voice_in_front_of_it(reply, bring):
    video, voice = await bring(files.video(), "video"), await bring(files.mp3(), "voice")

    answer = await reply("video", media=video, thumb=voice)

    assert (answer.status, answer.body["role"]) == (422, "thumb")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("hologram", {}),
        ("text", {}),
        ("text", {"text": " \n "}),
        ("text", {"text": "x" * 10_001}),
        ("text", {"text": "nul \x00"}),
        ("image", {}),
        ("image", {"media": 0}),
        ("image", {"media": "../../etc/passwd"}),
        ("news", NEWS | {"url": "javascript:alert(1)"}),
        ("news", NEWS | {"url": "https://shop.example.com/ a"}),
        ("news", NEWS | {"picture_url": "data:text/html,<script>"}),
        ("news", NEWS | {"title": "  "}),
        ("news", NEWS | {"title": "x" * 201}),
        ("miniprogrampage", PROGRAM | {"thumb": 1, "app_id": "a b"}),
        ("msgmenu", MENU | {"items": []}),
        ("msgmenu", MENU | {"items": [{"id": "1", "content": "一"}] * 21}),
        ("msgmenu", MENU | {"items": [{"id": "", "content": "一"}]}),
        ("wxcard", {"card_id": ""}),
        ("mpnewsarticle", {"article_id": "a\nb"}),
        ("template", TEMPLATE | {"data": {"thing1": ""}}),
        ("template", TEMPLATE | {"data": {f"thing{n}": "x" for n in range(51)}}),
        ("template", TEMPLATE | {"url": "javascript:alert(1)"}),
        ("template", TEMPLATE | {"mini_program": {"app_id": "wx1"}}),
    ],
)
async def test_what_cannot_be_right_is_refused(reply, kind, words):
    assert (await reply(kind, **words)).problem == (422, "invalid")


async def test_only_the_owner_answers_with_a_picture(visit, desk, talk, bring):
    picture = await bring(files.picture(), "image")
    await desk.agent("wangwu")
    other = await visit()
    await other.sign_in("wangwu")

    answer = await other.post(
        f"/api/conversations/{talk.id}/replies",
        kind="image",
        media=picture,
        client_id="draft-number-1",
    )

    assert answer.problem == (409, "not_assigned")
