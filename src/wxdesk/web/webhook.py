"""The front door, where WeChat knocks: verify, keep, answer.

Plain ASGI in front of the router. WeChat waits 5 s and tries three times, so nothing slow happens
here: what a push means is worked out by the intake worker. `success` is only said once the push is
on the disk; where the account has something to say by itself, that is waited for a little. Whatever
is sent gets 200, 400, 403, 404, 405, 408, 413 or 429; 503 means that the desk cannot keep up, and
that WeChat is to try again.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from typing import Any

import prometheus_client

from wxdesk import logs
from wxdesk.desk import intake
from wxdesk.runtime import Runtime
from wxdesk.store import GroupInsert
from wxdesk.store.group import CannotKeepUp
from wxdesk.web.directory import Directory, Served
from wxdesk.web.skew import Skew
from wxdesk.web.slots import Said, Slots
from wxdesk.wechat import FAR_OFF, Forged, Malformed, parse, parse_pay_feedback, read_query

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PREFIX = "/wechat/"
PAY_FEEDBACK = "pay-feedback"
MOST_UNSIGNED = 60  # complaints a minute and account that nothing proves to be WeChat's
MOST_BYTES = 1024 * 1024  # ours: WeChat's pushes are a few kilobytes
SLOWEST_BODY = timedelta(seconds=5)

PUSHES = prometheus_client.Counter(
    "wxdesk_pushes", "Requests at the callback URLs, by answer.", ["status"]
)
_answered = cache(PUSHES.labels)  # finding a label's counter costs more than counting

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What WeChat is answered, and what of it the desk says by itself."""

    status: int
    body: bytes
    said: Said | None = None


_KEPT = _Answer(200, b"success")


class _Answered(Exception):
    """Not an error: the way out with an answer."""

    def __init__(self, status: int, body: bytes) -> None:
        self.answer = _Answer(status, body)


class FrontDoor:
    """Answers ``/wechat/…`` and passes everything else on."""

    def __init__(
        self, app: App, rt: Runtime, directory: Directory, keeping: GroupInsert, slots: Slots
    ) -> None:
        self._app, self._rt = app, rt
        self._directory, self._keeping, self._slots = directory, keeping, slots
        self._unsigned = PerMinute(MOST_UNSIGNED)
        self.skew = Skew()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        try:
            answer = await self._answer(scope, receive)
        except _Answered as answered:
            answer = answered.answer
        _answered(answer.status).inc()
        await _respond(send, answer)
        if answer.said:
            await self._slots.record(answer.said)

    async def _answer(self, scope: Scope, receive: Receive) -> _Answer:
        slug, _, below = scope["path"][len(PREFIX) :].partition("/")
        served = self._directory.find(slug)
        if served is None or below not in ("", PAY_FEEDBACK) or scope["path"].endswith("/"):
            return _Answer(404, b"no such account")
        try:
            return await self._let_in(served, below, scope, receive)
        except Forged as error:
            if error.why == FAR_OFF:
                self._note_time(scope)
            log.warning("push_refused", account=slug[:64], status=403, why=error.why)
            return _Answer(403, b"not from WeChat")
        except Malformed as error:
            log.warning("push_refused", account=slug[:64], status=400, why=error.why)
            return _Answer(400, b"not a push")

    async def _let_in(self, served: Served, below: str, scope: Scope, receive: Receive) -> _Answer:
        match scope["method"], below:
            case "POST", "":
                return await self._keep(served, scope, await _read_body(scope, receive))
            case "POST", _:
                return await self._keep_feedback(served, await _read_body(scope, receive))
            case "GET", "":
                query = read_query(scope["query_string"])
                return _Answer(200, served.callback.echo(query, self._rt.clock.now()).encode())
        return _Answer(405, b"POST" if below else b"GET or POST")

    async def _keep(self, served: Served, scope: Scope, body: bytes) -> _Answer:
        now = self._rt.clock.now()
        query = read_query(scope["query_string"])
        xml = served.callback.unwrap(query, body, now)
        self.skew.note(query["timestamp"], now)
        push = parse(xml)
        row = intake.kept_row(served.account_id, push, xml, now=now)
        if not served.may_answer(push):
            return await self._insert(served, row)
        async with self._slots.waiting((served.account_id, push.openid, push.key)) as told:
            kept = await self._insert(served, row)
            if kept.status != HTTPStatus.OK:
                return kept
            said = await self._slots.fill(told, push)
        return self._say(served, query, said) if said else kept

    def _say(self, served: Served, query: Mapping[str, str], said: Said) -> _Answer:
        xml = served.callback.answer(query, said.xml, self._rt.clock.now())
        return _Answer(200, xml, said)

    def _note_time(self, scope: Scope) -> None:
        """It is WeChat's, and was refused only for the time that it tells."""
        query = read_query(scope["query_string"])
        self.skew.note(query["timestamp"], self._rt.clock.now())

    async def _keep_feedback(self, served: Served, body: bytes) -> _Answer:
        """A complaint: WeChat Pay signs it with another key, which the account may not have."""
        now = self._rt.clock.now()
        feedback = parse_pay_feedback(body, app_id=served.callback.app_id)
        if served.pay_sign_key:
            feedback.verify(served.pay_sign_key)
        elif not self._unsigned.admit(served.account_id, now):
            return _Answer(429, b"too many that nobody signed")
        row = intake.kept_feedback_row(served.account_id, feedback, body, now=now)
        return await self._insert(served, row)

    async def _insert(self, served: Served, row: tuple[Any, ...]) -> _Answer:
        try:
            await self._keeping.insert(row)
        except CannotKeepUp as error:
            log.error(
                "push_not_kept", account_id=served.account_id, why=str(error.__cause__ or error)
            )
            return _Answer(503, b"try again")
        return _KEPT


class PerMinute:
    """Lets so many a minute pass, of each account."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._minute = datetime.min.replace(tzinfo=UTC)
        self._passed: Counter[int] = Counter()

    def admit(self, account_id: int, now: datetime) -> bool:
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute = minute
            self._passed.clear()
        self._passed[account_id] += 1
        return self._passed[account_id] <= self._most


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


async def _respond(send: Send, answer: _Answer) -> None:
    kind = b"text/xml" if answer.said else b"text/plain"
    headers = [
        (b"content-type", kind + b"; charset=utf-8"),
        (b"content-length", b"%d" % len(answer.body)),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
