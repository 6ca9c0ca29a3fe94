"""The change log that browsers replay: which thing changed, numbered in the order of commits.

An event holds no copy of the thing; whoever replays reads it afresh. Numbers are given as the
last statement of a unit and, on PostgreSQL, under a lock that ends with it: a reader who has
seen number 10 will never meet a later 9 (ADR 3).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import Table, delete, func, select, text, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.store import Base, Id, Unit
from wxdesk.store.bulk import insert_values


class Happening(StrEnum):
    """What happened, once each time: an event of its own, which other programs are told of.

    Beside it stands the number of what keeps it: a conversation, a message, or the line in the
    thread that says who did it.
    """

    OPENED = "conversation.opened"  # a conversation
    ASSIGNED = "conversation.assigned"  # a line
    TRANSFERRED = "conversation.transferred"  # a line
    QUEUED = "conversation.queued"  # a line: who had it has it no more, and nobody else yet
    CLOSED = "conversation.closed"  # a line
    SUMMARIZED = "conversation.summarized"  # a conversation
    RECEIVED = "message.received"  # a message
    SENT = "message.sent"
    FAILED = "message.failed"
    UNCERTAIN = "message.uncertain"
    RATED = "rating.given"  # a conversation
    RATED_ANEW = "rating.changed"


class Event(Base):
    """A thing changed, or something happened."""

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
    oldest = select(func.min(Event.number)).scalar_subquery()
    newest = select(func.max(Event.number)).scalar_subquery()
    row = (await unit.session.execute(select(oldest, newest))).one()  # both in one: SQLite scans
    return row[0] or 0, row[1] or 0


async def forget_before(unit: Unit, moment: datetime, *, up_to: int | None = None) -> None:
    """Forget old events, all but the newest: its number says where the log stands.

    Args:
        unit: Of whoever forgets.
        moment: Those before it are old.
        up_to: What comes after this number is kept however old it is: somebody has to read it.
    """
    newest = select(func.max(Event.number)).scalar_subquery()
    read = Event.number <= up_to if up_to is not None else true()
    await unit.session.execute(
        delete(Event).where(Event.at < moment, Event.number < newest, read),
        execution_options={"synchronize_session": False},
    )
