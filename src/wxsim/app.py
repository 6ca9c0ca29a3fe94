"""The simulator put together: the API, the control API and the phone page in one application."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler

from wxsim.account import Account
from wxsim.acts import BadAct, NotFollowing
from wxsim.api.door import Door
from wxsim.control import ROUTES
from wxsim.control.keys import door_key, people_key, platform_key, pusher_key
from wxsim.guard import HEADERS, guard
from wxsim.people import People
from wxsim.platform import NoSuchFollower, Platform
from wxsim.pusher import Pusher
from wxsim.store import Store

MAX_BODY_BYTES = 17_000_000  # a file of 12 MB in base64
PHONE = Path(__file__).parent / "phone"


def create_app(
    account: Account, folder: Path | None = None, allowed_hosts: Iterable[str] = ()
) -> web.Application:
    """The simulator of one account.

    Args:
        account: Whom it simulates.
        folder: Keeps followers, chats, tokens and grants; None: in memory only.
        allowed_hosts: Names, beside addresses and localhost, by which its page may be opened.
    """
    app = web.Application(
        middlewares=[_in_sentences, guard(allowed_hosts)], client_max_size=MAX_BODY_BYTES
    )
    platform = Platform(account, Store(folder))
    app[platform_key] = platform
    app[door_key] = Door(platform)
    app.cleanup_ctx.append(_run)
    app.on_shutdown.append(_let_go)
    app.add_routes(ROUTES)
    app.router.add_get("/sim/", _phone)
    app.router.add_static("/sim/phone/", PHONE)
    for path in ("/", "/sim"):
        app.router.add_get(path, _to_phone)
    app.router.add_route("*", "/{path:.*}", _api)
    return app


async def _run(app: web.Application) -> AsyncIterator[None]:
    platform = app[platform_key]
    # A new connection for each push: one kept open might be dead by the time it is needed.
    connector = aiohttp.TCPConnector(force_close=True, limit=200)
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar()
    ) as http:
        app[pusher_key] = Pusher(platform, http)
        app[people_key] = People(platform, app[pusher_key])
        announcing = asyncio.create_task(app[pusher_key].run())
        yield
        await app[people_key].stop()
        announcing.cancel()
        await asyncio.gather(announcing, return_exceptions=True)
    platform.close()


async def _let_go(app: web.Application) -> None:
    app[door_key].close()
    app[platform_key].live.close()


async def _api(request: web.Request) -> web.StreamResponse:
    if request.path.startswith("/sim/"):
        raise web.HTTPNotFound(text=f"there is no {request.method} {request.path}")
    return await request.app[door_key].answer(request)


async def _phone(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(PHONE / "index.html")


async def _to_phone(_request: web.Request) -> web.Response:
    raise web.HTTPFound("/sim/")


@web.middleware
async def _in_sentences(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What goes wrong under ``/sim/`` as ``{"error": "a sentence"}``."""
    try:
        return await handler(request)
    except web.RequestPayloadError:
        problem = _problem(400, "the body is not encoded as it says")
        problem.force_close()
        return problem
    except web.HTTPClientError as refused:
        return _problem(refused.status, refused.text or refused.reason)
    except NoSuchFollower as unknown:
        return _problem(404, f"nobody has the openid {unknown}")
    except (BadAct, ValueError) as wrong:
        return _problem(400, str(wrong))
    except NotFollowing as gone:
        return _problem(409, str(gone))


def _problem(status: int, error: str) -> web.Response:
    return web.json_response({"error": error}, status=status, headers=HEADERS)
