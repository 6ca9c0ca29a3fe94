"""Deliveries are written, joined, and taken back before they leave.

Whoever changes one has its contact locked, then its conversation: what WeChat allows is kept for
a delivery while it waits, used up when it is sent, and given back when it is not.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from wxdesk.desk import allowance, contacts, conversations
from wxdesk.desk.contacts import Contact
from wxdesk.desk.conversations import AlreadyLeft, Message
from wxdesk.desk.outbox import queries
from wxdesk.desk.outbox.compose import TEMPLATE, files_of
from wxdesk.desk.outbox.lines import joined, without
from wxdesk.desk.outbox.model import FOR_EVER, Delivery, DeliveryState
from wxdesk.store import Unit

LOOP = "delivery"
UPLOADS = "uploads"
"""The loop that brings WeChat the files of what is to be sent."""

SLOTS = "slots"
"""The loop that puts what is ready into the answers to pushes."""

LONGEST_HOLD = timedelta(seconds=30)
"""However many lines are joined, so long after the first of them they leave."""

LONGEST_LINE = 600
"""In characters: what is longer was not typed as one of several lines."""

AGAIN = frozenset({DeliveryState.FAILED, DeliveryState.UNCERTAIN, DeliveryState.CANCELLED})


def enqueue(
    unit: Unit,
    contact: Contact,
    message: Message,
    parts: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
    due_at: datetime | None = None,
    push_id: int | None = None,
    passive_only: bool = False,
    held_until: datetime | None = None,
    anyway: bool = False,
) -> None:
    """Put a message on its way.

    Args:
        unit: Of whoever sends.
        contact: To whom; locked.
        message: What is sent.
        parts: What it leaves in; see ``compose`` for what they hold.
        now: When.
        due_at: Not to leave sooner; from then on not as the answer to a push any more.
        push_id: The push whose answer may carry its first part; the others follow at once.
        passive_only: The first part leaves that way, or nothing of it does.
        held_until: So long WeChat holds all files that it shows; None: perhaps not at all.
        anyway: Send it though the desk thinks that WeChat will refuse it.
    """
    shows_files = bool(files_of(message.kind, parts[0]))
    deliveries = [
        Delivery(
            account_id=contact.account_id,
            contact_id=contact.id,
            conversation_id=message.conversation_id,
            message_id=message.id,
            part=part,
            openid=contact.openid,
            kind=message.kind,
            content=dict(content),
            spends=message.kind != TEMPLATE,
            push_id=push_id if part == 0 else None,
            passive_only=passive_only and part == 0,
            anyway=anyway,
            due_at=now if push_id and part else due_at or now,
            sendable_until=(held_until or now) if shows_files else FOR_EVER,
            created_at=now,
        )
        for part, content in enumerate(parts)
    ]
    _start(unit, contact, deliveries)


def note_unsent(
    unit: Unit,
    contact: Contact,
    message: Message,
    parts: Sequence[Mapping[str, Any]],
    *,
    why: str,
    now: datetime,
) -> None:
    """Not even try to send a message of the desk's own; somebody may, with ``enqueue_again``."""
    unit.session.add_all(
        Delivery(
            account_id=contact.account_id,
            contact_id=contact.id,
            conversation_id=message.conversation_id,
            message_id=message.id,
            part=part,
            openid=contact.openid,
            kind=message.kind,
            content=dict(content),
            spends=message.kind != TEMPLATE,
            state=DeliveryState.FAILED,
            reason=why,
            due_at=now,
            created_at=now,
            finished_at=now,
        )
        for part, content in enumerate(parts)
    )


async def count_again(unit: Unit, message_id: int) -> int:
    """How many parts ``enqueue_again`` would send."""
    parts = await queries.newest_parts(unit, message_id)
    return sum(part.state in AGAIN for part in parts)


async def enqueue_again(unit: Unit, contact: Contact, message: Message, *, now: datetime) -> bool:
    """Put those parts of a message on their way once more that are not known to have arrived.

    Whether there were any: what was never on its way has none.
    """
    again = [
        Delivery(
            account_id=old.account_id,
            contact_id=old.contact_id,
            conversation_id=message.conversation_id,
            message_id=old.message_id,
            part=old.part,
            openid=old.openid,
            kind=old.kind,
            content=old.content,
            spends=old.spends,
            due_at=now,
            sendable_until=now if files_of(old.kind, old.content) else FOR_EVER,
            created_at=now,
        )
        for old in await queries.newest_parts(unit, message.id)
        if old.state in AGAIN
    ]
    _start(unit, contact, again)
    return bool(again)


def _start(unit: Unit, contact: Contact, deliveries: Sequence[Delivery]) -> None:
    unit.session.add_all(deliveries)
    allowance.reserve(contact, sum(delivery.is_reserved for delivery in deliveries))
    unit.tell("contact", contact.id)
    shows_files = any(delivery.sendable_until < FOR_EVER for delivery in deliveries)
    unit.wake(UPLOADS if shows_files else LOOP)


async def join(
    unit: Unit, contact: Contact, message: Message, *, now: datetime, due_at: datetime
) -> bool:
    """Let a text leave as the next line of the one before it, if that has not left yet.

    Only lines of one agent in one conversation are joined, and only the newest of what waits.

    Args:
        unit: Of whoever sends.
        contact: To whom; locked.
        message: The text.
        now: When.
        due_at: Until then they wait for one more line.
    """
    waiting = await queries.waiting_of(unit, contact.id)
    last = waiting[-1] if waiting else None
    if last is None or not await _may_join(unit, last, message, now):
        return False
    content = joined(last.content, message.id, message.text, first_id=last.message_id)
    if content is None:
        return False
    last.content = content
    last.due_at = min(due_at, last.created_at + LONGEST_HOLD)
    message.joined_to = last.message_id
    await conversations.hold(unit, last.message_ids, until=last.due_at)
    return True


async def _may_join(unit: Unit, last: Delivery, message: Message, now: datetime) -> bool:
    if last.kind != "text" or message.kind != "text" or last.part or last.push_id:
        return False
    if not last.is_untouched or last.due_at <= now or len(message.text) > LONGEST_LINE:
        return False
    before = await conversations.get_message(unit, last.message_id)
    same = (before.author_id, before.conversation_id)
    return same == (message.author_id, message.conversation_id)


async def take_back(unit: Unit, message_id: int, *, now: datetime) -> None:
    """Nobody sends a message any more that nobody has begun to send. Its conversation is locked.

    Raises:
        AlreadyLeft: Somebody has.
    """
    contact = await contacts.get(unit, await conversations.contact_of(unit, message_id))
    message = await conversations.get_message(unit, message_id)
    parts = await queries.newest_parts(unit, message.leader_id)
    if not parts or not all(part.is_untouched for part in parts):
        raise AlreadyLeft(f"message {message_id} has left")
    if message_id in (lines := parts[0].message_ids) and len(lines) > 1:
        await _take_line(unit, parts[0], message)
        return
    for part in parts:
        end(unit, contact, part, DeliveryState.CANCELLED, now)


async def _take_line(unit: Unit, delivery: Delivery, message: Message) -> None:
    """The lines that were joined to it leave without it."""
    delivery.content = without(delivery.content, message.id)
    first, *others = delivery.message_ids
    delivery.message_id = first
    for each in await conversations.joined_to(unit, message.leader_id):
        each.joined_to = first if each.id in others else None
        unit.tell("message", each.id)


def end(
    unit: Unit, contact: Contact, delivery: Delivery, state: DeliveryState, now: datetime
) -> None:
    """It comes to an end without using up anything."""
    if delivery.state is DeliveryState.WAITING and delivery.is_reserved:
        allowance.give_back(contact)
        unit.tell("contact", contact.id)
    delivery.state, delivery.finished_at, delivery.lease_until = state, now, None
