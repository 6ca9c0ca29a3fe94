"""wechatpy, stable and to come, each in an environment of its own, as `make test` makes them."""

import asyncio
import contextlib
import json
import os
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from wxsim.account import Account
from wxsim.app import create_app

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(__file__).parent / "scripts"
PATIENCE_S = 60

APP_ID = "wx4f1d7e0b92c6a835"
SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "Sh0pCareTok3n"
AES_KEY = "k8Zr2QvXw5TnB0yLmE7cHs4JdPgU9aFiRtYoN3xWq1A"
ORIGINAL_ID = "gh_9a3c51e7b2d4"


class Wechatpy:
    """One version's interpreter; scripts get JSON on standard input and answer with JSON."""

    def __init__(self, python):
        self._python = python

    async def run(self, script, wish):
        """What the script in ``tests/peers/scripts`` answers to the wish."""
        process = await self.start(script, wish)
        async with asyncio.timeout(PATIENCE_S):
            said, _ = await process.communicate()
        assert process.returncode == 0, f"{script} failed"
        return json.loads(said)

    async def start(self, script, wish):
        """The script under way; its standard output is ``stdout``, a line at a time."""
        process = await asyncio.create_subprocess_exec(
            self._python,
            SCRIPTS / f"{script}.py",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        process.stdin.write(json.dumps(wish).encode())
        process.stdin.close()
        return process


@pytest.fixture(params=["1", "2"])
def wechatpy(request):
    folder = ROOT / ".venv-peers" / request.param
    if not (folder / ".ready").exists():
        told = f"wechatpy {request.param} is not installed; `make test` does it, with a network"
        if os.environ.get("WXDESK_REQUIRE_BROWSER") == "1":
            pytest.fail(told)
        pytest.skip(told)
    return Wechatpy(folder / "bin" / "python")


@pytest.fixture
async def sim():
    """Starts a simulator: ``await sim(callback=…, mode=…)``; its address, and a client of it."""
    async with contextlib.AsyncExitStack() as stack:

        async def started(**account):
            made = Account(
                app_id=APP_ID, app_secret=SECRET, token=TOKEN, original_id=ORIGINAL_ID, **account
            )
            running = await stack.enter_async_context(TestServer(create_app(made)))
            base = str(running.make_url("")).rstrip("/")
            return await stack.enter_async_context(aiohttp.ClientSession(base))

        yield started


@pytest.fixture
async def landing():
    """A page of the account's: whoever is sent there by web authorisation arrives."""

    async def arrived(request):
        return web.json_response(dict(request.query))

    app = web.Application()
    app.router.add_get("/{path:.*}", arrived)
    async with TestServer(app) as running:
        yield str(running.make_url("/back"))
