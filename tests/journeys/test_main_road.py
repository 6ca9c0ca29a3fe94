"""A follower's words reach an agent's screen, the answer reaches the follower's phone."""

import asyncio
from collections.abc import Iterator

import pytest

from desk_builder import AES_KEY
from journeys.processes import Installation, free_port, simulator, until
from journeys.travel import Road, start


@pytest.fixture(scope="module", params=["one process", "two web and two worker processes"])
def road(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Road]:
    folder = tmp_path_factory.mktemp("road")
    if request.param == "one process":
        installation = Installation(folder, f"sqlite:///{folder}/desk.sqlite3")
        webs, workers = [installation.serve()], []
    else:
        url = request.getfixturevalue("postgres").fresh()
        redis_url = request.getfixturevalue("valkey_url")
        installation = Installation(folder, url, redis_url=redis_url)
        webs = [installation.web(), installation.web()]
        workers = [installation.worker(), installation.worker()]
    callback = f"{webs[0].url}/wechat/shop"
    secret = {"mode": "secure", "aes-key": AES_KEY}
    sim = simulator(folder, free_port(), callback=callback, data=str(folder / "sim"), **secret)
    try:
        yield Road(installation, sim, webs, asyncio.run(start(installation, sim, webs, workers)))
    finally:
        installation.stop()
        sim.stop()


async def test_a_follower_writes_and_reads_the_answer_on_the_phone(road):
    async with road.travelled() as traveller:
        await traveller.is_served("你好，我的订单还没发货")

        sent = await traveller.answer("您好，稍等，正在为您查询。")

        assert sent["state"] == "sent"
        assert await traveller.phone() == [("您好，稍等，正在为您查询。", "custom")]


async def test_a_conversation_taken_is_shown_to_everybody_as_taken(road):
    async with road.travelled() as traveller:
        await traveller.is_served()

        shown = await traveller.stream.until(
            lambda event: (
                event.kind == "conversation"
                and event.data["id"] == traveller.conversation["id"]
                and event.data["state"] == "active"
            )
        )

        assert shown.data["assignee"] == traveller.conversation["assignee"]


async def test_replies_are_read_in_the_order_they_were_written(road):
    async with road.travelled() as traveller:
        await traveller.is_served()

        replies = [await traveller.reply(f"第{number}句") for number in range(5)]
        await traveller.outcome(replies[-1])

        assert [text for text, _ in await traveller.phone()] == [r["text"] for r in replies]


async def test_the_sixth_reply_to_one_message_is_refused_and_says_why(road):
    async with road.travelled() as traveller:
        await traveller.is_served()
        for number in range(5):
            assert (await traveller.answer(f"第{number}句"))["state"] == "sent"

        sixth = await traveller.answer("还有一句")

        assert (sixth["state"], sixth["reason"]) == ("parked", "replies_spent")
        assert len(await traveller.phone()) == 5


async def test_whoever_has_left_is_not_reached_and_the_agent_is_told(road):
    async with road.travelled() as traveller:
        await traveller.is_served()
        await traveller.act(type="unsubscribe")
        gone = await traveller.stream.until(
            lambda event: event.kind == "contact" and not event.data["following"]
        )

        late = await traveller.try_to_reply("您还在吗？")

        assert gone.data["openid"] == traveller.openid
        assert (late["status"], late["code"]) == (409, "window_closed")


async def test_a_token_that_died_early_is_renewed_and_the_reply_is_sent(road):
    async with road.travelled() as traveller:
        await traveller.is_served()
        assert (await traveller.answer("一"))["state"] == "sent"
        await traveller.faults(token_invalid_now=True)

        assert (await traveller.answer("二"))["state"] == "sent"
        assert await traveller.phone() == [("一", "custom"), ("二", "custom")]


async def test_a_lost_answer_is_told_as_uncertain_and_sent_once(road):
    async with road.travelled() as traveller:
        await traveller.is_served()
        await traveller.faults(lose_answer=1)

        lost = await traveller.answer("一")
        then = await traveller.answer("二")

        assert (lost["state"], then["state"]) == ("uncertain", "sent")
        assert [text for text, _ in await traveller.phone()] == ["一", "二"]


async def test_a_reply_waits_for_a_wechat_that_is_away(road):
    async with road.travelled() as traveller:
        await traveller.is_served()
        road.sim.stop()
        queued = await traveller.reply("马上回来")
        await until(road.has_met_an_absent_wechat)
        road.sim.start()
        await road.sim.ready(traveller.http)

        assert (await traveller.outcome(queued))["state"] == "sent"
        assert await traveller.phone() == [("马上回来", "custom")]
