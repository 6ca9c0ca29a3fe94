"""Customers are asked to write before their window closes on an answer that is owed."""

from datetime import timedelta

from wxdesk import logs
from wxdesk.desk import accounts, answers
from wxdesk.desk.accounts import Account
from wxdesk.desk.answers import Keeper, Kept
from wxdesk.runtime import Runtime

KEEPER = "keeper"
KEEP_EVERY = timedelta(seconds=30)
PAGE = 200

log = logs.get(__name__)


async def keep_windows(rt: Runtime, *, page: int = PAGE) -> None:
    """One round over all accounts whose keeper is on.

    Each customer is asked in a unit of their own, which looks once more: two workers ask once.
    """
    async with rt.db.reading() as unit:
        keepers = await answers.keepers_on(unit)
        served = await accounts.by_ids(unit, {each.account_id for each in keepers})
    for keeper in keepers:
        await _keep(rt, served[keeper.account_id], keeper, page)


async def _keep(rt: Runtime, account: Account, keeper: Keeper, page: int) -> None:
    after: int | None = 0
    while after is not None:
        async with rt.db.reading() as unit:
            due, after = await answers.list_due(
                unit, account, keeper, now=rt.clock.now(), after=after, limit=page
            )
        for conversation_id in due:
            async with rt.db.unit() as unit:
                kept = await answers.remind(unit, account, conversation_id, now=rt.clock.now())
            if kept is Kept.ASK:
                log.info("window_kept", conversation_id=conversation_id)
