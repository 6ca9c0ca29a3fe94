"""Template messages, one-time subscriptions, notices: what is taken, shown, and how they end."""

import pytest
import pytest_asyncio

ADD = "/cgi-bin/template/api_add_template"
SEND = "/cgi-bin/message/template/send"
ONCE = "/cgi-bin/message/template/subscribe"
NOTICE = "/cgi-bin/message/subscribe/bizsend"
NOTICE_ID = "Zt1mQ9sYkR4vLx7PwHbNcJ5eUaGf2DiOo8XtSqBvK0M"
DATA = {"thing1": {"value": "您的问题已有回复"}, "time2": {"value": "2026-01-02 10:00"}}


@pytest_asyncio.fixture(loop_scope="session")
async def openid(sim):
    return await sim.follower()


@pytest_asyncio.fixture(loop_scope="session")
async def template(sim):
    words = ["事项", "回复时间"]
    answer = await sim.call(ADD, {"template_id_short": "TM00015", "keyword_name_list": words})
    return answer["template_id"]


async def pushed(sim, server, count):
    while len(server.bodies) < count:
        await sim.get("/sim/clock")
    return server.pushes


async def test_a_template_message_is_shown_and_its_end_is_told(sim, server, openid, template):
    program = {"appid": "wx0c8e5b7a1f3d2946", "pagepath": "pages/order?id=77"}
    message = {"touser": openid, "template_id": template, "url": "https://a.cn", "data": DATA}

    sent = await sim.call(SEND, {**message, "miniprogram": program})

    (told,) = await pushed(sim, server, 1)
    line = (await sim.chat(openid))[-1]
    assert (told["Event"], told["Status"]) == ("TEMPLATESENDJOBFINISH", "success")
    assert told["MsgID"] == str(sent["msgid"])
    assert sent["msgid"] > 2**53
    assert (line["type"], line["via"]) == ("template", "template")
    assert line["rows"] == [
        {"name": "事项", "value": "您的问题已有回复"},
        {"name": "回复时间", "value": "2026-01-02 10:00"},
    ]
    assert line["mini_program"] == {"app_id": program["appid"], "page_path": program["pagepath"]}
    assert (await sim.allowance(openid))["grants"] == []


async def test_whoever_blocks_messages_does_not_see_it(sim, server, openid, template):
    await sim.act(openid, "block")
    await sim.call(SEND, {"touser": openid, "template_id": template, "data": DATA})
    await sim.faults(template_outcome="failed: system failed")
    await sim.call(SEND, {"touser": openid, "template_id": template, "data": DATA})

    ends = [push["Status"] for push in await pushed(sim, server, 2)]

    assert ends == ["failed:user block", "failed: system failed"]
    assert "template" not in [line["type"] for line in await sim.chat(openid)]


async def test_the_same_client_msg_id_is_one_message_for_ten_minutes(sim, openid, template):
    message = {"touser": openid, "template_id": template, "data": DATA, "client_msg_id": "M1"}

    first, second = [(await sim.call(SEND, message))["msgid"] for _ in range(2)]
    await sim.advance(600)
    third = (await sim.call(SEND, message))["msgid"]

    assert first == second != third
    assert len(await sim.chat(openid)) == 2


@pytest.mark.parametrize(
    ("change", "errcode", "named"),
    [
        ({"touser": "nobody"}, 40003, "invalid openid"),
        ({"template_id": "nothing"}, 40037, "invalid template_id"),
        ({"url": "x" * 1025}, 40039, ""),
        ({"miniprogram": {"appid": "x"}}, 40166, ""),
        ({"client_msg_id": "x" * 33}, 45067, ""),
        ({"data": []}, 47003, ""),
        ({"data": {**DATA, "thing1": {"value": "字" * 21}}}, 47003, "data.thing1.value invalid"),
        ({"data": {**DATA, "time2": {"value": "晚上"}}}, 47003, "data.time2.value invalid"),
        ({"data": {**DATA, "thing1": "x"}}, 47003, "data.thing1.value invalid"),
        ({"data": {"thing1": {"value": "x"}}}, 47003, "data.time2.value is empty"),
    ],
)
async def test_a_template_message_that_is_wrong_is_refused(
    sim, openid, template, change, errcode, named
):
    message = {"touser": openid, "template_id": template, "data": DATA} | change

    answer = await sim.call(SEND, message)

    assert answer["errcode"] == errcode
    assert named in answer["errmsg"]


async def test_nobody_but_a_follower_gets_one(sim, openid, template):
    await sim.act(openid, "unsubscribe")

    answer = await sim.call(SEND, {"touser": openid, "template_id": template, "data": DATA})

    assert answer["errcode"] == 43004


async def test_the_list_of_templates_grows_to_twenty_five_and_shrinks(sim, template):
    added = [(await sim.call(ADD, {"template_id_short": "TM1"}))["errcode"] for _ in range(25)]
    deleted = await sim.call("/cgi-bin/template/del_private_template", {"template_id": template})
    listed = await sim.call("/cgi-bin/template/get_all_private_template")

    assert added == [0] * 24 + [45026]
    assert deleted["errcode"] == 0
    assert len(listed["template_list"]) == 24
    assert listed["template_list"][0]["content"] == "事项：{{thing1.DATA}}\n时间：{{time2.DATA}}"


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("number1", "12.5", "12a"),
        ("letter1", "abc", "ab1"),
        ("symbol1", "***", "******"),
        ("character_string1", "SF-139", "单号"),
        ("amount1", "￥1,000.50", "很多"),
        ("phone_number1", "+86-138 0000 0000", "138000000001380000"),
        ("car_number1", "粤A12345", "粤A12345678"),
        ("name1", "欧阳娜娜", "字" * 11),
        ("phrase1", "已发货", "已经发货了呀"),
        ("date1", "2026-01-02", "明天"),
    ],
)
async def test_each_kind_of_value_has_its_limit(sim, openid, key, good, bad):
    async def send(value):
        message = {"touser": openid, "template_id": NOTICE_ID, "data": {key: {"value": value}}}
        return (await sim.call(NOTICE, message))["errcode"]

    assert (await send(good), await send(bad)) == (43101, 47003)


async def test_one_notice_for_one_consent(sim, server, openid):
    wish = {"answers": [{"template_id": NOTICE_ID, "accepted": True}]}
    await sim.act(openid, "consent", **wish)
    message = {"touser": openid, "template_id": NOTICE_ID, "data": DATA, "page": "https://a.cn"}

    codes = [(await sim.call(NOTICE, message))["errcode"] for _ in range(2)]

    *_, told = await pushed(sim, server, 2)
    assert codes == [0, 43101]
    assert told["Event"] == "subscribe_msg_sent_event"
    assert (await sim.chat(openid))[-1]["type"] == "template"


async def test_one_message_for_each_yes_on_the_page_that_asks(sim, openid):
    query = {
        "action": "get_confirm",
        "appid": "wx4f1d7e0b92c6a835",
        "scene": "1000",
        "template_id": NOTICE_ID,
        "redirect_url": "https://shop.example.com/back?a=1",
        "reserved": "r1",
    }
    page = f"{sim.base}/mp/subscribemsg"
    async with sim.http.get(page, params=query, allow_redirects=False) as yes:
        agreed = yes.headers["Location"]
    await sim.faults(oauth_consent=False)
    async with sim.http.get(page, params=query, allow_redirects=False) as no:
        refused = no.headers["Location"]
    message = {
        "touser": openid,
        "template_id": NOTICE_ID,
        "scene": 1000,
        "title": "到货提醒",
        "data": {"content": {"value": "到货了"}},
    }

    codes = [(await sim.call(ONCE, message))["errcode"] for _ in range(2)]

    assert agreed.startswith(f"https://shop.example.com/back?a=1&openid={openid}&")
    assert ("action=confirm" in agreed, "action=cancel" in refused) == (True, True)
    assert codes == [0, 43101]
    assert (await sim.call(ONCE, {**message, "title": "字" * 16}))["errcode"] == 40062
