"""A push service on a real socket, and browsers that subscribe to it and read what comes."""

import base64
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import http_ece
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

CURVE = ec.SECP256R1()


def text_of(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Browser:
    """Has keys of its own, and opens what is sealed for it, as a browser does."""

    def __init__(self, endpoint: str):
        self.endpoint = endpoint
        self._key, self._auth = ec.generate_private_key(CURVE), os.urandom(16)

    @property
    def subscription(self) -> dict[str, Any]:
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {
            "endpoint": self.endpoint,
            "expirationTime": None,
            "keys": {"p256dh": text_of(point), "auth": text_of(self._auth)},
        }

    def open(self, sealed: bytes) -> dict[str, Any]:
        opened = http_ece.decrypt(
            sealed, private_key=self._key, auth_secret=self._auth, version="aes128gcm"
        )
        return json.loads(opened)


@dataclass
class Pushed:
    """One post, as it came."""

    endpoint: str
    body: bytes
    headers: Any

    def signed_by(self, public: str) -> dict[str, Any]:
        """The claims of its signature, which has to be right."""
        scheme, _, told = self.headers["authorization"].partition(" ")
        assert scheme == "vapid"
        parts = dict(part.split("=", 1) for part in told.split(","))
        assert parts["k"] == public
        assert Vapid02.verify(self.headers["authorization"])
        return json.loads(bytes_of(parts["t"].split(".")[1]))


@dataclass
class PushService:
    """Takes what is pushed; answers with the next of ``statuses``, else 201."""

    url: str = ""
    pushed: list[Pushed] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)
    browsers: dict[str, Browser] = field(default_factory=dict)

    def browser(self) -> Browser:
        made = Browser(f"{self.url}/to/{len(self.browsers) + 1}")
        return self.browsers.setdefault(made.endpoint, made)

    def read(self) -> list[dict[str, Any]]:
        """What was pushed since this was last asked, opened."""
        pushed, self.pushed = self.pushed, []
        return [self.browsers[each.endpoint].open(each.body) for each in pushed]

    async def take(self, request: web.Request) -> web.Response:
        endpoint = f"{self.url}{request.path}"
        self.pushed.append(Pushed(endpoint, await request.read(), request.headers))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 201)

    async def hear(self, request: web.Request) -> web.Response:
        """Another service: whatever is said there as JSON."""
        self.said.append(await request.json())
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


@asynccontextmanager
async def push_service_running() -> AsyncIterator[PushService]:
    service = PushService()
    app = web.Application()
    app.router.add_post("/to/{browser}", service.take)
    app.router.add_post("/hook", service.hear)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    service.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield service
    finally:
        await runner.cleanup()
