"""What WeChat and the desk tell each other about followers: facts, tags, and our errands.

No unit is open while WeChat is asked. Everything asked or told here may be repeated, so a claim
is only a later moment: whoever dies leaves it to the next.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from wxdesk import logs
from wxdesk.desk import accounts, contacts, levels
from wxdesk.desk.accounts import Account
from wxdesk.desk.contacts import Contact, Errand, ErrandKind, Lesson
from wxdesk.runtime import Runtime
from wxdesk.speaking import client_of
from wxdesk.wechat import CallFailed, Client, Meaning, Refused, UserInfo, limits

LEASE = timedelta(minutes=2)
MOST_ERRANDS = 20
REFRESH_EVERY = timedelta(seconds=15)
TAGS_EVERY = timedelta(hours=1)

log = logs.get(__name__)


class Refresher:
    """Asks WeChat about contacts whose facts are stale, a call's worth of an account at a time."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._failures: dict[int, int] = {}
        self._silent_until: dict[int, datetime] = {}

    async def refresh_stale(self) -> int:
        """One round over all accounts; how many were asked about."""
        async with self._rt.db.reading() as unit:
            served = await accounts.list_all(unit)
        return sum([await self._refresh(account) for account in served])

    async def _refresh(self, account: Account) -> int:
        now = self._rt.clock.now()
        if now < self._silent_until.get(account.id, now):
            return 0
        async with self._rt.db.unit() as unit:
            openids = await contacts.claim_stale(
                unit, account.id, now=now, lease=LEASE, limit=limits.INFOS_PER_CALL
            )
        if not openids:
            return 0
        try:
            told = await facts_of(client_of(self._rt, account), openids)
        except CallFailed as error:
            self._wait(account, error)
            return 0
        self._failures.pop(account.id, None)
        lesson = lesson_of(self._rt, account, asked_at=now)
        silent = set(openids) - {each.openid for each in told}
        async with self._rt.db.unit() as unit:
            known = await contacts.record_facts(unit, account.id, told, lesson)
            await levels.evaluate(unit, known, now=lesson.now)
            await contacts.postpone(unit, account.id, silent, until=now + lesson.lasting)
        return len(openids)

    def _wait(self, account: Account, error: CallFailed) -> None:
        """Leave WeChat alone for a while; where the account may not ask, for a day.

        Whoever was claimed comes due again when the lease ends.
        """
        failures = self._failures[account.id] = self._failures.get(account.id, 0) + 1
        wait = contacts.wait_after(error, attempts=failures) or timedelta(days=1)
        self._silent_until[account.id] = self._rt.clock.now() + wait
        log.warning("contacts_not_refreshed", account_id=account.id, error=str(error))


async def facts_of(client: Client, openids: Sequence[str]) -> list[UserInfo]:
    """What WeChat tells of these followers; of one it does not know, nothing.

    For that one it refuses to tell of any of them, so it is found by halving.
    """
    try:
        return await client.users.infos(openids)
    except Refused as refused:
        if refused.meaning is not Meaning.USER_GONE:
            raise
    if len(openids) == 1:
        return []
    middle = len(openids) // 2
    return [*await facts_of(client, openids[:middle]), *await facts_of(client, openids[middle:])]


def lesson_of(rt: Runtime, account: Account, *, asked_at: datetime) -> Lesson:
    """How what WeChat tells of this account's followers is taken in."""
    return Lesson(
        asked_at=asked_at,
        now=rt.clock.now(),
        lasting=timedelta(days=rt.settings.contact_facts_days),
        sync_remark=account.sync_remark,
    )


async def run_errands(rt: Runtime) -> int:
    """Tell WeChat what it has still to be told, one after the other; how much."""
    async with rt.db.unit() as unit:
        claimed = await contacts.claim_errands(
            unit, now=rt.clock.now(), lease=LEASE, limit=MOST_ERRANDS
        )
    for errand in claimed:
        await _run(rt, errand)
    return len(claimed)


async def _run(rt: Runtime, errand: Errand) -> None:
    async with rt.db.reading() as unit:
        contact = await contacts.get(unit, errand.contact_id)
        account = await accounts.get(unit, contact.account_id)
    try:
        remark = await _tell(client_of(rt, account), contact, errand.kind)
    except CallFailed as error:
        await _after(rt, errand, error)
        return
    async with rt.db.unit() as unit:
        await contacts.record_errand_done(unit, errand, remark=remark)


async def _tell(client: Client, contact: Contact, kind: ErrandKind) -> str | None:
    """Tell how it is now; the remark, where that was told."""
    match kind:
        case ErrandKind.REMARK:
            remark = contacts.fitting_remark(contact.remark)
            await client.users.set_remark(contact.openid, remark)
            return remark
        case ErrandKind.TAGS:
            await _tell_tags(client, contact)
        case ErrandKind.BLACKLIST if contact.blacklisted_at_wechat:
            await client.blacklist.add([contact.openid])
        case ErrandKind.BLACKLIST:
            await client.blacklist.remove([contact.openid])
    return None


async def _tell_tags(client: Client, contact: Contact) -> None:
    """First away, then on: a follower carries at most twenty."""
    there, wanted = set(await client.tags.of(contact.openid)), set(contact.tag_ids)
    for tag_id in sorted(there - wanted):
        await client.tags.untag([contact.openid], tag_id)
    for tag_id in sorted(wanted - there):
        await client.tags.tag([contact.openid], tag_id)


async def _after(rt: Runtime, errand: Errand, error: CallFailed) -> None:
    """Try again later, or give up and show how it is at WeChat."""
    log.warning("errand_failed", errand_id=errand.id, kind=errand.kind.value, error=str(error))
    now = rt.clock.now()
    wait = contacts.wait_after(error, attempts=errand.attempts)
    async with rt.db.unit() as unit:
        if wait is None:
            await contacts.give_up_errand(unit, errand, now=now)
        else:
            await contacts.postpone_errand(unit, errand, until=now + wait)


async def read_tags(rt: Runtime) -> None:
    """Read every account's list of tags again."""
    async with rt.db.reading() as unit:
        served = await accounts.list_all(unit)
    for account in served:
        try:
            told = await client_of(rt, account).tags.list()
        except CallFailed as error:
            log.warning("tags_not_read", account_id=account.id, error=str(error))
            continue
        async with rt.db.unit() as unit:
            await contacts.record_tags(unit, account.id, told)
