"""The pushes of the reference, and the far end of the wire: servers on real sockets."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from wxdesk.wechat import Client

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture
def fixture():
    """Read one file of tests/fixtures."""
    return lambda name: (FIXTURES / name).read_bytes()


@pytest.fixture
async def http():
    async with aiohttp.ClientSession() as session:
        yield session


@dataclass(frozen=True)
class Asked:
    """One request as it came; the query without the token."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes
    headers: Mapping[str, str]


class WeChat:
    """An HTTP server that remembers what it was asked and answers what it was told."""

    def __init__(self):
        self.base = ""
        self.answers = []
        self.requests = []
        self.asked = []

    async def answer(self, request):
        body, query = await request.read(), dict(request.query)
        said = json.loads(body) if body[:1] == b"{" else None
        self.requests.append((request.path, dict(request.query), said))
        query.pop("access_token", None)
        self.asked.append(Asked(request.method, request.path, query, body, request.headers))
        answer = self.answers.pop(0) if self.answers else {"errcode": 0, "errmsg": "ok"}
        return web.json_response(answer) if isinstance(answer, dict) else answer

    @property
    def tokens_seen(self):
        return [query["access_token"] for _, query, _ in self.requests]


@pytest.fixture
async def wechat():
    far_end = WeChat()
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", far_end.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    far_end.base = f"http://{host}:{port}"
    yield far_end
    await runner.cleanup()


class OneToken:
    """Has one token, and whatever is refused, no other."""

    async def current(self):
        return "89_secret"

    async def renew(self, refused):
        return "89_secret"


@pytest.fixture
def client(http, wechat):
    return Client(http, wechat.base, OneToken(), timedelta(seconds=5))


@asynccontextmanager
async def socket_server(talk):
    """A server of bytes: ``talk(reader, writer)`` once per connection, which it then closes."""
    talks = set()

    async def connected(reader, writer):
        talks.add(asyncio.current_task())
        try:
            await talk(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield "{}:{}".format(*server.sockets[0].getsockname())
    finally:
        server.close()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


@pytest.fixture
def serve():
    return socket_server


@pytest.fixture
def noon():
    return datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
