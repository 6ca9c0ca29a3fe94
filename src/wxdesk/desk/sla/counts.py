"""Statements that only count clocks: what is overdue now, what was kept, and what was not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select

from wxdesk.desk.sla.model import Clock
from wxdesk.desk.sla.terms import Key, Kind
from wxdesk.store import Unit

_RESPONDS = Clock.kind != Kind.RESOLUTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What became of the clocks of a kind, a level and a group that ended within a time.

    Attributes:
        kept: Answered within the target; of resolutions: closed within it.
        late: Answered after it.
        gone: Ended without an answer within the target: nobody's fault, and shown apart.
        gone_late: Ended without an answer after it.
    """

    kind: Kind
    key: Key
    kept: int
    late: int
    gone: int
    gone_late: int

    @property
    def attainment(self) -> float | None:
        """The share of promises that were kept; None where none came due."""
        of = self.kept + self.late + self.gone_late
        return self.kept / of if of else None


async def outcomes(unit: Unit, *, since: datetime, until: datetime) -> Sequence[Outcomes]:
    """What became of clocks that ended from ``since`` on, before ``until``. One statement."""
    served = or_(Clock.kind == Kind.RESOLUTION, Clock.reply_id.is_not(None))
    in_time = Clock.breached_at.is_(None)
    sums = [
        func.sum(case((and_(was_served, was_in_time), 1), else_=0))
        for was_served in (served, ~served)
        for was_in_time in (in_time, ~in_time)
    ]
    query = (
        select(Clock.kind, Clock.level_id, Clock.group_id, *sums)
        .where(Clock.stopped_at >= since, Clock.stopped_at < until)
        .group_by(Clock.kind, Clock.level_id, Clock.group_id)
        .order_by(Clock.kind, Clock.level_id, Clock.group_id)
    )
    return [
        Outcomes(
            kind=row[0],
            key=Key(row[1], row[2]),
            kept=int(row[3]),
            late=int(row[4]),
            gone=int(row[5]),
            gone_late=int(row[6]),
        )
        for row in await unit.session.execute(query)
    ]


async def overdue(unit: Unit, *, now: datetime) -> Mapping[Key, int]:
    """In how many conversations an answer is overdue, by level and group, noticed or not."""
    query = (
        select(Clock.level_id, Clock.group_id, func.count())
        .where(Clock.stopped_at.is_(None), Clock.due_at < now, _RESPONDS)
        .group_by(Clock.level_id, Clock.group_id)
    )
    return {Key(row[0], row[1]): row[2] for row in await unit.session.execute(query)}


async def breached(unit: Unit, *, since: datetime, now: datetime) -> int:
    """How many answers came due since then and were late, those that still are included."""
    noticed = Clock.breached_at >= since
    unnoticed = and_(
        Clock.next_at < now, Clock.due_at >= since, Clock.due_at < now, Clock.breached_at.is_(None)
    )
    query = select(func.count()).where(_RESPONDS, or_(noticed, unnoticed))
    return await unit.session.scalar(query) or 0
