r"""A bot that answers customers over the desk's API, in one file, and hands over what it cannot.

It takes who waits, answers by a few rules, and gives the conversation to a group of people as soon
as somebody asks for a person, or asks what it does not know. It is told what happens by a webhook,
and knows by its signature that it was the desk.

    wxdesk agent add --username bot --name 小助手 --role agent
    wxdesk token create --agent bot --name bot
    WXDESK_URL=http://127.0.0.1:8700 WXDESK_TOKEN=wxd_… WXDESK_GROUP=1 \
        WXDESK_WEBHOOK_SECRET=whsec_… python examples/bot/bot.py

The secret is shown once, when an admin adds the webhook http://127.0.0.1:8080/hook with the kinds
conversation.opened and message.received. A bot on the desk's own machine or network is told only
where WXDESK_OUTBOUND_ALLOW says so (127.0.0.1; the demonstration allows it).
"""

import base64
import hashlib
import hmac
import json
import logging
import os
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
from aiohttp import web

TOLERANCE_SECONDS = 300
REMEMBERED = 10_000
ANSWERS = {
    "发货": "您好，付款后 48 小时内发货，发货后会通知您。",
    "运费": "您好，满 99 元包邮，不满收 8 元。",
    "退货": "您好，签收后 7 天内可以退货，请保持包装完好。",
}
A_PERSON = ("人工", "客服", "投诉")
log = logging.getLogger("bot")


class Forged(Exception):
    """It does not come from the desk, or comes far too late."""


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> dict[str, Any]:
    """What the desk tells, once it is certain that it is the desk.

    Raises:
        Forged: It is not, or nobody knows.
    """
    uid, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        raise Forged("its time is not ours")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{uid}.{timestamp}.".encode() + body
    ours = b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    theirs = headers.get("webhook-signature", "").encode().split(b" ")
    if not any(hmac.compare_digest(ours, each) for each in theirs):
        raise Forged("nobody signed it whom we know")
    told: dict[str, Any] = json.loads(body)
    return told


def answer_to(text: str) -> str | None:
    """What the bot says; None: a person has to."""
    if any(word in text for word in A_PERSON):
        return None
    return next((said for word, said in ANSWERS.items() if word in text), None)


class Desk:
    """The desk's API, as far as a bot needs it."""

    def __init__(self, http: aiohttp.ClientSession, token: str) -> None:
        self._http, self._headers = http, {"authorization": f"Bearer {token}"}

    async def ask(self, method: str, path: str, **body: Any) -> tuple[int, Any]:
        async with self._http.request(method, path, headers=self._headers, json=body) as answer:
            return answer.status, await answer.json(content_type=None)

    async def take(self, conversation_id: int) -> bool:
        """Whether it is ours: nobody was faster."""
        status, _ = await self.ask("POST", f"/api/conversations/{conversation_id}/take")
        return status == web.HTTPOk.status_code

    async def reply(self, conversation_id: int, text: str, message_id: int) -> None:
        """Sent once, however often this is asked: the name is made from what it answers."""
        path = f"/api/conversations/{conversation_id}/replies"
        named = f"bot-answer-{message_id}"
        status, said = await self.ask("POST", path, kind="text", text=text, client_id=named)
        if status != web.HTTPCreated.status_code:
            log.warning("not sent: %s", said.get("code"))

    async def hand_over(self, conversation_id: int, group_id: int, why: str) -> None:
        path = f"/api/conversations/{conversation_id}/transfer"
        status, said = await self.ask("POST", path, group_id=group_id, message=why)
        if status != web.HTTPOk.status_code:
            log.warning("not handed over: %s", said.get("code"))


class Bot:
    """Answers what it is told of."""

    def __init__(self, desk: Desk, secret: str, group_id: int, name: str) -> None:
        self._desk, self._secret, self._group_id, self._name = desk, secret, group_id, name
        self._seen: OrderedDict[str, None] = OrderedDict()

    async def receive(self, request: web.Request) -> web.Response:
        """The desk tells something, and tells it again unless it is thanked."""
        body = await request.read()
        try:
            told = verify(self._secret, request.headers, body, time.time())
        except Forged as error:
            raise web.HTTPForbidden(text=str(error)) from None
        if told["id"] not in self._seen:
            await self._act(told)
            self._seen[told["id"]] = None  # only now: had it gone wrong, it is told again
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        return web.Response(status=204)

    async def _act(self, told: dict[str, Any]) -> None:
        if told["type"] != "message.received":
            return
        talk, message = told["data"]["conversation"], told["data"]["message"]
        owner = talk["assignee"]
        if owner is None and not await self._desk.take(talk["id"]):
            return
        if owner is not None and owner["name"] != self._name:
            return
        said = answer_to(message["text"]) if message["kind"] == "text" else None
        if said is not None:
            await self._desk.reply(talk["id"], said, message["id"])
        else:
            await self._desk.hand_over(talk["id"], self._group_id, f"问：{message['text'][:60]}")


bot_key = web.AppKey("bot", Bot)


async def receive(request: web.Request) -> web.Response:
    return await request.app[bot_key].receive(request)


def create_app(url: str, token: str, secret: str, group_id: int) -> web.Application:
    """The bot as a web application."""

    async def running(app: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession(url) as http:
            desk = Desk(http, token)
            _, own = await desk.ask("GET", "/api/session")
            app[bot_key] = Bot(desk, secret, group_id, own["agent"]["name"])
            yield

    app = web.Application()
    app.cleanup_ctx.append(running)
    app.router.add_post("/hook", receive)
    return app


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    app = create_app(
        os.environ["WXDESK_URL"],
        os.environ["WXDESK_TOKEN"],
        os.environ["WXDESK_WEBHOOK_SECRET"],
        int(os.environ["WXDESK_GROUP"]),
    )
    web.run_app(app, host="127.0.0.1", port=int(os.environ.get("PORT", "8080")), access_log=None)


if __name__ == "__main__":
    main()
