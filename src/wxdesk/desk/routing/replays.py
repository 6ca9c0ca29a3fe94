"""Replays of a past day by a draft: asked for, worked on by one worker, with their results.

They are rows, as any process may be asked how far one is, and any worker may go on with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, select, update
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk.routing import plans
from wxdesk.desk.routing.plan import Plan
from wxdesk.desk.routing.planning import require_sound
from wxdesk.desk.routing.replay import Answers
from wxdesk.desk.routing.terms import Terms
from wxdesk.errors import Conflict, NotFound
from wxdesk.store import Base, Id, Unit
from wxdesk.store.database import take_turn

REPLAYS = "replays"
"""The loop that works on them."""

MOST_KEPT = 50


class ReplayRuns(Conflict):
    """One at a time: wait until the one before has ended."""

    code = "replay_runs"


class Replay(Base):
    """A replay; a claim is a later ``due_at``, and None where it has ended.

    Attributes:
        since: The day, until ``until``.
        doc: The plan that is held against the published one.
        progress: 0 to 1.
        result: By level, with both plans; None until it has ended well.
        error: A stable word for why there is none.
    """

    __tablename__ = "replays"

    id: Mapped[Id]
    by_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    made_at: Mapped[datetime]
    since: Mapped[datetime]
    until: Mapped[datetime]
    doc: Mapped[dict[str, Any]] = mapped_column(JSON)
    due_at: Mapped[datetime | None]
    progress: Mapped[float] = mapped_column(default=0.0)
    result: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[str | None]


async def ask(
    unit: Unit, plan: Plan, *, since: datetime, until: datetime, by_id: int, now: datetime
) -> Replay:
    """Have a day replayed; the newest fifty are kept.

    Raises:
        PlanInvalid: The plan cannot be right.
        ReplayRuns: Another is not done yet.
    """
    require_sound(plan)
    await take_turn(unit, REPLAYS)
    if await unit.session.scalar(select(Replay.id).where(Replay.due_at.is_not(None)).limit(1)):
        raise ReplayRuns("another replay is not done yet")
    asked = Replay(
        by_id=by_id, made_at=now, since=since, until=until, doc=plan.as_json(), due_at=now
    )
    unit.session.add(asked)
    await unit.session.flush()
    older = await unit.session.scalars(select(Replay).order_by(Replay.id.desc()).offset(MOST_KEPT))
    for each in older:
        await unit.session.delete(each)
    unit.wake(REPLAYS)
    return asked


async def get(unit: Unit, replay_id: int) -> Replay:
    """One of those that are kept.

    Raises:
        NotFound: There is none.
    """
    found = await unit.session.get(Replay, replay_id)
    if found is None:
        raise NotFound(f"there is no replay {replay_id}")
    return found


async def list_newest(unit: Unit, *, limit: int) -> Sequence[Replay]:
    """Those that were asked for last."""
    return (
        await unit.session.scalars(select(Replay).order_by(Replay.id.desc()).limit(limit))
    ).all()


async def claim(unit: Unit, *, now: datetime, lease: timedelta) -> Replay | None:
    """Take the one that nobody works on, until the lease ends."""
    due = select(Replay.id).where(Replay.due_at <= now).limit(1).with_for_update(skip_locked=True)
    claimed = await unit.session.scalars(
        update(Replay).where(Replay.id.in_(due)).values(due_at=now + lease).returning(Replay),
        execution_options={"populate_existing": True},
    )
    return claimed.one_or_none()


async def record_progress(
    unit: Unit, claimed: Replay, progress: float, *, now: datetime, lease: timedelta
) -> bool:
    """It goes on; whether it is still this worker's."""
    return await _record(unit, claimed, due_at=now + lease, progress=round(progress, 3))


async def record_result(unit: Unit, claimed: Replay, result: Sequence[Mapping[str, Any]]) -> None:
    await _record(unit, claimed, due_at=None, progress=1.0, result=list(result))


async def record_failure(unit: Unit, claimed: Replay, error: str) -> None:
    await _record(unit, claimed, due_at=None, error=error)


async def _record(unit: Unit, claimed: Replay, **values: Any) -> bool:
    """Only as long as nobody else has claimed it."""
    kept = await unit.session.scalars(
        update(Replay)
        .where(Replay.id == claimed.id, Replay.due_at == claimed.due_at)
        .values(values)
        .returning(Replay.id)
    )
    if mine := kept.one_or_none() is not None:
        claimed.due_at = values["due_at"]
    return mine


def compared(
    terms_: Terms, published: Mapping[int, Answers], draft: Mapping[int, Answers]
) -> list[dict[str, Any]]:
    """By level, the best first, what became of customers by the one plan and by the other."""
    known = sorted(terms_.levels.items(), key=lambda item: item[1].rank)
    return [
        {
            "level_id": level_id,
            "name": level.name,
            "target_seconds": level.first.total_seconds(),
            "published": asdict(published[level_id]),
            "draft": asdict(draft[level_id]),
        }
        for level_id, level in known
        if level_id in published and level_id in draft
    ]


async def plan_to_replay(unit: Unit) -> Plan | None:
    """The draft, if there is one."""
    kept = await plans.draft(unit)
    return Plan.of_json(kept.doc) if kept else None
