"""Calls in the name of one account: with its token, and once more when that turns out stale."""

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

import aiohttp

from wxdesk.wechat.answer import Answer
from wxdesk.wechat.call import JSON, Lost, Request, ask, opened, trusted
from wxdesk.wechat.codes import Meaning
from wxdesk.wechat.errors import Refused, Unanswered, Uncertain, Unreached
from wxdesk.wechat.form import Form
from wxdesk.wechat.limits import MAX_ANSWER_BYTES
from wxdesk.wechat.tokens import TokenSource

Body = bytes | Mapping[str, Any] | None
T = TypeVar("T")


class Caller:
    """What the groups of calls have in common. Arguments as ``Client`` has them."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        api_base: str,
        tokens: TokenSource,
        timeout: timedelta,
        transfer: timedelta,
    ) -> None:
        self.http = http
        self.api_base = api_base.rstrip("/")
        self._tokens = tokens
        self.timeout = timeout
        self.transfer = transfer

    async def read(
        self,
        path: str,
        body: Body = None,
        *,
        max_bytes: int = MAX_ANSWER_BYTES,
        **params: str,
    ) -> Answer:
        """A call that only reads: GET, or POST where it has a body."""
        return await self._call(path, body, params, Unanswered, max_bytes)

    async def change(self, path: str, body: Body = None, **params: str) -> Answer:
        """A call that changes something and tells more than that it did."""
        return await self._call(path, body, params, Uncertain, MAX_ANSWER_BYTES)

    async def do(self, path: str, body: Body = None, **params: str) -> None:
        """A call that changes something and tells nothing more."""
        require_acknowledged(await self.change(path, body, **params))

    async def upload(self, path: str, form: Form, lost: Lost, **params: str) -> Answer:
        """Send a file."""

        async def once(token: str) -> Answer:
            request = Request(
                self.api_base + path,
                params={"access_token": token, **params},
                body=form.body(),
                headers=form.headers,
            )
            try:
                said = await ask(
                    self.http, request, patience=self.timeout, lost=lost, transfer=self.transfer
                )
            except lost:
                form.raise_failure()
                raise
            return Answer(trusted(said, lost), lost)

        return await self.with_token(once, again=form.can_be_sent_again)

    async def open(
        self, path: str, token: str, body: Body, **params: str
    ) -> aiohttp.ClientResponse:
        """The head of an answer that may be a file."""
        request = self._request(path, token, body, params)
        return await opened(
            self.http, request, patience=self.timeout, lost=Unanswered, transfer=self.transfer
        )

    async def with_token(self, call: Callable[[str], Awaitable[T]], *, again: bool = True) -> T:
        """Call; if the token turns out stale, get another and, where possible, call once more."""
        token = await _had(self._tokens.current())
        try:
            return await call(token)
        except Refused as refused:
            if refused.meaning is not Meaning.TOKEN_STALE:
                raise
            token = await _had(self._tokens.renew(token))
            if not again:
                raise
        return await call(token)

    async def _call(
        self, path: str, body: Body, params: Mapping[str, str], lost: Lost, max_bytes: int
    ) -> Answer:
        async def once(token: str) -> Answer:
            request = self._request(path, token, body, params)
            said = await ask(
                self.http, request, patience=self.timeout, lost=lost, max_bytes=max_bytes
            )
            return Answer(trusted(said, lost), lost)

        return await self.with_token(once)

    def _request(self, path: str, token: str, body: Body, params: Mapping[str, str]) -> Request:
        return Request(
            self.api_base + path,
            params={"access_token": token, **params},
            body=json_body(body),
            headers={} if body is None else JSON,
        )


def json_body(body: Body) -> bytes | None:
    """Raw UTF-8: JSON's escapes of it are refused by WeChat, or shown to the follower."""
    if body is None or isinstance(body, bytes):
        return body
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def require_acknowledged(answer: Answer) -> None:
    """Refuse to believe that something was done where WeChat does not say so."""
    if "errcode" not in answer and "errmsg" not in answer:
        raise answer.odd("errcode")


async def _had(token: Awaitable[str]) -> str:
    """The token; whatever is uncertain about getting it, the call itself has not left."""
    try:
        return await token
    except (Uncertain, Unanswered) as lost:
        raise Unreached(f"no token: {lost.why}") from None
