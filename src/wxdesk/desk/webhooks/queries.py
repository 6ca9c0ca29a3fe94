"""Every SQL statement about webhooks."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, exists, func, literal, or_, select, update
from sqlalchemy.orm import aliased

from wxdesk.desk.webhooks.model import (
    Endpoint,
    EndpointState,
    Place,
    Telling,
    TellingState,
    WebhookEvent,
)
from wxdesk.errors import NotFound
from wxdesk.store import Unit

THE_PLACE = 1
_WAITING = literal(TellingState.WAITING, Telling.state.type, literal_execute=True)
"""Written into the statement: behind a parameter the planner would not see the partial index."""


class Logged(NamedTuple):
    """A line of the log: what was told, and how far it got."""

    telling: Telling
    event: WebhookEvent


class Due(NamedTuple):
    """What is to be sent now, with all that it takes."""

    telling: Telling
    event: WebhookEvent
    endpoint: Endpoint


async def list_endpoints(unit: Unit) -> Sequence[Endpoint]:
    return (await unit.session.scalars(select(Endpoint).order_by(Endpoint.id))).all()


async def get_endpoint(unit: Unit, endpoint_id: int) -> Endpoint:
    """One of them.

    Raises:
        NotFound: There is none.
    """
    query = select(Endpoint).where(Endpoint.id == endpoint_id)
    found = await unit.session.scalar(
        unit.locking(query), execution_options={"populate_existing": True}
    )
    if found is None:
        raise NotFound(f"there is no webhook {endpoint_id}")
    return found


async def any_endpoint(unit: Unit) -> bool:
    return await unit.session.scalar(select(Endpoint.id).limit(1)) is not None


async def place(unit: Unit) -> int:
    """Up to which number of the event log all is written down."""
    return await unit.session.scalar(select(Place.number).where(Place.id == THE_PLACE)) or 0


async def move_place(unit: Unit, number: int) -> None:
    await unit.session.merge(Place(id=THE_PLACE, number=number))


async def claim(
    unit: Unit, endpoint_id: int, *, now: datetime, lease: timedelta, limit: int
) -> Sequence[Due]:
    """Take up to ``limit`` of what is due to an endpoint, oldest first.

    Of what happened in one conversation only the oldest that waits is ever taken, so it is told in
    order. Two senders never take the same row.
    """
    earlier = aliased(Telling)
    heads = (
        select(Telling.id)
        .where(Telling.endpoint_id == endpoint_id, Telling.state == _WAITING)
        .where(Telling.due_at <= now)
        .where(
            ~exists().where(
                earlier.endpoint_id == Telling.endpoint_id,
                earlier.conversation_id == Telling.conversation_id,
                earlier.state == _WAITING,
                earlier.id < Telling.id,
            )
        )
        .order_by(Telling.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True, of=Telling)
        .cte("heads")
    )
    claimed = await unit.session.scalars(
        update(Telling)
        .where(Telling.id.in_(select(heads.c.id)))
        .values(due_at=now + lease, attempts=Telling.attempts + 1, tried_at=now)
        .returning(Telling.id),
        execution_options={"synchronize_session": False},
    )
    query = (
        select(Telling, WebhookEvent, Endpoint)
        .join(WebhookEvent, WebhookEvent.id == Telling.event_id)
        .join(Endpoint, Endpoint.id == Telling.endpoint_id)
        .where(Telling.id.in_(claimed.all()))
        .order_by(Telling.id)
        .execution_options(populate_existing=True)
    )
    return [Due(*row) for row in await unit.session.execute(query)]


async def who_is_due(unit: Unit, now: datetime) -> Collection[int]:
    """The endpoints to which something is due, and that may be told something now."""
    due = exists().where(
        Telling.endpoint_id == Endpoint.id, Telling.state == _WAITING, Telling.due_at <= now
    )
    rested = or_(Endpoint.rest_until.is_(None), Endpoint.rest_until <= now)
    query = (
        select(Endpoint.id)
        .where(Endpoint.state == EndpointState.ACTIVE, rested, due)
        .order_by(Endpoint.id)
    )
    return (await unit.session.scalars(query)).all()


async def get_telling(unit: Unit, endpoint_id: int, telling_id: int) -> Telling:
    """One of an endpoint's.

    Raises:
        NotFound: There is none.
    """
    query = select(Telling).where(Telling.id == telling_id, Telling.endpoint_id == endpoint_id)
    found = await unit.session.scalar(
        unit.locking(query), execution_options={"populate_existing": True}
    )
    if found is None:
        raise NotFound(f"webhook {endpoint_id} has no delivery {telling_id}")
    return found


async def find_telling(unit: Unit, telling_id: int) -> Telling | None:
    query = select(Telling).where(Telling.id == telling_id)
    return await unit.session.scalar(
        unit.locking(query), execution_options={"populate_existing": True}
    )


async def list_tellings(
    unit: Unit,
    endpoint_id: int,
    *,
    state: TellingState | None,
    kind: str | None,
    conversation_id: int | None,
    before: int | None,
    limit: int,
) -> Sequence[Logged]:
    """The log of an endpoint, newest first."""
    query = (
        select(Telling, WebhookEvent)
        .join(WebhookEvent, WebhookEvent.id == Telling.event_id)
        .where(Telling.endpoint_id == endpoint_id)
        .order_by(Telling.id.desc())
        .limit(limit)
    )
    if state is not None:
        query = query.where(Telling.state == state)
    if kind is not None:
        query = query.where(WebhookEvent.kind == kind)
    if conversation_id is not None:
        query = query.where(Telling.conversation_id == conversation_id)
    if before is not None:
        query = query.where(Telling.id < before)
    return [Logged(*row) for row in await unit.session.execute(query)]


async def get_logged(unit: Unit, telling: Telling) -> Logged:
    event = await unit.session.get(WebhookEvent, telling.event_id)
    assert event is not None  # kept as long as what is told of it
    return Logged(telling, event)


async def replay_failed(unit: Unit, endpoint_id: int, *, since: datetime, now: datetime) -> int:
    """Let all that failed since then be told once more, in order; how many."""
    found = await unit.session.scalars(
        update(Telling)
        .where(Telling.endpoint_id == endpoint_id, Telling.state == TellingState.FAILED)
        .where(Telling.created_at >= since)
        .values(state=TellingState.WAITING, attempts=0, due_at=now, finished_at=None)
        .returning(Telling.id),
        execution_options={"synchronize_session": False},
    )
    return len(found.all())


async def hurry(unit: Unit, endpoint_id: int, now: datetime) -> None:
    """What waits for its next try is tried now."""
    await unit.session.execute(
        update(Telling)
        .where(Telling.endpoint_id == endpoint_id, Telling.state == _WAITING)
        .where(Telling.due_at > now)
        .values(due_at=now),
        execution_options={"synchronize_session": False},
    )


async def counts(unit: Unit) -> Mapping[tuple[int, TellingState], int]:
    """How many there are in the log, by endpoint and state."""
    query = select(Telling.endpoint_id, Telling.state, func.count()).group_by(
        Telling.endpoint_id, Telling.state
    )
    return {(row[0], row[1]): row[2] for row in await unit.session.execute(query)}


async def oldest_waiting(unit: Unit) -> Mapping[int, datetime]:
    """Since when the oldest has waited, by endpoint."""
    query = (
        select(Telling.endpoint_id, func.min(Telling.created_at))
        .where(Telling.state == _WAITING)
        .group_by(Telling.endpoint_id)
    )
    return {row[0]: row[1] for row in await unit.session.execute(query)}


async def remove_endpoint(unit: Unit, endpoint: Endpoint) -> None:
    """It, and all that it was told."""
    await unit.session.execute(delete(Telling).where(Telling.endpoint_id == endpoint.id))
    await unit.session.delete(endpoint)
    await unit.session.flush()


async def forget_before(unit: Unit, moment: datetime) -> None:
    """Forget what was told, or was to be, and what it was about."""
    await unit.session.execute(
        delete(Telling).where(Telling.created_at < moment),
        execution_options={"synchronize_session": False},
    )
    told = exists().where(Telling.event_id == WebhookEvent.id)
    await unit.session.execute(
        delete(WebhookEvent).where(WebhookEvent.at < moment, ~told),
        execution_options={"synchronize_session": False},
    )
