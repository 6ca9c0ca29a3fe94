"""``wxdesk doctor``: what is wrong with this installation, in sentences with a fix."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlsplit

import aiohttp
import typer
from redis.asyncio import Redis
from redis.exceptions import RedisError

from wxdesk.cli.run import with_runtime
from wxdesk.desk import accounts, agents, intake, outbox
from wxdesk.desk.intake import PushState
from wxdesk.desk.outbox import DeliveryState
from wxdesk.runtime import Runtime
from wxdesk.speaking import check_account
from wxdesk.store import schema
from wxdesk.store.files import StoreAway
from wxdesk.web.pages import BUILT

PATIENCE = timedelta(seconds=5)


def doctor() -> None:
    """Say what is wrong with this installation, and what to do; exit 1 if anything is."""

    async def task(rt: Runtime) -> list[str]:
        return [wrong async for wrong in examine(rt)]

    complaints = with_runtime(task)
    for complaint in complaints:
        typer.echo(f"- {complaint}")
    if complaints:
        raise typer.Exit(1)
    typer.echo("Nothing is wrong that can be seen from here.")


async def examine(rt: Runtime) -> AsyncIterator[str]:
    """Sentences, each a fault and its fix."""
    for part in (_schema, _secret, _media, _bus, _addresses, _team, _accounts, _backlog):
        async for wrong in part(rt):
            yield wrong


async def _schema(rt: Runtime) -> AsyncIterator[str]:
    if await schema.differences(rt.db):
        yield "The database differs from this version. Run: wxdesk db check"
    for line in await schema.damage(rt.db):
        yield f"The database is damaged ({line}). Restore a backup: wxdesk db restore FILE"


async def _secret(rt: Runtime) -> AsyncIterator[str]:
    path = rt.settings.data_dir / "secret.key"
    if rt.settings.secret_key is None and path.exists() and path.stat().st_mode & 0o077:
        yield f"Others may read {path}. Run: chmod 600 {path}"


async def _media(rt: Runtime) -> AsyncIterator[str]:
    try:
        await rt.files.check()
    except StoreAway as error:
        yield f"Pictures and voice cannot be kept ({error}). Check WXDESK_MEDIA_… and the disk."


async def _bus(rt: Runtime) -> AsyncIterator[str]:
    if rt.settings.redis_url is None:
        return
    redis = Redis.from_url(rt.settings.redis_url, socket_connect_timeout=2)
    try:
        await redis.ping()
    except (RedisError, OSError):
        yield "WXDESK_REDIS_URL does not answer: updates take a second longer. Start Redis."
    finally:
        await redis.aclose()


async def _addresses(rt: Runtime) -> AsyncIterator[str]:
    if not (BUILT / "index.html").exists():
        yield "The web app is not built. Run: make app"
    async with rt.db.reading() as unit:
        real = [each for each in await accounts.list_all(unit) if not each.simulated]
    url = urlsplit(rt.settings.base_url)
    if real and url.hostname in ("127.0.0.1", "localhost"):
        yield "WeChat cannot reach this machine by that name. Set WXDESK_PUBLIC_URL."
    if real and url.port not in (None, 80, 443):
        yield "WeChat calls ports 80 and 443 only. Put a proxy in front, set WXDESK_PUBLIC_URL."
    if not await _answers(rt):
        yield f"The desk does not answer at {rt.settings.base_url}. Run: wxdesk serve"


async def _team(rt: Runtime) -> AsyncIterator[str]:
    async with rt.db.reading() as unit:
        if not await agents.list_all(unit):
            yield "Nobody can sign in. Run: wxdesk agent add --role admin …"


async def _accounts(rt: Runtime) -> AsyncIterator[str]:
    async with rt.db.reading() as unit:
        served = await accounts.list_all(unit)
    if not served:
        yield "No Official Account is connected. Run: wxdesk account add …"
    for account in served:
        async for finding in check_account(rt, account):
            if finding.vital and not finding.ok:
                yield f"{account.slug}, {finding.name}: {finding.detail}. {finding.fix}"


async def _backlog(rt: Runtime) -> AsyncIterator[str]:
    async with rt.db.reading() as unit:
        pushes = await intake.count_backlog(unit)
        deliveries = await outbox.count_by_state(unit)
    if parked := pushes.get(PushState.PARKED, 0):
        yield (
            f"{parked} pushes could not be understood. See: wxdesk pushes --state parked; "
            "after an update try: wxdesk pushes retry --all"
        )
    if unsure := deliveries.get(DeliveryState.UNCERTAIN, 0):
        yield f"{unsure} replies are uncertain; their agents decide. See: wxdesk deliveries"


async def _answers(rt: Runtime) -> bool:
    patience = aiohttp.ClientTimeout(PATIENCE.total_seconds())
    try:
        async with rt.http.get(f"{rt.settings.base_url}/readyz", timeout=patience) as answer:
            return answer.ok
    except (aiohttp.ClientError, TimeoutError):
        return False
