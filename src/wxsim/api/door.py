"""The HTTP door of the API: every call is looked at, answered with 200, and written down."""

import asyncio
import json

from aiohttp import web

from wxsim.api import ENDPOINTS
from wxsim.api.call import Answer, Call, Endpoint
from wxsim.api.quota import Quota
from wxsim.clock import iso
from wxsim.codes import Refused
from wxsim.platform import Platform

LOOK_SECONDS = 0.05  # how often a call that hangs looks whether its caller has gone
_OK = 0


class Door:
    """Answers as ``api.weixin.qq.com``."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.quota = Quota()
        self._closing = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Decide first, then wait or lose the answer: what was accepted stays accepted."""
        call = Call(
            request.method,
            request.path,
            request.query,
            await request.read(),
            request.remote or "127.0.0.1",
        )
        answer = self._decide(call)
        fate = self._fate(call, answer)
        self._write_down(call, None if fate else answer)
        await asyncio.sleep(self._platform.faults.switches.slow_ms / 1000)
        if fate == "hang":
            await self._hang(request)
        if fate and request.transport is not None:
            request.transport.abort()
        return web.Response(
            text=json.dumps(answer, ensure_ascii=False),
            content_type="application/json",
            charset="utf-8",
        )

    def close(self) -> None:
        """Let go of the calls that hang."""
        self._closing.set()

    def _decide(self, call: Call) -> Answer:
        platform = self._platform
        try:
            return self._admit(call).answer(platform, call)
        except Refused as refused:
            return refused.answer(platform.faults.switches.errmsg_tail, platform.now())

    def _admit(self, call: Call) -> Endpoint:
        """The endpoint, once everything that concerns all calls is in order.

        Raises:
            Refused: It is not.
        """
        platform = self._platform
        failure = platform.faults.take_failure(call.path)
        if failure is not None:
            raise Refused(failure)
        endpoint = ENDPOINTS.get(call.path)
        if endpoint is None:
            raise Refused(40066)
        if endpoint.post_only and call.method != "POST":
            raise Refused(43002)
        if endpoint.needs_token:
            platform.tokens.check(call.query.get("access_token"), platform.now())
        self.quota.spend(call.path, platform.faults.switches, platform.now())
        return endpoint

    def _fate(self, call: Call, answer: Answer) -> str | None:
        """What becomes of the answer to a send that was accepted, if it does not arrive."""
        endpoint = ENDPOINTS.get(call.path)
        if endpoint is None or not endpoint.sends or answer.get("errcode") != _OK:
            return None
        if self._platform.faults.take_lost_answer():
            return "lost"
        return "hang" if self._platform.faults.take_hang() else None

    def _write_down(self, call: Call, answer: Answer | None) -> None:
        recorded = self._platform.calls.record(
            at=iso(self._platform.now()),
            method=call.method,
            path=call.path,
            query=call.query,
            body=call.body,
            status=None if answer is None else 200,
            answer=answer,
        )
        self._platform.live.tell("call", call=recorded)

    async def _hang(self, request: web.Request) -> None:
        while request.transport is not None and not request.transport.is_closing():
            try:
                await asyncio.wait_for(self._closing.wait(), LOOK_SECONDS)
            except TimeoutError:
                continue
            return
