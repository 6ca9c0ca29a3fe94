"""One keeper per account of its access token.

Every process reads the same kept token. Who finds it stale claims the renewal in the database; the
others wait for what that one brings, in each process one for all: where WeChat does not answer, a
hundred sends ask the database no oftener than one. A late answer never replaces a token asked for
later.
"""

import asyncio
from datetime import timedelta

from wxdesk import logs
from wxdesk.desk import accounts
from wxdesk.desk.accounts import Account
from wxdesk.runtime import Runtime
from wxdesk.wechat import AccessToken, Unreached, fetch_stable_token

EARLY = timedelta(minutes=4)
"""Renew so long before the end: WeChat hands out the next token 5 minutes before it."""

GLANCE = timedelta(seconds=0.1)

log = logs.get(__name__)


class TokenKeeper:
    """Gives out one account's token. See ``wechat.TokenSource``.

    A renewal is given up when the patience of the settings ends; its lease is twice as long, so
    when that ends its keeper has died.
    """

    def __init__(self, rt: Runtime, account: Account) -> None:
        self._rt, self._account = rt, account
        self._renewal = rt.renewals[account.id]
        self._patience = timedelta(seconds=rt.settings.token_patience_seconds)

    async def current(self) -> str:
        """The kept token, or a new one when it is about to end."""
        kept = await self._kept()
        if kept and (self._lasts(kept) or (self._renewal.locked() and not self._has_ended(kept))):
            return kept.value
        return await self._another_than(kept.value if kept and self._has_ended(kept) else None)

    async def renew(self, refused: str) -> str:
        """Another token than the one WeChat refused."""
        kept = await self._kept()
        if kept and kept.value != refused and not self._has_ended(kept):
            return kept.value  # somebody else has brought one already
        return await self._another_than(refused)

    async def _another_than(self, refused: str | None) -> str:
        """Fetch, or wait for whoever does."""
        try:
            async with asyncio.timeout(self._patience.total_seconds()), self._renewal:
                while not await self._claim():
                    await asyncio.sleep(GLANCE.total_seconds())
                    kept = await self._kept()
                    if kept and kept.value != refused and not self._has_ended(kept):
                        return kept.value
                return await self._fetch(refused)
        except TimeoutError:
            raise Unreached("no token in time") from None

    async def _fetch(self, refused: str | None) -> str:
        try:
            kept = await self._kept()
            if kept and kept.value != refused and self._lasts(kept):
                return kept.value  # brought between our look and our claim
            token = await self._ask(force=False)
            if token.value == refused:
                token = await self._ask(force=True)  # WeChat would go on giving out the same
            async with self._rt.db.unit() as unit:
                await accounts.keep_token(unit, self._rt.vault, self._account.id, token)
        finally:
            async with self._rt.db.unit() as unit:
                await accounts.release_renewal(unit, self._account.id)
        log.info("token_renewed", account_id=self._account.id)
        return token.value

    async def _ask(self, *, force: bool) -> AccessToken:
        return await fetch_stable_token(
            self._rt.http,
            self._account.api_base,
            self._account.app_id,
            self._account.credentials(self._rt.vault).app_secret,
            force=force,
            now=self._rt.clock.now(),
        )

    async def _claim(self) -> bool:
        async with self._rt.db.unit() as unit:
            return await accounts.claim_renewal(
                unit, self._account.id, now=self._rt.clock.now(), lease=2 * self._patience
            )

    async def _kept(self) -> AccessToken | None:
        async with self._rt.db.reading() as unit:
            return await accounts.find_token(unit, self._rt.vault, self._account.id)

    def _lasts(self, token: AccessToken) -> bool:
        return token.expires_at - EARLY > self._rt.clock.now()

    def _has_ended(self, token: AccessToken) -> bool:
        return token.expires_at <= self._rt.clock.now()
