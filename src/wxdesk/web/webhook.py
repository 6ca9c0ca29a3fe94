"""The front door, where WeChat knocks: verify, keep, answer.

Plain ASGI in front of the router. WeChat waits 5 s and tries three times, so nothing slow happens
here: what a push means is worked out by the intake worker, after the answer. `success` is only
said once the push is on the disk. Whatever is sent gets 200, 400, 403, 404, 405, 408 or 413; 503
means that the desk cannot keep up, and that WeChat is to try again.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import timedelta
from functools import cache
from typing import Any

from prometheus_client import Counter

from wxdesk import logs
from wxdesk.desk import intake
from wxdesk.runtime import Runtime
from wxdesk.store import GroupInsert
from wxdesk.store.group import CannotKeepUp
from wxdesk.web.directory import Directory, Served
from wxdesk.wechat import Forged, Malformed, parse, read_query

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PREFIX = "/wechat/"
MOST_BYTES = 1024 * 1024  # ours: WeChat's pushes are a few kilobytes
SLOWEST_BODY = timedelta(seconds=5)

PUSHES = Counter("wxdesk_pushes", "Requests at the callback URLs, by answer.", ["status"])
_answered = cache(PUSHES.labels)  # finding a label's counter costs more than counting

log = logs.get(__name__)


class _Answered(Exception):
    """Not an error: the way out with an answer."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status, self.body = status, body


class FrontDoor:
    """Answers ``/wechat/…`` and passes everything else on."""

    def __init__(self, app: App, rt: Runtime, directory: Directory, keeping: GroupInsert) -> None:
        self._app, self._rt = app, rt
        self._directory, self._keeping = directory, keeping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        try:
            status, body = await self._answer(scope, receive)
        except _Answered as answer:
            status, body = answer.status, answer.body
        _answered(status).inc()
        await _respond(send, status, body)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, bytes]:
        slug = scope["path"][len(PREFIX) :]
        served = self._directory.find(slug)
        if served is None:
            return 404, b"no such account"
        try:
            match scope["method"]:
                case "POST":
                    return await self._keep(served, scope, await _read_body(scope, receive))
                case "GET":
                    query = read_query(scope["query_string"])
                    return 200, served.callback.echo(query, self._rt.clock.now()).encode()
            return 405, b"GET or POST"
        except Forged as error:
            log.warning("push_refused", account=slug[:64], status=403, why=error.why)
            return 403, b"not from WeChat"
        except Malformed as error:
            log.warning("push_refused", account=slug[:64], status=400, why=error.why)
            return 400, b"not a push"

    async def _keep(self, served: Served, scope: Scope, body: bytes) -> tuple[int, bytes]:
        now = self._rt.clock.now()
        xml = served.callback.unwrap(read_query(scope["query_string"]), body, now)
        row = intake.kept_row(served.account_id, parse(xml), xml, now=now)
        try:
            await self._keeping.insert(row)
        except CannotKeepUp as error:
            log.error(
                "push_not_kept", account_id=served.account_id, why=str(error.__cause__ or error)
            )
            return 503, b"try again"
        return 200, b"success"


async def _read_body(scope: Scope, receive: Receive) -> bytes:
    """The whole body; most come in one piece."""
    for name, value in scope["headers"]:
        if name == b"content-length" and (not value.isdigit() or int(value) > MOST_BYTES):
            raise _Answered(413, b"too large")
    first = await receive()
    if not first.get("more_body") and first["type"] == "http.request":
        body: bytes = first.get("body", b"")
        _require_small(body)
        return body
    try:
        async with asyncio.timeout(SLOWEST_BODY.total_seconds()):
            return await _read_rest(first, receive)
    except TimeoutError:
        raise _Answered(408, b"too slow") from None


async def _read_rest(message: MutableMapping[str, Any], receive: Receive) -> bytes:
    body = bytearray()
    while message["type"] == "http.request":
        body += message.get("body", b"")
        _require_small(body)
        if not message.get("more_body"):
            return bytes(body)
        message = await receive()
    raise _Answered(400, b"cut off")  # the other side has gone


def _require_small(body: bytes | bytearray) -> None:
    if len(body) > MOST_BYTES:
        raise _Answered(413, b"too large")


async def _respond(send: Send, status: int, body: bytes) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
