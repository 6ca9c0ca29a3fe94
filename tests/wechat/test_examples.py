"""What the documentation shows is run, against the simulator on a real socket."""

import ast
import asyncio
import inspect
import re
import runpy
from contextlib import asynccontextmanager
from pathlib import Path
from socket import socket

import aiohttp
import pytest
from aiohttp import web

from patient import PATIENCE_SECONDS
from wxsim.account import Account, Mode
from wxsim.app import create_app

ROOT = Path(__file__).parents[2]
APP_ID = "wx4f1d7e0b92c6a835"
SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "token"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
BOT = runpy.run_path(str(ROOT / "examples/echo_bot.py"))


@asynccontextmanager
async def listening(app, port=0):
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        host, at = runner.addresses[0][:2]
        yield f"http://{host}:{at}"
    finally:
        await runner.cleanup()


class Phone:
    """A follower of the simulated account."""

    def __init__(self, http, sim, openid=""):
        self._http, self._sim, self.openid = http, sim, openid

    async def follow(self, **wish):
        self.openid = (await self._post("/sim/followers", wish))["openid"]

    async def write(self, text):
        await self._post(f"/sim/followers/{self.openid}/send", {"type": "text", "content": text})

    async def told(self):
        """What the account has shown so far."""
        async with self._http.get(f"{self._sim}/sim/followers/{self.openid}/chat") as answer:
            items = (await answer.json())["items"]
        return [item for item in items if item["from"] == "account"]

    async def _post(self, path, wish):
        async with self._http.post(self._sim + path, json=wish) as answer:
            assert answer.ok, await answer.text()
            return await answer.json()


def simulated(mode=Mode.PLAIN, callback=None):
    return create_app(
        Account(
            app_id=APP_ID,
            app_secret=SECRET,
            token=TOKEN,
            original_id="gh_9a3c51e7b2d4",
            mode=mode,
            aes_key=AES_KEY if mode is Mode.SECURE else None,
            callback=callback,
        )
    )


@asynccontextmanager
async def bot_and_phone(http, unused_port, mode):
    callback = f"http://127.0.0.1:{unused_port}/wechat"
    async with listening(simulated(mode, callback)) as sim:
        key = AES_KEY if mode is Mode.SECURE else ""
        bot = BOT["create_app"](APP_ID, SECRET, TOKEN, key, sim)
        async with listening(bot, unused_port):
            yield Phone(http, sim)


@pytest.fixture
def unused_port():
    with socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@pytest.mark.parametrize("mode", [Mode.PLAIN, Mode.SECURE])
async def test_the_bot_answers_and_draws(http, unused_port, mode):
    async with bot_and_phone(http, unused_port, mode) as phone:
        await phone.follow(push=True)
        await phone.write("在吗 <b>]]>")
        await phone.write("draw")
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(told := await phone.told()) < 3:
                await asyncio.sleep(0.01)

    welcome, echo, picture = told
    assert "Say something" in str(welcome)
    assert "You said: 在吗 <b>]]>" in str(echo)
    assert picture["type"] == "image"


async def test_the_bot_says_back_the_beginning_of_what_is_long(http, unused_port):
    async with bot_and_phone(http, unused_port, Mode.PLAIN) as phone:
        await phone.follow()
        await phone.write("很长" * 1000)
        (echo,) = await phone.told()

    assert "You said: 很长很长" in str(echo)


async def test_the_bot_refuses_what_is_forged(http, unused_port):
    async with bot_and_phone(http, unused_port, Mode.PLAIN):
        url = f"http://127.0.0.1:{unused_port}/wechat?signature=x&timestamp=1&nonce=1&echostr=1"
        for answering in (http.get(url), http.post(url, data=b"<xml/>")):
            async with answering as answer:
                assert answer.status == 403


def test_a_drawing_is_a_picture():
    png = BOT["drawing"](64)

    assert png.startswith(b"\x89PNG\r\n\x1a\n")


def blocks():
    page = (ROOT / "docs/wechat.md").read_text()
    return re.findall(r"```python\n(.*?)```", page, re.DOTALL)


async def test_the_page_runs_from_top_to_bottom():
    async with listening(simulated()) as sim, aiohttp.ClientSession() as http:
        phone = Phone(http, sim)
        await phone.follow()
        await phone.write("在吗")
        names = {
            "api_base": sim,
            "app_id": APP_ID,
            "app_secret": SECRET,
            "token": TOKEN,
            "aes_key": AES_KEY,
            "openid": phone.openid,
            "picture": BOT["drawing"](),
            "print": lambda *_: None,
        }
        for block in blocks():
            code = compile(block, "docs/wechat.md", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            if inspect.iscoroutine(running := eval(code, names)):
                await running
        kinds = [item["type"] for item in await phone.told()]

    assert kinds == ["text", "msgmenu", "image"]
    assert names["size"] == len(names["picture"])
    assert names["http"].closed
