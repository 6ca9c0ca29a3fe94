r"""A bot in one file, with wxdesk.wechat alone: says back what it hears, and draws.

It verifies and opens pushes in every mode, answers a text in the push's own answer, and draws a
picture for whoever asks for one: uploaded, then sent as a customer-service message. Try it against
the simulator, in two terminals:

    wxsim serve --app-id wx4f1d7e0b92c6a835 --app-secret secret --token token \
        --callback http://127.0.0.1:8080/wechat
    WECHAT_APP_ID=wx4f1d7e0b92c6a835 WECHAT_APP_SECRET=secret WECHAT_TOKEN=token \
        WECHAT_API=http://127.0.0.1:8701 python examples/echo_bot.py

Then open http://127.0.0.1:8701/sim/ and write "hello", or "draw". For a real account leave
WECHAT_API out, and set WECHAT_AES_KEY where the account's mode is not plaintext.
"""

import asyncio
import logging
import os
import struct
import zlib
from collections import OrderedDict
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
from aiohttp import web

from wxdesk.wechat import (
    BadPush,
    Callback,
    CallFailed,
    Client,
    Image,
    ImageMessage,
    ImageReply,
    MediaKind,
    Mode,
    PassiveReply,
    Push,
    StableTokens,
    Subscribed,
    Text,
    TextReply,
    parse,
    passive_xml,
    split_text,
)

REMEMBERED = 10_000
log = logging.getLogger("echo_bot")


class Bot:
    """Answers the pushes of one account."""

    def __init__(self, callback: Callback, client: Client) -> None:
        self._callback, self._client = callback, client
        self._seen: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._drawing: set[asyncio.Task[None]] = set()

    async def verify(self, request: web.Request) -> web.Response:
        """WeChat asks once, when the URL is entered on its page."""
        try:
            return web.Response(text=self._callback.echo(request.query, datetime.now(UTC)))
        except BadPush as error:
            raise web.HTTPForbidden(text=error.why) from None

    async def receive(self, request: web.Request) -> web.Response:
        """WeChat posts, waits five seconds, and posts again if it hears nothing."""
        now = datetime.now(UTC)
        try:
            push = parse(self._callback.unwrap(request.query, await request.read(), now))
        except BadPush as error:
            raise web.HTTPForbidden(text=error.why) from None
        reply = self._reply_to(push) if self._is_new(push) else None
        if reply is None:
            return web.Response(text="success")
        xml = passive_xml(reply, push, now)
        sealed = self._callback.answer(request.query, xml, now)
        return web.Response(body=sealed, content_type="application/xml")

    def _is_new(self, push: Push) -> bool:
        """WeChat may post a push twice; who must not forget keeps the key in a database."""
        key = (push.openid, push.key)
        if key in self._seen:
            return False
        self._seen[key] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return True

    def _reply_to(self, push: Push) -> PassiveReply | None:
        match push.content:
            case Subscribed():
                return TextReply("Hello! Say something, or say: draw")
            case Text("draw" | "画"):
                task = asyncio.create_task(self._draw_for(push.openid))
                self._drawing.add(task)  # the loop alone would forget it
                task.add_done_callback(self._drawing.discard)
                return None
            case Text(text):
                return TextReply(split_text(f"You said: {text}")[0])
            case Image(media_id=media_id):
                return ImageReply(media_id)
        return None

    async def _draw_for(self, openid: str) -> None:
        """Later, and as often as the reply window allows: a customer-service message."""
        try:
            uploaded = await self._client.media.upload(
                MediaKind.IMAGE, drawing(), filename="drawing.png", content_type="image/png"
            )
            await self._client.send(openid, ImageMessage(uploaded.media_id))
        except CallFailed as error:
            log.warning("no drawing: %s; advice: %s", error, error.advice)


def drawing(size: int = 256) -> bytes:
    """A PNG of every shade between two colours."""
    rows = (
        b"\0" + b"".join(bytes((x * 255 // size, y * 255 // size, 128)) for x in range(size))
        for y in range(size)
    )
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


def create_app(
    app_id: str,
    app_secret: str,
    token: str,
    aes_key: str = "",
    api_base: str = "https://api.weixin.qq.com",
) -> web.Application:
    """The bot as a web application."""
    mode = Mode.SECURE if aes_key else Mode.PLAIN
    callback = Callback(token, app_id, mode, (aes_key,) if aes_key else ())

    async def running(app: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession() as http:
            tokens = StableTokens(http, api_base, app_id, app_secret)
            app[bot_key] = Bot(callback, Client(http, api_base, tokens))
            yield

    app = web.Application(client_max_size=1024 * 1024)
    app.cleanup_ctx.append(running)
    app.router.add_get("/wechat", verify)
    app.router.add_post("/wechat", receive)
    return app


bot_key = web.AppKey("bot", Bot)


async def verify(request: web.Request) -> web.Response:
    return await request.app[bot_key].verify(request)


async def receive(request: web.Request) -> web.Response:
    return await request.app[bot_key].receive(request)


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    app = create_app(
        os.environ["WECHAT_APP_ID"],
        os.environ["WECHAT_APP_SECRET"],
        os.environ["WECHAT_TOKEN"],
        os.environ.get("WECHAT_AES_KEY", ""),
        os.environ.get("WECHAT_API", "https://api.weixin.qq.com"),
    )
    web.run_app(app, host="127.0.0.1", port=int(os.environ.get("PORT", "8080")), access_log=None)


if __name__ == "__main__":
    main()
