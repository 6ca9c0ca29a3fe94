"""Predictions of waits as they were made, with what became of them, and their statements."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, and_, delete, func, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from wxdesk.desk.conversations import Conversation
from wxdesk.desk.routing.calibrate import Outcome
from wxdesk.desk.routing.decision import Rule
from wxdesk.desk.routing.foretell import Basis, Queued
from wxdesk.desk.routing.model import Assignment, RoutingNote, Wait
from wxdesk.store import Base, Id, Unit
from wxdesk.store.bulk import add_all

MOST_OUTCOMES = 300
LATELY = timedelta(days=28)
_OPEN, _MEASURED = text("ended_at IS NULL"), text("waited IS NOT NULL")


class Ended(StrEnum):
    """How a wait ended."""

    GIVEN = "given"
    ABANDONED = "abandoned"
    CLOSED = "closed"  # by somebody at the desk, before anybody had it


class Foretold(Base):
    """What was said of a wait when it began and nobody took it; at most one open for each.

    Attributes:
        basis: None: there was no number.
        mean: Seconds, uncorrected, as is ``q90``.
        shown: The customer was told.
        ended_at: None: the wait lasts.
        waited: Seconds from ``at`` on.
    """

    __tablename__ = "predictions"
    __table_args__ = (
        Index(
            "ix_predictions_open",
            "conversation_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "ix_predictions_measured",
            "pool",
            "rank",
            "ended_at",
            sqlite_where=_MEASURED,
            postgresql_where=_MEASURED,
        ),
        Index(None, "at"),
    )

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    pool: Mapped[str]
    rank: Mapped[int]
    at: Mapped[datetime]
    basis: Mapped[Basis | None]
    mean: Mapped[float | None]
    q90: Mapped[float | None]
    position: Mapped[int | None]
    shown: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]
    waited: Mapped[float | None]
    outcome: Mapped[Ended | None]

    def end(self, outcome: Ended, at: datetime) -> None:
        self.ended_at, self.outcome = at, outcome
        self.waited = max(0.0, (at - self.at).total_seconds())


_QUEUED = [getattr(Wait, name) for name in Queued._fields]


async def queue_of(
    unit: Unit, group_ids: Collection[int | None], *, limit: int
) -> Sequence[Queued] | None:
    """All who wait in these groups, None: in none, and are offered to nobody; None: too many.

    Cost: two statements; of those who are too many only so many are counted, and none is read.
    """
    known = [each for each in group_ids if each is not None]
    of_none = [Wait.group_id.is_(None)] if None in group_ids else []
    there = and_(Wait.offered_to.is_(None), or_(*of_none, Wait.group_id.in_(known)))
    few = select(Wait.conversation_id).where(there).limit(limit + 1).subquery()
    if (await unit.session.scalar(select(func.count()).select_from(few)) or 0) > limit:
        return None
    return [Queued(*row) for row in await unit.session.execute(select(*_QUEUED).where(there))]


async def insert(unit: Unit, said: Sequence[Foretold]) -> None:
    """Keep what was said; see ``add_all``."""
    await add_all(unit, said)


async def pools_waiting(unit: Unit, *, limit: int) -> Sequence[str]:
    """Those in which most wait."""
    query = select(Wait.pool).group_by(Wait.pool).order_by(func.count().desc(), Wait.pool)
    return (await unit.session.scalars(query.limit(limit))).all()


async def still_open(unit: Unit, conversation_ids: Collection[int]) -> Collection[int]:
    """Those of these conversations of whose wait something was said."""
    query = select(Foretold.conversation_id).where(
        Foretold.conversation_id.in_(conversation_ids), Foretold.ended_at.is_(None)
    )
    return set(await unit.session.scalars(query))


async def over(unit: Unit, *, limit: int) -> Sequence[int]:
    """Predictions whose wait is over, which they do not know yet."""
    query = (
        select(Foretold.id)
        .outerjoin(Wait, Wait.conversation_id == Foretold.conversation_id)
        .where(Foretold.ended_at.is_(None), Wait.conversation_id.is_(None))
        .order_by(Foretold.id)
        .limit(limit)
    )
    return (await unit.session.scalars(query)).all()


async def open_by_ids(unit: Unit, ids: Collection[int]) -> Sequence[Foretold]:
    query = select(Foretold).where(Foretold.id.in_(ids), Foretold.ended_at.is_(None))
    return (await unit.session.scalars(query.order_by(Foretold.id))).all()


class Start(NamedTuple):
    """An agent got a conversation."""

    conversation_id: int
    at: datetime
    rule: Rule


async def starts_of(unit: Unit, conversation_ids: Collection[int]) -> Sequence[Start]:
    """When agents got these, the earliest first."""
    query = (
        select(Assignment.conversation_id, Assignment.accepted_at, Assignment.rule)
        .where(Assignment.conversation_id.in_(conversation_ids))
        .where(Assignment.accepted_at.is_not(None))
        .order_by(Assignment.accepted_at, Assignment.id)
    )
    rows = await unit.session.execute(query)
    return [Start(row[0], row[1], row[2]) for row in rows if row[1]]


async def gave_up(unit: Unit, conversation_ids: Collection[int]) -> Collection[int]:
    """Those whose customers left while they waited."""
    query = select(RoutingNote.conversation_id).where(
        RoutingNote.conversation_id.in_(conversation_ids), RoutingNote.kind == "abandoned"
    )
    return {each for each in await unit.session.scalars(query) if each is not None}


async def closed_at(unit: Unit, conversation_ids: Collection[int]) -> Mapping[int, datetime | None]:
    query = select(Conversation.id, Conversation.closed_at).where(
        Conversation.id.in_(conversation_ids)
    )
    return {row[0]: row[1] for row in await unit.session.execute(query)}


async def outcomes(unit: Unit, pool: str, rank: int, *, now: datetime) -> Sequence[Outcome]:
    """What became of the newest predictions of a level, the oldest first; see ``Outcome``."""
    query = (
        select(Foretold.q90, Foretold.waited)
        .where(Foretold.pool == pool, Foretold.rank == rank, Foretold.ended_at > now - LATELY)
        .where(Foretold.waited.is_not(None), Foretold.basis == Basis.ORDER)
        .where(
            or_(
                Foretold.outcome == Ended.GIVEN,
                (Foretold.outcome == Ended.ABANDONED) & (Foretold.waited > Foretold.q90),
            )
        )
        .order_by(Foretold.ended_at.desc(), Foretold.id.desc())
        .limit(MOST_OUTCOMES)
    )
    rows: Sequence[Any] = (await unit.session.execute(query)).all()
    return [Outcome(row[0], row[1]) for row in reversed(rows)]


async def covered(unit: Unit, since: datetime) -> Mapping[int, tuple[int, int]]:
    """By rank: of how many predictions since then, how many waits were within the q90."""
    within = func.count().filter(Foretold.waited <= Foretold.q90)
    query = (
        select(Foretold.rank, func.count(), within)
        .where(Foretold.ended_at >= since, Foretold.basis == Basis.ORDER)
        .where(Foretold.outcome == Ended.GIVEN)
        .group_by(Foretold.rank)
    )
    return {row[0]: (row[1], row[2]) for row in await unit.session.execute(query)}


async def forget_before(unit: Unit, moment: datetime) -> None:
    await unit.session.execute(
        delete(Foretold).where(Foretold.at < moment),
        execution_options={"synchronize_session": False},
    )
