"""A keeper of one account's access token within one process, for programs without a database."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import aiohttp

from wxdesk.wechat.limits import CALL_PATIENCE, FORCED_REFRESH_SPACING, TOKEN_OVERLAP
from wxdesk.wechat.tokens import AccessToken, fetch_stable_token

_EARLY = TOKEN_OVERLAP - timedelta(minutes=1)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class StableTokens:
    """Fetches a stable token when one is needed, once for all who wait. See ``TokenSource``.

    Several processes may each have one: WeChat gives all of them the same token.

    Args:
        http: Where connections are kept.
        api_base: ``https://api.weixin.qq.com``, or where the simulator is.
        app_id: The account.
        app_secret: Its secret.
        now: The clock.
        patience: How long to wait for a connection, and as long again for the answer.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        api_base: str,
        app_id: str,
        app_secret: str,
        *,
        now: Callable[[], datetime] = _utc_now,
        patience: timedelta = CALL_PATIENCE,
    ) -> None:
        self._http, self._api_base = http, api_base
        self._app_id, self._app_secret = app_id, app_secret
        self._now, self._patience = now, patience
        self._kept: AccessToken | None = None
        self._forced_at: datetime | None = None
        self._one_at_a_time = asyncio.Lock()

    async def current(self) -> str:
        """The kept token, or another one when it is about to end."""
        async with self._one_at_a_time:
            if self._kept is None or self._kept.expires_at - _EARLY <= self._now():
                self._kept = await self._fetch(force=False)
            return self._kept.value

    async def renew(self, refused: str) -> str:
        """Another token than the one WeChat refused; forced only if WeChat goes on giving that.

        Forcing more often than WeChat allows brings nothing and uses up the day's few: within
        ``limits.FORCED_REFRESH_SPACING`` of the last time the refused one is returned.
        """
        async with self._one_at_a_time:
            if self._kept is None or self._kept.value == refused:
                self._kept = await self._fetch(force=False)
            if self._kept.value == refused and self._may_force():
                self._forced_at = self._now()
                self._kept = await self._fetch(force=True)
            return self._kept.value

    def _may_force(self) -> bool:
        last = self._forced_at
        return last is None or self._now() - last >= FORCED_REFRESH_SPACING

    async def _fetch(self, *, force: bool) -> AccessToken:
        return await fetch_stable_token(
            self._http,
            self._api_base,
            self._app_id,
            self._app_secret,
            force=force,
            now=self._now(),
            patience=self._patience,
        )
