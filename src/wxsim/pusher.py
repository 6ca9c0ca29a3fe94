"""Posts pushes to the account's server as WeChat does: signed, in time or again, in order.

Source: "Passive user reply message" and "Interface alarms" (接口报警), 2025; three POSTs about
five seconds apart are what operators' logs show.
"""

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from xml.etree import ElementTree as ET

import aiohttp

from wxsim import native, passive
from wxsim.clock import iso
from wxsim.codes import Refused
from wxsim.delivery import Delivery, Try
from wxsim.envelope import sign
from wxsim.passive import BrokenReply, Reply
from wxsim.platform import Platform
from wxsim.push import Push, sealed
from wxsim.sessions import Session

UNAVAILABLE = "该公众号暂时无法提供服务，请稍后再试"


@dataclass(slots=True)
class _Lane:
    """The pushes of one follower: one after the other."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    held: asyncio.Event | None = None  # the push waiting here to be overtaken


class Pusher:
    """Delivers pushes; different followers' at the same time."""

    def __init__(self, platform: Platform, http: aiohttp.ClientSession) -> None:
        self._platform = platform
        self._http = http
        self._lanes: dict[str, _Lane] = {}

    async def run(self) -> None:
        """Deliver what the platform announces, until cancelled."""
        async with asyncio.TaskGroup() as under_way:
            while True:
                push = await self._platform.announced.get()
                under_way.create_task(self.deliver(push))

    async def deliver(self, push: Push) -> Delivery:
        """Post it until it is answered or given up; what it brings is on the phone then."""
        record = self._begin(push)
        async with self._turn(push.openid):
            delivery = await self._post_all(push)
        record |= {"state": delivery.state, **delivery.shown()}
        self._platform.live.tell("push", push=record)
        return delivery

    async def verify(self) -> dict[str, Any]:
        """Knock as the platform does when a callback URL is saved: it has to echo the string."""
        account = self._platform.account
        if account.callback is None:
            return {"ok": False, "status": None, "error": "no callback URL is configured"}
        timestamp, nonce = str(int(time.time())), str(secrets.randbelow(10**10))
        echo = str(secrets.randbelow(9 * 10**18) + 10**18)
        query = {
            "signature": sign(account.token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "echostr": echo,
        }
        try:
            async with asyncio.timeout(self._platform.faults.switches.push_deadline_s):
                async with self._http.get(
                    account.callback, params=query, allow_redirects=False
                ) as response:
                    status, body = response.status, await _read(response)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return {"ok": False, "status": None, "error": type(error).__name__}
        ok = status == HTTPStatus.OK and body == echo.encode()
        return {"ok": ok, "status": status, "error": None if ok else "echostr did not come back"}

    def _begin(self, push: Push) -> dict[str, Any]:
        record = {
            "at": iso(self._platform.now()),
            "openid": push.openid,
            "kind": push.kind,
            "msg_id": push.msg_id and str(push.msg_id),
            "state": "under way",
        }
        self._platform.pushes.append(record)
        self._platform.live.tell("push", push=record)
        return record

    @contextlib.asynccontextmanager
    async def _turn(self, openid: str) -> AsyncIterator[None]:
        lane = self._lanes.setdefault(openid, _Lane())
        if self._platform.faults.switches.out_of_order and lane.held is None:
            await self._be_overtaken(lane)
            async with lane.turn:
                yield
            return
        async with lane.turn:
            yield
        if lane.held is not None:
            lane.held.set()

    async def _be_overtaken(self, lane: _Lane) -> None:
        lane.held = asyncio.Event()
        hold = self._platform.faults.switches.out_of_order_hold_s
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(lane.held.wait(), hold)
        lane.held = None

    async def _post_all(self, push: Push) -> Delivery:
        withheld = self._withheld(push)
        if withheld or self._address(push) is None:
            return Delivery([], withheld)
        delivery = await self._post_until_answered(push)
        if (delivery.error or delivery.withheld) and push.answered:
            self._platform.show(push.openid, "system", "text", content=UNAVAILABLE)
        return delivery

    async def _post_until_answered(self, push: Push) -> Delivery:
        tries: list[Try] = []
        switches = self._platform.faults.switches
        while len(tries) < switches.push_tries and not (tries and tries[-1].final):
            if tries:
                await self._space(tries[-1])
            if self._platform.mark.stands(self._platform.now()):
                return Delivery(tries, "MarkFail")
            tries.append(await self._post(push))
        tries += [await self._post(push) for _ in range(switches.duplicate_pushes)]
        return Delivery(tries)

    def _withheld(self, push: Push) -> str | None:
        """Why the account's server does not get a message; events it always gets."""
        follower = self._platform.followers.get(push.openid)
        if push.msg_id is None or follower is None:
            return None
        if follower.blacklisted:
            return "blacklisted"
        session = native.serving(self._platform, push.openid)
        if session is None or not self._platform.faults.switches.native_session_swallows:
            return None
        self._let_hear(session, push)
        return "native session"

    def _let_hear(self, session: Session, push: Push) -> None:
        text = ET.fromstring(push.xml).findtext("Content", "")  # noqa: S314  it is our own
        native.hear(self._platform, session, push.kind, text)

    async def _space(self, last: Try) -> None:
        spacing = self._platform.faults.switches.push_spacing_s - last.milliseconds / 1000
        await asyncio.sleep(max(0.0, spacing))

    async def _post(self, push: Push) -> Try:
        """One POST; an answer in time is shown at once."""
        began = time.monotonic()
        one = await self._ask(push, began)
        switches, now = self._platform.faults.switches, self._platform.now()
        self._platform.mark.note(switches, now, failed=one.error is not None)
        if one.reply is not None:
            self._take_reply(push, one.reply)
        return one

    def _take_reply(self, push: Push, reply: Reply) -> None:
        if reply["type"] == "transfer_customer_service":
            if push.msg_id is not None:
                self._hand_over(push, reply.get("kf_account"))
        elif push.answered:
            content = {name: value for name, value in reply.items() if name != "type"}
            self._platform.show(push.openid, "account", reply["type"], via="passive", **content)

    def _hand_over(self, push: Push, kf_account: str | None) -> None:
        """To a worker, who reads the message at once, or into the queue."""
        native.hand_over(self._platform, push.openid, kf_account)
        session = native.serving(self._platform, push.openid)
        if session is not None:
            self._let_hear(session, push)

    async def _ask(self, push: Push, began: float) -> Try:
        deadline = self._platform.faults.switches.push_deadline_s
        status: int | None = None
        try:
            async with asyncio.timeout(deadline), self._request(push) as response:
                status = response.status
                body = await _read(response)
        except TimeoutError:
            return Try(status, _since(began), error=f"no answer in {deadline:g} s", final=False)
        except (aiohttp.ClientError, OSError) as error:
            return Try(status, _since(began), error=type(error).__name__, final=False)
        if status != HTTPStatus.OK:
            return Try(status, _since(began), error=f"HTTP {status}", final=False)
        try:
            reply = passive.read(
                body,
                self._platform.account,
                push.openid,
                to=push.kind,
                has_media=self._has_media,
            )
        except BrokenReply as error:
            return Try(status, _since(began), error=str(error))
        return Try(status, _since(began), reply=reply)

    def _address(self, push: Push) -> str | None:
        account = self._platform.account
        return account.pay_feedback_url if push.pay_feedback else account.callback

    def _has_media(self, media_id: str) -> bool:
        try:
            self._platform.get_media(media_id)
        except Refused:
            return False
        return True

    def _request(self, push: Push) -> contextlib.AbstractAsyncContextManager[Any]:
        account = self._platform.account
        # The server's clock has to agree with the signature's; CreateTime follows the moved one.
        moved = self._platform.faults.switches.sign_with_moved_clock
        timestamp = str(int(self._platform.now().timestamp() if moved else time.time()))
        query, body = sealed(account, push, timestamp, str(secrets.randbelow(10**10)))
        return self._http.post(
            self._address(push) or "",
            params=query,
            data=body,
            headers={"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0"},
            allow_redirects=False,
        )


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """The body, and not much of it where it is too long."""
    body = b""
    async for chunk in response.content.iter_chunked(65536):
        body += chunk
        if len(body) > passive.MAX_BYTES:
            break
    return body


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
