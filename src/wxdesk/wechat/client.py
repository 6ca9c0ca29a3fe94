"""The API calls we make in the name of one account."""

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import aiohttp

from wxdesk.wechat.call import post
from wxdesk.wechat.codes import Meaning
from wxdesk.wechat.errors import Refused, Uncertain, Unreached
from wxdesk.wechat.messages import Message
from wxdesk.wechat.tokens import TokenSource

_SEND = "/cgi-bin/message/custom/send"


class Client:
    """Calls WeChat for one account.

    Args:
        http: Where connections are kept; shared by all accounts.
        api_base: ``https://api.weixin.qq.com``, or where the simulator is.
        tokens: The keeper of this account's access token.
        timeout: How long to wait for a connection, and as long again for the answer. A call
            takes at most four times this and the time to get tokens.
    """

    def __init__(
        self, http: aiohttp.ClientSession, api_base: str, tokens: TokenSource, timeout: timedelta
    ) -> None:
        self._http = http
        self._api_base = api_base.rstrip("/")
        self._tokens = tokens
        self._timeout = timeout

    async def send(self, openid: str, message: Message, kf_account: str | None = None) -> None:
        """Send a customer-service message; on return WeChat has accepted it.

        Raises:
            Refused: WeChat does not take it; nothing was sent.
            Unreached: Nothing was sent; safe to repeat.
            Uncertain: It may have been sent, and repeating it may show it twice.
        """
        await self._call(_SEND, message.body(openid, kf_account))

    async def _call(self, path: str, body: bytes) -> dict[str, Any]:
        """Post; if the token turns out stale, once more with another."""
        token = await _had(self._tokens.current())
        try:
            return await self._post(path, token, body)
        except Refused as refused:
            if refused.meaning is not Meaning.TOKEN_STALE:
                raise
        token = await _had(self._tokens.renew(token))
        return await self._post(path, token, body)

    async def _post(self, path: str, token: str, body: bytes) -> dict[str, Any]:
        url = self._api_base + path
        params = {"access_token": token}
        return await post(self._http, url, body, patience=self._timeout, params=params)


async def _had(token: Awaitable[str]) -> str:
    """The token; whatever is uncertain about getting it, the call itself has not left."""
    try:
        return await token
    except Uncertain as lost:
        raise Unreached(f"no token: {lost.why}") from None
