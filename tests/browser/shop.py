"""A desk and its simulator as processes, and the people that a test needs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import update

from desk_builder import DeskBuilder
from journeys.processes import Installation, Served, free_port, simulator, until
from wxdesk.desk.agents import Agent, Role
from wxdesk.desk.bindings import BindingCode

ELSEWHERE = "127.0.0.2"
"""Where systems stand that the desk may ask; it may ask nobody else on this machine."""

SETTINGS = {
    "stream_heartbeat_seconds": 1,
    "send_timeout_seconds": 2,
    "outbound_allow": ELSEWHERE,
}


@dataclass(frozen=True)
class Customer:
    """A follower, by the simulator's side door: quicker than by the phone page."""

    shop: "Shop"
    openid: str

    @property
    def shown(self) -> str:
        """What agents see of a follower without a remark."""
        return f"微信用户 ·{self.openid[-4:]}"

    async def writes(self, text: str) -> None:
        """Returns once the desk has it."""
        await self.does(type="text", content=text)

    async def does(self, **wish: Any) -> None:
        push = await self.shop.sim_post(f"/sim/followers/{self.openid}/send", **wish)
        assert push["status"] == 200, push

    async def reads(self) -> list[str]:
        """What the account said, as the phone shows it."""
        chat = await self.shop.sim_get(f"/sim/followers/{self.openid}/chat")
        return [item["content"] for item in chat["items"] if item["from"] == "account"]


class Shop:
    """One Official Account, its desk and its WeChat."""

    def __init__(self, desk: Served, sim: Served, http: aiohttp.ClientSession, rows: DeskBuilder):
        self.desk, self.sim, self._http, self._rows = desk, sim, http, rows
        self._tokens: dict[int, str] = {}

    async def customer(self) -> Customer:
        """Somebody who follows and has said nothing yet."""
        return Customer(self, (await self.sim_post("/sim/followers"))["openid"])

    async def waiting(self, *lines: str) -> Customer:
        """Somebody who has written and waits."""
        customer = await self.customer()
        for line in lines:
            await customer.writes(line)
        return customer

    async def agent(self, role: Role = Role.AGENT, *, undo_seconds: int = 0) -> Agent:
        """What they send leaves at once, unless it is to be held."""
        agent = await self._rows.agent(role=role)
        wish = {"undo_seconds": undo_seconds, "join_lines": True}
        headers = await self._headers(agent)
        async with self._http.patch(
            f"{self.desk.url}/api/session", json=wish, headers=headers
        ) as answer:
            assert answer.ok, await answer.text()
        return agent

    async def rule(self, **wish: Any) -> None:
        """A rule of automatic answers, without the page for it."""
        headers = await self._headers(await self.agent(Role.ADMIN))
        url = f"{self.desk.url}/api/accounts/1/answers"
        async with self._http.post(url, json=wish, headers=headers) as answer:
            assert answer.ok, await answer.text()

    async def ask(self, agent: Agent, method: str, path: str, **wish: Any) -> Any:
        """What an agent's program asks of the desk."""
        headers = await self._headers(agent)
        body = {} if method in {"GET", "DELETE"} else {"json": wish}
        async with self._http.request(
            method, self.desk.url + path, headers=headers, **body
        ) as answer:
            assert answer.ok, await answer.text()
            return None if answer.status == 204 else await answer.json()

    async def expire_codes(self) -> None:
        """The time of every code by which agents bind their WeChat is over."""
        async with self._rows.runtime.db.unit() as unit:
            now = self._rows.runtime.clock.now()
            await unit.session.execute(update(BindingCode).values(expires_at=now))

    async def take(self, customer: Customer, agent: Agent) -> None:
        """The agent owns what the customer has begun, without a click."""
        headers = await self._headers(agent)
        path = f"/api/conversations?state=waiting&q={customer.openid}"

        async def begun() -> list[dict[str, Any]]:
            return (await self._get(path, headers))["items"]

        [conversation] = await until(begun)
        await self._act(conversation, "take", headers)

    async def faults(self, **switches: Any) -> None:
        await self.sim_post("/sim/faults", **switches)

    async def streams(self) -> int:
        """How many live connections the desk holds."""
        async with self._http.get(f"{self.desk.url}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        return next(int(float(line.split()[1])) for line in lines if line.startswith(STREAMS))

    @asynccontextmanager
    async def desk_dead(self) -> AsyncIterator[None]:
        """Killed, and started again at the same address after the block."""
        self.desk.kill()
        try:
            yield
        finally:
            await self.desk.start().ready(self._http)

    async def clear(self) -> None:
        """End what is open, so that the next test begins with empty lists and a good WeChat."""
        async with self._http.delete(f"{self.sim.url}/sim/faults") as answer:
            assert answer.ok
        headers = await self._headers(await self.agent(Role.SUPERVISOR))
        for state, acts in (("waiting", ["take", "close"]), ("active", ["close"])):
            open_ones = await self._get(f"/api/conversations?state={state}&limit=100", headers)
            for conversation in open_ones["items"]:
                for act in acts:
                    await self._act(conversation, act, headers)
        await self._rows.revoke_tokens()
        self._tokens.clear()

    async def _headers(self, agent: Agent) -> dict[str, str]:
        if agent.id not in self._tokens:
            self._tokens[agent.id] = await self._rows.token(agent)
        return {"authorization": f"Bearer {self._tokens[agent.id]}"}

    async def _get(self, path: str, headers: dict[str, str]) -> dict[str, Any]:
        async with self._http.get(self.desk.url + path, headers=headers) as answer:
            return await answer.json()

    async def _act(self, conversation: dict[str, Any], act: str, headers: dict[str, str]) -> None:
        url = f"{self.desk.url}/api/conversations/{conversation['id']}/{act}"
        async with self._http.post(url, json={}, headers=headers) as answer:
            assert answer.ok, await answer.text()

    async def sim_get(self, path: str) -> dict[str, Any]:
        async with self._http.get(self.sim.url + path) as answer:
            return await answer.json()

    async def sim_post(self, path: str, **wish: Any) -> dict[str, Any]:
        async with self._http.post(self.sim.url + path, json=wish) as answer:
            assert answer.ok, await answer.text()
            return await answer.json()


STREAMS = "wxdesk_stream_connections "


@asynccontextmanager
async def shop_open(folder: Path, *, policy: str = "2013") -> AsyncIterator[Shop]:
    """The processes run as long as the block; WeChat goes by the rules of 2023 in any case."""
    installation = Installation(folder, f"sqlite:///{folder}/desk.sqlite3", **SETTINGS)
    desk = installation.serve()
    sim = simulator(folder, free_port(), callback=f"{desk.url}/wechat/shop", name="微光生活馆")
    try:
        async with aiohttp.ClientSession() as http, installation.builder(sim.url) as rows:
            await rows.account(policy=policy)
            desk.start()
            sim.start()
            await asyncio.gather(desk.ready(http), sim.ready(http))
            yield Shop(desk, sim, http, rows)
    finally:
        installation.stop()
        sim.stop()
