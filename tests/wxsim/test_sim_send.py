"""Customer-service messages: what is accepted, and each way to be refused."""

import asyncio
import json
import re
from pathlib import Path

import aiohttp
import pytest

MESSAGES = sorted((Path(__file__).parents[1] / "fixtures" / "custom-send").glob("*.json"))


@pytest.fixture
async def openid(sim):
    """A follower who has just written."""
    openid = await sim.follower()
    await sim.act(openid, "text", content="在吗")
    return openid


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

    answer = await sim.send_raw(message)

    assert answer["errcode"] == 0
    assert (await sim.chat(openid))[-1]["type"] == message["msgtype"]


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


@pytest.mark.parametrize(
    ("style", "pattern"),
    [
        ("rid", r"invalid openid rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}"),
        ("hint", r"invalid openid hint: \[\w+\]"),
        ("both", r"invalid openid hint: \[\w+\] rid: [0-9a-f-]{26}"),
        ("none", r"invalid openid"),
    ],
)
async def test_what_follows_an_errmsg_can_be_chosen(sim, style, pattern):
    await sim.faults(errmsg_tail=style)

    assert re.fullmatch(pattern, (await sim.send("nobody"))["errmsg"])


async def test_calls_fail_as_ordered_and_then_no_more(sim, openid):
    path = "/cgi-bin/message/custom/send"
    await sim.faults(fail_next=[{"path": path, "errcode": -1, "times": 2}])

    codes = [(await sim.send(openid))["errcode"] for _ in range(3)]

    assert codes == [-1, -1, 0]
    assert (await sim.allowance(openid))["sends_left"] == 4


async def test_random_system_errors_come_again_under_the_same_seed(sim, openid):
    await sim.send(openid)  # with a token, before anything fails

    async def some():
        await sim.faults(system_error_rate=0.5, seed=3)
        return [(await sim.send("nobody"))["errcode"] for _ in range(12)]

    first, second = await some(), await some()

    assert first == second
    assert set(first) == {-1, 40003}


async def test_quotas_a_minute_and_a_day(sim, openid):
    await sim.faults(minute_quota=1)
    await sim.send(openid)
    too_fast = await sim.send(openid)
    await sim.advance(60)
    next_minute = await sim.send(openid)
    await sim.faults(minute_quota=None, daily_quota=3)
    too_many = await sim.send(openid)
    await sim.advance(86_400)
    sim.access_token = None
    next_day = await sim.send(openid)

    codes = [answer["errcode"] for answer in (too_fast, next_minute, too_many, next_day)]
    assert codes == [45011, 0, 45009, 0]


async def test_an_answer_may_get_lost_although_the_message_arrived(sim, openid):
    await sim.faults(lose_answer=1)

    with pytest.raises(aiohttp.ClientError):
        await sim.send(openid, "只此一次")

    assert (await sim.chat(openid))[-1]["content"] == "只此一次"
    assert (await sim.get("/sim/calls"))["items"][0]["status"] is None
    assert (await sim.send(openid))["errcode"] == 0


async def test_a_call_may_hang_although_the_message_arrived(sim, openid):
    await sim.faults(hang=1)
    sim.access_token = (await sim.stable())["access_token"]

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await sim.send(openid, "石沉大海")

    assert (await sim.chat(openid))[-1]["content"] == "石沉大海"
    assert (await sim.send(openid))["errcode"] == 0


async def test_refused_messages_do_not_use_up_a_lost_answer(sim, openid):
    await sim.faults(lose_answer=1)

    assert (await sim.send("nobody"))["errcode"] == 40003
    with pytest.raises(aiohttp.ClientError):
        await sim.send(openid)


async def test_paths_and_methods_that_are_not_there(sim):
    assert (await sim.get("/cgi-bin/message/custom/send"))["errcode"] == 43002
    assert (await sim.post("/cgi-bin/message/custom/sendd"))["errcode"] == 40066
