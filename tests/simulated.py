"""The simulator in this process, on a real socket: WeChat, as far as the desk can tell."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.test_utils import TestServer

from desk_builder import APP_ID, APP_SECRET, TOKEN
from wxsim.account import Account
from wxsim.app import create_app


@dataclass(frozen=True)
class Simulated:
    """Where it is, and its control API."""

    url: str
    _http: aiohttp.ClientSession

    async def follower(self, name: str = "小林") -> str:
        """The openid of somebody new who follows."""
        return (await self.post("/sim/followers", name=name))["openid"]

    async def calls(self, path: str) -> list[dict[str, Any]]:
        """The calls of one path that came, newest first."""
        return (await self.get("/sim/calls", path=path))["items"]

    async def get(self, path: str, /, **query: str) -> Any:
        async with self._http.get(self.url + path, params=query) as answer:
            assert answer.ok, await answer.text()
            return await answer.json()

    async def post(self, path: str, /, **wish: Any) -> Any:
        async with self._http.post(self.url + path, json=wish) as answer:
            assert answer.ok, await answer.text()
            return await answer.json()


@asynccontextmanager
async def simulating() -> AsyncIterator[Simulated]:
    """A small WeChat with one account and nobody in it."""
    account = Account(
        app_id=APP_ID, app_secret=APP_SECRET, token=TOKEN, original_id="gh_9a3c51e7b2d4"
    )
    async with TestServer(create_app(account)) as server, aiohttp.ClientSession() as http:
        yield Simulated(str(server.make_url("")).rstrip("/"), http)
