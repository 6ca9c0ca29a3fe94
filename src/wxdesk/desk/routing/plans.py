"""Plans as they are kept: the one in force, the draft, those before."""

from collections.abc import Sequence

from sqlalchemy import select

from wxdesk.desk.routing.model import PlanVersion
from wxdesk.store import Unit


async def published(unit: Unit) -> PlanVersion | None:
    """The plan in force."""
    query = select(PlanVersion).where(PlanVersion.published_at.is_not(None))
    return await unit.session.scalar(
        query.order_by(PlanVersion.published_at.desc(), PlanVersion.id.desc()).limit(1)
    )


async def draft(unit: Unit) -> PlanVersion | None:
    return await unit.session.scalar(
        unit.locking(select(PlanVersion).where(PlanVersion.published_at.is_(None)))
    )


async def versions(unit: Unit, *, limit: int) -> Sequence[PlanVersion]:
    query = select(PlanVersion).where(PlanVersion.published_at.is_not(None))
    return (
        await unit.session.scalars(query.order_by(PlanVersion.published_at.desc()).limit(limit))
    ).all()
