"""What happens to deliveries: they are written, claimed, and come to an end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from wxdesk.desk import conversations, media
from wxdesk.desk.conversations import Message, MessageState
from wxdesk.desk.outbox import queries
from wxdesk.desk.outbox.backoff import (
    Decision,
    GiveUp,
    Retry,
    Unsure,
    UploadAgain,
    after_failure,
)
from wxdesk.desk.outbox.compose import files_of
from wxdesk.desk.outbox.model import FOR_EVER, Delivery, DeliveryState
from wxdesk.store import Unit
from wxdesk.wechat import CallFailed, Refused

LOOP = "delivery"
UPLOADS = "uploads"
"""The loop that brings WeChat the files of what is to be sent."""

DELIVERED = "delivered"
AGAIN = frozenset({DeliveryState.FAILED, DeliveryState.UNCERTAIN, DeliveryState.CANCELLED})


def enqueue(
    unit: Unit,
    message: Message,
    parts: Sequence[Mapping[str, Any]],
    *,
    account_id: int,
    openid: str,
    now: datetime,
) -> None:
    """Put a message on its way, in the parts it leaves in; see ``compose`` for what they hold."""
    deliveries = [
        _delivery(message, part, content, account_id=account_id, openid=openid, now=now)
        for part, content in enumerate(parts)
    ]
    _start(unit, deliveries)


async def enqueue_again(unit: Unit, message: Message, *, now: datetime) -> None:
    """Put those parts of a message on their way once more that are not known to have arrived."""
    deliveries = [
        _delivery(
            message, old.part, old.content, account_id=old.account_id, openid=old.openid, now=now
        )
        for old in await queries.newest_parts(unit, message.id)
        if old.state in AGAIN
    ]
    _start(unit, deliveries)


def _start(unit: Unit, deliveries: Sequence[Delivery]) -> None:
    unit.session.add_all(deliveries)
    shows_files = any(delivery.sendable_until < FOR_EVER for delivery in deliveries)
    unit.wake(UPLOADS if shows_files else LOOP)


def _delivery(
    message: Message,
    part: int,
    content: Mapping[str, Any],
    *,
    account_id: int,
    openid: str,
    now: datetime,
) -> Delivery:
    assert message.conversation_id is not None  # an own message always stands in one
    return Delivery(
        account_id=account_id,
        contact_id=message.contact_id,
        conversation_id=message.conversation_id,
        message_id=message.id,
        part=part,
        openid=openid,
        kind=message.kind,
        content=dict(content),
        due_at=now,
        sendable_until=now if files_of(message.kind, content) else FOR_EVER,
        created_at=now,
    )


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
    delivery = await _lock(unit, claimed)
    if delivery is None or delivery.state not in (
        DeliveryState.WAITING,
        DeliveryState.UNCERTAIN,
    ):
        return
    _finish(delivery, DeliveryState.SENT, now)
    delivery.reason = delivery.errcode = None
    delivery.wechat_msg_id = msg_id
    await _tell_message(unit, delivery)
    if msg_id and (outcome := await queries.take_result(unit, delivery.account_id, msg_id)):
        await end_job(unit, delivery, outcome, now)


async def record_failure(
    unit: Unit, claimed: Delivery, error: CallFailed, *, now: datetime, resend_uncertain: bool
) -> None:
    """Do what follows from an error: wait and try again, give up, or say that it is uncertain."""
    delivery = await _lock(unit, claimed)
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
    await _follow(unit, delivery, decision, now)


async def expire_claims(unit: Unit, *, now: datetime, limit: int, resend_uncertain: bool) -> int:
    """End the claims of senders that died: what they held may have been sent. How many."""
    expired = await queries.expired_ids(unit, now=now, limit=limit)
    await conversations.lock(unit, {conversation_id for _, conversation_id in expired})
    decision = Retry(now, "sender_died") if resend_uncertain else Unsure("sender_died")
    for delivery_id, _ in expired:
        delivery = await queries.find_locked(unit, delivery_id)
        if delivery and delivery.has_expired(now):  # nobody else saw to it meanwhile
            await _follow(unit, delivery, decision, now)
    return len(expired)


async def end_job(unit: Unit, delivery: Delivery, outcome: str, now: datetime) -> None:
    """WeChat had accepted it; now it tells what became of it."""
    await conversations.add_content(unit, delivery.message_id, outcome=outcome)
    if outcome != DELIVERED:
        delivery.reason = outcome
        _finish(delivery, DeliveryState.FAILED, now)
        await _tell_message(unit, delivery)


async def _follow(unit: Unit, delivery: Delivery, decision: Decision, now: datetime) -> None:
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
        case GiveUp():
            _finish(delivery, DeliveryState.FAILED, now)
            await _cancel_rest(unit, delivery, now)
        case Unsure():
            _finish(delivery, DeliveryState.UNCERTAIN, now)
    await _tell_message(unit, delivery)


async def _lock(unit: Unit, claimed: Delivery) -> Delivery | None:
    """The delivery as it is now, after its conversation: locks are taken in that order.

    None when it was claimed again since: the outcome of an older attempt says nothing.
    """
    await conversations.lock_of_message(unit, claimed.message_id)
    delivery = await queries.find_locked(unit, claimed.id)
    return delivery if delivery and delivery.attempts == claimed.attempts else None


def _finish(delivery: Delivery, state: DeliveryState, now: datetime) -> None:
    delivery.state, delivery.finished_at, delivery.lease_until = state, now, None


async def _cancel_rest(unit: Unit, failed: Delivery, now: datetime) -> None:
    """A text whose middle is missing is worse than its beginning."""
    for part in await queries.newest_parts(unit, failed.message_id):
        if part.part > failed.part and part.state is DeliveryState.WAITING:
            _finish(part, DeliveryState.CANCELLED, now)


async def _tell_message(unit: Unit, delivery: Delivery) -> None:
    """Show on the message how far its parts got, and let the next one go."""
    await unit.session.flush()
    parts = await queries.newest_parts(unit, delivery.message_id)
    state = state_of([part.state for part in parts])
    telling = next((part for part in parts if part.reason), None)
    await conversations.record_outcome(
        unit,
        delivery.message_id,
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
