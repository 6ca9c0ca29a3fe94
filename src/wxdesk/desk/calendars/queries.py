"""Every SQL statement about calendars."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from wxdesk.desk.calendars.model import KeptCalendar
from wxdesk.errors import NotFound
from wxdesk.store import Unit


async def get(unit: Unit, calendar_id: int) -> KeptCalendar:
    kept = await unit.session.scalar(
        unit.locking(select(KeptCalendar).where(KeptCalendar.id == calendar_id))
    )
    if kept is None:
        raise NotFound(f"there is no calendar {calendar_id}")
    return kept


async def by_ids(unit: Unit, ids: Collection[int]) -> dict[int, KeptCalendar]:
    if not ids:
        return {}
    found = await unit.session.scalars(select(KeptCalendar).where(KeptCalendar.id.in_(ids)))
    return {kept.id: kept for kept in found}


async def list_all(unit: Unit) -> Sequence[KeptCalendar]:
    """Every calendar, oldest first: there are a handful."""
    return (await unit.session.scalars(select(KeptCalendar).order_by(KeptCalendar.id))).all()
