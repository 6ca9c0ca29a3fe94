"""What became of template messages: told by a push, under the number WeChat gave the message."""

from datetime import datetime

from wxdesk.desk import contacts, conversations
from wxdesk.desk.outbox import queries
from wxdesk.desk.outbox.model import JobResult
from wxdesk.desk.outbox.outcomes import end_job
from wxdesk.store import Unit


async def record_job_result(
    unit: Unit, account_id: int, msg_id: int, outcome: str, *, now: datetime
) -> None:
    """Note what WeChat tells of a template message: delivered, blocked or failed.

    It may be told before the sender has noted the number; then it is kept for that moment.
    """
    if not await _settle(unit, account_id, msg_id, outcome, now=now):
        await unit.session.merge(
            JobResult(account_id=account_id, msg_id=msg_id, outcome=outcome, at=now)
        )


async def settle_results(unit: Unit, *, limit: int, now: datetime) -> None:
    """Match results that were told at the very instant in which the sender noted the number."""
    for told in await queries.known_results(unit, limit=limit):
        if await _settle(unit, told.account_id, told.msg_id, told.outcome, now=now):
            await unit.session.delete(told)


async def _settle(unit: Unit, account_id: int, msg_id: int, outcome: str, *, now: datetime) -> bool:
    """Whether the message was known."""
    found = await queries.find_by_msg_id(unit, account_id, msg_id)
    if found is None:
        return False
    contact = await contacts.get(unit, found.contact_id)
    await conversations.lock_of_message(unit, found.message_id)
    delivery = await queries.find_locked(unit, found.id)
    assert delivery is not None  # deliveries are never deleted
    await end_job(unit, contact, delivery, outcome, now)
    return True
