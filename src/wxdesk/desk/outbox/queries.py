"""Every SQL statement about deliveries."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, literal, select, update
from sqlalchemy.orm import aliased

from wxdesk.desk.outbox.model import Delivery, DeliveryState, JobResult, Via
from wxdesk.store import Unit

_WAITING = literal(DeliveryState.WAITING, Delivery.state.type, literal_execute=True)
"""Written into the statement: behind a parameter the planner would not see the partial index."""


async def claim_due(
    unit: Unit, *, now: datetime, lease: timedelta, limit: int
) -> Sequence[Delivery]:
    """Take up to ``limit`` due deliveries for one sender, oldest first.

    Only the oldest waiting delivery of a follower is ever taken, so customers read replies in
    the order they were written. Two senders never take the same row.

    Args:
        unit: Commit it before sending: the claim is what the commit writes.
        now: Deliveries due at or before this are taken.
        lease: How long the sender has for all of them; see ``Delivery``.
        limit: The most rows to take: those that will be sent at once.
    """
    earlier = aliased(Delivery)
    heads = (
        select(Delivery.id)
        .where(Delivery.state == _WAITING, Delivery.due_at <= now)
        .where(Delivery.lease_until.is_(None), Delivery.sendable_until > now)
        .where(~Delivery.passive_only)
        .where(
            ~exists().where(
                earlier.contact_id == Delivery.contact_id,
                earlier.state == _WAITING,
                earlier.id < Delivery.id,
            )
        )
        .order_by(Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True, of=Delivery)
        .cte("heads")
    )
    claimed = await unit.session.scalars(
        update(Delivery)
        .where(Delivery.id.in_(select(heads.c.id)))
        .values(lease_until=now + lease, attempts=Delivery.attempts + 1)
        .returning(Delivery),
        execution_options={"populate_existing": True},
    )
    return sorted(claimed, key=lambda delivery: delivery.id)


async def claim_unprepared(
    unit: Unit, *, now: datetime, lease: timedelta, limit: int
) -> Sequence[Delivery]:
    """Take deliveries whose files WeChat does not hold, oldest first; see ``Delivery``."""
    lacking = (
        select(Delivery.id)
        .where(Delivery.state == _WAITING, Delivery.due_at <= now)
        .where(Delivery.lease_until.is_(None), Delivery.sendable_until <= now)
        .where(~Delivery.passive_only)
        .order_by(Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
        .cte("lacking")
    )
    claimed = await unit.session.scalars(
        update(Delivery)
        .where(Delivery.id.in_(select(lacking.c.id)))
        .values(due_at=now + lease, attempts=Delivery.attempts + 1)
        .returning(Delivery),
        execution_options={"populate_existing": True},
    )
    return sorted(claimed, key=lambda delivery: delivery.id)


async def find_locked(unit: Unit, delivery_id: int) -> Delivery | None:
    return await unit.session.scalar(
        unit.locking(select(Delivery).where(Delivery.id == delivery_id))
    )


async def expired(unit: Unit, *, now: datetime, limit: int) -> Sequence[Delivery]:
    """Claims whose sender has died, oldest first; not locked."""
    query = (
        select(Delivery)
        .where(Delivery.state == _WAITING, Delivery.lease_until <= now)
        .order_by(Delivery.id)
        .limit(limit)
    )
    return (await unit.session.scalars(query)).all()


async def missed(unit: Unit, *, now: datetime, limit: int) -> Sequence[Delivery]:
    """What could only have been the answer to a push, which is over; not locked."""
    query = (
        select(Delivery)
        .where(Delivery.state == _WAITING, Delivery.due_at <= now)
        .where(Delivery.lease_until.is_(None), Delivery.passive_only)
        .order_by(Delivery.id)
        .limit(limit)
    )
    return (await unit.session.scalars(query)).all()


async def claim_passive(
    unit: Unit, push_ids: Collection[int], *, now: datetime, lease: timedelta
) -> dict[int, Delivery]:
    """For each of these pushes, what its answer is to carry; nobody else sends it from now on."""
    claimed = await unit.session.scalars(
        update(Delivery)
        .where(Delivery.push_id.in_(push_ids), Delivery.state == _WAITING)
        .where(Delivery.due_at > now, Delivery.sendable_until > now)
        .where(Delivery.lease_until.is_(None))
        .values(lease_until=now + lease, attempts=Delivery.attempts + 1, via=Via.PASSIVE)
        .returning(Delivery),
        execution_options={"populate_existing": True},
    )
    return {delivery.push_id: delivery for delivery in claimed if delivery.push_id}


async def waiting_of(unit: Unit, contact_id: int) -> Sequence[Delivery]:
    """All that waits to be sent to a contact, oldest first, locked."""
    query = (
        select(Delivery)
        .where(Delivery.contact_id == contact_id, Delivery.state == _WAITING)
        .order_by(Delivery.id)
    )
    return (await unit.session.scalars(unit.locking(query))).all()


async def newest_parts(unit: Unit, message_id: int) -> Sequence[Delivery]:
    """The newest delivery of each part of a message, in order."""
    newest = (
        select(func.max(Delivery.id))
        .where(Delivery.message_id == message_id)
        .group_by(Delivery.part)
    )
    return (
        await unit.session.scalars(
            select(Delivery).where(Delivery.id.in_(newest)).order_by(Delivery.part)
        )
    ).all()


async def of_messages(unit: Unit, message_ids: Collection[int]) -> Sequence[Delivery]:
    """All deliveries of these messages, oldest first."""
    query = select(Delivery).where(Delivery.message_id.in_(message_ids)).order_by(Delivery.id)
    return (await unit.session.scalars(query)).all()


async def list_deliveries(
    unit: Unit,
    *,
    since: datetime | None,
    state: DeliveryState | None,
    after: int,
    limit: int,
) -> Sequence[Delivery]:
    """Deliveries in the order they were written, after an id."""
    query = select(Delivery).where(Delivery.id > after).order_by(Delivery.id).limit(limit)
    if since:
        query = query.where(Delivery.created_at >= since)
    if state:
        query = query.where(Delivery.state == state)
    return (await unit.session.scalars(query)).all()


async def count_by_state(unit: Unit) -> dict[DeliveryState, int]:
    rows = await unit.session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return {row[0]: row[1] for row in rows}


async def count_waiting(unit: Unit) -> int:
    """How many are on their way; cheap however many have left."""
    query = select(func.count()).select_from(Delivery).where(Delivery.state == _WAITING)
    return await unit.session.scalar(query) or 0


async def find_by_msg_id(unit: Unit, account_id: int, msg_id: int) -> Delivery | None:
    """The delivery that WeChat gave this number; not locked."""
    return await unit.session.scalar(
        select(Delivery).where(Delivery.wechat_msg_id == msg_id, Delivery.account_id == account_id)
    )


async def take_result(unit: Unit, account_id: int, msg_id: int) -> str | None:
    """What was told of a number before anybody knew it."""
    return await unit.session.scalar(
        delete(JobResult)
        .where(JobResult.account_id == account_id, JobResult.msg_id == msg_id)
        .returning(JobResult.outcome)
    )


async def known_results(unit: Unit, *, limit: int) -> Sequence[JobResult]:
    """Kept results whose message is known by now, in the order in which messages are locked."""
    query = (
        select(JobResult)
        .join(
            Delivery,
            (Delivery.wechat_msg_id == JobResult.msg_id)
            & (Delivery.account_id == JobResult.account_id),
        )
        .order_by(Delivery.conversation_id)
        .limit(limit)
    )
    return (await unit.session.scalars(query)).all()


async def forget_results_before(unit: Unit, moment: datetime) -> None:
    """Forget results of messages that the desk never sent."""
    await unit.session.execute(
        delete(JobResult).where(JobResult.at < moment),
        execution_options={"synchronize_session": False},
    )
