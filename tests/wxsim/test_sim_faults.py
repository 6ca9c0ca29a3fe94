"""What can be made to go wrong, and what every call has in common."""

import asyncio
import json
import re

import aiohttp
import pytest


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
    path = "/cgi-bin/message/custom/send"

    codes = [
        (await sim.get(path))["errcode"],
        (await sim.call(path))["errcode"],
        (await sim.call("/cgi-bin/user/get", {}))["errcode"],
        (await sim.call(f"{path}d", {}))["errcode"],
        (await sim.call(f"{path} ", {}))["errcode"],
    ]

    assert codes == [41001, 43002, 43001, 40066, 40066]


async def test_an_answer_is_json_without_anything_behind_it(sim, openid):
    response, body = await sim.call_raw("/cgi-bin/getcallbackip")

    assert response.headers["Content-Type"] == "application/json; encoding=utf-8"
    assert body.endswith(b"]}")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "a/b"])
async def test_a_body_may_be_of_any_type(sim, openid, kind):
    sim.access_token = (await sim.stable())["access_token"]
    body = json.dumps({"touser": openid, "msgtype": "text", "text": {"content": "好"}})
    url = f"{sim.base}/cgi-bin/message/custom/send?access_token={sim.access_token}"

    async with sim.http.post(
        url, data=b"\xef\xbb\xbf" + body.encode(), headers={"Content-Type": kind}
    ) as answer:
        assert (await answer.json())["errcode"] == 0
