"""How often, in which order and when pushes are posted."""

import asyncio
import time

import pytest

from wxsim import xml
from wxsim.envelope import sign

TOKEN = "Sh0pCareTok3n"
ORIGINAL_ID = "gh_9a3c51e7b2d4"
SORRY = "该公众号暂时无法提供服务，请稍后再试"


def reply_to(openid):
    parties = [("ToUserName", openid), ("FromUserName", ORIGINAL_ID), ("CreateTime", 1767319263)]
    return xml.document([*parties, ("MsgType", "text"), ("Content", "稍等")])


async def texts(sim, openid):
    return [(line["from"], line.get("content")) for line in await sim.chat(openid)]


async def test_a_server_that_never_answers_is_asked_three_times(sim, server):
    await sim.faults(push_deadline_s=0.05)
    openid = await sim.follower()
    server.default = None

    answer = await sim.act(openid, "text", content="在吗")

    assert (answer["attempts"], answer["status"], answer["reply"]) == (3, None, None)
    assert await texts(sim, openid) == [("me", "在吗"), ("system", SORRY)]
    ids = {(pushed["MsgId"], pushed["CreateTime"]) for pushed in server.pushes}
    assert len(ids) == 1
    assert len({query["nonce"] for query, _ in server.requests}) == 3


@pytest.mark.parametrize("failure", [500, 503, 302, 404])
async def test_a_failure_is_asked_again_and_a_redirect_not_followed(sim, server, failure):
    openid = await sim.follower()
    server.answers = [failure, reply_to(openid)]

    answer = await sim.act(openid, "text", content="在吗")

    assert (answer["attempts"], answer["status"]) == (2, 200)
    assert await texts(sim, openid) == [("me", "在吗"), ("account", "稍等")]


async def test_a_broken_answer_is_not_asked_again(sim, server):
    server.answers = [b"{}"]

    answer = await sim.act(await sim.follower(), "text", content="在吗")

    assert answer["attempts"] == 1
    assert "JSON" in answer["error"]


async def test_nobody_listening_is_a_failure_too(start, server):
    sim = await start(callback="http://127.0.0.1:1/")
    openid = await sim.follower()

    answer = await sim.act(openid, "text", content="在吗")

    assert (answer["attempts"], answer["status"]) == (3, None)
    assert (await texts(sim, openid))[-1] == ("system", SORRY)


async def test_a_query_of_the_callbacks_own_is_kept(start, server):
    sim = await start(callback=f"{server.url}?shop=7&name=%E5%BA%97")

    await sim.act(await sim.follower(), "text", content="在吗")

    query, _ = server.requests[0]
    assert (query["shop"], query["name"]) == ("7", "店")
    assert query["signature"] == sign(TOKEN, query["timestamp"], query["nonce"])


async def test_without_a_callback_nothing_is_pushed(start):
    sim = await start(callback=None)
    openid = await sim.follower()

    assert (await sim.act(openid, "text", content="在吗"))["attempts"] == 0
    assert await texts(sim, openid) == [("me", "在吗")]


async def test_nobody_sees_the_answer_to_an_unfollow(sim, server):
    openid = await sim.follower()
    server.answers = [reply_to(openid)]

    await sim.act(openid, "unsubscribe")

    assert await sim.chat(openid) == []


async def test_duplicates_are_the_same_push_signed_anew(sim, server):
    await sim.faults(duplicate_pushes=2)
    openid = await sim.follower()

    answer = await sim.act(openid, "text", content="在吗")

    assert answer["attempts"] == 3
    assert len(set(server.bodies)) == 1
    assert len({query["nonce"] for query, _ in server.requests}) == 3


# Order


async def test_a_followers_pushes_go_one_after_the_other(sim, server):
    openid = await sim.follower()
    gate = asyncio.Event()

    async def slow(request, body):
        await gate.wait()
        return b"success"

    server.answers = [slow]
    first = asyncio.create_task(sim.act(openid, "text", content="一"))
    while not server.requests:
        await asyncio.sleep(0)
    second = asyncio.create_task(sim.act(openid, "text", content="二"))
    other = await sim.act(await sim.follower("别人"), "text", content="插一句")

    assert other["attempts"] == 1
    assert [pushed["Content"] for pushed in server.pushes] == ["一", "插一句"]
    gate.set()
    await asyncio.gather(first, second)
    assert [pushed["Content"] for pushed in server.pushes] == ["一", "插一句", "二"]


async def test_a_push_can_be_overtaken_by_the_next(sim, server):
    await sim.faults(out_of_order=True, out_of_order_hold_s=30)
    openid = await sim.follower()

    first = asyncio.create_task(sim.act(openid, "text", content="一"))
    while not await sim.chat(openid):
        await asyncio.sleep(0)
    await sim.act(openid, "text", content="二")
    await first

    assert [pushed["Content"] for pushed in server.pushes] == ["二", "一"]
    assert int(server.pushes[0]["MsgId"]) > int(server.pushes[1]["MsgId"])


async def test_a_push_that_nobody_overtakes_goes_all_the_same(sim, server):
    await sim.faults(out_of_order=True, out_of_order_hold_s=0.01)

    assert (await sim.act(await sim.follower(), "text", content="一"))["attempts"] == 1


# The moved clock


async def test_create_time_follows_the_clock_and_the_signature_the_real_one(sim, server):
    await sim.advance(48 * 3600)

    await sim.act(await sim.follower(), "text", content="两天后")

    ((query, _),) = server.requests
    (pushed,) = server.pushes
    assert abs(int(query["timestamp"]) - time.time()) < 5
    assert 48 * 3600 - 5 < int(pushed["CreateTime"]) - time.time() < 48 * 3600 + 5


async def test_the_signature_can_follow_the_moved_clock(sim, server):
    await sim.faults(sign_with_moved_clock=True)
    await sim.advance(3600)

    await sim.act(await sim.follower(), "text", content="一小时后")

    assert int(server.requests[0][0]["timestamp"]) - time.time() > 3590


# Verification


async def test_the_callback_is_verified_by_its_echo(sim, server):
    server.answers = [lambda request, _: request.query["echostr"].encode(), b"nonsense"]

    assert (await sim.post("/sim/verify"))["ok"] is True
    assert (await sim.post("/sim/verify"))["ok"] is False
    query = server.requests[0][0]
    assert query["signature"] == sign(TOKEN, query["timestamp"], query["nonce"])
