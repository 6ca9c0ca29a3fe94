"""Importing all followers of an account: their openids by ten thousand, their facts by a hundred.

The cursor moves in the unit that takes the facts in, so whoever goes on after a death counts
nobody twice and leaves nobody out. No unit is open while WeChat is asked.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from wxdesk import logs
from wxdesk.desk import accounts, imports
from wxdesk.desk.accounts import Account
from wxdesk.desk.imports import Import
from wxdesk.runtime import Runtime
from wxdesk.speaking import client_of
from wxdesk.wechat import CallFailed, Client, OpenidPage, limits
from wxdesk.worker.contacts import facts_of, lesson_of

LEASE = timedelta(seconds=45)
"""Longer than asking for a hundred followers can take."""

TELL_EVERY = timedelta(seconds=1)

log = logs.get(__name__)


class Importer:
    """Works on one import at a time."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._told_at = datetime.min.replace(tzinfo=rt.clock.now().tzinfo)

    async def go_on(self) -> int:
        """One round: the next ten thousand followers of an import that is due; 1 if there was."""
        async with self._rt.db.unit() as unit:
            claimed = await imports.claim(unit, now=self._rt.clock.now(), lease=LEASE)
            if claimed is None:
                return 0
            account = await accounts.get(unit, claimed.account_id)
        try:
            await self._import(claimed, account, client_of(self._rt, account))
        except CallFailed as error:
            log.warning("import_failed", account_id=account.id, error=str(error))
            async with self._rt.db.unit() as unit:
                now = self._rt.clock.now()
                await imports.record_failure(unit, claimed, error, now=now)
        return 1

    async def _import(self, claimed: Import, account: Account, client: Client) -> None:
        page = await client.users.list(claimed.cursor)
        if not page.openids:
            async with self._rt.db.unit() as unit:
                await imports.record_end(unit, claimed, now=self._rt.clock.now())
            return
        for start in range(0, len(page.openids), limits.INFOS_PER_CALL):
            asked = page.openids[start : start + limits.INFOS_PER_CALL]
            if not await self._take_in(claimed, account, client, asked, page):
                return
        async with self._rt.db.unit() as unit:
            await imports.release(unit, claimed, now=self._rt.clock.now())

    async def _take_in(
        self,
        claimed: Import,
        account: Account,
        client: Client,
        asked: Sequence[str],
        page: OpenidPage,
    ) -> bool:
        """Whether to go on: not once it was paused, or taken over."""
        asked_at = self._rt.clock.now()
        told = await facts_of(client, asked)
        async with self._rt.db.unit() as unit:
            return await imports.record_page(
                unit,
                claimed,
                told,
                asked=asked,
                total=page.total or claimed.done + len(asked),
                lesson=lesson_of(self._rt, account, asked_at=asked_at),
                lease=LEASE,
                tell=self._is_time_to_tell(asked_at),
            )

    def _is_time_to_tell(self, now: datetime) -> bool:
        if now - self._told_at < TELL_EVERY:
            return False
        self._told_at = now
        return True
