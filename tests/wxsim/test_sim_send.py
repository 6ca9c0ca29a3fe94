"""Customer-service messages: what is accepted, and each way to be refused."""

import json
from pathlib import Path

import pytest

import samples

FILES = {"image": samples.picture(), "voice": samples.voice(), "video": samples.film()}
MESSAGES = sorted((Path(__file__).parents[1] / "fixtures" / "custom-send").glob("*.json"))


async def test_a_sent_text_is_on_the_phone(sim, openid):
    answer = await sim.send(openid, "您好，\n在的 😀 <b>&amp;")

    assert answer == {"errcode": 0, "errmsg": "ok"}
    line = (await sim.chat(openid))[-1]
    assert (line["from"], line["type"], line["via"]) == ("account", "text", "custom")
    assert line["content"] == "您好，\n在的 😀 <b>&amp;"


async def test_an_agent_that_exists_may_be_named(sim, openid):
    await sim.post("/sim/account", {"kf_accounts": ["agent01@shopcare"]})

    await sim.send(openid, customservice={"kf_account": "agent01@shopcare"})
    unknown = await sim.send(openid, customservice={"kf_account": "agent02@shopcare"})

    assert (await sim.chat(openid))[-1]["kf_account"] == "agent01@shopcare"
    assert unknown["errcode"] == 61451


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
async def test_every_documented_message_is_accepted(sim, openid, path):
    await sim.post("/sim/account", {"kf_accounts": ["agent01@shopcare"]})
    message = json.loads(path.read_text()) | {"touser": openid}
    await with_files(sim, message)

    answer = await sim.send_raw(message)

    assert answer["errcode"] == 0
    line = (await sim.chat(openid))[-1]
    assert (line["type"], line["via"]) == (message["msgtype"], "custom")
    assert line.get("ai", False) == (path.stem == "text-ai")


async def with_files(sim, message):
    """The documented media ids are made up; put real ones in their place."""
    kind = message["msgtype"]
    branch = message[kind]
    if kind in {"image", "voice", "video"}:
        branch["media_id"] = await sim.upload_media(kind, FILES[kind])
    if "thumb_media_id" in branch:
        picture = "image" if kind == "miniprogrampage" else "thumb"
        branch["thumb_media_id"] = await sim.upload_media(picture, FILES["image"])


async def test_a_message_is_on_the_phone_with_all_it_holds(sim, openid):
    image, film = [await sim.upload_media(kind, FILES[kind]) for kind in ("image", "video")]
    video = {"media_id": film, "thumb_media_id": image, "title": "标题", "description": "说明"}
    items = [{"id": 101, "content": "满意"}, {"id": "102", "content": "不满意"}]
    menu = {"head_content": "请评价", "list": items, "tail_content": "谢谢"}

    await sim.send_raw({"touser": openid, "msgtype": "video", "video": video})
    await sim.send_raw({"touser": openid, "msgtype": "msgmenu", "msgmenu": menu})

    shown, asked = (await sim.chat(openid))[-2:]
    assert (shown["title"], shown["description"]) == ("标题", "说明")
    assert (shown["url"], shown["thumb_url"]) == (f"/sim/media/{film}", f"/sim/media/{image}")
    assert asked["items"] == [{"id": "101", "content": "满意"}, {"id": "102", "content": "不满意"}]
    assert (asked["head"], asked["tail"]) == ("请评价", "谢谢")


async def test_material_of_the_wrong_kind_unknown_or_expired_is_refused(sim, openid):
    async def send_image(media_id):
        message = {"touser": openid, "msgtype": "image", "image": {"media_id": media_id}}
        return (await sim.send_raw(message))["errcode"]

    voice = await sim.upload_media("voice", FILES["voice"])
    image = await sim.upload_media("image", FILES["image"])
    codes = [await send_image(media_id) for media_id in (voice, "nothing", image)]
    await sim.advance(3 * 86_400)
    sim.access_token = None
    await sim.act(openid, "text", content="还在吗")

    assert codes == [40007, 40007, 0]
    assert await send_image(image) == 40007


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (b"", 44002),
        (b"  \n", 44002),
        (b"{", 47001),
        (b"[]", 47001),
        ("{}".encode("utf-16"), 40033),
        ({}, 40003),
        ({"touser": "o" * 28, "msgtype": "text", "text": {"content": "x"}}, 40003),
        ({"touser": 7, "msgtype": "text", "text": {"content": "x"}}, 40003),
    ],
)
async def test_a_request_that_cannot_be_read_is_told_so(sim, openid, body, errcode):
    assert (await sim.send_raw(body))["errcode"] == errcode


@pytest.mark.parametrize(
    ("message", "errcode"),
    [
        ({}, 40008),
        ({"msgtype": "sticker"}, 40008),
        ({"msgtype": ["text"]}, 40008),
        ({"msgtype": "text"}, 44004),
        ({"msgtype": "text", "text": {"content": ""}}, 44004),
        ({"msgtype": "text", "text": {"content": 5}}, 47001),
        ({"msgtype": "text", "text": {"content": "字" * 683}}, 45002),
        ({"msgtype": "image", "image": {}}, 40007),
        ({"msgtype": "news", "news": {"articles": []}}, 44003),
        ({"msgtype": "news", "news": {"articles": [{}, {}]}}, 45008),
        ({"msgtype": "news", "news": {"articles": [{"title": "字" * 700}]}}, 45003),
        ({"msgtype": "music", "music": {"title": "歌"}}, 40007),
        ({"msgtype": "msgmenu", "msgmenu": {"head_content": "x"}}, 47001),
        ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": 1, "content": "x"}] * 11}}, 45098),
        ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": 1, "content": "x" * 201}]}}, 45099),
        ({"msgtype": "miniprogrampage", "miniprogrampage": {"appid": "wx1"}}, 40166),
        ({"msgtype": "text", "text": {"content": "<a data-miniprogram-appid='x'>y</a>"}}, 45086),
    ],
)
async def test_a_message_that_is_wrong_costs_nothing(sim, openid, message, errcode):
    answer = await sim.send_raw({"touser": openid, **message})

    assert answer["errcode"] == errcode
    assert (await sim.allowance(openid))["sends_left"] == 5


async def test_a_text_may_have_2048_bytes(sim, openid):
    assert (await sim.send(openid, "字" * 682 + "ab"))["errcode"] == 0


async def test_five_answers_then_45047_then_after_two_days_45015(sim, openid):
    codes = [(await sim.send(openid))["errcode"] for _ in range(6)]
    await sim.advance(48 * 3600)
    sim.access_token = None

    assert codes == [0, 0, 0, 0, 0, 45047]
    assert (await sim.send(openid))["errcode"] == 45015


async def test_the_ledger_can_be_read(sim, openid):
    await sim.send(openid)
    await sim.act(openid, "menu_click", key="HELP")

    ledger = await sim.allowance(openid)

    assert ledger["policy"] == "2023"
    assert ledger["sends_left"] == 7
    message, menu = ledger["grants"]
    assert (message["trigger"], message["granted"], message["left"]) == ("message", 5, 4)
    assert (menu["trigger"], menu["left"]) == ("menu", 3)
    assert ledger["closes_at"] == message["expires_at"]


async def test_under_the_rule_of_2013_nothing_is_counted(start):
    sim = await start(policy="2013")
    openid = await sim.follower()
    await sim.act(openid, "pay", order_id="1")

    assert [(await sim.send(openid))["errcode"] for _ in range(30)] == [0] * 30
    assert (await sim.allowance(openid))["sends_left"] is None


async def test_a_click_in_a_message_counts_as_a_menu_click_only(sim):
    openid = await sim.follower()

    await sim.act(openid, "msgmenu_click", id="101", content="满意")

    assert [g["trigger"] for g in (await sim.allowance(openid))["grants"]] == ["menu"]


async def test_whoever_left_is_45015_and_whoever_never_came_43004(sim, openid):
    stranger = await sim.follower(following=False)

    await sim.act(openid, "unsubscribe")

    assert (await sim.send(openid))["errcode"] == 45015
    assert (await sim.send(stranger))["errcode"] == 43004
    assert (await sim.allowance(openid))["grants"] == []


@pytest.mark.parametrize(
    ("state", "errcode"), [("blacklisted", 43019), ("muted", 48002), ("frozen", 50002)]
)
async def test_a_follower_may_be_out_of_reach(sim, openid, state, errcode):
    url = f"{sim.base}/sim/followers/{openid}"
    await sim.http.patch(url, json={state: True})

    assert (await sim.send(openid))["errcode"] == errcode
    await sim.http.patch(url, json={state: False})
    assert (await sim.send(openid))["errcode"] == 0


async def test_an_unverified_account_may_not_send(sim, openid):
    await sim.faults(unverified=True)

    assert (await sim.send(openid))["errcode"] == 48001


async def test_escapes_are_shown_as_they_came_or_refused(sim, openid):
    body = b'{"touser":"%s","msgtype":"text","text":{"content":"\\u4f60\\n\\\\u597d"}}'

    await sim.send_raw(body % openid.encode())
    await sim.faults(unicode_escapes="refuse")
    refused = await sim.send_raw(body % openid.encode())

    assert (await sim.chat(openid))[-1]["content"] == "\\u4f60\n\\u597d"
    assert refused["errcode"] == 47002


async def test_typing_lasts_fifteen_seconds_and_needs_an_exchange(sim, openid):
    async def type_(command="Typing"):
        body = {"touser": openid, "command": command}
        return (await sim.call("/cgi-bin/message/custom/typing", body))["errcode"]

    codes = [
        await type_(),
        await type_(),
        await type_("CancelTyping"),
        await type_(),
        await type_("x"),
    ]
    await sim.send(openid)
    after_a_message = await type_()
    await sim.advance(31)

    assert codes == [0, 45081, 0, 0, 45072]
    assert after_a_message == 0
    assert await type_() == 45080
    await sim.advance(48 * 3600)
    sim.access_token = None
    assert await type_() == 45015
