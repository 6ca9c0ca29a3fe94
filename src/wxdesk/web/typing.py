"""Show a customer that somebody writes. Cosmetic: it keeps nobody waiting, and may fail."""

import asyncio
from datetime import datetime, timedelta

from wxdesk import logs
from wxdesk.desk import accounts
from wxdesk.desk.contacts import Contact
from wxdesk.runtime import Runtime
from wxdesk.speaking import client_of
from wxdesk.wechat import CallFailed

SPACING = timedelta(seconds=5)
"""WeChat shows it for 15 s, and refuses it again meanwhile (45081); so we say it as it ends."""

MOST_AT_ONCE = 20
MOST_REMEMBERED = 10_000

log = logs.get(__name__)


class Typing:
    """Tells WeChat, of each contact no more often than it helps."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._told_at: dict[int, datetime] = {}
        self._telling: set[asyncio.Task[None]] = set()

    def show(self, contact: Contact, now: datetime) -> bool:
        """Begin to tell WeChat, beside the request; whether there was reason to."""
        told_at = self._told_at.get(contact.id)
        if (told_at and now - told_at < SPACING) or len(self._telling) >= MOST_AT_ONCE:
            return False
        if len(self._told_at) >= MOST_REMEMBERED:
            self._told_at.clear()
        self._told_at[contact.id] = now
        task = asyncio.create_task(self._tell(contact.account_id, contact.openid))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)
        return True

    async def close(self) -> None:
        """Break off what is under way."""
        for task in self._telling:
            task.cancel()
        await asyncio.gather(*self._telling, return_exceptions=True)

    async def _tell(self, account_id: int, openid: str) -> None:
        try:
            async with self._rt.db.reading() as unit:
                account = await accounts.get(unit, account_id)
            await client_of(self._rt, account).typing(openid)
        except CallFailed as error:
            log.debug("typing_not_shown", error=str(error))
