"""A desk on a real socket, WeChat at its front door, browsers and programs at its API."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from elsewhere import Elsewhere, elsewhere
from patient import settings_of
from web.knocker import Knocker
from web.visitor import Visitor
from wxdesk.desk.agents import Role
from wxdesk.runtime import running
from wxdesk.wechat import Mode


@pytest.fixture
def settings() -> dict[str, Any]:
    """Settings other than the defaults, not checked; a test names its own by `parametrize`."""
    return {}


@pytest.fixture
async def runtime(database_url, tmp_path, clock, settings):
    own = settings_of(data_dir=tmp_path, database_url=database_url)
    async with running(own.model_copy(update=settings), clock=clock) as rt:
        yield rt


@pytest.fixture
def mode() -> Mode:
    """How WeChat posts to the account."""
    return Mode.PLAIN


@pytest.fixture
async def shop(desk, mode):
    return await desk.account(mode=mode)


@pytest.fixture
async def door(shop, base_url, clock) -> AsyncIterator[Knocker]:
    """WeChat, at the front door of the account ``shop``."""
    async with aiohttp.ClientSession(base_url) as http:
        yield Knocker(http, clock)


@pytest.fixture
async def visit(shop, base_url):
    """Somebody new at the desk: ``await visit()``, or ``await visit(token=…)`` for a program."""
    async with AsyncExitStack() as stack:

        async def new(*, token: str | None = None) -> Visitor:
            jar = aiohttp.CookieJar(unsafe=True)
            headers = {"authorization": f"Bearer {token}"} if token else {}
            session = aiohttp.ClientSession(base_url, cookie_jar=jar, headers=headers)
            return Visitor(await stack.enter_async_context(session))

        yield new


@pytest.fixture
async def agent(desk):
    return await desk.agent("lihua")


@pytest.fixture
async def lihua(visit, agent) -> Visitor:
    """The agent ``agent``, signed in with a browser."""
    browser = await visit()
    assert (await browser.sign_in("lihua")).status == 200
    return browser


@pytest.fixture
async def talk(desk, agent):
    """A conversation that ``agent`` has."""
    return await desk.conversation(assignee=agent)


@pytest.fixture
async def wang(desk):
    """Another agent."""
    return await desk.agent("wangmin")


@pytest.fixture
async def colleague(visit, wang) -> Visitor:
    """The agent ``wang``, signed in with a browser."""
    browser = await visit()
    assert (await browser.sign_in("wangmin")).status == 200
    return browser


@pytest.fixture
async def admin(visit, desk) -> Visitor:
    """An administrator's program."""
    return await visit(token=await desk.token(await desk.agent(role=Role.ADMIN)))


@pytest.fixture
async def there() -> AsyncIterator[Elsewhere]:
    """A program of somebody else's, on this machine: `settings` let the desk ask it."""
    async with elsewhere() as server:
        yield server


@pytest.fixture
async def supervisor(visit, desk) -> Visitor:
    """A supervisor's program."""
    return await visit(token=await desk.token(await desk.agent(role=Role.SUPERVISOR)))


@pytest.fixture
async def boss(visit, desk) -> Visitor:
    """A supervisor, signed in with a browser."""
    await desk.agent("boss", role=Role.SUPERVISOR)
    browser = await visit()
    assert (await browser.sign_in("boss")).status == 200
    return browser
