"""The change log that browsers replay: which thing changed, numbered in the order of commits.

An event holds no copy of the thing; whoever replays reads it afresh. Numbers are given as the
last statement of a unit and, on PostgreSQL, under a lock that ends with it: a reader who has
seen number 10 will never meet a later 9 (ADR 3).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.store import Base, Id, Unit
from wxdesk.store.bulk import insert_values


class Event(Base):
    """A thing changed."""

    __tablename__ = "events"
    __table_args__ = {"sqlite_autoincrement": True}  # a number is never given twice

    number: Mapped[Id]
    kind: Mapped[str]
    thing_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(server_default=func.current_timestamp(), index=True)


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it is read."""

    number: int
    kind: str
    thing_id: int


async def write(session: AsyncSession, told: Iterable[tuple[str, int]]) -> None:
    """Number what a unit told; nothing but the commit may follow."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('wxdesk:events'))"))
    await insert_values(
        session,
        cast(Table, Event.__table__),
        [{"kind": kind, "thing_id": thing_id} for kind, thing_id in told],
    )


async def list_after(unit: Unit, number: int, *, limit: int) -> Sequence[Told]:
    """Events after a number, oldest first."""
    rows = await unit.session.execute(
        select(Event.number, Event.kind, Event.thing_id)
        .where(Event.number > number)
        .order_by(Event.number)
        .limit(limit)
    )
    return [Told(*row) for row in rows]


async def bounds(unit: Unit) -> tuple[int, int]:
    """The oldest and the newest number kept; (0, 0) when there is none."""
    row = (await unit.session.execute(select(func.min(Event.number), func.max(Event.number)))).one()
    return row[0] or 0, row[1] or 0


async def forget_before(unit: Unit, moment: datetime) -> None:
    """Forget old events, all but the newest: its number says where the log stands."""
    newest = select(func.max(Event.number)).scalar_subquery()
    await unit.session.execute(
        delete(Event).where(Event.at < moment, Event.number < newest),
        execution_options={"synchronize_session": False},
    )
