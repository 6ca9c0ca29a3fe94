"""A follower's words reach an agent's screen, the answer reaches the follower's phone."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from desk_builder import AES_KEY
from journeys.processes import Installation, Process, Served, free_port, simulator, until
from sse import Stream, following
from wxdesk.wechat import Mode


@dataclass
class Road:
    """A running desk and its simulator. Agents read at one web process and write at another."""

    installation: Installation
    sim: Served
    webs: Sequence[Served]
    api_token: str

    async def has_met_an_absent_wechat(self) -> bool:
        return "Unreached" in self.installation.log

    @asynccontextmanager
    async def travelled(self) -> AsyncIterator["Traveller"]:
        headers = {"authorization": f"Bearer {self.api_token}"}
        async with (
            aiohttp.ClientSession(headers=headers) as http,
            following(http, self.webs[0].url + "/api/stream") as stream,
        ):
            hello = await stream.next()
            assert hello.kind == "hello"
            yield Traveller(self, http, stream)


class Traveller:
    """A follower with a phone and an agent with a browser."""

    _client_ids = itertools.count(1)

    def __init__(self, road: Road, http: aiohttp.ClientSession, stream: Stream):
        self.sim, self._desk = road.sim, road.webs[-1]
        self.http, self.stream = http, stream
        self.openid = ""
        self.conversation: dict[str, Any] = {}

    async def write(self, content: str) -> dict[str, Any]:
        """The follower writes; the message as it reaches the agent's screen."""
        if not self.openid:
            self.openid = (await self._sim("/sim/followers", name="小林"))["openid"]
        await self.act(type="text", content=content)
        return await self.stream.message(direction="in", text=content, within=1)

    async def act(self, **wish: Any) -> None:
        push = await self._sim(f"/sim/followers/{self.openid}/send", **wish)
        assert (push["attempts"], push["status"]) == (1, 200)

    async def is_served(self, text: str = "你好") -> None:
        """The follower has written, and the agent has taken the conversation."""
        message = await self.write(text)
        path = f"/api/conversations/{message['conversation_id']}"
        self.conversation = await self.post(f"{path}/take", {})

    async def reply(self, text: str) -> dict[str, Any]:
        """The agent replies; the message as the desk accepted it."""
        draft = {"kind": "text", "text": text, "client_id": f"draft-{next(self._client_ids):06}"}
        return await self.post(f"/api/conversations/{self.conversation['id']}/replies", draft)

    async def outcome(self, message: dict[str, Any], *, within: float = 5) -> dict[str, Any]:
        """The message once it is no longer on its way."""
        event = await self.stream.until(
            lambda event: (
                event.kind == "message"
                and event.data["id"] == message["id"]
                and event.data["state"] != "queued"
            ),
            within=within,
        )
        return event.data

    async def answer(self, text: str) -> dict[str, Any]:
        return await self.outcome(await self.reply(text))

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self.http.post(self._desk.url + path, json=body) as answer:
            assert answer.ok, await answer.text()
            return await answer.json()

    async def phone(self) -> list[tuple[str, str | None]]:
        """What the account said, and which way."""
        async with self.http.get(f"{self.sim.url}/sim/followers/{self.openid}/chat") as answer:
            items = (await answer.json())["items"]
        return [(item["content"], item.get("via")) for item in items if item["from"] == "account"]

    async def faults(self, **switches: Any) -> None:
        await self._sim("/sim/faults", **switches)

    async def _sim(self, path: str, **wish: Any) -> dict[str, Any]:
        async with self.http.post(self.sim.url + path, json=wish) as answer:
            assert answer.ok, await answer.text()
            return await answer.json()


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
        yield Road(installation, sim, webs, asyncio.run(_start(installation, sim, webs, workers)))
    finally:
        installation.stop()
        sim.stop()


async def _start(
    installation: Installation, sim: Served, webs: Sequence[Served], workers: Sequence[Process]
) -> str:
    """Starts everything; an agent's API token."""
    async with installation.builder(sim.url) as desk:
        await desk.account(mode=Mode.SECURE)
        token = await desk.token(await desk.agent())
    async with aiohttp.ClientSession() as http:
        for process in (sim, *webs, *workers):
            process.start()
        for process in (sim, *webs):
            await process.ready(http)
    return token


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

        assert (sixth["state"], sixth["reason"]) == ("failed", "replies_spent")
        assert len(await traveller.phone()) == 5


async def test_whoever_has_left_is_not_reached_and_the_agent_is_told(road):
    async with road.travelled() as traveller:
        await traveller.is_served()
        await traveller.act(type="unsubscribe")
        gone = await traveller.stream.until(
            lambda event: event.kind == "contact" and not event.data["following"], within=1
        )

        late = await traveller.answer("您还在吗？")

        assert gone.data["openid"] == traveller.openid
        assert (late["state"], late["reason"]) == ("failed", "window_closed")


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
        await until(road.has_met_an_absent_wechat, within=5)
        road.sim.start()
        await road.sim.ready(traveller.http)

        assert (await traveller.outcome(queued, within=15))["state"] == "sent"
        assert await traveller.phone() == [("马上回来", "custom")]
