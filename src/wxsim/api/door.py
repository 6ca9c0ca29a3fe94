"""The HTTP door of the API: every call is looked at, answered with 200, and written down."""

import asyncio
import json

from aiohttp import web

from wxsim.api import ENDPOINTS
from wxsim.api.call import Answer, Call, Endpoint, Raw
from wxsim.clock import iso
from wxsim.codes import Refused, new_rid
from wxsim.platform import Platform

LOOK_SECONDS = 0.05  # how often a call that hangs looks whether its caller has gone
JSON_TYPE = "application/json; encoding=utf-8"  # sic
TEXT_TYPE = "text/plain"
_OK = 0


class Door:
    """Answers as ``api.weixin.qq.com``, ``mp.weixin.qq.com`` and ``open.weixin.qq.com``."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        platform.paths = frozenset(ENDPOINTS)
        self._closing = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Decide first, then wait or lose the answer: what was accepted stays accepted."""
        call, refused = await self._read(request)
        answer = refused or self._decide(call)
        fate = self._fate(call, answer)
        self._write_down(call, None if fate else answer)
        await asyncio.sleep(self._platform.faults.switches.slow_ms / 1000)
        if fate == "hang":
            await self._hang(request)
        if fate and request.transport is not None:
            request.transport.abort()
        response = self._response(call, answer)
        if refused is not None:
            response.force_close()  # what is left of the body is not to be read as a call
        return response

    def close(self) -> None:
        """Let go of the calls that hang."""
        self._closing.set()

    async def _read(self, request: web.Request) -> tuple[Call, Answer | None]:
        """The call; and the answer to one that cannot be read, or is too large."""
        refused: Refused | None = None
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            body, refused = b"", Refused(45001)
        except web.RequestPayloadError:
            body, refused = b"", Refused(47001)
        call = Call(
            method=request.method,
            path=request.path,
            query=request.query,
            body=body,
            ip=request.remote or "127.0.0.1",
            content_type=request.headers.get("Content-Type", ""),
            origin=str(request.url.origin()),
            rid=new_rid(self._platform.now()),
        )
        return call, None if refused is None else self._refusal(call, refused)

    def _decide(self, call: Call) -> Answer:
        try:
            return self._admit(call).answer(self._platform, call)
        except Refused as refused:
            return self._refusal(call, refused)

    def _refusal(self, call: Call, refused: Refused) -> Answer:
        platform = self._platform
        return refused.answer(platform.faults.switches.errmsg_tail, platform.now(), call.rid)

    def _admit(self, call: Call) -> Endpoint:
        """The endpoint, once everything that concerns all calls is in order.

        Raises:
            Refused: It is not; the token is looked at before the method, the quota last.
        """
        platform = self._platform
        failure = platform.faults.take_failure(call.path)
        if failure is not None:
            raise Refused(failure)
        endpoint = ENDPOINTS.get(call.path)
        if endpoint is None:
            raise Refused(40066)
        if endpoint.needs_token:
            platform.tokens.check(call.query.get("access_token"), platform.now())
        if endpoint.method not in {None, call.method}:
            raise Refused(43002 if endpoint.method == "POST" else 43001)
        if endpoint.verified and platform.faults.switches.unverified:
            raise Refused(48001)
        platform.quota.spend(call.path, platform.faults.switches, platform.now())
        return endpoint

    def _response(self, call: Call, answer: Answer) -> web.Response:
        if isinstance(answer, Raw):
            headers = {"Content-Type": answer.content_type, **answer.headers}
            return web.Response(body=answer.body, status=answer.status, headers=headers)
        endpoint = ENDPOINTS.get(call.path)
        as_text = self._platform.faults.switches.media_json_as_text
        kind = TEXT_TYPE if endpoint and endpoint.media and as_text else JSON_TYPE
        body = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
        return web.Response(body=body, headers={"Content-Type": kind})

    def _fate(self, call: Call, answer: Answer) -> str | None:
        """What becomes of the answer to a send that was accepted, if it does not arrive."""
        endpoint = ENDPOINTS.get(call.path)
        if endpoint is None or not endpoint.sends or isinstance(answer, Raw):
            return None
        if answer.get("errcode") != _OK:
            return None
        if self._platform.faults.take_lost_answer():
            return "lost"
        return "hang" if self._platform.faults.take_hang() else None

    def _write_down(self, call: Call, answer: Answer | None) -> None:
        status = answer.status if isinstance(answer, Raw) else 200
        recorded = self._platform.calls.record(
            at=iso(self._platform.now()),
            method=call.method,
            path=call.path,
            query=call.query,
            body=call.body,
            status=None if answer is None else status,
            answer=_written(answer),
            rid=call.rid,
            ip=call.ip,
        )
        self._platform.live.tell("call", call=recorded)

    async def _hang(self, request: web.Request) -> None:
        while request.transport is not None and not request.transport.is_closing():
            try:
                await asyncio.wait_for(self._closing.wait(), LOOK_SECONDS)
            except TimeoutError:
                continue
            return


def _written(answer: Answer | None) -> dict[str, object] | None:
    if isinstance(answer, Raw):
        return {"content_type": answer.content_type, "bytes": len(answer.body)}
    return answer
