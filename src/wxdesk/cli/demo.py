"""``wxdesk demo``: the desk, the simulator and a small team, ready to try.

It lives in a data directory of its own, on an Official Account that only the simulator knows; no
real account can be added there by accident, and none is touched.
"""

import asyncio
import json
import os
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

import aiohttp
import typer

from wxdesk import logs
from wxdesk.cli import serve
from wxdesk.cli.run import require_database, settings
from wxdesk.desk import accounts, agents
from wxdesk.desk.accounts import Credentials
from wxdesk.desk.agents import Role
from wxdesk.errors import Conflict, Unavailable
from wxdesk.runtime import Runtime, running
from wxdesk.settings import Settings
from wxdesk.wechat import Mode

SLUG = "demo"
NAME = "微光生活馆"
TEAM = (
    ("admin", "周岚", Role.ADMIN),
    ("supervisor", "王敏", Role.SUPERVISOR),
    ("lihua", "李华", Role.AGENT),
    ("zhangwei", "张伟", Role.AGENT),
)
WORDS = ("maple", "river", "cloud", "lotus", "amber", "cedar", "pearl", "tiger")
LOOPBACK = "127.0.0.0/8, ::1"
PATIENCE = timedelta(seconds=30)
GLANCE = timedelta(seconds=0.1)


class DemoCannotStart(Unavailable):
    """One of its two parts does not come up."""

    code = "demo_cannot_start"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What this demonstration's simulator and desk share; made up once, kept beside its data."""

    app_id: str
    app_secret: str
    token: str
    aes_key: str
    passwords: dict[str, str]

    @classmethod
    def make(cls) -> Self:
        return cls(
            app_id=f"wx{secrets.token_hex(8)}",
            app_secret=secrets.token_hex(16),
            token=secrets.token_hex(8),
            aes_key="".join(secrets.choice("abcdefghijkmnpqrstuvwxyz23456789") for _ in range(43)),
            passwords={
                username: f"{secrets.choice(WORDS)}-{secrets.randbelow(9000) + 1000}"
                for username, _, _ in TEAM
            },
        )

    @classmethod
    def of(cls, folder: Path) -> Self:
        path = folder / "demo.json"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(json.dumps(asdict(cls.make())))
        return cls(**json.loads(path.read_text()))


def demo() -> None:
    """Run the desk and a simulated WeChat with a small team, until Ctrl-C."""
    chosen = settings()
    folder = chosen.data_dir / "demo"
    chosen = chosen.model_copy(
        update={
            "data_dir": folder,
            "database_url": None,
            "redis_url": None,
            "demo": True,
            "outbound_allow": chosen.outbound_allow or LOOPBACK,  # to try a bot on this machine
        }
    )
    logs.configure("warning", json=chosen.log_json)
    port = int(os.environ.get("WXSIM_PORT", "8701"))
    asyncio.run(_run(chosen, Secrets.of(folder), port))


async def _run(chosen: Settings, shared: Secrets, sim_port: int) -> None:
    simulator = f"http://127.0.0.1:{sim_port}"
    await _seed(chosen, shared, simulator)
    async with _simulator(chosen, shared, sim_port):
        welcoming = asyncio.create_task(_welcome(chosen, shared, simulator))
        try:
            await serve.run(chosen)
        finally:
            welcoming.cancel()


async def _seed(chosen: Settings, shared: Secrets, simulator: str) -> None:
    """The account and the team, on the first run."""
    async with running(chosen) as rt:
        await require_database(rt)
        async with rt.db.reading() as unit:
            served = await accounts.list_all(unit)
        if any(not account.simulated for account in served):
            raise Conflict(f"{chosen.data_dir} holds a real account; the demo takes another folder")
        if not served:
            await _seed_afresh(rt, shared, simulator)
        async with rt.db.unit() as unit:
            await accounts.move(unit, slug=SLUG, api_base=simulator)


async def _seed_afresh(rt: Runtime, shared: Secrets, simulator: str) -> None:
    async with rt.db.unit() as unit:
        await accounts.add(
            unit,
            rt.vault,
            slug=SLUG,
            name=NAME,
            app_id=shared.app_id,
            credentials=Credentials(shared.app_secret, shared.token, shared.aes_key),
            mode=Mode.SECURE,
            now=rt.clock.now(),
            api_base=simulator,
        )
        for username, name, role in TEAM:
            await agents.add(
                unit,
                username=username,
                name=name,
                role=role,
                password_hash=agents.hash_password(shared.passwords[username]),
                now=rt.clock.now(),
            )


@asynccontextmanager
async def _simulator(chosen: Settings, shared: Secrets, port: int) -> AsyncIterator[None]:
    """The simulator, in a process of its own, for as long as the block lasts."""
    options = {
        "port": str(port),
        "name": NAME,
        "app-id": shared.app_id,
        "app-secret": shared.app_secret,
        "token": shared.token,
        "aes-key": shared.aes_key,
        "mode": Mode.SECURE.value,
        "callback": f"http://{chosen.host}:{chosen.port}/wechat/{SLUG}",
        "data": str(chosen.data_dir / "simulator"),
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("wxsim"),
        *("serve", *arguments),
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for us; we end it when we are done
    )
    assert process.stdout
    try:
        if not await process.stdout.readline():  # it says a line when it listens
            raise DemoCannotStart(f"the simulator does not start; is port {port} taken?")
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _welcome(chosen: Settings, shared: Secrets, simulator: str) -> None:
    """Once both answer: let the customers write, and tell the visitor where to go."""
    async with aiohttp.ClientSession() as http:
        await _until_it_answers(http, f"http://{chosen.host}:{chosen.port}/readyz")
        async with http.post(f"{simulator}/sim/people", json={"start": True, "seed": 7}) as answer:
            if not answer.ok:
                raise DemoCannotStart(f"the simulator's customers do not come: {answer.status}")
    typer.echo(_page(chosen, shared, simulator))


async def _until_it_answers(http: aiohttp.ClientSession, url: str) -> None:
    waited = timedelta()
    while waited < PATIENCE:
        try:
            async with http.get(url) as answer:
                if answer.ok:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(GLANCE.total_seconds())
        waited += GLANCE
    raise DemoCannotStart(f"{url} does not answer; is its port taken?")


def _page(chosen: Settings, shared: Secrets, simulator: str) -> str:
    people = "\n".join(
        f"    {username:<12} {shared.passwords[username]:<14} {role.value:<11} {name}"
        for username, name, role in TEAM
    )
    return f"""
  wxdesk demo: every customer is simulated. 演示环境，客户均为模拟。

  Desk   客服工作台   {chosen.base_url}
  Phone  客户的手机   {simulator}/sim/

  Sign in 登录 (username, password 用户名、密码):
{people}

  Ctrl-C stops both.
"""
