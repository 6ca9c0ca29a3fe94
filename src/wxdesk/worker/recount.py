"""Work out anew what is granted, where the rules of an account have changed."""

from datetime import timedelta

from wxdesk.desk import accounts, allowance
from wxdesk.runtime import Runtime

BATCH = 200
RECOUNT_EVERY = timedelta(seconds=30)


async def recount_changed(rt: Runtime) -> int:
    """One round: some contacts of each account whose rules have changed. Returns how many.

    How far it got is kept on the account, so whoever dies leaves the rest to the next.
    """
    async with rt.db.reading() as unit:
        changed = [each for each in await accounts.list_all(unit) if each.recount_after is not None]
    return sum([await _recount(rt, account.id) for account in changed])


async def _recount(rt: Runtime, account_id: int) -> int:
    async with rt.db.unit() as unit:
        account = await accounts.lock(unit, account_id)
        if account.recount_after is None:
            return 0
        found = await allowance.with_entries(
            unit, account_id, after=account.recount_after, limit=BATCH
        )
        await allowance.recount(unit, found, account.rules)
        account.recount_after = found[-1].id if len(found) == BATCH else None
    return len(found)
