"""WeChat at the front door. It signs and seals by itself, so as not to agree with a mistake."""

from hashlib import sha1
from typing import Any

import aiohttp

from desk_builder import TOKEN


class Knocker:
    """Posts pushes, and asks for the URL to be verified."""

    def __init__(self, http: aiohttp.ClientSession, clock: Any):
        self.http, self._clock = http, clock

    async def push(
        self, xml: str | bytes, *, slug: str = "shop", **changed: str
    ) -> tuple[int, str]:
        """Post a push, signed as it must be except for what is changed; status and answer."""
        body = xml.encode() if isinstance(xml, str) else xml
        return await self.knock("POST", slug, self.signed(**changed), body)

    async def knock(
        self, method: str, slug: str, query: dict[str, str], body: Any = None
    ) -> tuple[int, str]:
        async with self.http.request(
            method, f"/wechat/{slug}", params=query, data=body, allow_redirects=False
        ) as answer:
            return answer.status, await answer.text()

    def signed(self, *, sealed: str = "", **changed: str) -> dict[str, str]:
        """The query of a push; of an encrypted one where something is ``sealed``."""
        timestamp = changed.get("timestamp", f"{self._clock.now().timestamp():.0f}")
        query = {"timestamp": timestamp, "nonce": "1372623149"}
        query["signature"] = sign(TOKEN, timestamp, query["nonce"])
        if sealed:
            query["encrypt_type"] = "aes"
            query["msg_signature"] = sign(TOKEN, timestamp, query["nonce"], sealed)
        return query | changed


def sign(*parts: str) -> str:
    return sha1("".join(sorted(parts)).encode()).hexdigest()
