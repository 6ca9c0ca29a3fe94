"""The simulator on a real socket, and a server of the account's that answers as it is told.

All in one loop, as one browser serves all tests that look at the phone page.
"""

import asyncio
import contextlib
import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import expect
from pytest_asyncio import is_async_test

from chromium import DEVICES, chromium_running
from wxsim.account import Account
from wxsim.app import create_app

APP_ID = "wx4f1d7e0b92c6a835"
SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "Sh0pCareTok3n"
AES_KEY = "k8Zr2QvXw5TnB0yLmE7cHs4JdPgU9aFiRtYoN3xWq1A"
ORIGINAL_ID = "gh_9a3c51e7b2d4"
SEND = "/cgi-bin/message/custom/send"
HERE = Path(__file__).parent


class Server:
    """The account's server: keeps what it gets, gives one answer after the other, then success.

    An answer is bytes, a number (an HTTP status), None (it never comes), or a function of the
    request and its body.
    """

    def __init__(self):
        self.requests = []
        self.visits = []  # path, query, body
        self.answers = []
        self.default = b"success"
        self.finish = asyncio.Event()

    @property
    def bodies(self):
        return [body for _, body in self.requests]

    @property
    def pushes(self):
        return [{e.tag: e.text or "" for e in ET.fromstring(body)} for body in self.bodies]

    async def take(self, request):
        body = await request.read()
        self.requests.append((dict(request.query), body))
        self.visits.append((request.path, dict(request.query), body))
        answer = self.answers.pop(0) if self.answers else self.default
        if callable(answer):
            answer = answer(request, body)
        if asyncio.iscoroutine(answer):
            answer = await answer
        if answer is None:
            await self.finish.wait()
        if isinstance(answer, int):
            return web.Response(status=answer, headers={"Location": "/elsewhere"})
        return web.Response(body=answer or b"")


class Sim:
    """The simulator, as a test speaks to it."""

    def __init__(self, http, base):
        self.http = http
        self.base = base
        self.access_token = None

    async def get(self, path, /, **query):
        async with self.http.get(self.base + path, params=query) as response:
            return await response.json(content_type=None)

    async def post(self, path, body=None, /, **query):
        async with self.http.post(self.base + path, json=body or {}, params=query) as response:
            return await response.json()

    async def follower(self, name="小林", **wish):
        return (await self.post("/sim/followers", {"name": name, **wish}))["openid"]

    async def act(self, openid, kind, **wish):
        return await self.post(f"/sim/followers/{openid}/send", {"type": kind} | wish)

    async def chat(self, openid):
        return (await self.get(f"/sim/followers/{openid}/chat"))["items"]

    async def allowance(self, openid):
        return await self.get(f"/sim/followers/{openid}/allowance")

    async def faults(self, **switches):
        return await self.post("/sim/faults", switches)

    async def advance(self, seconds):
        await self.post("/sim/clock", {"advance_seconds": seconds})

    async def stable(self, **more):
        wish = {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET}
        return await self.post("/cgi-bin/stable_token", {**wish, **more})

    async def plain(self, **more):
        wish = {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET}
        return await self.get("/cgi-bin/token", **{**wish, **more})

    async def send(self, openid, text="您好", **more):
        return await self.send_raw({"touser": openid, "msgtype": "text"} | _text(text) | more)

    async def call(self, path, body=None, /, **query):
        """A call of the API with its token: GET, or POST where there is a body."""
        response, answer = await self.call_raw(path, body, **query)
        assert response.status == 200
        return json.loads(answer)

    async def call_raw(self, path, body=None, /, **query):
        """The response, and its body."""
        self.access_token = self.access_token or (await self.stable())["access_token"]
        query = {"access_token": self.access_token, **query}
        if isinstance(body, dict):
            body = json.dumps(body, ensure_ascii=False).encode()
        method = "GET" if body is None else "POST"
        async with self.http.request(method, self.base + path, data=body, params=query) as response:
            return response, await response.read()

    async def upload(self, path, body, /, name="a.jpg", **query):
        form = aiohttp.FormData()
        octets = "application/octet-stream"
        form.add_field("media", io.BytesIO(body), filename=name, content_type=octets)
        return await self.call(path, form, **query)

    async def upload_media(self, kind, body):
        """Its media id."""
        answer = await self.upload("/cgi-bin/media/upload", body, type=kind)
        return answer.get("media_id") or answer["thumb_media_id"]

    async def send_raw(self, body):
        """``body`` as raw UTF-8 JSON, or bytes as they are."""
        self.access_token = self.access_token or (await self.stable())["access_token"]
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        query = {"access_token": self.access_token}
        async with self.http.post(self.base + SEND, data=data, params=query) as response:
            assert response.status == 200
            return await response.json()


def _text(text):
    return {"text": {"content": text}}


in_one_loop = pytest_asyncio.fixture(loop_scope="session")


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents and is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@in_one_loop
async def server():
    """The account's server, at ``server.url``."""
    server = Server()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.take)
    async with TestServer(app) as running:
        server.url = str(running.make_url("/wechat/shop"))
        yield server
        server.finish.set()


@in_one_loop
async def start(server):
    """Starts simulators: ``await start(mode=…, folder=…)``; its pushes go to ``server``."""
    async with contextlib.AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession())

        async def started(*, folder=None, **account):
            account = {"callback": server.url, **account}
            made = Account(
                app_id=APP_ID, app_secret=SECRET, token=TOKEN, original_id=ORIGINAL_ID, **account
            )
            running = await stack.enter_async_context(TestServer(create_app(made, folder)))
            sim = Sim(http, str(running.make_url("")).rstrip("/"))
            sim.close = running.close
            await sim.faults(push_spacing_s=0)
            return sim

        yield started
        server.finish.set()


@in_one_loop
async def sim(start):
    return await start()


@in_one_loop
async def openid(sim):
    """A follower who has just written."""
    openid = await sim.follower()
    await sim.act(openid, "text", content="在吗")
    return openid


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium():
    async with chromium_running(*DEVICES) as browser:
        yield browser


@in_one_loop
async def browser(chromium):
    """Opens pages, each in a profile of its own; they are closed after the test."""
    yield chromium
    for context in chromium.contexts:
        await context.close()


@in_one_loop
async def phone(browser, sim):
    """The phone page on a desk, at the chat of 小林; nothing it does may be an error."""
    await sim.follower("小林")
    page = await browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: line.type == "error" and errors.append(line.text))
    await page.goto(f"{sim.base}/sim/")
    await expect(page.get_by_label("消息", exact=True)).to_be_visible()
    yield page
    assert errors == []
    await page.close()
