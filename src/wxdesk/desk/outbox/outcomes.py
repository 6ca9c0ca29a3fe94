"""What becomes of deliveries: sent, refused, uncertain, put off; and what follows from it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from wxdesk.desk import accounts, allowance, contacts, conversations, media
from wxdesk.desk.allowance import Turn
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import MessageState
from wxdesk.desk.outbox import queries
from wxdesk.desk.outbox.actions import LOOP, UPLOADS, end
from wxdesk.desk.outbox.backoff import (
    Decision,
    GiveUp,
    Retry,
    Unsure,
    UploadAgain,
    after_failure,
)
from wxdesk.desk.outbox.compose import files_of
from wxdesk.desk.outbox.model import FOR_EVER, Delivery, DeliveryState, Via
from wxdesk.store import Unit
from wxdesk.wechat import CallFailed, Meaning, Refused

DELIVERED = "delivered"
NOTHING_LEFT = {Meaning.WINDOW_CLOSED.value: Turn.CLOSED, Meaning.REPLIES_SPENT.value: Turn.SPENT}
"""Why a message waits for the follower's next act, and what that says of the allowance."""


async def record_uploaded(unit: Unit, claimed: Delivery, *, until: datetime, now: datetime) -> None:
    """WeChat holds all its files until then: it may be sent."""
    delivery = await queries.find_locked(unit, claimed.id)
    if delivery and delivery.is_claim(claimed):
        delivery.sendable_until, delivery.due_at = until, now
        unit.wake(LOOP)


async def postpone(unit: Unit, claimed: Delivery, *, until: datetime) -> None:
    """Look at it again then: somebody else uploads a file of it, so this was no attempt."""
    delivery = await queries.find_locked(unit, claimed.id)
    if delivery and delivery.is_claim(claimed):
        delivery.due_at = until
        delivery.attempts -= 1


async def prepare_again(unit: Unit, claimed: Delivery, *, now: datetime) -> None:
    """Nothing was sent: WeChat does not hold a file of it any more, as another sender learnt."""
    delivery = await queries.find_locked(unit, claimed.id)
    if delivery and delivery.is_claim(claimed):
        delivery.sendable_until, delivery.lease_until = now, None
        unit.wake(UPLOADS)


async def record_sent(
    unit: Unit, claimed: Delivery, *, now: datetime, msg_id: int | None = None
) -> None:
    """WeChat accepted it, perhaps under a number. True also when the lease had ended meanwhile."""
    contact, delivery = await _lock(unit, claimed)
    if delivery is None or delivery.state not in (
        DeliveryState.WAITING,
        DeliveryState.UNCERTAIN,
    ):
        return
    await _spend(unit, contact, delivery, DeliveryState.SENT, now)
    delivery.reason = delivery.errcode = None
    delivery.wechat_msg_id = msg_id
    await _tell_messages(unit, delivery)
    if msg_id and (outcome := await queries.take_result(unit, delivery.account_id, msg_id)):
        await end_job(unit, contact, delivery, outcome, now)


async def record_failure(
    unit: Unit, claimed: Delivery, error: CallFailed, *, now: datetime, resend_uncertain: bool
) -> None:
    """Do what follows from an error: wait and try again, give up, or say that it is uncertain."""
    contact, delivery = await _lock(unit, claimed)
    if delivery is None or delivery.state is not DeliveryState.WAITING:
        return
    decision = after_failure(
        error,
        attempts=delivery.attempts,
        now=now,
        resend_uncertain=resend_uncertain,
        may_upload=delivery.sendable_until < FOR_EVER and not delivery.uploaded_again,
    )
    delivery.errcode = error.errcode if isinstance(error, Refused) else None
    if delivery.errcode is not None and (turn := NOTHING_LEFT.get(decision.why)):
        account = await accounts.get(unit, delivery.account_id)
        allowance.record_refusal(
            unit, contact, account.rules, turn, message_id=delivery.message_id, now=now
        )
    await _follow(unit, contact, delivery, decision, now)


async def record_unsendable(unit: Unit, claimed: Delivery, why: str, *, now: datetime) -> None:
    """It was not even tried: WeChat would have refused it."""
    contact, delivery = await _lock(unit, claimed)
    if delivery and delivery.state is DeliveryState.WAITING:
        await _follow(unit, contact, delivery, GiveUp(why), now)


async def expire_claims(unit: Unit, *, now: datetime, limit: int, resend_uncertain: bool) -> int:
    """End the claims of senders that died: what they held may have been sent. How many."""
    expired = await queries.expired(unit, now=now, limit=limit)
    decision = Retry(now, "sender_died") if resend_uncertain else Unsure("sender_died")
    for contact, delivery in await _lock_all(unit, expired):
        if delivery.has_expired(now):  # nobody else saw to it meanwhile
            await _follow(unit, contact, delivery, decision, now)
    return len(expired)


async def leave_slot(unit: Unit, claimed: Delivery, *, now: datetime) -> None:
    """The answer that was to carry it has gone without it: it leaves through the API, if at all."""
    _, delivery = await _lock(unit, claimed)
    if delivery and delivery.state is DeliveryState.WAITING:
        delivery.lease_until, delivery.via, delivery.due_at = None, Via.CUSTOM, now
        unit.wake(LOOP)


async def expire_slots(unit: Unit, *, now: datetime, limit: int) -> None:
    """Give up what could only have been the answer to a push, which is over."""
    for contact, delivery in await _lock_all(
        unit, await queries.missed(unit, now=now, limit=limit)
    ):
        if delivery.state is DeliveryState.WAITING and delivery.lease_until is None:
            await _follow(unit, contact, delivery, GiveUp("slot_missed"), now)


async def end_job(
    unit: Unit, contact: Contact, delivery: Delivery, outcome: str, now: datetime
) -> None:
    """WeChat had accepted it; now it tells what became of it."""
    await conversations.add_content(unit, delivery.message_id, outcome=outcome)
    if outcome != DELIVERED:
        delivery.reason = outcome
        end(unit, contact, delivery, DeliveryState.FAILED, now)
        await _tell_messages(unit, delivery)


async def _follow(
    unit: Unit, contact: Contact, delivery: Delivery, decision: Decision, now: datetime
) -> None:
    delivery.reason = decision.why
    match decision:
        case Retry(at):
            delivery.due_at, delivery.lease_until = at, None
        case UploadAgain():
            delivery.due_at, delivery.lease_until = now, None
            delivery.sendable_until, delivery.uploaded_again = now, True
            needed = {each.file_id for each in files_of(delivery.kind, delivery.content)}
            await media.forget_copies(unit, delivery.account_id, needed)
            unit.wake(UPLOADS)
        case GiveUp(why) if why in NOTHING_LEFT:
            await _park(unit, contact, delivery, now)
            return
        case GiveUp():
            end(unit, contact, delivery, DeliveryState.FAILED, now)
            await _cancel_rest(unit, contact, delivery, now)
        case Unsure():
            await _spend(unit, contact, delivery, DeliveryState.UNCERTAIN, now)
    await _tell_messages(unit, delivery)


async def _park(unit: Unit, contact: Contact, refused: Delivery, now: datetime) -> None:
    """WeChat takes no more: this waits for the follower's next act, and all that was to follow.

    What an agent did not write is not kept: it would come too late.
    """
    waiting = await queries.waiting_of(unit, contact.id)
    behind = [each for each in waiting if each.is_reserved and each.lease_until is None]
    parked = [refused, *(each for each in behind if each is not refused)]
    for delivery in parked:
        delivery.reason = refused.reason
        state = DeliveryState.FAILED if delivery is refused else DeliveryState.CANCELLED
        end(unit, contact, delivery, state, now)
    await unit.session.flush()
    for message_id, lines in {each.message_id: each.message_ids for each in parked}.items():
        await conversations.park_unsent(
            unit, message_id, reason=refused.reason, errcode=refused.errcode
        )
        if len(lines) > 1:
            await conversations.merge_lines(unit, lines)
    unit.wake(LOOP)


async def _lock(unit: Unit, claimed: Delivery) -> tuple[Contact, Delivery | None]:
    """The delivery as it is now, after its contact and conversation: locks have that order.

    None when it was claimed again since: the outcome of an older attempt says nothing.
    """
    contact = await contacts.get(unit, claimed.contact_id)
    await conversations.lock_of_message(unit, claimed.message_id)
    delivery = await queries.find_locked(unit, claimed.id)
    is_newest = delivery is not None and delivery.attempts == claimed.attempts
    return contact, delivery if is_newest else None


async def _lock_all(unit: Unit, found: Collection[Delivery]) -> Sequence[tuple[Contact, Delivery]]:
    """These deliveries as they are now, after their contacts and conversations."""
    ids = sorted({each.contact_id for each in found})
    people = {contact_id: await contacts.get(unit, contact_id) for contact_id in ids}
    await conversations.lock_of_messages(unit, {each.message_id for each in found})
    locked = [await queries.find_locked(unit, each.id) for each in found]
    return [(people[each.contact_id], each) for each in locked if each]


async def _spend(
    unit: Unit, contact: Contact, delivery: Delivery, state: DeliveryState, now: datetime
) -> None:
    """It was sent, or may have been: through the API that uses up what WeChat allows."""
    waited = delivery.state is DeliveryState.WAITING
    if waited and delivery.is_reserved and delivery.via is Via.CUSTOM:
        account = await accounts.get(unit, delivery.account_id)
        allowance.record_sent(unit, contact, account.rules, message_id=delivery.message_id, now=now)
        delivery.state, delivery.finished_at, delivery.lease_until = state, now, None
        return
    end(unit, contact, delivery, state, now)


async def _cancel_rest(unit: Unit, contact: Contact, failed: Delivery, now: datetime) -> None:
    """A text whose middle is missing is worse than its beginning."""
    for part in await queries.newest_parts(unit, failed.message_id):
        if part.part > failed.part and part.state is DeliveryState.WAITING:
            end(unit, contact, part, DeliveryState.CANCELLED, now)


async def _tell_messages(unit: Unit, delivery: Delivery) -> None:
    """Show on its messages how far their parts got, and let the next one go."""
    await unit.session.flush()
    parts = await queries.newest_parts(unit, delivery.message_id)
    state = state_of([part.state for part in parts])
    telling = next((part for part in parts if part.reason), None)
    for message_id in delivery.message_ids:
        await conversations.record_outcome(
            unit,
            message_id,
            state,
            reason=telling.reason if telling else None,
            errcode=telling.errcode if telling else None,
        )
    unit.wake(LOOP)


def state_of(parts: Sequence[DeliveryState]) -> MessageState:
    """How far a message got, from how far its parts did."""
    if DeliveryState.FAILED in parts or DeliveryState.CANCELLED in parts:
        return MessageState.FAILED
    if DeliveryState.WAITING in parts:
        return MessageState.QUEUED
    if DeliveryState.UNCERTAIN in parts:
        return MessageState.UNCERTAIN
    return MessageState.SENT
