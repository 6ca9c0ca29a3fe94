"""Every SQL statement about kept pushes."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, literal, select, tuple_, update

from wxdesk.desk.intake.model import Claimed, KeptPush, PushKey, PushState
from wxdesk.desk.outbox import SLOTS
from wxdesk.store import Unit
from wxdesk.store.database import hold_alone

_KEPT = literal(PushState.KEPT, KeptPush.state.type, literal_execute=True)
_PARKED = literal(PushState.PARKED, KeptPush.state.type, literal_execute=True)
"""Written into the statement: behind a parameter the planner would not see the partial index."""


async def claim_kept(unit: Unit, *, limit: int) -> Sequence[Claimed]:
    """The oldest kept pushes, for this unit alone; none while another process holds them.

    One intake runs at a time in the whole installation, so one follower's pushes can never be
    understood in two places at once (ADR 4).
    """
    if not await hold_alone(unit, "intake"):
        return []
    columns = (getattr(KeptPush, name) for name in Claimed._fields)
    query = select(*columns).where(KeptPush.state == _KEPT).order_by(KeptPush.id).limit(limit)
    return [Claimed._make(row) for row in await unit.session.execute(query)]


async def find(unit: Unit, push_id: int) -> KeptPush | None:
    """A push by its number, as long as it is kept."""
    return await unit.session.get(KeptPush, push_id)


async def find_done(unit: Unit, keys: Collection[PushKey]) -> dict[int, PushKey]:
    """Which of these pushes the desk is done with, by their numbers."""
    key = tuple_(KeptPush.account_id, KeptPush.openid, KeptPush.key)
    rows = await unit.session.execute(
        select(KeptPush.id, KeptPush.account_id, KeptPush.openid, KeptPush.key).where(
            key.in_(keys), KeptPush.state != PushState.KEPT
        )
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


async def record_done(unit: Unit, ids: Sequence[int]) -> None:
    await unit.session.execute(
        update(KeptPush).where(KeptPush.id.in_(ids)).values(state=PushState.DONE, error=None),
        execution_options={"synchronize_session": False},
    )
    unit.wake(SLOTS)


async def park(unit: Unit, push_id: int, error: str) -> None:
    await unit.session.execute(
        update(KeptPush).where(KeptPush.id == push_id).values(state=PushState.PARKED, error=error)
    )


async def retry_parked(unit: Unit, ids: Sequence[int] | None) -> int:
    """Let parked pushes be looked at again, all of them when None; how many."""
    query = update(KeptPush).where(KeptPush.state == _PARKED)
    if ids is not None:
        query = query.where(KeptPush.id.in_(ids))
    retried = await unit.session.execute(
        query.values(state=PushState.KEPT).returning(KeptPush.id),
        execution_options={"synchronize_session": False},
    )
    unit.wake("intake")
    return len(retried.all())


async def list_pushes(
    unit: Unit, *, since: datetime | None, state: PushState | None, after: int, limit: int
) -> Sequence[KeptPush]:
    """Pushes in the order they were kept, after an id."""
    query = select(KeptPush).where(KeptPush.id > after).order_by(KeptPush.id).limit(limit)
    if since:
        query = query.where(KeptPush.received_at >= since)
    if state:
        query = query.where(KeptPush.state == state)
    return (await unit.session.scalars(query)).all()


async def count_backlog(unit: Unit) -> dict[PushState, int]:
    """How many wait to be understood and how many are parked; cheap however many are done."""
    return {
        state: await unit.session.scalar(
            select(func.count()).where(KeptPush.state == literal_state)
        )
        or 0
        for state, literal_state in ((PushState.KEPT, _KEPT), (PushState.PARKED, _PARKED))
    }


async def forget_done_before(unit: Unit, moment: datetime) -> None:
    await unit.session.execute(
        delete(KeptPush).where(KeptPush.received_at < moment, KeptPush.state == PushState.DONE),
        execution_options={"synchronize_session": False},
    )
