"""A running desk and its simulator, a follower with a phone and an agent with a browser."""

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from desk_builder import APP_ID
from journeys.processes import APP_SECRET, Installation, Process, Served
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
        return await self.stream.message(direction="in", text=content)

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

    async def outcome(self, message: dict[str, Any]) -> dict[str, Any]:
        """The message once it is no longer on its way."""
        event = await self.stream.until(
            lambda event: (
                event.kind == "message"
                and event.data["id"] == message["id"]
                and event.data["state"] != "queued"
            ),
        )
        return event.data

    async def answer(self, text: str) -> dict[str, Any]:
        return await self.outcome(await self.reply(text))

    async def try_to_reply(self, text: str) -> dict[str, Any]:
        """What the desk says to a reply that it refuses."""
        path = f"/api/conversations/{self.conversation['id']}/replies"
        said = {"kind": "text", "text": text, "client_id": "refused-reply"}
        async with self.http.post(self._desk.url + path, json=said) as answer:
            return await answer.json()

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self.http.post(self._desk.url + path, json=body) as answer:
            assert answer.ok, await answer.text()
            return await answer.json()

    async def phone(self) -> list[tuple[str, str | None]]:
        """What the account said, and which way."""
        async with self.http.get(f"{self.sim.url}/sim/followers/{self.openid}/chat") as answer:
            items = (await answer.json())["items"]
        return [(item["content"], item.get("via")) for item in items if item["from"] == "account"]

    async def ledger(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What is left, as the desk believes and as the platform knows."""
        contact_id = self.conversation["contact"]["id"]
        ours = f"{self._desk.url}/api/contacts/{contact_id}/allowance"
        theirs = f"{self.sim.url}/sim/followers/{self.openid}/allowance"
        async with self.http.get(ours) as desk, self.http.get(theirs) as platform:
            return await desk.json(), await platform.json()

    async def uses_up(self, sends: int) -> None:
        """Another system of the account's sends to the follower."""
        token = {
            "grant_type": "client_credential",
            "appid": APP_ID,
            "secret": APP_SECRET,
        }
        access = (await self._sim("/cgi-bin/stable_token", **token))["access_token"]
        for _ in range(sends):
            path = f"/cgi-bin/message/custom/send?access_token={access}"
            text = {"content": "来自另一个系统"}
            await self._sim(path, touser=self.openid, msgtype="text", text=text)

    async def faults(self, **switches: Any) -> None:
        await self._sim("/sim/faults", **switches)

    async def _sim(self, path: str, **wish: Any) -> dict[str, Any]:
        async with self.http.post(self.sim.url + path, json=wish) as answer:
            assert answer.ok, await answer.text()
            return await answer.json()


async def start(
    installation: Installation,
    sim: Served,
    webs: Sequence[Served],
    workers: Sequence[Process],
    *,
    policy: str = "2013",
) -> str:
    """Starts everything; an agent's API token."""
    async with installation.builder(sim.url) as desk:
        await desk.account(mode=Mode.SECURE, policy=policy)
        token = await desk.token(await desk.agent())
    async with aiohttp.ClientSession() as http:
        for process in (sim, *webs, *workers):
            process.start()
        for process in (sim, *webs):
            await process.ready(http)
    return token
